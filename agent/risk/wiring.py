"""Who feeds whom, as the inventory declares it (``powered_by``). Pure."""

from __future__ import annotations

from config.inventory import Inventory


def feeders(inventory: Inventory, name: str) -> frozenset[str]:
    """Return the devices that feed a device, also those that feed its feeders; a circle ends where it closes."""
    found: set[str] = set()
    waiting = [name]
    while waiting:
        device = inventory.devices.get(waiting.pop())
        for one in () if device is None else device.powered_by:
            if one not in found:
                found.add(one)
                waiting.append(one)
    return frozenset(found - {name})
