"""Which device of the inventory is meant by the name that a device gives itself, or that its neighbours show. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from agent.contract import Harvest

SYS_NAME = "sys_name"
"""Fact: sysName (SNMPv2-MIB)."""


@dataclass(frozen=True, slots=True)
class Directory:
    """Devices by what they are called in small letters, None for a name of several; and the domain of each."""

    devices: Mapping[str, str | None]
    domains: Mapping[str, str]

    @classmethod
    def of(cls, harvests: Mapping[str, Iterable[Harvest]]) -> Directory:
        """Return all devices by their ids, then by their sysNames, at last by those without domain.

        ``harvests``: what was read of each device of the inventory, empty for one of which nothing was.
        """
        systems = {
            name: harvest.facts[SYS_NAME].casefold()
            for name, of_device in harvests.items()
            for harvest in of_device
            if harvest.facts.get(SYS_NAME)
        }
        named = _only({name: system.partition(".")[0] for name, system in systems.items()})
        named |= _only(systems)  # all of one series may leave the factory under one name
        named |= {name.casefold(): name for name in harvests}
        return cls(named, {name: system.partition(".")[2] for name, system in systems.items()})

    def find(self, system: str) -> str | None:
        """Return the device that calls itself so, with or without its domain; not its namesake of another domain."""
        called = system.casefold()
        if called in self.devices:
            return self.devices[called]
        host, _, domain = called.partition(".")
        device = self.devices.get(host)
        own = self.domains.get(device, "") if device is not None else ""
        return None if domain and own and own != domain else device


def _only(called: Mapping[str, str]) -> dict[str, str | None]:
    """Return the one device that is called so; None where several are."""
    devices: dict[str, list[str]] = {}
    for device, name in called.items():
        devices.setdefault(name, []).append(device)
    return {name: those[0] if len(those) == 1 else None for name, those in devices.items()}
