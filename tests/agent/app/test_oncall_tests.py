"""A test of the ways to a receiver is noted, and remembered over restarts and for longer than the audit."""

from __future__ import annotations

from pathlib import Path

import pytest

from agent.contract import AlarmTest, Delivered, Rejected
from agent.risk.alarmtests import ways_of
from agent.state.database import Database
from config.settings import Settings
from tests.agent.app.office import SETTINGS, Office, refusal
from tests.harness.fakes import in_thread

DAY = 86400.0
WAYS = ways_of(SETTINGS, "on-call")


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path, in_thread(lambda: Database.open(tmp_path)))


async def test_a_test_that_arrives_is_in_the_audit_and_no_longer_due(office: Office) -> None:
    await office.look()
    await office.clock.advance(20 * DAY)
    await office.look()
    assert "alarm_path_test_due" in [one.finding.rule for one in office.desk.alerts]
    office.outcomes = [Delivered(), Delivered()]
    assert [one.word for one in await office.on_call.test("on-call", "it-team")] == ["delivered", "delivered"]
    (deed, *_) = await office.on_call.deeds()
    assert (deed.who, deed.what, deed.subject) == ("it-team", "test", "receiver:on-call")
    assert deed.why == "URL 1 of on-call: delivered; URL 2 of on-call: delivered"
    assert office.on_call.tests()["on-call"].delivered_at == office.clock.now()
    assert office.changes == 1
    await office.on_call.test("it-team", "it-team")
    await office.look()
    assert "alarm_path_test_due" not in [one.finding.rule for one in office.desk.alerts]


async def test_a_test_that_one_way_refuses_is_noted_and_stays_due(office: Office) -> None:
    await office.look()
    office.outcomes = [Delivered(), Rejected("URL 2 of on-call refused the message: HTTP 401")]
    assert [one.word for one in await office.on_call.test("on-call", "it-team")] == ["delivered", "refused"]
    (deed, *_) = await office.on_call.deeds()
    assert deed.why == "URL 1 of on-call: delivered; URL 2 of on-call refused the message: HTTP 401"
    assert office.on_call.tests()["on-call"].delivered_at is None


async def test_it_is_remembered_over_restarts_and_longer_than_the_audit(office: Office) -> None:
    await office.look()
    began = office.clock.now()
    await office.on_call.test("on-call", "it-team")
    tested = office.clock.now()
    await office.clock.advance(500 * DAY)
    await office.state.prune(office.clock.now())
    again = await office.restart()
    assert await again.on_call.deeds() == ()
    assert again.on_call.tests() == {
        "on-call": AlarmTest("on-call", began, tested, WAYS),
        "it-team": AlarmTest("it-team", began, None, WAYS),
    }
    await again.look()
    assert again.on_call.tests()["it-team"].awaited_since == began
    (due,) = (one for one in again.desk.alerts if one.finding.rule == "alarm_path_test_due")
    assert due.finding.summary == "Meldewege prüfen: it-team und on-call"


async def test_an_unknown_receiver_is_refused(office: Office) -> None:
    refused = await refusal(office.on_call.test("onn-call", "it-team"))
    assert (refused.kind, str(refused)) == ("unknown", "'onn-call' is no receiver (did you mean on-call?)")


async def test_a_test_that_cannot_be_noted_is_said_to_have_been_sent(office: Office) -> None:
    await office.look()
    office.fill()
    refused = await refusal(office.on_call.test("on-call", "it-team"))
    assert refused.kind == "unavailable"
    assert str(refused).startswith("sent, and not noted in the audit: URL 1 of on-call: delivered; ")
    office.empty()


async def test_a_receiver_is_sent_one_test_a_minute_and_only_a_role_may_ask(office: Office) -> None:
    await office.look()
    refused = await refusal(office.on_call.test("on-call", "anna.meier"))
    assert refused.kind == "forbidden"
    await office.on_call.test("on-call", "it-team")
    await office.clock.advance(20)
    again = await refusal(office.on_call.test("on-call", "it-team"))
    assert (again.kind, again.seconds) == ("too_soon", 40.0)
    assert str(again) == "on-call was sent a test less than 60 s ago: again in 40 s"
    await office.on_call.test("it-team", "it-team")  # another receiver
    await office.clock.advance(40)
    await office.on_call.test("on-call", "it-team")
    assert len(await office.on_call.deeds()) == 3


async def test_other_ways_are_untested_and_a_receiver_that_comes_back_is_new(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    await office.look()
    await office.on_call.test("on-call", "it-team")
    began = office.on_call.tests()["it-team"].awaited_since
    monkeypatch.setenv("RINGWACHT_WAY", "mailto://elsewhere")
    changed = {"on-call": {"apprise": [{"env": "RINGWACHT_WAY"}]}}
    office.settings = Settings.model_validate({"alerting": {"receivers": changed}})
    for _ in range(2):
        await office.look()
    known = office.on_call.tests()
    assert (known["on-call"].delivered_at, known["on-call"].awaited_since > began) == (None, True)
    assert (known["it-team"].ways, "elsewhere" in known["on-call"].ways) == ("", False)
    office.settings = SETTINGS
    for _ in range(2):
        await office.look()
    assert office.on_call.tests()["it-team"].awaited_since > began


async def test_other_ways_are_noted_once_while_nothing_can_be_written(office: Office) -> None:
    await office.look()
    changed = {"on-call": {"apprise": [{"env": "HOME"}]}}
    office.settings = Settings.model_validate({"alerting": {"receivers": changed}})
    office.run("CREATE TRIGGER full BEFORE UPDATE ON alarm_tests BEGIN SELECT RAISE(ABORT, 'disk full'); END")
    for _ in range(5):
        await office.look()
    office.run("DROP TRIGGER full")
    await office.clock.advance(60)
    await office.look()
    assert office.on_call.tests()["on-call"].ways == ways_of(office.settings, "on-call")
