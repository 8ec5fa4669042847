"""One room as requirements see it: what is measured there, by whom, and what speaks against it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from agent.contract import Coverage, PowerState, Quantity, RoomState, Subject
from agent.risk.norms.case import UPS, Case, Point
from config.inventory import Room

_SENSOR = "sensor"


@dataclass(frozen=True, slots=True)
class RoomCase:
    """One room of a case."""

    case: Case
    id: str
    room: Room

    @property
    def state(self) -> RoomState | None:
        """What is known of it."""
        return self.case.house.rooms.get(self.id)

    @property
    def devices(self) -> tuple[str, ...]:
        """The devices that stand in it."""
        return self.case.in_room.get(self.id, ())

    @property
    def supplies(self) -> tuple[tuple[str, PowerState | None], ...]:
        """The UPS of the room: declared, standing in it, or named by its coverage; None: nothing is known of one."""
        power, named = self.case.house.power, self._measuring("ups")
        inside = [name for name, one in power.items() if one.room == self.id or name in named]
        return tuple((name, power.get(name)) for name in sorted({*inside, *self.case.supplies_of(self.id)}))

    def coverage(self, quantity: Quantity) -> Coverage | None:
        """Return who measures a quantity."""
        known = () if self.state is None else self.state.coverage
        return next((one for one in known if one.quantity == quantity), None)

    def measured(self, quantity: Quantity) -> Point:
        """Return whether a quantity of the room is measured now; unknown where its sensors are silent."""
        case, name = self.case, self.case.words.say(f"quantity_{quantity}")
        if not case.live or self.state is None:
            return case.point("unknown" if case.live or self._is_declared(quantity) else "no", "expected", what=name)
        found = self.coverage(quantity)
        if found is None or found.state == "missing":
            return case.point("no", "measured", what=name)
        by = case.words.joined(found.by)
        return case.point("yes" if found.state == "measured" else "unknown", "measured", what=name, by=by)

    def latency(self, quantity: Quantity) -> float | None:
        """Return the seconds after which a quantity is seen at the latest; None where nobody measures it."""
        found = [self.case.interval_of(name) for name in self._measuring(quantity)]
        return max((one for one in found if one is not None), default=None)

    def against(self, *rules: str) -> Iterator[Point]:
        """Yield what stands of some rules about the room, its UPS and who measures in it."""
        known = () if self.state is None else self.state.coverage
        measuring = {name for one in known for name in self._measuring(one.quantity)}
        devices = {*measuring, *(name for name, _ in self.supplies)}
        subjects = [Subject("room", self.id), *(Subject("device", name) for name in devices)]
        return self.case.against(*rules, of=subjects)

    def told(self, rule: str) -> Iterator[Point]:
        """Yield whether somebody hears at once of a rule's findings in this room."""
        return self.case.told(rule, self.id)

    def _measuring(self, quantity: Quantity) -> frozenset[str]:
        found = self.coverage(quantity)
        return frozenset() if found is None else frozenset(one.partition("/")[0] for one in found.by)

    def _is_declared(self, quantity: Quantity) -> bool:
        """Whether the configuration alone says that a quantity is measured, or that a device is there that may."""
        if quantity in (self.room.expected or ()):
            return True
        if quantity == "ups":
            return bool(self.case.supplies_of(self.id))
        devices = self.case.inventory.devices
        sensors = any(not one.ignored for one in self.room.sensors.values())
        return sensors or any(devices[name].role == _SENSOR for name in self.devices)

    def consumers(self) -> tuple[str, ...]:
        """Return the devices of the room that only take power, sensors left out."""
        devices, feeding = self.case.inventory.devices, self.case.feeding
        return tuple(name for name in self.devices if name not in feeding and devices[name].role not in {UPS, _SENSOR})


RoomCheck = Callable[[RoomCase], Iterator[Point]]
