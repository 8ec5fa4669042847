"""What is lost together: a device and its links, a site and its devices, groups, and who is fed by whom."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from agent.contract import Subject
from config.inventory import Inventory

_NONE: frozenset[str] = frozenset()


class Loss(NamedTuple):
    """What is lost with elements that fail: ids of links, sites and devices."""

    links: frozenset[str]
    sites: frozenset[str]
    devices: frozenset[str]


class Group(NamedTuple):
    """What fails together: links on one mast, in one duct, of one provider; the devices of one room."""

    links: frozenset[str] = frozenset()
    devices: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, eq=False)
class Members:
    """Who belongs to whom; gathered once, because the loss of every element is asked at each look.

    ``at_device``, ``at_site``: links that end there. ``inside``: devices by site. ``feeders``: by device, who feeds it.
    ``groups`` has those of one member too. ``matter``: devices with links and those that feed such.
    """

    at_device: Mapping[str, frozenset[str]]
    at_site: Mapping[str, frozenset[str]]
    inside: Mapping[str, frozenset[str]]
    feeders: Mapping[str, frozenset[str]]
    groups: Mapping[str, Group]
    matter: frozenset[str]

    @classmethod
    def of(cls, inventory: Inventory) -> Members:
        """Gather them from what is declared."""
        ends = [(name, end) for name, link in inventory.links.items() for end in link.ends]
        devices = inventory.devices
        at_device = _gathered((end.device, name) for name, end in ends if end.device is not None)
        feeders = {name: frozenset(device.powered_by) for name, device in devices.items() if device.powered_by}
        matter = frozenset(_that_matter(at_device, feeders)).intersection(devices)
        return cls(
            at_device,
            _gathered((end.site, name) for name, end in ends),
            _gathered((device.site, name) for name, device in devices.items()),
            feeders,
            _groups(inventory, matter),
            matter,
        )

    @property
    def sources(self) -> frozenset[str]:
        """Who feeds anything."""
        return _NONE.union(*self.feeders.values())

    def loss(self, failed: Iterable[Subject]) -> Loss:
        """Return what is lost if these fail together. All of them are known; ids that are not lose nothing."""
        named: dict[str, set[str]] = {"link": set(), "device": set(), "site": set(), "group": set(), "power": set()}
        for kind, name in failed:
            named[kind].add(name)
        links, devices = named["link"], named["device"]
        for name in named["group"]:
            links |= self.groups[name].links
            devices |= self.groups[name].devices
        for site in named["site"]:
            devices |= self.inside.get(site, _NONE)
            links |= self.at_site.get(site, _NONE)
        devices |= self._dark(devices, named["power"])
        for device in devices:
            links |= self.at_device.get(device, _NONE)
        return Loss(frozenset(links), frozenset(named["site"]), frozenset(devices))

    def _dark(self, devices: Iterable[str], sources: Iterable[str]) -> set[str]:
        """Return the devices all of whose feeders fail, and in turn those that they feed."""
        failed, dark = {*devices, *sources}, set[str]()
        found = bool(failed)
        while found:
            fed = {name for name, feeders in self.feeders.items() if name not in dark and feeders <= failed}
            dark |= fed
            failed |= fed
            found = bool(fed)
        return dark


def _gathered(pairs: Iterable[tuple[str, str]]) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for owner, member in pairs:
        found.setdefault(owner, set()).add(member)
    return {owner: frozenset(members) for owner, members in found.items()}


def _that_matter(linked: Iterable[str], feeders: Mapping[str, frozenset[str]]) -> set[str]:
    """Return the devices with links and those that feed such, feeders of feeders too."""
    matter = set(linked)
    waiting = list(matter)
    while waiting:
        for feeder in feeders.get(waiting.pop(), _NONE) - matter:
            matter.add(feeder)
            waiting.append(feeder)
    return matter


def _groups(inventory: Inventory, matter: frozenset[str]) -> dict[str, Group]:
    """Return the groups in the order of the file: shared risks and providers, then rooms."""
    links: list[tuple[str, str]] = []
    for name, link in inventory.links.items():
        links.extend((risk, name) for risk in link.shared_risk)
        contract = inventory.contracts.get(link.contract) if link.contract is not None else None
        if contract is not None:
            links.append((f"provider/{contract.provider}", name))
    devices = inventory.devices.items()
    rooms = _gathered((f"room/{one.room}", name) for name, one in devices if one.room is not None and name in matter)
    return {
        **{name: Group(links=members) for name, members in _gathered(links).items()},
        **{name: Group(devices=members) for name, members in rooms.items()},
    }
