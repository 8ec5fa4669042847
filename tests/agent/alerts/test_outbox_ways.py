"""A receiver with several ways, and ways that refuse: what one does not take holds up no other, and nothing is lost."""

from __future__ import annotations

from pathlib import Path

import pytest

from agent.alerts.handling import Fallback
from agent.alerts.outbox import Outbox
from agent.app.progress import undelivered_seconds
from agent.contract import AlertState, Delivery, Parcel, Rejected
from tests.agent.alerts.handlings import even, make_handling
from tests.agent.alerts.post import DOWN, Desk, Fallible, Inbox, alert, finish, held_up
from tests.harness.clock import settle

REFUSED = Rejected("HTTP 401")


class Chokes(Inbox):
    """Takes everything but what is about one alert."""

    def __init__(self, on: str) -> None:
        super().__init__()
        self.on = on
        self.choked = 0

    async def deliver(self, parcel: Parcel) -> Delivery:
        if any(one.alert.id == self.on for one in parcel.notifications):
            self.choked += 1
            return DOWN
        return await super().deliver(parcel)


def ids(inbox: Inbox) -> list[str]:
    return [note.alert.id for note in inbox.got]


def states(inbox: Inbox) -> list[tuple[str, str]]:
    return [(note.alert.id, note.alert.state.value) for note in inbox.got]


@pytest.mark.parametrize("down", [DOWN, REFUSED])
async def test_a_dead_way_delays_nothing_on_one_that_works_and_gets_it_all_afterwards(
    tmp_path: Path, down: Delivery
) -> None:
    works, dead = Inbox(), Fallible(down)
    desk = Desk(tmp_path, {"on-call": {"1": works, "2": dead}})
    running = desk.start()
    for number in range(12):
        await desk.post(alert(f"a{number}"), "on-call")
        assert ids(works)[-1] == f"a{number}"
        await desk.clock.advance(600)
    await desk.post(alert("a0", AlertState.RESOLVED), "on-call")
    assert states(works)[-1] == ("a0", "resolved")
    assert len(works.got) == 13
    assert "on-call" in desk.store.troubles
    dead.down = None
    await desk.clock.advance(700)
    told = states(dead)
    assert len(told) == len(set(told))
    assert {name for name, _ in told} >= {f"a{number}" for number in range(1, 12)}
    assert desk.open() == []
    assert desk.store.troubles == {}
    assert len(works.got) == 13
    await finish(desk, running)


async def test_what_a_way_missed_comes_in_few_messages(tmp_path: Path) -> None:
    works, dead = Inbox(), Fallible()
    desk = Desk(tmp_path, {"on-call": {"1": works, "2": dead}})
    running = desk.start()
    for number in range(24):
        await desk.post(alert(f"a{number}"), "on-call")
        await desk.clock.advance(1800)
        await desk.post(alert(f"a{number}", AlertState.RESOLVED), "on-call")
        await desk.clock.advance(1800)
    dead.down = None
    await desk.clock.advance(600)
    told = states(dead)
    assert sorted(told) == sorted(states(works))
    for number in range(24):
        assert told.index((f"a{number}", "firing")) < told.index((f"a{number}", "resolved"))
    assert len(works.parcels) == 48
    assert len(dead.parcels) <= 10
    await finish(desk, running)


async def test_a_way_that_hangs_delays_nothing_on_the_other(tmp_path: Path) -> None:
    (hangs, gate), works = held_up(), Inbox()
    desk = Desk(tmp_path, {"on-call": {"1": hangs, "2": works}})
    running = desk.start()
    await desk.post(alert("a1"), "on-call")
    await desk.post(alert("a2"), "on-call")
    assert ids(works) == ["a1", "a2"]
    gate.set()
    await settle()
    assert ids(hangs) == ["a1", "a2"]
    assert desk.open() == []
    await finish(desk, running)


async def test_what_a_receiver_chokes_on_delays_nothing_else(tmp_path: Path) -> None:
    inbox = Chokes("a1")
    desk = Desk(tmp_path, {"on-call": inbox})
    running = desk.start()
    await desk.post(alert("a1"), "on-call")
    await desk.post(alert("a2"), "on-call")
    await desk.clock.advance(120)
    assert ids(inbox) == ["a2"]
    for number in range(3, 9):
        await desk.post(alert(f"a{number}"), "on-call")
        await desk.clock.advance(1)
        assert ids(inbox)[-1] == f"a{number}"
        await desk.clock.advance(400)
    assert inbox.choked > 5
    await finish(desk, running)


async def test_what_is_refused_without_a_fallback_waits_and_is_told_when_it_is_taken_again(tmp_path: Path) -> None:
    inbox = Fallible(REFUSED)
    desk = Desk(tmp_path, {"on-call": inbox})
    running = desk.start()
    await desk.post(alert(), "on-call")
    await desk.clock.advance(3600)
    assert len(inbox.tries) == 13  # each five minutes
    assert desk.store.troubles["on-call"].for_good
    assert undelivered_seconds(desk.store.waiting(), desk.store.heard(), desk.clock.now()) == 3600.0
    inbox.down = None
    await desk.post(alert("a2"), "on-call")
    await desk.clock.advance(1)
    assert ids(inbox) == ["a2", "a1"]  # the first that is taken shows that it works again
    assert undelivered_seconds(desk.store.waiting(), desk.store.heard(), desk.clock.now()) == 0.0
    assert desk.store.troubles == {}
    await finish(desk, running)


