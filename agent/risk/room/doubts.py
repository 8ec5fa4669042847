"""Sensors that cannot be believed: impossible values, two that disagree, one that stands still."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from agent.contract import Finding, JobKey, Severity
from agent.risk.catalogue.rooms import SENSOR_DISAGREES, SENSOR_FROZEN, SENSOR_IMPLAUSIBLE, DisagreeOptions
from agent.risk.room.belief import MEAN_SECONDS
from agent.risk.room.looked import RoomScene
from agent.risk.room.registry import Sensor
from agent.risk.room.stillness import drifted
from agent.risk.rule import options_of
from agent.risk.rules import RULES
from agent.risk.sight import Outcome

# How long a living sensor may show the same value, by its step in kelvin: up to this step, so many seconds.
_STILL_SECONDS: tuple[tuple[float, float], ...] = ((0.15, 6 * 3600.0), (0.6, 24 * 3600.0), (1.5, 72 * 3600.0))
# Its neighbours have moved where their mean did so by this many of its steps, and so many times further than ever while
# it stood still and lived; and it is still for so many times longer than ever before.
_OTHERS_STEPS = 2.0
_OTHERS_TIMES = 2.0
_UNUSUAL_TIMES = 4.0
# Two sensors that disagreed do so until they are nearer by this much.
_PLAY_KELVIN = 1.0
# So many of those that disagree are named: the coolest and the warmest of them.
_MOST_NAMED = 6


@dataclass(slots=True)
class Drifts:
    """By position: how far the sensors there have moved in all, in their mean (K)."""

    kelvin: dict[str, float] = field(default_factory=dict[str, float])

    def take(self, positions: Sequence[Sequence[Sensor]]) -> None:
        """Take in what they showed since the last look."""
        for together in positions:
            position = _position(together[0])
            self.kelvin[position] = drifted([one.belief.still for one in together], self.kelvin.get(position, 0.0))


def judge_doubts(scene: RoomScene, drifts: Drifts) -> Iterator[Outcome]:
    """Yield what cannot be believed of the sensors of a room, and the wish for a second poll of one that jumped."""
    yield from _wishes(scene)
    yield from _implausible(scene)
    temperatures = [one for one in scene.of("temperature") if one.belief.doubt is None]
    positions = _by_position(temperatures)
    drifts.take(positions)
    yield from _disagreeing(scene, positions)
    yield from _frozen(scene, temperatures)


def _by_position(sensors: Sequence[Sensor]) -> Sequence[Sequence[Sensor]]:
    """Return those together that should show the same; a server's intake depends on where in the rack it is."""
    together: dict[str, list[Sensor]] = {}
    for one in sensors:
        if one.own:
            together.setdefault(_position(one), []).append(one)
    return tuple(together.values())


def _position(sensor: Sensor) -> str:
    return "" if sensor.place is None else sensor.place.position


def _wishes(scene: RoomScene) -> Iterator[JobKey]:
    """Ask at once for the second reading; the poll after one that failed decides in its own time."""
    for sensor in scene.of("temperature"):
        if sensor.belief.jump is not None:
            yield from (
                job.key
                for job in scene.sight.jobs.get(sensor.job.subject, ())
                if job.key == sensor.job and sensor.belief.wishes_second(job.last_attempt)
            )


def _finding(scene: RoomScene, rule: str, severity: Severity, summary: str, evidence: Sequence[str]) -> Finding:
    norm = RULES[rule].norm
    return Finding(rule, scene.subject, severity, summary, tuple(evidence), norm=norm, site=scene.room.site)


def _implausible(scene: RoomScene) -> Iterator[Outcome]:
    told = {one.name for one in scene.suspects()}
    doubted = [one for one in scene.sensors if one.belief.doubt is not None and one.name not in told]
    fresh = [one for one in doubted if one.fresh]
    if fresh:
        words = scene.sight.words
        summary = words.say("sensor_implausible", name=scene.title, sensors=words.joined([one.name for one in fresh]))
        evidence = [why_doubted(scene, one) for one in fresh]
        yield _finding(scene, SENSOR_IMPLAUSIBLE, Severity.WARNING, summary, evidence)
    elif doubted:
        yield scene.key(SENSOR_IMPLAUSIBLE)


def why_doubted(scene: RoomScene, sensor: Sensor) -> str:
    """Return in words why a sensor is not believed; nothing where it is."""
    doubt = sensor.belief.doubt
    if doubt is None:
        return ""
    meant = "" if doubt.meant is None else _shown(scene, sensor, doubt.meant)
    value = _shown(scene, sensor, doubt.value)
    return scene.sight.words.say(f"doubt_{doubt.why}", sensor=sensor.name, value=value, meant=meant)


