"""What takes all legs of a function along: found through the declared network, whatever is up now. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Literal, NamedTuple

from agent.contract import Consequence, SharedRisk, Subject, SubjectKind
from agent.risk.dependencies import needed, subject_named
from agent.risk.network.flow import labels
from agent.risk.topology import Loss, Topology
from config.inventory import Inventory

Kind = Literal["room", "site", "power", "link", "provider", "group", "device"]

_ORDER: tuple[Kind, ...] = ("link", "device", "power", "room", "group", "provider", "site")
# What the network calls each, and how its id begins there; a plain group last.
_AS_ELEMENT: Mapping[Kind, tuple[SubjectKind, str]] = {
    "link": ("link", ""),
    "device": ("device", ""),
    "power": ("power", ""),
    "site": ("site", ""),
    "room": ("group", "room/"),
    "provider": ("group", "provider/"),
    "group": ("group", ""),
}
_NONE: frozenset[str] = frozenset()


class _Hangs(NamedTuple):
    """What a leg hangs on: each link and device it needs, where it stands, and who provides it."""

    links: frozenset[str]
    devices: frozenset[str]
    sites: frozenset[str]
    providers: frozenset[str]


class _Suspect(NamedTuple):
    kind: Kind
    id: str


class _Hit(NamedTuple):
    """What is lost with a suspect; ``sites`` are lost or cut off, of ``providers`` everything."""

    suspect: _Suspect
    links: frozenset[str]
    devices: frozenset[str]
    sites: frozenset[str]
    providers: frozenset[str] = _NONE

    def takes(self, leg: _Hangs) -> bool:
        pairs = zip(self[1:], leg, strict=True)
        return any(not lost.isdisjoint(own) for lost, own in pairs)


def shared_risks(
    inventory: Inventory, topology: Topology, weaknesses: Iterable[Consequence], legs: Sequence[Subject]
) -> tuple[SharedRisk, ...]:
    """Return every single failure that takes all of these legs, in whatever order they are given.

    ``weaknesses``: what single failures cut off by design. A device that is fed twice is not lost with one of its
    sources. Two links share the sites that they join by nature, so a site counts only for what stands there. What
    follows from a shared link or device is not listed again as its room or its power.
    """
    if len(legs) < 2:
        return ()
    search = _Search(inventory, topology, _isolated(topology, weaknesses))
    hanging = [search.hangs(leg) for leg in legs]
    hits = [hit for hit in search.hits(hanging) if all(hit.takes(leg) for leg in hanging)]
    found: list[_Hit] = []
    for hit in sorted(hits, key=lambda one: _ORDER.index(one.suspect.kind)):
        if not any(_follows(hit, other) for other in found):
            found.append(hit)
    return tuple(SharedRisk(*hit.suspect, tuple(legs)) for hit in found)


def of_functions(
    inventory: Inventory, topology: Topology, weaknesses: Sequence[Consequence]
) -> Mapping[str, tuple[SharedRisk, ...]]:
    """Return for each function what its legs share."""
    found: dict[str, tuple[SharedRisk, ...]] = {}
    for key, function in inventory.functions.items():
        legs = [subject_named(inventory, name) for name in (function.primary, *function.standby)]
        found[key] = shared_risks(inventory, topology, weaknesses, legs)
    return found


def _follows(hit: _Hit, known: _Hit) -> bool:
    if known.suspect.kind == "link":
        return known.suspect.id in hit.links
    return known.suspect.kind == "device" and known.suspect.id in hit.devices


def _isolated(topology: Topology, weaknesses: Iterable[Consequence]) -> Mapping[Subject, frozenset[str]]:
    """Return the sites that each single failure cuts off; not that what all need is needed."""
    needs = {need for own in topology.needs.values() for need in own}
    return {
        one.failed[0]: frozenset(one.isolated)
        for one in weaknesses
        if not (one.failed[0].kind == "site" and one.failed[0].id in needs)
    }


@dataclass(frozen=True, slots=True)
class _Search:
    inventory: Inventory
    topology: Topology
    isolated: Mapping[Subject, frozenset[str]]

    def hangs(self, leg: Subject) -> _Hangs:
        """Return what a leg hangs on, with all that a service needs."""
        own = (leg, *needed(self.inventory, leg))
        services = [self.inventory.services[one.id] for one in own if one.kind == "service"]
        devices = frozenset(one.id for one in own if one.kind == "device")
        sites = {self.inventory.devices[name].site for name in devices}
        sites |= {service.site for service in services if service.site is not None}
        providers = (self._provider(service.contract) for service in services)
        links = frozenset(one.id for one in own if one.kind == "link")
        return _Hangs(links, devices, frozenset(sites), frozenset(name for name in providers if name))

    def hits(self, legs: Sequence[_Hangs]) -> Iterator[_Hit]:
        """Yield every suspect with what is lost with it, each once."""
        near = _NONE.union(*(leg.sites for leg in legs))
        for suspect in dict.fromkeys(self._suspects(legs)):
            loss = self._loss(suspect)
            providers = frozenset({suspect.id}) if suspect.kind == "provider" else _NONE
            sites = loss.sites | self._cut_off(suspect, loss, near)
            yield _Hit(suspect, loss.links, loss.devices, sites, providers)

    def _suspects(self, legs: Sequence[_Hangs]) -> Iterator[_Suspect]:
        links = {name for leg in legs for name in leg.links}
        devices = {name for leg in legs for name in leg.devices}
        ends = (end.device for name in links for end in self.inventory.links[name].ends)
        devices |= {device for device in ends if device is not None}
        devices |= self._feeders(devices)
        sources = self.topology.members.sources
        yield from (_Suspect("link", name) for name in sorted(links))
        for name in sorted(devices):
            yield _Suspect("power" if name in sources else "device", name)
        yield from (_Suspect("room", room) for room in sorted(self._rooms(devices)))
        yield from (_Suspect("group", group) for group in self._groups(links))
        yield from (_Suspect("provider", name) for name in self._providers(links, legs))
        placed = all(leg.sites for leg in legs)
        near = _NONE.union(*(leg.sites for leg in legs))
        yield from (_Suspect("site", site) for site in sorted(near) if placed)
        known = (_suspect(element, sources) for element, cut in self.isolated.items() if not near.isdisjoint(cut))
        yield from (one for one in known if placed or one.kind != "site")

    def _feeders(self, devices: Iterable[str]) -> set[str]:
        """Return who feeds these, and who feeds those."""
        found, waiting = set[str](), list(devices)
        while waiting:
            for feeder in self.topology.members.feeders.get(waiting.pop(), _NONE) - found:
                found.add(feeder)
                waiting.append(feeder)
        return found

    def _rooms(self, devices: Iterable[str]) -> set[str]:
        rooms = (self.inventory.devices[name].room for name in devices if name in self.inventory.devices)
        return {room for room in rooms if room is not None}

    def _groups(self, links: Iterable[str]) -> list[str]:
        return sorted({group for name in links for group in self.inventory.links[name].shared_risk})

    def _providers(self, links: Iterable[str], legs: Iterable[_Hangs]) -> list[str]:
        names = {self._provider(self.inventory.links[name].contract) for name in links}
        return sorted({name for name in names if name} | {name for leg in legs for name in leg.providers})

    def _provider(self, contract: str | None) -> str | None:
        known = None if contract is None else self.inventory.contracts.get(contract)
        return None if known is None else known.provider

    def _loss(self, suspect: _Suspect) -> Loss:
        kind, name = suspect
        if kind == "room":
            inside = (Subject("device", key) for key, one in self.inventory.devices.items() if one.room == name)
            return self.topology.loss(inside)
        if kind == "provider":
            contracts = {key for key, one in self.inventory.contracts.items() if one.provider == name}
            links = (key for key, one in self.inventory.links.items() if one.contract in contracts)
            return self.topology.loss(Subject("link", key) for key in links)
        return self.topology.loss([Subject("device", name) if kind == "power" else element_of(kind, name)])

    def _cut_off(self, suspect: _Suspect, loss: Loss, near: AbstractSet[str]) -> frozenset[str]:
        """Return those of these sites that it cuts off."""
        found = self.isolated.get(element_of(*suspect), _NONE)
        if suspect.kind not in {"link", "site"}:
            found = found.union(*(self.isolated.get(Subject("device", name), _NONE) for name in loss.devices))
        return self._severed(found & near, loss)

    def _severed(self, sites: frozenset[str], loss: Loss) -> frozenset[str]:
        """Return those that then reach nothing of what they need: who reaches some of it still does its work."""
        if not sites:
            return sites
        mesh, needs = self.topology.mesh, self.topology.needs
        part = labels(mesh, mesh.dead(loss.links))
        left = {site: {part[mesh.places[need]] for need in needs[site] if need not in loss.sites} for site in sites}
        return frozenset(site for site in sites if part[mesh.places[site]] not in left[site])


def element_of(kind: Kind, name: str) -> Subject:
    """Return what the network calls a shared risk."""
    subject, prefix = _AS_ELEMENT[kind]
    return Subject(subject, f"{prefix}{name}")


def _suspect(element: Subject, sources: AbstractSet[str]) -> _Suspect:
    """Return what an element of the network is called here; a device that feeds others fails as their source."""
    if element.kind == "device" and element.id in sources:
        return _Suspect("power", element.id)
    found: list[Kind] = [
        kind
        for kind, (subject, prefix) in _AS_ELEMENT.items()
        if subject == element.kind and element.id.startswith(prefix)
    ]
    return _Suspect(found[0], element.id.removeprefix(_AS_ELEMENT[found[0]][1]))
