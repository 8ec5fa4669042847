"""What-if: what is asked, what it starts from, and the answer as it is written in JSON."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from pydantic import ValidationError

from agent.contract import Consequence, Network, Subject, UnknownElement
from agent.risk.network.failure import Demand, Load, consequence, every_failure
from agent.risk.network.ways import all_ways, unreachable
from agent.risk.topology import Topology
from config.errors import shown
from config.explain import explain, unknown_name
from config.inventory import Inventory, Site

Answer = dict[str, Any]

MANY = 1_000_000  # ways: more than any site has


@dataclass(frozen=True, slots=True)
class Case:
    """What a what-if starts from. ``down``: links that do not carry; ``doubtful``: that count as if they did."""

    topology: Topology
    required: Mapping[str, int]
    load: Load
    down: frozenset[str] = frozenset()
    doubtful: frozenset[str] = frozenset()

    @classmethod
    def declared(cls, inventory: Inventory, topology: Topology) -> Case:
        """Return the network as the files have it, everything being up."""
        return cls(topology, _required(inventory), Load.declared(inventory))

    @classmethod
    def live(cls, inventory: Inventory, topology: Topology, network: Network) -> Case:
        """Return the network as it was last judged; a link that it does not know is doubtful."""
        links = {name: network.links.get(name) for name in topology.links}
        demand = {name: Demand(rate, declared) for name, (rate, declared) in network.demand.items()}
        capacity = {name: one.capacity for name, one in links.items() if one is not None and one.capacity is not None}
        return cls(
            topology,
            _required(inventory),
            Load(demand, capacity),
            frozenset(name for name, one in links.items() if one is not None and one.state.state == "down"),
            frozenset(name for name, one in links.items() if one is None or one.state.state == "unknown"),
        )

    def with_demand(self, demand: Mapping[str, float]) -> Case:
        """Return it with other demands, bits per second by site; they count as declared."""
        told = {site: Demand(rate, True) for site, rate in demand.items()}
        return replace(self, load=Load({**self.load.demand, **told}, self.load.capacity))

    def after(self, failed: Sequence[Subject]) -> Consequence:
        """Return what follows if these fail together. Raises UnknownElement."""
        return consequence(self.topology, self.load, self.down, failed)


def _required(inventory: Inventory) -> dict[str, int]:
    return {name: site.paths_required for name, site in inventory.sites.items()}


def demand_of(topology: Topology, texts: Iterable[str]) -> dict[str, float]:
    """Return bits per second by site of texts like ``wadersloh=100Mbit/s``. Raises UnknownElement for any slip."""
    return dict(_one_demand(topology, text) for text in texts)


def _one_demand(topology: Topology, text: str) -> tuple[str, float]:
    site, equals, rate = text.partition("=")
    if not equals:
        raise UnknownElement(f"{shown(text)} is not a demand: write site=rate, e.g. rathaus=100Mbit/s")
    if site not in topology.sites:
        message, hint = unknown_name(site, topology.sites, "site")
        raise UnknownElement(f"{message} ({hint})" if hint else message)
    try:
        demand = Site.model_validate({"demand": rate}).demand
    except ValidationError as error:
        raise UnknownElement(f"demand of {site}: {next(explain(error, Site)).message}") from None
    if demand is None:
        raise UnknownElement(f"demand of {site}: is missing")
    return site, demand


def answer(case: Case, failed: Sequence[Subject]) -> Answer:
    """Return what follows if these fail together. Raises UnknownElement."""
    found = case.after(failed)
    designed = all_ways(case.topology, frozenset())
    return {
        "fail": [str(subject) for subject in failed],
        "isolated_sites": list(found.isolated),
        "isolated_before": list(unreachable(case.topology, case.down)),
        "down_before": sorted(case.down),
        "worst": _worst(found),
        "sites": {
            site: {
                "paths": found.paths[site] if case.topology.needs[site] else None,
                "paths_designed": designed[site] if case.topology.needs[site] else None,
                "paths_required": case.required[site],
            }
            for site in case.topology.sites
        },
        "links": {name: {"utilisation": found.utilisation.get(name)} for name in case.topology.links},
        "unknown": unknown(case),
    }


def unknown(case: Case) -> Answer:
    """Return what an answer could not take into account: states, demands and capacities that are not known."""
    topology = case.topology
    return {
        "links": [name for name in topology.links if name in case.doubtful],
        "demand": [site for site in topology.sites if topology.needs[site] and site not in case.load.demand],
        "capacity": [name for name in topology.links if name not in case.load.capacity],
    }


def ranked(case: Case) -> Answer:
    """Return what each single failure would do, the worst first: sites cut off, then load, then fewest ways left."""
    found = [one for one in every_failure(case.topology, case.load, case.down) if one is not None]
    before = all_ways(case.topology, case.down)
    rows = [_row(case, one, before) for one in found]
    rows.sort(key=_badness)
    return {"failures": rows, "down_before": sorted(case.down), "unknown": unknown(case)}


def _row(case: Case, one: Consequence, before: Mapping[str, int]) -> Answer:
    left = all_ways(case.topology, case.down | case.topology.loss(one.failed).links)
    return {
        "fail": [str(subject) for subject in one.failed],
        "isolated_sites": list(one.isolated),
        "worst": _worst(one),
        "fewer_paths": {site: count for site, count in left.items() if 0 < count < before[site]},
    }


def _badness(row: Answer) -> tuple[int, float, int, int]:
    worst = row["worst"]
    return (
        -len(row["isolated_sites"]),
        -worst["utilisation"] if worst else 0.0,
        min(row["fewer_paths"].values(), default=MANY),
        -len(row["fewer_paths"]),
    )


def _worst(found: Consequence) -> Answer | None:
    return None if found.worst is None else {"link": found.worst[0], "utilisation": found.worst[1]}


def elements(case: Case) -> Iterator[Answer]:
    """Yield every element that can fail, with the sites that it cuts off by design and now."""
    designed = Case(case.topology, case.required, Load({}, {}))
    now = {one.failed[0]: one.isolated for one in every_failure(case.topology, Load({}, {}), case.down) if one}
    for one in every_failure(designed.topology, designed.load, designed.down):
        if one is not None:
            element = one.failed[0]
            yield {
                "element": str(element),
                "isolates_by_design": list(one.isolated),
                "isolates_now": list(now[element]),
            }
