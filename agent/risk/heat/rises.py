"""The rises between one fall and the next: a cooling that works falls again. Pure; points are (seconds, °C)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from agent.risk.heat.shapes import Points

_LEAST_TURN, _TURN_STEPS, _TURN_SHARE = 0.3, 1.2, 0.3  # of a fall: K, steps of the sensor, share of the usual rise
_FEW = 3  # falls in the last hours that are a habit
_MANY, _SHARE = 6, 0.85  # of more than so many the longest sixth may have been loads


class Climb(NamedTuple):
    """A rise from its lowest to its highest point."""

    low: tuple[float, float]
    high: tuple[float, float]


class Habit(NamedTuple):
    """What a room does that falls again and again: how long the longest usual rise is, and when it was lowest."""

    longest: float
    since: float


def turn_of(swing: float, resolution: float) -> float:
    """Return how far (K) a temperature must come back before that is a fall."""
    return max(_LEAST_TURN, _TURN_STEPS * resolution, _TURN_SHARE * swing)


def climbs(points: Points, turn: float) -> Iterator[Climb]:
    """Yield each rise of at least ``turn`` K; the last one from the lowest point since it fell."""
    if not points:
        return
    low = high = points[0]
    rising = False
    for one in points:
        if rising and one[1] >= high[1]:
            high = one
        elif rising and high[1] - one[1] >= turn:
            yield Climb(low, high)
            low, rising = one, False
        elif not rising and one[1] <= low[1]:
            low = one
        elif not rising and one[1] - low[1] >= turn:
            high, rising = one, True
    yield Climb(low, high if rising else low)


def habit(points: Points, turn: float) -> Habit | None:
    """Return how a room falls again by what was seen up to now; None: it has no such habit."""
    found = list(climbs(points, turn))
    lasted = sorted(one.high[0] - one.low[0] for one in found[1:-1])  # the first one was cut off, the last is now
    if len(lasted) < _FEW:
        return None
    longest = lasted[-1] if len(lasted) <= _MANY else lasted[int(_SHARE * (len(lasted) - 1))]
    return Habit(longest, found[-1].low[0])
