"""What of a room is watched, and who of its watchers has fallen silent, as the status page shows it. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from agent.contract import Coverage, JobState, RoomState, Subject
from agent.risk.room.coverage import QUANTITIES
from agent.risk.room.places import EQUIPPED, SENSOR_ROLES
from agent.risk.sight import PING
from config.inventory import Inventory, Room
from exporters.web.words import Mark, PageWords, Tone, clean

MAX_SILENT = 5

_TONES: Mapping[str, Tone] = {"measured": "ok", "silent": "unknown"}


@dataclass(frozen=True, slots=True)
class Covered:
    """Whether a quantity is measured, in one word with its mark."""

    name: str
    mark: Mark

    @property
    def quiet(self) -> bool:
        """Whether its sign says enough for who sees it."""
        return self.mark.tone == "ok"


def covered(state: RoomState, room: Room, words: PageWords) -> Iterator[Covered]:
    """Yield the six quantities."""
    by_quantity = {one.quantity: one for one in state.coverage}
    for quantity in QUANTITIES:
        one = by_quantity.get(quantity)
        if one is None or (one.state == "missing" and not _is_gap(one, state, room)):
            mark = words.mark("off", "not_there")
        else:
            mark = words.mark(_TONES.get(one.state, "info"), one.state)
        yield Covered(words.say(quantity), mark)


def _is_gap(missing: Coverage, state: RoomState, room: Room) -> bool:
    """Whether it should be there: a server room that says nothing wants all, a distribution that has nothing any."""
    if room.expected is not None or missing.expected:
        return missing.expected
    return room.kind == "server_room" or (room.kind in EQUIPPED and not _is_measured(state))


def _is_measured(state: RoomState) -> bool:
    """Whether anything of its climate is: a UPS tells nothing of that."""
    return any(one.state == "measured" and one.quantity != "ups" for one in state.coverage)


def seen(state: RoomState, room: Room) -> Tone:
    """Unknown is never healthy: a room where something has fallen silent, or nothing is measured that should be."""
    silent = any(one.state == "silent" for one in state.coverage)
    wanted = room.kind in EQUIPPED or any(one.expected and one.quantity != "ups" for one in state.coverage)
    return "unknown" if silent or (wanted and not _is_measured(state)) else "ok"


def watchers(state: RoomState, inventory: Inventory) -> Iterator[Subject]:
    """Yield the devices whose alerts concern what is known of a room: its sensors, and whoever is silent."""
    for one in state.coverage:
        for name in map(_device, one.by):
            device = inventory.devices.get(name)
            if one.state == "silent" or (device is not None and device.role in SENSOR_ROLES):
                yield Subject("device", name)


def silences(state: RoomState, jobs: Mapping[str, Sequence[JobState]], words: PageWords) -> Iterator[Mark]:
    """Yield who is silent, and since when as far as that is known; ``jobs``: by device."""
    names = (name for one in state.coverage if one.state == "silent" for name in one.by)
    found = dict(sorted(_silent(name, jobs.get(_device(name), ())) for name in names))
    for who, heard in list(found.items())[:MAX_SILENT]:
        if heard:
            text = words.say("silent_since", who=clean(who, 80), ago=words.words.duration(max(0.0, words.now - heard)))
        else:
            text = words.say("silent_by", who=clean(who, 80))
        yield Mark("unknown", text)
    if len(found) > MAX_SILENT:
        yield Mark("unknown", words.count("silent_more", len(found) - MAX_SILENT))


def _silent(name: str, jobs: Sequence[JobState]) -> tuple[str, float]:
    """Return the device that does not answer and when it last did (0: not known); else the sensor it is silent of."""
    asked = [job for job in jobs if job.key.check != PING]
    failing = [job for job in asked if job.up is not True]
    if asked and not failing:
        return name, 0.0
    return _device(name), max((job.last_success or 0.0 for job in failing), default=0.0)


def _device(name: str) -> str:
    return name.partition("/")[0]
