"""Rendering the county's 384,000 series: our page against ``prometheus_client.generate_latest``, in turns."""

from __future__ import annotations

import asyncio
import gc
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import partial
from statistics import median
from typing import NamedTuple

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, Metric
from prometheus_client.registry import Collector

from agent.contract import Column, JobState, Layout, MetricFamily, Reading, Series, Snapshot, Subject, Table
from agent.layout import make_rows
from exporters.prometheus.page import PrometheusPage

DEVICES, FAMILIES, PORTS = 1000, 8, 48
SERIES = DEVICES * FAMILIES * PORTS
ROUNDS = 3


class Rendered(NamedTuple):
    """Median CPU seconds of one page on each side."""

    ours_seconds: float
    peer_seconds: float
    lines: int


class _NoView:
    """A store without jobs; the page shows tables only."""

    now = 0.0

    def jobs(self, subject: Subject | None = None) -> Iterable[JobState]:
        del subject
        return ()

    def series(self, family: str, subject: Subject | None = None) -> Iterator[Series]:
        del family, subject
        return iter(())

    def families(self) -> Iterable[str]:
        return ()

    def columns(self, family: str, subject: Subject | None = None) -> Iterator[tuple[Reading, Column]]:
        del family, subject
        return iter(())


class _Prebuilt(Collector):
    """Hands out finished metrics, so that the peer is charged for its rendering only."""

    def __init__(self, metrics: list[Metric]) -> None:
        self._metrics = metrics

    def collect(self) -> Iterable[Metric]:
        """Return the same metrics each time."""
        return self._metrics


def _values(device: int) -> list[float]:
    return [float(device * 10**6 + index * 997) for index in range(FAMILIES * PORTS)]


def _rows() -> list[tuple[str, str, str, str]]:
    return [(str(port), f"Gi0/{port}", f"GigabitEthernet0/{port}", f"Raum {port}") for port in range(1, PORTS + 1)]


LABELS = ("ifIndex", "ifName", "ifDescr", "ifAlias")


def our_snapshot() -> Snapshot:
    """Return 1,000 devices of 8 families (the county's numeric columns) over 48 ports."""
    families = [MetricFamily(f"bench{index}_total", "counter", "Benchmark.", LABELS) for index in range(FAMILIES)]
    tables: list[Table] = []
    for device in range(DEVICES):
        rows = make_rows(LABELS, _rows())
        columns = tuple(Column(family, rows, index * PORTS) for index, family in enumerate(families))
        labels = (("device", f"sw-{device}"), ("instance", f"sw-{device}"), ("site", "kreishaus"))
        tables.append(Table(labels, Layout(columns, FAMILIES * PORTS), _values(device)))
    return Snapshot(at=0.0, view=_NoView(), tables=tuple(tables), alerts=(), own=())


def peer_registry() -> CollectorRegistry:
    """Return the same series as prometheus_client holds them."""
    metrics: list[Metric] = []
    for family in range(FAMILIES):
        metric = CounterMetricFamily(f"bench{family}", "Benchmark.", labels=("device", "instance", "site", *LABELS))
        for device in range(DEVICES):
            values = _values(device)[family * PORTS : (family + 1) * PORTS]
            for row, value in zip(_rows(), values, strict=True):
                metric.add_metric((f"sw-{device}", f"sw-{device}", "kreishaus", *row), value)
        metrics.append(metric)
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Prebuilt(metrics))
    return registry


def _risen(snapshot: Snapshot, by: int) -> Snapshot:
    """Return the snapshot of a later poll: the same layouts, every counter higher."""
    tables = (replace(table, values=[value + by for value in table.values]) for table in snapshot.tables)
    return replace(snapshot, tables=tuple(tables))


def _cpu(work: Callable[[], None]) -> float:
    gc.collect()
    begun = time.process_time()
    work()
    return time.process_time() - begun


def compare() -> Rendered:
    """Render in turns. Raises RuntimeError if the two pages do not show the same series."""
    page, snapshot, registry = PrometheusPage(), our_snapshot(), peer_registry()
    pages: dict[str, bytes] = {}

    async def render(now: Snapshot) -> None:  # returns nothing: asyncio.Runner spends 50 ms on the repr of a 15 MB page
        pages["ours"] = bytes(await page.render(now, openmetrics=False))

    def generate() -> None:
        pages["peer"] = generate_latest(registry)

    def draw(now: Snapshot) -> None:
        runner.run(render(now))

    with asyncio.Runner() as runner:
        turns: list[tuple[float, float]] = []
        for left in reversed(range(ROUNDS + 1)):  # each page brings new values; the last one those of the peer
            now = _risen(snapshot, left)
            turns.append((_cpu(partial(draw, now)), _cpu(generate)))
    shown = _series(pages["ours"])
    if shown != _series(pages["peer"]) or len(shown) != SERIES:
        raise RuntimeError("the two pages differ")
    return Rendered(median(ours for ours, _ in turns[1:]), median(peer for _, peer in turns[1:]), len(shown))


def _series(page: bytes) -> set[tuple[bytes, frozenset[bytes], float]]:
    """Return the page as a set: name, labels in any order, value."""
    found: set[tuple[bytes, frozenset[bytes], float]] = set()
    for line in page.splitlines():
        if line and not line.startswith(b"#"):
            name, _, rest = line.partition(b"{")
            labels, _, value = rest.rpartition(b"} ")
            found.add((name, frozenset(labels.split(b",")), float(value)))
    return found
