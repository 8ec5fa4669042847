"""How long until a temperature reaches a limit: a robust trend, a projection that may saturate, and their errors.

Pure arithmetic on points of (seconds, °C), oldest first. Sources: H. Theil (1950) and P. K. Sen (1968) for the slope
as the median of the slopes of all pairs. A room that has lost its cooling warms towards a new balance, with time
constants of 12 minutes to 4 hours, or so slowly that it is a straight line: ``agent.risk.heat.shapes`` weighs these,
the data decide.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import median
from typing import NamedTuple

from agent.contract import Remaining
from agent.risk.heat.shapes import (
    LEAST_POINTS,
    SHAPES,
    Fit,
    Points,
    Shape,
    fitted,
    paced,
    pitch_after,
    risen_after,
    when_risen,
)

# Median of the absolute value of a normal variate, and the standard deviation of its second difference.
_QUARTILE, _SECOND = 0.6745, math.sqrt(6)
_QUANTISED = 1 / math.sqrt(12)  # standard deviation of rounding, in steps

AIR_JOULES_PER_KELVIN = 1.2 * 1005.0  # of a cubic metre: density by specific heat

# Standard errors of the slope at which a projection is drawn, and their weights.
_DRAWN = ((-1.6, 0.12), (-0.8, 0.23), (0.0, 0.30), (0.8, 0.23), (1.6, 0.12))
_BAND = (0.95, 0.05)  # of the rates: the highest comes first

_MOST_POINTS = 40  # that a curve is drawn through; more are averaged
_LEAST_BAND = 0.15  # no room follows a shape exactly: the band is never narrower
_NEGLIGIBLE = 1e-3
_DOUBT = 4.0  # no room follows a shape exactly, and no error is independent of that of the point before


class Line(NamedTuple):
    """A straight line: value at the last point (°C), slope (K/s) with its standard error, scatter around it (K)."""

    level: float
    slope: float
    error: float
    scatter: float


class Bend(NamedTuple):
    """One way in which a rise may go on.

    ``level`` and ``slope`` at the last point (K/s), the slope's share of error, and how far it is believed; ``lasted``:
    seconds from the beginning of the rise to the last point.
    """

    shape: Shape
    level: float
    start_slope: float
    error: float
    weight: float
    lasted: float

    @property
    def slope(self) -> float:
        """How fast it rises at the last point, in K/s."""
        return self.start_slope * pitch_after(self.shape, self.lasted)


@dataclass(frozen=True, slots=True)
class Projection:
    """All ways that the data allow. ``misfit``: chi square by degree of freedom of the best one; about 1 if it fits."""

    bends: tuple[Bend, ...]
    misfit: float

    @property
    def level(self) -> float:
        """Where it stands now, in °C."""
        return sum(bend.level * bend.weight for bend in self.bends)

    @property
    def slope(self) -> float:
        """How fast it rises now, in K/s."""
        return sum(bend.slope * bend.weight for bend in self.bends)

    def until(self, limit: float) -> Remaining:
        """Return the time until ``limit`` (°C): the median of the ways, and a 90 % band of them and their errors.

        Infinite where the limit is not reached.
        """
        likely = sorted((_rate(bend, limit, 0.0), bend.weight) for bend in self.bends)
        rates = sorted((_rate(bend, limit, shift), bend.weight * part) for bend in self.bends for shift, part in _DRAWN)
        seconds = _inverse(_quantile(likely, 0.5))
        least, most = (_inverse(_quantile(rates, share)) for share in _BAND)
        return Remaining(seconds, min(least, seconds * (1 - _LEAST_BAND)), max(most, seconds * (1 + _LEAST_BAND)))


def noise_of(points: Points, resolution: float) -> float:
    """Return the scatter of one measurement (K), whatever the trend: from second differences, never below rounding."""
    floor = max(resolution, 0.02) * _QUANTISED
    if len(points) < LEAST_POINTS:
        return floor
    values = [value for _, value in points]
    bends = [abs(a - 2 * b + c) for a, b, c in zip(values, values[1:], values[2:], strict=False)]
    return max(floor, median(bends) / (_QUARTILE * _SECOND))


def line_of(points: Points, resolution: float) -> Line | None:
    """Return the robust line (Theil-Sen); None with fewer than ``LEAST_POINTS`` points or no time between them.

    Its standard error is that of least squares at the robust scatter, which for normal errors is 5 % too small.
    """
    if len(points) < LEAST_POINTS or points[-1][0] <= points[0][0]:
        return None
    end = points[-1][0]
    slope = median(
        (later[1] - earlier[1]) / (later[0] - earlier[0])
        for number, earlier in enumerate(points)
        for later in points[number + 1 :]
        if later[0] > earlier[0]
    )
    level = median(value - slope * (at - end) for at, value in points)
    off = median(abs(value - level - slope * (at - end)) for at, value in points)
    scatter = max(max(resolution, 0.02) * _QUANTISED, off / _QUARTILE)
    return Line(level, slope, scatter / math.sqrt(_spread(points)), scatter)


def project(points: Points, noise: float, pace: float = 1.0) -> Projection | None:
    """Return what may come of a rise that began with the first point. ``noise``: scatter of one point (K).

    ``pace``: how much faster than in a real room time passes, for the time constants to expect. None where the points
    do not allow it.
    """
    if len(points) < LEAST_POINTS or points[-1][0] <= points[0][0]:
        return None
    size = -(-len(points) // _MOST_POINTS)
    thin = thinned(points, size)
    noise /= math.sqrt(size)
    begin = points[0][0]
    shapes = [paced(shape, pace) for shape in SHAPES]
    fits = [fitted([risen_after(shape, at - begin) for at, _ in thin], thin) for shape in shapes]
    misfit = min(fit.squares for fit in fits) / noise**2 / (len(thin) - 2)
    variance = _DOUBT * noise**2 * max(1.0, misfit)
    return Projection(tuple(_believed(shapes, fits, variance, points[-1][0] - begin)), misfit)


def _believed(shapes: Sequence[Shape], fits: Sequence[Fit], variance: float, lasted: float) -> Iterator[Bend]:
    """Yield the ways that the data allow, by how well each shape fits."""
    least = min(fit.squares for fit in fits)
    weights = [
        shape.weight * math.exp(-(fit.squares - least) / (2 * variance))
        for shape, fit in zip(shapes, fits, strict=True)
    ]
    total = sum(weights)
    for shape, fit, weight in zip(shapes, fits, weights, strict=True):
        if weight > _NEGLIGIBLE * total:
            level = fit.at(risen_after(shape, lasted))
            yield Bend(shape, level, fit.slope, math.sqrt(variance) * fit.error, weight / total, lasted)


def thinned(points: Points, size: int) -> Points:
    """Return the means of each ``size`` points in a row; of the first ones, where they do not come out even, fewer."""
    if size == 1:
        return points
    odd = len(points) % size
    blocks = [points[:odd]] if odd else []
    blocks += [points[start : start + size] for start in range(odd, len(points), size)]
    return [(sum(at for at, _ in one) / len(one), sum(value for _, value in one) / len(one)) for one in blocks]


def heating_bound(watts: float, cubic_metres: float) -> float:
    """Return how fast (K/s) a load can heat the air of a room at most: nothing else takes up any heat."""
    return watts / (AIR_JOULES_PER_KELVIN * cubic_metres)


def _rate(bend: Bend, limit: float, shift: float) -> float:
    """Return 1/time to the limit; 0: never, infinite: it is reached."""
    gap = limit - bend.level
    slope = bend.start_slope + shift * bend.error
    if gap <= 0:
        return math.inf
    if slope <= 0:
        return 0.0
    wanted = risen_after(bend.shape, bend.lasted) + gap / slope
    seconds = when_risen(bend.shape, wanted) - bend.lasted
    return 0.0 if math.isinf(seconds) else 1 / max(seconds, 1e-3)


def _quantile(rates: Sequence[tuple[float, float]], share: float) -> float:
    """Return the value below which ``share`` of the weight lies, drawn straight between the middles of the steps."""
    below, before = 0.0, rates[0]
    total = sum(weight for _, weight in rates)
    place = share * total
    middle_before = 0.0
    for rate, weight in rates:
        middle = below + weight / 2
        if middle >= place:
            part = 1.0 if middle <= middle_before else (place - middle_before) / (middle - middle_before)
            return rate if math.isinf(rate) else before[0] + (rate - before[0]) * part
        below, before, middle_before = below + weight, (rate, weight), middle
    return rates[-1][0]


def _inverse(rate: float) -> float:
    return math.inf if rate <= 0 else 0.0 if math.isinf(rate) else 1 / rate


def _spread(points: Points) -> float:
    middle = sum(at for at, _ in points) / len(points)
    return sum((at - middle) ** 2 for at, _ in points)
