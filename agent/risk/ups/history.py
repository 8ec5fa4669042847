"""How fast the battery of a UPS discharges."""

from __future__ import annotations

from collections.abc import Sequence

from agent import neutral
from agent.risk.sight import Sight
from agent.risk.ups.readings import Ups, interval_of, is_plausible
from agent.risk.ups.windows import DISCHARGE_SECONDS

# The voltage of a battery sinks as soon as it is loaded, and a charge that is told from it with it; then it recovers.
SAG_SECONDS = 60.0
# A charge is told in whole percents: less says no rate.
LEAST_POINTS = 5
LEAST_SECONDS = 120.0
LEAST_FALL = 0.05
# What was read so many intervals before the last reading is of a check that is gone.
_OUTDATED_INTERVALS = 3

_Points = Sequence[tuple[float, float]]


def empty_at(sight: Sight, ups: Ups, since: float, read_at: float) -> float | None:
    """Return when the charge will be used up if it falls as in the last minutes; None where that says nothing.

    ``since``: when the outage began; ``read_at``: when the UPS was read last.
    """
    kept = _points(sight, ups, read_at)
    if not kept:
        return None
    begin = max(since + SAG_SECONDS, kept[-1][0] - DISCHARGE_SECONDS)
    points = [point for point in kept if point[0] >= begin]
    if len(points) < LEAST_POINTS or points[-1][0] - points[0][0] < LEAST_SECONDS:
        return None
    if points[0][1] - points[-1][1] < LEAST_FALL:
        return None
    slope = _slope(points)
    return points[-1][0] - points[-1][1] / slope if slope < 0 else None


def _points(sight: Sight, ups: Ups, read_at: float) -> _Points:
    """What it said, oldest first, what it says now included; of a clock that was set, only what was read since."""
    kept = sight.windows.points(neutral.UPS_CHARGE.name, ups.subject, {})
    points = [
        (at, value)
        for at, value in kept
        if is_plausible(neutral.UPS_CHARGE, value) and sight.stepped_at <= at <= sight.view.now
    ]
    if points and points[-1][0] < read_at - _OUTDATED_INTERVALS * interval_of(sight, ups.name):
        points = []
    value = ups.value(neutral.UPS_CHARGE)
    if value is not None and ups.at is not None and (not points or points[-1][0] < ups.at):
        points.append((ups.at, value))
    return points


def _slope(points: _Points) -> float:
    """Least squares, per second."""
    count = len(points)
    mean_at = sum(at for at, _ in points) / count
    mean_value = sum(value for _, value in points) / count
    spread = sum((at - mean_at) ** 2 for at, _ in points)
    return sum((at - mean_at) * (value - mean_value) for at, value in points) / spread
