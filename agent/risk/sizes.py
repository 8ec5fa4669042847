"""What the sizes say that a job's backups had, night after night. Pure: bytes and seconds in, a verdict out."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import combinations, takewhile
from statistics import median
from typing import Literal, NamedTuple

from agent.risk.catalogue.heartbeats import SizeOptions
from config.heartbeats import SizeManner
from config.units import DAY

LEAST_EARLIER = 5  # fewer say nothing of what is usual
USUAL_OF = 30  # so many believed ones say what is usual
EMPTY_SHARE = 0.001
BECOMES_USUAL = 5  # a new size is the rule once it came so often in a row
ALIKE = 1.5  # a size comes again if it is within this factor of an earlier one
AGAIN_SECONDS = 35 * DAY  # that it was too small once must not excuse the second time: it comes each week, or day
SMALL_AGAIN = 3
LEAST_FOR_TREND = 10
TREND_SECONDS = 14 * DAY
TREND_SIGNIFICANCE = 3.0  # standard deviations of Mann-Kendall's S without a trend
TREND_SHARE = 0.1  # a trend is told where it moved the size by so much
TREND_POINTS = 60  # more are gathered: the line goes through every pair of points

Sized = Sequence[tuple[float, float]]
Told = Sequence[tuple[float, float | None]]
Says = Literal["usual", "empty", "small", "large"]


class SizeVerdict(NamedTuple):
    """What the last size says. Bytes; seconds since the epoch.

    ``usual``: None where there are too few earlier ones. ``good_at``: when one was last told that was not empty.
    ``untold``: the last successes said no size, ``always``: before that each one did. ``trend``: of what is usual.
    """

    says: Says
    last: float
    usual: float | None
    good_at: float | None
    untold: bool = False
    always: bool = False
    trend: Trend | None = None

    @property
    def missing(self) -> bool:
        """Whether a size is missing that was always told."""
        return self.untold and self.always


class Trend(NamedTuple):
    """Where sizes are going: the line's first and last value in bytes, and the time between them in seconds."""

    first: float
    last: float
    seconds: float


def size_verdict(told: Told, options: SizeOptions, manner: SizeManner = "steady") -> SizeVerdict | None:
    """Return what the last size says, measured by those before it; None where no size was ever said."""
    sized = [(at, size) for at, size in told if size is not None]
    if not sized or manner == "ignored":
        return None
    history = _History(options, manner)
    for at, size in sized:
        history.take(at, size)
    untold = sum(1 for _ in takewhile(lambda one: one[1] is None, reversed(told)))
    before = told[: len(told) - untold][-LEAST_EARLIER:]
    always = len(before) == LEAST_EARLIER and all(size is not None for _, size in before)
    trend = trend_of(history.believed) if manner == "steady" else None
    return SizeVerdict(history.says, sized[-1][1], history.usual, history.good_at, untold > 0, always, trend)


class _Row(NamedTuple):
    """Sizes below the usual that followed each other: when it was over, how many, whether one of them was empty."""

    end: float
    nights: int
    empty: bool


_NO_ROW = _Row(0.0, 0, empty=False)


