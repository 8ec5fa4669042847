"""How a room that has lost its cooling may warm, and the fit of such a curve to points of (seconds, °C). Pure."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

Points = Sequence[tuple[float, float]]

LEAST_POINTS = 5  # below it no error can be told

_NEWTON = 4  # steps to find a moment on a curve


class Shape(NamedTuple):
    """How a rise may go on from its beginning, at slope 1: ``f(t) = (1 - fast) g(t, knee) + fast g(t, air)``.

    ``g(t, k) = (1 - exp(-k t)) / k`` is a rise that saturates with the time constant 1/k (0: never). ``fast`` is the
    share of the first slope that is the air alone, which warms within minutes, before the walls take part.
    ``weight``: how far it is believed before there are data.
    """

    knee: float
    weight: float
    fast: float = 0.0
    air: float = 0.0


SHAPES: tuple[Shape, ...] = (
    Shape(0.0, 0.50),
    Shape(1 / 14400, 0.18),
    Shape(1 / 7200, 0.08),
    Shape(1 / 5400, 0.05),
    Shape(1 / 3600, 0.045),
    Shape(1 / 2400, 0.03),
    Shape(1 / 1800, 0.025),
    Shape(1 / 1200, 0.05),
    Shape(1 / 720, 0.02),
    Shape(1 / 14400, 0.02, fast=0.4, air=1 / 180),
    Shape(1 / 14400, 0.03, fast=0.7, air=1 / 180),
    Shape(1 / 14400, 0.03, fast=0.4, air=1 / 360),
    Shape(1 / 14400, 0.11, fast=0.7, air=1 / 360),
)


def paced(shape: Shape, pace: float) -> Shape:
    """Return the shape for a story that is told ``pace`` times as fast."""
    return Shape(shape.knee * pace, shape.weight, shape.fast, shape.air * pace)


def risen_after(shape: Shape, seconds: float) -> float:
    """Return how far it has risen after ``seconds``, at slope 1 in the beginning."""
    slow = -math.expm1(-shape.knee * seconds) / shape.knee if shape.knee else seconds
    if not shape.fast:
        return slow
    return (1 - shape.fast) * slow - shape.fast * math.expm1(-shape.air * seconds) / shape.air


def pitch_after(shape: Shape, seconds: float) -> float:
    """Return its slope after ``seconds``."""
    slow = math.exp(-shape.knee * seconds)
    return (1 - shape.fast) * slow + (shape.fast * math.exp(-shape.air * seconds) if shape.fast else 0.0)


def when_risen(shape: Shape, risen: float) -> float:
    """Return after how many seconds it has risen so far; infinite: never."""
    air = shape.fast / shape.air if shape.fast else 0.0  # all that the air alone does
    rest = max(0.0, risen - air) / (1 - shape.fast)
    if shape.knee * rest >= 1:
        return math.inf
    seconds = -math.log1p(-shape.knee * rest) / shape.knee if shape.knee else rest
    for _ in range(_NEWTON if shape.fast else 0):
        seconds += (risen - risen_after(shape, seconds)) / pitch_after(shape, seconds)
    return seconds


class Fit(NamedTuple):
    """Value where the base is 0, slope by the base, its error at unit noise, the sum of squares that is left."""

    start: float
    slope: float
    error: float
    squares: float

    def at(self, base: float) -> float:
        """Return the value that the fit gives."""
        return self.start + self.slope * base


def fitted(bases: Sequence[float], points: Points) -> Fit:
    """Return the least squares of the points' values by their ``bases``."""
    count = len(points)
    mean_base = sum(bases) / count
    mean_value = sum(value for _, value in points) / count
    spread = sum((base - mean_base) ** 2 for base in bases) or 1e-12
    pairs = [(base - mean_base, value - mean_value) for base, (_, value) in zip(bases, points, strict=True)]
    slope = sum(base * value for base, value in pairs) / spread
    squares = sum((value - slope * base) ** 2 for base, value in pairs)
    return Fit(mean_value - slope * mean_base, slope, 1 / math.sqrt(spread), squares)


def straight_line(points: Points) -> Fit:
    """Return the least squares of the values by time."""
    return fitted([at for at, _ in points], points)
