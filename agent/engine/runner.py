"""Runs one poll and turns whatever happens into a reading. The only place with a broad ``except``.

gufo-snmp's Rust core can raise ``PanicException``, a BaseException, on a two-byte datagram (facts F18): so everything
is caught here except cancellation and the end of the process.
"""

from __future__ import annotations

import asyncio
import errno
import socket
import traceback
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import PurePath
from typing import TypeVar

import structlog
from structlog.typing import FilteringBoundLogger

from agent.contract import BadReply, Clock, CollectError, Collector, Harvest, Job, Layout, Reading, Reason, Revivable
from agent.layout import clean_text

T = TypeVar("T")

CLOSE_SECONDS = 0.4
DETAIL_BYTES = 512
_UNREACHABLE = {errno.EHOSTUNREACH, errno.ENETUNREACH, errno.EHOSTDOWN, errno.ENETDOWN, errno.EADDRNOTAVAIL}
_BROKEN_OFF = {errno.ECONNRESET, errno.ECONNABORTED, errno.EPIPE}
# Our own shortage or a local packet filter: says nothing about the target.
_OURS = {errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM, errno.EACCES, errno.EPERM}

_log: FilteringBoundLogger = structlog.get_logger("engine")


@dataclass(frozen=True, slots=True)
class Failure:
    """Why something did not come to its end; ``detail`` is clean."""

    reason: Reason
    detail: str


async def run_once(collector: Collector, job: Job, clock: Clock) -> Reading:
    """Poll once within the job's budget. Never raises, but for cancellation and the end of the process.

    The reading's ``at`` is the wall clock as the poll began, as Prometheus stamps a scrape.
    """
    return await _read(lambda: _collect(collector), job, clock)


async def revive_once(collector: Revivable, job: Job, clock: Clock) -> Reading | None:
    """Exchange one packet with a silent target: None when it answered, else the failed reading."""
    reading = await _read(lambda: _revive(collector), job, clock)
    return None if reading.ok else reading


async def close_once(collector: Collector, name: str) -> None:
    """Close a collector; what goes wrong is logged and forgotten."""
    failure = await attempt(collector.close, CLOSE_SECONDS, name)
    if isinstance(failure, Failure):
        _log.warning("collector did not close", job=name, reason=failure.reason.value, detail=failure.detail)


async def attempt(call: Callable[[], Awaitable[T]], budget_seconds: float, name: str) -> T | Failure:
    """Await the call within the budget; whatever it raises becomes a ``Failure``.

    Only cancellation of the calling task and the end of the process come through.
    """
    budget = asyncio.timeout(budget_seconds)
    try:
        async with budget:
            return await call()
    except (KeyboardInterrupt, SystemExit, GeneratorExit):
        raise
    except asyncio.CancelledError as error:
        task = asyncio.current_task()
        if task is None or task.cancelling():
            raise
        return _unexpected(error, name)  # the collector's own affair: nobody cancelled the poll
    except BaseException as error:  # noqa: BLE001 - one device's failure, a Rust panic too, is data and stops no other
        if budget.expired():
            return Failure(Reason.TIMEOUT, f"budget of {budget_seconds:g} s used up")
        return _explain(error, name)


async def _read(call: Callable[[], Awaitable[Harvest]], job: Job, clock: Clock) -> Reading:
    at, started = clock.now(), clock.monotonic()
    result = await attempt(call, job.target.budget_seconds, str(job.key))
    duration = clock.monotonic() - started
    if isinstance(result, Failure):
        return Reading(job.key, job.target, at, duration, None, result.reason, result.detail)
    return Reading(job.key, job.target, at, duration, result)


async def _collect(collector: Collector) -> Harvest:
    harvest = await collector.collect()
    if len(harvest.values) != harvest.layout.size:
        raise BadReply(f"{len(harvest.values)} values for {harvest.layout.size} series")
    return harvest


async def _revive(collector: Revivable) -> Harvest:
    await collector.revive()
    return Harvest(Layout(), ())


def _explain(error: BaseException, name: str) -> Failure:
    if isinstance(error, CollectError):
        return Failure(error.reason, clean_text(error.detail, DETAIL_BYTES))
    if isinstance(error, OSError) and (reason := _reason(error)) is not None:
        return Failure(reason, clean_text(error.strerror or str(error), DETAIL_BYTES))
    return _unexpected(error, name)


def _reason(error: OSError) -> Reason | None:
    if isinstance(error, TimeoutError):
        return Reason.TIMEOUT
    if isinstance(error, socket.gaierror) or error.errno in _UNREACHABLE:
        return Reason.UNREACHABLE
    if error.errno == errno.ECONNREFUSED:
        return Reason.REFUSED
    if error.errno in _BROKEN_OFF:
        return Reason.BAD_REPLY
    return Reason.CONFIG if error.errno in _OURS else None


def _unexpected(error: BaseException, name: str) -> Failure:
    """Name the error and its place only: its text may quote a secret or a device."""
    place = ""
    for frame, line in traceback.walk_tb(error.__traceback__):  # reads no source file: we are on the loop
        place = f" at {PurePath(frame.f_code.co_filename).name}:{line}"
    _log.debug("unexpected error", job=name, exc_info=error)
    return Failure(Reason.INTERNAL, clean_text(f"{type(error).__name__}{place}"))
