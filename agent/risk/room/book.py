"""What is remembered of rooms from look to look, and what each look says of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from agent.contract import Measure, RoomState, Subject
from agent.figures import ROOM_DEW_POINT, ROOM_QUANTITY, ROOM_SPIKES, ROOM_TEMPERATURE_LIMIT
from agent.risk.climate import Heat, judge_climate
from agent.risk.room.contacts import Idle, judge_contacts, with_contacts
from agent.risk.room.coverage import Asked, coverage_of, judge_coverage
from agent.risk.room.doubts import Drifts, judge_doubts
from agent.risk.room.guidance import Means, judge_guidance
from agent.risk.room.looked import RoomScene, look_at
from agent.risk.room.registry import Registry, Sensor
from agent.risk.sight import Outcome, Sight

ROOMS_AT_ONCE = 20
SENSORS_OF_A_ROOM = 10


@dataclass(slots=True)
class _Memory:
    """What is remembered of one room beside its sensors."""

    means: Means = field(default_factory=Means)
    idle: Idle = field(default_factory=Idle)
    heat: Heat = field(default_factory=Heat)
    drifts: Drifts = field(default_factory=Drifts)


class RoomBook:
    """One for the life of the daemon, asked at each look. It holds a few numbers for each sensor and each room."""

    def __init__(self) -> None:
        self._registry = Registry()
        self._memories: dict[str, _Memory] = {}

    def look(self, sight: Sight) -> Iterator[Outcome | None]:
        """Yield the state of each room, what is found of its climate and its sensors, and figures."""
        yield from self._registry.read(sight)
        rooms = sight.inventory.rooms
        self._memories = {name: self._memories.get(name) or _Memory() for name in rooms}
        count = 0
        for name in rooms:
            yield from self._room(sight, name)
            count += 1 + len(self.sensors(name)) // SENSORS_OF_A_ROOM
            if count >= ROOMS_AT_ONCE:
                count = 0
                yield None

    def sensors(self, room: str) -> Sequence[Sensor]:
        """Return all that is remembered of the sensors of a room."""
        return self._registry.rooms.get(room, ())

    def _room(self, sight: Sight, name: str) -> Iterator[Outcome | None]:
        memory = self._memories[name]
        scene = self._scene(sight, name)
        memory.means.take(scene)
        yield scene.state
        yield from _figures(scene)
        yield from judge_climate(scene, memory.heat)
        yield from judge_doubts(scene, memory.drifts)
        if len(scene.sensors) > SENSORS_OF_A_ROOM * ROOMS_AT_ONCE:
            yield None
        yield from judge_contacts(scene, memory.idle)
        yield from judge_coverage(scene, self._asked(sight, name))
        yield from judge_guidance(scene, memory.means)

    def _scene(self, sight: Sight, name: str) -> RoomScene:
        places = self._registry.places
        supplies = places.supplies[name]
        dark = [one for one in places.bearers[name] if Subject("device", one) in sight.dark]
        scene = look_at(sight, name, self.sensors(name), dark, supplies)
        scene = replace(scene, state=with_contacts(scene, self._memories[name].idle))
        return replace(scene, state=replace(scene.state, coverage=coverage_of(scene, supplies)))

    def _asked(self, sight: Sight, name: str) -> list[Asked]:
        """Return what `sensors` of the room names although its device, completely read, shows nothing of the kind."""
        found: list[Asked] = []
        shows: dict[str, tuple[str, ...]] = {}
        for key in self._registry.places.named(name):
            device, _, sensor = key.partition("/")
            subject = Subject("device", device)
            if subject in sight.jobs and subject not in sight.dark:
                shown = shows[device] = shows.get(device) or self._registry.shown_by(device)
                if (sensor not in shown) if sensor else not shown:
                    found.append(Asked(key, shown))
        return found


def _figures(scene: RoomScene) -> Iterator[Measure]:
    state: RoomState = scene.state
    for one in state.coverage:
        for known in ("measured", "silent", "missing"):
            yield Measure(ROOM_QUANTITY, (state.id, one.quantity, known), float(one.state == known))
    for limit, value in (("warning", state.limits.warning), ("critical", state.limits.critical)):
        if value is not None:
            yield Measure(ROOM_TEMPERATURE_LIMIT, (state.id, limit), value)
    for sensor, point in state.dew_points.items():
        yield Measure(ROOM_DEW_POINT, (state.id, sensor), round(point, 2))
    yield Measure(ROOM_SPIKES, (state.id,), float(sum(one.belief.spikes for one in scene.sensors)))
