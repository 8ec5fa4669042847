"""What follows from the inventory alone: the graph, the ways by design, and who waits for which ring."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from agent.contract import Consequence, SharedRisk
from agent.risk.function.shared import of_functions
from agent.risk.network.failure import Load, every_failure
from agent.risk.network.naming import Names
from agent.risk.network.rings import ring_links
from agent.risk.network.speakers import ranks
from agent.risk.network.verdicts import Ways, patience
from agent.risk.network.ways import all_ways, unreachable
from agent.risk.texts import Words
from agent.risk.topology import Topology
from config.inventory import Inventory, Link
from config.settings import Settings

_NOTHING: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, eq=False)
class Declared:
    """The network by design; built once for each configuration.

    ``rank``: each site's place, the nearest to home first. ``companions``: for each site those that may go dark
    with it, at the far ends of its links or cut off by the same single failure. ``home``: the site from which
    everything is seen (``uplink.site``, else the first core site). ``patience``: how long each site may be silent
    while its ring switches over, in seconds. ``weaknesses``: single failures that cut sites off although everything
    is up. ``shared``: by function what takes all of its legs.
    """

    topology: Topology
    home: str | None
    rank: Mapping[str, int]
    companions: Mapping[str, frozenset[str]]
    rings: Mapping[str, Mapping[str, Link]]
    ways: Ways
    patience: Mapping[str, float]
    weaknesses: tuple[Consequence, ...]
    names: Names
    shared: Mapping[str, tuple[SharedRisk, ...]]

    @classmethod
    def of(cls, inventory: Inventory, settings: Settings) -> Declared:
        """Build it."""
        topology = Topology.of(inventory, settings)
        core = next((name for name, site in inventory.sites.items() if site.core), None)
        home = core if settings.uplink is None else settings.uplink.site
        rings = ring_links(inventory.links)
        waits = {ring: (frozenset(links), inventory.rings[ring].convergence) for ring, links in rings.items()}
        ways = all_ways(topology, _NOTHING)
        failures = every_failure(topology, Load.declared(inventory), _NOTHING)
        weaknesses = tuple(one for one in failures if one is not None and one.isolated)
        return cls(
            topology,
            home,
            ranks(home, inventory.sites, inventory.links.values()),
            _companions(inventory, weaknesses),
            rings,
            Ways(ways, ways, ways, unreachable(topology, _NOTHING)),
            patience(topology, home, waits),
            weaknesses,
            Names.of(inventory, Words(settings.municipality.language)),
            of_functions(inventory, topology, weaknesses),
        )


def _companions(inventory: Inventory, weaknesses: Iterable[Consequence]) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {site: set() for site in inventory.sites}
    together = [{end.site for end in link.ends} for link in inventory.links.values()]
    together += [set(one.isolated) for one in weaknesses if one.failed[0].kind in {"device", "group", "power"}]
    for sites in together:
        for site in sites:
            found[site] |= sites
    return {site: frozenset(others - {site}) for site, others in found.items()}
