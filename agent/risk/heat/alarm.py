"""Does a temperature run away? The decision on one sensor at one moment, with its reasons as constants."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal, NamedTuple

from agent.contract import Remaining
from agent.risk.heat.rises import Habit
from agent.risk.heat.shapes import LEAST_POINTS, Points
from agent.risk.heat.stretches import dying_down
from agent.risk.heat.usual import Envelope
from agent.risk.serverroom import Line, Projection

LASTS, _MOST_HIDDEN = 160.0, 35.0  # a door's rise takes up to two minutes
_STEEP, _LIKE_A_DOOR = 0.45 / 60, 6.0  # K/s from which it may well be one, and then so much longer
_HURRY, _MOST_PATIENT = 2700.0, 4.0  # what is further off may wait in proportion, so many times as long at most
LASTS_FAILED = 90.0  # where the cooling says itself that it failed
LASTS_RUNNING = 360.0  # where all units say that they run
LASTS_UNKNOWN = 300.0  # where nothing is known of what is usual
LASTS_DOOR = 480.0  # where a door moved, or stands open
DOOR_SECONDS = 900.0  # so long after a door moved a rise may be its work
COARSE_SECONDS = 300.0  # more for each kelvin of a sensor's step: doors look like trends to it

HORIZON = 3600.0  # the critical limit must be as near
NEAR_WARNING, FAR = 1200.0, 7200.0  # or the warning limit so near, and the critical one not further than that

SHOWN = 3.0  # standard errors from which there is a trend
_SIGNIFICANT = 5.0
LEAST_SLOPE = 0.03 / 60  # K/s: an hour of it is less than 2 K

_LONGER, _MUCH_LONGER, _AS_STEEP = 1.25, 2.25, 0.5  # times the longest usual rise; times the steepest
_LONGER_SECONDS = 60.0  # as fine as the usual rises are known
_OUTPACES, _FAR_OUTPACES = 1.5, 2.0  # times the steepest usual rise, far above the usual level and anywhere
MARGIN_KELVIN, _MARGIN_SHARE = 0.3, 0.25  # by which the usual must be passed: in K, and as a share of the usual swing
UNKNOWN_KELVIN = 4.5  # no compressor swings further
_FAILED_KELVIN = 0.3
_STEPS = 2.5  # steps of the sensor that a rise must pass: two are flicker

Verdict = Literal["calm", "unsure", "away"]


class Hints(NamedTuple):
    """What else is known of the room. ``door_moved_at``: seconds since the epoch; ``door_open``: stands open now.

    ``failed``: a cooling unit says that it failed; ``running``: all of them say that they run. ``pace``: how much
    faster than in a real room time passes, in a story that is played.
    """

    failed: bool = False
    running: bool = False
    door_open: bool = False
    door_moved_at: float | None = None
    pace: float = 1.0


class Known(NamedTuple):
    """What is usual, as far as it is known, and how the room falls again."""

    envelope: Envelope | None
    habit: Habit | None


class Rise(NamedTuple):
    """The points since the course last changed, the scatter of each (K), the line through the last of them."""

    points: Points
    noise: float
    line: Line
    projection: Projection

    @property
    def lasted(self) -> float:
        """Seconds from its first to its last point."""
        return self.points[-1][0] - self.points[0][0]

    @property
    def height(self) -> float:
        """How far it has risen, in K."""
        return self.projection.level - self.points[0][1]


@dataclass(frozen=True, slots=True)
class Case:
    """What is to be decided on. ``line``: the trend of the last minutes; ``lowest``: of all that is remembered, °C.

    ``interval``: seconds between measurements.
    """

    line: Line
    lowest: float
    resolution: float
    at: float
    hints: Hints
    interval: float


def ordinary(case: Case, envelope: Envelope | None, critical: float | None) -> Verdict | None:
    """Say at little cost that a rise is nothing out of the usual; None: it must be looked at closely."""
    line = case.line
    if critical is None or line.level + line.slope * 2 * HORIZON < critical:
        return "calm"
    if case.hints.failed:
        return None
    if envelope is None:
        return "unsure" if line.level - case.lowest < UNKNOWN_KELVIN else None
    leaves = line.level > envelope.top + _margin(case, envelope)
    return None if leaves or _outpaces(case, envelope, line.level) else "calm"


def verdict(case: Case, rise: Rise, known: Known, warning: Remaining | None, critical: Remaining) -> Verdict:
    """Decide on a rise that has not been found to run away so far."""
    envelope = known.envelope
    significant = rise.line.slope > _SIGNIFICANT * rise.line.error
    if not (significant and is_near(warning, critical)) or dying_down(rise.points, rise.noise):
        return "calm"
    if rise.lasted < _patience(case, rise, critical, known=envelope is not None):
        return "calm" if envelope is not None else "unsure"
    if rise.height < max(_STEPS * case.resolution, _FAILED_KELVIN):
        return "calm"
    if envelope is None and not case.hints.failed:
        far = rise.projection.level - case.lowest > UNKNOWN_KELVIN + case.resolution
        return "away" if far else "unsure"
    return "away" if envelope is None or case.hints.failed or _unusual(case, rise, envelope, known.habit) else "calm"


def is_near(warning: Remaining | None, critical: Remaining) -> bool:
    """Whether the critical limit is within reach."""
    if critical.seconds <= HORIZON:
        return True
    return warning is not None and warning.seconds <= NEAR_WARNING and critical.seconds <= FAR


def _unusual(case: Case, rise: Rise, envelope: Envelope, usual: Habit | None) -> bool:
    """Whether it leaves what is usual, or is steeper than that."""
    level, margin = rise.projection.level, _margin(case, envelope)
    raised = envelope.highest > envelope.top + margin
    if raised and rise.height <= envelope.swing + margin:
        return False  # the usual rise, on top of what a door or a load did before
    if _outpaces(case, envelope, level):
        return True
    if _may_fall_again(case, envelope, usual):
        return False
    return level - envelope.lowest > envelope.swing + margin and level > envelope.top + margin


def _may_fall_again(case: Case, envelope: Envelope, usual: Habit | None) -> bool:
    """Whether a room that falls again and again has not yet risen for longer than it usually does.

    Without cooling it rises about as steeply as while the compressor rests; what rises less is believed later.
    """
    if usual is None:
        return False
    longer = _LONGER if case.line.slope >= _AS_STEEP * envelope.slope else _MUCH_LONGER
    return case.at - usual.since <= longer * usual.longest + _LONGER_SECONDS / case.hints.pace


def _outpaces(case: Case, envelope: Envelope, level: float) -> bool:
    above, steady = level - envelope.top, case.line.slope - SHOWN * case.line.error
    if steady > _FAR_OUTPACES * envelope.slope:
        return level > envelope.middle + _margin(case, envelope)
    return steady > _OUTPACES * envelope.slope and above > max(envelope.swing, _margin(case, envelope))


def _margin(case: Case, envelope: Envelope) -> float:
    """Return by how much (K) the usual must be passed."""
    margin = max(MARGIN_KELVIN, 1.3 * case.resolution, _MARGIN_SHARE * envelope.swing)
    return 2 * margin if case.hints.running and not case.hints.failed else margin


def _hidden(case: Case, rise: Rise) -> float:
    """Return for how many seconds noise hid the beginning of a rise: until it stood out from what went before.

    By ``k`` measurements of a ramp chi square grows by ``(slope k interval / noise)² k / 3``; nine or so are seen.
    """
    step = max(rise.line.slope, LEAST_SLOPE) * case.interval
    return min(_MOST_HIDDEN / case.hints.pace, case.interval * math.cbrt(9 * (rise.noise / step) ** 2))


def _patience(case: Case, rise: Rise, critical: Remaining, *, known: bool) -> float:
    """Return how long a rise must have lasted to be believed, in seconds; ``known``: what is usual."""
    hints = case.hints
    pace = hints.pace
    door = _LIKE_A_DOOR if rise.line.slope > _STEEP * pace else 0.0
    least = LASTS + door - _hidden(case, rise) * pace if known else LASTS_UNKNOWN
    least *= min(_MOST_PATIENT, max(1.0, critical.seconds * pace / _HURRY))
    if hints.failed:
        least = LASTS_FAILED
    else:
        moved = hints.door_moved_at is not None and case.at - hints.door_moved_at < DOOR_SECONDS / pace
        least = max(least, LASTS_RUNNING if hints.running else 0.0, LASTS_DOOR if hints.door_open or moved else 0.0)
    least += COARSE_SECONDS * max(0.0, case.resolution - 0.1)
    return max(least / pace, (LEAST_POINTS + 1) * case.interval)
