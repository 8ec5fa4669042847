"""What is published of a radio hop."""

from __future__ import annotations

from collections.abc import Iterator

from agent.contract import Measure, MetricFamily
from agent.figures import (
    RADIO_HOP_AVAILABILITY,
    RADIO_HOP_AVAILABILITY_PREDICTED,
    RADIO_HOP_AVAILABILITY_REQUIRED,
    RADIO_HOP_ERRORED,
    RADIO_HOP_EXPECTED_LEVEL,
    RADIO_HOP_FADE_DEPTH,
    RADIO_HOP_MARGIN,
    RADIO_HOP_OBSERVED,
    RADIO_HOP_PROTECTED,
    RADIO_HOP_SEVERELY_ERRORED,
)
from agent.risk.hop.availability import ERRORED, SEVERELY_ERRORED, UNAVAILABLE, counted, predicted
from agent.risk.hop.state import Hop, HopEnd
from agent.risk.sight import Sight


def figures(sight: Sight, hop: Hop) -> Iterator[Measure]:
    """Yield what is known of the hop; what is not known is left out."""
    for end in hop.ends:
        yield from _of_end(hop, end)
    yield from _protection(hop)
    yield from _availability(sight, hop)
    for source, family in ((ERRORED, RADIO_HOP_ERRORED), (SEVERELY_ERRORED, RADIO_HOP_SEVERELY_ERRORED)):
        told = counted(sight, hop, source)
        yield from _known(family, hop.name, None if told is None else told.share)


def _of_end(hop: Hop, end: HopEnd) -> Iterator[Measure]:
    values = (
        (RADIO_HOP_EXPECTED_LEVEL, (), None if end.expected is None else end.expected.level),
        (RADIO_HOP_FADE_DEPTH, (), end.fade_depth_db),
        (RADIO_HOP_MARGIN, ("lowest",), end.margin_db),
        (RADIO_HOP_MARGIN, ("current",), end.margin_now_db),
    )
    for family, further, value in values:
        if value is not None:
            yield Measure(family, (hop.name, end.place, *further), value)


def _protection(hop: Hop) -> Iterator[Measure]:
    if hop.radio.protection == "none" or hop.unseen or any(end.pair.unsure for end in hop.ends):
        return
    whole = not any(end.pair.failed or end.pair.missing for end in hop.ends)
    yield Measure(RADIO_HOP_PROTECTED, (hop.name,), float(whole))


def _availability(sight: Sight, hop: Hop) -> Iterator[Measure]:
    told = counted(sight, hop, UNAVAILABLE)
    if told is not None:
        yield Measure(RADIO_HOP_AVAILABILITY, (hop.name,), 1 - told.share)
        yield Measure(RADIO_HOP_OBSERVED, (hop.name,), told.observed)
    yield from _known(RADIO_HOP_AVAILABILITY_REQUIRED, hop.name, hop.radio.availability_required)
    yield from _known(RADIO_HOP_AVAILABILITY_PREDICTED, hop.name, predicted(sight, hop))


def _known(family: MetricFamily, name: str, value: float | None) -> Iterator[Measure]:
    if value is not None:
        yield Measure(family, (name,), value)
