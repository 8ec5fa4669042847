"""What a site takes and gives itself: the difference of its ports, so that what only passes through is not counted."""

from __future__ import annotations

import math
from collections.abc import Generator, Iterable, Sequence

from agent.risk.sight import Sight
from agent.risk.usage.ends import Flows, rates_towards
from agent.risk.usage.rates import Grid
from config.inventory import Link

_Rates = tuple[list[float], list[float]]  # into the site, out of it


def site_flows(sight: Sight, site: str, links: Iterable[Link], grid: Grid) -> Generator[None, None, Flows | None]:
    """Return what flows to and from a site over these links; None where a link that is in use is not measured.

    Links to the same neighbour count as one port. One neighbour: the port. Two, a and b: down is max(0, in a - out b)
    plus max(0, in b - out a), up likewise; that is a little less than the truth where the site uses both ways at once.
    More: the difference of all that comes in and goes out, which is a lower bound. Pauses after each port.
    """
    neighbours: dict[str, _Rates] = {}
    for link in links:
        end = 0 if link.ends[0].site == site else 1
        far = link.ends[1 - end].site
        into = rates_towards(sight, link, end, grid)
        yield
        out = rates_towards(sight, link, 1 - end, grid)
        yield
        if all(map(math.isnan, into)) or all(map(math.isnan, out)):
            if link.standby:
                continue  # without traffic while the others carry
            return None
        neighbours[far] = _together(neighbours.get(far), (into, out))
    return _own(list(neighbours.values()))


def links_of(site: str, links: Iterable[Link]) -> list[Link]:
    """Return the links that lead from the site to another."""
    return [link for link in links if (link.ends[0].site == site) != (link.ends[1].site == site)]


def _together(one: _Rates | None, other: _Rates) -> _Rates:
    return other if one is None else (_sums(one[0], other[0]), _sums(one[1], other[1]))


def _sums(one: Iterable[float], other: Iterable[float]) -> list[float]:
    return [a + b for a, b in zip(one, other, strict=True)]


def _own(ports: Sequence[_Rates]) -> Flows | None:
    if not ports:
        return None
    if len(ports) == 1:
        return Flows(*ports[0])
    if len(ports) == 2:
        (in_a, out_a), (in_b, out_b) = ports
        return Flows(_differences(in_a, out_b, in_b, out_a), _differences(out_a, in_b, out_b, in_a))
    into, out = [list(map(sum, zip(*(port[side] for port in ports), strict=True))) for side in (0, 1)]
    nothing = [0.0] * len(into)
    return Flows(_differences(into, out, nothing, nothing), _differences(out, into, nothing, nothing), at_least=True)


def _differences(
    a: Iterable[float], less_a: Iterable[float], b: Iterable[float], less_b: Iterable[float]
) -> list[float]:
    """Return the positive parts of both differences, added; NaN where one of the four is not known."""
    found: list[float] = []
    for one, less_one, other, less_other in zip(a, less_a, b, less_b, strict=True):
        first, second = one - less_one, other - less_other
        known = first + second
        # max() would make a zero of a NaN: what is not known would count as nothing
        found.append(math.nan if math.isnan(known) else max(0.0, first) + max(0.0, second))
    return found
