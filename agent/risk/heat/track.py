"""One sensor: its last measurements, and whether its temperature runs away."""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median
from typing import Literal

from agent.contract import Remaining, Sensed
from agent.risk.heat.alarm import FAR, LEAST_SLOPE, SHOWN, Case, Hints, Known, Rise, Verdict, ordinary, verdict
from agent.risk.heat.shapes import LEAST_POINTS, Points
from agent.risk.heat.stretches import cleaned, last_course, straight
from agent.risk.heat.usual import Envelope, Usual
from agent.risk.serverroom import Line, Projection, line_of, noise_of, project, thinned

_RAW = 12  # measurements by which the interval is known
KEPT_POINTS = 150  # 25 minutes at the usual 10 s
_SHORT_POINTS, _SHORT_SECONDS = 18, 180.0  # the trend of now; of more points the means
_COARSER = 2.5  # for each kelvin of a sensor's step
_LINE_POINTS = 60  # that a robust line is drawn through at most
USUAL_INTERVAL = 10.0
_AT_ONCE = 0.75  # of the usual interval: what is measured more often is put together to means

_LOOK_BACK = 240.0  # what is usual is asked for as of then: a rise does not make itself usual
_HIDDEN = 120.0  # so long the beginning of a rise may be hidden in noise
_GAP = 6.0  # intervals without a measurement after which the course begins anew
_LONG_GAP = 1800.0  # after which what is usual begins anew as well
_MISFIT = 2.5  # standard deviations of chi square by which a curve may miss the points
_LEAST_SECONDS, _LEAST_POINTS = 100.0, 12  # from which a change of course is seen


@dataclass(frozen=True, slots=True)
class Trend:
    """What is known of a sensor's course. ``since``: when the rise began; ``usual``: the room's usual rise, in K.

    ``state``: ``few`` points (``count`` of them), ``calm``, ``unsure`` (it rises, and whether that is usual is not
    known) or ``away``.
    """

    state: Literal["few", "calm", "unsure", "away"]
    level: float
    line: Line | None = None
    projection: Projection | None = None
    since: float | None = None
    usual: float | None = None
    to_warning: Remaining | None = None
    to_critical: Remaining | None = None
    count: int = 0


