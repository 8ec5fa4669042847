"""What one more device costs: rounds over 100 to 2,000 devices, poll to rendered line, each in a fresh process."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from tests.bench.farm import farm
from tests.bench.plot import Plot
from tests.bench.polling import polling_process
from tests.bench.procs import usage

COLUMNS_READ = frozenset({"ifName", "ifHCInOctets", "ifHCOutOctets"})
"""Fewer than the county's: the agent, which answers for all devices, would take minutes for these."""
ROUNDS = {100: 6, 200: 4, 500: 2, 1000: 1, 2000: 1}
"""Rounds that count by devices: /proc counts CPU in hundredths of a second."""

WARM_UP = 3
"""Rounds before those that count: layouts, templates, and what is learnt of each device in its first polls."""


class Point(NamedTuple):
    """What one round over so many devices cost."""

    devices: int
    cpu_seconds: float
    rss_bytes: int

    @property
    def each(self) -> float:
        """CPU seconds for a device and round."""
        return self.cpu_seconds / self.devices


def measure() -> tuple[Point, ...]:
    """Return a point for each number of devices. Raises RuntimeError if a poll fails."""
    return tuple(_points())


def _points() -> Iterator[Point]:
    for devices, rounds in ROUNDS.items():
        with farm(devices, COLUMNS_READ) as agent, polling_process(agent, COLUMNS_READ) as poller:
            for _ in range(WARM_UP):
                poller.round()
            before = usage(poller.pid)
            for _ in range(rounds):
                poller.round()
            after = usage(poller.pid)
        yield Point(devices, (after.cpu_seconds - before.cpu_seconds) / rounds, after.rss_bytes)


def growth(points: Sequence[Point]) -> float:
    """Return how much more a device costs among the most devices than among the fewest: 1 is exactly linear."""
    return points[-1].each / points[0].each


def picture(points: Sequence[Point]) -> Plot:
    """Return CPU a round over the number of devices."""
    marks = tuple((float(point.devices), point.cpu_seconds) for point in points)
    return Plot("CPU for a round over all devices", "devices", "seconds", marks)
