"""From the octets that a port counted to bit rates on a grid of five minutes, the same for all ports."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

STEP_SECONDS = 300.0

# Longer without a reading, and nobody knows when in between the octets flowed.
MAX_GAP_SECONDS = 900.0

_BITS = 8
_UNKNOWN = math.nan

Points = Sequence[tuple[float, float]]


class Grid(NamedTuple):
    """``length`` slots of five minutes, the first being ``first * STEP_SECONDS`` after the epoch."""

    first: int
    length: int

    @classmethod
    def of(cls, now: float, span_seconds: float) -> Grid:
        """Return the slots that are over, of the span up to ``now``."""
        length = int(span_seconds // STEP_SECONDS)
        return cls(int(now // STEP_SECONDS) - length, length)


def rates(octets: Points, grid: Grid, limit: float = math.inf) -> list[float]:
    """Return the mean bit rate in each slot; NaN where it is not known, or beyond ``limit`` bits per second.

    ``octets``: what was counted since some moment, (seconds since the epoch, octets), never falling.
    """
    borders = _read_borders(octets, grid)
    counted = _at_borders(octets, grid, borders)
    found = [
        rate if (rate := (after - before) * _BITS / STEP_SECONDS) <= limit else _UNKNOWN
        for before, after in pairwise(counted)
    ]
    return [_UNKNOWN] * borders.start + found + [_UNKNOWN] * (grid.length - borders.start - len(found))


def latest(octets: Points, now: float, limit: float = math.inf) -> float | None:
    """Return the bit rate between the last two readings; None where they are too old or too far apart.

    None as well beyond ``limit`` bits per second.
    """
    if len(octets) < 2:
        return None
    (before, less), (after, more) = octets[-2], octets[-1]
    if now - after > MAX_GAP_SECONDS or not 0 < after - before <= MAX_GAP_SECONDS:
        return None
    rate = (more - less) * _BITS / (after - before)
    return rate if rate <= limit else None


def _read_borders(octets: Points, grid: Grid) -> range:
    """Return the borders between slots that lie within the readings: a daemon knows few of them in its first days."""
    if not octets:
        return range(0)
    first = math.ceil(octets[0][0] / STEP_SECONDS) - grid.first
    last = math.floor(octets[-1][0] / STEP_SECONDS) - grid.first
    return range(min(max(first, 0), grid.length), min(last, grid.length) + 1)


def _at_borders(octets: Points, grid: Grid, borders: range) -> list[float]:
    """Return what had been counted at each of the borders, on a straight line between two readings."""
    found = [_UNKNOWN] * len(borders)
    readings = iter(octets)
    at, value = next(readings, (math.inf, 0.0))
    border, moment = 0, (grid.first + borders.start) * STEP_SECONDS
    for later, more in readings:
        gap = later - at
        known = 0 < gap <= MAX_GAP_SECONDS
        # what had been counted when a silence ended is known again
        while (moment <= later if known else moment < later) and border < len(found):
            if known and moment >= at:
                found[border] = value + (more - value) * (moment - at) / gap
            border += 1
            moment += STEP_SECONDS
        at, value = later, more
    return found
