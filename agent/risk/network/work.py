"""What is worked out from the states: ways and the effect of each single failure; done anew only when they change."""

from __future__ import annotations

from collections.abc import Generator, Mapping
from collections.abc import Set as AbstractSet

from agent.contract import Consequence
from agent.risk.network.declared import Declared
from agent.risk.network.failure import Demand, Load, every_failure, loads
from agent.risk.network.verdicts import Ways


class Work:
    """Keeps the last results for one configuration.

    ``routed``: bits per second by link as routed now. ``failures``: what each single failure would do now.
    ``site_utilisation``: the highest on the way that is left to each site after any of them.
    """

    def __init__(self, declared: Declared) -> None:
        self.ways = declared.ways
        self.routed: Mapping[str, float] = {}
        self.failures: tuple[Consequence, ...] = ()
        self.site_utilisation: Mapping[str, float] = {}
        self.load = Load({}, {})
        self._declared = declared
        self._states: tuple[frozenset[str], frozenset[str]] | None = None
        self._loaded: tuple[frozenset[str], Load] | None = None

    def do(
        self,
        down: AbstractSet[str],
        doubtful: AbstractSet[str],
        demand: Mapping[str, Demand],
        capacity: Mapping[str, float],
    ) -> Generator[None]:
        """Bring the results up to date with these states; pauses wherever the loop may turn."""
        topology = self._declared.topology
        states = (frozenset(down), frozenset(doubtful))
        if states != self._states:
            self.ways = Ways.of(topology, *states, self._declared.ways)
            self._states = states
            yield
        load = Load(demand, capacity)
        if (states[0], load) != self._loaded:
            yield from self._single_failures(load, states[0])
            self.routed = loads(topology, load, states[0])
            self.load, self._loaded = load, (states[0], load)

    def _single_failures(self, load: Load, down: AbstractSet[str]) -> Generator[None]:
        failures: list[Consequence] = []
        worst: dict[str, float] = {}
        seen: Mapping[str, float] | None = None
        for one in every_failure(self._declared.topology, load, down):
            if one is None:
                yield
                continue
            failures.append(one)
            if one.by_site is not seen:  # a failure that touches no way hands on what is there now
                seen = one.by_site
                for site, ratio in seen.items():
                    if ratio > worst.get(site, -1.0):
                        worst[site] = ratio
        self.failures, self.site_utilisation = tuple(failures), worst