@dataclass(slots=True)
class Track:
    """The last measurements of one sensor. Asked again without a new one it says what it said before."""

    usual: Usual = field(default_factory=Usual)
    last: Trend | None = None
    _points: deque[tuple[float, float]] = field(default_factory=lambda: deque[tuple[float, float]](maxlen=KEPT_POINTS))
    _raw: deque[tuple[float, float]] = field(default_factory=lambda: deque[tuple[float, float]](maxlen=_RAW))
    _mean: list[tuple[float, float]] = field(default_factory=list[tuple[float, float]])
    _interval: float = USUAL_INTERVAL
    _every: float = USUAL_INTERVAL
    _since: float | None = None

    def take(self, sensed: Sensed, limits: tuple[float | None, float | None], hints: Hints) -> Trend:
        """Return where it goes, given what was measured last; ``limits``: warning and critical, in °C."""
        if not sensed.confirmed or (self._raw and sensed.at == self._raw[-1][0]):
            return self.last or Trend("few", sensed.value)
        self.usual.pace = hints.pace
        if self._keep(sensed.at, sensed.value):
            self.last = self._judged(sensed, limits, hints)
        return self.last or Trend("few", sensed.value)

    @property
    def seen_at(self) -> float:
        """When it last measured, in seconds since the epoch; 0: never."""
        return self._raw[-1][0] if self._raw else 0.0

    @property
    def runs_away(self) -> bool:
        """Whether it did when it was last seen."""
        return self._since is not None

    @property
    def pace(self) -> float:
        """How much faster than in a real room time passes."""
        return self.usual.pace

    def _keep(self, at: float, value: float) -> bool:
        """Remember a measurement; return whether there is a new point to judge by.

        Who measures often has means of the usual interval: all that follows holds for them as well.
        """
        spacing = USUAL_INTERVAL / self.pace
        if self._raw and at < self._raw[-1][0]:  # the clock was set back: all was seen as long ago as before
            self._shift(at - self._raw[-1][0] - self._every)
        elif self._raw and at - self._raw[-1][0] > _GAP * max(self._every, spacing):
            self._begin_anew(at)
        self._raw.append((at, value))
        steps = [later[0] - earlier[0] for earlier, later in pairwise(self._raw)]
        self._every = median(steps) if steps else self._every
        self._mean.append((at, value))
        if at - self._mean[0][0] + self._every <= _AT_ONCE * spacing:
            return False
        self._points.append(_middle(self._mean))
        self._mean.clear()
        last = list(self._points)[-_RAW:]
        steps = [later[0] - earlier[0] for earlier, later in pairwise(last)]
        self._interval = median(steps) if steps else self._interval
        return True

    def _begin_anew(self, at: float) -> None:
        self.usual.forget(slot_only=at - self._raw[-1][0] <= _LONG_GAP / self.pace)
        self._raw.clear()
        self._mean.clear()
        self._points.clear()
        self._since = None

    def _shift(self, seconds: float) -> None:
        for kept in (self._raw, self._points):
            moved = [(at + seconds, value) for at, value in kept]
            kept.clear()
            kept.extend(moved)
        self._mean = [(at + seconds, value) for at, value in self._mean]
        self._since = None if self._since is None else self._since + seconds
        self.usual.shift(seconds)

    def _judged(self, sensed: Sensed, limits: tuple[float | None, float | None], hints: Hints) -> Trend:
        points = list(self._points)
        short = points[-self._short(sensed.resolution) :]
        line = line_of(thinned(short, -(-len(short) // _SHORT_POINTS)), sensed.resolution)
        whole = line is not None and len(short) < len(points)
        at, value = points[-1]
        self.usual.note(at, value, line.slope if line is not None and whole else 0.0)
        if line is None:
            return Trend("few", sensed.value, count=len(points))
        flat = line.slope <= SHOWN * line.error or line.slope < LEAST_SLOPE * self.pace
        if (flat and self._since is None) or line.slope <= line.error:
            self._since = None
            return Trend("calm", line.level, line)
        known = self.usual.before(at - _LOOK_BACK / self.pace, sensed.resolution)
        lowest = min(value for _, value in points)
        case = Case(line, lowest, sensed.resolution, at, hints, self._interval)
        if self._since is None:
            quick = ordinary(case, known, limits[1])
            if quick is not None:
                return Trend(quick, line.level, line)
        return self._risen(case, points, limits)

    def _risen(self, case: Case, points: Points, limits: tuple[float | None, float | None]) -> Trend:
        rise = self._rise(points, case.resolution)
        if rise is None:
            return Trend("calm", case.line.level, case.line)
        since, projection = rise.points[0][0], rise.projection
        warning, critical = (None if one is None else projection.until(one) for one in limits)
        envelope = self.usual.before(since, case.resolution)
        state: Verdict = "calm"
        if critical is not None and limits[1] is not None and points[-1][1] <= limits[1]:
            if self._since is not None:
                state = "away" if critical.seconds <= FAR else "calm"
            else:
                state = verdict(case, rise, self._known(envelope, case), warning, critical)
        self._remember(state, since)
        swing = None if envelope is None else envelope.swing
        line = Line(projection.level, projection.slope, rise.line.error, rise.noise)
        return Trend(state, projection.level, line, projection, self._since or since, swing, warning, critical)

    def _known(self, envelope: Envelope | None, case: Case) -> Known:
        if envelope is None:
            return Known(None, None)
        return Known(envelope, self.usual.habit((case.at, case.line.level), envelope.swing, case.resolution))

    def _remember(self, state: Verdict, since: float) -> None:
        if state == "away":
            self._since = since if self._since is None else min(self._since, since)
            self.usual.spoil()
        else:
            self._since = None

    def _rise(self, points: Points, resolution: float) -> Rise | None:
        """Return the points since the course last changed, and what may come of them."""
        noise = noise_of(points, resolution)
        tidy = cleaned(points, noise)
        if self._since is not None:
            whole = self._fitted([one for one in tidy if one[0] >= self._since], noise, resolution)
            if whole is not None and whole.projection.misfit <= 1 + _MISFIT * math.sqrt(2 / len(whole.points)):
                return whole
        least = max(LEAST_POINTS, min(_LEAST_POINTS, int(_LEAST_SECONDS / self.pace / self._interval)))
        since = last_course(tidy, noise, least)
        if self._since is None:
            since = self._unhidden(tidy, since, noise, resolution)
        elif len(since) < self._short(resolution):
            since = tidy[-self._short(resolution) :]
        return self._fitted(since, noise, resolution)

    def _short(self, resolution: float) -> int:
        """Return how many points show the trend of now; of a coarse sensor more, so that it steps in them."""
        seconds = _SHORT_SECONDS * (1 + _COARSER * max(0.0, resolution - 0.1))
        return max(LEAST_POINTS + 1, round(seconds / self.pace / self._interval))

    def _fitted(self, points: Points, noise: float, resolution: float) -> Rise | None:
        projection, line = project(points, noise, self.pace), line_of(points[-_LINE_POINTS:], resolution)
        return None if projection is None or line is None else Rise(points, noise, line, projection)

    def _unhidden(self, points: Points, since: Points, noise: float, resolution: float) -> Points:
        """Begin where the usual was left, if that was shortly before: noise may hide the beginning of a rise."""
        envelope = self.usual.before(since[0][0], resolution)
        if envelope is None:
            return since
        edge = since[0][0] - _HIDDEN / self.pace
        number = len(points) - len(since)
        while number > 0 and points[number - 1][1] > envelope.top:
            number -= 1
            if points[number][0] < edge:
                return since
        longer = points[number:]
        return longer if straight(longer, noise) else since


def _middle(points: Points) -> tuple[float, float]:
    return sum(at for at, _ in points) / len(points), sum(value for _, value in points) / len(points)
