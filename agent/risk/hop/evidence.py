"""What was seen of a radio hop, end by end, in words; what could not be seen is said as well."""

from __future__ import annotations

from collections.abc import Iterator

from agent.risk.hop.said import decibels, level
from agent.risk.hop.state import Hop, HopEnd, said_capacity
from agent.risk.sight import Sight
from agent.risk.texts import Words


def evidence(sight: Sight, hop: Hop) -> tuple[str, ...]:
    """Return a line for each end, and one for the capacity where it is known."""
    capacity = said_capacity(sight, hop)
    ends = tuple(_end(sight.words, end) for end in hop.ends)
    return (*ends, sight.words.say("hop_carries", capacity=capacity)) if capacity else ends


def _end(words: Words, end: HopEnd) -> str:
    if not end.carriers:
        return words.say("hop_end_unseen", end=end.place)
    if end.received is None:
        return words.say("hop_end_deaf", end=end.place)
    return "; ".join((words.say("hop_end", end=end.place, level=level(words, end.received)), *_details(words, end)))


def _details(words: Words, end: HopEnd) -> Iterator[str]:
    if end.expected is None or end.fade_depth_db is None:
        yield words.say("hop_no_expectation")
        if end.power_unknown:
            yield words.say("hop_no_power")
    else:
        source = words.say(f"hop_source_{end.expected.source}")
        yield words.say("hop_expected", level=level(words, end.expected.level), source=source)
    if end.margin_db is not None:
        yield words.say("hop_margin", margin=decibels(words, end.margin_db))
    if end.margin_now_db is not None and end.carrier is not None and end.carrier.modulation is not None:
        order = end.carrier.modulation
        yield words.say("hop_margin_now", margin=decibels(words, end.margin_now_db), order=order)
    if end.carrier is not None and end.carrier.clearness is not None:
        yield words.say("hop_clearness", value=decibels(words, end.carrier.clearness))
