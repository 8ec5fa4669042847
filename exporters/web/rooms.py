"""The rooms as the status page shows them: a tile each, and the section with what feeds and threatens them. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from agent.contract import House, JobState, PowerState, RoomState, Snapshot, Subject
from agent.risk.room.places import EQUIPPED
from exporters.web.alertlist import AlertView, Namer
from exporters.web.climate import SensorRow, climate, sensor_rows
from exporters.web.contacts import facts_of
from exporters.web.coverage import Covered, covered, seen, silences, watchers
from exporters.web.figures import Fact, Figure, worst
from exporters.web.risks import RiskView, risk_view, shortened
from exporters.web.standing import Standing
from exporters.web.supplies import SupplyView, supply_view
from exporters.web.words import TONES, Mark, Tone, clean

MAX_ROOMS = 100
MAX_FULL = 20  # the worst of them, with all their sensors and factors; of the others the first few
MAX_SENSORS = 50  # of each room
MAX_FEW = 5
MAX_ALERTS = 10  # of each room; they stand above in full


@dataclass(frozen=True, slots=True)
class RoomView:
    """One tile: a room, or a supply that stands in none. ``more_…``: how many are left out, in words or empty.

    ``silent``: who of those that watch it does not answer. ``sensor_count``: of all sensors.
    """

    anchor: str
    name: str
    site: str
    mark: Mark
    alerts: tuple[AlertView, ...]
    more_alerts: str
    figures: tuple[Figure, ...] = ()
    facts: tuple[Fact, ...] = ()
    coverage: tuple[Covered, ...] = ()
    silent: tuple[Mark, ...] = ()
    supplies: tuple[SupplyView, ...] = ()
    sensors: tuple[SensorRow, ...] = ()
    sensor_count: int = 0
    more_sensors: str = ""
    risk: RiskView | None = None


@dataclass(frozen=True, slots=True)
class RoomsView:
    """The section. ``risk``: of the whole house."""

    mark: Mark
    risk: RiskView | None
    rooms: tuple[RoomView, ...]
    count: int
    more_rooms: str


class _Scene(NamedTuple):
    """What the tiles are made from. ``supplies``: by room; ``jobs``: by device."""

    house: House
    namer: Namer
    standing: Standing
    supplies: Mapping[str | None, Sequence[PowerState]]
    jobs: Mapping[str, Sequence[JobState]]


def make_rooms(snapshot: Snapshot, standing: Standing, namer: Namer) -> RoomsView | None:
    """Return the section, the worst first; None where neither rooms nor supplies are known."""
    if snapshot.house is None:
        return None
    scene = _scene(snapshot, snapshot.house, standing, namer)
    rooms = [_room(name, scene) for name in namer.inventory.rooms if _matters(name, scene)]
    rooms += [_loose(power, scene) for power in scene.supplies.get(None, ())]
    if not rooms:
        return None
    rooms.sort(key=lambda room: TONES.index(room.mark.tone))
    shown = (*rooms[:MAX_FULL], *(_short(room, namer) for room in rooms[MAX_FULL:MAX_ROOMS]))
    return RoomsView(
        mark=namer.words.mark(rooms[0].mark.tone),
        risk=risk_view(snapshot.house, None, namer),
        rooms=shown,
        count=len(rooms),
        more_rooms=namer.words.rest(len(rooms) - MAX_ROOMS),
    )


def _scene(snapshot: Snapshot, house: House, standing: Standing, namer: Namer) -> _Scene:
    supplies: defaultdict[str | None, list[PowerState]] = defaultdict(list)
    for power in house.power.values():
        supplies[power.room if power.room in namer.inventory.rooms else None].append(power)
    jobs: defaultdict[str, list[JobState]] = defaultdict(list)
    for job in snapshot.view.jobs():
        if job.key.subject.kind == "device":
            jobs[job.key.subject.id].append(job)
    return _Scene(house, namer, standing, supplies, jobs)


def _matters(name: str, scene: _Scene) -> bool:
    """Whether there is something to say of a room: of a store-room without sensors there is not."""
    state = scene.house.rooms.get(name)
    watched = state is not None and any(one.expected or one.state != "missing" for one in state.coverage)
    guarded = scene.namer.inventory.rooms[name].kind in EQUIPPED
    return guarded or watched or bool(scene.supplies.get(name)) or Subject("room", name) in scene.standing.tones


def _loose(power: PowerState, scene: _Scene) -> RoomView:
    """Return the tile of a supply that stands in no room."""
    device = scene.namer.inventory.devices.get(power.device)
    view = supply_view(power, scene.namer)
    tile = RoomView(
        anchor=clean(f"supply-{power.device}"),
        name=view.name,
        site=scene.namer.site(None if device is None else device.site),
        mark=view.mark,
        alerts=(),
        more_alerts="",
        supplies=(replace(view, name=""),),
    )
    return _told(tile, (Subject("device", power.device),), "ok", scene)


def _room(name: str, scene: _Scene) -> RoomView:
    namer, words = scene.namer, scene.namer.words
    room, state, subject = namer.inventory.rooms[name], scene.house.rooms.get(name), Subject("room", name)
    powers = scene.supplies.get(name, ())
    bare = RoomView(
        anchor=f"room-{name}",
        name=clean(room.name or name),
        site=namer.site(room.site),
        mark=words.mark("unknown"),
        alerts=(),
        more_alerts="",
        supplies=tuple(supply_view(power, namer) for power in powers),
        risk=risk_view(scene.house, subject, namer),
    )
    subjects = (subject, *(Subject("device", power.device) for power in powers))
    if state is None:
        figure = Figure("room_temperature", words.say("not_judged"), mark=words.mark("unknown"), plain=True)
        return _told(replace(bare, figures=(figure,)), subjects, "unknown", scene)
    return _told(_judged(bare, state, scene), (*subjects, *watchers(state, namer.inventory)), seen(state, room), scene)


def _told(view: RoomView, subjects: Sequence[Subject], tone: Tone, scene: _Scene) -> RoomView:
    """Return a tile with the alerts about its subjects, as bad as the worst of these and of all that it shows."""
    words, told = scene.namer.words, tuple(scene.standing.about(subjects))
    marks = [one.mark for part in (view.figures, view.facts, view.supplies) for one in part]
    return replace(
        view,
        mark=words.mark(worst((tone, scene.standing.tone(subjects, marks)))),
        alerts=told[:MAX_ALERTS],
        more_alerts=words.rest(len(told) - MAX_ALERTS),
    )


def _judged(bare: RoomView, state: RoomState, scene: _Scene) -> RoomView:
    words = scene.namer.words
    rows = tuple(sensor_rows(state, words))
    return replace(
        bare,
        figures=tuple(climate(state, scene.house.courses.get(state.id), words)),
        facts=tuple(facts_of(state, words)),
        coverage=tuple(covered(state, scene.namer.inventory.rooms[state.id], words)),
        silent=tuple(silences(state, scene.jobs, words)),
        sensors=rows[:MAX_SENSORS],
        sensor_count=len(rows),
        more_sensors=words.rest(len(rows) - MAX_SENSORS),
    )


def _short(view: RoomView, namer: Namer) -> RoomView:
    """Return a tile with the first of its sensors and factors."""
    return replace(
        view,
        sensors=view.sensors[:MAX_FEW],
        more_sensors=namer.words.rest(view.sensor_count - MAX_FEW),
        risk=None if view.risk is None else shortened(view.risk, MAX_FEW, namer),
    )
