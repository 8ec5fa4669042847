"""Where findings belong: devices and supplies by room, and causes by what they bring about."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from agent.contract import Finding, Subject
from agent.risk.wiring import feeders
from config.inventory import Inventory


@dataclass(frozen=True, slots=True)
class Places:
    """``rooms``: by device, the rooms whose risk it is: where it stands, and those whose devices it feeds."""

    rooms: Mapping[str, Collection[str]]

    @classmethod
    def of(cls, inventory: Inventory) -> Places:
        """Follow ``room`` and ``powered_by``, as far as it goes."""
        rooms: defaultdict[str, set[str]] = defaultdict(set)
        for name, device in inventory.devices.items():
            if device.room is not None:
                for one in {name, *feeders(inventory, name)}:
                    rooms[one].add(device.room)
        return cls(rooms)

    def rooms_of(self, subject: Subject) -> Collection[str]:
        """Return the rooms that a subject belongs to; none for what concerns the house alone."""
        if subject.kind == "room":
            return (subject.id,)
        return self.rooms.get(subject.id, ()) if subject.kind == "device" else ()


@dataclass(frozen=True, slots=True)
class Roots:
    """What findings come from, by the causes that they name themselves."""

    causes: Mapping[Subject, Subject]

    @classmethod
    def of(cls, findings: Iterable[Finding]) -> Roots:
        """Gather who names whom."""
        return cls({one.subject: one.cause for one in findings if one.cause is not None and one.cause != one.subject})

    def root(self, finding: Finding) -> Subject | None:
        """Return the end of the chain of causes; None for what names no other."""
        at, seen = finding.cause, {finding.subject}
        if at is None or at == finding.subject:
            return None
        while at in self.causes and at not in seen:
            seen.add(at)
            at = self.causes[at]
        return at
