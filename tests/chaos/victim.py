"""The process that is killed: the real state, desk, routes, outbox and on-call desk, under more load than any county.

It notes in its journal what it has told the outside: transitions that it handed on, deeds whose call has returned.
"""

from __future__ import annotations

import asyncio
import faulthandler
import os
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path
from random import Random
from zlib import crc32

import aiohttp
import structlog

from agent.alerts.outbox import Outbox
from agent.app.oncall import OnCallDesk
from agent.contract import AlertState, Delivered, Deliverer, Delivery, Parcel, Refused, Retry, Silence, Tried
from agent.engine.clock import SystemClock
from agent.engine.judgement import Desk
from agent.engine.windows import WindowBook
from agent.risk.rules import WINDOWS
from agent.state.database import Database
from agent.state.store import StateStore
from agent.wire.pools import Pools
from agent.wire.seal import load_seal
from agent.wire.telemetry import MeterBook
from agent.wire.wire import LocalWire
from config.settings import Match
from tests.agent.alerts.handlings import even, make_handling
from tests.chaos.ground import RAW_INVENTORY, FastClock, Ground
from tests.chaos.journal import Journal

JOURNAL, ERRORS, STATE = "journal", "errors", "state"
ROLES = ("on-call", "it")
CALM_LOOKS = 400  # after so many that found nothing, everything must be at its end


@dataclass(frozen=True)
class Orders:
    """What one process is to do. ``origin``: when the course began; ``calm``: let all come to its end, and stop."""

    directory: Path
    url: str
    run: int
    seed: int
    origin: float
    calm: bool = False


class Poster:
    """Hands parcels to the receiver that keeps account of them."""

    def __init__(self, orders: Orders, session: aiohttp.ClientSession) -> None:
        self._orders = orders
        self._session = session

    async def deliver(self, parcel: Parcel) -> Delivery:
        contents = [(one.key, one.alert.id, one.alert.state.value) for one in parcel.notifications]
        body = {"run": self._orders.run, "receiver": parcel.receiver, "parcel": parcel.key, "contents": contents}
        try:
            async with self._session.post(self._orders.url, json=body) as response:
                return Delivered() if response.status == 200 else Retry(0, f"HTTP {response.status}")
        except aiohttp.ClientError as error:
            return Retry(0, type(error).__name__)


