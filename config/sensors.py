"""Whether the sensors that rooms name can be meant. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from config.errors import Problem, shown
from config.explain import unknown_name
from config.inventory import Inventory
from config.positions import Positions


def check_sensors(inventory: Inventory, positions: Positions) -> Iterator[Problem]:
    """Yield a problem for a sensor that cannot be: of no device, a contact without a name, claimed by two rooms."""
    taken: dict[str, str] = {}
    for name, room in inventory.rooms.items():
        for key, entry in room.sensors.items():
            place = ("rooms", name, "sensors", key)
            device, slash, sensor = key.partition("/")
            if device not in inventory.devices:
                yield positions.key_problem(place, *unknown_name(device, inventory.devices, "device"))
            elif slash and not sensor:
                hint = f"{device}/SENSOR for one sensor, {device} for all of the device"
                yield positions.key_problem(place, f"{shown(key)} names no sensor", hint)
            elif not slash and entry.contact is not None:
                message = f"a contact is one of {shown(device)}, not all of it"
                yield positions.key_problem(place, message, f"{device}/SENSOR, as the device calls it")
            other = taken.setdefault(key, name)
            if other != name:
                message = f"{shown(key)} is a sensor of room {shown(other)} as well"
                yield positions.key_problem(place, message, "a sensor sits in one room: delete it from the other")
