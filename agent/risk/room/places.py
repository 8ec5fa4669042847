"""Which sensor belongs to which room, and where it sits there."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Literal, NamedTuple

from agent.risk.wiring import feeders
from config.inventory import Inventory, Room
from config.operations import RoomSensor

Position = Literal["inlet", "outlet", "ceiling", "floor", "room"]
Contact = Literal["cooling_fault", "cooling_running"]

# The room's limits hold for the air that devices take in, and for that around people.
LIMITED: frozenset[Position] = frozenset({"inlet", "room", "floor"})
# Rooms whose equipment has to live in a climate; others have limits where the inventory gives them.
EQUIPPED = frozenset({"server_room", "distribution"})
# A server that is switched off measures no room; it must not keep the room's alert standing.
SENSOR_ROLES = frozenset({"sensor", "ups", "pdu"})

# What sensors are called, in English and in German.
_NAMED: tuple[tuple[re.Pattern[str], Position], ...] = (
    (re.compile(r"(?i)intake|\binlet|zuluft|ansaug"), "inlet"),
    (re.compile(r"(?i)exhaust|\boutlet|abluft"), "outlet"),
)


class Place(NamedTuple):
    """Where a sensor is: its room (id), its position there, and what it tells as a contact of a cooling unit."""

    room: str
    position: Position = "room"
    contact: Contact | None = None


class Places:
    """The places of all sensors of one inventory."""

    def __init__(self, inventory: Inventory) -> None:
        self._inventory = inventory
        self._mapped: dict[str, tuple[str, RoomSensor]] = {
            key: (name, entry) for name, room in inventory.rooms.items() for key, entry in room.sensors.items()
        }
        self.bearers: Mapping[str, tuple[str, ...]] = {
            name: tuple(sorted(_bearers(inventory, name, room))) for name, room in inventory.rooms.items()
        }
        self.supplies: Mapping[str, tuple[str, ...]] = _supplies(inventory)

    def is_own(self, device: str, room: str) -> bool:
        """Whether a device is there to measure the room: a server that measures its own air is a guest."""
        found = self._inventory.devices.get(device)
        return device in self.bearers[room] or (found is not None and found.role in SENSOR_ROLES)

    def named(self, room: str) -> Iterable[str]:
        """Return what `sensors` of a room names and does not ignore: `device/sensor` or `device`."""
        return (key for key, (name, entry) in self._mapped.items() if name == room and not entry.ignored)

    def of(self, device: str, sensor: str, label: str) -> Place | None:
        """Return the place of a device's sensor; ``label``: the room that its series names. None: it is not judged.

        What the room's `sensors` say of it comes first, then the room of the series, then that of the device.
        """
        own = self._mapped.get(f"{device}/{sensor}") if sensor else None
        whole = self._mapped.get(device)
        found = self._inventory.devices.get(device)
        entry: RoomSensor | None
        if own is not None:
            room, entry = own
        elif label in self._inventory.rooms and (found is None or label != found.room):
            room, entry = label, None
        elif whole is not None:
            room, entry = whole
        elif found is not None and found.room is not None:
            room, entry = found.room, None
        else:
            return None
        if entry is not None and entry.ignored:
            return None
        return Place(room, _position(entry, sensor), None if entry is None else entry.contact)


def _position(entry: RoomSensor | None, sensor: str) -> Position:
    if entry is not None and "position" in entry.model_fields_set:
        return entry.position
    for pattern, position in _NAMED:
        if pattern.search(sensor):
            return position
    return "room"


def _bearers(inventory: Inventory, name: str, room: Room) -> Iterable[str]:
    """Return the devices that carry sensors of the room, or may."""
    named = {key.partition("/")[0] for key, entry in room.sensors.items() if not entry.ignored}
    ignored = {key for key, entry in room.sensors.items() if entry.ignored}
    inside = {one for one, device in inventory.devices.items() if device.room == name and device.role in SENSOR_ROLES}
    return named | (inside - ignored)


def _supplies(inventory: Inventory) -> Mapping[str, tuple[str, ...]]:
    """Return the UPS of each room: those that stand in it, and those that feed its devices, through rails as well."""
    rooms: dict[str, set[str]] = {name: set() for name in inventory.rooms}
    supplies = {name for name, device in inventory.devices.items() if device.role == "ups"}
    for name, device in inventory.devices.items():
        if device.room in rooms:
            rooms[device.room] |= supplies & {name, *feeders(inventory, name)}
    return {name: tuple(sorted(found)) for name, found in rooms.items()}
