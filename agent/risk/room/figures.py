"""Running figures of a series, each a few numbers: means over hours, the step of a sensor."""

from __future__ import annotations

from dataclasses import dataclass

# A longer gap between two readings says nothing of what was in between.
GAP_SECONDS = 3600.0

_FAHRENHEIT = 5 / 9
_GRIDS_CELSIUS: tuple[tuple[float, float], ...] = (  # step and offset, the coarsest first
    (1.0, 0.0),
    (_FAHRENHEIT, -32 * _FAHRENHEIT),
    (0.5, 0.0),
    (0.25, 0.0),
    (0.1, 0.0),
    (_FAHRENHEIT / 10, -32 * _FAHRENHEIT),
)
FINEST = 0.01
_ROUNDING = 1e-3  # of a step: values were rounded on their way


@dataclass(slots=True)
class Lag:
    """A value as it follows another, with a time constant of ``span`` seconds."""

    span: float
    value: float = 0.0
    at: float | None = None

    def add(self, value: float, at: float) -> None:
        """Take in a reading; after a gap, or a clock that was set back, it begins there."""
        share = 1.0 if self.at is None or at < self.at else min(1.0, (at - self.at) / self.span)
        self.value, self.at = self.value + share * (value - self.value), at


@dataclass(slots=True)
class SlowMean:
    """The mean over the last ``span`` seconds, weighted by time: exact until it is full, exponential from then on.

    ``watched``: seconds that it rests on, gaps not counted.
    """

    span: float
    value: float = 0.0
    watched: float = 0.0
    at: float | None = None

    def add(self, value: float, at: float) -> None:
        """Take in a reading; one of the same moment is none, and a clock that was set is a gap."""
        if self.at is None:
            self.value, self.at = value, at
        else:
            step, self.at = at - self.at, at
            if 0 < step <= GAP_SECONDS:
                self.watched += step
                self.value += step / min(self.watched, self.span) * (value - self.value)

    def since(self, seconds: float) -> float | None:
        """Return the mean, or None while it rests on less than this."""
        return self.value if self.watched >= seconds else None


@dataclass(slots=True)
class Grid:
    """The step of a sensor: the coarsest grid on which all its values lay, whole degrees (or percent) at first.

    ``scale``: what one unit of the value is of one on the grid, 1 for °C, 100 for ratios.
    """

    scale: float = 1.0
    _at: int = 0

    def add(self, value: float) -> None:
        """Take in a value: its grid is as fine as the finest of its values."""
        while self._at < len(_GRIDS_CELSIUS) and not _fits(value * self.scale, *_GRIDS_CELSIUS[self._at]):
            self._at += 1

    @property
    def step(self) -> float:
        """The step, in the unit of the values."""
        return (_GRIDS_CELSIUS[self._at][0] if self._at < len(_GRIDS_CELSIUS) else FINEST) / self.scale


def _fits(value: float, step: float, offset: float) -> bool:
    steps = (value - offset) / step
    return abs(steps - round(steps)) <= _ROUNDING
