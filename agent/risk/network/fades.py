"""Did a radio hop fade before it went? Rain takes it for minutes and gives it back; a mast or a crane does not."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import quantiles
from typing import NamedTuple

from agent import neutral
from agent.contract import Subject
from agent.risk.hop.history import FADE_DB
from agent.risk.hop.state import Hop
from agent.risk.sight import Sight

# The best level of the last hours is told from half an hour at least.
ENOUGH_POINTS = 6


class Level(NamedTuple):
    """What one end last received while the hop carried, and what it should: dBm."""

    device: str
    port: str
    received: float
    expected: float | None


def levels_of(hop: Hop) -> tuple[Level, ...]:
    """Return what its ends receive, as far as it is seen."""
    return tuple(
        Level(end.device, end.carrier.port, end.received, None if end.expected is None else end.expected.level)
        for end in hop.ends
        if end.device is not None and end.carrier is not None and end.received is not None
    )


def faded(sight: Sight, levels: Sequence[Level]) -> bool:
    """Whether an end received less at the last than noise explains; where that is not known it did not (fail open)."""
    return any(_lost(sight, one) >= FADE_DB for one in levels)


def _lost(sight: Sight, level: Level) -> float:
    """Return how many dB it was below the best of the last six hours, or below what is expected; 0 if not known."""
    labels = {"port": level.port}
    points = sight.windows.points(neutral.RADIO_RECEIVED_LEVEL.name, Subject("device", level.device), labels)
    if len(points) >= ENOUGH_POINTS:
        return quantiles((value for _, value in points), n=10)[-1] - level.received
    return 0.0 if level.expected is None else level.expected - level.received
