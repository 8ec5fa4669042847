"""What a sensor usually shows: how far and how fast it rises when all is well, learned over the last day."""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass, field
from typing import NamedTuple

from agent.risk.heat.rises import Habit, habit, turn_of

MINUTE = 60.0
SLOT_SECONDS = 1800.0  # longer than the period of any compressor, so that each slot shows it whole
SLOTS = 48  # a day
MINUTES = 120
_BEFORE_SECONDS = 1800.0  # a rise is measured from the lowest level within so long

# A compressor that switches at all moves the room by 1 K in 25 minutes: who saw less in 15 minutes saw a steady room.
_STEADY_SECONDS = 900.0
_STEADY_KELVIN = 0.5

_FEW_SLOTS = 6  # up to so many the worst counts; of more the worst sixth may have been doors and people
_SHARE = 0.85


class Envelope(NamedTuple):
    """What is usual: the greatest rise (K), the steepest one (K/s), and the level that is seldom passed (°C).

    ``lowest``: of the last half hour, from which a rise counts. ``middle``: the level that is passed half the time.
    ``highest``: of that half hour.
    """

    swing: float
    slope: float
    top: float
    middle: float
    lowest: float
    highest: float


class _Slot(NamedTuple):
    swing: float
    slope: float


@dataclass(slots=True)
class Usual:
    """Of one sensor; bounded: ``MINUTES`` means of a minute, ``SLOTS`` pairs of figures.

    ``pace``: how much faster than in a real room time passes; all times are shorter by it.
    """

    pace: float = 1.0
    _minutes: deque[tuple[float, float]] = field(default_factory=lambda: deque[tuple[float, float]](maxlen=MINUTES))
    _slots: deque[_Slot] = field(default_factory=lambda: deque[_Slot](maxlen=SLOTS))
    _sum: float = 0.0
    _count: int = 0
    _minute_from: float | None = None
    _slot_from: float | None = None
    _swing: float = 0.0
    _slope: float = 0.0
    _spoiled: bool = False

    @property
    def size(self) -> int:
        """How many figures are remembered."""
        return len(self._minutes) + len(self._slots)

    def note(self, at: float, value: float, slope: float) -> None:
        """Take in a measurement and the slope (K/s) of the last minutes."""
        self._slope = max(self._slope, slope)
        if self._minute_from is None or self._slot_from is None:
            self._minute_from = self._slot_from = at
        if at - self._minute_from >= MINUTE / self.pace and self._count:
            self._end_minute(at)
        self._sum += value
        self._count += 1

    def spoil(self) -> None:
        """What happens now is not usual: nothing is learned of this slot."""
        self._spoiled = True

    def forget(self, *, slot_only: bool) -> None:
        """Begin a slot anew, because a gap lies in it; after a long one all levels as well."""
        if not slot_only:
            self._minutes.clear()
        self._minute_from = self._slot_from = None
        self._sum, self._count, self._swing, self._slope, self._spoiled = 0.0, 0, 0.0, 0.0, False

    def shift(self, seconds: float) -> None:
        """Move all moments: the clock was set."""
        moved = [(at + seconds, level) for at, level in self._minutes]
        self._minutes.clear()
        self._minutes.extend(moved)
        if self._minute_from is not None and self._slot_from is not None:
            self._minute_from, self._slot_from = self._minute_from + seconds, self._slot_from + seconds

    def before(self, onset: float, resolution: float) -> Envelope | None:
        """Return what is usual by what was seen before ``onset``; None: too little was seen to tell."""
        seen = [one for one in self._minutes if one[0] <= onset]
        levels = sorted(level for _, level in seen)
        if not levels:
            return None
        edge = onset - _BEFORE_SECONDS / self.pace
        near = [level for at, level in seen if at >= edge] or levels
        swing, slope = self._learned(seen, levels, resolution)
        if swing is None:
            return None
        return Envelope(swing, slope, levels[(len(levels) * 9) // 10], levels[len(levels) // 2], min(near), max(near))

    def habit(self, now: tuple[float, float], swing: float, resolution: float) -> Habit | None:
        """Return how the room falls again; ``now``: seconds and °C."""
        return habit([*self._minutes, now], turn_of(swing, resolution))

    def _learned(
        self, seen: list[tuple[float, float]], levels: list[float], resolution: float
    ) -> tuple[float | None, float]:
        if len(self._slots) >= 2:
            return _high([one.swing for one in self._slots]), _high([one.slope for one in self._slots])
        span = levels[-1] - levels[0]
        lasted = seen[-1][0] - seen[0][0] >= (_STEADY_SECONDS - MINUTE) / self.pace
        steady = lasted and span <= max(_STEADY_KELVIN, 1.2 * resolution)
        return (span, math.inf) if steady else (None, math.inf)

    def _end_minute(self, at: float) -> None:
        mean = self._sum / self._count
        self._minutes.append((at, mean))
        self._sum, self._count, self._minute_from = 0.0, 0, at
        edge = at - _BEFORE_SECONDS / self.pace
        self._swing = max(self._swing, mean - min(level for when, level in self._minutes if when >= edge))
        if self._slot_from is not None and at - self._slot_from >= SLOT_SECONDS / self.pace:
            if not self._spoiled:
                self._slots.append(_Slot(self._swing, self._slope))
            self._slot_from, self._swing, self._slope, self._spoiled = at, 0.0, 0.0, False


def _high(values: list[float]) -> float:
    """Return the worst of a few, of many that below which ``_SHARE`` of them lie."""
    if len(values) <= _FEW_SLOTS:
        return max(values)
    return sorted(values)[int(_SHARE * (len(values) - 1))]
