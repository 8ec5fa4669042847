"""Does a declared way explain that two devices see each other? Many a radio passes LLDP on as if it were a cable.

Across a ring of such radios each switch sees the switches of the next sites, not the radios between: that is no other
network than the declared one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from agent.contract import Series, Subject, View
from agent.risk.lldp.sightings import Sighting, Sightings
from agent.risk.ports import OPER_STATUS, PORT_NAMES, find_port, labels_at
from agent.risk.topology import RADIO
from config.inventory import End, Inventory, Link

# Ways through the air: their ends are often transparent, and number their ports otherwise than LLDP does.
AIR = frozenset({"radio", "wlan"})

_TYPE = "ifType_info"
# Ports made of others (IANAifType): LLDP shows the others.
_BUNDLES = frozenset({"ieee8023adLag", "propMultiplexor", "propVirtual", "l2vlan", "bridge"})


class Ports:
    """Names of ports, told together; of each device the interfaces are asked for once, and only where it matters."""

    def __init__(self, view: View) -> None:
        self._view = view
        self._interfaces: dict[str, tuple[Series, ...]] = {}

    def may_be(self, link: Link, end: End, shown: str) -> bool:
        """Whether a port that LLDP shows at the end's device can be the link's; True where it cannot be told."""
        return self._compare(link, end, shown) is not False

    def is_same(self, link: Link, end: End, shown: str) -> bool:
        """Whether a port that LLDP shows at the end's device is known to be the link's."""
        return self._compare(link, end, shown) is True

    def _compare(self, link: Link, end: End, shown: str) -> bool | None:
        if end.port is None or end.device is None:
            return None
        if end.port == shown or end.port.casefold() == shown.casefold():
            return True
        interfaces = self._of(end.device)
        declared = find_port(interfaces, end.port, labels_at(link))
        other = find_port(interfaces, shown, PORT_NAMES)
        if declared is None or other is None or self._is_bundle(end.device, declared):
            return None
        return declared is other

    def _of(self, device: str) -> tuple[Series, ...]:
        if device not in self._interfaces:
            self._interfaces[device] = tuple(self._view.series(OPER_STATUS, Subject("device", device)))
        return self._interfaces[device]

    def _is_bundle(self, device: str, port: Series) -> bool:
        index = port.labels.get("ifIndex")
        types = self._view.series(_TYPE, Subject("device", device))
        return any(one.labels.get("ifType") in _BUNDLES for one in types if one.labels.get("ifIndex") == index)


@dataclass(frozen=True, slots=True)
class Glass:
    """What LLDP passes through: all but ``opaque`` devices, which take it for themselves, and ``walls``, their sites.

    That a site has a wall says nothing of the cables in it that are declared.
    """

    opaque: frozenset[str]
    walls: frozenset[str]

    @classmethod
    def of(cls, inventory: Inventory, speakers: AbstractSet[str]) -> Glass:
        """Take who speaks LLDP for opaque, but no radio: it may both speak and pass on."""
        airborne = {end.device for link in inventory.links.values() if link.kind in AIR for end in link.ends}
        solid = {name for name in speakers if name not in airborne and inventory.devices[name].role != RADIO}
        return cls(frozenset(solid), frozenset(inventory.devices[name].site for name in solid))

    def passes(self, place: Subject) -> bool:
        """Whether LLDP passes through a device, or through a site from one of its links to another."""
        return place.id not in (self.walls if place.kind == "site" else self.opaque)


class Passages:
    """The declared links as ways of LLDP, at one look."""

    def __init__(self, inventory: Inventory, seen: Sightings, ports: Ports) -> None:
        self._inventory = inventory
        self._ports = ports
        self._glass = Glass.of(inventory, seen.talkers | seen.unread)
        self._thinnest = Glass.of(inventory, seen.talkers)
        self._ways = _ways(inventory)

    def fits(self, link: Link, seen: Sighting) -> bool:
        """Whether two devices may see each other like that over a link, as far as it ends at their ports."""
        if link.kind in AIR:
            return True
        for end in link.ends:
            shown = seen.port_at(end.device or "")
            if end.device in {seen.seer, seen.seen} and not self._ports.may_be(link, end, shown):
                return False
        return True

    def explain(self, seen: Sighting) -> bool | None:
        """Whether a declared way explains what is seen; None where that hangs on devices that are not read."""
        if self._direct(seen, besides=None) or self._through(seen, self._glass):
            return True
        return None if self._through(seen, self._thinnest) else False

    def explain_otherwise(self, seen: Sighting, link: Link) -> bool:
        """Whether another way than this link may explain what its two ends see of each other."""
        return self._direct(seen, besides=link) or self._through(seen, self._thinnest)

    def _direct(self, seen: Sighting, besides: Link | None) -> bool:
        return any(
            link is not None and link is not besides and _joins(link, seen) and self.fits(link, seen)
            for link, _ in self._ways.get(Subject("device", seen.seer), ())
        )

    def _through(self, seen: Sighting, glass: Glass) -> bool:
        """Walk from the one to the site of the other, link by link, past nothing that would take LLDP for itself."""
        here, there = (Subject("site", self._inventory.devices[name].site) for name in (seen.seer, seen.seen))
        if here == there:
            return False
        goals = {there, Subject("device", seen.seen)}
        reached = {here, Subject("device", seen.seer)}
        ahead = list(reached)
        while ahead:
            for place in self._next(ahead.pop(), seen, glass):
                if place in goals:
                    return True
                if place not in reached and (place == here or glass.passes(place)):
                    reached.add(place)
                    ahead.append(place)
        return False

    def _next(self, place: Subject, seen: Sighting, glass: Glass) -> Iterator[Subject]:
        """Yield what is next to a place: over links, and between a site and the devices there."""
        if place.kind == "device" and glass.passes(place):
            yield Subject("site", self._inventory.devices[place.id].site)
        for link, far in self._ways.get(place, ()):
            if link is None or (not _joins(link, seen) and self.fits(link, seen)):
                yield far


def _joins(link: Link, seen: Sighting) -> bool:
    first, second = link.ends
    return {first.device, second.device} == {seen.seer, seen.seen}


def _place(end: End) -> Subject:
    return Subject("site", end.site) if end.device is None else Subject("device", end.device)


def _ways(inventory: Inventory) -> Mapping[Subject, Sequence[tuple[Link | None, Subject]]]:
    """Return by place where one link leads, and without a link, from each site to the ends of links there."""
    ways: dict[Subject, list[tuple[Link | None, Subject]]] = {}
    for link in inventory.links.values():
        places = [_place(end) for end in link.ends]
        for end, near, far in zip(link.ends, places, reversed(places), strict=True):
            ways.setdefault(near, []).append((link, far))
            if end.device is not None:
                ways.setdefault(Subject("site", end.site), []).append((None, near))
    return ways
