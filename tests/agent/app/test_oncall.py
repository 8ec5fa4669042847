"""Acknowledge and silence with the real desk and the real state store: alone, at once, and while the disk refuses."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from agent.contract import LONGEST_WHY, Refused
from agent.engine import settling
from agent.state.database import Database, StateError
from tests.agent.app.office import HOUR, Office, refusal
from tests.harness.clock import settle


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path, Database.open(tmp_path))


async def test_an_acknowledgement_and_its_audit_survive_a_restart(office: Office) -> None:
    alert = await office.firing()
    until = office.clock.now() + HOUR
    marked = await office.on_call.acknowledge(alert.id, "on-call", until, "bin\ndran")
    assert marked.acknowledged is not None
    assert (marked.acknowledged.by, marked.acknowledged.until) == ("on-call", until)
    again = await office.restart()
    assert again.alert.acknowledged == marked.acknowledged
    (deed,) = await again.on_call.deeds()
    assert (deed.who, deed.what, deed.until, deed.why) == ("on-call", "acknowledge", until, "bin dran")
    assert deed.subject.startswith(alert.id)
    assert office.changes == 1


async def test_it_is_taken_back_once(office: Office) -> None:
    alert = await office.firing()
    await office.on_call.acknowledge(alert.id, "on-call")
    assert (await office.on_call.unacknowledge(alert.id, "it-team")).acknowledged is None
    assert (await refusal(office.on_call.unacknowledge(alert.id, "it-team"))).kind == "conflict"
    assert [deed.what for deed in await office.on_call.deeds()] == ["unacknowledge", "acknowledge"]


@pytest.mark.parametrize(
    ("by", "seconds", "kind"),
    [("on-cal", None, "forbidden"), ("on-call", 0.0, "conflict"), ("on-call", 400 * 86400.0, "conflict")],
)
async def test_only_a_role_acknowledges_and_only_for_a_sensible_time(
    office: Office, by: str, seconds: float | None, kind: str
) -> None:
    alert = await office.firing()
    until = None if seconds is None else office.clock.now() + seconds
    assert (await refusal(office.on_call.acknowledge(alert.id, by, until))).kind == kind
    assert office.alert.acknowledged is None
    assert await office.on_call.deeds() == ()


async def test_a_mistyped_role_is_told_what_was_meant(office: Office) -> None:
    alert = await office.firing()
    assert "did you mean on-call?" in str(await refusal(office.on_call.acknowledge(alert.id, "on-cal")))


async def test_what_people_paste_as_a_reason_can_be_kept(office: Office) -> None:
    alert = await office.firing()
    await office.on_call.acknowledge(alert.id, "on-call", None, "\ud800 \x1b[31m\u202e" + "ä" * 10_000)
    (deed,) = await office.on_call.deeds()
    assert deed.why.isprintable()
    assert len(deed.why.encode()) <= LONGEST_WHY


async def test_two_acknowledgements_at_once_are_done_one_after_the_other(office: Office) -> None:
    alert = await office.firing()
    office.state.gate.clear()
    both = asyncio.gather(
        office.on_call.acknowledge(alert.id, "on-call"), office.on_call.acknowledge(alert.id, "it-team")
    )
    await settle()
    office.state.gate.set()
    await both
    again = await office.restart()
    assert again.alert.acknowledged is not None
    assert again.alert.acknowledged.by == "it-team"
    assert [deed.who for deed in await again.on_call.deeds()] == ["it-team", "on-call"]


async def test_of_two_at_once_that_the_disk_refuses_nothing_is_left(office: Office) -> None:
    alert = await office.firing()
    office.fill()
    both = [office.on_call.acknowledge(alert.id, role) for role in ("on-call", "it-team")]
    found = await asyncio.gather(*both, return_exceptions=True)
    assert [one.kind for one in found if isinstance(one, Refused)] == ["unavailable", "unavailable"]
    assert office.alert.acknowledged is None
    office.empty()
    await office.look()
    again = await office.restart()
    assert again.alert.acknowledged is None
    assert await again.on_call.deeds() == ()


async def test_a_look_amid_an_acknowledgement_loses_neither(office: Office) -> None:
    alert = await office.firing()
    office.state.gate.clear()
    done = asyncio.create_task(office.on_call.acknowledge(alert.id, "on-call"))
    await settle()
    look = asyncio.create_task(office.look(answers=True))
    await settle()
    office.state.gate.set()
    await asyncio.gather(done, look)
    again = await office.restart()
    assert [deed.what for deed in await again.on_call.deeds()] == ["acknowledge"]


async def test_an_acknowledgement_that_waits_behind_a_look_is_written(office: Office) -> None:
    """The look owes, the acknowledgement owes more: what ends first must not forget what it did not write."""
    office.state.gate.clear()
    look = asyncio.create_task(office.look())
    while not office.desk.alerts:
        await settle()
    done = asyncio.create_task(office.on_call.acknowledge(office.alert.id, "on-call"))
    await settle()
    office.state.gate.set()
    await asyncio.gather(look, done)
    again = await office.restart()
    assert again.alert.acknowledged is not None
    assert len(await again.on_call.deeds()) == 1


async def test_what_was_resolved_meanwhile_says_so(office: Office) -> None:
    alert = await office.firing()
    while office.fires:
        await office.look(answers=True)
    error = await refusal(office.on_call.acknowledge(alert.id, "on-call"))
    assert error.kind == "conflict"
    assert "resolved" in str(error)
    assert (await refusal(office.on_call.acknowledge("nonsense", "on-call"))).kind == "unknown"


async def test_a_new_episode_is_not_acknowledged_by_the_old_ones_id(office: Office) -> None:
    old = await office.firing()
    await office.on_call.acknowledge(old.id, "on-call")
    while office.fires:
        await office.look(answers=True)
    while not office.fires:
        await office.clock.advance(HOUR)
        await office.look()
    assert (office.alert.id == old.id) == (office.alert.acknowledged is not None)


async def test_while_the_state_cannot_be_written_nothing_is_done(office: Office) -> None:
    alert = await office.firing()
    office.fill()
    assert (await refusal(office.on_call.acknowledge(alert.id, "on-call"))).kind == "unavailable"
    assert (await refusal(office.on_call.silence(office.silence(site="rathaus")))).kind == "unavailable"
    assert office.alert.acknowledged is None
    assert office.on_call.silences() == ()
    assert office.changes == 0
    office.empty()
    again = await office.restart()
    assert (again.alert.acknowledged, again.on_call.silences()) == (None, ())


async def test_what_was_refused_because_the_disk_hung_is_not_there_after_a_restart(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A commit cannot be taken back: it may write late what was refused meanwhile."""
    alert = await office.firing()
    office.state.gate.clear()
    with monkeypatch.context() as impatient:
        impatient.setattr(settling, "COMMIT_SECONDS", 0.0)
        assert (await refusal(office.on_call.silence(office.silence(site="rathaus")))).kind == "unavailable"
        assert (await refusal(office.on_call.acknowledge(alert.id, "on-call"))).kind == "unavailable"
    office.state.gate.set()
    await settle()
    for _ in range(3):
        await office.look()
    again = await office.restart()
    assert (again.on_call.silences(), again.alert.acknowledged) == ((), None)
    undone, done = await again.on_call.deeds()
    assert (done.what, undone.what, undone.who, undone.subject) == ("silence", "undone", "daemon", done.subject)


