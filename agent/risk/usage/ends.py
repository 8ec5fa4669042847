"""What flows over a declared link, told by the ports at its ends."""

from __future__ import annotations

import math
from typing import NamedTuple

from agent.contract import Subject
from agent.risk.ports import PORT_LABELS
from agent.risk.sight import Sight
from agent.risk.usage.rates import Grid, Points, rates
from config.inventory import End, Link

# IF-MIB (RFC 2863)
IN_OCTETS = "ifHCInOctets"
OUT_OCTETS = "ifHCOutOctets"

HISTORY_SECONDS = 11 * 86400.0  # seven working days and the two weekends that may lie among them

# A counter that fell to nothing and came back shows all that it ever counted within five minutes.
_ABSURD = 10.0  # times the declared capacity


class Flows(NamedTuple):
    """Bit rates by slot, towards a place and away from it. ``at_least``: more may flow, transit hides it."""

    down: list[float]
    up: list[float]
    at_least: bool = False


def octets_towards(sight: Sight, link: Link, end: int) -> Points:
    """Return the octets that arrived at an end of the link: counted there, else as they left at the far end."""
    here = _octets(sight, link.ends[end], IN_OCTETS)
    there = _octets(sight, link.ends[1 - end], OUT_OCTETS)
    return here if len(here) >= len(there) else there


def rates_towards(sight: Sight, link: Link, end: int, grid: Grid) -> list[float]:
    """Return the bit rates towards an end of the link by slot, NaN where they are not known."""
    limit = math.inf if link.capacity is None else _ABSURD * link.capacity
    return rates(octets_towards(sight, link, end), grid, limit)


def direction(link: Link, end: int) -> str:
    """Return what the direction towards an end is called: its site; within a site the end as it is written."""
    here, there = link.ends[end], link.ends[1 - end]
    return here.site if here.site != there.site else str(here)


def _octets(sight: Sight, end: End, family: str) -> Points:
    if end.device is None or end.port is None:
        return ()
    device = Subject("device", end.device)
    for label in PORT_LABELS:
        kept = sight.windows.points(family, device, {label: end.port})
        if kept:
            return kept
    return ()
