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
    """

    def __init__(self, declared: Declared) -> None:
        self.ways = declared.ways
        self.routed: Mapping[str, float] = {}
        self.failures: tuple[Consequence, ...] = ()
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
            failures: list[Consequence] = []
            for one in every_failure(topology, load, states[0]):
                if one is None:
                    yield
                else:
                    failures.append(one)
            self.routed = loads(topology, load, states[0])
            self.failures, self.load = tuple(failures), load
            self._loaded = (states[0], load)
