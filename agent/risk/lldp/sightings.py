"""Which devices of the inventory show each other as neighbours (LLDP, IEEE 802.1AB), and of whom nothing can be said.

Neighbours that are no devices of the inventory are nobody's business: they are left out here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from agent.contract import Harvest, JobState, Neighbour, Subject
from agent.risk.lldp.directory import Directory
from agent.risk.sight import Sight

SNMP = "snmp"
"""The check that brings neighbours."""
INVENTORY_FAILURE = "inventory_failure"
"""Fact: why neighbours could not be read the last time; those that are shown are older."""


class Sighting(NamedTuple):
    """One device shows another. Ports are called as ``seer`` calls them: its own, and the one that it was told of."""

    seer: str
    port: str
    seen: str
    far_port: str

    def port_at(self, device: str) -> str:
        """Return the port at one of the two."""
        return self.port if device == self.seer else self.far_port

    def __str__(self) -> str:
        """Return ``sw-1/49 – sw-2/25``, the one that sees first."""
        return self.beginning(self.seer)

    def beginning(self, device: str) -> str:
        """Return the same with one of the two first."""
        far = self.seen if device == self.seer else self.seer
        return f"{device}/{self.port_at(device)} – {far}/{self.port_at(far)}"


@dataclass(frozen=True, slots=True)
class Sightings:
    """``by_pair``: what each of two says of the other, by their names in alphabetical order. ``by_seer``: by whom.

    ``talkers``: read whole, and showing neighbours. ``silent``: read whole, and showing none: it speaks no LLDP, or is
    not asked for it yet. ``unread``: asked, but not read whole. Who is in none of them is not asked by SNMP.
    """

    by_pair: Mapping[tuple[str, str], Sequence[Sighting]]
    by_seer: Mapping[str, Sequence[Sighting]]
    talkers: frozenset[str]
    silent: frozenset[str]
    unread: frozenset[str]

    def between(self, one: str, other: str) -> Sequence[Sighting]:
        """Return what the two say of each other."""
        return self.by_pair.get(pair(one, other), ())


def pair(one: str, other: str) -> tuple[str, str]:
    """Return two names in alphabetical order."""
    return (one, other) if one <= other else (other, one)


def sightings(sight: Sight) -> Sightings:
    """Gather them from the latest polls of all devices."""
    asked = {name: jobs for name in sight.inventory.devices if (jobs := _asked(sight, name))}
    harvests = {name: tuple(_harvests(jobs)) for name, jobs in asked.items()}
    whole = [name for name, jobs in asked.items() if len(harvests[name]) == len(jobs) and _is_current(harvests[name])]
    shown = {name: [one for harvest in harvests[name] for one in harvest.neighbours] for name in whole}
    names = Directory.of({name: harvests.get(name, ()) for name in sight.inventory.devices})
    by_pair: dict[tuple[str, str], list[Sighting]] = {}
    by_seer: dict[str, list[Sighting]] = {}
    for seen in _matched(sight, names, shown):
        by_pair.setdefault(pair(seen.seer, seen.seen), []).append(seen)
        by_seer.setdefault(seen.seer, []).append(seen)
    talkers = frozenset(name for name, neighbours in shown.items() if neighbours)
    return Sightings(
        by_pair,
        by_seer,
        talkers,
        frozenset(whole) - talkers,
        frozenset(asked) - frozenset(whole),
    )


def _asked(sight: Sight, device: str) -> Sequence[JobState]:
    return [job for job in sight.jobs.get(Subject("device", device), ()) if job.key.check == SNMP]


def _harvests(jobs: Iterable[JobState]) -> Iterator[Harvest]:
    for job in jobs:
        if job.up is True and job.reading is not None and job.reading.harvest is not None:
            yield job.reading.harvest


def _is_current(harvests: Iterable[Harvest]) -> bool:
    return not any(harvest.facts.get(INVENTORY_FAILURE) for harvest in harvests)


def _matched(sight: Sight, names: Directory, shown: Mapping[str, Sequence[Neighbour]]) -> Iterator[Sighting]:
    """Yield each neighbour that is a device of the inventory: by its name, else by its chassis."""
    chassis = _chassis(sight, names, shown)
    for seer, neighbours in shown.items():
        for one in neighbours:
            seen = names.find(one.remote_system) or chassis.get(one.remote_chassis)
            if seen is not None and seen != seer:
                yield Sighting(seer, one.local_port, seen, one.remote_port)


def _chassis(sight: Sight, names: Directory, shown: Mapping[str, Sequence[Neighbour]]) -> Mapping[str, str | None]:
    """Return devices by chassis: its address, or that which others show beside its name; None for one of several."""
    found: dict[str, str | None] = {}
    addresses = [
        (device.address.host, name) for name, device in sight.inventory.devices.items() if device.address is not None
    ]
    told = [(one.remote_chassis, names.find(one.remote_system)) for of_one in shown.values() for one in of_one]
    for chassis, name in (*addresses, *told):
        if chassis and name is not None:
            found[chassis] = name if found.setdefault(chassis, name) == name else None
    return found
