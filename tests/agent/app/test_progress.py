"""What makes no progress is named: a daemon that hangs must not look alive."""

from __future__ import annotations

import asyncio

import pytest

from agent.app.progress import Progress, stuck, undelivered_seconds
from agent.contract import Alert, AlertState, Finding, Notification, Sent, Severity, Subject
from agent.engine.scheduler import Scheduler
from agent.engine.store import Store
from tests.agent.engine.fakes import FakeCollector, job
from tests.harness.clock import FakeClock
from tests.harness.fakes import FakeTelemetry

NOW = 1_800_000_000.0


@pytest.mark.parametrize(
    ("progress", "named"),
    [
        (Progress(0.0, 0.0), ()),
        (Progress(60.0, 60.0, 300.0, 600.0), ()),
        (Progress(61.0, 0.0), ("scheduler",)),
        (Progress(0.0, 61.0, 301.0), ("judgement", "outbox")),
        (Progress(0.0, 0.0, 0.0, 601.0), ("undelivered",)),
    ],
)
def test_what_takes_too_long_is_named(progress: Progress, named: tuple[str, ...]) -> None:
    assert tuple(stuck(progress)) == named


def scheduler(clock: FakeClock, *, slots: int = 1) -> Scheduler:
    """Two jobs, the second due after a second; the first one's poll takes 100 s."""
    store = Store()
    made = Scheduler(clock, lambda reading: store.record(reading, clock.monotonic()), FakeTelemetry(), main=slots)
    for name, phase, took in (("a", 0.0, 100.0), ("b", 5.0, 0.0)):
        one = job(name, interval=300, phase=phase)
        store.add(one)
        made.add(one, FakeCollector(clock, took))
    return made


async def test_a_scheduler_that_hangs_falls_behind() -> None:
    clock = FakeClock()
    made = scheduler(clock)
    assert made.behind_seconds() == 0.0
    await clock.advance(93.0)
    assert tuple(stuck(Progress(made.behind_seconds(), 0.0))) == ("scheduler",)


async def test_a_scheduler_that_starts_what_is_due_does_not() -> None:
    clock = FakeClock()
    made = scheduler(clock, slots=2)
    running = asyncio.create_task(made.run())
    await clock.advance(93.0)
    assert made.behind_seconds() == 0.0
    running.cancel()
    await made.close()


async def test_a_poll_that_finds_no_slot_is_behind_as_well() -> None:
    clock = FakeClock()
    made = scheduler(clock)
    running = asyncio.create_task(made.run())
    await clock.advance(93.0)
    assert made.behind_seconds() == 92.0
    running.cancel()
    await made.close()


def test_a_scheduler_without_jobs_is_never_behind() -> None:
    assert Scheduler(FakeClock(), lambda _: pytest.fail("no reading"), FakeTelemetry()).behind_seconds() == 0.0


def waits(
    receiver: str, age: float, *, severity: Severity = Severity.CRITICAL, state: AlertState = AlertState.FIRING
) -> Sent:
    finding = Finding("leak", Subject("room", "serverraum"), severity, "Leck")
    alert = Alert("a1", finding, state, NOW - age, NOW - age)
    return Sent(Notification(f"a1:{receiver}", receiver, alert, NOW - age, NOW - age), None, NOW)


def test_what_nobody_has_heard_of_is_counted_from_when_it_might_have_gone() -> None:
    assert undelivered_seconds([waits("it", 100.0), waits("on-call", 700.0)], [], NOW) == 700.0


def test_what_one_receiver_was_told_and_refused_is_not_told() -> None:
    assert undelivered_seconds([waits("on-call", 700.0)], [("a2", "it")], NOW) == 700.0


def test_what_one_receiver_has_taken_is_told() -> None:
    assert undelivered_seconds([waits("on-call", 700.0)], [("a1", "it")], NOW) == 0.0


@pytest.mark.parametrize(
    "one", [waits("it", 700.0, severity=Severity.WARNING), waits("it", 700.0, state=AlertState.RESOLVED)]
)
def test_what_is_not_urgent_or_over_is_no_reason_to_call_for_help(one: Sent) -> None:
    assert undelivered_seconds([one], [], NOW) == 0.0
