from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from agent import families
from agent.alerts.handling import Fallback
from agent.alerts.routing import message_key
from agent.contract import (
    Delivered,
    Notification,
    Rejected,
    Retry,
)
from agent.state.database import StateError
from tests.agent.alerts.handlings import make_handling
from tests.agent.alerts.post import Desk, Inbox, alert, finish, held_up
from tests.harness.clock import settle
from tests.harness.fakes import in_thread


async def test_new_work_goes_out_at_once(tmp_path: Path) -> None:
    inbox = Inbox()
    desk = Desk(tmp_path, {"on-call": inbox})
    running = desk.start()
    await settle()
    await desk.post(alert(), "on-call")
    assert [note.alert.id for note in inbox.got] == ["a1"]
    assert desk.open() == []
    assert desk.telemetry.outcomes("on-call") == {"delivered": 1}
    assert desk.telemetry.values[families.OUTBOX.name, (("receiver", "on-call"),)] == 0
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
    desk = Desk(tmp_path, {"boss": boss, "team": team}, make_handling(fallbacks={"boss": Fallback("team", 300.0)}))
    running = desk.start()
    await desk.post(alert(), "boss")
    assert [note.receiver for note in team.got] == ["team"]
    assert desk.telemetry.outcomes("boss") == {"rejected": 1}
    assert desk.open() == []
    await finish(desk, running)


async def test_of_two_that_refuse_and_fall_back_on_each_other_the_last_is_tried_on(tmp_path: Path) -> None:
    one, other = Inbox(*[Rejected("no")] * 9), Inbox(*[Rejected("no")] * 9)
    desk = Desk(
        tmp_path,
        {"one": one, "other": other},
        make_handling(fallbacks={"one": Fallback("other", 300.0), "other": Fallback("one", 300.0)}),
    )
    running = desk.start()
    await desk.post(alert(), "one")
    await desk.clock.advance(601)
    assert (len(one.got), len(other.got)) == (1, 3)
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
    assert desk.open() == []
    assert desk.telemetry.outcomes("gone") == {"rejected": 1}
    await finish(desk, running)


async def test_what_could_not_be_recorded_is_not_delivered_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    inbox = Inbox()
    desk = Desk(tmp_path, {"on-call": inbox})
    await desk.post(alert(), "on-call")
    with monkeypatch.context() as full:
        full.setattr(desk.database, "record", fail)
        running = desk.start()
        await settle()
        for _ in range(3):
            desk.outbox.wake()
            await desk.clock.advance(10)
        assert desk.store.unwritten
    await desk.store.commit(desk.alerts)  # as each look does while something is unwritten
    await desk.clock.advance(10)
    assert len(inbox.got) == 1
    assert desk.open() == []
    assert desk.telemetry.outcomes("on-call") == {"delivered": 1}
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


def fail(*_: object, **__: object) -> tuple[Notification, ...]:
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
    assert [one.notification.receiver for one in desk.open()] == ["on-call"]


async def test_cancelled_amid_a_delivery_it_is_delivered_again(tmp_path: Path) -> None:
    inbox, _ = held_up()
    desk = Desk(tmp_path, {"on-call": inbox})
    running = desk.start()
    await desk.post(alert(), "on-call")
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert [one.notification.receiver for one in desk.open()] == ["on-call"]
