from __future__ import annotations

import asyncio
import errno
import os
import socket
from dataclasses import replace

import pytest
from structlog.testing import capture_logs

from agent.contract import AuthFailed, BadReply, CannotCheck, Harvest, Reason, Unreachable
from agent.engine.runner import close_once, revive_once, run_once
from agent.wire.attempt import attempt
from tests.agent.engine.fakes import EMPTY, FakeCollector, RevivableCollector, harvest, job
from tests.harness.clock import FakeClock


class PanicException(BaseException):
    """As pyo3 raises it: no Exception."""


class Hanging(FakeCollector):
    async def collect(self) -> Harvest:
        await asyncio.Event().wait()
        raise AssertionError

    async def close(self) -> None:
        raise PanicException("close")


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (Unreachable("no answer"), Reason.TIMEOUT),
        (Unreachable("no name", Reason.UNREACHABLE), Reason.UNREACHABLE),
        (AuthFailed("wrong digest"), Reason.AUTH),
        (BadReply("not increasing"), Reason.BAD_REPLY),
        (CannotCheck("kernel forbids ICMP"), Reason.CONFIG),
        (ConnectionRefusedError(errno.ECONNREFUSED, "refused"), Reason.REFUSED),
        (OSError(errno.EHOSTUNREACH, "no route"), Reason.UNREACHABLE),
        (OSError(errno.ENETUNREACH, "no network"), Reason.UNREACHABLE),
        (socket.gaierror(socket.EAI_NONAME, "no name"), Reason.UNREACHABLE),
        (ConnectionResetError(errno.ECONNRESET, "reset"), Reason.BAD_REPLY),
        (TimeoutError(), Reason.TIMEOUT),
        (OSError(errno.EMFILE, os.strerror(errno.EMFILE)), Reason.CONFIG),
        (OSError(errno.EISDIR, "a directory"), Reason.INTERNAL),
        (PanicException("ber/header.rs:96"), Reason.INTERNAL),
        (RecursionError(), Reason.INTERNAL),
        (ExceptionGroup("several", [ValueError()]), Reason.INTERNAL),
        (asyncio.CancelledError(), Reason.INTERNAL),
        (StopAsyncIteration(), Reason.INTERNAL),
    ],
)
async def test_whatever_a_collector_raises_is_a_reading_with_a_reason(error: BaseException, reason: Reason) -> None:
    clock = FakeClock()
    got = await run_once(FakeCollector(clock, error), job(), clock)
    assert (got.ok, got.reason, got.at) == (False, reason, clock.now())


async def test_a_good_poll_is_stamped_with_when_it_began_and_how_long_it_took() -> None:
    clock = FakeClock()
    began = clock.now()
    poll = asyncio.create_task(run_once(FakeCollector(clock, 3.0), job(), clock))
    await clock.advance(3.0)
    got = await poll
    assert (got.ok, got.reason, got.at, got.duration_seconds) == (True, None, began, 3.0)


async def test_the_budget_ends_a_poll_that_hangs() -> None:
    short = replace(job(), target=replace(job().target, budget_seconds=0.0))
    got = await run_once(Hanging(FakeClock()), short, FakeClock())
    assert (got.reason, got.detail) == (Reason.TIMEOUT, "budget of 0 s used up")


async def test_the_budget_is_named_even_if_the_collector_makes_another_error_of_its_cancellation() -> None:
    class Stubborn(Hanging):
        async def collect(self) -> Harvest:
            try:
                return await super().collect()
            except asyncio.CancelledError:
                raise ValueError from None

    short = replace(job(), target=replace(job().target, budget_seconds=0.0))
    got = await run_once(Stubborn(FakeClock()), short, FakeClock())
    assert got.reason is Reason.TIMEOUT


async def test_cancelling_the_poll_comes_through() -> None:
    poll = asyncio.create_task(run_once(Hanging(FakeClock()), job(), FakeClock()))
    await asyncio.sleep(0)
    poll.cancel()
    with pytest.raises(asyncio.CancelledError):
        await poll


@pytest.mark.parametrize("end", [KeyboardInterrupt, SystemExit])
async def test_the_end_of_the_process_comes_through(end: type[BaseException]) -> None:
    async def leave() -> None:
        raise end

    with pytest.raises(end):
        await attempt(leave, 1.0, "x")


async def test_what_a_device_says_in_an_error_is_cleaned() -> None:
    clock = FakeClock()
    got = await run_once(FakeCollector(clock, BadReply("evil\x1b[2J\n" + "x" * 5000)), job(), clock)
    assert got.detail.isprintable()
    assert len(got.detail.encode()) <= 512


async def test_an_unexpected_error_shows_no_text_of_its_own_and_its_traceback_only_to_the_debug_log() -> None:
    clock = FakeClock()
    with capture_logs() as logs:
        got = await run_once(FakeCollector(clock, ValueError("password=geheim")), job(), clock)
    assert got.detail.startswith("ValueError at fakes.py:")
    assert "geheim" not in got.detail
    assert [entry["log_level"] for entry in logs] == ["debug"]


async def test_a_harvest_that_does_not_fit_its_layout_is_a_bad_reply() -> None:
    clock = FakeClock()
    got = await run_once(FakeCollector(clock, Harvest(EMPTY, (1.0,))), job(), clock)
    assert (got.reason, got.detail) == (Reason.BAD_REPLY, "1 values for 0 series")


async def test_revive_says_nothing_when_the_target_answers_and_why_when_it_does_not() -> None:
    clock = FakeClock()
    collector = RevivableCollector(clock, patience=0.0)
    silent = await revive_once(collector, job(), clock)
    assert silent is not None
    assert silent.reason is Reason.TIMEOUT
    collector.alive = True
    assert await revive_once(collector, job(), clock) is None


async def test_a_collector_that_panics_on_close_is_logged() -> None:
    with capture_logs() as logs:
        await close_once(Hanging(FakeClock()), "device:a/snmp")
    assert [(entry["event"], entry["job"]) for entry in logs if entry["log_level"] == "warning"] == [
        ("collector did not close", "device:a/snmp")
    ]


async def test_attempt_returns_what_the_call_returns() -> None:
    async def answer() -> Harvest:
        return harvest(1.0)

    got = await attempt(answer, 1.0, "x")
    assert isinstance(got, Harvest)
