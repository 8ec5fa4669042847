"""The last hours of a radio hop: what it loses in dry weather, and how fast its level moves."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median, quantiles

from agent import neutral
from agent.contract import Subject, WindowSpec
from agent.risk.hop.state import Hop, HopEnd
from agent.risk.sight import Sight

SPAN_SECONDS = 6 * 3600.0
STEP_SECONDS = 300.0
LEVEL_WINDOWS = (
    WindowSpec(neutral.RADIO_RECEIVED_LEVEL.name, SPAN_SECONDS, STEP_SECONDS),
    WindowSpec(neutral.RADIO_TRANSMIT_LEVEL.name, SPAN_SECONDS, STEP_SECONDS),
)

# From here on it is a fade, and no noise of the measurement; a wet antenna alone takes 1 to 2 dB.
FADE_DB = 3.0
# A shower takes so much and nobody need know; from here on somebody may want to.
DEEP_DB = 10.0
# What moves less than this, but for a tenth of six hours, is no weather.
STEADY_DB = 2.0
# The transmit level of the far end is known for so long after it was read: both radios are read at their own times.
POWER_KNOWN_SECONDS = 3 * STEP_SECONDS
# Dry weather is told from half of the window at least.
ENOUGH_POINTS = int(SPAN_SECONDS / STEP_SECONDS / 2)
RECENT_SECONDS = 3600.0


@dataclass(frozen=True, slots=True)
class Course:
    """What one end lost, in dB, over time: (seconds since the epoch, fade), oldest first; ``now`` is the fade now.

    It is counted from the expected level; where none is known (``known`` is false), from the best level of the window.
    ``steady``: the level hardly moved. ``offset`` is what is lost all the time: the lowest tenth, where it is no more
    for at least half of the time; else 0, for rain does not rest so.
    """

    points: Sequence[tuple[float, float]]
    now: float | None
    known: bool
    steady: bool = False
    offset: float = 0.0

    @property
    def passing(self) -> float | None:
        """What is lost now beyond that; None where the fade now is not known."""
        return None if self.now is None else self.now - self.offset

    def wet(self) -> frozenset[int]:
        """Return the steps of time at which rain, or something else that passes, took of the level."""
        due = self.offset + FADE_DB
        return frozenset(slot(at) for at, fade in self.points if fade >= due)

    def told(self) -> frozenset[int]:
        """Return the steps of time of which it tells; a point stands until the next one, which may be a step on."""
        return frozenset(step for at, _ in self.points for step in (slot(at), slot(at) + 1))

    def began(self, depth: float, since: float) -> float | None:
        """Return when it first lost ``depth`` dB after ``since``, seconds since the epoch; None where it did not."""
        due = self.offset + depth
        return next((at for at, fade in self.points if at > since and fade >= due), None)

    def dry_median(self, dry_steps: Collection[int]) -> float | None:
        """Return the median in the dry steps of time; None without an expected level or enough dry hours."""
        dry = [fade for at, fade in self.points if slot(at) in dry_steps]
        return median(dry) if self.known and len(dry) >= ENOUGH_POINTS else None

    def swing(self, now: float) -> float:
        """Return the second largest change from one step to the next within the last hour: one alone is a fault."""
        recent = [fade for at, fade in self.points if at > now - RECENT_SECONDS]
        changes = sorted(abs(after - before) for before, after in pairwise(recent))
        return changes[-2] if len(changes) >= 2 else 0.0


def slot(at: float) -> int:
    """Return the step of time that a moment belongs to, the same for all hops."""
    return int(at // STEP_SECONDS)


def course(sight: Sight, hop: Hop, number: int) -> Course:
    """Return what the end (0 or 1) lost in the last six hours; nothing while it is not known what the far end sends."""
    end, far = hop.ends[number], hop.ends[1 - number]
    if end.power_unknown or _may_send_less(sight, end, far):
        return Course([], None, known=False)
    levels = _levels(sight, end, far)
    enough = len(levels) >= ENOUGH_POINTS
    tenths = quantiles((value for _, value in levels), n=10) if enough else []
    if end.expected is None and not enough:
        return Course([], None, known=False)
    due = end.expected.level if end.expected is not None else tenths[-1]
    return Course(
        [(at, due - value) for at, value in levels],
        None if end.received is None else due - end.received,
        known=end.expected is not None,
        steady=enough and tenths[-1] - tenths[0] < STEADY_DB,
        offset=due - tenths[-1] if enough and tenths[-1] - tenths[4] < STEADY_DB else 0.0,
    )


def _may_send_less(sight: Sight, end: HopEnd, far: HopEnd) -> bool:
    """Whether a fade against the last hours may be the far end's power control, which nobody sees any more."""
    sent = None if end.far is None else end.far.sent
    return end.expected is None and sent is None and Subject("device", far.device or "") in sight.dark


def unequal(first: Course, second: Course, now: float) -> float:
    """Return by how much both directions differed at most within the last hour, in dB."""
    other = {slot(at): fade for at, fade in second.points}
    recent = [(slot(at), fade) for at, fade in first.points if at > now - RECENT_SECONDS]
    differences = [abs(fade - other[step]) for step, fade in recent if step in other]
    if first.now is not None and second.now is not None:
        differences.append(abs(first.now - second.now))
    return max(differences, default=0.0)


def _levels(sight: Sight, end: HopEnd, far: HopEnd) -> Sequence[tuple[float, float]]:
    """Return what was received, as it would have been with the transmit level that the far end has now."""
    if end.device is None or end.carrier is None:
        return ()
    received = _points(sight, neutral.RADIO_RECEIVED_LEVEL.name, end.device, end.carrier.port)
    sent = None if end.far is None else end.far.sent
    if end.far is None or far.device is None or sent is None or (end.expected is not None and not end.expected.follows):
        return received
    powers = _points(sight, neutral.RADIO_TRANSMIT_LEVEL.name, far.device, end.far.port)
    return [(at, value + sent - power) for at, value, power in _with_power(received, powers)]


def _with_power(
    received: Sequence[tuple[float, float]], powers: Sequence[tuple[float, float]]
) -> Iterator[tuple[float, float, float]]:
    """Yield (seconds since the epoch, received level, level sent then); what was received in a gap is left out."""
    times = [at for at, _ in powers]
    for at, value in received if times else ():
        then, power = powers[max(0, bisect_right(times, at) - 1)]
        if abs(at - then) <= POWER_KNOWN_SECONDS:
            yield at, value, power


def _points(sight: Sight, family: str, device: str, port: str) -> Sequence[tuple[float, float]]:
    return sight.windows.points(family, Subject("device", device), {"port": port})
