"""The process that plays the county: ``python -P -m agent.demo.simulator``, started by ``agent.demo.county``.

It speaks with its parent over pipes. The first line on stdin is its orders (JSON); on stdout come ``{"ready": true}``
and then one line an event. When stdin ends, the parent is gone or wants it gone, and it ends.
"""

from __future__ import annotations

import asyncio
import json
import socket
import sys
from collections.abc import Callable, Mapping
from contextlib import AsyncExitStack
from functools import partial
from itertools import count
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from agent.demo import jamf, pjlink, portal, school, traps, upsd
from agent.demo.cast import DEVICES, Device
from agent.demo.devices import tables
from agent.demo.scenario import Event, Scenario, Story, story
from agent.demo.snmp_agent import AgentProtocol, Table
from agent.demo.world import State, World

_LOOK = 0.1  # seconds between two looks at what has happened


class Orders(BaseModel):
    """What the parent wants played; ``now`` is its wall clock, in seconds since the epoch.

    Sockets are inherited file descriptors, already bound; so is the folder's lock.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    scenario: Scenario
    speed: float
    community: str
    agents: dict[str, int]
    traps: tuple[str, int]
    portal: int
    upsd: int
    jamf: int
    beamers: dict[str, int]
    lock: int
    now: float
    certificate: Path
    key: Path

    @property
    def descriptors(self) -> tuple[int, ...]:
        """Every one that is inherited."""
        return (*self.agents.values(), self.portal, self.upsd, self.jamf, *self.beamers.values(), self.lock)


async def play(orders: Orders, until: asyncio.StreamReader) -> None:
    """Answer for every device and tell events on stdout until ``until`` ends."""
    loop = asyncio.get_running_loop()
    started = loop.time()
    world = World(story(orders.scenario))

    def time() -> float:
        return (loop.time() - started) * orders.speed

    def state() -> State:
        return world.at(time())

    transports = await _answer(orders, state)
    server = await asyncio.start_server(
        portal.serve,
        sock=socket.socket(fileno=orders.portal),
        ssl=portal.server_context(orders.certificate, orders.key),
    )
    power = await asyncio.start_server(partial(upsd.serve, state, orders.speed), sock=socket.socket(fileno=orders.upsd))
    async with AsyncExitStack() as servers:
        for one in (server, power, *await _school(orders)):
            await servers.enter_async_context(one)
        _tell({"ready": True})
        narrators = (
            asyncio.create_task(_send_traps(orders, world, time, transports)),
            asyncio.create_task(_narrate(world.story, time)),
        )
        await until.read()
        for narrator in narrators:
            narrator.cancel()


async def _school(orders: Orders) -> tuple[asyncio.Server, ...]:
    """Open the school's device management and its projectors."""
    loop = asyncio.get_running_loop()
    ahead = orders.now - loop.time()
    management = partial(jamf.serve, lambda: school.managed(loop.time() + ahead))
    opened = [await asyncio.start_server(management, sock=socket.socket(fileno=orders.jamf))]
    for beamer in school.BEAMERS:
        bound = socket.socket(fileno=orders.beamers[beamer.id])
        opened.append(await asyncio.start_server(partial(pjlink.serve, beamer), sock=bound))
    return tuple(opened)


async def _answer(orders: Orders, state: Callable[[], State]) -> Mapping[str, asyncio.DatagramTransport]:
    """Open every agent; return what each can send by."""
    loop, built = asyncio.get_running_loop(), tables()
    transports: dict[str, asyncio.DatagramTransport] = {}
    for device in DEVICES:
        protocol = partial(_agent, device, built[device.id], orders.community.encode(), state)
        descriptor = orders.agents[device.id]
        transports[device.id], _ = await loop.create_datagram_endpoint(protocol, sock=socket.socket(fileno=descriptor))
    return transports


def _agent(device: Device, table: Table[State], community: bytes, state: Callable[[], State]) -> AgentProtocol[State]:
    """Return the device's agent; nothing gets through to it while its site is cut off."""

    def seen() -> State | None:
        now = state()
        return now if now.ring.reaches(device.site) else None

    return AgentProtocol(table, community, seen)


async def _send_traps(
    orders: Orders, world: World, time: Callable[[], float], transports: Mapping[str, asyncio.DatagramTransport]
) -> None:
    numbers = count(1)
    before = world.at(time())
    while True:
        await asyncio.sleep(_LOOK)
        after = world.at(time())
        for trap in traps.traps(before, after):
            message = traps.datagram(trap, orders.community.encode(), next(numbers), after.uptime)
            transports[trap.device].sendto(message, orders.traps)
        before = after


async def _narrate(plot: Story, time: Callable[[], float]) -> None:
    told = -1.0
    while True:
        now = time()
        for event in plot.between(told, now):
            _tell(line_of(event))
        told = now
        await asyncio.sleep(_LOOK)


def line_of(event: Event) -> dict[str, object]:
    """Return an event as it goes over the pipe."""
    return {"at": event.at, "what": event.what.value, "text": event.text}


def _tell(message: dict[str, object]) -> None:
    sys.stdout.write(json.dumps(message) + "\n")
    sys.stdout.flush()


async def _main() -> None:
    loop = asyncio.get_running_loop()
    reader = asyncio.StreamReader()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    line = await reader.readline()
    if line:
        await play(Orders.model_validate_json(line), reader)


if __name__ == "__main__":
    asyncio.run(_main())