class Victim:
    """The parts, put together as the daemon does."""

    def __init__(self, orders: Orders, at_work: Connection, session: aiohttp.ClientSession) -> None:
        self.orders = orders
        self.at_work = at_work
        self.random = Random(f"{orders.seed} {orders.run}")  # noqa: S311 - a course that can be repeated
        self.journal = Journal(orders.directory / JOURNAL)
        self.clock = FastClock(orders.origin)
        self.ground = Ground(self.clock, self.random)
        telemetry = MeterBook()
        wire = LocalWire(self.clock, telemetry, Pools())
        self.store = StateStore(Database.open(orders.directory / STATE), wire)
        self.desk = Desk(self.store, WindowBook(WINDOWS), self.clock)
        deliverers: dict[str, dict[str, Deliverer]] = {role: {"1": Poster(orders, session)} for role in ROLES}
        self.outbox = Outbox(self.store, deliverers, self.clock, telemetry, make_handling(), even)
        seal = load_seal(orders.directory / STATE)
        self.on_call = OnCallDesk(
            self.desk, self.store, self.clock, seal, lambda: self.ground.settings, self.outbox.wake, _nothing_sent
        )

    async def run(self) -> None:
        await self.desk.open()
        self._note_what_is_there()
        self.at_work.send_bytes(b"at work")
        async with asyncio.TaskGroup() as group:
            parts = [group.create_task(self.outbox.run())]
            if not self.orders.calm:
                parts += [group.create_task(self._act(role, half)) for half, role in enumerate(ROLES)]
            await self._watch()
            for part in parts:
                part.cancel()
        await self.store.close()

    def _note_what_is_there(self) -> None:
        marks = {one.id: one.acknowledged for one in self.desk.alerts if one.state is AlertState.FIRING}
        acks = {name: mark.by if mark is not None else None for name, mark in marks.items()}
        silences = {one.id: one.until for one in self.on_call.silences()}
        self.journal.note("open", run=self.orders.run, acks=acks, silences=silences, now=self.clock.now())

    async def _watch(self) -> None:
        """Look, and note what was handed on, until killed or until all is calm and told."""
        calm = 0
        while calm < CALM_LOOKS:
            self.ground.poll(calm=self.orders.calm)
            view = self.ground.store.view(self.clock.now())
            changes = await self.desk.look(view, self.ground.inventory, self.ground.settings)
            for one in changes:
                muted = one.alert.muted.by if one.alert.muted is not None else None
                severity = one.alert.finding.severity.value
                self.journal.note(
                    "decided", id=one.alert.id, state=one.alert.state.value, severity=severity, muted=muted
                )
            for stood in self.desk.judgement.changes:
                self.journal.note("stood", subject=str(stood.subject), at=stood.at)
            self.outbox.wake()
            calm = calm + 1 if await self._is_over() else 0
            await asyncio.sleep(0.001)

    async def _is_over(self) -> bool:
        if not self.orders.calm:
            return False
        stands = any(one.state is AlertState.FIRING for one in self.desk.alerts)
        return not stands and not self.store.waiting()

    async def _act(self, role: str, half: int) -> None:
        """Acknowledge, take back, silence and end silences, one after the other; what is refused is nobody's.

        Each role acts on its own half of what stands, and on its own silences, so that the journal knows which deed
        was the last one.
        """
        while True:
            firing = [one for one in self.desk.alerts if one.state is AlertState.FIRING and _half(one.id) == half]
            marked = [one.id for one in firing if one.acknowledged is not None]
            ours = [one.id for one in self.on_call.silences() if one.by == role]
            deeds: list[tuple[str, str, Callable[[], Awaitable[object]]]] = []
            deeds += [("ack", one.id, partial(self.on_call.acknowledge, one.id, role)) for one in firing[:2]]
            deeds += [("unack", name, partial(self.on_call.unacknowledge, name, role)) for name in marked[:1]]
            deeds += [("unsilence", name, partial(self.on_call.unsilence, name, role)) for name in ours[:1]]
            deeds += [("silence", "", partial(self._silence, role))]
            await self._do(role, *self.random.choice(deeds))
            await asyncio.sleep(self.random.uniform(0, 0.02))

    async def _do(self, role: str, deed: str, name: str, call: Callable[[], Awaitable[object]]) -> None:
        self.journal.note("tries", deed=deed, on=name)
        try:
            made = await call()
        except Refused as refusal:
            self.journal.note("refused", deed=deed, on=name, kind=refusal.kind)
        else:
            more = {"on": made.id, "until": made.until} if isinstance(made, Silence) else {"on": name}
            self.journal.note("did", deed=deed, by=role, **more)

    async def _silence(self, role: str) -> Silence:
        match = Match(device=self.random.choice(tuple(RAW_INVENTORY["devices"])))
        until = self.clock.now() + self.random.uniform(3600, 86400)
        return await self.on_call.silence(Silence("", match, role, "chaos", 0, until))


async def _nothing_sent(_: str) -> tuple[Tried, ...]:
    return ()  # nobody asks for tests here


def _half(name: str) -> int:
    return crc32(name.encode()) % 2


def main(orders: Orders, at_work: Connection) -> None:
    """Run until killed, or until all is over, and say so once at work; what goes wrong is written to ``ERRORS``."""
    errors = os.open(orders.directory / ERRORS, os.O_CREAT | os.O_APPEND | os.O_WRONLY, 0o600)
    os.dup2(errors, 1)
    os.dup2(errors, 2)
    faulthandler.enable()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(40))
    asyncio.run(_run(orders, at_work, SystemClock().monotonic()))


async def _run(orders: Orders, at_work: Connection, began: float) -> None:
    async with aiohttp.ClientSession() as session:
        victim = Victim(orders, at_work, session)
        victim.journal.note("start", run=orders.run, seconds=SystemClock().monotonic() - began)
        await victim.run()
        victim.journal.note("end", run=orders.run)
