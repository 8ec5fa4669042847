from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path

import pytest

from agent import families
from agent.alerts.outbox import Outbox, pause_after
from agent.alerts.routing import message_key
from agent.contract import (
    Alert,
    AlertState,
    Delivered,
    Delivery,
    Finding,
    FindingKey,
    Notification,
    Rejected,
    Retry,
    Severity,
    Subject,
)
from agent.state.database import Database, StateError
from agent.state.store import StateStore
from tests.harness.clock import FakeClock, settle
from tests.harness.fakes import FakeTelemetry, FakeWire, in_thread


class Inbox:
    """A receiver that answers as told, or as a script says; keeps what came."""

    def __init__(self, *script: Delivery) -> None:
        self.script = list(script)
        self.got: list[Notification] = []
        self.before: Callable[[], Awaitable[None]] | None = None

    async def deliver(self, notification: Notification) -> Delivery:
        if self.before is not None:
            await self.before()
        self.got.append(notification)
        return self.script.pop(0) if self.script else Delivered()


def held_up() -> tuple[Inbox, asyncio.Event]:
    """A receiver that accepts once the event is set."""
    inbox, gate = Inbox(), asyncio.Event()

    async def wait_at_gate() -> None:
        await gate.wait()

    inbox.before = wait_at_gate
    return inbox, gate


def alert(name: str = "a1", state: AlertState = AlertState.FIRING) -> Alert:
    found = Finding("link_down", Subject("link", name), Severity.CRITICAL, "summary")
    return Alert(name, found, state, 0.0, 0.0)


class Desk:
    def __init__(
        self, tmp_path: Path, inboxes: Mapping[str, Inbox], fallbacks: Mapping[str, str] | None = None
    ) -> None:
        self.clock = FakeClock()
        self.wire = FakeWire(at_once=True)
        self.database = in_thread(lambda: Database.open(tmp_path))
        self.store = StateStore(self.database, self.wire)
        self.telemetry = FakeTelemetry()
        self.outbox = Outbox(self.store, inboxes, self.clock, self.telemetry, fallbacks or {})
        self.alerts: dict[FindingKey, Alert] = {}

    async def post(self, one: Alert, *receivers: str, after: float = 0.0) -> None:
        now = self.clock.now()
        self.alerts[one.finding.key] = one
        notes = [Notification(message_key(one, to), to, one, now, now + after) for to in receivers]
        await self.store.commit(self.alerts, (), notes)
        self.outbox.wake()
        await settle()

    def start(self) -> asyncio.Task[None]:
        return asyncio.create_task(self.outbox.run())


async def finish(desk: Desk, running: asyncio.Task[None]) -> None:
    desk.outbox.stop()
    await running


async def test_new_work_goes_out_at_once(tmp_path: Path) -> None:
    inbox = Inbox()
    desk = Desk(tmp_path, {"on-call": inbox})
    running = desk.start()
    await settle()
    await desk.post(alert(), "on-call")
    assert [note.alert.id for note in inbox.got] == ["a1"]
    assert in_thread(desk.database.unfinished) == ()
    assert desk.telemetry.outcomes("on-call") == {"delivered": 1}
    assert desk.telemetry.values[families.OUTBOX.name, ()] == 0
    await finish(desk, running)


async def test_what_was_left_undelivered_goes_out_after_restart(tmp_path: Path) -> None:
    before = Desk(tmp_path, {})
    await before.post(alert(), "on-call")
    in_thread(before.database.close)
    inbox = Inbox()
    desk = Desk(tmp_path, {"on-call": inbox})
    running = desk.start()
    await settle()
    assert [note.key for note in inbox.got] == [message_key(alert(), "on-call")]
    await finish(desk, running)


async def test_retries_back_off_and_honour_what_the_receiver_asks(tmp_path: Path) -> None:
    inbox = Inbox(Retry(0, "503"), Retry(100, "429"), Delivered())
    desk = Desk(tmp_path, {"on-call": inbox})
    running = desk.start()
    await desk.post(alert(), "on-call")
    assert len(inbox.got) == 1
    await desk.clock.advance(4)
    assert len(inbox.got) == 1
    await desk.clock.advance(2)
    assert len(inbox.got) == 2
    await desk.clock.advance(98)
    assert len(inbox.got) == 2
    await desk.clock.advance(3)
    assert [note.attempts for note in inbox.got] == [0, 1, 2]
    assert desk.telemetry.outcomes("on-call") == {"retry": 2, "delivered": 1}
    await finish(desk, running)


def test_pauses_double_up_to_a_cap() -> None:
    assert [pause_after(attempts, 0) for attempts in (0, 1, 2, 6, 1000)] == [5, 10, 20, 300, 300]
    assert pause_after(0, 60) == 60
    assert pause_after(0, 10**9) == 3600


async def test_a_slow_receiver_does_not_hold_up_another(tmp_path: Path) -> None:
    stuck, gate = held_up()
    quick = Inbox()
    desk = Desk(tmp_path, {"slow": stuck, "quick": quick})
    running = desk.start()
    await desk.post(alert("a1"), "slow", "quick")
    await desk.post(alert("a2"), "slow", "quick")
    assert [note.alert.id for note in quick.got] == ["a1", "a2"]
    assert stuck.got == []
    gate.set()
    await settle()
    assert [note.alert.id for note in stuck.got] == ["a1", "a2"]
    await finish(desk, running)


