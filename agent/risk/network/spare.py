"""Ways that are left after a loss, from the ways that there are before it: most losses touch few of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import NamedTuple

from agent.risk.network.flow import add_ways, nearest_first
from agent.risk.network.ways import Around, all_ways
from agent.risk.topology import Topology

# A way by its links, each with the node that it leaves.
_Way = Mapping[int, int]


class _Bundle(NamedTuple):
    """As many link-disjoint ways from a node to a target as there are."""

    source: int
    target: int
    ways: tuple[_Way, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Spare:
    """The ways of each site before a loss. A loss that touches none of them leaves as many; else others are sought.

    ``before``: how many, by site. ``around``: by target what ``nearest_first`` says. ``bundles``: of the sites with
    two ways or more, to each of what they reach first; ``used``: the links of all of these.
    """

    topology: Topology
    before: Mapping[str, int]
    around: Mapping[int, Around]
    bundles: Mapping[str, tuple[_Bundle, ...]]
    used: Mapping[str, frozenset[int]]

    @classmethod
    def of(cls, topology: Topology, down: AbstractSet[str]) -> Spare:
        """Find the ways; ``down``: ids of links that do not carry."""
        mesh, before = topology.mesh, all_ways(topology, down)
        first = {
            site: [mesh.places[need] for need in topology.first_needs[site]] for site, n in before.items() if n > 1
        }
        dead = mesh.dead(down)
        around = {
            target: nearest_first(mesh, dead, target) for target in {one for own in first.values() for one in own}
        }
        bundles = {
            site: tuple(_bundle(around[target], mesh.places[site], target) for target in own)
            for site, own in first.items()
        }
        used = {site: frozenset(_links(own)) for site, own in bundles.items()}
        return cls(topology, before, around, bundles, used)

    def fewer(self, lost: Iterable[str]) -> dict[str, int]:
        """Return, for the sites with two ways or more, how many are left without these links where that is fewer.

        It agrees with ``all_ways`` for each site that still reaches all that it needs; what lies behind another need
        is not looked at.
        """
        numbers = self.topology.mesh.numbers
        gone = frozenset(numbers[link] for link in lost)
        touched = [site for site, links in self.used.items() if not gone.isdisjoint(links)]
        targets = {bundle.target for site in touched for bundle in self.bundles[site]}
        left = {target: _without(self.around[target], gone) for target in targets}
        counts = {site: min(_left(one, left[one.target], gone) for one in self.bundles[site]) for site in touched}
        return {site: count for site, count in counts.items() if count < self.before[site]}


def _bundle(around: Around, source: int, target: int) -> _Bundle:
    leaves: dict[int, int] = {}
    count = add_ways(around, leaves, source, target)
    return _Bundle(source, target, tuple(_apart(around, leaves, source, target, count)))


def _apart(around: Around, leaves: _Way, source: int, target: int, count: int) -> Iterator[_Way]:
    """Tell the ways apart that flow together; what flows in a circle belongs to none and is left out."""
    onward: dict[int, list[tuple[int, int]]] = {}
    for node in {*leaves.values()}:
        onward[node] = [(link, far) for link, far in around[node] if leaves.get(link) == node]
    for _ in range(count):
        way: dict[int, int] = {}
        node = source
        while node != target:
            link, far = onward[node].pop()
            way[link] = node
            node = far
        yield way


def _links(bundles: Iterable[_Bundle]) -> Iterator[int]:
    return (link for bundle in bundles for way in bundle.ways for link in way)


def _without(around: Around, gone: AbstractSet[int]) -> Sequence[Sequence[tuple[int, int]]]:
    return [[one for one in near if one[0] not in gone] for near in around]


def _left(bundle: _Bundle, around: Around, gone: AbstractSet[int]) -> int:
    """Count the ways that are left: those that are whole, and those that take the place of the others."""
    whole = [way for way in bundle.ways if gone.isdisjoint(way)]
    if len(whole) == len(bundle.ways):
        return len(whole)
    leaves = {link: node for way in whole for link, node in way.items()}
    return len(whole) + add_ways(around, leaves, bundle.source, bundle.target, len(bundle.ways) - len(whole))
