"""A receiver that cannot be reached: nothing is lost, someone else is told, and afterwards it is not buried."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from agent import families
from agent.alerts import line
from agent.alerts.handling import Fallback
from agent.contract import AlertState, Delivered, Rejected
from tests.agent.alerts.handlings import make_handling
from tests.agent.alerts.post import DOWN, Desk, Fallible, Inbox, alert, finish, held_up
from tests.harness.clock import settle

DAY = 86400.0


def gauge(desk: Desk, family: object, receiver: str) -> float:
    return desk.telemetry.values[getattr(family, "name", ""), (("receiver", receiver),)]


async def test_after_a_day_without_a_way_everything_comes_in_order_and_few_messages(tmp_path: Path) -> None:
    inbox = Fallible()
    desk = Desk(tmp_path, {"on-call": inbox})
    running = desk.start()
    for hour in range(24):
        await desk.post(alert(f"a{hour}"), "on-call")
        await desk.clock.advance(1800)
        if hour % 2:
            await desk.post(alert(f"a{hour}", AlertState.RESOLVED), "on-call")
        await desk.clock.advance(1800)
    assert len(inbox.tries) < DAY / 240  # at most each five minutes, less the jitter
    assert gauge(desk, families.OUTBOX, "on-call") == 36
    assert gauge(desk, families.OUTBOX_OLDEST, "on-call") >= DAY - 300
    assert gauge(desk, families.RECEIVER_FAILING, "on-call") == 1
    inbox.down = None
    await desk.clock.advance(600)
    told = [(note.alert.id, note.alert.state.value) for note in inbox.got]
    assert len(told) == len(set(told)) == 36
    for hour in range(1, 24, 2):
        assert told.index((f"a{hour}", "firing")) < told.index((f"a{hour}", "resolved"))
    assert len(inbox.parcels) <= 5
    assert "summary" in {parcel.kind for parcel in inbox.parcels}
    assert {parcel.key for parcel in inbox.parcels} >= {parcel.key for parcel in inbox.tries}
    assert desk.open() == []
    assert gauge(desk, families.RECEIVER_FAILING, "on-call") == 0
    assert gauge(desk, families.RECEIVER_SUCCESS, "on-call") > 0
    await finish(desk, running)


async def test_a_try_that_is_repeated_has_the_same_key_also_after_a_restart(tmp_path: Path) -> None:
    first = Inbox(DOWN)
    desk = Desk(tmp_path, {"on-call": first})
    running = desk.start()
    await desk.post(alert("a1"), "on-call")
    await finish(desk, running)
    await desk.store.close()
    second = Inbox()
    later = Desk(tmp_path, {"on-call": second})
    await later.clock.advance(10)
    running = later.start()
    await later.post(alert("a2"), "on-call")
    assert [parcel.key for parcel in first.parcels] == [second.parcels[0].key]
    assert len(second.parcels[0].notifications) == 1
    await finish(later, running)


async def test_who_fails_for_long_has_its_messages_told_to_the_fallback_and_is_tried_on(tmp_path: Path) -> None:
    boss, team = Fallible(), Inbox()
    desk = Desk(tmp_path, {"boss": boss, "team": team}, make_handling(fallbacks={"boss": Fallback("team", 300.0)}))
    running = desk.start()
    await desk.post(alert("a1"), "boss")
    await desk.clock.advance(240)
    assert team.got == []
    await desk.clock.advance(120)
    assert [(note.alert.id, note.instead_of) for note in team.got] == [("a1", "boss")]
    await desk.post(alert("a2"), "boss")
    await desk.clock.advance(1)
    assert [note.alert.id for note in team.got] == ["a1", "a2"]  # it is known not to be reached
    boss.down = None
    await desk.clock.advance(600)
    assert {note.alert.id: note.attempts > 0 for note in boss.got} == {"a1": True, "a2": False}
    assert len(team.got) == 2
    assert desk.store.troubles == {}
    await finish(desk, running)


async def test_the_fallback_of_a_fallback_is_told_when_both_fail(tmp_path: Path) -> None:
    inboxes = {"boss": Fallible(), "team": Fallible(), "sms": Inbox()}
    chain = {"boss": Fallback("team", 300.0), "team": Fallback("sms", 300.0), "sms": Fallback("boss", 300.0)}
    desk = Desk(tmp_path, inboxes, make_handling(fallbacks=chain))
    running = desk.start()
    await desk.post(alert(), "boss")
    await desk.clock.advance(3600)
    assert [(note.receiver, note.instead_of) for note in inboxes["sms"].got] == [("sms", "team")]
    await finish(desk, running)


async def test_a_fallback_that_stands_for_others_means_who_has_duty(tmp_path: Path) -> None:
    inboxes = {"boss": Inbox(Rejected("gone")), "anna": Inbox(), "bert": Inbox()}
    handling = make_handling(
        fallbacks={"boss": Fallback("duty", 300.0)}, whom=lambda name, _: ("bert",) if name == "duty" else (name,)
    )
    desk = Desk(tmp_path, inboxes, handling)
    running = desk.start()
    await desk.post(alert(), "boss")
    assert [len(inboxes[name].got) for name in ("anna", "bert")] == [0, 1]
    assert desk.store.troubles["boss"].for_good
    await finish(desk, running)


async def test_what_is_addressed_to_who_is_gone_goes_to_who_the_routes_name_now(tmp_path: Path) -> None:
    inbox = Inbox()
    desk = Desk(tmp_path, {"team": inbox}, make_handling(redirect=lambda _note, _now: ("team",)))
    running = desk.start()
    await desk.post(alert(), "gone")
    await settle()
    assert [note.receiver for note in inbox.got] == ["team"]
    assert desk.open() == []
    await finish(desk, running)


async def test_a_storm_is_one_summary_and_the_limit_survives_a_restart(tmp_path: Path) -> None:
    inbox = Inbox()
    desk = Desk(tmp_path, {"on-call": inbox})
    running = desk.start()
    for number in range(30):
        await desk.post(alert(f"a{number}"), "on-call")
    assert len(inbox.parcels) == 10
    await finish(desk, running)
    await desk.store.close()
    again = Inbox()
    later = Desk(tmp_path, {"on-call": again})
    running = later.start()
    await later.clock.advance(59)
    assert again.parcels == []
    await later.clock.advance(2)
    assert [(parcel.kind, len(parcel.notifications)) for parcel in again.parcels] == [("summary", 20)]
    await finish(later, running)


async def test_a_delivery_that_hangs_is_the_only_one_and_counts_when_it_ends(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(line, "DELIVERY_BUDGET_SECONDS", 0.0)
    inbox, gate = held_up()
    desk = Desk(tmp_path, {"on-call": inbox})
    running = desk.start()
    await desk.post(alert(), "on-call")
    await desk.clock.advance(30)
    assert desk.store.troubles["on-call"].why.startswith("no answer within")
    assert inbox.parcels == []
    gate.set()
    await desk.clock.advance(60)
    assert len(inbox.parcels) == 1
    assert desk.open() == []
    await finish(desk, running)


async def test_progress_is_seen_while_nothing_waits_and_not_while_a_receiver_loop_hangs(tmp_path: Path) -> None:
    inbox, gate = held_up()
    desk = Desk(tmp_path, {"on-call": inbox})
    running = desk.start()
    await desk.clock.advance(600)
    assert desk.clock.monotonic() - desk.outbox.progressed_at <= 60
    await desk.post(alert(), "on-call")
    await desk.clock.advance(600)
    assert desk.clock.monotonic() - desk.outbox.progressed_at >= 600
    gate.set()
    await settle()
    await finish(desk, running)


async def test_what_waits_costs_no_write_and_nothing_is_written_while_nothing_happens(tmp_path: Path) -> None:
    desk = Desk(tmp_path, {"on-call": Inbox(Delivered(), DOWN)})
    running = desk.start()
    await desk.post(alert("a1"), "on-call")
    await desk.post(replace(alert("a2"), since=1.0), "on-call", after=3600)
    calls: list[object] = []
    real = desk.wire.blocking

    async def counted(pool: str, call: object) -> object:
        calls.append(call)
        return await real(pool, call)  # type: ignore[arg-type]

    desk.wire.blocking = counted  # type: ignore[method-assign, assignment]
    for _ in range(100):
        desk.outbox.wake()
        await desk.clock.advance(5)
    assert calls == []
    running.cancel()
    await asyncio.wait((running,))
