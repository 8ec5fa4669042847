"""What a device is, beside what its tables say: its life, facts, parts, neighbours, access ports."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from agent.contract import Target, Wire
from agent.families import AGENT_RESTARTS, DEVICE_REBOOTS, REBOOTS_DURING_POLL
from agent.layout import Sample
from collectors.snmp.identity.access import AccessPorts, Walk
from collectors.snmp.identity.annex import identity
from collectors.snmp.identity.asset import completed
from collectors.snmp.identity.inventory import Inventory, InventoryReader
from collectors.snmp.identity.life import Life, change, read_life
from collectors.snmp.oid import Value

INVENTORY_FAILURE = "inventory_failure"
"""Fact: why parts and neighbours could not be read the last time."""


@dataclass(slots=True)
class _Completed:
    """Facts filled up, as long as what they are made of is the same."""

    base: Mapping[str, str] = field(default_factory=dict[str, str])
    inventory: Inventory = field(default_factory=Inventory)
    facts: Mapping[str, str] = field(default_factory=dict[str, str])


class Dossier:
    """Kept over the polls of one device."""

    def __init__(self, target: Target, wire: Wire) -> None:
        self.inventory = InventoryReader(str(target.subject))
        self._target = target
        self._wire = wire
        self._ports = AccessPorts(target.access_ports)
        self._life: Life | None = None
        self._completed = _Completed()

    def restarted(self, scalars: Mapping[str, Value]) -> bool:
        """Whether the device, or its agent, restarted since the last poll (F23); each time is counted once."""
        life = read_life(scalars, self._wire.now())
        what = change(self._life, life)
        if life.uptime is not None:
            self._life = life
        if what == "none":
            return False
        family = DEVICE_REBOOTS if what == "rebooted" else AGENT_RESTARTS
        self._wire.telemetry.count(family, self._target.labels)
        self.inventory.expire()
        return True

    def recognised(self, scalars: Mapping[str, Value]) -> None:
        """Take in what was asked for once the device was known."""
        self._life = read_life(scalars, self._wire.now())
        for family in (DEVICE_REBOOTS, AGENT_RESTARTS):
            self._wire.telemetry.count(family, self._target.labels, 0)  # so that the first one is a rise

    def restarted_meanwhile(self, uptime: float | None) -> bool:
        """Whether sysUpTime at the end of a poll says that it was read across a restart (F08)."""
        if self._life is None or uptime is None:
            return False
        after = replace(self._life, at=self._wire.now(), uptime=uptime)
        if change(self._life, after) == "none":
            self._life = after
            return False
        self._wire.telemetry.count(REBOOTS_DURING_POLL, self._target.labels)
        return True

    def facts(self, base: Mapping[str, str]) -> Mapping[str, str]:
        """Return the facts, filled up; the same object as long as nothing changed."""
        latest, known = self.inventory.latest, self._completed
        if known.base is not base or known.inventory is not latest:
            facts = completed(base, latest.chassis)
            if latest.failure:
                facts[INVENTORY_FAILURE] = latest.failure
            known = self._completed = _Completed(base, latest, facts)
        return known.facts

    def samples(self, facts: Mapping[str, str]) -> list[Sample]:
        """Return who the device is and how long it is up."""
        return identity(facts, self._life)

    def access_ports(self, walks: Sequence[Walk], failed: Iterable[str]) -> tuple[list[Sample], tuple[str, ...]]:
        """Return the numbers of access ports by speed, and what is missing, for people."""
        samples = self._ports.count(walks, failed)
        missing = self._ports.missing
        return samples, (f"access_ports: it has no port {_shortened(missing)}",) if missing else ()


def _shortened(names: Sequence[str]) -> str:
    return ", ".join(names[:5]) + (f" and {len(names) - 5} more" if len(names) > 5 else "")
