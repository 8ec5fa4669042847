"""What is believed of one sensor: doubts about its unit, jumps that wait for a second poll, and whether it lives.

A fire is a jump, and so is a broken wire: two readings tell them apart, and many what neither is.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field

from agent.risk.room.figures import GAP_SECONDS, Grid, Lag, SlowMean
from agent.risk.room.plausible import (
    JUMP_KELVIN,
    Doubt,
    Kind,
    doubt_of,
    first_doubt,
    is_possible,
    stands,
    stands_for_none,
)
from agent.risk.room.stillness import Stillness

# A second reading confirms a jump that is so near to the first, or goes further.
AGREE_KELVIN = 3.0
MEAN_SECONDS = 1800.0
# A room does not climb by much within so long.
_MINUTES_SECONDS = 600.0
HOUR_SECONDS = 3600.0
# Second polls of a sensor in an hour.
_MOST_WISHES = 12
# What is erratic: so many strikes within an hour, of which a spike is one, and a jump that the next reading neither
# confirms nor takes back is two. It is believed again once it was calm for so long.
_STRIKES = 8
_CALM_SECONDS = 1800.0


def _at_most(number: int) -> deque[float]:
    return deque(maxlen=number)


@dataclass(slots=True)
class Belief:
    """A sensor of temperature (°C) or humidity (0 to 1); times are seconds since the epoch.

    ``value`` and ``at``: the last reading that is believed, None before there is one. ``jump``: a reading that waits
    to be confirmed. ``doubt``: why what it shows is not used. ``spikes``: jumps that were taken back. ``pace``: seconds
    between two polls of it, as they come. ``read_at``: its last reading, believed or not.
    """

    kind: Kind
    heated: bool
    value: float | None = None
    at: float = 0.0
    jump: tuple[float, float] | None = None
    doubt: Doubt | None = None
    spikes: int = 0
    pace: float = 0.0
    read_at: float | None = None
    grid: Grid = field(default_factory=Grid)
    mean: SlowMean = field(default_factory=lambda: SlowMean(MEAN_SECONDS))
    still: Stillness = field(default_factory=Stillness)
    _usual: Lag = field(default_factory=lambda: Lag(_MINUTES_SECONDS))
    _shown: float | None = None
    _calm_since: float = 0.0
    _strikes: deque[float] = field(default_factory=lambda: _at_most(_STRIKES))
    _wishes: deque[float] = field(default_factory=lambda: _at_most(_MOST_WISHES))

    @classmethod
    def of(cls, kind: Kind, *, heated: bool) -> Belief:
        """Begin with nothing."""
        return cls(kind, heated, grid=Grid(1.0 if kind == "temperature" else 100.0))

    def take(self, value: float, at: float) -> None:
        """Take in a reading, whatever the clock says; the one that was taken in last is no other."""
        if at == self.read_at:
            return
        if self.jump is None and self.read_at is not None and 0 < at - self.read_at <= GAP_SECONDS:
            self.pace = at - self.read_at
        self.read_at = at
        self._note_calm(value, at)
        if self._refused(value, at):
            self.jump = None
        elif self.value is None or self.kind == "humidity" or self._settled(self.value, value, at):
            self._accept(value, at)

    def _note_calm(self, value: float, at: float) -> None:
        if self._shown is None or abs(value - self._shown) > JUMP_KELVIN or at < self._calm_since:
            self._calm_since = at
        self._shown = value

    def _refused(self, value: float, at: float) -> bool:
        if self.doubt is not None and self._doubted_still(self.doubt, value, at):
            self._usual.add(value, at)
            self.doubt = self.doubt.at(value)
            return True
        was, self.doubt = self.doubt, self._new_doubt(value, self.doubt)
        if self.doubt is not None and (was is None or was.why != self.doubt.why):
            self._usual = Lag(_MINUTES_SECONDS)
            self._usual.add(value, at)
        return self.doubt is not None

    def _doubted_still(self, doubt: Doubt, value: float, at: float) -> bool:
        if doubt.why == "erratic":
            return at - self._calm_since < _CALM_SECONDS
        return stands(self.kind, doubt, value, self._usual.value)

    def _new_doubt(self, value: float, was: Doubt | None) -> Doubt | None:
        if not is_possible(self.kind, value):
            return doubt_of("range", value)
        if self.value is None and (was is None or was.why in {"range", "sentinel"}):
            return first_doubt(self.kind, value, heated=self.heated)
        return doubt_of("sentinel", value) if self.kind == "humidity" and value == 0 else None

    def _settled(self, before: float, value: float, at: float) -> bool:
        """Whether a temperature is believed now; else it waits for a second one, or is refused."""
        waiting, self.jump = self.jump, None
        if abs(value - before) <= JUMP_KELVIN:
            if waiting is not None:
                self.spikes += 1
                self._strike(value, at, 1)
        elif waiting is None:
            self.jump = (value, at)
        elif not _confirms(before, waiting[0], value):
            self.jump = (value, at)
            self._strike(value, at, 2)
        elif value == waiting[0] and stands_for_none(value):
            self.doubt = doubt_of("sentinel", value)
        return self.jump is None and self.doubt is None

    def _strike(self, value: float, at: float, times: int) -> None:
        self._strikes.extend([at] * times)
        if len(self._strikes) == _STRIKES and 0 <= at - self._strikes[0] <= HOUR_SECONDS:
            self.doubt, self.jump = doubt_of("erratic", value), None
            self._strikes.clear()
            self._calm_since = at

    def _accept(self, value: float, at: float) -> None:
        self.still.take(self.value, value, at)
        self.value, self.at, self.jump = value, at, None
        self.grid.add(value)
        self.mean.add(value, at)

    def wishes_second(self, asked_at: float | None) -> bool:
        """Whether a second poll is wished for, once for each jump and not all the time; ``asked_at``: the last try."""
        if self.jump is None or (asked_at is not None and asked_at > self.jump[1]):
            return False
        at = self.jump[1]
        if self._wishes and self._wishes[-1] == at:
            return True
        if len(self._wishes) == _MOST_WISHES and 0 <= at - self._wishes[0] <= HOUR_SECONDS:
            return False
        self._wishes.append(at)
        return True

    def lost(self, now: float, patience: float) -> bool:
        """Whether a jump was neither confirmed nor taken back within ``patience`` seconds."""
        return self.jump is not None and not 0 <= now - self.jump[1] <= patience


def _confirms(before: float, jumped: float, value: float) -> bool:
    further = (value - jumped) * (jumped - before) > 0
    return further or abs(value - jumped) <= AGREE_KELVIN