def _shown(scene: RoomScene, sensor: Sensor, value: float) -> str:
    """A humidity that is not believed is told with a decimal: it is mostly near nought."""
    words = scene.sight.words
    return (
        words.celsius(value)
        if sensor.kind == "temperature"
        else words.say("percent", value=words.number(value * 100, 1))
    )


def _disagreeing(scene: RoomScene, positions: Sequence[Sequence[Sensor]]) -> Iterator[Outcome]:
    """Some at the same position whose means differ by more than the option, and than their steps explain."""
    words = scene.sight.words
    above = options_of(scene.sight.settings, SENSOR_DISAGREES, DisagreeOptions).above
    known = [found for together in positions if len(found := _means(together)) > 1]
    apart = [one for found in known for one in _apart(found, above, 0.0)]
    if apart:
        named = [*apart[: _MOST_NAMED // 2], *apart[-_MOST_NAMED // 2 :]] if len(apart) > _MOST_NAMED else apart
        summary = words.say("sensor_disagrees", name=scene.title, sensors=words.joined([one.name for _, one in named]))
        evidence = [words.say("sensor_mean", sensor=one.name, value=words.celsius(mean)) for mean, one in named]
        yield _finding(scene, SENSOR_DISAGREES, Severity.INFO, summary, evidence)
    elif _some_unknown(scene, positions) or any(_apart(found, above, _PLAY_KELVIN) for found in known):
        yield scene.key(SENSOR_DISAGREES)


def _means(together: Sequence[Sensor]) -> list[tuple[float, Sensor]]:
    """Return those with a mean, the coolest first."""
    found = [(mean, one) for one in together if (mean := one.belief.mean.since(MEAN_SECONDS)) is not None]
    return sorted(found, key=lambda pair: pair[0])


def _apart(found: Sequence[tuple[float, Sensor]], above: float, play: float) -> list[tuple[float, Sensor]]:
    """Return those that are too far from the coolest or the warmest, with these; the coolest first."""
    ends = (found[0], found[-1])
    if not any(_differ(one, end, above, play) for one in found for end in ends):
        return []
    return [one for one in found if one in ends or any(_differ(one, end, above, play) for end in ends)]


def _differ(one: tuple[float, Sensor], other: tuple[float, Sensor], above: float, play: float) -> bool:
    steps = one[1].belief.grid.step + other[1].belief.grid.step
    return abs(one[0] - other[0]) > max(above, steps) - play


def _some_unknown(scene: RoomScene, positions: Sequence[Sequence[Sensor]]) -> bool:
    """Whether some of its sensors has no mean yet, or shows nothing."""
    known = sum(one.belief.mean.since(MEAN_SECONDS) is not None for together in positions for one in together)
    return known < _own(scene)


def _own(scene: RoomScene) -> int:
    return sum(one.kind == "temperature" and one.own for one in scene.sensors)


def _frozen(scene: RoomScene, sensors: Sequence[Sensor]) -> Iterator[Outcome]:
    words = scene.sight.words
    found = [sensor for sensor in sensors if _is_frozen(sensor)]
    if found:
        names = words.joined([one.name for one in found])
        evidence = [
            words.say(
                "sensor_still",
                sensor=one.name,
                value=words.celsius(one.belief.value or 0.0),
                duration=words.duration(one.belief.still.seconds()),
                step=words.number(one.belief.grid.step, 2),
            )
            for one in found
        ]
        summary = words.say("sensor_frozen", name=scene.title, sensors=names)
        yield _finding(scene, SENSOR_FROZEN, Severity.WARNING, summary, evidence)
    elif sum(one.own for one in sensors) < _own(scene) or not all(one.belief.still.changes for one in sensors):
        yield scene.key(SENSOR_FROZEN)


def _is_frozen(sensor: Sensor) -> bool:
    """Whether it shows the same for longer than its step explains, while others moved or it never did so before."""
    belief = sensor.belief
    step, still = belief.grid.step, belief.still
    patience = next((seconds for up_to, seconds in _STILL_SECONDS if step <= up_to), None)
    if patience is None or still.seconds() < patience:
        return False
    return still.is_left_behind(_OTHERS_STEPS * step, _OTHERS_TIMES) or still.is_unusual(_UNUSUAL_TIMES)