async def test_of_what_was_refused_until_it_was_over_the_end_is_not_told_either(tmp_path: Path) -> None:
    inbox = Fallible(REFUSED)
    desk = Desk(tmp_path, {"on-call": inbox})
    running = desk.start()
    await desk.post(alert(), "on-call")
    inbox.down = None
    await desk.post(alert(state=AlertState.RESOLVED), "on-call")
    await desk.clock.advance(3600)
    assert (len(inbox.tries), inbox.got, desk.open()) == (1, [], [])
    (end, beginning) = await desk.store.sent(10)
    assert (beginning.outcome, end.outcome, end.why) == ("failed", "failed", "over before anybody heard of it")
    await finish(desk, running)


async def test_who_was_replaced_by_the_fallback_hears_no_end_also_after_a_restart(tmp_path: Path) -> None:
    handling = make_handling(fallbacks={"boss": Fallback("team", 300.0)})
    boss, team = Fallible(REFUSED), Inbox()
    desk = Desk(tmp_path, {"boss": boss, "team": team}, handling)
    running = desk.start()
    await desk.post(alert("a1"), "boss")
    await desk.post(alert("a2"), "boss")
    boss.down = None
    await desk.clock.advance(10)
    await desk.post(alert("a1", AlertState.RESOLVED), "boss", "team")
    assert (boss.got, states(team)) == ([], [("a1", "firing"), ("a2", "firing"), ("a1", "resolved")])
    await finish(desk, running)
    await desk.store.close()
    later = Desk(tmp_path, {"boss": boss, "team": team}, handling)
    later.alerts = dict(desk.alerts)
    running = later.start()
    await later.clock.advance(10)
    await later.post(alert("a2", AlertState.RESOLVED), "boss", "team")
    assert (boss.got, states(team)[-1]) == ([], ("a2", "resolved"))
    await finish(later, running)


async def test_where_one_way_takes_it_and_one_refuses_somebody_has_heard_and_the_fallback_hears_too(
    tmp_path: Path,
) -> None:
    inboxes = {"boss": {"1": Inbox(), "2": Fallible(REFUSED)}, "team": {"1": Inbox()}}
    desk = Desk(tmp_path, inboxes, make_handling(fallbacks={"boss": Fallback("team", 300.0)}))
    running = desk.start()
    await desk.post(alert(), "boss")
    assert (ids(inboxes["boss"]["1"]), ids(inboxes["team"]["1"])) == (["a1"], ["a1"])
    (_, first) = await desk.store.sent(10)
    assert (first.outcome, first.why, first.taken) == ("delivered", "HTTP 401", ("1",))
    assert set(desk.store.heard()) == {("a1", "boss"), ("a1", "team")}
    await desk.clock.advance(10)
    await desk.post(alert(state=AlertState.RESOLVED), "boss", "team")
    assert states(inboxes["boss"]["1"])[-1] == ("a1", "resolved")
    await finish(desk, running)


@pytest.mark.parametrize("down", [DOWN, REFUSED])
async def test_what_any_way_took_counts_for_the_limit_and_for_what_follows_shortly(
    tmp_path: Path, down: Delivery
) -> None:
    works = Inbox()
    desk = Desk(tmp_path, {"on-call": {"1": works, "2": Fallible(down)}})
    running = desk.start()
    for number in range(40):
        await desk.post(alert(f"a{number}"), "on-call")
        await desk.clock.advance(1)
    assert len(works.parcels) == 10
    await finish(desk, running)
    await desk.store.close()
    again = Inbox()
    later = Desk(tmp_path, {"on-call": {"1": again, "2": Fallible(down)}})
    running = later.start()
    await later.clock.advance(30)
    assert len(again.parcels) <= 1
    await finish(later, running)


@pytest.mark.parametrize("restarted", [False, True])
async def test_a_way_that_has_a_message_does_not_get_it_again_by_a_reload_or_a_restart(
    tmp_path: Path, restarted: bool
) -> None:
    works, dead = Inbox(), Fallible()
    desk = Desk(tmp_path, {"on-call": {"1": works, "2": dead}})
    running = desk.start()
    await desk.post(alert(), "on-call")
    for _ in range(3):
        await finish(desk, running)
        if restarted:
            await desk.store.close()
            desk = Desk(tmp_path, {"on-call": {"1": works, "2": dead}})
        else:
            ways = {"on-call": {"1": works, "2": dead}}
            desk.outbox = Outbox(desk.store, ways, desk.clock, desk.telemetry, make_handling(), even)
        running = desk.start()
        await desk.clock.advance(1)
    assert (len(works.got), len(dead.tries)) == (1, 4)
    assert len({parcel.key for parcel in (*works.parcels, *dead.tries)}) == 1
    await finish(desk, running)


async def test_what_the_last_way_is_taken_out_of_the_configuration_before_it_took_it_is_delivered(
    tmp_path: Path,
) -> None:
    works, dead = Inbox(), Fallible()
    desk = Desk(tmp_path, {"on-call": {"1": works, "2": dead}})
    running = desk.start()
    await desk.post(alert(), "on-call")
    await finish(desk, running)
    desk.outbox = Outbox(desk.store, {"on-call": {"1": works}}, desk.clock, desk.telemetry, make_handling(), even)
    running = desk.start()
    await settle()
    assert (len(works.got), desk.open(), desk.store.troubles) == (1, [], {})
    await finish(desk, running)
