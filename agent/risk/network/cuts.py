"""Which failure took which way from whom, told in the order in which the links failed."""

from __future__ import annotations

from collections.abc import Generator, Mapping
from dataclasses import dataclass, field

from agent.risk.network.ways import all_ways
from agent.risk.topology import Topology

# So many failures are told apart one by one; of more, the oldest count as one.
MAX_STEPS = 30


@dataclass(frozen=True, slots=True)
class _Step:
    """After one more failure: the links that are down, and the ways that are left by site."""

    links: tuple[str, ...]
    ways: Mapping[str, int]


@dataclass(slots=True)
class Cuts:
    """For one configuration; a step that was worked out is kept as long as its links stay down.

    ``of``: by site the links at whose failure it had fewer ways than before, the newest first.
    """

    topology: Topology
    of: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    _steps: list[_Step] = field(default_factory=list[_Step])
    _down: tuple[str, ...] = ()

    def follow(self, down: Mapping[str, float], designed: Mapping[str, int]) -> Generator[None]:
        """Bring it up to date; pauses after each step. ``down``: since when each link does not carry."""
        order = tuple(sorted(down, key=lambda link: (down[link], link)))
        if order == self._down:
            return
        wanted = [order[: number + 1] for number in range(max(0, len(order) - MAX_STEPS), len(order))]
        kept = [step for step, links in zip(self._steps, wanted, strict=False) if step.links == links]
        self._steps = kept
        for links in wanted[len(kept) :]:
            self._steps.append(_Step(links, all_ways(self.topology, frozenset(links))))
            yield
        self.of = self._told(designed)
        self._down = order  # only now: a look that is cut short is taken up at the next one

    def left(self, designed: Mapping[str, int]) -> Mapping[str, int]:
        """Return the ways that are left by site, after all failures."""
        return self._steps[-1].ways if self._steps else designed

    def _told(self, designed: Mapping[str, int]) -> dict[str, tuple[str, ...]]:
        before = designed
        told: dict[str, list[str]] = {}
        for step in self._steps:
            for site, left in step.ways.items():
                if left < before[site]:
                    told.setdefault(site, []).append(step.links[-1])
            before = step.ways
        return {site: tuple(reversed(links)) for site, links in told.items()}
