"""Runs one poll and turns whatever happens into a reading."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import structlog
from structlog.typing import FilteringBoundLogger

from agent.contract import BadReply, Clock, Collector, Harvest, Job, Layout, Reading, Revivable
from agent.wire.attempt import Failure, attempt

CLOSE_SECONDS = 0.4

_log: FilteringBoundLogger = structlog.get_logger("engine")


async def run_once(collector: Collector, job: Job, clock: Clock) -> Reading:
    """Poll once within the job's budget. Never raises, but for cancellation and the end of the process.

    The reading's ``at`` is the wall clock as the poll began, as Prometheus stamps a scrape.
    """
    return await _read(lambda: _collect(collector), job, clock)


async def revive_once(collector: Revivable, job: Job, clock: Clock) -> Reading | None:
    """Exchange one packet with a silent target: None when it answered, else the failed reading."""
    reading = await _read(lambda: _revive(collector), job, clock)
    return None if reading.ok else reading


def patience(job: Job) -> float:
    """Return how long closing may take: a target that is said farewell may have to answer its poll first."""
    farewell = job.longest_farewell_seconds
    return job.target.budget_seconds + farewell if farewell > 0 else CLOSE_SECONDS


async def close_once(collector: Collector, name: str, seconds: float = CLOSE_SECONDS) -> None:
    """Close a collector within so many seconds; what goes wrong is logged and forgotten."""
    failure = await attempt(collector.close, seconds, name)
    if isinstance(failure, Failure):
        _log.warning("collector did not close", job=name, reason=failure.reason.value, detail=failure.detail)


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
