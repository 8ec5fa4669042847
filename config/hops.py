"""Whether the data of a radio hop can be meant: likely slips in what its sheet says. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from config.errors import Problem
from config.inventory import Inventory
from config.network import Radio
from config.positions import Positions

# Nobody builds a radio hop over less; 21.3 without a unit is 21.3 m.
_SHORTEST_METERS = 50.0
# No receiver needs more, in any modulation: a transmit level, or one that was commissioned, has slipped in.
_WORST_THRESHOLD_DBM = -45.0

_Slip = tuple[tuple[str, ...], str, str]  # keys, message, hint


def hop_remarks(inventory: Inventory, positions: Positions) -> Iterator[Problem]:
    """Yield what is probably a slip in the data of radio hops; the configuration can be used all the same."""
    for name, link in inventory.links.items():
        for keys, message, hint in () if link.radio is None else _slips(link.radio):
            yield positions.problem(("links", name, "radio", *keys), message, hint)


def _slips(radio: Radio) -> Iterator[_Slip]:
    if radio.distance is not None and radio.distance < _SHORTEST_METERS:
        yield ("distance",), f"a hop of {radio.distance:g} m", f"did you mean {radio.distance:g}km?"
    yield from _thresholds(radio)
    yield from _levels(radio)


def _thresholds(radio: Radio) -> Iterator[_Slip]:
    floor = radio.threshold
    if floor is not None and floor > _WORST_THRESHOLD_DBM:
        yield ("threshold",), f"no receiver fails at {floor:g} dBm", "the data sheet says e.g. -78dBm"
    for (lower, level), (higher, other) in pairwise(sorted(radio.thresholds.items())):
        if other < level:
            message = f"{higher}QAM at {other:g} dBm would need less than {lower}QAM at {level:g} dBm"
            yield ("thresholds",), message, "the higher the modulation, the higher its threshold"


def _levels(radio: Radio) -> Iterator[_Slip]:
    """What was commissioned works in some modulation."""
    known = [level for level in (radio.threshold, *radio.thresholds.values()) if level is not None]
    floor = min(known, default=None)
    for level in radio.commissioned_level or ():
        if floor is not None and level <= floor:
            message = f"{level:g} dBm is not above the threshold, {floor:g} dBm: the hop would carry nothing"
            yield ("commissioned_level",), message, "one of the two is wrong"