async def test_refused_for_good_goes_to_the_fallback(tmp_path: Path) -> None:
    boss, team = Inbox(Rejected("no such number")), Inbox()
    desk = Desk(tmp_path, {"boss": boss, "team": team}, {"boss": "team"})
    running = desk.start()
    await desk.post(alert(), "boss")
    assert [note.receiver for note in team.got] == ["team"]
    assert desk.telemetry.outcomes("boss") == {"rejected": 1}
    assert in_thread(desk.database.unfinished) == ()
    await finish(desk, running)


async def test_two_that_refuse_and_fall_back_on_each_other_come_to_an_end(tmp_path: Path) -> None:
    one, other = Inbox(*[Rejected("no")] * 9), Inbox(*[Rejected("no")] * 9)
    desk = Desk(tmp_path, {"one": one, "other": other}, {"one": "other", "other": "one"})
    running = desk.start()
    await desk.post(alert(), "one")
    await desk.clock.advance(600)
    assert (len(one.got), len(other.got)) == (1, 1)
    await finish(desk, running)


async def test_not_before_is_waited_for(tmp_path: Path) -> None:
    inbox = Inbox()
    desk = Desk(tmp_path, {"on-call": inbox})
    running = desk.start()
    await desk.post(alert(), "on-call", after=3600)
    await desk.clock.advance(3599)
    assert inbox.got == []
    await desk.clock.advance(2)
    assert len(inbox.got) == 1
    await finish(desk, running)


async def test_a_receiver_that_is_no_longer_configured_is_recorded(tmp_path: Path) -> None:
    desk = Desk(tmp_path, {"on-call": Inbox()})
    running = desk.start()
    await desk.post(alert(), "gone")
    assert in_thread(desk.database.unfinished) == ()
    assert desk.telemetry.outcomes("gone") == {"rejected": 1}
    await finish(desk, running)


async def test_a_broken_store_is_tried_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    inbox = Inbox()
    desk = Desk(tmp_path, {"on-call": inbox})
    await desk.post(alert(), "on-call")
    with monkeypatch.context() as broken:
        broken.setattr(desk.database, "pending", fail)
        running = desk.start()
        await settle()
        assert inbox.got == []
        assert not running.done()
    await desk.clock.advance(10)
    assert len(inbox.got) == 1
    await finish(desk, running)


async def test_what_could_not_be_recorded_is_not_delivered_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    inbox = Inbox()
    desk = Desk(tmp_path, {"on-call": inbox})
    await desk.post(alert(), "on-call")
    with monkeypatch.context() as full:
        full.setattr(desk.database, "mark_delivered", fail)
        running = desk.start()
        await settle()
        for _ in range(3):
            desk.outbox.wake()
            await desk.clock.advance(10)
    await desk.store.commit(desk.alerts)  # as each look does while something is unwritten
    await desk.clock.advance(10)
    assert len(inbox.got) == 1
    assert in_thread(desk.database.unfinished) == ()
    assert desk.telemetry.outcomes("on-call") == {"delivered": 1}
    await finish(desk, running)


async def test_a_broken_store_is_left_alone_for_a_while_whoever_wakes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = Desk(tmp_path, {"on-call": Inbox()})
    tries: list[object] = []

    def refuse(*args: object) -> tuple[Notification, ...]:
        tries.append(args)
        return fail()

    monkeypatch.setattr(desk.database, "pending", refuse)
    running = desk.start()
    await settle()
    for _ in range(5):
        desk.outbox.wake()
        await settle()
    assert len(tries) == 1
    await desk.clock.advance(10)
    assert len(tries) == 2
    await finish(desk, running)


async def test_a_delivery_that_raises_is_tried_again(tmp_path: Path) -> None:
    inbox = Inbox()

    async def burst() -> None:
        inbox.before = None
        raise ZeroDivisionError

    inbox.before = burst
    desk = Desk(tmp_path, {"on-call": inbox})
    running = desk.start()
    await desk.post(alert(), "on-call")
    assert inbox.got == []
    assert not running.done()
    await desk.clock.advance(5)
    assert [note.attempts for note in inbox.got] == [1]
    await finish(desk, running)


def fail(*_: object) -> tuple[Notification, ...]:
    raise StateError("disk I/O error")


async def test_stop_lets_the_delivery_under_way_end(tmp_path: Path) -> None:
    inbox, gate = held_up()
    desk = Desk(tmp_path, {"on-call": inbox})
    running = desk.start()
    await desk.post(alert("a1"), "on-call")
    await desk.post(alert("a2"), "on-call")
    desk.outbox.stop()
    await settle()
    assert not running.done()
    gate.set()
    await running
    assert [note.alert.id for note in inbox.got] == ["a1"]
    assert [to for _, _, to in in_thread(desk.database.unfinished)] == ["on-call"]


async def test_cancelled_amid_a_delivery_it_is_delivered_again(tmp_path: Path) -> None:
    inbox, _ = held_up()
    desk = Desk(tmp_path, {"on-call": inbox})
    running = desk.start()
    await desk.post(alert(), "on-call")
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert [to for _, _, to in in_thread(desk.database.unfinished)] == ["on-call"]
