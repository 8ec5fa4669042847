"""Ways that are left: how many from each site, what is out of reach, which sites still hold together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet

from agent.risk.network.flow import Mesh, bridges, disjoint_ways, labels, nearest_first
from agent.risk.topology import Topology

Around = Sequence[Sequence[tuple[int, int]]]


def all_ways(topology: Topology, down: AbstractSet[str]) -> Mapping[str, int]:
    """Return by site how many link-disjoint ways lead to what it needs: the fewest over what it reaches first.

    ``down``: ids of links that do not carry. 0 where anything it needs is out of reach, and where it needs nothing.
    """
    return _counted(topology, topology.sites, down)


def _counted(topology: Topology, sites: Sequence[str], down: AbstractSet[str]) -> dict[str, int]:
    mesh = topology.mesh
    dead = mesh.dead(down)
    part = labels(mesh, dead)
    pair = bridges(mesh, dead).label
    near: dict[int, Around] = {}
    counts: dict[str, int] = {}
    for site in sites:
        source = mesh.places[site]
        if not topology.needs[site] or any(part[mesh.places[need]] != part[source] for need in topology.needs[site]):
            counts[site] = 0
            continue
        targets = {mesh.places[need] for need in topology.first_needs[site]}
        if any(pair[target] != pair[source] for target in targets):
            counts[site] = 1  # a single link holds them together
            continue
        counts[site] = min(_between(mesh, dead, near, source, target) for target in targets)
    return counts


def _between(mesh: Mesh, dead: Sequence[int], near: dict[int, Around], source: int, target: int) -> int:
    """Count the ways between two nodes that no single link holds together; ``near`` keeps what each target needs."""
    if target not in near:
        near[target] = nearest_first(mesh, dead, target)
    around = near[target]
    if min(len(around[source]), len(around[target])) == 2:
        return 2
    return disjoint_ways(around, source, target)


def unreachable(
    topology: Topology, down: AbstractSet[str], gone: AbstractSet[str] = frozenset()
) -> Mapping[str, tuple[str, ...]]:
    """Return, by site, what it needs and cannot reach; sites that reach everything are left out.

    ``gone``: sites that do not work at all: they reach nothing themselves (left out) and nobody reaches them.
    """
    mesh = topology.mesh
    part = labels(mesh, mesh.dead(down))
    return out_of_reach(topology, part, topology.sites, gone)


def out_of_reach(
    topology: Topology, part: Sequence[int], sites: Iterable[str], gone: AbstractSet[str]
) -> dict[str, tuple[str, ...]]:
    """Return ``unreachable`` of these sites; ``part`` is the connected part of each node."""
    places = topology.mesh.places
    found: dict[str, tuple[str, ...]] = {}
    for site in sites:
        if site in gone:
            continue
        own = part[places[site]]
        missing = [need for need in topology.needs[site] if part[places[need]] != own or need in gone]
        if missing:
            found[site] = tuple(missing)
    return found


def parts(topology: Topology, down: AbstractSet[str]) -> tuple[tuple[str, ...], ...]:
    """Return the sites by connected part, parts and sites in the order of the file."""
    mesh = topology.mesh
    part = labels(mesh, mesh.dead(down))
    grouped: dict[int, list[str]] = {}
    for site in topology.sites:
        grouped.setdefault(part[mesh.places[site]], []).append(site)
    return tuple(tuple(group) for group in grouped.values())
