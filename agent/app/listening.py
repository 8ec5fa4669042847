"""What devices say by themselves: which device it was, a poll of it at once, a list for people."""

from __future__ import annotations

import asyncio
import contextlib
import math
from collections import OrderedDict
from collections.abc import Mapping
from typing import Any

from agent.app.outside import cancel
from agent.contract import Clock, CollectError, Event, Heard, JobKey, Source, Subject
from agent.engine.engine import Engine
from agent.families import TRAPS
from agent.wire.telemetry import MeterBook
from agent.wire.wire import LocalWire
from config.address import parse_ip
from config.inventory import Inventory

REPEAT_SECONDS = 5.0
"""After so long the device is polled once more: many agents answer from tables that lag behind their own traps."""
QUIET_SECONDS = 1.0
"""However much a device sends, it is polled once in so long."""
REFRESH_SECONDS = 300.0
"""After so long the names of devices are looked up again."""
MAX_HEARD = 200


class Listener:
    """Hears one source after another, as reloads bring them; ``run`` serves the present one."""

    def __init__(self, engine: Engine, wire: LocalWire, clock: Clock, telemetry: MeterBook) -> None:
        self._engine = engine
        self._wire = wire
        self._clock = clock
        self._telemetry = telemetry
        self._hosts: Mapping[str, str] = {}
        self._source: Source | None = None
        self._replaced = asyncio.Event()
        self._renamed = asyncio.Event()
        self._devices: dict[str, str] = {}
        self._heard: OrderedDict[tuple[str, str], Heard] = OrderedDict()
        self._polled: dict[str, float] = {}
        self._due: dict[str, list[float]] = {}
        self._wake = asyncio.Event()

    def replace(self, source: Source | None, inventory: Inventory) -> None:
        """Hear this source from now on, of these devices; a source equal to the present one goes on undisturbed."""
        self._hosts = {name: device.address.host for name, device in inventory.devices.items() if device.address}
        self._renamed.set()
        if source != self._source:
            self._source = source
            self._replaced.set()

    def heard(self) -> tuple[Heard, ...]:
        """Return what came last, newest first."""
        return tuple(reversed(self._heard.values()))

    async def run(self) -> None:
        """Listen until cancelled. Raises what a source raises."""
        others = [asyncio.create_task(self._poll()), asyncio.create_task(self._know_devices())]
        try:
            while True:
                self._replaced.clear()
                await self._serve(self._source)
        finally:
            await cancel(*others)

    async def _serve(self, source: Source | None) -> None:
        """Run one source until another one takes its place."""
        running: list[asyncio.Task[Any]] = [asyncio.create_task(self._replaced.wait())]
        if source is not None:
            running.append(asyncio.create_task(source.run(self._hear)))
        try:
            done, _ = await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
        finally:
            await cancel(*running)

    async def _know_devices(self) -> None:
        """Keep the devices by address: literals at once, names as each is resolved; all anew now and then."""
        while True:
            self._renamed.clear()
            self._devices = {}
            for device, host in self._hosts.items():
                self._know(host, device)
            names = [(device, host) for device, host in self._hosts.items() if parse_ip(host) is None]
            lookups = [asyncio.create_task(self._look_up(device, host)) for device, host in names]
            alarm = asyncio.create_task(self._alarm_at(self._renamed, self._clock.monotonic() + REFRESH_SECONDS))
            try:
                await self._renamed.wait()
            finally:
                await cancel(alarm, *lookups)

    async def _look_up(self, device: str, host: str) -> None:
        with contextlib.suppress(CollectError):
            self._know(await self._wire.resolve(host), device)

    def _know(self, address: str, device: str) -> None:
        """Note whose address it is, as traps spell it; of two devices at one address the first counts."""
        ip = parse_ip(address)
        if ip is not None:
            self._devices.setdefault(str(ip), device)

    def _hear(self, event: Event) -> None:
        device = self._devices.get(event.source)
        key = (event.source, event.oid)
        before = self._heard.pop(key, None)
        self._heard[key] = Heard(event, device, 1 if before is None else before.count + 1)
        if len(self._heard) > MAX_HEARD:
            self._heard.popitem(last=False)
        self._telemetry.count(TRAPS, (("device", device or ""), ("trap", event.name or "unknown")))
        if device is not None and event.urgent:
            now = self._clock.monotonic()
            first = max(now, self._polled.get(device, now - QUIET_SECONDS) + QUIET_SECONDS)
            self._due[device] = [first, max(first, now + REPEAT_SECONDS)]
            self._wake.set()

    async def _poll(self) -> None:
        """Poll each device when it is due."""
        while True:
            now = self._clock.monotonic()
            for device in [device for device, due in self._due.items() if due[0] <= now]:
                self._polled[device] = now
                self._engine.poll_now(self._jobs_of(device))
                self._due[device] = [at for at in self._due[device] if at > now]
                if not self._due[device]:
                    del self._due[device]
            self._wake.clear()
            first = min((due[0] for due in self._due.values()), default=math.inf)
            alarm = asyncio.create_task(self._alarm_at(self._wake, first))
            try:
                await self._wake.wait()
            finally:
                await cancel(alarm)

    async def _alarm_at(self, event: asyncio.Event, moment: float) -> None:
        """Set an event at this moment (monotonic seconds); never at infinity."""
        if math.isfinite(moment):
            await self._clock.sleep(moment - self._clock.monotonic())
            event.set()

    def _jobs_of(self, device: str) -> list[JobKey]:
        return [job.key for job in self._engine.view().jobs(Subject("device", device))]
