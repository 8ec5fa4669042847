"""Own rules at the desk: held, cleared, kept through silence and reload, and looked at in portions."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, cast

import pytest

from agent.contract import Alert, AlertState, FindingKey, Harvest, MetricFamily, Reason, Trouble
from agent.engine.judgement import Desk
from agent.engine.store import Store
from agent.engine.windows import WindowBook
from agent.layout import LayoutCache, Sample
from agent.risk import watch
from agent.state.store import StateStore
from config.inventory import Inventory
from config.settings import Settings
from tests.agent.engine.fakes import job, reading
from tests.harness.clock import FakeClock
from tests.harness.kept import Kept

QUEUE = MetricFamily("windows_printqueue_jobs", "gauge", "Jobs.", ("name",))
RULE = {"select": 'windows_printqueue_jobs{device="a"}', "above": 200, "hold": "15m", "clear": "1m"}
SETTINGS = Settings()
LOOK_SECONDS = 240.0


class State(Kept):
    """Writes at once."""

    unwritten = False
    troubles: Mapping[str, Trouble] = MappingProxyType({})
    damaged: tuple[Path, ...] = ()

    async def load_alerts(self) -> dict[FindingKey, Alert]:
        return {}

    async def commit(self, *_: object) -> None:
        return


class Office:
    """One server whose print queue is read, and a desk with the rules given."""

    def __init__(self, **rules: Mapping[str, Any]) -> None:
        self.clock = FakeClock()
        self.store = Store()
        self.desk = Desk(cast("StateStore", State()), WindowBook(()), self.clock)
        self.server = job(check="scrape")
        self.store.add(self.server)
        self.cache = LayoutCache()
        self.configure(**rules)

    def configure(self, **rules: Mapping[str, Any]) -> None:
        self.inventory = Inventory.model_validate({"rules": rules})

    def reads(self, *queues: float) -> None:
        layout, values = self.cache.arrange(Sample(QUEUE, (str(n),), value) for n, value in enumerate(queues))
        brought = Harvest(layout, values)
        self.store.record(reading(self.server, brought, at=self.clock.now()), self.clock.monotonic())

    def fails(self) -> None:
        failed = reading(self.server, None, at=self.clock.now(), reason=Reason.TIMEOUT)
        self.store.record(failed, self.clock.monotonic())

    async def look(self, after: float = 0.0) -> dict[str, AlertState]:
        """Let time pass, looking each four minutes: after a longer gap nobody would know what was between."""
        while after > LOOK_SECONDS:
            await self._look(LOOK_SECONDS)
            after -= LOOK_SECONDS
        await self._look(after)
        return {one.finding.rule: one.state for one in self.desk.alerts}

    async def _look(self, after: float) -> None:
        await self.clock.advance(after)
        self.store.expire(self.clock.monotonic())
        await self.desk.look(self.store.view(self.clock.now()), self.inventory, SETTINGS)


async def test_a_rule_fires_after_its_own_hold_and_ends_after_its_own_clear() -> None:
    office = Office(stau=RULE)
    office.reads(201.0)
    assert await office.look() == {"stau": AlertState.PENDING}
    for seconds in (*[60] * 14, 59):
        office.reads(240.0)
        assert await office.look(seconds) == {"stau": AlertState.PENDING}
    office.reads(250.0)
    assert await office.look(1) == {"stau": AlertState.FIRING}
    office.reads(3.0)
    assert await office.look(1) == {"stau": AlertState.FIRING}
    office.reads(3.0)
    assert await office.look(60) == {"stau": AlertState.RESOLVED}


async def test_an_alert_outlasts_the_silence_of_its_device_and_a_reload() -> None:
    office = Office(stau={**RULE, "hold": "0s"})
    office.reads(201.0)
    assert await office.look() == {"stau": AlertState.FIRING}
    office.fails()
    states = await office.look(3600)
    assert states["stau"] is AlertState.FIRING
    office.configure(stau={**RULE, "hold": "0s"}, mehr={"select": "windows_printqueue_jobs", "above": 1})
    office.reads(201.0)
    states = await office.look(1)
    assert states["stau"] is AlertState.FIRING
    assert states["mehr"] is AlertState.PENDING
    office.configure()
    await office.look(1)
    assert (await office.look(120))["stau"] is AlertState.RESOLVED


async def test_others_get_their_turn_while_a_large_look_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watch, "PORTION", 10)
    office = Office(**{f"r{number}": {"select": "windows_printqueue_jobs", "above": number} for number in range(50)})
    office.reads(*(0.0 for _ in range(100)))
    turns = 0

    async def other() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    task = asyncio.create_task(other())
    await office.look()
    task.cancel()
    assert turns > 50
