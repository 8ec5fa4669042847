"""The sensors of all rooms: what they last showed, and what is remembered of them. Bounded."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from math import isnan
from typing import Literal, NamedTuple

from agent import neutral
from agent.contract import Column, JobKey, MetricFamily, Reading
from agent.layout import clean_text
from agent.risk.room.belief import Belief
from agent.risk.room.places import Place, Places
from agent.risk.sight import Sight
from config.inventory import Inventory

Kind = Literal["temperature", "humidity", "leak", "smoke", "door", "contact"]
FAMILIES: tuple[tuple[MetricFamily, Kind], ...] = (
    (neutral.SENSOR_TEMPERATURE, "temperature"),
    (neutral.SENSOR_HUMIDITY, "humidity"),
    (neutral.SENSOR_LEAK, "leak"),
    (neutral.SENSOR_SMOKE, "smoke"),
    (neutral.SENSOR_DOOR_OPEN, "door"),
    (neutral.SENSOR_CONTACT_ALARM, "contact"),
    (neutral.SENSOR_VOLTAGE_PRESENT, "contact"),
)
ALARMS = frozenset({"leak", "smoke"})
# A device that gives its sensors new names at each poll must not fill the memory.
MOST_OF_A_DEVICE = 256
LONGEST_NAME = 80
# A sensor that its device, completely read, does not name for so long was taken away; of water and smoke later.
FORGOTTEN_SECONDS = 12 * 3600.0
FORGOTTEN_ALARM_SECONDS = 24 * 3600.0
# A longer pause between two looks says nothing of a sensor.
_LONGEST_LOOK_SECONDS = 600.0
_AT_ONCE = 500


@dataclass(slots=True)
class Switch:
    """What a contact shows, 0 or 1; since when, and when it was last seen to change (seconds since the epoch)."""

    value: float | None = None
    at: float = 0.0
    since: float = 0.0
    moved_at: float | None = None

    def take(self, value: float, at: float) -> None:
        """Take in a reading, whatever the clock says."""
        if value != self.value:
            self.moved_at = None if self.value is None else at
            self.since = at
        self.value, self.at = value, at

    def step(self, stepped_at: float) -> None:
        """Count from when the clock was set: what lies across is no duration."""
        self.since = stepped_at
        self.moved_at = None if self.moved_at is None else min(self.moved_at, stepped_at)


@dataclass(slots=True, eq=False)
class Sensor:
    """One sensor. ``name``: `device/sensor`, clean; ``fresh``: whether the view holds a value of it.

    ``faulty``: its device says that it does not work. ``own``: its device is there to measure the room. ``gone``:
    seconds for which its device, completely read, has not named it.
    """

    name: str
    device: str
    label: str
    room_label: str
    kind: Kind
    job: JobKey
    place: Place | None
    belief: Belief
    switch: Switch = field(default_factory=Switch)
    own: bool = False
    fresh: bool = False
    faulty: bool = False
    gone: float = 0.0

    @property
    def works(self) -> bool:
        """Whether it shows something now, and its device does not doubt it."""
        return self.fresh and not self.faulty

    def take(self, value: float, at: float) -> None:
        """Take in a reading."""
        if self.kind in {"temperature", "humidity"}:
            self.belief.take(value, at)
        else:
            self.switch.take(value, at)


class _Key(NamedTuple):
    job: JobKey
    family: str
    label: str
    room: str


@dataclass(slots=True)
class _Table:
    """A column of a device as it was last read: the sensors of its rows, and those of them that had a value."""

    sensors: tuple[Sensor, ...]
    reading: Reading | None = None
    valued: tuple[Sensor, ...] = ()


class Registry:
    """Reads each look; a column that was not polled anew costs nothing."""

    def __init__(self) -> None:
        self._inventory: Inventory | None = None
        self.places: Places
        self._sensors: dict[str, dict[_Key, Sensor]] = {}
        self._tables: dict[tuple[JobKey, Column], _Table] = {}
        self.rooms: Mapping[str, tuple[Sensor, ...]] = {}
        self._grouped = False
        self._looked_at: float | None = None
        self._stepped_at = 0.0

    def read(self, sight: Sight) -> Iterator[None]:
        """Take in what the view holds, pausing; ``rooms`` are then the sensors of each, fresh or remembered."""
        if sight.inventory is not self._inventory:
            self._settle(sight.inventory)
        if sight.stepped_at != self._stepped_at:
            self._step(sight.stepped_at)
        before = self._tables
        self._tables = {}
        for family, kind in FAMILIES:
            for reading, column in sight.view.columns(family.name):
                if reading.target.subject.kind == "device" and reading.harvest is not None:
                    key = (reading.key, column)  # two jobs may share a layout
                    table = self._tables[key] = before.get(key) or _Table(tuple(self._enrol(reading, column, kind)))
                    _take(table, reading, column)
            yield None
        yield from self._mark(sight)
        if not self._grouped:
            self._group()

    def shown_by(self, device: str) -> tuple[str, ...]:
        """Return what a device calls its sensors."""
        return tuple(sorted({sensor.label for sensor in self._sensors.get(device, {}).values()}))

    def _step(self, stepped_at: float) -> None:
        self._stepped_at = stepped_at
        for known in self._sensors.values():
            for sensor in known.values():
                sensor.switch.step(stepped_at)

    def _settle(self, inventory: Inventory) -> None:
        """Place all sensors anew; those of devices that are gone are forgotten."""
        self._inventory, self.places, self._grouped = inventory, Places(inventory), False
        self._sensors = {name: known for name, known in self._sensors.items() if name in inventory.devices}
        for known in self._sensors.values():
            for sensor in known.values():
                self._put(sensor)

    def _put(self, sensor: Sensor) -> None:
        place = sensor.place = self.places.of(sensor.device, sensor.label, sensor.room_label)
        sensor.own = place is not None and self.places.is_own(sensor.device, place.room)
        room = None if place is None or self._inventory is None else self._inventory.rooms[place.room]
        sensor.belief.heated = room is not None and room.kind == "server_room"

    def _enrol(self, reading: Reading, column: Column, kind: Kind) -> Iterator[Sensor]:
        """Yield the sensor of each row: the one that is known by its names, else a new one."""
        names = column.rows.names
        for row in column.rows.values:
            labels = dict(zip(names, row, strict=True))
            key = _Key(reading.key, column.family.name, labels.get("sensor", ""), labels.get("room", ""))
            known = self._sensors.setdefault(reading.target.subject.id, {})
            if key not in known:
                _make_space(known)
                known[key] = self._new(key, kind)
                self._grouped = False
            yield known[key]

    def _new(self, key: _Key, kind: Kind) -> Sensor:
        device = key.job.subject.id
        belief = Belief.of("humidity" if kind == "humidity" else "temperature", heated=False)
        name = clean_text(f"{device}/{key.label}" if key.label else device, LONGEST_NAME)
        sensor = Sensor(name, device, key.label, key.room, kind, key.job, None, belief)
        self._put(sensor)
        return sensor

    def _mark(self, sight: Sight) -> Iterator[None]:
        """Note of each sensor whether it shows something, and forget those that were taken away."""
        faults = _faults(sight)
        fresh = {id(sensor) for table in self._tables.values() for sensor in table.valued}
        named = {id(sensor) for table in self._tables.values() for sensor in table.sensors}
        passed = self._passed(sight.view.now)
        count = 0
        for device, known in self._sensors.items():
            for key, sensor in tuple(known.items()):
                sensor.fresh = id(sensor) in fresh
                sensor.faulty = _is_faulty(sensor.label, faults.get(device, ()))
                if id(sensor) in named:
                    sensor.gone = 0.0
                elif _is_complete(sight, key.job):
                    self._miss(known, key, passed)
            count += len(known)
            if count >= _AT_ONCE:
                count = 0
                yield None

    def _passed(self, now: float) -> float:
        """Return the seconds since the last look, as far as they were watched."""
        before, self._looked_at = self._looked_at, now
        return now - before if before is not None and 0 <= now - before <= _LONGEST_LOOK_SECONDS else 0.0

    def _miss(self, known: dict[_Key, Sensor], key: _Key, seconds: float) -> None:
        sensor = known[key]
        sensor.gone += seconds
        if sensor.gone > (FORGOTTEN_ALARM_SECONDS if sensor.kind in ALARMS else FORGOTTEN_SECONDS):
            del known[key]
            self._grouped = False

    def _group(self) -> None:
        rooms: dict[str, list[Sensor]] = {}
        for known in self._sensors.values():
            for sensor in known.values():
                if sensor.place is not None:
                    rooms.setdefault(sensor.place.room, []).append(sensor)
        self._grouped = True
        self.rooms = {name: tuple(sorted(found, key=lambda one: one.name)) for name, found in rooms.items()}


def _take(table: _Table, reading: Reading, column: Column) -> None:
    if table.reading is reading or reading.harvest is None:
        return
    values = reading.harvest.values[column.start : column.stop]
    rows = [(sensor, value) for sensor, value in zip(table.sensors, values, strict=True) if not isnan(value)]
    for sensor, value in rows:
        sensor.take(value, reading.at)
    table.reading, table.valued = reading, tuple(sensor for sensor, _ in rows)


def _make_space(known: dict[_Key, Sensor]) -> None:
    """Forget the oldest that shows nothing any more, where a device has too many; else the oldest of all."""
    if len(known) >= MOST_OF_A_DEVICE:
        del known[next((key for key, sensor in known.items() if not sensor.fresh), next(iter(known)))]


def _is_complete(sight: Sight, key: JobKey) -> bool:
    """Whether all that a job reads was read; one that is no longer planned reads nothing."""
    job = next((one for one in sight.jobs.get(key.subject, ()) if one.key == key), None)
    harvest = None if job is None or job.reading is None else job.reading.harvest
    return job is None or (job.up is True and harvest is not None and not harvest.partial)


def _faults(sight: Sight) -> Mapping[str, tuple[str, ...]]:
    """Return by device what it calls the sensors that are lost or faulty."""
    found: dict[str, tuple[str, ...]] = {}
    for reading, column in sight.view.columns(neutral.SENSOR_OK.name):
        if reading.harvest is None or "sensor" not in column.rows.names:
            continue
        at = column.rows.names.index("sensor")
        values = reading.harvest.values[column.start : column.stop]
        named = tuple(row[at] for row, value in zip(column.rows.values, values, strict=True) if value == 0)
        if named:
            found[reading.target.subject.id] = (*found.get(reading.target.subject.id, ()), *named)
    return found


def _is_faulty(label: str, faults: Iterable[str]) -> bool:
    """Whether it is among them: by its name, or by that of the unit which several sensors share."""
    return any(label == fault or (fault != "" and label.startswith(f"{fault} ")) for fault in faults)
