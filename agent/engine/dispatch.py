"""Hands snapshots to exporters, each with a queue and a task of its own: a slow one never stalls collection."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass

import structlog
from structlog.typing import FilteringBoundLogger

from agent.contract import Exporter, Snapshot, Telemetry
from agent.engine.runner import CLOSE_SECONDS
from agent.families import EXPORT_DROPPED
from agent.wire.attempt import Failure, attempt

QUEUE_SIZE = 2
PUBLISH_SECONDS = 30.0
DRAIN_SECONDS = 1.0

_log: FilteringBoundLogger = structlog.get_logger("dispatch")


@dataclass(slots=True, eq=False)
class _Line:
    exporter: Exporter
    queue: asyncio.Queue[Snapshot]
    broken: bool = False


class Dispatcher:
    """One bounded queue an exporter. Full means that the oldest snapshot is dropped and counted."""

    def __init__(self, exporters: Iterable[Exporter], telemetry: Telemetry, size: int = QUEUE_SIZE) -> None:
        self._telemetry = telemetry
        self._lines = [_Line(exporter, asyncio.Queue(size)) for exporter in exporters]

    def offer(self, snapshot: Snapshot) -> None:
        """Queue a snapshot for every exporter; never waits."""
        for line in self._lines:
            if line.queue.full():
                line.queue.get_nowait()
                line.queue.task_done()
                self._telemetry.count(EXPORT_DROPPED, (("exporter", line.exporter.name),))
            line.queue.put_nowait(snapshot)

    async def run(self) -> None:
        """Publish what is queued, until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            for line in self._lines:
                tasks.create_task(self._publish(line), name=f"exporter {line.exporter.name}")
            await asyncio.get_running_loop().create_future()  # without exporters too

    async def close(self) -> None:
        """Give the exporters a moment for what is queued, then close them. To be called while ``run`` still runs."""
        drained = [asyncio.create_task(line.queue.join()) for line in self._lines]
        if drained:
            _, late = await asyncio.wait(drained, timeout=DRAIN_SECONDS)
            for task in late:
                task.cancel()
        closing = (attempt(line.exporter.close, CLOSE_SECONDS, line.exporter.name) for line in self._lines)
        await asyncio.gather(*closing)

    async def _publish(self, line: _Line) -> None:
        while True:
            snapshot = await line.queue.get()
            try:
                result = await attempt(lambda: line.exporter.publish(snapshot), PUBLISH_SECONDS, line.exporter.name)  # noqa: B023 - awaited in this round
            finally:
                line.queue.task_done()
            self._report(line, result)

    def _report(self, line: _Line, result: Failure | None) -> None:
        if isinstance(result, Failure) and not line.broken:
            _log.error("exporter failed", exporter=line.exporter.name, detail=result.detail)
        elif result is None and line.broken:
            _log.info("exporter works again", exporter=line.exporter.name)
        line.broken = isinstance(result, Failure)
