"""The declared network as whole numbers: what is asked of it hundreds of times at a look.

networkx answers the same questions and is what the tests compare with; for 200 nodes and 400 links its maximum flow
takes 3 to 10 ms a site and a removal with its components 0.3 ms, hundreds of which are asked at a look. Here a node
is what no link separates: a site with the devices that are joined to it, or a radio that a declared link joins to it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, eq=False)
class Mesh:
    """Nodes and links by number; ``around`` of a node: (link, neighbour), without links from a node to itself.

    ``cost`` of a link makes the way that is used the cheapest one: a hop costs 1, a ring's protection link more than
    all hops together, a standby link more than all protection links together.
    """

    links: tuple[str, ...]
    numbers: Mapping[str, int]
    places: Mapping[str, int]
    around: tuple[tuple[tuple[int, int], ...], ...]
    cost: tuple[int, ...]
    standby: tuple[bool, ...]

    def dead(self, down: Iterable[str]) -> bytearray:
        """Return a mark for each link, 1 where it is down; ids that no link has are passed over."""
        marks = bytearray(len(self.links))
        for name in down:
            number = self.numbers.get(name)
            if number is not None:
                marks[number] = 1
        return marks


def labels(mesh: Mesh, dead: Sequence[int]) -> list[int]:
    """Return by node the number of the connected part that it is in."""
    around = mesh.around
    label = [-1] * len(around)
    for root in range(len(around)):
        if label[root] >= 0:
            continue
        label[root] = root
        reached = [root]
        for node in reached:  # grows while it is walked
            for link, far in around[node]:
                if label[far] < 0 and not dead[link]:
                    label[far] = root
                    reached.append(far)
    return label


@dataclass(frozen=True, slots=True, eq=False)
class Bridges:
    """``links``: those that alone hold two parts together; ``label``: parts that no single link holds, by node."""

    links: frozenset[int]
    label: list[int]


def bridges(mesh: Mesh, dead: Sequence[int]) -> Bridges:
    """Find the bridges by depth-first search (Tarjan 1974)."""
    order, via, lowest, number = _depth_first(mesh, dead)
    found: set[int] = set()
    label = [-1] * len(order)
    for node in order:
        link, parent = via[node]
        if parent >= 0 and lowest[node] < number[node]:
            label[node] = label[parent]
        else:
            label[node] = node
            if parent >= 0:
                found.add(link)
    return Bridges(frozenset(found), label)


_Found = tuple[list[int], list[tuple[int, int]], list[int], list[int]]


def _depth_first(mesh: Mesh, dead: Sequence[int]) -> _Found:
    """Return the nodes as they are found, how each was (link, parent), the lowest number below it, its own number."""
    around = mesh.around
    order: list[int] = []
    via = [(-1, -1)] * len(around)
    number = [-1] * len(around)
    lowest = [0] * len(around)
    for root in range(len(around)):
        if number[root] >= 0:
            continue
        number[root] = lowest[root] = len(order)
        order.append(root)
        stack = [(root, iter(around[root]))]
        while stack:
            node, rest = stack[-1]
            for link, far in rest:
                if dead[link] or link == via[node][0]:
                    continue
                if number[far] < 0:
                    via[far] = (link, node)
                    number[far] = lowest[far] = len(order)
                    order.append(far)
                    stack.append((far, iter(around[far])))
                    break
                lowest[node] = min(lowest[node], number[far])
            else:
                stack.pop()
                parent = via[node][1]
                if parent >= 0:
                    lowest[parent] = min(lowest[parent], lowest[node])
    return order, via, lowest, number


def nearest_first(mesh: Mesh, dead: Sequence[int], target: int) -> list[list[tuple[int, int]]]:
    """Return the live (link, neighbour) of each node, those nearest to the target last: a stack takes them first."""
    around = [[one for one in near if not dead[one[0]]] for near in mesh.around]
    hops = [len(around)] * len(around)
    hops[target] = 0
    reached = [target]
    for node in reached:
        for _, far in around[node]:
            if far != target and hops[far] == len(around):
                hops[far] = hops[node] + 1
                reached.append(far)
    for near in around:
        near.sort(key=lambda one: -hops[one[1]])
    return around


def disjoint_ways(around: Sequence[Sequence[tuple[int, int]]], source: int, target: int) -> int:
    """Count the link-disjoint ways between two nodes; ``around`` as ``nearest_first`` returns it."""
    return add_ways(around, {}, source, target)


def add_ways(
    around: Sequence[Sequence[tuple[int, int]]],
    leaves: dict[int, int],
    source: int,
    target: int,
    most: int | None = None,
) -> int:
    """Add link-disjoint ways to those that there are, ``most`` at most; return how many could be added.

    The maximum flow of unit capacities (Ford and Fulkerson 1956). ``leaves``: by link the node that its flow leaves; a
    link that carries flow from a node can be walked only towards it.
    """
    if most is None:
        most = min(len(around[source]), len(around[target]))
    for count in range(most):
        came = _augmenting(around, leaves, source, target)
        if came is None:
            return count
        node = target
        while node != source:
            link, node = came[node]
            if link in leaves:
                del leaves[link]  # flow the other way was there: both cancel out
            else:
                leaves[link] = node
    return most


def _augmenting(
    around: Sequence[Sequence[tuple[int, int]]], leaves: Mapping[int, int], source: int, target: int
) -> dict[int, tuple[int, int]] | None:
    """Return how each node on a further way was reached (link, node before), or None where there is no further one."""
    came: dict[int, tuple[int, int]] = {source: (-1, -1)}
    stack = [source]
    while stack:
        node = stack.pop()
        for link, far in around[node]:
            if far not in came and leaves.get(link) != node:
                came[far] = (link, node)
                if far == target:
                    return came
                stack.append(far)
    return None
