"""The wall clock steps, and what was told before a restart: no pause is longer for it, and nothing comes twice."""

from __future__ import annotations

from pathlib import Path

import pytest

from agent.alerts.handling import Fallback
from agent.contract import AlertState, Notification, Sent
from agent.state.database import Database
from tests.agent.alerts.handlings import make_handling
from tests.agent.alerts.post import Desk, Fallible, Inbox, alert, finish

TEAM = make_handling(fallbacks={"boss": Fallback("team", 300.0)})


@pytest.mark.parametrize("seconds", [-3600.0, -1800.0, 1800.0])
async def test_a_clock_that_steps_delays_nothing_that_failed(tmp_path: Path, seconds: float) -> None:
    inbox = Fallible()
    desk = Desk(tmp_path, {"boss": inbox})
    running = desk.start()
    await desk.post(alert(), "boss")
    await desk.clock.advance(7)
    assert len(inbox.tries) == 2
    inbox.down = None
    desk.clock.step(seconds)
    await desk.clock.advance(10)
    assert len(inbox.got) == 1
    await finish(desk, running)


@pytest.mark.parametrize("seconds", [-3600.0, 3600.0])
async def test_the_fallback_is_told_when_it_was_to_be_whatever_the_clock_does(tmp_path: Path, seconds: float) -> None:
    team = Inbox()
    desk = Desk(tmp_path, {"boss": Fallible(), "team": team}, TEAM)
    running = desk.start()
    await desk.post(alert(), "boss")
    await desk.clock.advance(60)
    desk.clock.step(seconds)
    await desk.clock.advance(200)
    assert team.got == []
    await desk.clock.advance(120)
    assert len(team.got) == 1
    await finish(desk, running)


async def test_what_the_fallback_heard_before_a_restart_it_does_not_hear_again(tmp_path: Path) -> None:
    team = Inbox()
    for _ in range(3):
        desk = Desk(tmp_path, {"boss": Fallible(), "team": team}, TEAM)
        running = desk.start()
        await desk.post(alert(), "boss")
        await desk.clock.advance(900)
        await finish(desk, running)
        await desk.store.close()
    assert [note.instead_of for note in team.got] == ["boss"]


async def test_a_storm_for_the_fallback_is_one_write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    team = Inbox()
    desk = Desk(tmp_path, {"boss": Fallible(), "team": team}, TEAM)
    added: list[int] = []
    record = Database.record

    def counted(self: Database, entries: tuple[Sent, ...], more: tuple[Notification, ...]) -> tuple[Notification, ...]:
        added.append(len(more))
        return record(self, entries, more)

    monkeypatch.setattr(Database, "record", counted)
    running = desk.start()
    for number in range(40):
        await desk.post(alert(f"a{number}"), "boss")
    await desk.clock.advance(400)
    assert [number for number in added if number] == [40]
    assert len(team.got) == 40
    await finish(desk, running)


async def test_who_takes_the_place_of_one_who_is_gone_hears_of_no_end_without_a_beginning(tmp_path: Path) -> None:
    inbox = Inbox()
    desk = Desk(tmp_path, {"team": inbox}, make_handling(redirect=lambda _note, _now: ("team",)))
    await desk.post(alert("a1", AlertState.RESOLVED), "gone")
    await desk.post(alert("a2"), "gone")
    await desk.post(alert("a2", AlertState.RESOLVED), "gone")
    running = desk.start()
    await desk.clock.advance(60)
    assert [(one.alert.id, one.alert.state.value) for one in inbox.got] == [("a2", "firing"), ("a2", "resolved")]
    assert desk.open() == []
    await finish(desk, running)
