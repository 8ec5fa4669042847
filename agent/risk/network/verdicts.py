"""From the states of the links to a verdict on each site."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import Literal

from agent.risk.network.flow import bridges
from agent.risk.network.ways import all_ways, parts, unreachable
from agent.risk.topology import Topology


@dataclass(frozen=True, slots=True)
class Ways:
    """Ways by site: ``sure`` over links that are known to carry, ``possible`` over those of unknown state as well.

    ``unreachable``: what each site needs and no possible way leads to.
    """

    designed: Mapping[str, int] = field(default_factory=dict[str, int])
    sure: Mapping[str, int] = field(default_factory=dict[str, int])
    possible: Mapping[str, int] = field(default_factory=dict[str, int])
    unreachable: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])

    @classmethod
    def of(
        cls,
        topology: Topology,
        down: AbstractSet[str],
        doubtful: AbstractSet[str],
        designed: Ways,
        possible: Mapping[str, int],
    ) -> Ways:
        """Count the ways that are sure; ``designed`` are those with everything up, ``possible`` those not down."""
        sure = all_ways(topology, down | doubtful) if doubtful else possible
        return cls(designed.designed, sure, possible, unreachable(topology, down) if down else designed.unreachable)


def site_state(site: str, ways: Ways, *, isolated: bool) -> Literal["ok", "redundancy_lost", "isolated", "unverified"]:
    """Return where the site stands: unverified where it takes ways of unknown state to make up those designed."""
    designed = ways.designed.get(site, 0)
    if isolated:
        return "isolated"
    if ways.possible.get(site, 0) < designed:
        return "redundancy_lost"
    return "unverified" if ways.sure.get(site, 0) < designed else "ok"


def cut_off(topology: Topology, home: str | None, down: AbstractSet[str]) -> frozenset[str]:
    """Return the sites that no way leads to from home although one does by design."""
    if home is None or not down:
        return frozenset()
    return _with(home, parts(topology, frozenset())) - _with(home, parts(topology, down))


def reached_from(topology: Topology, home: str | None, down: AbstractSet[str]) -> frozenset[str]:
    """Return the sites that hang together with home while these links do not carry."""
    return frozenset() if home is None else _with(home, parts(topology, down))


def proved_up(
    topology: Topology, home: str | None, down: AbstractSet[str], doubtful: Iterable[str], answering: AbstractSet[str]
) -> frozenset[str]:
    """Return the links of unknown state that must carry: without them a site could not be reached that answers."""
    if home is None:
        return frozenset()
    reached = answering & _with(home, parts(topology, down))
    numbers, held = topology.mesh.numbers, bridges(topology.mesh, topology.mesh.dead(down)).links
    holding = (link for link in doubtful if numbers[link] in held)
    return frozenset(link for link in holding if reached - _with(home, parts(topology, down | {link})))


def patience(
    topology: Topology, home: str | None, rings: Mapping[str, tuple[frozenset[str], float]]
) -> dict[str, float]:
    """Return how long each site may be silent while a ring on the way to it switches over, in seconds.

    ``rings``: the links of each ring and the time that its switch-over may take.
    """
    if home is None:
        return {}
    longest: dict[str, float] = {}
    designed = _with(home, parts(topology, frozenset()))
    for links, convergence in rings.values():
        for site in designed - _with(home, parts(topology, links)):
            longest[site] = max(longest.get(site, 0.0), convergence)
    return longest


def _with(site: str, found: Iterable[tuple[str, ...]]) -> frozenset[str]:
    """Return the part that holds the site."""
    return next((frozenset(part) for part in found if site in part), frozenset({site}))
