"""From what is declared to nodes and links by number."""

from __future__ import annotations

from collections.abc import Mapping

from agent.risk.network.flow import Mesh
from config.inventory import Inventory

RADIO = "radio"


def lone_radios(inventory: Inventory) -> frozenset[str]:
    """Return the radios that a declared link joins to the rest of their site, so that this link can fail.

    Where radios of a site are linked to each other only, the first of them is where the site is.
    """
    beside = _beside(inventory)
    alone: set[str] = set()
    seen: set[str] = set()
    for name in inventory.devices:
        if name in seen or not _is_radio(inventory, name) or not beside.get(name):
            continue
        cluster, at_site = _cluster(inventory, beside, name)
        seen |= cluster
        alone |= cluster if at_site else cluster - {name}
    return frozenset(alone)


def _beside(inventory: Inventory) -> dict[str, list[str | None]]:
    """Return what each device is linked with at its own site: devices, None for the site itself."""
    beside: dict[str, list[str | None]] = {}
    for link in inventory.links.values():
        first, second = link.ends
        if first.site == second.site and first.device != second.device:
            for end, far in ((first, second), (second, first)):
                if end.device is not None:
                    beside.setdefault(end.device, []).append(far.device)
    return beside


def _is_radio(inventory: Inventory, name: str) -> bool:
    return name in inventory.devices and inventory.devices[name].role == RADIO


def _cluster(inventory: Inventory, beside: Mapping[str, list[str | None]], start: str) -> tuple[set[str], bool]:
    """Return the radios that hang together with one, and whether a link joins them to something else of the site."""
    cluster, waiting, at_site = {start}, [start], False
    while waiting:
        for far in beside[waiting.pop()]:
            if far is None or not _is_radio(inventory, far):
                at_site = True
            elif far not in cluster:
                cluster.add(far)
                waiting.append(far)
    return cluster, at_site


def make_mesh(inventory: Inventory, alone: frozenset[str]) -> Mesh:
    """Number the nodes: every site that is named, then the lone radios."""
    named = [*inventory.sites, *(end.site for link in inventory.links.values() for end in link.ends)]
    places = {site: number for number, site in enumerate(dict.fromkeys(named))}
    radios = {name: number for number, name in enumerate(sorted(alone), start=len(places))}
    around: list[list[tuple[int, int]]] = [[] for _ in range(len(places) + len(radios))]
    for number, link in enumerate(inventory.links.values()):
        first, second = (radios[end.device] if end.device in radios else places[end.site] for end in link.ends)
        if first != second:
            around[first].append((number, second))
            around[second].append((number, first))
    numbers = {name: number for number, name in enumerate(inventory.links)}
    standby = tuple(link.standby for link in inventory.links.values())
    return Mesh(tuple(numbers), numbers, places, tuple(tuple(near) for near in around), _costs(inventory), standby)


def _costs(inventory: Inventory) -> tuple[int, ...]:
    more = len(inventory.links) + 1  # than any way has hops
    protecting = {ring.rpl for ring in inventory.rings.values()}
    return tuple(
        1 + (more * more if link.standby else more if name in protecting else 0)
        for name, link in inventory.links.items()
    )
