"""What devices say by themselves: /api/v1/neighbours, /api/v1/traps. Rows are pure functions."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence

from aiohttp import web

from agent.contract import Commands, Heard, Snapshot, Subject, harvests
from agent.risk.lldp.directory import Directory
from config.inventory import Inventory
from exporters.times import rfc3339
from exporters.web.worker import Worker

Row = dict[str, object]


class Register:
    """The handlers."""

    def __init__(self, commands: Commands, worker: Worker) -> None:
        self._commands = commands
        self._worker = worker

    def add_to(self, app: web.Application) -> None:
        """Add the routes."""
        app.router.add_get("/api/v1/neighbours", self._neighbours)
        app.router.add_get("/api/v1/traps", self._traps)

    async def _neighbours(self, _request: web.Request) -> web.Response:
        return await self._answer(neighbour_rows)

    async def _traps(self, _request: web.Request) -> web.Response:
        return web.json_response(trap_rows(self._commands.heard()))

    async def _answer(self, rows: Callable[[Snapshot, Inventory], list[Row]]) -> web.Response:
        snapshot, inventory = await self._commands.snapshot(), self._commands.inventory()
        return web.json_response(text=await self._worker.make(lambda: json.dumps(rows(snapshot, inventory))))


def neighbour_rows(snapshot: Snapshot, inventory: Inventory) -> list[Row]:
    """Return who is at the far end of which port, as LLDP says; ``remote_device`` is that of the inventory."""
    said = {name: harvests(snapshot.view.jobs(Subject("device", name))) for name in inventory.devices}
    directory = Directory.of(said)
    return [
        {
            "device": name,
            "site": device.site,
            "port": neighbour.local_port,
            "remote_device": directory.find(neighbour.remote_system),
            "remote_system": neighbour.remote_system,
            "remote_port": neighbour.remote_port,
            "remote_chassis": neighbour.remote_chassis,
            "capabilities": list(neighbour.capabilities),
        }
        for name, device in inventory.devices.items()
        for harvest in said[name]
        for neighbour in harvest.neighbours
    ]


def trap_rows(heard: Sequence[Heard]) -> list[Row]:
    """Return what came in last, newest first. ``known`` false: nothing is done about it but to count it."""
    return [
        {
            "at": rfc3339(one.last.at),
            "source": one.last.source,
            "device": one.device,
            "oid": one.last.oid,
            "name": one.last.name or None,
            "known": bool(one.last.name),
            "polled": one.last.urgent and one.device is not None,
            "count": one.count,
        }
        for one in heard
    ]
