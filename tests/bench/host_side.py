"""Ringwacht's side of the host benchmark, alone in its process: each GET /metrics collects once, renders, answers.

The daemon collects at its interval and answers scrapes from its store; here a scrape collects, as node_exporter does,
so that both sides do the same work. The collector, the runner, the store, the page and the web server are the daemon's.
"""

from __future__ import annotations

import asyncio
import signal
import sys
from pathlib import Path

import uvloop

from agent.app.loading import prepare_or_fail
from agent.contract import Snapshot
from agent.engine.clock import SystemClock
from agent.engine.runner import run_once
from agent.engine.store import Store
from agent.wire.pools import Pools
from agent.wire.telemetry import MeterBook
from agent.wire.wire import LocalWire
from exporters.prometheus.page import PrometheusPage
from exporters.web.server import WebServer
from tests.exporters.fakes import FakeCommands, make_snapshot


class CollectingCommands(FakeCommands):
    """``contract.Commands`` whose snapshot polls first."""

    def __init__(self, folder: Path) -> None:
        self._clock = SystemClock()
        self._store = Store()
        prepared, collectors = prepare_or_fail(folder, LocalWire(self._clock, MeterBook(), Pools()))
        super().__init__(make_snapshot(), prepared.loaded.inventory, prepared.loaded.settings)
        (self._job,) = prepared.plan.jobs
        self._collector = collectors[self._job.key]
        self._store.add(self._job)

    async def snapshot(self) -> Snapshot:
        """Poll, and return what it brought without the daemon's own series. Raises RuntimeError if the poll failed."""
        reading = await run_once(self._collector, self._job, self._clock)
        if reading.harvest is None or reading.harvest.partial:
            raise RuntimeError(f"{reading.detail} {reading.harvest and reading.harvest.partial}")
        self._store.record(reading, self._clock.monotonic())
        view = self._store.view(self._clock.now())
        return Snapshot(view.now, view, self._store.tables()[:1], (), ())


async def main() -> None:
    """Serve until SIGTERM."""
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    commands = CollectingCommands(Path(sys.argv[1]))
    listen = commands.settings().web.listen
    server = WebServer(commands, PrometheusPage())
    await server.start(listen.host, listen.port or 0)
    await stop.wait()
    await server.stop()


if __name__ == "__main__":
    uvloop.run(main())
