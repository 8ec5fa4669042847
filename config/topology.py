"""Whether the declared network can be meant: rings that are rings, links that lead somewhere, likely slips. Pure.

What needs ways through the whole network (who reaches what) is said by ``agent.app.design``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from config.circle import flaw_of
from config.errors import Problem, did_you_mean, shown
from config.hops import hop_remarks
from config.inventory import Inventory, Link
from config.positions import Positions

# On such a way each port carries one link; several leased lines or tunnels may well begin at one port.
_CABLED = frozenset({"radio", "fibre", "copper"})
# Neither gives power on to others, as a UPS, a rail, or a switch (PoE) does.
_FED_ONLY = frozenset({"server", "sensor"})


def check_topology(inventory: Inventory, positions: Positions) -> Iterator[Problem]:
    """Yield what cannot be: a ring that is no circle, a link that leads nowhere, a projector in a room elsewhere."""
    for name, link in inventory.links.items():
        if not _leads_on(link):
            message = f"leads nowhere: both ends are at {link.ends[0].site}"
            yield positions.problem(("links", name, "ends"), message, "name the other site, or a device at each end")
    for ring in inventory.rings:
        sections = _sections(inventory, ring)
        flaw = flaw_of(sections, inventory.links) if sections else None
        if flaw is not None:
            place = ("links", flaw.link, "ring") if flaw.link else ("rings", ring)
            yield positions.problem(place, f"ring {shown(ring)} is no circle: {flaw.what}", flaw.hint)
    yield from _misplaced(inventory, positions)


def _misplaced(inventory: Inventory, positions: Positions) -> Iterator[Problem]:
    for name, projector in inventory.projectors.items():
        room = None if projector.room is None else inventory.rooms.get(projector.room)
        if room is not None and room.site != projector.site:
            message = f"hangs at {shown(projector.site)}, and its room is at {shown(room.site)}"
            yield positions.problem(("projectors", name, "room"), message, "name the site of the room")


def topology_remarks(inventory: Inventory, positions: Positions) -> Iterator[Problem]:
    """Yield what is probably a slip, or leaves judgement blind; the configuration can be used all the same."""
    yield from _empty_rings(inventory, positions)
    yield from _lonely_groups(inventory, positions)
    yield from _sections_of_rings(inventory, positions)
    yield from _standby_alone(inventory, positions)
    yield from _shared_ports(inventory, positions)
    yield from _feeders(inventory, positions)
    yield from hop_remarks(inventory, positions)


def _leads_on(link: Link) -> bool:
    first, second = link.ends
    return first.site != second.site or (first.device is not None and second.device is not None)


def _sections(inventory: Inventory, ring: str) -> dict[str, Link]:
    return {name: link for name, link in inventory.links.items() if link.ring == ring}


def _empty_rings(inventory: Inventory, positions: Positions) -> Iterator[Problem]:
    for ring in inventory.rings:
        if not _sections(inventory, ring):
            message = "no link is a section of this ring, so nothing is judged of it"
            yield positions.problem(("rings", ring), message, f"`ring: {ring}` at each of its links")


def _lonely_groups(inventory: Inventory, positions: Positions) -> Iterator[Problem]:
    """A risk that only one link has is shared with nobody: mostly a name written in two ways."""
    members = Counter(group for link in inventory.links.values() for group in set(link.shared_risk))
    for name, link in inventory.links.items():
        for index, group in enumerate(link.shared_risk):
            if members[group] == 1:
                hint = did_you_mean(group, (other for other in members if other != group))
                message = f"nothing else shares the risk {shown(group)}"
                yield positions.problem(("links", name, "shared_risk", index), message, hint)


def _sections_of_rings(inventory: Inventory, positions: Positions) -> Iterator[Problem]:
    for name, link in inventory.links.items():
        if link.ring is None:
            continue
        if link.capacity is None:
            message = f"a section of ring {shown(link.ring)} without capacity"
            hint = "without it nobody can say whether it carries the load once the ring is cut"
            yield positions.problem(("links", name), message, hint)
        if link.standby:
            message = f"a section of ring {shown(link.ring)} is no standby"
            hint = f"`rpl: {name}` of the ring is what is blocked"
            yield positions.problem(("links", name, "standby"), message, hint)


def _standby_alone(inventory: Inventory, positions: Positions) -> Iterator[Problem]:
    """What stands by needs something to stand by for."""
    at = _links_of_sites(inventory)
    for name, link in inventory.links.items():
        alone = [end.site for end in link.ends if at[end.site] == [name]]
        if link.standby and alone:
            message = f"stands by for no other: it is the only link of {alone[0]}"
            yield positions.problem(("links", name, "standby"), message)


def _links_of_sites(inventory: Inventory) -> Mapping[str, list[str]]:
    """Return the links that lead away from each site."""
    links: dict[str, list[str]] = {site: [] for site in inventory.sites}
    for name, link in inventory.links.items():
        for site in {end.site for end in link.ends}:
            if link.ends[0].site != link.ends[1].site:
                links[site].append(name)
    return links


def _shared_ports(inventory: Inventory, positions: Positions) -> Iterator[Problem]:
    taken: dict[str, str] = {}
    for name, link in inventory.links.items():
        for index, end in enumerate(link.ends):
            if end.port is None or link.kind not in _CABLED:
                continue
            other = taken.setdefault(str(end), name)
            if other != name:
                message = f"{end} is an end of link {shown(other)} as well"
                yield positions.problem(("links", name, "ends", index), message)


def _feeders(inventory: Inventory, positions: Positions) -> Iterator[Problem]:
    for name, device in inventory.devices.items():
        for index, feeder in enumerate(device.powered_by):
            source = inventory.devices[feeder]
            message = None
            if source.role in _FED_ONLY:
                message = f"{feeder} is a {source.role}, which feeds nothing"
            elif source.site != device.site:
                message = f"{feeder} stands at {source.site}, {name} at {device.site}"
            if message is not None:
                hint = "what feeds it is a UPS or a power rail where it stands"
                yield positions.problem(("devices", name, "powered_by", index), message, hint)
