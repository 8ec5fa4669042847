"""The reminder to test the ways to receivers."""

from __future__ import annotations

import pytest

from agent.contract import AlarmTest, Severity
from agent.risk.alarmtests import awaited, judge_alarm_tests, receivers_with_ways, ways_of
from agent.risk.catalogue.norms import ALARM_PATH_TEST_DUE, AlarmTestOptions
from agent.risk.rule import options_of
from agent.risk.rules import RULE_OPTIONS
from config.kinds import Kinds
from config.settings import Settings

NOW = 1_800_000_000.0
DAY = 86400.0


def settings(*names: str, **options: str) -> Settings:
    receivers: dict[str, object] = {name: {"apprise": [{"env": "PATH"}]} for name in names or ("anna", "bert")}
    raw: dict[str, object] = {
        "municipality": {"language": "en"},
        "alerting": {"receivers": receivers, "rules": {ALARM_PATH_TEST_DUE: options}},
    }
    return Settings.model_validate(raw, context=Kinds.of({}, RULE_OPTIONS))


def told(known: dict[str, AlarmTest], now: float = NOW, **options: str) -> list[tuple[str, tuple[str, ...]]]:
    found = list(judge_alarm_tests(known, settings(**options), now))
    assert all(one.severity is Severity.INFO for one in found)
    assert all(str(one.subject) == "daemon:ringwacht" for one in found)
    return [(one.summary, one.evidence) for one in found]


def made(anna: float | None, bert: float | None) -> dict[str, AlarmTest]:
    return {name: AlarmTest(name, 0.0, at) for name, at in (("anna", anna), ("bert", bert))}


def test_who_has_duty_by_calendar_has_no_ways_of_its_own() -> None:
    raw = {
        "anna": {"apprise": [{"env": "PATH"}]},
        "rota": {"duty": {"url": {"env": "PATH"}, "otherwise": ["anna"]}},
    }
    assert receivers_with_ways(Settings.model_validate({"alerting": {"receivers": raw}})) == ("anna",)


def test_a_new_receiver_is_awaited_from_its_first_day_and_reminded_of_two_weeks_later() -> None:
    new = awaited({}, settings("anna"), NOW)
    assert new == (AlarmTest("anna", NOW, None, ways_of(settings("anna"), "anna")),)
    known = {one.receiver: one for one in new}
    assert awaited(known, settings("anna"), NOW + DAY) == ()
    assert list(judge_alarm_tests(known, settings("anna"), NOW + 13 * DAY)) == []
    (found,) = judge_alarm_tests(known, settings("anna"), NOW + 14 * DAY)
    assert found.summary == "Alarm paths to test: anna"
    assert found.evidence == ("anna: never tested (with Ringwacht since 2027-01-15)",)


def test_one_is_reminded_before_the_test_is_due_and_not_once_it_arrived() -> None:
    assert told(made(NOW - 165 * DAY, NOW)) == []
    ((summary, evidence),) = told(made(NOW - 167 * DAY, NOW))
    assert summary == "Alarm paths to test: anna"
    assert evidence == ("anna: a test last arrived on 2026-08-01, the next one by 2027-01-28",)


def test_all_receivers_are_one_finding_the_longest_overdue_first() -> None:
    ((summary, evidence),) = told(made(NOW - 200 * DAY, NOW - 300 * DAY))
    assert summary == "Alarm paths to test: bert and anna"
    assert len(evidence) == 2


def test_how_often_can_be_set() -> None:
    assert told(made(NOW - 40 * DAY, NOW), every="30d")
    assert told(made(NOW - 300 * DAY, NOW), every="400d") == []


def test_nothing_is_said_of_a_receiver_of_which_nothing_is_known_yet() -> None:
    assert told({}) == []


def test_what_a_wrong_clock_put_into_the_future_proves_nothing() -> None:
    ahead = NOW + 3000 * DAY
    ((summary, _),) = told({"anna": AlarmTest("anna", 0.0, ahead), "bert": AlarmTest("bert", ahead)})
    assert summary == "Alarm paths to test: anna and bert"


def test_many_receivers_are_counted() -> None:
    names = [f"r{number:02}" for number in range(30)]
    known = {name: AlarmTest(name, 0.0) for name in names}
    (found,) = judge_alarm_tests(known, settings(*names), NOW)
    assert found.summary == "Alarm paths to test: r00, r01, r02 and 27 more"
    assert len(found.evidence) == 20
    assert found.evidence[-1].endswith("(and 10 more)")


def test_the_defaults_are_half_a_year_and_two_weeks() -> None:
    options = options_of(Settings(), ALARM_PATH_TEST_DUE, AlarmTestOptions)
    assert (options.every, options.before, options.first) == (180 * DAY, 14 * DAY, 14 * DAY)


def test_a_short_time_between_tests_does_not_remind_for_ever() -> None:
    assert told(made(NOW, NOW), every="14d") == told(made(NOW - 6 * DAY, NOW), every="14d") == []
    assert told(made(NOW - 8 * DAY, NOW), every="14d")


def test_the_hash_of_ways_tells_them_apart_and_gives_none_away(monkeypatch: pytest.MonkeyPatch) -> None:
    one = ways_of(settings("anna"), "anna")
    monkeypatch.setenv("PATH", "tgram://geheim")
    other = ways_of(settings("anna"), "anna")
    assert one != other
    assert len(other) == 4
    assert ways_of(settings("anna"), "nobody") == ways_of(settings("anna"), "else")
