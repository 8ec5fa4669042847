"""What is said of a room that overheats."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import NamedTuple

from agent.contract import Remaining, RoomState, Sensed
from agent.risk.heat.track import Trend
from agent.risk.serverroom import Line, heating_bound
from agent.risk.texts import Words
from config.inventory import Room

DEFAULT_VOLUME = 30.0  # m³: a room of 12 m²
LITTLE_WATTS = 100.0
_BEYOND = 1.3  # times what the load can do: figures of load and volume are rough
_LONGEST_BAND = 3 * 3600.0  # what is further off is no figure any more


class Told(NamedTuple):
    """All that a finding speaks of. ``critical``: time left; ``now``: seconds since the epoch."""

    words: Words
    room: Room
    state: RoomState
    sensed: Sensed
    trend: Trend
    line: Line
    critical: Remaining
    now: float


def summary(told: Told) -> str:
    """Return how long it is until the critical limit, in one line."""
    words, limit = told.words, told.state.limits.critical
    shown = {
        "name": told.room.name or told.state.id,
        "limit": words.celsius(limit if limit is not None else math.nan),
        "slope": per_minute(words, told.line.slope),
    }
    if told.critical.seconds < 60:
        return words.say("overheating_soon", **shown)
    return words.say("overheating", minutes=_minutes(told.critical.seconds), band=_band(told), **shown)


def evidence(told: Told) -> tuple[str, ...]:
    """Return what the finding rests on, line by line."""
    return (_course(told), *_limits(told), _usual(told), *_cooling(told), *_load(told))


def _band(told: Told) -> str:
    words, left = told.words, told.critical
    if left.most > _LONGEST_BAND:
        return words.say("overheating_open", least=_minutes(left.least))
    return words.say("overheating_band", least=_minutes(left.least), most=_minutes(left.most))


def _course(told: Told) -> str:
    words, line = told.words, told.line
    lasted = told.now - (told.trend.since if told.trend.since is not None else told.sensed.at)
    return words.say(
        "overheating_sensor",
        sensor=told.sensed.name,
        level=words.celsius(told.trend.level),
        since=words.duration(lasted),
        slope=per_minute(words, line.slope),
        error=per_minute(words, line.error),
    )


def _limits(told: Told) -> Iterator[str]:
    limit, left = told.state.limits.warning, told.trend.to_warning
    if limit is not None and left is not None and 0 < left.seconds <= _LONGEST_BAND:
        minutes = _minutes(left.seconds)
        yield told.words.say("overheating_to_warning", limit=told.words.celsius(limit), minutes=minutes)


def _usual(told: Told) -> str:
    swing = told.trend.usual
    if swing is None:
        return told.words.say("overheating_unknown")
    return told.words.say("overheating_usual", swing=told.words.number(swing, 1))


def _cooling(told: Told) -> Iterator[str]:
    words, state = told.words, told.state
    if state.cooling_failed:
        yield words.say("overheating_failed", units=", ".join(state.cooling_failed))
    if state.cooling_running:
        key = "overheating_running" if all_run(state) else "overheating_some_running"
        yield words.say(key, units=", ".join(state.cooling_running))
    if state.door_open:
        yield words.say("overheating_door")


def _load(told: Told) -> Iterator[str]:
    words, watts = told.words, told.state.heat_watts
    if watts is None:
        return
    if watts < LITTLE_WATTS:
        yield words.say("overheating_no_load")
        return
    volume = told.room.volume or DEFAULT_VOLUME
    bound = heating_bound(watts, volume)
    shown = {"watts": words.number(watts / 1000, 1), "volume": words.number(volume)}
    yield words.say("overheating_load", bound=per_minute(words, bound), **shown)
    if told.line.slope > _BEYOND * bound:
        yield words.say("overheating_beyond_load")


def all_run(state: RoomState) -> bool:
    """Whether every cooling unit that is installed says that it runs."""
    units = state.cooling_units
    return units is not None and 0 < units <= len(state.cooling_running) and not state.cooling_failed


def _minutes(seconds: float) -> str:
    return str(max(1, round(seconds / 60)))


def per_minute(words: Words, kelvin_per_second: float) -> str:
    """Return a slope in K/min."""
    return words.number(kelvin_per_second * 60, 2)
