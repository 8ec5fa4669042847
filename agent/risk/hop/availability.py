"""How available a radio hop was, by what its radios counted, and how available it should be, by ITU-R P.530."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from agent import neutral
from agent.contract import Subject, WindowSpec
from agent.risk.hop.budget import lowest_threshold, path_loss, path_of
from agent.risk.hop.propagation import availability
from agent.risk.hop.state import Hop, HopEnd
from agent.risk.sight import Sight

DAY = 86_400.0
YEAR = 365 * DAY
SPAN_SECONDS = 31 * DAY
STEP_SECONDS = 3 * 3600.0
# Radios add to their counters once in a quarter of an hour, so that a step may hold more than it lasted.
COUNTED_LATE_SECONDS = 900.0
# A share of less than this says nothing.
LEAST_SECONDS = DAY

UNAVAILABLE = neutral.RADIO_UNAVAILABLE_SECONDS.name
ERRORED = neutral.RADIO_ERRORED_SECONDS.name
SEVERELY_ERRORED = neutral.RADIO_SEVERELY_ERRORED_SECONDS.name
COUNTER_WINDOWS = tuple(
    WindowSpec(family, SPAN_SECONDS, STEP_SECONDS) for family in (UNAVAILABLE, ERRORED, SEVERELY_ERRORED)
)


@dataclass(frozen=True, slots=True)
class Counted:
    """Seconds of one kind that were counted, over how many seconds."""

    seconds: float
    observed: float

    @property
    def share(self) -> float:
        """Their share of the time, 0 to 1."""
        return min(1.0, self.seconds / self.observed)


def counted(sight: Sight, hop: Hop, family: str) -> Counted | None:
    """Return what the radios counted in the last 31 days, that of the worse end; None before a day has passed.

    Each end counts one direction. Where it has more than one carrier, the best one tells: the others stand in for it.
    """
    ends = [one for one in (_at_end(sight, end, family) for end in hop.ends) if one is not None]
    return max(ends, key=lambda one: one.share, default=None)


def _at_end(sight: Sight, end: HopEnd, family: str) -> Counted | None:
    if end.device is None:
        return None
    device = Subject("device", end.device)
    series = (sight.windows.points(family, device, {"port": carrier.port}) for carrier in end.carriers)
    known = [one for one in map(_rise, series) if one is not None]
    return min(known, key=lambda one: one.share, default=None)


def _rise(points: Sequence[tuple[float, float]]) -> Counted | None:
    """A step that counted more seconds than it lasted is none: an exchanged radio, or one that misread itself."""
    if not points or points[-1][0] - points[0][0] < LEAST_SECONDS:
        return None
    (begun, first), (ended, last) = points[0], points[-1]
    if last - first <= STEP_SECONDS:
        return Counted(last - first, ended - begun)  # no step can have risen by more than it lasted
    steps = [(after - before, until - since) for (since, before), (until, after) in pairwise(points)]
    sound = [(min(rise, lasted), lasted) for rise, lasted in steps if rise <= lasted + COUNTED_LATE_SECONDS]
    observed = sum(lasted for _, lasted in sound)
    return Counted(sum(rise for rise, _ in sound), observed) if observed >= LEAST_SECONDS else None


def predicted(sight: Sight, hop: Hop) -> float | None:
    """Return the share of an average year in which the hop should work; None where its plan does not tell.

    The plan must give frequency, distance, a threshold, and the level under a clear sky or what it follows from.
    """
    floor = lowest_threshold(hop.radio)
    path = path_of(hop.radio, sight.inventory.sites.get(hop.link.ends[0].site))
    clear = [level for level in (clear_level(hop, number) for number in (0, 1)) if level is not None]
    if floor is None or path is None or not clear:
        return None
    return availability(path, min(clear) - floor)


def clear_level(hop: Hop, number: int) -> float | None:
    """Return the level that an end receives under a clear sky while the far end sends what it was planned to send."""
    radio, due = hop.radio, hop.ends[number].expected
    if radio.commissioned_level is not None:
        return radio.commissioned_level[number]
    loss = path_loss(radio)
    if loss is not None and radio.commissioned_transmit is not None:
        return radio.commissioned_transmit[1 - number] - loss
    return None if due is None else due.level


def allowed_seconds(required: float) -> float:
    """Return how long the hop may be unavailable in a year."""
    return (1 - required) * YEAR
