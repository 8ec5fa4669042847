"""What devices say of themselves: /api/v1/assets, /api/v1/neighbours, /api/v1/traps. Rows are pure functions."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass

from aiohttp import web

from agent.contract import Commands, Harvest, Heard, Snapshot, Subject
from config.inventory import Inventory
from exporters.times import rfc3339
from exporters.web.worker import Worker

Row = dict[str, object]
_ASSET_FACTS = ("vendor", "model", "serial", "firmware", "hardware")


class Register:
    """The handlers."""

    def __init__(self, commands: Commands, worker: Worker) -> None:
        self._commands = commands
        self._worker = worker

    def add_to(self, app: web.Application) -> None:
        """Add the routes."""
        app.router.add_get("/api/v1/assets", self._assets)
        app.router.add_get("/api/v1/neighbours", self._neighbours)
        app.router.add_get("/api/v1/traps", self._traps)

    async def _assets(self, _request: web.Request) -> web.Response:
        return await self._answer(asset_rows)

    async def _neighbours(self, _request: web.Request) -> web.Response:
        return await self._answer(neighbour_rows)

    async def _traps(self, _request: web.Request) -> web.Response:
        return web.json_response(trap_rows(self._commands.heard()))

    async def _answer(self, rows: Callable[[Snapshot, Inventory], list[Row]]) -> web.Response:
        snapshot, inventory = await self._commands.snapshot(), self._commands.inventory()
        return web.json_response(text=await self._worker.make(lambda: json.dumps(rows(snapshot, inventory))))


def asset_rows(snapshot: Snapshot, inventory: Inventory) -> list[Row]:
    """Return each device with what it says of itself: maker, model, serial, firmware, parts, all facts."""
    rows: list[Row] = []
    for name, device in inventory.devices.items():
        harvests = _harvests(snapshot, name)
        facts = {fact: text for harvest in harvests for fact, text in harvest.facts.items()}
        row: Row = {"device": name, "site": device.site, **{fact: facts.get(fact) for fact in _ASSET_FACTS}}
        row["facts"] = facts
        row["parts"] = [asdict(part) for harvest in harvests for part in harvest.parts]
        rows.append(row)
    return rows


def neighbour_rows(snapshot: Snapshot, inventory: Inventory) -> list[Row]:
    """Return who is at the far end of which port, as LLDP says; ``remote_device`` is that of the inventory."""
    directory = _directory(snapshot, inventory)
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
        for harvest in _harvests(snapshot, name)
        for neighbour in harvest.neighbours
    ]


@dataclass(frozen=True, slots=True)
class _Directory:
    """Devices by what they are called in small letters, None for a name of several; and the domain of each."""

    devices: Mapping[str, str | None]
    domains: Mapping[str, str]

    def find(self, system: str) -> str | None:
        """Return the device that calls itself so, with or without its domain; not its namesake of another domain."""
        called = system.casefold()
        if called in self.devices:
            return self.devices[called]
        host, _, domain = called.partition(".")
        device = self.devices.get(host)
        own = self.domains.get(device, "") if device is not None else ""
        return None if domain and own and own != domain else device


def _directory(snapshot: Snapshot, inventory: Inventory) -> _Directory:
    """Return the devices by their names here, then by their sysNames, at last by those without domain."""
    systems = {
        name: harvest.facts["sys_name"].casefold()
        for name in inventory.devices
        for harvest in _harvests(snapshot, name)
        if harvest.facts.get("sys_name")
    }
    hosts: dict[str, list[str]] = {}
    for name, system in systems.items():
        hosts.setdefault(system.partition(".")[0], []).append(name)
    named: dict[str, str | None] = {host: names[0] if len(names) == 1 else None for host, names in hosts.items()}
    named |= {system: name for name, system in systems.items()}
    named |= {name.casefold(): name for name in inventory.devices}
    return _Directory(named, {name: system.partition(".")[2] for name, system in systems.items()})


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


def _harvests(snapshot: Snapshot, device: str) -> list[Harvest]:
    jobs = snapshot.view.jobs(Subject("device", device))
    return [job.reading.harvest for job in jobs if job.reading is not None and job.reading.harvest is not None]
