"""Which radio hops stand in the same weather."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from config.inventory import Inventory
from config.network import Link

# A thunderstorm is this wide; a front is wider.
SAME_WEATHER_KM = 30.0
_KM_PER_DEGREE = 111.2


@dataclass(frozen=True, slots=True)
class Place:
    """Where a hop runs: its sites, and those of them whose position is known, in degrees north and east."""

    sites: frozenset[str]
    points: tuple[tuple[float, float], ...]


def places(inventory: Inventory) -> Mapping[str, Place]:
    """Return where each radio link runs."""
    return {name: _place(inventory, link) for name, link in inventory.links.items() if link.kind == "radio"}


def neighbours(where: Mapping[str, Place], name: str) -> Iterator[str]:
    """Yield the other hops that share a site with this one, or have one within 30 km of one of its sites."""
    here = where[name]
    for other, there in where.items():
        if other != name and (here.sites & there.sites or _close(here, there)):
            yield other


def _place(inventory: Inventory, link: Link) -> Place:
    names = frozenset(end.site for end in link.ends)
    sites = [inventory.sites[name] for name in names if name in inventory.sites]
    known = ((site.latitude, site.longitude) for site in sites)
    return Place(names, tuple((north, east) for north, east in known if north is not None and east is not None))


def _close(here: Place, there: Place) -> bool:
    for north, east in here.points:
        shrunk = _KM_PER_DEGREE * math.cos(math.radians(north))  # so near to each other the earth is flat
        for other_north, other_east in there.points:
            if math.hypot((north - other_north) * _KM_PER_DEGREE, (east - other_east) * shrunk) <= SAME_WEATHER_KM:
                return True
    return False
