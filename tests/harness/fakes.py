"""Small stand-ins for what the contract hands around: the wire, telemetry, a view of the store."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from agent.contract import (
    Column,
    Harvest,
    Heartbeat,
    JobKey,
    JobState,
    LabelPairs,
    Layout,
    MetricFamily,
    Reading,
    Rows,
    Series,
    Subject,
    Target,
    Telemetry,
)
from agent.families import NOTIFICATIONS
from agent.wire.pools import SIZES

T = TypeVar("T")


class FakeTelemetry:
    """Implements ``contract.Telemetry``; ``values`` holds counters and gauges by family name and labels."""

    def __init__(self) -> None:
        self.values: dict[tuple[str, LabelPairs], float] = {}

    def count(self, family: MetricFamily, labels: LabelPairs = (), by: float = 1) -> None:
        """Add to a counter."""
        self.values[family.name, labels] = self.values.get((family.name, labels), 0) + by

    def set(self, family: MetricFamily, labels: LabelPairs, value: float) -> None:
        """Set a gauge."""
        self.values[family.name, labels] = value

    def outcomes(self, receiver: str) -> dict[str, float]:
        """How often each outcome of a notification was counted for this receiver."""
        return {
            labels[1][1]: value
            for (name, labels), value in self.values.items()
            if name == NOTIFICATIONS.name and labels[0][1] == receiver
        }


def in_thread(call: Callable[[], T]) -> T:
    """Run a blocking call in a thread and wait for it on the spot."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(call).result()


class FakeWire:
    """Implements ``contract.Wire``: every host is its own address, blocking calls run in a thread.

    ``at_once``: the loop stands still until such a call has ended, so that a fake clock suffices. Its time is
    FakeClock's first moment.
    """

    def __init__(self, telemetry: Telemetry | None = None, *, at_once: bool = False) -> None:
        self.telemetry: Telemetry = telemetry or FakeTelemetry()
        self.reported: dict[str, Heartbeat] = {}
        self._at_once = at_once

    def now(self) -> float:
        """Return always the same moment."""
        return 1_800_000_000.0

    async def resolve(self, host: str, prefer: int | None = None) -> str:
        """Return the host."""
        return host

    def heartbeat(self, service: str) -> Heartbeat | None:
        """Return what the test has put there."""
        return self.reported.get(service)

    async def blocking(self, pool: str, call: Callable[[], T]) -> T:
        """Run the call; the pool must be one that the real wire has."""
        assert pool in SIZES, f"no such pool: {pool}"
        if not self._at_once:
            return await asyncio.to_thread(call)
        loop = asyncio.get_running_loop()
        done: asyncio.Future[T] = loop.create_future()

        def work() -> None:
            try:
                result = in_thread(call)
            except Exception as error:  # noqa: BLE001  # handed to whoever waits
                if not done.done():
                    done.set_exception(error)
            else:
                if not done.done():
                    done.set_result(result)

        loop.call_soon(work)
        return await done


class FakeView:
    """Implements ``contract.View`` over these jobs and series, each series with its family's name."""

    def __init__(
        self, jobs: Iterable[JobState] = (), series: Iterable[tuple[str, Series]] = (), now: float = 0.0
    ) -> None:
        self.now = now
        self._jobs = tuple(jobs)
        self._series = tuple(series)

    def jobs(self, subject: Subject | None = None) -> Iterable[JobState]:
        """Return every job's state, or those of one subject."""
        return [job for job in self._jobs if subject in {None, job.key.subject}]

    def series(self, family: str, subject: Subject | None = None) -> Iterator[Series]:
        """Yield the series of a family, of one subject or of all."""
        for name, series in self._series:
            if name == family and subject in {None, series.subject}:
                yield series

    def families(self) -> Iterable[str]:
        """Return the name of every family."""
        return {name for name, _ in self._series}

    def columns(self, family: str, subject: Subject | None = None) -> Iterator[tuple[Reading, Column]]:
        """Yield a reading of one series for each series of the family, of one subject or of all."""
        for name, one in self._series:
            if name == family and subject in {None, one.subject}:
                rows = Rows(tuple(one.labels), (tuple(one.labels.values()),))
                column = Column(MetricFamily(family, "gauge", family, rows.names), rows, 0)
                target = Target(one.subject, one.site)
                harvest = Harvest(Layout((column,), 1), (one.value,))
                yield Reading(JobKey(one.subject, "fake"), target, one.at, 0.0, harvest), column
