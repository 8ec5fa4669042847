"""What the contacts of a room tell: its door, and its cooling units."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from agent.contract import Finding, RoomState, Severity
from agent.risk.catalogue.rooms import COOLING_FAILED, DOOR_OPEN, CoolingOptions, DoorOptions
from agent.risk.room.looked import RoomScene
from agent.risk.room.registry import Sensor
from agent.risk.rule import options_of
from agent.risk.rules import RULES
from agent.risk.sight import Outcome

# A room without cooling warms by so much while no unit runs, or is as near to its limit.
_WARMS_KELVIN = 3.0
_NEAR_KELVIN = 1.0


@dataclass(slots=True)
class Idle:
    """Since when no cooling unit runs, as far as contacts tell (seconds since the epoch); None: one does.

    ``celsius``: the warmest since then was the least there; None: nobody measures. ``told``: it is a failure.
    """

    since: float | None = None
    celsius: float | None = None
    told: bool = False

    def note(self, scene: RoomScene, *, runs: bool) -> None:
        """Note whether any runs now; a clock that was set begins anew."""
        now, warmest = scene.sight.view.now, _warmest(scene)
        if runs:
            self.since, self.celsius, self.told = None, None, False
        elif self.since is None or not scene.sight.stepped_at <= self.since <= now:
            self.since = now
        if self.since is not None and warmest is not None:
            self.celsius = warmest if self.celsius is None else min(self.celsius, warmest)


def with_contacts(scene: RoomScene, idle: Idle) -> RoomState:
    """Return the state of a room with what its contacts say."""
    doors = scene.of("door")
    moved = [one.switch.moved_at for one in doors if one.switch.moved_at is not None]
    opened = [one.switch.since for one in doors if one.switch.value == 1]
    state = replace(
        scene.state,
        door_open=bool(opened) if doors else None,
        door_moved_at=max(moved, default=None),
        door_open_since=min(opened, default=None),
        leak=_detected(scene, "leak"),
        smoke=_detected(scene, "smoke"),
        cooling_failed=_closed(_of_cooling(scene, "cooling_fault")),
        cooling_running=_closed(_of_cooling(scene, "cooling_running")),
    )
    _note_idle(replace(scene, state=state), idle)
    return replace(state, cooling_state=_cooling_state(scene, state, idle))


def _detected(scene: RoomScene, kind: str) -> bool | None:
    """Whether any reports it; None where none does, and none watches for it or one of them may not work."""
    known = [one for one in scene.sensors if one.kind == kind]
    if any(one.fresh and one.switch.value == 1 for one in known):
        return True
    return False if known and all(one.works for one in known) else None


def _contacts(scene: RoomScene) -> list[Sensor]:
    """Return the contacts of cooling units, whether they show something or not."""
    return [one for one in scene.sensors if one.kind == "contact" and one.place is not None and one.place.contact]


def _of_cooling(scene: RoomScene, contact: str) -> list[Sensor]:
    return [one for one in _contacts(scene) if one.works and one.place is not None and one.place.contact == contact]


def _closed(sensors: Sequence[Sensor]) -> tuple[str, ...]:
    return tuple(one.name for one in sensors if one.switch.value == 1)


def _warmest(scene: RoomScene) -> float | None:
    return max((one.value for one in scene.limited()), default=None)


def _note_idle(scene: RoomScene, idle: Idle) -> None:
    """Note whether any unit runs, where each that is installed has a contact that says so."""
    units = scene.state.cooling_units
    if not units or len(_of_cooling(scene, "cooling_running")) < units:
        idle.since, idle.celsius, idle.told = None, None, False
        return
    idle.note(scene, runs=bool(scene.state.cooling_running))
    options = options_of(scene.sight.settings, COOLING_FAILED, CoolingOptions)
    if idle.since is not None and scene.sight.view.now - idle.since > options.idle:
        idle.told = idle.told or _warms(scene, idle)


def _warms(scene: RoomScene, idle: Idle) -> bool:
    """Whether the room misses its cooling: in winter none has to run."""
    warmest, limit = _warmest(scene), scene.state.limits.warning
    if warmest is None or idle.celsius is None:
        return False
    return warmest - idle.celsius >= _WARMS_KELVIN or (limit is not None and warmest >= limit - _NEAR_KELVIN)


def _cooling_state(
    scene: RoomScene, state: RoomState, idle: Idle
) -> Literal["ok", "degraded", "failed", "unknown"] | None:
    contacts = _contacts(scene)
    if not contacts:
        return None
    if idle.told or _all_failed(scene, state):
        return "failed"
    if state.cooling_failed:
        return "degraded"
    return "ok" if all(one.works for one in contacts) else "unknown"


def _all_failed(scene: RoomScene, state: RoomState) -> bool:
    return 0 < _installed(scene, state) <= len(state.cooling_failed)


def _installed(scene: RoomScene, state: RoomState) -> int:
    """Return how many units there are: as the inventory says, else as many as have a contact for faults."""
    faults = sum(one.place is not None and one.place.contact == "cooling_fault" for one in _contacts(scene))
    return state.cooling_units or faults


def judge_contacts(scene: RoomScene, idle: Idle) -> Iterator[Outcome]:
    """Yield ``cooling_failed`` and ``door_open``."""
    yield from _cooling(scene, idle)
    yield from _door(scene)


def _cooling(scene: RoomScene, idle: Idle) -> Iterator[Outcome]:
    state = scene.state.cooling_state
    if state in {"degraded", "failed"}:
        yield _failed(scene, idle)
    elif state == "unknown":
        yield scene.key(COOLING_FAILED)


def _failed(scene: RoomScene, idle: Idle) -> Finding:
    words, failed = scene.sight.words, scene.state.cooling_failed
    installed, all_lost = _installed(scene, scene.state), scene.state.cooling_state == "failed"
    if idle.told and idle.since is not None:
        duration = words.duration(scene.sight.view.now - idle.since)
        summary = words.say("cooling_stopped", name=scene.title, duration=duration)
    elif all_lost:
        summary = words.say("cooling_all_failed", name=scene.title)
    else:
        summary = words.say("cooling_failed", name=scene.title, units=", ".join(failed), installed=installed)
    evidence = [words.say("cooling_fault", sensor=name) for name in failed]
    evidence += [words.say("cooling_runs", sensor=name) for name in scene.state.cooling_running]
    return Finding(
        COOLING_FAILED,
        scene.subject,
        Severity.CRITICAL if all_lost else Severity.WARNING,
        summary,
        tuple(evidence),
        norm=RULES[COOLING_FAILED].norm,
        site=scene.room.site,
    )


def _door(scene: RoomScene) -> Iterator[Outcome]:
    """A server room's door that stands open; whether one whose contact is silent was closed, nobody knows."""
    if scene.room.kind != "server_room":
        return
    now, words = scene.sight.view.now, scene.sight.words
    longer = options_of(scene.sight.settings, DOOR_OPEN, DoorOptions).longer
    doors = [one for one in scene.sensors if one.kind == "door"]
    open_for = {one.name: now - one.switch.since for one in doors if one.works and one.switch.value == 1}
    if any(seconds > longer for seconds in open_for.values()):
        yield Finding(
            DOOR_OPEN,
            scene.subject,
            Severity.INFO,
            words.say("door_open", name=scene.title, duration=words.duration(max(open_for.values()))),
            tuple(open_for),
            norm=RULES[DOOR_OPEN].norm,
            site=scene.room.site,
        )
    elif not all(one.works for one in doors):
        yield scene.key(DOOR_OPEN)
