"""Where the temperature of a room goes, as the status page shows it: the way to its limits, or its direction. Pure."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Literal, NamedTuple

from agent.contract import Course, Limits, Remaining
from agent.risk.heat.alarm import SHOWN
from exporters.web.figures import Figure, known
from exporters.web.words import Mark, PageWords, Tone, clean, tied

_LEAST_KELVIN_A_MINUTE = 0.005  # less would be told as 0.00
_LABEL = "room_trend"


class _Way(NamedTuple):
    """The way to one limit (°C). ``key``: of the text that names it; ``passed``: it lies behind."""

    key: Literal["to_warning", "to_critical"]
    limit: float | None
    remaining: Remaining | None
    passed: bool


def trend(course: Course | None, limits: Limits, warmest: float | None, words: PageWords) -> Figure:
    """Return where a temperature goes; ``warmest``: the hottest sensor where the limits hold, °C."""
    if course is None:
        return Figure(_LABEL, words.say("cannot_judge"), plain=True)
    direction = _direction(course, words)
    ways = tuple(_ways(course, limits, warmest))
    notes = tuple(_notes(ways, words))
    last = next((way for way in reversed(ways) if way.limit is not None), None)
    if last is not None and last.passed:
        return _beyond(course, direction, "critical" if last.key == "to_critical" else "warning", words)
    soonest = _soonest(ways, words)
    if soonest:
        return Figure(_LABEL, soonest, notes, Mark("warning", direction or words.say("near_limit")))
    return _far(course, direction, notes, words)


def _beyond(course: Course, direction: str, tone: Tone, words: PageWords) -> Figure:
    """Return the figure where no limit is left ahead."""
    if _slope(course) > 0:
        return Figure(_LABEL, words.say("passed"), mark=Mark(tone, direction), plain=True)
    return Figure(_LABEL, words.say("passed"), (direction or words.say("no_trend"),), plain=True)


def _far(course: Course, direction: str, notes: tuple[str, ...], words: PageWords) -> Figure:
    """Return the figure where no limit is near, or nobody can tell."""
    mark: Mark | None = None
    text = direction or words.say("no_trend")
    if course.unknown:
        text = direction or words.say("too_few_values" if course.slope is None else "cannot_judge")
        notes, mark = (*notes, clean(course.unknown)), words.mark("unknown", "not_judged")
    return Figure(_LABEL, text, notes, mark, plain=True)


def _ways(course: Course, limits: Limits, warmest: float | None) -> Iterator[_Way]:
    level = course.level if warmest is None else max(course.level, warmest)
    found: Mapping[Literal["to_warning", "to_critical"], tuple[float | None, Remaining | None]] = {
        "to_warning": (limits.warning, course.to_warning),
        "to_critical": (limits.critical, course.to_critical),
    }
    for key, (limit, remaining) in found.items():
        there = remaining is not None and remaining.seconds <= 0
        yield _Way(key, limit, remaining, there or (limit is not None and level > limit))


def _soonest(ways: tuple[_Way, ...], words: PageWords) -> str:
    """Return how long it is until the first limit ahead, or at the earliest; nothing where none is known to be."""
    ahead = [way.remaining for way in ways if way.remaining is not None and not way.passed]
    seconds = min((one.seconds for one in ahead if math.isfinite(one.seconds)), default=None)
    if seconds is not None:
        return words.words.span(seconds)
    least = min((one.least for one in ahead if math.isfinite(one.least)), default=None)
    return "" if least is None else words.say("earliest", time=words.words.duration(least))


def _notes(ways: tuple[_Way, ...], words: PageWords) -> Iterator[str]:
    """Yield what is to be said of each limit."""
    celsius, duration = tied(words.words.celsius), tied(words.words.duration)
    for way in ways:
        name = words.say(way.key, limit="" if way.limit is None else celsius(way.limit)).strip()
        if way.passed:
            yield words.say("limit_passed", limit=name)
        elif way.remaining is not None and math.isfinite(way.remaining.seconds):
            band = _band(way.remaining, words)
            yield words.say("reaches", limit=name, time=duration(way.remaining.seconds), band=band)
        elif way.remaining is not None and math.isfinite(way.remaining.least):
            yield words.say("reaches_earliest", limit=name, time=duration(way.remaining.least))


def _band(remaining: Remaining, words: PageWords) -> str:
    span = tied(words.words.span)
    if math.isfinite(remaining.most):
        return words.say("band", least=span(remaining.least), most=span(remaining.most))
    return words.say("band_open", least=tied(words.words.duration)(remaining.least))


def _slope(course: Course) -> float:
    """Return the slope in kelvin a minute; 0 where it is not known, or within its error."""
    slope, error = known(course.slope), known(course.slope_error)
    if slope is None or abs(slope) <= SHOWN * (error or 0.0):
        return 0.0
    return slope * 60 if abs(slope) * 60 >= _LEAST_KELVIN_A_MINUTE else 0.0


def _direction(course: Course, words: PageWords) -> str:
    slope = _slope(course)
    value = words.words.number(abs(slope), 2)
    return words.say("rises" if slope > 0 else "falls", value=value) if slope else ""
