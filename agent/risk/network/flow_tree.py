"""The cheapest ways from everywhere to one place, what they carry, and what a loss changes of that."""

from __future__ import annotations

import heapq
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from types import MappingProxyType
from typing import NamedTuple

from agent.risk.network.flow import Mesh

# (cost to the target, link there, node after it); of equally cheap ways the link that stands first in the file
_Step = tuple[int, int, int]
_NOWHERE: _Step = (-1, -1, -1)
# bits per second: all that flows, and the declared part of it
_Flow = tuple[int, int]
_IDLE: _Flow = (0, 0)


class Shift(NamedTuple):
    """The nodes that lose their way, and the new steps, nearest first, of those that find another one."""

    moved: AbstractSet[int] = frozenset()
    steps: Mapping[int, _Step] = MappingProxyType({})


STILL = Shift()


@dataclass(frozen=True, slots=True, eq=False)
class Tree:
    """The ways to one target. ``steps`` by node, ``_NOWHERE`` from where no way leads.

    ``order``: the nodes, each followed by all whose way leads over it; ``after``: by node, where these end.
    ``below``: bits per second that leave a node towards the target, all of it and the declared part of it.
    ``carried``: bits per second by link, of links that carry any of it.
    """

    mesh: Mesh
    dead: Sequence[int]
    steps: list[_Step]
    order: list[int]
    begins: list[int]
    after: list[int]
    whole: Mapping[int, int]
    declared: Mapping[int, int]
    below: list[_Flow]
    carried: Mapping[int, int]

    @classmethod
    def of(
        cls, mesh: Mesh, dead: Sequence[int], target: int, whole: Mapping[int, int], declared: Mapping[int, int]
    ) -> Tree:
        """Find the ways to a target and load them with the demand of each node, all of it and the declared part."""
        steps = [_NOWHERE] * len(mesh.around)
        steps[target] = (0, -1, -1)
        for node, step in _cheapest(mesh, dead, {target: steps[target]}, None).items():
            steps[node] = step
        order, begins, after = _preorder(steps, target)
        below = [_IDLE] * len(steps)
        carried: dict[int, int] = {}
        for node in reversed(order):
            own = below[node]
            all_, sure = own[0] + whole.get(node, 0), own[1] + declared.get(node, 0)
            below[node] = (all_, sure)
            _, link, parent = steps[node]
            if parent >= 0 and all_:
                carried[link] = sure if mesh.standby[link] else all_
                below[parent] = (below[parent][0] + all_, below[parent][1] + sure)
        return cls(mesh, dead, steps, order, begins, after, whole, declared, below, carried)

    def shift(self, lost: AbstractSet[int], change: dict[int, int]) -> Shift:
        """Route anew who loses its way; add to ``change``, by link, by how much its load differs."""
        moved: set[int] = set()
        for node in self.order:
            if self.steps[node][1] in lost:  # without a demand as well: nobody can go this way any more
                moved.update(self.order[self.begins[node] : self.after[node]])
        for node in moved:
            _, link, parent = self.steps[node]
            self._add(change, link, self.below[node], -1)
            if parent not in moved:
                self._add_down(change, parent, self.below[node], -1)
        steps = self._anew(moved, lost)
        self._route(moved, steps, change)
        return Shift(moved, steps)

    def peaks(self, ratio: Sequence[float], shift: Shift) -> dict[int, float]:
        """Return, for each node with a demand, the highest of the links' ratios on its way; -1 is not known."""
        moved, steps = shift
        highest = [-1.0] * len(self.steps)
        for node in self.order:
            _, link, parent = self.steps[node]
            if parent >= 0 and node not in moved:
                before, own = highest[parent], ratio[link]
                highest[node] = own if own > before else before
        for node, (_, link, parent) in steps.items():
            highest[node] = max(highest[parent], ratio[link])
        return {node: highest[node] for node in self.whole if highest[node] >= 0}

    def _anew(self, moved: AbstractSet[int], lost: AbstractSet[int]) -> dict[int, _Step]:
        """Return the new steps of the nodes that had to leave their way, nearest first; cut off ones are left out."""
        start: dict[int, _Step] = {}
        for node in moved:
            for link, far in self.mesh.around[node]:
                if link in lost or far in moved or self.dead[link] or self.steps[far] is _NOWHERE:
                    continue
                step = (self.steps[far][0] + self.mesh.cost[link], link, far)
                if node not in start or step < start[node]:
                    start[node] = step
        barred = bytearray(self.dead)
        for link in lost:
            barred[link] = 1
        return _cheapest(self.mesh, barred, start, moved)

    def _route(self, moved: AbstractSet[int], steps: Mapping[int, _Step], change: dict[int, int]) -> None:
        """Load the new ways, from the farthest node on."""
        gathered: dict[int, _Flow] = {}
        for node in reversed(list(steps)):
            passing = gathered.get(node, _IDLE)
            flow = (passing[0] + self.whole.get(node, 0), passing[1] + self.declared.get(node, 0))
            if not flow[0]:
                continue
            _, link, parent = steps[node]
            self._add(change, link, flow, 1)
            if parent in moved:
                passing = gathered.get(parent, _IDLE)
                gathered[parent] = (passing[0] + flow[0], passing[1] + flow[1])
            else:
                self._add_down(change, parent, flow, 1)

    def _add_down(self, change: dict[int, int], node: int, flow: _Flow, sign: int) -> None:
        """Add a flow to all links from a node to the target, by the ways of before."""
        _, link, parent = self.steps[node]
        while parent >= 0:
            self._add(change, link, flow, sign)
            _, link, parent = self.steps[parent]

    def _add(self, change: dict[int, int], link: int, flow: _Flow, sign: int) -> None:
        change[link] = change.get(link, 0) + sign * flow[self.mesh.standby[link]]


def _cheapest(
    mesh: Mesh, dead: Sequence[int], start: Mapping[int, _Step], within: AbstractSet[int] | None
) -> dict[int, _Step]:
    """Return the cheapest step of each node that can be reached, the nearest first (Dijkstra 1959).

    ``start``: steps that are known already; ``within``: only these nodes are looked at.
    """
    best = dict(start)
    done: dict[int, _Step] = {}
    heap = [(step[0], node) for node, step in start.items()]
    heapq.heapify(heap)
    while heap:
        cost, node = heapq.heappop(heap)
        if node in done:
            continue
        done[node] = best[node]
        for link, far in mesh.around[node]:
            if dead[link] or far in done or (within is not None and far not in within):
                continue
            known = best.get(far)
            step = (cost + mesh.cost[link], link, node)
            if known is None or step < known:
                best[far] = step
                if known is None or step[0] < known[0]:
                    heapq.heappush(heap, (step[0], far))
    return done


def _preorder(steps: Sequence[_Step], target: int) -> tuple[list[int], list[int], list[int]]:
    """Return the nodes of the tree, each followed by those behind it, and where in this list each begins and ends."""
    children: dict[int, list[int]] = {}
    for node, (_, _, parent) in enumerate(steps):
        if parent >= 0:
            children.setdefault(parent, []).append(node)
    order: list[int] = []
    begins, after = [0] * len(steps), [0] * len(steps)
    stack = [target]
    while stack:
        node = stack.pop()
        if node < 0:
            after[~node] = len(order)
            continue
        begins[node] = len(order)
        order.append(node)
        stack.append(~node)
        stack.extend(children.get(node, ()))
    return order, begins, after
