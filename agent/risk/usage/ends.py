"""What flows over a declared link, told by the ports at its ends."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

from agent.contract import Subject
from agent.risk.ports import labels_at
from agent.risk.sight import Sight
from agent.risk.usage.rates import Grid, Points, latest, rates
from config.inventory import End, Link

# IF-MIB (RFC 2863)
IN_OCTETS = "ifHCInOctets"
OUT_OCTETS = "ifHCOutOctets"

HISTORY_SECONDS = 11 * 86400.0  # seven working days and the two weekends that may lie among them

# A counter that fell to nothing and came back shows all that it ever counted within five minutes.
_ABSURD = 10.0  # times the capacity


class Flows(NamedTuple):
    """Bit rates by slot, towards a place and away from it. ``at_least``: more may flow, transit hides it."""

    down: list[float]
    up: list[float]
    at_least: bool = False


def rates_towards(sight: Sight, link: Link, end: int, grid: Grid) -> list[float]:
    """Return the bit rates towards an end of the link by slot, NaN where they are not known.

    In each slot what arrived there counts, and where that is not known, what left at the far end.
    """
    limit = math.inf if link.capacity is None else _ABSURD * link.capacity
    here, there = _counted(sight, link, end)
    if not (here and there):
        return rates(here or there, grid, limit)
    both = zip(rates(here, grid, limit), rates(there, grid, limit), strict=True)
    return [far if math.isnan(near) else near for near, far in both]


def rate_towards(sight: Sight, link: Link, end: int, capacity: float) -> float | None:
    """Return the latest bit rate towards an end of the link, as told by the end that was read last; None: not known.

    ``capacity``: what it can carry now, in bits per second; what is declared counts before it, because rain may have
    taken it only after the traffic had passed.
    """
    limit = _ABSURD * (link.capacity or capacity)
    newest_first = sorted(_counted(sight, link, end), key=_last_read, reverse=True)
    found = (latest(octets, sight.view.now, limit) for octets in newest_first)
    return next((rate for rate in found if rate is not None), None)


def direction(link: Link, end: int) -> str:
    """Return what the direction towards an end is called: its site; within a site the end as it is written."""
    here, there = link.ends[end], link.ends[1 - end]
    return here.site if here.site != there.site else str(here)


def _counted(sight: Sight, link: Link, end: int) -> tuple[Points, Points]:
    """Return the octets that arrived at an end of the link: as counted there, and as they left at the far end."""
    labels, far = labels_at(link), 1 - end
    return _octets(sight, link.ends[end], IN_OCTETS, labels), _octets(sight, link.ends[far], OUT_OCTETS, labels)


def _last_read(octets: Points) -> float:
    return octets[-1][0] if octets else -math.inf


def _octets(sight: Sight, end: End, family: str, labels: Sequence[str]) -> Points:
    if end.device is None or end.port is None:
        return ()
    device = Subject("device", end.device)
    for label in labels:
        kept = sight.windows.points(family, device, {label: end.port})
        if kept:
            return kept
    return ()
