"""Since when does a temperature take its course, and is that still the course? Pure; points are (seconds, °C)."""

from __future__ import annotations

import math
from collections.abc import Iterator
from statistics import median
from typing import NamedTuple

from agent.risk.heat.shapes import LEAST_POINTS, Points, straight_line

_LATER = 3.0  # chi square: a later beginning is taken where it explains the points nearly as well
_OLD_POINTS = (48, 24, 12, 6)  # of the course before a change, from which a rise departs: as many as lie on a line


def cleaned(points: Points, noise: float) -> list[tuple[float, float]]:
    """Return the points with single outliers replaced by the median of their neighbourhood (Hampel)."""
    values = [value for _, value in points]
    kept: list[tuple[float, float]] = []
    for number, (at, value) in enumerate(points):
        near = values[max(0, number - 2) : number + 3]
        middle = median(near)
        lonely = len(near) == 5 and abs(value - middle) > 5 * noise and abs(near[1] - near[3]) < 4 * noise
        kept.append((at, middle if lonely else value))
    return kept


def last_break(points: Points, noise: float, least: int, gain: float = 16.0) -> int:
    """Return where the course last changed: number of the first point of the line that holds since; 0 if it never did.

    Two lines must explain the points better than one by ``gain`` (in chi square); the second one has at least ``least``
    points, the first one three.
    """
    sums = _Sums.of(points)
    whole = sums.misfit(0, len(points))
    best, where = whole - gain * noise**2, 0
    for start in range(3, len(points) - least + 1):
        both = sums.misfit(0, start) + sums.misfit(start, len(points))
        if both < best:
            best, where = both, start
    return where


def last_course(points: Points, noise: float, least: int) -> Points:
    """Return the points since the course last changed, of the shortest stretch in which a change is seen.

    Points that still belong to the course before are left out: the two lines meet where it changed.
    """
    size = least + 6
    while True:
        tail = points[-size:]
        start = last_break(tail, noise, least)
        if start or size >= len(points):
            break
        size = size * 3 // 2
    return _trimmed(points[: len(points) - len(tail) + start], tail[start:], noise) if start else tail


def _trimmed(before: Points, since: Points, noise: float) -> Points:
    """Leave out what still follows the line before: best is the moment from which a ramp off it explains the rest."""
    old = straight_line(next((one for size in _OLD_POINTS if straight(one := before[-size:], noise)), before[-3:]))
    rests = [(at - since[0][0], value - old.at(at)) for at, value in since]
    count = time = rest = time_squared = both = 0.0
    gains: list[float] = []
    for at, off in reversed(rests):
        # squares that a ramp from this point on explains
        across = both - at * rest
        lengths = time_squared - 2 * at * time + count * at * at
        gains.append(across * across / lengths if lengths > 0 else 0.0)
        count, time, rest = count + 1, time + at, rest + off
        time_squared, both = time_squared + at * at, both + at * off
    gains.reverse()
    usable = gains[: max(1, len(since) - LEAST_POINTS + 1)]
    good = max(usable) - _LATER * noise**2
    return since[max(number for number, gain in enumerate(usable) if gain >= good) :]


def dying_down(points: Points, noise: float) -> bool:
    """Whether a rise has lost most of its pace in its last quarter, as after a door was closed.

    The mean of the last quarter of the points is held against the line through those before.
    """
    tail = max(2, len(points) // 4)
    head = points[:-tail]
    if len(head) < 3:
        return True
    line = straight_line(head)
    ahead = sum(at - head[-1][0] for at, _ in points[-tail:]) / tail
    missing = sum(line.at(at) - value for at, value in points[-tail:]) / tail
    return missing > 0.5 * line.slope * ahead + 0.6 * noise


def straight(points: Points, noise: float) -> bool:
    """Whether a straight line is all that the points show, at a scatter of ``noise`` (K) each."""
    count = len(points) - 2
    return count > 0 and straight_line(points).squares / noise**2 <= count + 2 * math.sqrt(2 * count)


class _Sums(NamedTuple):
    """Running sums, from which the squares that a line leaves follow for any stretch."""

    rows: tuple[tuple[float, float, float, float, float], ...]

    @classmethod
    def of(cls, points: Points) -> _Sums:
        return cls(tuple(_running(points)))

    def misfit(self, start: int, stop: int) -> float:
        """Return the sum of squares that the best line through the points from ``start`` to before ``stop`` leaves."""
        x, y, xx, xy, yy = (after - before for before, after in zip(self.rows[start], self.rows[stop], strict=True))
        count = stop - start
        spread = xx - x * x / count
        both = xy - x * y / count
        return max(0.0, yy - y * y / count - (both * both / spread if spread > 0 else 0.0))


def _running(points: Points) -> Iterator[tuple[float, float, float, float, float]]:
    start, first = points[0]
    x = y = xx = xy = yy = 0.0
    yield x, y, xx, xy, yy
    for at, value in points:
        seconds, above = at - start, value - first
        x, y, xx, xy, yy = x + seconds, y + above, xx + seconds * seconds, xy + seconds * above, yy + above * above
        yield x, y, xx, xy, yy
