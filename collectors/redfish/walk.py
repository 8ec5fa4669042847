"""From link to link through a controller's resources: along known ways only, each resource once, and bounded.

Nothing here opens a connection: ``Get`` does. What cannot be read becomes a remark, and the walk goes on without it.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterable

from collectors.redfish.heat import needs_older, needs_sensors
from collectors.redfish.limits import MAX_ALL_ROWS, MAX_MEMBERS, MAX_RESOURCES
from collectors.redfish.machine import Chassis, Machine, Storage, Supply, System
from collectors.redfish.reduce import Reduced
from collectors.redfish.resource import NOTHING, Resource, link, links, path_of

Get = Callable[[str], Awaitable[Reduced | None]]
"""Reads the resource at a path; None: the controller has none there. Raises Missing, Enough."""

Ahead = Callable[[Iterable[str]], None]
"""Is told what will be asked for next: it may be read at once."""

DOORS = ("Chassis", "Systems", "Managers")
MAX_REMARKS = 20


class Missing(Exception):
    """One resource cannot be read; the message says why."""


class Enough(Exception):
    """Nothing more is read in this poll; the message says why."""


def _one_by_one(_paths: Iterable[str]) -> None:
    """Read nothing ahead."""


class Walk:
    """One way through; ``remarks`` says what is missing, ``seen`` which paths there are."""

    def __init__(self, get: Get, ahead: Ahead = _one_by_one) -> None:
        self._get = get
        self._ahead = ahead
        self._rows = 0
        self._ends: set[str] = set()
        self.seen: set[str] = set()
        self.remarks: list[str] = []

    async def machine(self, root: Resource) -> Machine:
        """Read what hangs together with heat and power first: it is what a slow controller is asked for."""
        self._soon(root, *DOORS)
        chassis = [await self._chassis(one) async for one in self._members(link(root, "Chassis"))]
        systems = [await self._system(one) async for one in self._members(link(root, "Systems"))]
        managers = [one async for one in self._members(link(root, "Managers"))]
        return Machine(root, tuple(chassis), tuple(systems), tuple(managers), tuple(self.remarks))

    async def _chassis(self, one: Resource) -> Chassis:
        self._soon(one, "ThermalSubsystem", "PowerSubsystem", "Power", "EnvironmentMetrics")
        thermal = await self._read(link(one, "ThermalSubsystem"))
        self._soon(thermal, "ThermalMetrics", "Fans")
        power = await self._read(link(one, "PowerSubsystem"))
        self._soon(power, "PowerSupplies", "Batteries")
        metrics = await self._read(link(thermal, "ThermalMetrics"))
        fans = [fan async for fan in self._members(link(thermal, "Fans"))]
        supplies = [await self._supply(supply) async for supply in self._members(link(power, "PowerSupplies"))]
        batteries = [battery async for battery in self._members(link(power, "Batteries"))]
        old = await self._read(link(one, "Thermal") if needs_older(metrics, fans) else None)
        sensors = link(one, "Sensors") if needs_sensors(metrics, old) else None
        return Chassis(
            one,
            thermal,
            metrics,
            tuple(fans),
            power,
            tuple(supplies),
            tuple(batteries),
            await self._read(link(one, "EnvironmentMetrics")),
            tuple([sensor async for sensor in self._members(sensors)]),
            old,
            await self._read(link(one, "Power")),
        )

    async def _supply(self, supply: Resource) -> Supply:
        return Supply(supply, await self._read(link(supply, "Metrics")))

    async def _system(self, one: Resource) -> System:
        return System(one, tuple([await self._storage(found) async for found in self._members(link(one, "Storage"))]))

    async def _storage(self, one: Resource) -> Storage:
        places = links(one, "Drives")
        self._soon(one, "Volumes", "Controllers")
        self._ahead(places)
        drives = [await self._read(path) for path in places]
        volumes = [volume async for volume in self._members(link(one, "Volumes"))]
        controllers = [found async for found in self._members(link(one, "Controllers"))]
        return Storage(one, tuple(drive for drive in drives if drive), tuple(volumes), tuple(controllers))

    async def _members(self, path: str | None) -> AsyncIterator[Resource]:
        """Yield the members of a collection, page after page (``@odata.nextLink``), each once."""
        left = MAX_MEMBERS
        while path is not None:
            page = await self._read(path)
            found, following = links(page, "Members"), path_of(page.get("Members@odata.nextLink"))
            self._ahead(found[:left])
            for member in found[:left]:
                if resource := await self._read(member):
                    yield resource
            if len(found) > left or (following is not None and len(found) == left):
                self._remark(f"{path}: more than {MAX_MEMBERS} members, the others are not read")
                return
            left -= len(found)
            path = following

    def _soon(self, resource: Resource, *names: str) -> None:
        """Say what will be asked for of a resource."""
        self._ahead([path for name in names if (path := link(resource, name)) is not None])

    async def _read(self, path: str | None) -> Resource:
        """Return the resource; empty where there is none, where it was read already, and where it cannot be read."""
        if path is None or path in self.seen:
            return NOTHING
        if len(self.seen) >= MAX_RESOURCES:
            self._end(f"more than {MAX_RESOURCES} resources")
            return NOTHING
        self.seen.add(path)
        try:
            found = await self._get(path)
        except Missing as error:
            self._remark(f"{path}: {error}")
        except Enough as error:
            self._end(str(error))
        else:
            return NOTHING if found is None else self._taken(path, found)
        return NOTHING

    def _taken(self, path: str, found: Reduced) -> Resource:
        for name, count in found.cuts.items():
            kept = found.resource[name]
            self._remark(f"{path} {name}: {count} of them, {len(kept)} are read")
        self._rows += found.rows
        if self._rows > MAX_ALL_ROWS:
            self._end(f"more than {MAX_ALL_ROWS} entries")
            return NOTHING
        return found.resource

    def _end(self, why: str) -> None:
        if why not in self._ends:
            self._ends.add(why)
            self.remarks.append(f"not everything was read: {why}")

    def _remark(self, text: str) -> None:
        if len(self.remarks) < MAX_REMARKS:
            self.remarks.append(text)
