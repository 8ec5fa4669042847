"""What ``check`` says of a network that can be used but will not do what it was declared for."""

from __future__ import annotations

from collections.abc import Iterator

from agent.risk.network.ways import all_ways
from agent.risk.topology import Topology
from config.errors import Problem
from config.loader import Loaded
from config.topology import topology_remarks

_ALL_UP: frozenset[str] = frozenset()


def design_remarks(loaded: Loaded) -> Iterator[Problem]:
    """Yield, with everything up: likely slips, sites that reach nothing, and fewer ways than they require."""
    inventory, settings, positions = loaded
    yield from topology_remarks(inventory, positions)
    topology = Topology.of(inventory, settings)
    lost = topology.undeclared
    if lost and not inventory.links:
        site, needs = next(iter(lost.items()))
        message = f"no link is declared, so no site reaches what it needs ({site} needs {', '.join(needs)})"
        yield positions.key_problem(("sites",), message, "declare `links`, or `needs: []`")
        return
    for site, needs in lost.items():
        message = f"no link leads to {', '.join(needs)}, which it needs"
        yield positions.problem(("sites", site), message, "declare the link, or say in `needs` what it needs")
    ways = all_ways(topology, _ALL_UP)
    for site, declared in inventory.sites.items():
        if site not in lost and topology.needs.get(site) and ways[site] < declared.paths_required:
            message = f"{declared.paths_required} ways are required, but {_count(ways[site])} by design"
            hint = "links that share a section count once"
            yield positions.problem(("sites", site, "paths_required"), message, hint)


def _count(ways: int) -> str:
    return "there is 1" if ways == 1 else f"there are {ways}"
