"""The declared network: sites, devices, links, what feeds whom, what fails together. Discovery never changes it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import networkx as nx

from agent.contract import Subject, SubjectKind, UnknownElement
from agent.risk.network.failure_members import Loss, Members
from agent.risk.network.flow import Mesh, labels
from agent.risk.network.flow_mesh import RADIO, lone_radios, make_mesh
from config.errors import did_you_mean, shown
from config.explain import unknown_name
from config.inventory import Inventory, Link
from config.settings import Settings

if TYPE_CHECKING:
    Graph = nx.MultiGraph[Subject]  # only the stubs take an argument

__all__ = ["ELEMENT_KINDS", "RADIO", "Loss", "Topology", "element_of"]

# What a what-if can let fail.
ELEMENT_KINDS: tuple[SubjectKind, ...] = ("link", "device", "site", "group", "power")


@dataclass(frozen=True, slots=True, eq=False)
class Topology:
    """The declared network; built once for each configuration.

    ``graph``: nodes are ``Subject`` of kind site, device and power; an edge's key is the link's id, its attribute
    ``kind`` is ``link``, ``joined`` (a device to its site) or ``feeds`` (a power source to what it feeds).
    ``needs``: what each site must reach, as far as a declared way leads there; ``undeclared``: what it must reach and
    no way leads to. ``first_needs``: the needs without those that lie behind another one by design.
    ``elements``: every single thing that can fail; a feeding device without links is there once, as its power.
    ``mesh``: the same network as whole numbers.
    """

    graph: Graph
    sites: tuple[str, ...]
    links: Mapping[str, Link]
    needs: Mapping[str, tuple[str, ...]]
    undeclared: Mapping[str, tuple[str, ...]]
    first_needs: Mapping[str, tuple[str, ...]]
    elements: tuple[Subject, ...]
    members: Members
    mesh: Mesh
    _losses: Mapping[Subject, Loss]
    _known: Mapping[SubjectKind, Iterable[str]]

    @classmethod
    def of(cls, inventory: Inventory, settings: Settings) -> Topology:
        """Build it from what is declared."""
        alone = lone_radios(inventory)
        members = Members.of(inventory)
        mesh = make_mesh(inventory, alone)
        needs, undeclared = _told_apart(mesh, {site: _needs(inventory, settings, site) for site in inventory.sites})
        elements = tuple(_elements(inventory, members))
        return cls(
            _graph(inventory, alone),
            tuple(inventory.sites),
            inventory.links,
            needs,
            undeclared,
            _first_needs(members, mesh, needs),
            elements,
            members,
            mesh,
            {element: members.loss((element,)) for element in elements},
            _known(inventory, members),
        )

    def loss(self, failed: Iterable[Subject]) -> Loss:
        """Return what is lost if these fail together. Raises UnknownElement.

        A device takes its links along, a site its devices, a group its members; a device is lost with the last of
        those that feed it, and what feeds others stops feeding.
        """
        together = tuple(failed)
        if len(together) == 1 and together[0] in self._losses:
            return self._losses[together[0]]
        for subject in together:
            self._check(subject)
        return self.members.loss(together)

    def _check(self, subject: Subject) -> None:
        if subject.kind not in self._known:
            raise _no_kind(subject.kind)
        known = self._known[subject.kind]
        if subject.id not in known:
            what = "power source" if subject.kind == "power" else subject.kind
            message, hint = unknown_name(subject.id, known, what)
            raise UnknownElement(f"{message} ({hint})" if hint else message)


def element_of(text: str) -> Subject:
    """Return the element that ``kind:id`` names. Raises UnknownElement; whether it is declared is not looked at."""
    kind, colon, name = text.partition(":")
    if not colon or not name:
        example = kind if kind and not colon else "rf-1"
        raise UnknownElement(f"{shown(text)} is not an element: write kind:id, e.g. link:{example}")
    if kind not in ELEMENT_KINDS:
        raise _no_kind(kind)
    return Subject(kind, name)


def _no_kind(kind: str) -> UnknownElement:
    hint = did_you_mean(kind, ELEMENT_KINDS)
    kinds = f"{', '.join(ELEMENT_KINDS[:-1])} or {ELEMENT_KINDS[-1]}"
    return UnknownElement(f"{shown(kind)} cannot fail: there is {kinds}" + (f" ({hint})" if hint else ""))


def _needs(inventory: Inventory, settings: Settings, site: str) -> tuple[str, ...]:
    needs = inventory.sites[site].needs
    if needs is None:
        needs = settings.defaults.needs or tuple(name for name, one in inventory.sites.items() if one.core)
    return tuple(need for need in dict.fromkeys(needs) if need != site and need in inventory.sites)


def _elements(inventory: Inventory, members: Members) -> Iterator[Subject]:
    yield from (Subject("link", name) for name in inventory.links)
    yield from (Subject("device", name) for name in inventory.devices if name in members.at_device)
    yield from (Subject("site", name) for name in inventory.sites)
    for name, group in members.groups.items():
        if len(group.links) + len(group.devices) > 1:
            yield Subject("group", name)
    feeding = members.sources & members.matter
    yield from (Subject("power", name) for name in inventory.devices if name in feeding)


def _known(inventory: Inventory, members: Members) -> Mapping[SubjectKind, Iterable[str]]:
    return {
        "link": inventory.links,
        "device": inventory.devices,
        "site": inventory.sites,
        "group": members.groups,
        "power": members.sources,
    }


def _told_apart(
    mesh: Mesh, needs: Mapping[str, tuple[str, ...]]
) -> tuple[dict[str, tuple[str, ...]], dict[str, tuple[str, ...]]]:
    """Tell the needs that a declared way leads to from those to which none does; only the former can be judged."""
    part = labels(mesh, mesh.dead(()))
    places = mesh.places
    near = {site: tuple(one for one in own if part[places[one]] == part[places[site]]) for site, own in needs.items()}
    far = {site: tuple(one for one in own if one not in near[site]) for site, own in needs.items()}
    return near, {site: own for site, own in far.items() if own}


def _first_needs(members: Members, mesh: Mesh, needs: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    """Leave out of each site's needs those that it never reaches, by design, without passing another one."""
    gates = dict.fromkeys(need for own in needs.values() for need in own)
    without = {gate: labels(mesh, mesh.dead(members.at_site.get(gate, ()))) for gate in gates}

    def behind(site: int, need: int, others: Iterable[str]) -> bool:
        return any(without[gate][need] != without[gate][site] for gate in others)

    return {
        site: tuple(
            need
            for need in own
            if not behind(mesh.places[site], mesh.places[need], (gate for gate in own if gate != need))
        )
        for site, own in needs.items()
    }


def _graph(inventory: Inventory, alone: frozenset[str]) -> Graph:
    graph: Graph = nx.MultiGraph()
    graph.add_nodes_from(Subject("site", name) for name in inventory.sites)
    for name, device in inventory.devices.items():
        graph.add_node(Subject("device", name))
        if name not in alone:
            graph.add_edge(Subject("device", name), Subject("site", device.site), key="joined", kind="joined")
        for feeder in device.powered_by:
            graph.add_edge(Subject("power", feeder), Subject("device", name), key="feeds", kind="feeds")
    for name, link in inventory.links.items():
        first, second = (
            Subject("site", end.site) if end.device is None else Subject("device", end.device) for end in link.ends
        )
        graph.add_edge(first, second, key=name, kind="link")
    return graph
