"""Is a room's climate within its limits, dry, and without smoke?"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from agent import neutral
from agent.contract import Finding, FindingKey, Series, Severity, Subject
from agent.risk.catalogue.rooms import HUMIDITY_OUT_OF_RANGE, LEAK, SMOKE, TEMPERATURE_HIGH
from agent.risk.rules import RULES
from agent.risk.sight import Outcome, Sight
from config.inventory import Room

# A server that is switched off measures no room; it must not keep the room's alert standing.
SENSOR_ROLES = frozenset({"sensor", "ups", "pdu"})

# What was found stays found until it is so much better: sensors sway by less.
TEMPERATURE_HYSTERESIS_KELVIN = 1.0
HUMIDITY_HYSTERESIS = 0.02

_Judge = Callable[[Sight, Room, str, Sequence[Series]], Finding | FindingKey | None]


def judge_climate(sight: Sight) -> Iterator[Outcome]:
    """Yield the findings of each room; sensors without a room of the inventory are not judged.

    What is hardly within its limit again is not known to be good: an alert about it does not end, and none begins.
    """
    kinds: tuple[tuple[str, str, _Judge], ...] = (
        (TEMPERATURE_HIGH, neutral.SENSOR_TEMPERATURE.name, _temperature),
        (HUMIDITY_OUT_OF_RANGE, neutral.SENSOR_HUMIDITY.name, _humidity),
        (LEAK, neutral.SENSOR_LEAK.name, _leak),
        (SMOKE, neutral.SENSOR_SMOKE.name, _smoke),
    )
    for rule, family, judge_room in kinds:
        by_room = _by_room(sight, family)
        for name, room in sight.inventory.rooms.items():
            sensors = by_room.get(name, ())
            finding = judge_room(sight, room, name, sensors) if sensors else None
            if finding is not None:
                yield finding
            elif not sensors or _partly_dark(sight, name):
                yield FindingKey(rule, Subject("room", name))


def _by_room(sight: Sight, family: str) -> Mapping[str, list[Series]]:
    """Group by the room that the series names, else by that of its device."""
    rooms: dict[str, list[Series]] = {}
    for series in sight.view.series(family):
        device = sight.inventory.devices.get(series.subject.id)
        own = series.labels.get("room") or ""
        room = own if own in sight.inventory.rooms else (None if device is None else device.room)
        if room is not None:
            rooms.setdefault(room, []).append(series)
    return rooms


def _partly_dark(sight: Sight, room: str) -> bool:
    """Whether a device of the room that may carry a sensor is not fully read: it may carry the one that was hot."""
    return any(
        device.room == room and device.role in SENSOR_ROLES and Subject("device", name) in sight.dark
        for name, device in sight.inventory.devices.items()
    )


def _temperature(sight: Sight, room: Room, name: str, sensors: Sequence[Series]) -> Finding | FindingKey | None:
    limits = room.limits.temperature
    hottest = max(sensors, key=lambda series: series.value)
    if limits is None or not hottest.value > limits.warning - TEMPERATURE_HYSTERESIS_KELVIN:
        return None
    if not hottest.value > limits.warning:
        return FindingKey(TEMPERATURE_HIGH, Subject("room", name))
    critical = hottest.value > limits.critical
    limit = limits.critical if critical else limits.warning
    words = sight.words
    value = words.celsius(hottest.value)
    summary = words.say("temperature", name=room.name or name, value=value, limit=words.celsius(limit))
    evidence = _evidence(sight, sensors, words.celsius)
    return _finding(
        TEMPERATURE_HIGH, name, room, Severity.CRITICAL if critical else Severity.WARNING, (summary, evidence)
    )


def _humidity(sight: Sight, room: Room, name: str, sensors: Sequence[Series]) -> Finding | FindingKey | None:
    limits = room.limits.humidity
    if limits is None:
        return None
    middle = (limits.low + limits.high) / 2
    furthest = max(sensors, key=lambda series: abs(series.value - middle))
    play = min(HUMIDITY_HYSTERESIS, (limits.high - limits.low) / 4)
    if limits.low + play <= furthest.value <= limits.high - play:
        return None
    if limits.low <= furthest.value <= limits.high:
        return FindingKey(HUMIDITY_OUT_OF_RANGE, Subject("room", name))
    words = sight.words
    bounds = {"low": words.percent(limits.low), "high": words.percent(limits.high)}
    summary = words.say("humidity", name=room.name or name, value=words.percent(furthest.value), **bounds)
    evidence = _evidence(sight, sensors, words.percent)
    return _finding(HUMIDITY_OUT_OF_RANGE, name, room, Severity.WARNING, (summary, evidence))


def _leak(sight: Sight, room: Room, name: str, sensors: Sequence[Series]) -> Finding | None:
    return _detected(sight, LEAK, room, name, sensors)


def _smoke(sight: Sight, room: Room, name: str, sensors: Sequence[Series]) -> Finding | None:
    return _detected(sight, SMOKE, room, name, sensors)


def _detected(sight: Sight, rule: str, room: Room, name: str, sensors: Sequence[Series]) -> Finding | None:
    """A contact that reports 1."""
    wet = [series for series in sensors if series.value == 1]
    if not wet:
        return None
    places = ", ".join(_place(series) for series in wet)
    summary = sight.words.say(rule, name=room.name or name, sensors=places)
    return _finding(rule, name, room, Severity.CRITICAL, (summary, tuple(_place(series) for series in wet)))


def _finding(rule: str, name: str, room: Room, severity: Severity, said: tuple[str, tuple[str, ...]]) -> Finding:
    summary, evidence = said
    return Finding(rule, Subject("room", name), severity, summary, evidence, norm=RULES[rule].norm, site=room.site)


def _evidence(sight: Sight, sensors: Sequence[Series], shown: Callable[[float], str]) -> tuple[str, ...]:
    return tuple(sight.words.say("sensor", sensor=_place(series), value=shown(series.value)) for series in sensors)


def _place(series: Series) -> str:
    sensor = series.labels.get("sensor")
    return f"{series.subject.id}/{sensor}" if sensor else series.subject.id
