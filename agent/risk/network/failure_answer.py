"""What-if: what is asked, what it starts from, and the answer as it is written in JSON."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from pydantic import ValidationError

from agent.contract import Consequence, Network, Subject, UnknownElement
from agent.risk.network.failure import Demand, Load, consequence, every_failure
from agent.risk.network.spare import Spare
from agent.risk.network.ways import all_ways, unreachable
from agent.risk.topology import Topology
from config.errors import shown
from config.explain import explain, unknown_name
from config.inventory import Inventory, Site

MANY = 1_000_000  # ways: more than any site has


# --- the answers, as they are in JSON --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Worst:
    """The link that is loaded most; ``utilisation`` is load by capacity."""

    link: str
    utilisation: float


@dataclass(frozen=True, slots=True)
class SiteAnswer:
    """Ways of a site then, by design, and required; None where there is nothing that it needs and could reach."""

    paths: int | None
    paths_designed: int | None
    paths_required: int


@dataclass(frozen=True, slots=True)
class LinkAnswer:
    """Load by capacity of a link; None where it carries no known demand, or its capacity is not known."""

    utilisation: float | None


@dataclass(frozen=True, slots=True)
class Unknown:
    """What could not be taken into account: states, demands and capacities that are not known.

    ``needs``: by site, what it needs and no declared way leads to.
    """

    links: tuple[str, ...] = ()
    demand: tuple[str, ...] = ()
    capacity: tuple[str, ...] = ()
    needs: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])


@dataclass(frozen=True, slots=True)
class Answer:
    """What follows if ``fail`` fail together. ``isolated_sites`` were not cut off before, ``isolated_before`` were."""

    fail: tuple[str, ...]
    isolated_sites: tuple[str, ...]
    isolated_before: tuple[str, ...]
    down_before: tuple[str, ...]
    worst: Worst | None
    sites: Mapping[str, SiteAnswer]
    links: Mapping[str, LinkAnswer]
    unknown: Unknown


@dataclass(frozen=True, slots=True)
class Row:
    """One single failure. ``fewer_paths``: the ways left by site, where that is fewer than before and not none."""

    fail: tuple[str, ...]
    isolated_sites: tuple[str, ...]
    worst: Worst | None
    fewer_paths: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Ranking:
    """Every single failure, the worst first."""

    failures: tuple[Row, ...]
    isolated_before: tuple[str, ...]
    down_before: tuple[str, ...]
    unknown: Unknown


class Harm(NamedTuple):
    """Which sites an element's failure cuts off: with everything up, and besides those that are cut off now."""

    element: str
    isolates_by_design: tuple[str, ...]
    isolates_now: tuple[str, ...]


# --- what is asked ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Case:
    """What a what-if starts from. ``down``: links that do not carry; ``doubtful``: that count as if they did.

    ``dark``: sites that are cut off already whatever the links say, because nothing there answers.
    """

    topology: Topology
    required: Mapping[str, int]
    load: Load
    down: frozenset[str] = frozenset()
    doubtful: frozenset[str] = frozenset()
    dark: frozenset[str] = frozenset()

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
            frozenset(name for name, site in network.sites.items() if site.state == "isolated"),
        )

    def with_demand(self, demand: Mapping[str, float]) -> Case:
        """Return it with other demands, bits per second by site; they count as declared."""
        told = {site: Demand(rate, True) for site, rate in demand.items()}
        return replace(self, load=Load({**self.load.demand, **told}, self.load.capacity))

    def after(self, failed: Sequence[Subject]) -> Consequence:
        """Return what follows if these fail together. Raises UnknownElement."""
        return self._besides(consequence(self.topology, self.load, self.down, failed))

    def every(self) -> Iterator[Consequence]:
        """Yield what each single failure would do; ``paths`` stays empty."""
        return (self._besides(one) for one in every_failure(self.topology, self.load, self.down) if one is not None)

    @property
    def isolated(self) -> tuple[str, ...]:
        """The sites that are cut off already."""
        cut = self.dark | unreachable(self.topology, self.down).keys()
        return tuple(site for site in self.topology.sites if site in cut)

    def _besides(self, one: Consequence) -> Consequence:
        """What is dark already is not cut off by any failure, and has no way."""
        if not self.dark:
            return one
        paths = {site: 0 if site in self.dark else count for site, count in one.paths.items()}
        return replace(one, isolated=tuple(site for site in one.isolated if site not in self.dark), paths=paths)


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


def answer(case: Case, failed: Iterable[Subject]) -> Answer:
    """Return what follows if these fail together. Raises UnknownElement."""
    together = tuple(dict.fromkeys(failed))
    found = case.after(together)
    topology, designed = case.topology, all_ways(case.topology, frozenset())
    sites = {
        site: SiteAnswer(
            found.paths[site] if topology.needs[site] else None,
            designed[site] if topology.needs[site] else None,
            case.required[site],
        )
        for site in topology.sites
    }
    return Answer(
        fail=tuple(map(str, together)),
        isolated_sites=found.isolated,
        isolated_before=case.isolated,
        down_before=tuple(sorted(case.down)),
        worst=_worst(found),
        sites=sites,
        links={name: LinkAnswer(found.utilisation.get(name)) for name in topology.links},
        unknown=unknown(case),
    )


def unknown(case: Case) -> Unknown:
    """Return what an answer could not take into account."""
    topology, known = case.topology, case.load
    return Unknown(
        tuple(name for name in topology.links if name in case.doubtful),
        tuple(site for site in topology.sites if topology.needs[site] and site not in known.demand),
        tuple(name for name in topology.links if name not in known.capacity),
        topology.undeclared,
    )


def ranked(case: Case) -> Ranking:
    """Return what each single failure would do, the worst first: sites cut off, then load, then fewest ways left."""
    spare = Spare.of(case.topology, case.down)
    rows = sorted((_row(case, one, spare) for one in case.every()), key=_badness)
    return Ranking(tuple(rows), case.isolated, tuple(sorted(case.down)), unknown(case))


def _row(case: Case, one: Consequence, spare: Spare) -> Row:
    loss = case.topology.loss(one.failed)
    none = case.dark | loss.sites | set(one.isolated)
    fewer = {site: count for site, count in spare.fewer(loss.links).items() if site not in none}
    return Row(tuple(map(str, one.failed)), one.isolated, _worst(one), fewer)


def _badness(row: Row) -> tuple[int, float, int, int]:
    return (
        -len(row.isolated_sites),
        -row.worst.utilisation if row.worst else 0.0,
        min(row.fewer_paths.values(), default=MANY),
        -len(row.fewer_paths),
    )


def _worst(found: Consequence) -> Worst | None:
    return None if found.worst is None else Worst(*found.worst)


def elements(case: Case) -> Iterator[Harm]:
    """Yield every element that can fail, with the sites that it cuts off by design and now."""
    idle = replace(case, load=Load({}, {}))
    now = {one.failed: one.isolated for one in idle.every()}
    for one in replace(idle, down=frozenset(), dark=frozenset()).every():
        yield Harm(str(one.failed[0]), one.isolated, now[one.failed])
