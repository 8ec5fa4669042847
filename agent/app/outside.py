"""What leaves the daemon under one configuration: exporters, deliverers and the outbox; replaced whole on reload."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from agent.alerts.handling import Handling
from agent.alerts.outbox import Outbox
from agent.alerts.roster import Roster
from agent.alerts.rota import Rota
from agent.contract import Clock, Snapshot
from agent.engine.dispatch import Dispatcher
from agent.state.store import StateStore
from agent.wire.seal import Seal
from agent.wire.telemetry import MeterBook
from agent.wire.wire import LocalWire
from config.inventory import Inventory
from config.settings import Settings
from exporters.registry import make_deliverers, make_exporters

LAST_DELIVERY_SECONDS = 1.0  # for a delivery under way; one cut short is tried again, so it may come twice


class Outside:
    """Runs the exporters and the outbox of one configuration."""

    def __init__(  # noqa: PLR0913, PLR0917 - the parts it joins
        self,
        settings: Settings,
        inventory: Inventory,
        store: StateStore,
        wire: LocalWire,
        clock: Clock,
        telemetry: MeterBook,
        seal: Seal,
        roster: Callable[[], Roster] = Roster,
    ) -> None:
        self._dispatcher = Dispatcher(make_exporters(settings, wire, clock), telemetry)
        rota = Rota.of(settings)
        handling = Handling.of(settings, lambda: replace(rota, roster=roster()))
        deliverers = make_deliverers(settings, inventory, wire, seal)
        # jitter needs no secrets
        self._outbox = Outbox(store, deliverers, clock, telemetry, handling, random.random)

    def offer(self, snapshot: Snapshot) -> None:
        """Hand a snapshot to every exporter and wake the outbox; never waits."""
        self._dispatcher.offer(snapshot)
        self._outbox.wake()

    @property
    def progressed_at(self) -> float:
        """When the outbox last got on with its work, on the monotonic clock."""
        return self._outbox.progressed_at

    async def run(self) -> None:
        """Publish and deliver until cancelled, then close what is open. Not to be called twice."""
        tasks = [asyncio.create_task(self._dispatcher.run()), asyncio.create_task(self._outbox.run())]
        try:
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
        finally:
            self._outbox.stop()
            await self._dispatcher.close()
            await asyncio.wait(tasks[1:], timeout=LAST_DELIVERY_SECONDS)
            await cancel(*tasks)


class Relay:
    """Keeps one outside running; a reload puts another in its place, which begins once the first has closed."""

    def __init__(self, first: Outside) -> None:
        self._present = first
        self._replaced = asyncio.Event()

    def offer(self, snapshot: Snapshot) -> None:
        """Hand a snapshot to the present outside; never waits."""
        self._present.offer(snapshot)

    @property
    def progressed_at(self) -> float:
        """When the outbox of the present outside last got on with its work, on the monotonic clock."""
        return self._present.progressed_at

    def replace(self, outside: Outside) -> None:
        """Let the present outside end and this one take over."""
        self._present = outside
        self._replaced.set()

    async def run(self) -> None:
        """Run the present outside until cancelled. Raises what it raises; RuntimeError where it ends by itself."""
        while True:
            self._replaced.clear()  # before the present one is read: of two replacements in a row the last one counts
            running = asyncio.create_task(self._present.run())
            replaced = asyncio.create_task(self._replaced.wait())
            try:
                await asyncio.wait((running, replaced), return_when=asyncio.FIRST_COMPLETED)
                if running.done():
                    running.result()
                    raise RuntimeError("what leaves the daemon ended by itself")
            finally:
                await cancel(running, replaced)


async def cancel(*tasks: asyncio.Task[Any]) -> None:
    """Cancel tasks and wait until they have ended, however they end; even where the caller is cancelled meanwhile."""
    for task in tasks:
        task.cancel()
    ended = asyncio.gather(*tasks, return_exceptions=True)
    try:
        await asyncio.shield(ended)
    except asyncio.CancelledError:
        await ended
        raise
