"""A collector that does as told, and what the engine's tests build from it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from typing import Any

from pydantic import BaseModel, ConfigDict

from agent.contract import (
    Collector,
    CollectorSpec,
    Harvest,
    Job,
    JobKey,
    LabelPairs,
    Layout,
    MetricFamily,
    Plan,
    Reading,
    Subject,
    Target,
    Unreachable,
    Wire,
)
from agent.engine.engine import Engine
from agent.engine.windows import WindowBook
from agent.layout import LayoutCache, Sample
from agent.wire.pools import Pools
from agent.wire.telemetry import MeterBook
from agent.wire.wire import LocalWire
from tests.harness.clock import FakeClock

SPEED = MetricFamily("fan_speed_rpm", "gauge", "Speed of a fan.", ("fan",))
OCTETS = MetricFamily("octets_total", "counter", "Octets.", ("port",))

Step = BaseException | Harvest | float


class FakeParams(BaseModel):
    model_config = ConfigDict(frozen=True)
    tag: str = ""


class FakeCollector:
    """Plays its steps in order, the last one for ever: an error is raised, a harvest returned, a number slept first."""

    def __init__(self, clock: FakeClock, *steps: Step) -> None:
        self.clock = clock
        self.steps = list(steps)
        self.started: list[float] = []
        self.closed = False
        self.running = 0
        self.most_at_once = 0

    async def collect(self) -> Harvest:
        self.started.append(self.clock.monotonic())
        self.running += 1
        self.most_at_once = max(self.most_at_once, self.running)
        try:
            return await self._play()
        finally:
            self.running -= 1

    async def _play(self) -> Harvest:
        step = self.steps.pop(0) if len(self.steps) > 1 else self.steps[0] if self.steps else harvest()
        if isinstance(step, BaseException):
            raise step
        if isinstance(step, Harvest):
            return step
        await self.clock.sleep(step)
        return harvest()

    async def close(self) -> None:
        self.closed = True


class RevivableCollector(FakeCollector):
    """Answers single packets only once ``alive``; until then it is silent for as long as its timeout."""

    def __init__(self, clock: FakeClock, *, patience: float = 5.0) -> None:
        super().__init__(clock)
        self.alive = False
        self.patience = patience
        self.revived: list[float] = []

    async def _play(self) -> Harvest:
        await self._answer()
        return harvest()

    async def revive(self) -> None:
        self.revived.append(self.clock.monotonic())
        await self._answer()

    async def _answer(self) -> None:
        if not self.alive:
            await self.clock.sleep(self.patience)
            raise Unreachable("no answer")


def harvest(*values: float) -> Harvest:
    layout, arranged = LayoutCache().arrange(Sample(SPEED, (str(fan),), value) for fan, value in enumerate(values))
    return Harvest(layout, arranged)


def target(name: str = "a", site: str | None = "rathaus") -> Target:
    return Target(Subject("device", name), site=site, host="127.0.0.1")


def job(name: str = "a", *, check: str = "snmp", interval: float = 60.0, phase: float = 0.0, tag: str = "") -> Job:
    who = target(name)
    return Job(JobKey(who.subject, check), "fake", who, FakeParams(tag=tag), interval, phase, 3 * interval)


def reading(of: Job, brought: Harvest | None, at: float = 1000.0, **failure: Any) -> Reading:
    return Reading(of.key, of.target, at, 0.1, brought, **failure)


class Bench:
    """An engine on a fake clock whose collectors are handed in by job."""

    def __init__(self) -> None:
        self.clock = FakeClock()
        self.meters = MeterBook()
        self.windows = WindowBook(())
        self.wire = LocalWire(self.clock, self.meters, Pools())
        self.collectors: dict[str, FakeCollector] = {}
        self.make: Callable[[Target], FakeCollector] = lambda _target: FakeCollector(self.clock)
        spec = CollectorSpec("fake", FakeParams, (SPEED,), self._build)
        self.engine = Engine(self.clock, {"fake": spec}, self.wire, self.meters, self.windows)
        self._built: set[str] = set()
        self._run: asyncio.Task[None] | None = None

    def _build(self, who: Target, _params: Any, _wire: Wire) -> Collector:
        name = who.subject.id
        if name in self._built or name not in self.collectors:
            self.collectors[name] = self.make(who)
        self._built.add(name)
        return self.collectors[name]

    async def start(self, *jobs: Job) -> None:
        await self.engine.apply(Plan(jobs))
        self._run = asyncio.create_task(self.engine.run())

    async def stop(self) -> None:
        await self.engine.stop()
        if self._run is not None:
            await self._run

    def meter(self, family: MetricFamily) -> dict[LabelPairs, float]:
        return {labels: value for known, series in self.meters.own() if known is family for labels, value in series}

    def published(self) -> dict[tuple[str, LabelPairs], float]:
        return {
            (column.family.name, table.labels + tuple(zip(column.rows.names, row, strict=True))): value
            for table in self.engine.tables()
            for column in table.layout.columns
            for row, value in zip(column.rows.values, table.values[column.start : column.stop], strict=True)
        }


def names(published: Iterable[tuple[str, LabelPairs]]) -> set[str]:
    return {name for name, _ in published}


EMPTY = Layout()
