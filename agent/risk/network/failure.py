"""What follows if something fails: who is cut off, and what the ways that are left must carry."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from typing import NamedTuple

from agent.contract import Consequence, Subject
from agent.risk.network.flow import bridges, labels
from agent.risk.network.flow_tree import STILL, Tree
from agent.risk.network.ways import all_ways, out_of_reach
from agent.risk.topology import Loss, Topology
from config.inventory import Inventory

# So many failures are judged between two pauses: about 2 ms in a network of 200 nodes.
AT_ONCE = 25


class Demand(NamedTuple):
    """What a site needs to work; ``declared``: the file says so, else it was measured."""

    bits_per_second: float
    declared: bool


class Load(NamedTuple):
    """``demand`` by site; ``capacity`` by link as measured now, bits per second. What is missing is not known."""

    demand: Mapping[str, Demand]
    capacity: Mapping[str, float]

    @classmethod
    def declared(cls, inventory: Inventory) -> Load:
        """Return what the inventory says of both."""
        demand = {name: Demand(site.demand, True) for name, site in inventory.sites.items() if site.demand is not None}
        capacity = {name: link.capacity for name, link in inventory.links.items() if link.capacity is not None}
        return cls(demand, capacity)


def loads(topology: Topology, load: Load, down: AbstractSet[str]) -> Mapping[str, float]:
    """Return what each link that carries a known demand carries, in bits per second.

    A site's demand takes the cheapest way to the first of what it needs: without a standby link if it can, then
    without a ring's protection link, then with the fewest hops, then over the link that stands first in the file. Over
    a standby link only declared demand counts.
    """
    routed = _Routed.of(topology, load, down)
    return {topology.mesh.links[link]: float(rate) for link, rate in routed.carried.items()}


def consequence(topology: Topology, load: Load, down: AbstractSet[str], failed: Sequence[Subject]) -> Consequence:
    """Return what follows if these fail together, the ways that are left included. Raises UnknownElement."""
    loss = topology.loss(failed)
    after = _Routed.of(topology, load, down).after(tuple(failed), loss)
    return replace(after, paths=all_ways(topology, down | loss.links))


def every_failure(topology: Topology, load: Load, down: AbstractSet[str]) -> Iterator[Consequence | None]:
    """Yield what each single failure would do; None where the caller may pause. ``paths`` stays empty."""
    routed = _Routed.of(topology, load, down)
    for number, element in enumerate(topology.elements, start=1):
        yield routed.after((element,), topology.loss((element,)))
        if number % AT_ONCE == 0:
            yield None


@dataclass(frozen=True, slots=True, eq=False)
class _Routed:
    """The network as it is used now, from which each failure is a small step.

    ``carried``: bits per second by link number, whole ones, so that adding and taking away again leaves nothing over.
    ``ratio``: load by capacity by link number, -1 where it is not known or nothing. ``held``: links that some part
    hangs on alone.
    """

    topology: Topology
    load: Load
    dead: bytearray
    trees: tuple[Tree, ...]
    carried: Mapping[int, int]
    ratio: Sequence[float]
    utilisation: Mapping[str, float]
    by_site: Mapping[str, float]
    isolated: frozenset[str]
    held: frozenset[int]

    @classmethod
    def of(cls, topology: Topology, load: Load, down: AbstractSet[str]) -> _Routed:
        mesh = topology.mesh
        dead = mesh.dead(down)
        trees = tuple(_trees(topology, load, dead))
        summed: dict[int, int] = {}
        for tree in trees:
            for link, rate in tree.carried.items():
                summed[link] = summed.get(link, 0) + rate
        carried = {link: rate for link, rate in sorted(summed.items()) if rate}
        ratio = [-1.0] * len(mesh.links)
        for link, rate in carried.items():
            if mesh.links[link] in load.capacity:
                ratio[link] = rate / load.capacity[mesh.links[link]]
        utilisation = {name: ratio[link] for link, name in enumerate(mesh.links) if ratio[link] >= 0}
        peaks = (_by_site(topology, tree.peaks(ratio, STILL)) for tree in trees)
        by_site = {site: peak for some in peaks for site, peak in some}
        isolated = frozenset(out_of_reach(topology, labels(mesh, dead), topology.sites, frozenset()))
        return cls(
            topology, load, dead, trees, carried, ratio, utilisation, by_site, isolated, bridges(mesh, dead).links
        )

    def after(self, failed: tuple[Subject, ...], loss: Loss) -> Consequence:
        """Return what follows from a loss, without the ways that are left."""
        numbers = self.topology.mesh.numbers
        lost = {number for number in map(numbers.__getitem__, loss.links) if not self.dead[number]}
        utilisation, by_site = self._used(lost)
        worst = max(utilisation, key=utilisation.__getitem__) if utilisation else None
        return Consequence(
            failed,
            self._isolated(lost, loss.sites),
            utilisation=utilisation,
            by_site=by_site,
            worst=None if worst is None else (worst, utilisation[worst]),
        )

    def _isolated(self, lost: AbstractSet[int], gone: AbstractSet[str]) -> tuple[str, ...]:
        """Return the sites that are cut off and were not; a single link that is no bridge cuts nobody off."""
        if not gone and (not lost or (len(lost) == 1 and lost.isdisjoint(self.held))):
            return ()
        marks = bytearray(self.dead)
        for link in lost:
            marks[link] = 1
        part = labels(self.topology.mesh, marks)
        missing = out_of_reach(self.topology, part, self.topology.sites, gone)
        return tuple(site for site in missing if site not in self.isolated)

    def _used(self, lost: AbstractSet[int]) -> tuple[Mapping[str, float], Mapping[str, float]]:
        """Return load by capacity by link, and the highest on the way of each site; most losses change neither."""
        change: dict[int, int] = {}
        shifts = {tree: tree.shift(lost, change) for tree in self.trees if not lost.isdisjoint(tree.carried)}
        if not shifts:
            return self.utilisation, self.by_site
        names, capacity = self.topology.mesh.links, self.load.capacity
        utilisation, ratio = dict(self.utilisation), list(self.ratio)
        for link, difference in change.items():
            name, rate = names[link], self.carried.get(link, 0) + difference
            if rate and name in capacity:
                utilisation[name] = ratio[link] = rate / capacity[name]
            elif ratio[link] >= 0:
                ratio[link] = -1.0
                del utilisation[name]
        by_site = dict(self.by_site)
        for tree in self.trees:
            if tree in shifts or not change.keys().isdisjoint(tree.carried):
                for place in tree.whole:
                    by_site.pop(self.topology.sites[place], None)
                by_site.update(_by_site(self.topology, tree.peaks(ratio, shifts.get(tree, STILL))))
        return utilisation, by_site


def _by_site(topology: Topology, peaks: Mapping[int, float]) -> Iterator[tuple[str, float]]:
    return ((topology.sites[place], peak) for place, peak in peaks.items())


def _trees(topology: Topology, load: Load, dead: bytearray) -> Iterator[Tree]:
    """Yield, for each site that demand goes to, the ways to it and what they carry."""
    places = topology.mesh.places
    demand: dict[int, dict[int, Demand]] = {}
    for site, one in load.demand.items():
        needs = topology.needs.get(site)
        if needs and round(one.bits_per_second):
            demand.setdefault(places[needs[0]], {})[places[site]] = one
    for target, sources in demand.items():
        whole = {place: round(one.bits_per_second) for place, one in sources.items()}
        declared = {place: round(one.bits_per_second) for place, one in sources.items() if one.declared}
        yield Tree.of(topology.mesh, dead, target, whole, declared)
