"""A desk with a state store that does as told."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import cast

from agent.contract import (
    Alert,
    AlertState,
    Deed,
    FindingKey,
    Job,
    Notification,
    Reason,
    Silence,
    Transition,
    Trouble,
)
from agent.engine.judgement import Desk
from agent.engine.store import Store
from agent.engine.windows import WindowBook
from agent.state.database import StateError
from agent.state.ledger import Ledger
from agent.state.store import StateStore
from config.inventory import Inventory
from config.settings import Settings
from tests.agent.engine.fakes import job, reading
from tests.harness.clock import FakeClock
from tests.harness.kept import Kept

INVENTORY = Inventory.model_validate({"sites": {"rathaus": {}}})
ALERTING = {
    "hold": {"critical": 0},
    "receivers": {"on-call": {"apprise": [{"env": "PATH"}]}},
    "routes": [{"receivers": ["on-call"]}],
}
SETTINGS = Settings.model_validate({"alerting": ALERTING})


class State(Kept):
    """A state store that writes like the real one; ``gate`` holds a commit up, ``broken`` refuses it."""

    def __init__(self) -> None:
        super().__init__()
        self.alerts: dict[FindingKey, Alert] = {}
        self.transitions: set[tuple[str, AlertState, float]] = set()
        self.silenced: dict[str, Silence] = {}
        self.deeds: tuple[Deed, ...] = ()
        self.commits = 0
        self.held: list[Notification] = []
        self.unwritten = False
        self.troubles: dict[str, Trouble] = {}
        self.damaged: tuple[Path, ...] = ()
        self.gate = asyncio.Event()
        self.gate.set()
        self.broken = False

    async def load_alerts(self) -> dict[FindingKey, Alert]:
        return dict(self.alerts)

    def hold(self, notifications: Iterable[Notification]) -> None:
        self.held = list(notifications)

    def silences(self) -> Mapping[str, Silence]:
        return dict(self.silenced)

    async def commit(
        self,
        alerts: Mapping[FindingKey, Alert],
        transitions: Iterable[Transition],
        messages: Iterable[Notification],
        done: Ledger,
    ) -> None:
        self.commits += 1
        await self.gate.wait()
        if self.broken:
            raise StateError("disk full")
        self.alerts = dict(alerts)
        self.silenced |= {one.id: one for one in done.silences}
        self.deeds += done.deeds
        self.alarms |= {one.receiver: one for one in done.tests}
        self.transitions |= {(one.alert.id, one.alert.state, one.at) for one in transitions}
        for one in messages:
            self.messages.setdefault(one.key, one)


class Scene:
    """A device that does not answer, one store and one desk."""

    def __init__(self) -> None:
        self.clock = FakeClock()
        self.state = State()
        self.desk = self.new_desk()
        self.store = Store()
        silent: Job = job()
        self.store.add(silent)
        for _ in range(2):
            self.store.record(reading(silent, None, reason=Reason.TIMEOUT), self.clock.monotonic())

    def new_desk(self) -> Desk:
        return Desk(cast("StateStore", self.state), WindowBook(()), self.clock)

    async def look(self, settings: Settings = SETTINGS) -> tuple[Transition, ...]:
        return await self.desk.look(self.store.view(self.clock.now()), INVENTORY, settings)
