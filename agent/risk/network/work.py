"""What is worked out from the states: ways and the effect of each single failure; done anew only when they change."""

from __future__ import annotations

from collections.abc import Generator, Mapping
from collections.abc import Set as AbstractSet
from typing import NamedTuple

from agent.contract import Consequence, Subject
from agent.risk.network.cuts import Cuts
from agent.risk.network.declared import Declared
from agent.risk.network.failure import Demand, Load, every_failure, loads
from agent.risk.network.verdicts import Ways


class Overload(NamedTuple):
    """Load by capacity of a link, and the element whose failure brings it about."""

    ratio: float
    element: Subject


class Work:
    """Keeps the last results for one configuration.

    ``routed``: bits per second by link as routed now. ``failures``: what each single failure would do now.
    ``site_utilisation``: the highest on the way that is left to each site after any of them. ``overloads``: by link the
    failures after which it would carry more than the bound. ``cuts``: which failure took which way from whom.
    """

    def __init__(self, declared: Declared, bound: float) -> None:
        self.ways = declared.ways
        self.routed: Mapping[str, float] = {}
        self.failures: tuple[Consequence, ...] = ()
        self.site_utilisation: Mapping[str, float] = {}
        self.overloads: Mapping[str, list[Overload]] = {}
        self.cuts = Cuts(declared.topology)
        self._bound = bound
        self._declared = declared
        self._states: tuple[frozenset[str], frozenset[str]] | None = None
        self._loaded: tuple[frozenset[str], Load] | None = None

    def do(
        self,
        down: Mapping[str, float],
        doubtful: AbstractSet[str],
        demand: Mapping[str, Demand],
        capacity: Mapping[str, float],
    ) -> Generator[None]:
        """Bring the results up to date with these states; pauses wherever the loop may turn.

        ``down``: since when each link does not carry. ``doubtful``: links of unknown state.
        """
        topology = self._declared.topology
        states = (frozenset(down), frozenset(doubtful))
        yield from self.cuts.follow(down, self._declared.ways.designed)
        if states != self._states:
            self.ways = Ways.of(topology, *states, self._declared.ways, self.cuts.left(self._declared.ways.designed))
            self._states = states
            yield
        load = Load(demand, capacity)
        if (states[0], load) != self._loaded:
            yield from self._single_failures(load, states[0])
            self.routed = loads(topology, load, states[0])
            self._loaded = (states[0], load)

    def _single_failures(self, load: Load, down: AbstractSet[str]) -> Generator[None]:
        failures: list[Consequence] = []
        worst: dict[str, float] = {}
        overloads: dict[str, list[Overload]] = {}
        seen: Mapping[str, float] | None = None
        for one in every_failure(self._declared.topology, load, down):
            if one is None:
                yield
                continue
            failures.append(one)
            if one.worst is not None and one.worst[1] > self._bound:
                for link, ratio in one.utilisation.items():
                    if ratio > self._bound:
                        overloads.setdefault(link, []).append(Overload(ratio, one.failed[0]))
            if one.by_site is not seen:  # a failure that touches no way hands on what is there now
                seen = one.by_site
                for site, ratio in seen.items():
                    if ratio > worst.get(site, -1.0):
                        worst[site] = ratio
        self.failures, self.site_utilisation, self.overloads = tuple(failures), worst, overloads
