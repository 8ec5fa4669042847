"""``ringwacht collect``: one poll now, with its samples, timings and, on request, every exchange."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from agent.app.loading import Prepared, StartError, prepare_or_fail
from agent.contract import Clock, Collector, Job, Reading, Snapshot, Table, Traceable
from agent.engine.clock import SystemClock
from agent.engine.runner import close_once, patience, run_once
from agent.engine.store import StoreView
from agent.wire.pools import Pools
from agent.wire.telemetry import MeterBook
from agent.wire.wire import LocalWire
from config.errors import did_you_mean
from exporters.prometheus.page import PrometheusPage


async def collect(path: Path, name: str, check: str | None, *, debug: bool) -> int:
    """Poll each check of a device, service, link or site once; return 1 if one failed. Raises StartError."""
    clock, pools = SystemClock(), Pools()
    wire = LocalWire(clock, MeterBook(), pools)
    prepared, collectors = prepare_or_fail(path, wire)
    jobs = _jobs(prepared, name, check)
    failed = False
    for job in jobs:
        collector = collectors[job.key]
        if debug and isinstance(collector, Traceable):
            collector.trace = _narrate
        reading = await _polled(collector, job, clock)
        sys.stdout.write(await _page(reading))
        sys.stderr.write(_verdict(reading) + "\n")
        failed = failed or not reading.ok
    await wire.close()
    pools.close()
    return int(failed)


async def _polled(collector: Collector, job: Job, clock: Clock) -> Reading:
    """Poll once; whatever ends it, Ctrl-C too, the target is left in order."""
    try:
        return await run_once(collector, job, clock)
    finally:
        task = asyncio.current_task()
        if task is not None and task.cancelling() and job.least_interval_seconds > 0:
            sys.stderr.write(f"{job.key}: logging out; what is open there stays open after another Ctrl-C\n")
        await asyncio.shield(close_once(collector, str(job.key), patience(job)))


def _jobs(prepared: Prepared, name: str, check: str | None) -> tuple[Job, ...]:
    """Return the jobs asked for. Raises StartError naming what there is."""
    plan = prepared.plan
    mine = tuple(job for job in plan.jobs if job.key.subject.id == name)
    if not mine:
        if any(key.subject.id == name for key in plan.unsupported):
            raise StartError(f"{name}: its checks have no collector yet")
        hint = did_you_mean(name, {job.key.subject.id for job in plan.jobs}) or "see ringwacht plan"
        raise StartError(f"{name}: nothing of this name is polled; {hint}")
    chosen = tuple(job for job in mine if check in {None, job.key.check})
    if not chosen:
        raise StartError(f"{name}: no check {check}; there is {', '.join(job.key.check for job in mine)}")
    return chosen


def _narrate(line: str) -> None:
    sys.stderr.write(f"  {line}\n")


async def _page(reading: Reading) -> str:
    """Return the samples in text format 0.0.4."""
    if reading.harvest is None:
        return ""
    table = Table(reading.target.labels, reading.harvest.layout, reading.harvest.values)
    view = StoreView(reading.at, {}, {}, {})
    return (await PrometheusPage().render(Snapshot(reading.at, view, (table,), (), ()), openmetrics=False)).decode()


def _verdict(reading: Reading) -> str:
    seconds = f"{reading.duration_seconds * 1000:.1f} ms"
    if reading.harvest is None:
        reason = reading.reason.value if reading.reason is not None else "failed"
        return f"{reading.key}: {reason}: {reading.detail} ({seconds})"
    missing = f", missing: {'; '.join(reading.harvest.partial)}" if reading.harvest.partial else ""
    return f"{reading.key}: {reading.harvest.layout.size} series in {seconds}{missing}"
