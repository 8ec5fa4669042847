"""One room at one look: its state, and the sensors that made it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from agent import neutral
from agent.contract import FindingKey, RoomState, Sensed, Subject
from agent.risk.room.limits import limits_of
from agent.risk.room.places import LIMITED
from agent.risk.room.psychrometrics import dew_point
from agent.risk.room.registry import Sensor
from agent.risk.sight import Sight
from config.inventory import Room

# After so many intervals without any reading a jump is neither true nor false.
PATIENCE_INTERVALS = 2


@dataclass(frozen=True, slots=True)
class RoomScene:
    """What the rules of a room look at. ``sensors``: all that are known of it, fresh or not.

    ``unsure``: some temperature of it waits for a second poll, or was never confirmed. ``dark``: devices that may
    carry sensors of it and are not fully read.
    """

    sight: Sight
    id: str
    room: Room
    state: RoomState
    sensors: tuple[Sensor, ...]
    unsure: bool
    dark: tuple[str, ...]

    @property
    def subject(self) -> Subject:
        """The room, as findings name it."""
        return Subject("room", self.id)

    @property
    def title(self) -> str:
        """What people call it."""
        return self.room.name or self.id

    def key(self, rule: str) -> FindingKey:
        """Return the identity of a finding about it."""
        return FindingKey(rule, self.subject)

    def of(self, kind: str) -> list[Sensor]:
        """Return its sensors of a kind that work and show something now."""
        return [one for one in self.sensors if one.kind == kind and one.works]

    def suspects(self) -> list[Sensor]:
        """Return the sensors that may show a hot room in °C or a cool one in °F, where no other decides."""
        names = {one.name for one in self.limited()}
        return [one for one in self.of("temperature") if one.belief.doubt is not None and one.name in names]

    def limited(self) -> list[Sensed]:
        """Return the temperatures for which the limits hold."""
        return [one for one in self.state.temperatures if one.limited]


def look_at(
    sight: Sight, name: str, sensors: Sequence[Sensor], dark: Sequence[str], supplies: Sequence[str]
) -> RoomScene:
    """Return the scene of a room; what its contacts and its coverage say is added later."""
    room = sight.inventory.rooms[name]
    usable = [one for one in sensors if one.works]
    temperatures = _limits_hold([one for one in usable if one.kind == "temperature"], sight)
    humidities = [sensed for one in usable if one.kind == "humidity" and (sensed := _sensed(one)) is not None]
    state = RoomState(
        name,
        limits_of(room, sight.words),
        tuple(temperatures),
        tuple(humidities),
        _dew_points(humidities, temperatures),
        cooling_units=room.cooling_units,
        heat_watts=_heat(sight, supplies),
    )
    unsure = any(one.kind == "temperature" and one.belief.jump is not None for one in usable)
    return RoomScene(sight, name, room, state, tuple(sensors), unsure, tuple(dark))


def _limits_hold(sensors: Sequence[Sensor], sight: Sight) -> list[Sensed]:
    """Return what is believed.

    Under the ceiling the limits hold only where nothing else measures; and what is either hot or in another unit is
    called hot where no other sensor says which.
    """
    found = [sensed for one in sensors if not _lost(one, sight) and (sensed := _sensed(one)) is not None]
    if any(one.limited for one in found):
        return found
    hot = [sensed for one in sensors if (sensed := _suspected(one)) is not None and sensed.limited]
    if hot:
        return [*found, *hot]
    return [one._replace(limited=one.position == "ceiling") for one in found]


def _lost(sensor: Sensor, sight: Sight) -> bool:
    """A job that is too slow for the interval of its device shows its own pace."""
    found = sight.inventory.devices.get(sensor.device)
    interval = (None if found is None else found.interval) or sight.settings.defaults.interval
    return sensor.belief.lost(sight.view.now, PATIENCE_INTERVALS * max(interval, sensor.belief.pace))


def _sensed(sensor: Sensor) -> Sensed | None:
    belief = sensor.belief
    if belief.value is None or belief.doubt is not None:
        return None
    return _shown(sensor, belief.value, belief.at)


def _suspected(sensor: Sensor) -> Sensed | None:
    doubt, at = sensor.belief.doubt, sensor.belief.read_at
    return None if doubt is None or at is None or not doubt.may_be_hot else _shown(sensor, doubt.value, at)


def _shown(sensor: Sensor, value: float, at: float) -> Sensed | None:
    belief, place = sensor.belief, sensor.place
    if place is None:
        return None
    limited = place.position in LIMITED
    confirmed = belief.jump is None
    return Sensed(sensor.name, sensor.job, place.position, value, at, belief.grid.step, confirmed, limited)


def _dew_points(humidities: Iterable[Sensed], temperatures: Iterable[Sensed]) -> Mapping[str, float]:
    """Return the dew point by humidity sensor, with the temperature of the same sensor, device or room."""
    beside: dict[tuple[str, ...], list[float]] = {}
    for one in temperatures:
        keys = [(one.name,), (one.job.subject.id, one.position)]
        for key in [*keys, ()] if one.limited else keys:
            beside.setdefault(key, []).append(one.value)
    found: dict[str, float] = {}
    for one in humidities:
        keys = [(one.name,), (one.job.subject.id, one.position), ()]
        near = next((beside[key] for key in keys if key in beside), None)
        point = None if near is None else dew_point(sum(near) / len(near), one.value)
        if point is not None:
            found[one.name] = point
    return found


def _heat(sight: Sight, supplies: Iterable[str]) -> float | None:
    """Return the watts that the UPS of the room give out, as far as they say; None where none of them does."""
    family = neutral.UPS_OUTPUT_POWER.name
    watts = [one.value for name in supplies for one in sight.view.series(family, Subject("device", name))]
    return sum(watts) if watts else None
