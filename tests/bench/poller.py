"""Ringwacht's side of the SNMP benchmark, alone in its process: each line on standard input asks for one round.

A round is what the daemon does in one interval: every device polled through the runner into the store, then one page
rendered. The answer is one line of JSON: values read, lines rendered (those of the tables), bytes rendered.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Iterator
from pathlib import Path

import uvloop

from agent.app.loading import prepare_or_fail
from agent.contract import Collector, Job, Snapshot
from agent.engine.clock import SystemClock
from agent.engine.runner import run_once
from agent.engine.store import Store
from agent.families import SNMP_VALUES
from agent.wire.pools import Pools
from agent.wire.process import spare_the_collector
from agent.wire.telemetry import MeterBook
from agent.wire.wire import LocalWire
from exporters.prometheus.page import PrometheusPage

AT_ONCE = 8


class Poller:
    """The daemon without its clock: it polls when it is told to."""

    def __init__(self, folder: Path) -> None:
        self._clock = SystemClock()
        self._meters = MeterBook()
        self._store = Store()
        self._page = PrometheusPage()
        wire = LocalWire(self._clock, self._meters, Pools())
        prepared, collectors = prepare_or_fail(folder, wire)
        self._jobs = [(job, collectors[job.key]) for job in prepared.plan.jobs]
        for job in prepared.plan.jobs:
            self._store.add(job)
        spare_the_collector()

    async def round(self) -> tuple[int, int, int]:
        """Return values read, lines and bytes rendered. Raises RuntimeError if a poll failed."""
        before = self._values()
        waiting = iter(self._jobs)
        async with asyncio.TaskGroup() as tasks:
            for _ in range(AT_ONCE):
                tasks.create_task(self._work_off(waiting))
        view = self._store.view(self._clock.now())
        snapshot = Snapshot(view.now, view, self._store.tables(), (), self._meters.own())
        lines = size = 0
        async for chunk in self._page.stream(snapshot, openmetrics=False):
            lines += chunk.count(b"\nif") + chunk.startswith(b"if")
            size += len(chunk)
        return self._values() - before, lines, size

    async def _work_off(self, waiting: Iterator[tuple[Job, Collector]]) -> None:
        for job, collector in waiting:
            reading = await run_once(collector, job, self._clock)
            if not reading.ok:
                raise RuntimeError(f"{job.key}: {reading.reason}: {reading.detail}")
            self._store.record(reading, self._clock.monotonic())

    def _values(self) -> int:
        own = dict((family.name, series) for family, series in self._meters.own())
        return int(sum(value for _, value in own.get(SNMP_VALUES.name, ())))


async def main() -> None:
    """Serve until standard input ends."""
    poller = Poller(Path(sys.argv[1]))
    loop = asyncio.get_running_loop()
    while await loop.run_in_executor(None, sys.stdin.readline):
        sys.stdout.write(json.dumps(await poller.round()) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    uvloop.run(main())
