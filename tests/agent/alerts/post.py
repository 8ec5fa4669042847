"""A post office to watch: receivers that answer as told, a desk that posts, the outbox in between."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path

from agent.alerts.handling import Handling
from agent.alerts.outbox import Outbox
from agent.alerts.routing import message_key
from agent.contract import (
    Alert,
    AlertState,
    Delivered,
    Delivery,
    Finding,
    FindingKey,
    Notification,
    Parcel,
    Retry,
    Sent,
    Severity,
    Subject,
)
from agent.state.database import Database
from agent.state.memory import recall
from agent.state.store import StateStore
from tests.agent.alerts.handlings import even, make_handling
from tests.harness.clock import FakeClock, settle
from tests.harness.fakes import FakeTelemetry, FakeWire, in_thread

DOWN = Retry(0, "no answer")


class Inbox:
    """A receiver that answers as told, or as a script says; keeps what came."""

    def __init__(self, *script: Delivery) -> None:
        self.script = list(script)
        self.parcels: list[Parcel] = []
        self.before: Callable[[], Awaitable[None]] | None = None

    @property
    def got(self) -> list[Notification]:
        """Everything that came, message by message."""
        return [one for parcel in self.parcels for one in parcel.notifications]

    async def deliver(self, parcel: Parcel) -> Delivery:
        if self.before is not None:
            await self.before()
        self.parcels.append(parcel)
        return self.script.pop(0) if self.script else Delivered()


class Fallible(Inbox):
    """Answers with ``down`` as long as it is set."""

    def __init__(self, down: Delivery = DOWN) -> None:
        super().__init__()
        self.down: Delivery | None = down
        self.tries: list[Parcel] = []

    async def deliver(self, parcel: Parcel) -> Delivery:
        self.tries.append(parcel)
        return await super().deliver(parcel) if self.down is None else self.down


def held_up() -> tuple[Inbox, asyncio.Event]:
    """A receiver that accepts once the event is set."""
    inbox, gate = Inbox(), asyncio.Event()

    async def wait_at_gate() -> None:
        await gate.wait()

    inbox.before = wait_at_gate
    return inbox, gate


def alert(name: str = "a1", state: AlertState = AlertState.FIRING) -> Alert:
    found = Finding("link_down", Subject("link", name), Severity.CRITICAL, "summary")
    return Alert(name, found, state, 0.0, 0.0)


class Desk:
    """``inboxes``: by receiver; or by receiver and way, where it has several."""

    def __init__(
        self, tmp_path: Path, inboxes: Mapping[str, Inbox | Mapping[str, Inbox]], handling: Handling | None = None
    ) -> None:
        self.clock = FakeClock()
        self.wire = FakeWire(at_once=True)
        self.database = in_thread(lambda: Database.open(tmp_path))
        self.store = StateStore(self.database, self.wire)
        self.telemetry = FakeTelemetry()
        ways = {name: one if isinstance(one, Mapping) else {"1": one} for name, one in inboxes.items()}
        self.outbox = Outbox(self.store, ways, self.clock, self.telemetry, handling or make_handling(), even)
        self.alerts: dict[FindingKey, Alert] = {}

    async def post(self, one: Alert, *receivers: str, after: float = 0.0) -> None:
        now = self.clock.now()
        self.alerts[one.finding.key] = one
        notes = [Notification(message_key(one, to), to, one, now, now + after) for to in receivers]
        await self.store.commit(self.alerts, (), notes)
        self.outbox.wake()
        await settle()

    def open(self) -> list[Sent]:
        """What the file holds as not at its end."""
        again = in_thread(lambda: recall(sqlite3.connect(self.database.path)))
        return list(again.waiting.values())

    def start(self) -> asyncio.Task[None]:
        return asyncio.create_task(self.outbox.run())


async def finish(desk: Desk, running: asyncio.Task[None]) -> None:
    desk.outbox.stop()
    await running
