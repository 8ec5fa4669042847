"""From the states of the links to a verdict on each site."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import Literal

from agent.risk.network.ways import all_ways, parts, unreachable, ways
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
    def of(cls, topology: Topology, down: AbstractSet[str], doubtful: AbstractSet[str], designed: Ways) -> Ways:
        """Count the ways; ``designed`` are those with everything up."""
        possible = all_ways(topology, down) if down else designed.designed
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


def cuts_of(topology: Topology, site: str, down: Mapping[str, float]) -> tuple[str, ...]:
    """Return the links at whose failure the site had fewer ways than before, the newest first.

    ``down``: since when each link does not carry.
    """
    failed: set[str] = set()
    before = ways(topology, site, failed)
    telling: list[str] = []
    for link in sorted(down, key=lambda link: (down[link], link)):
        failed.add(link)
        left = ways(topology, site, failed)
        if left < before:
            telling.append(link)
        before = left
    return tuple(reversed(telling))


def cut_off(topology: Topology, home: str | None, down: Mapping[str, float]) -> dict[str, float]:
    """Return the sites that no way leads to from home although one does by design, and when the last one went."""
    if home is None or not down:
        return {}
    near = _with(home, parts(topology, down.keys()))
    designed = _with(home, parts(topology, frozenset()))
    newest = max(down.values())
    found: dict[str, float] = {}
    for site in designed:
        if site not in near:
            cuts = cuts_of(topology, site, down)
            found[site] = max((down[link] for link in cuts), default=newest)
    return found


def proved_up(
    topology: Topology, home: str | None, down: AbstractSet[str], doubtful: Iterable[str], answering: AbstractSet[str]
) -> frozenset[str]:
    """Return the links of unknown state that must carry: without them a site could not be reached that answers."""
    if home is None:
        return frozenset()
    reached = answering & _with(home, parts(topology, down))
    return frozenset(link for link in doubtful if reached - _with(home, parts(topology, down | {link})))


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
