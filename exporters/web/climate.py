"""The climate of a room as the status page shows it: temperature, the way to its limit, humidity, dew point. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from agent.contract import Course, Limits, RoomState, Sensed
from exporters.web.figures import Figure
from exporters.web.trend import trend
from exporters.web.words import Mark, Moment, PageWords, clean, tied


@dataclass(frozen=True, slots=True)
class SensorRow:
    """One sensor: what it is called, where it sits, what it says, and since when."""

    name: str
    position: str
    value: str
    when: Moment


def climate(state: RoomState, course: Course | None, words: PageWords) -> Iterator[Figure]:
    """Yield the figures of a room's climate."""
    warmest = hottest(state)
    yield _temperature(warmest, state.limits, words)
    yield trend(course, state.limits, warmest.value if warmest is not None and warmest.limited else None, words)
    if state.humidities:
        yield _humidity(state, words)
    if state.dew_points:
        yield _dew_point(state, words)


def hottest(state: RoomState) -> Sensed | None:
    """Return the warmest sensor where the room's limits hold; where they hold at none, the warmest of all."""
    limited = [sensed for sensed in state.temperatures if sensed.limited]
    return max(limited or state.temperatures, key=lambda sensed: sensed.value, default=None)


# --- temperature -----------------------------------------------------------------------------------------------------


def _temperature(sensed: Sensed | None, given: Limits, words: PageWords) -> Figure:
    limits = _limits(given, words)
    if sensed is None:
        return Figure("room_temperature", words.say("not_measured"), limits, plain=True)
    sensor = clean(sensed.name, 80)
    notes = [words.say("at_sensor" if sensed.limited else "unlimited", sensor=sensor)]
    if not sensed.confirmed:
        notes.append(words.say("unconfirmed"))
    value = words.words.celsius(sensed.value)
    return Figure("room_temperature", value, (*notes, *limits), _heat(sensed, given, words))


def _heat(sensed: Sensed, limits: Limits, words: PageWords) -> Mark | None:
    if not sensed.limited:
        return None
    if limits.critical is not None and sensed.value > limits.critical:
        return words.mark("critical", "too_warm")
    if limits.warning is not None and sensed.value > limits.warning:
        return words.mark("warning", "too_warm")
    return None


def _limits(limits: Limits, words: PageWords) -> tuple[str, ...]:
    """Say what the limits are and where they come from."""
    celsius = tied(words.words.celsius)
    if limits.warning is not None and limits.critical is not None:
        text = words.say("limits", warning=celsius(limits.warning), critical=celsius(limits.critical))
    else:
        one = limits.warning if limits.warning is not None else limits.critical
        text = words.say("no_limits") if one is None else words.say("limit_one", limit=celsius(one))
    return (_sourced(text, limits.temperature_source, words),)


def _sourced(text: str, source: str, words: PageWords) -> str:
    return words.say("from_source", what=text, source=clean(source, 120)) if source else text


# --- water in the air ------------------------------------------------------------------------------------------------


class _Band(NamedTuple):
    """What is allowed, and who says so."""

    bounds: tuple[float, float] | None
    source: str

    def misses(self, values: Sequence[float]) -> bool:
        return self.bounds is not None and not (self.bounds[0] <= min(values) and max(values) <= self.bounds[1])


def _humidity(state: RoomState, words: PageWords) -> Figure:
    values = [sensed.value for sensed in state.humidities]
    band = _Band(state.limits.humidity, state.limits.humidity_source)
    return _banded("room_humidity", values, band, tied(words.words.percent), words)


def _dew_point(state: RoomState, words: PageWords) -> Figure:
    # where humidity has limits, their source stands beside them
    band = _Band(state.limits.dew_point, "" if state.limits.humidity is not None else state.limits.humidity_source)
    return _banded("room_dew_point", list(state.dew_points.values()), band, tied(words.words.celsius), words)


def _banded(
    label: str, values: Sequence[float], band: _Band, spell: Callable[[float], str], words: PageWords
) -> Figure:
    notes: tuple[str, ...] = ()
    if band.bounds is not None:
        low, high = map(spell, band.bounds)
        notes = (_sourced(words.say("bounds", low=low, high=high), band.source, words),)
    mark = words.mark("warning", "outside") if band.misses(values) else None
    return Figure(label, _span(spell(min(values)), spell(max(values)), words), notes, mark)


def _span(low: str, high: str, words: PageWords) -> str:
    return low if low == high else words.say("between_bounds", low=low, high=high)


def sensor_rows(state: RoomState, words: PageWords) -> Iterator[SensorRow]:
    """Yield each sensor that is believed."""
    for sensors, spell in ((state.temperatures, words.words.celsius), (state.humidities, words.words.percent)):
        for one in sensors:
            where = (words.say(_position(one)), *([] if one.confirmed else [words.say("unconfirmed")]))
            yield SensorRow(clean(one.name, 80), ", ".join(where), spell(one.value), words.moment("ago", one.at))


def _position(sensed: Sensed) -> str:
    return sensed.position if sensed.position in {"inlet", "outlet", "ceiling", "floor"} else "in_room"
