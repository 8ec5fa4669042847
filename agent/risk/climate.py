"""Is a room's climate within its limits, dry, and without smoke?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from agent.contract import Finding, Sensed, Severity
from agent.risk.catalogue.rooms import HUMIDITY_OUT_OF_RANGE, LEAK, SMOKE, TEMPERATURE_HIGH
from agent.risk.room.doubts import why_doubted
from agent.risk.room.looked import RoomScene
from agent.risk.rules import RULES
from agent.risk.sight import Outcome

# What was found stays found until it is so much better: sensors sway by less.
TEMPERATURE_HYSTERESIS_KELVIN = 1.0
HUMIDITY_HYSTERESIS = 0.02
DEW_POINT_HYSTERESIS_KELVIN = 0.5
_MOST_NAMED = 12  # of the sensors, the hottest


@dataclass(slots=True)
class Heat:
    """Whether a room was last found above its critical limit, and is not well below it since."""

    critical: bool = False

    def note(self, value: float, limit: float | None, *, known: bool) -> bool:
        """Return whether it is critical; ``known``: no sensor that may be hotter is silent."""
        if limit is None:
            self.critical = False
        elif value > limit:
            self.critical = True
        elif known and value < limit - TEMPERATURE_HYSTERESIS_KELVIN:
            self.critical = False
        return self.critical


def judge_climate(scene: RoomScene, heat: Heat) -> Iterator[Outcome]:
    """Yield the findings of a room, or the keys of what could not be judged.

    What is hardly within its limit again is not known to be good: an alert about it does not end, and none begins.
    """
    yield from _temperature(scene, heat)
    yield from _humidity(scene)
    yield from _detected(scene, LEAK)
    yield from _detected(scene, SMOKE)


def _temperature(scene: RoomScene, heat: Heat) -> Iterator[Outcome]:
    limits, sensors = scene.state.limits, scene.limited()
    hottest = max(sensors, key=lambda one: one.value, default=None)
    if limits.warning is None:
        return
    known = not (scene.unsure or scene.dark or _is_dumb(scene, "temperature"))
    if hottest is None:
        yield scene.key(TEMPERATURE_HIGH)
        return
    critical = heat.note(hottest.value, limits.critical, known=known)
    if hottest.value > limits.warning:
        yield _too_hot(scene, hottest, critical=critical)
    elif not known or hottest.value > limits.warning - TEMPERATURE_HYSTERESIS_KELVIN:
        yield scene.key(TEMPERATURE_HIGH)


def _is_dumb(scene: RoomScene, kind: str) -> bool:
    """Whether a sensor that is known shows nothing that can be used: it may be the one that was out of its limits.

    A server that was switched off is not meant: it measured itself.
    """
    return any(
        one.kind == kind and one.own and (not one.works or one.belief.doubt is not None) for one in scene.sensors
    )


def _too_hot(scene: RoomScene, hottest: Sensed, *, critical: bool) -> Finding:
    words, limits = scene.sight.words, scene.state.limits
    passed = limits.critical is not None and hottest.value > limits.critical
    limit = limits.critical if passed else limits.warning
    summary = words.say(
        "temperature",
        name=scene.title,
        value=words.celsius(hottest.value),
        limit="" if limit is None else words.celsius(limit),
    )
    named = sorted(scene.state.temperatures, key=lambda one: -one.value)[:_MOST_NAMED]
    evidence = [
        words.say("sensor", sensor=one.name, value=words.celsius(one.value))
        for one in scene.state.temperatures
        if one in named
    ]
    evidence += [why_doubted(scene, one) for one in scene.suspects()]
    if hottest.position == "ceiling":
        evidence.append(words.say("ceiling_only"))
    evidence.append(words.say("limits_from", source=limits.temperature_source))
    severity = Severity.CRITICAL if critical else Severity.WARNING
    return _finding(scene, TEMPERATURE_HIGH, severity, summary, evidence)


def _finding(scene: RoomScene, rule: str, severity: Severity, summary: str, evidence: list[str]) -> Finding:
    norm = RULES[rule].norm
    return Finding(rule, scene.subject, severity, summary, tuple(evidence), norm=norm, site=scene.room.site)


def _humidity(scene: RoomScene) -> Iterator[Outcome]:
    found = _moist(scene)
    if found is not None:
        evidence = [*_shown(scene), scene.sight.words.say("limits_from", source=scene.state.limits.humidity_source)]
        yield _finding(scene, HUMIDITY_OUT_OF_RANGE, Severity.WARNING, found, evidence)
    elif scene.state.limits.humidity is not None and not _is_comfortable(scene):
        yield scene.key(HUMIDITY_OUT_OF_RANGE)


def _moist(scene: RoomScene) -> str | None:
    """Return what is wrong with the humidity, or else with the dew point, in words."""
    words, limits = scene.sight.words, scene.state.limits
    if limits.humidity is not None:
        low, high = limits.humidity
        out = [one.value for one in scene.state.humidities if not low <= one.value <= high]
        if out:
            value = max(out, key=lambda one: abs(one - (low + high) / 2))
            bounds = {"low": words.percent(low), "high": words.percent(high)}
            return words.say("humidity", name=scene.title, value=words.percent(value), **bounds)
    if limits.dew_point is not None:
        low, high = limits.dew_point
        out = [point for point in scene.state.dew_points.values() if not low <= point <= high]
        if out:
            value = max(out, key=lambda one: abs(one - (low + high) / 2))
            bounds = {"low": words.celsius(low), "high": words.celsius(high)}
            return words.say("dew_point", name=scene.title, value=words.celsius(value), **bounds)
    return None


def _shown(scene: RoomScene) -> Iterator[str]:
    words, state = scene.sight.words, scene.state
    for one in state.humidities:
        point = state.dew_points.get(one.name)
        value = words.percent(one.value)
        if point is None:
            yield words.say("sensor", sensor=one.name, value=value)
        else:
            yield words.say("sensor_dew_point", sensor=one.name, value=value, point=words.celsius(point))


def _is_comfortable(scene: RoomScene) -> bool:
    """Whether all of it is known, and well within its limits."""
    state = scene.state
    if not state.humidities or scene.dark or _is_dumb(scene, "humidity"):
        return False
    within = state.limits.humidity or (0.0, 1.0)
    play = min(HUMIDITY_HYSTERESIS, (within[1] - within[0]) / 4)
    # nothing is drier than nothing, nor wetter than water: such a bound keeps no distance
    low, high = within[0] + play * (within[0] > 0), within[1] - play * (within[1] < 1)
    if not all(low <= one.value <= high for one in state.humidities):
        return False
    if state.limits.dew_point is None:
        return True
    driest, wettest = state.limits.dew_point
    margin = DEW_POINT_HYSTERESIS_KELVIN
    return all(driest + margin <= point <= wettest - margin for point in state.dew_points.values())


def _detected(scene: RoomScene, rule: str) -> Iterator[Outcome]:
    """A contact that reports 1, even where its device doubts it; one that is faulty is never dry, nor without smoke."""
    sensors = [one for one in scene.sensors if one.kind == rule and one.fresh]
    places = [one.name for one in sensors if one.switch.value == 1]
    if places:
        summary = scene.sight.words.say(rule, name=scene.title, sensors=", ".join(places))
        yield _finding(scene, rule, Severity.CRITICAL, summary, places)
    elif not sensors or scene.dark or _is_dumb(scene, rule):
        yield scene.key(rule)
