"""Receivers that fail in every way, over real HTTP: tried on until they take it, in order, and nobody else waits."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, Iterator, MutableMapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from pydantic import SecretStr
from structlog.testing import capture_logs

from agent.alerts.outbox import Outbox
from agent.alerts.routing import message_key
from agent.contract import Alert, AlertState, Finding, Notification, Severity, Subject
from agent.engine.clock import SystemClock
from agent.state.database import Database
from agent.state.store import StateStore
from agent.wire.pools import Pools
from agent.wire.telemetry import MeterBook
from agent.wire.wire import LocalWire
from config.inventory import Inventory
from config.settings import Settings
from exporters.messages.briefing import Briefing
from exporters.notify import deliverers_of
from tests.agent.alerts.handlings import even, make_handling
from tests.chaos.ground import FastClock
from tests.harness.process import wait_until

pytestmark = [
    pytest.mark.integration,
    pytest.mark.filterwarnings("ignore:.imghdr. is deprecated:DeprecationWarning"),  # a plug-in of Apprise
]

LINKS = tuple(f"link-{number}" for number in range(5))
TORN = 0
SCRIPT = (500, 503, TORN, 502, 429, 408, TORN, 504)


@pytest.fixture(autouse=True)
def logs() -> Iterator[list[MutableMapping[str, Any]]]:
    """Rendering a traceback reads source files, which the guard forbids on the loop."""
    with capture_logs() as captured:
        yield captured


@dataclass
class Receiver:
    """Answers by its script, then with 200. ``taken``: what it took, in order; ``refused``: how often it did not."""

    script: deque[int] = field(default_factory=deque[int])
    taken: list[str] = field(default_factory=list[str])
    refused: int = 0

    async def handle(self, request: web.Request) -> web.Response:
        body = await request.text()
        status = self.script.popleft() if self.script else 200
        if status == TORN and request.transport is not None:
            request.transport.abort()
        if status == 200:
            self.taken.append(body)
        else:
            self.refused += 1
        return web.Response(status=status or 500, headers={"Retry-After": "7"} if status == 429 else {})

    def last_word(self, about: str) -> str:
        """Return how the last message that names a link speaks of it."""
        told = [body for body in self.taken if about in body]
        return next((word for word in ("RESOLVED", "CRITICAL") if told and word in told[-1]), "")

    def knows(self, word: str) -> bool:
        """Whether that is the last word on every link."""
        return all(self.last_word(name) == word for name in LINKS)


@dataclass
class Scene:
    """An outbox with two receivers; ``raise_alerts`` commits that every link fires, or is over."""

    store: StateStore
    outbox: Outbox
    clock: FastClock
    steady: Receiver
    shaky: Receiver

    async def raise_alerts(self, state: AlertState) -> None:
        now = self.clock.now()
        found = [Finding("link_down", Subject("link", name), Severity.CRITICAL, f"{name} is down") for name in LINKS]
        alerts = [Alert(f"id-{one.subject.id}", one, state, now, now) for one in found]
        notes = [Notification(message_key(one, to), to, one, now, now) for one in alerts for to in ("steady", "shaky")]
        await self.store.commit({one.finding.key: one for one in alerts}, (), notes)
        self.outbox.wake()


@asynccontextmanager
async def scene(directory: Path) -> AsyncGenerator[Scene]:
    steady, shaky = Receiver(), Receiver(deque(SCRIPT))
    app = web.Application()
    app.router.add_post("/steady", steady.handle)
    app.router.add_post("/shaky", shaky.handle)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    host, port = runner.addresses[0][:2]
    clock, telemetry = FastClock(SystemClock().monotonic()), MeterBook()
    wire = LocalWire(clock, telemetry, Pools())
    database = await asyncio.to_thread(Database.open, directory)
    store = StateStore(database, wire)
    settings = Settings.model_validate({"municipality": {"language": "en"}})
    briefing = Briefing.of(Inventory.model_validate({"sites": {"rathaus": {}}}), settings, None)
    ways = {name: (SecretStr(f"json://{host}:{port}/{name}"),) for name in ("steady", "shaky")}
    deliverers = {name: deliverers_of(name, urls, briefing, wire) for name, urls in ways.items()}
    outbox = Outbox(store, deliverers, clock, telemetry, make_handling(), even)
    running = asyncio.create_task(outbox.run())
    try:
        yield Scene(store, outbox, clock, steady, shaky)
    finally:
        outbox.stop()
        await running
        await store.close()
        await runner.cleanup()


async def test_every_transient_fault_is_tried_again_in_order_and_delays_nobody_else(
    tmp_path: Path, logs: list[MutableMapping[str, Any]]
) -> None:
    async with scene(tmp_path) as here:
        await here.raise_alerts(AlertState.FIRING)

        async def all_fire() -> bool:
            return here.steady.knows("CRITICAL")

        await wait_until(all_fire, "the steady receiver has all of them")
        await here.raise_alerts(AlertState.RESOLVED)

        async def all_over() -> bool:
            return here.steady.knows("RESOLVED") and here.shaky.knows("RESOLVED")

        await wait_until(all_over, "both know that everything is over")
        assert len(here.shaky.taken) == len(set(here.shaky.taken)), "nothing twice"
        assert (here.steady.refused, here.shaky.refused) == (0, len(SCRIPT))
        assert "unexpected error" not in {one["event"] for one in logs}
        assert here.store.waiting() == ()