@dataclass(slots=True)
class _History:
    """The sizes up to one night. ``believed``: those since the last one that became the rule.

    ``odd``: how many in a row are not as usual, the last one included; ``told``: those of them that nothing excused.
    ``low``: the row that goes on, ``rows``: those that are over.
    """

    options: SizeOptions
    manner: SizeManner
    says: Says = "usual"
    usual: float | None = None
    good_at: float | None = None
    believed: list[tuple[float, float]] = field(default_factory=list[tuple[float, float]])
    known: list[tuple[float, float]] = field(default_factory=list[tuple[float, float]])
    odd: int = 0
    told: list[tuple[float, float]] = field(default_factory=list[tuple[float, float]])
    low: _Row = _NO_ROW
    rows: list[_Row] = field(default_factory=list[_Row])

    def take(self, at: float, size: float) -> None:
        """Judge the next one by those before it."""
        recent = [one for _, one in self.believed[-USUAL_OF:]]
        self.usual = median(recent) if len(recent) >= LEAST_EARLIER else None
        says = self._seen(size)
        self._note(says, at, size)
        if says == "usual":
            self.believed.append((at, size))
        elif says != "empty" and self._is_the_rule():
            self.believed, self.told, says = self.told, [], "usual"
        elif self._comes_again(says, at, size):
            self.told.pop()
            says = "usual"
        self.says = says
        if says != "empty":
            self.good_at = at

    def _note(self, says: Says, at: float, size: float) -> None:
        self.known.append((at, size))
        self.odd = 0 if says == "usual" else self.odd + 1
        self.told = [] if says == "usual" else [*self.told[1 - BECOMES_USUAL :], (at, size)]
        if says in {"small", "empty"}:
            self.low = _Row(at, self.low.nights + 1, self.low.empty or says == "empty")
        elif self.low.nights:
            self.rows.append(self.low)
            self.low = _NO_ROW

    def _seen(self, size: float) -> Says:
        """Return how a size looks beside the usual one."""
        usual = self.usual
        if size == 0:
            return "empty"
        if usual is None or self.manner == "varying":
            return "usual"
        if size < usual * EMPTY_SHARE:
            return "empty"
        if self.options.below <= size / usual <= self.options.above:
            return "usual"
        return "small" if size < usual else "large"

    def _is_the_rule(self) -> bool:
        row = [size for _, size in self.told]
        return len(row) == BECOMES_USUAL and min(row) > 0 and max(row) <= min(row) * ALIKE

    def _comes_again(self, says: Says, at: float, size: float) -> bool:
        """Whether such a size came before and went; one that is too small only for about as long as it did then."""
        earlier = self.known[: len(self.known) - self.odd]
        alike = [when for when, one in earlier if size / ALIKE <= one <= size * ALIKE]
        if says == "large":
            return bool(alike)
        rows = [row for row in self.rows if at - row.end <= AGAIN_SECONDS]
        if says == "empty":
            rows = [row for row in rows if row.empty]
            often = len(rows)
        else:
            often = sum(at - when <= AGAIN_SECONDS for when in alike)
        return often >= SMALL_AGAIN and self.low.nights <= 2 * max((row.nights for row in rows), default=0)


def trend_of(sizes: Sized) -> Trend | None:
    """Return the line through the sizes where they go somewhere; None where that may be chance, or is little.

    Whether they do is told by Mann-Kendall's test, the line is Theil and Sen's: one odd night moves neither. It goes
    through the logarithms: what shrinks, shrinks by shares. A size of 0 has none and is left out.
    """
    points = list(_gathered([(at, math.log(size)) for at, size in sizes if size > 0]))
    count = len(points)
    seconds = points[-1][0] - points[0][0] if points else 0.0
    if count < LEAST_FOR_TREND or seconds < TREND_SECONDS:
        return None
    pairs = list(combinations(points, 2))
    rises = sum((later > former) - (later < former) for (_, former), (_, later) in pairs)
    deviation = math.sqrt(count * (count - 1) * (2 * count + 5) / 18)
    slope = median((later - former) / (after - before) for (before, former), (after, later) in pairs if after > before)
    level = median(size - slope * (at - points[0][0]) for at, size in points)
    moved = slope * seconds
    if abs(rises) - 1 < TREND_SIGNIFICANCE * deviation or abs(math.expm1(min(moved, 1.0))) < TREND_SHARE:
        return None
    return Trend(_size(level), _size(level + moved), seconds)


def _gathered(points: Sized) -> Iterator[tuple[float, float]]:
    """Yield at most ``TREND_POINTS``, each the median of some that follow each other."""
    step = math.ceil(len(points) / TREND_POINTS)
    for begin in range(0, len(points), max(1, step)):
        some = points[begin : begin + step]
        yield median(at for at, _ in some), median(value for _, value in some)


def _size(logarithm: float) -> float:
    return math.exp(min(logarithm, 700.0))
