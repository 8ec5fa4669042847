"""Where the temperature of each room is going; see ``agent.risk.serverroom`` for the arithmetic."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from agent.contract import Course, Finding, FindingKey, Measure, Remaining, RoomState, Sensed, Severity, Subject
from agent.figures import ROOM_TEMPERATURE_SLOPE, ROOM_TIME_TO_LIMIT, ROOM_TIME_TO_LIMIT_BOUND
from agent.risk.catalogue.overheating import ROOM_OVERHEATING, CourseOptions
from agent.risk.catalogue.rooms import TEMPERATURE_HIGH
from agent.risk.heat.alarm import LEAST_SLOPE, SHOWN, Hints
from agent.risk.heat.said import Told, all_run, evidence, per_minute, summary
from agent.risk.heat.track import Track, Trend
from agent.risk.rule import options_of
from agent.risk.rules import RULES
from agent.risk.sight import Outcome, Sight
from agent.risk.texts import Words
from config.inventory import Room

_ROOMS_AT_ONCE = 20

REACTION_SECONDS = 900.0  # until somebody has read the message, and begins to shut down
_LEAST_SECONDS = 1200.0  # a time left that is critical whatever a shutdown takes

_FORGOTTEN_SECONDS = 86400.0  # a sensor that is gone for so long

_Judged = tuple[Sensed, Trend]


class _Look(NamedTuple):
    """One room at one look."""

    sight: Sight
    room: Room
    state: RoomState


class CourseBook:
    """The temperatures of the last hours; one for the life of the daemon, asked at each look."""

    def __init__(self) -> None:
        self._tracks: dict[str, dict[str, Track]] = {}

    @property
    def sensors(self) -> int:
        """How many sensors are remembered."""
        return sum(map(len, self._tracks.values()))

    def look(self, sight: Sight, rooms: Mapping[str, RoomState]) -> Iterator[Outcome | None]:
        """Yield the course of each room and what is found of it; ``rooms`` as they stand at this look."""
        self._tracks = {name: tracks for name, tracks in self._tracks.items() if name in sight.inventory.rooms}
        for number, (name, state) in enumerate(rooms.items(), start=1):
            room = sight.inventory.rooms.get(name)
            if room is not None:
                yield from self._room(_Look(sight, room, state))
            if number % _ROOMS_AT_ONCE == 0:
                yield None

    def _room(self, look: _Look) -> Iterator[Outcome]:
        judged = self._judged(look)
        key = FindingKey(ROOM_OVERHEATING, Subject("room", look.state.id))
        if not judged:
            yield key
            return
        sensed, trend = min(judged, key=_first)
        yield _course(look, sensed, trend)
        yield from _measures(look.state.id, trend)
        found = _finding(look, sensed, trend)
        if found is not None:
            yield found
        elif self._untold(look, judged):
            yield key

    def _judged(self, look: _Look) -> Sequence[_Judged]:
        tracks = self._tracks.setdefault(look.state.id, {})
        limits = (look.state.limits.warning, look.state.limits.critical)
        hints = _hints(look)
        judged: list[_Judged] = []
        for sensed in look.state.temperatures:
            if sensed.limited:
                track = tracks.setdefault(sensed.name, Track())
                judged.append((sensed, track.take(sensed, limits, hints)))
        return judged

    def _untold(self, look: _Look, judged: Sequence[_Judged]) -> bool:
        """Whether it cannot be told that nothing overheats.

        Too little was seen, what is beyond the critical limit has none ahead, or the sensor that rose is silent.
        """
        critical = look.state.limits.critical
        if any(trend.state in {"few", "unsure"} for _, trend in judged):
            return True
        if critical is not None and any(sensed.value > critical for sensed, _ in judged):
            return True
        tracks, seen = self._tracks[look.state.id], {sensed.name for sensed, _ in judged}
        silent = [name for name in tracks if name not in seen]
        for name in silent:
            if look.sight.view.now - tracks[name].seen_at > _FORGOTTEN_SECONDS:
                del tracks[name]
        return any(name in tracks and tracks[name].runs_away for name in silent)


def told_once(findings: Iterable[Finding], courses: Mapping[str, Course], words: Words) -> Iterator[Outcome]:
    """Yield them; what rises above a limit says so, and how fast.

    Of a room that overheats the warning limit is no news of its own: it cannot be told apart, and no alert about it
    begins or ends. The critical one is always told.
    """
    findings = tuple(findings)
    heating = {one.subject for one in findings if one.rule == ROOM_OVERHEATING}
    for one in findings:
        if one.rule != TEMPERATURE_HIGH:
            yield one
        elif one.severity is not Severity.CRITICAL and one.subject in heating:
            yield one.key
        else:
            yield replace(one, evidence=(*one.evidence, *_trend(courses.get(one.subject.id), words)))


def _trend(course: Course | None, words: Words) -> Iterator[str]:
    if course is None or course.slope is None or course.slope_error is None:
        return
    if course.slope > max(LEAST_SLOPE, SHOWN * course.slope_error):
        yield words.say("overheating_trend", sensor=course.sensor, slope=per_minute(words, course.slope))


def _hints(look: _Look) -> Hints:
    state, pace = look.state, options_of(look.sight.settings, ROOM_OVERHEATING, CourseOptions).pace
    return Hints(bool(state.cooling_failed), all_run(state), bool(state.door_open), state.door_moved_at, pace)


def _first(judged: _Judged) -> tuple[bool, float, float]:
    """Sort the sensor first that runs away, and that reaches its limit first, then the hottest."""
    sensed, trend = judged
    left = math.inf if trend.to_critical is None else trend.to_critical.seconds
    return trend.state != "away", left, -sensed.value


def _course(look: _Look, sensed: Sensed, trend: Trend) -> Course:
    away = trend.state == "away"
    line = trend.line
    return Course(
        look.state.id,
        sensed.name,
        trend.level,
        None if line is None else line.slope,
        None if line is None else line.error,
        trend.to_warning if away else None,
        trend.to_critical if away else None,
        _unknown(look, sensed, trend),
    )


def _unknown(look: _Look, sensed: Sensed, trend: Trend) -> str:
    words = look.sight.words
    if trend.state == "few":
        return words.say("course_few", sensor=sensed.name, count=trend.count)
    return words.say("course_unsure", sensor=sensed.name) if trend.state == "unsure" else ""


def _measures(room: str, trend: Trend) -> Iterator[Measure]:
    if trend.line is not None:
        yield Measure(ROOM_TEMPERATURE_SLOPE, (room,), trend.line.slope)
    if trend.state != "away":
        return
    for name, left in (("warning", trend.to_warning), ("critical", trend.to_critical)):
        if left is not None:
            yield from _remaining(room, name, left)


def _remaining(room: str, limit: str, left: Remaining) -> Iterator[Measure]:
    yield Measure(ROOM_TIME_TO_LIMIT, (room, limit), left.seconds)
    yield Measure(ROOM_TIME_TO_LIMIT_BOUND, (room, limit, "lower"), left.least)
    yield Measure(ROOM_TIME_TO_LIMIT_BOUND, (room, limit, "upper"), left.most)


def _finding(look: _Look, sensed: Sensed, trend: Trend) -> Finding | None:
    line, left = trend.line, trend.to_critical
    if trend.state != "away" or line is None or left is None:
        return None
    room, state = look.room, look.state
    told = Told(look.sight.words, room, state, sensed, trend, line, left, look.sight.view.now)
    short = max((room.shutdown_time or 0.0) + REACTION_SECONDS, _LEAST_SECONDS)
    return Finding(
        ROOM_OVERHEATING,
        Subject("room", state.id),
        Severity.CRITICAL if left.seconds <= short else Severity.WARNING,
        summary(told),
        evidence(told),
        norm=RULES[ROOM_OVERHEATING].norm,
        site=room.site,
    )