async def test_a_silence_that_was_refused_was_never_in_force(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    async def late(*_written: object) -> None:
        office.clock.step(settling.COMMIT_SECONDS)
        raise StateError("no answer")

    with monkeypatch.context() as hanging:
        hanging.setattr(office.state, "commit", late)
        assert (await refusal(office.on_call.silence(office.silence(site="rathaus")))).kind == "unavailable"
    await office.look()
    (kept,) = (await office.restart()).state.silences().values()
    assert kept.until == kept.start


async def test_a_silence_begins_is_kept_and_ends(office: Office) -> None:
    made = await office.on_call.silence(office.silence(site="rathaus"))
    assert made.start == office.clock.now()
    again = await office.restart()
    assert again.on_call.silences() == (made,)
    ended = await again.on_call.unsilence(made.id, "it-team", "fertig")
    assert again.on_call.silences() == ()
    assert ended.until <= again.clock.now()
    assert (await refusal(again.on_call.unsilence(made.id, "it-team"))).kind == "unknown"
    assert [deed.what for deed in await again.on_call.deeds()] == ["unsilence", "silence"]
    assert (await (await again.restart()).on_call.deeds())[0].why == "fertig"


@pytest.mark.parametrize(
    ("match", "reason", "start", "until"),
    [
        ({}, "Umbau", 0.0, None),
        ({"severity": "critical"}, "Umbau", 0.0, None),
        ({"rule": "site_isolated"}, "Umbau", 0.0, None),
        ({"site": "rathaus"}, " \n", 0.0, None),
        ({"site": "rathaus"}, "...", 0.0, None),
        ({"site": "rathaus"}, "Umbau", 0.0, 0.0),
        ({"site": "rathaus"}, "Umbau", 0.0, 2_000_000_000.0),
        ({"site": "rathaus"}, "Umbau", 1_800_010_000.0, 1_800_009_000.0),
    ],
)
async def test_a_silence_of_everything_or_without_end_or_reason_is_refused(
    office: Office, match: dict[str, str], reason: str, start: float, until: float | None
) -> None:
    wanted = office.silence(reason=reason, start=start, until=until, **match)
    assert (await refusal(office.on_call.silence(wanted))).kind == "conflict"
    assert office.on_call.silences() == ()


async def test_a_reload_is_in_the_audit_and_a_full_disk_stops_none(office: Office) -> None:
    await office.on_call.note_reload()
    office.fill()
    await office.on_call.note_reload()
    assert [(deed.who, deed.what) for deed in await office.on_call.deeds()] == [("daemon", "reload")]
