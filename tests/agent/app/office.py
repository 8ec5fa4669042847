"""An office where an alert fires: the real desk and the real state store, whose commits can be held up or refused."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Awaitable, Iterable, Mapping
from contextlib import closing
from pathlib import Path

import pytest

from agent.app.oncall import OnCallDesk
from agent.contract import (
    Alert,
    AlertState,
    Delivered,
    Delivery,
    FindingKey,
    Harvest,
    Layout,
    Notification,
    Reason,
    Refused,
    Silence,
    Transition,
    Tried,
)
from agent.engine.judgement import Desk
from agent.engine.store import Store
from agent.engine.windows import WindowBook
from agent.state.database import Database
from agent.state.files import FILE_NAME
from agent.state.ledger import Ledger
from agent.state.store import StateStore
from agent.wire.seal import Seal
from config.settings import Match, Settings
from tests.agent.engine.desk import INVENTORY
from tests.agent.engine.fakes import job, reading
from tests.harness.clock import FakeClock
from tests.harness.fakes import FakeWire, in_thread

ALERTING: Mapping[str, object] = {
    "hold": {"critical": 0},
    "clear": 0,
    "rules": {"device_unreachable": {"clear": 0}},
    "receivers": {name: {"apprise": [{"env": "PATH"}]} for name in ("on-call", "it-team")},
    "routes": [{"receivers": ["on-call"]}],
}
SETTINGS = Settings.model_validate({"alerting": ALERTING})
SEAL = Seal(b"k" * 32)
HOUR = 3600.0
EMPTY = Harvest(Layout(), ())


class GatedStore(StateStore):
    """The state store, whose commits can be held up."""

    def __init__(self, database: Database) -> None:
        super().__init__(database, FakeWire(at_once=True))
        self.gate = asyncio.Event()
        self.gate.set()

    async def commit(
        self,
        alerts: Mapping[FindingKey, Alert],
        transitions: Iterable[Transition] = (),
        notifications: Iterable[Notification] = (),
        done: Ledger = Ledger(),  # noqa: B008  # immutable
    ) -> None:
        await self.gate.wait()
        await super().commit(alerts, transitions, notifications, done)


class Office:
    """A device that does not answer, watched by a desk whose state lies in a folder."""

    def __init__(self, folder: Path, database: Database, clock: FakeClock | None = None) -> None:
        self.folder = folder
        self.clock = clock or FakeClock()
        self.device = job()
        self.readings = Store()
        self.readings.add(self.device)
        self.changes = 0
        self.outcomes: list[Delivery] = [Delivered()]
        self.state = GatedStore(database)
        self.desk = Desk(self.state, WindowBook(()), self.clock)
        self.settings = SETTINGS
        self.on_call = OnCallDesk(
            self.desk, self.state, self.clock, SEAL, lambda: self.settings, self._changed, self._try
        )

    def _changed(self) -> None:
        self.changes += 1

    async def _try(self, receiver: str) -> tuple[Tried, ...]:
        return tuple(Tried(receiver, number, outcome) for number, outcome in enumerate(self.outcomes, 1))

    async def look(self, *, answers: bool = False) -> None:
        for _ in range(1 if answers else 2):
            value = reading(self.device, EMPTY) if answers else reading(self.device, None, reason=Reason.TIMEOUT)
            self.readings.record(value, self.clock.monotonic())
        await self.clock.advance(1)
        await self.desk.look(self.readings.view(self.clock.now()), INVENTORY, self.settings)

    async def firing(self) -> Alert:
        await self.look()
        return self.alert

    @property
    def fires(self) -> bool:
        return self.alert.state is AlertState.FIRING

    @property
    def alert(self) -> Alert:
        (found,) = (one for one in self.desk.alerts if one.finding.rule == "device_unreachable")
        return found

    async def restart(self) -> Office:
        """What a new process finds on disk."""
        await self.state.close()
        again = Office(self.folder, in_thread(lambda: Database.open(self.folder)), self.clock)
        await again.desk.open()
        return again

    def run(self, statement: str) -> None:
        with closing(sqlite3.connect(self.folder / FILE_NAME)) as other:
            other.execute(statement)

    def fill(self) -> None:
        """No deed can be written from now on."""
        self.run("CREATE TRIGGER full BEFORE INSERT ON deeds BEGIN SELECT RAISE(ABORT, 'disk full'); END")

    def empty(self) -> None:
        self.run("DROP TRIGGER full")

    def silence(
        self, *, reason: str = "Umbau", start: float = 0.0, until: float | None = None, **match: str
    ) -> Silence:
        """A silence as somebody asks for it, of an hour unless said otherwise."""
        end = self.clock.now() + HOUR if until is None else until
        return Silence("", Match.model_validate(match), "on-call", reason, start, end)


async def refusal(work: Awaitable[object]) -> Refused:
    """What is said instead of doing it."""
    with pytest.raises(Refused) as caught:
        await work
    return caught.value
