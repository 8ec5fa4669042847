"""Is a room, in the mean of a day, warmer or moister than the norm advises? A standing gap, never an alarm."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from agent.contract import Finding, Severity
from agent.risk.catalogue.rooms import CLIMATE_BEYOND_NORM
from agent.risk.room.figures import SlowMean
from agent.risk.room.looked import RoomScene
from agent.risk.room.places import EQUIPPED
from agent.risk.rules import RULES
from agent.risk.sight import Outcome

# BSI, Stand-der-Technik-Bibliothek (Grundschutz++), GEB.10.1.2: not much above 25 °C, at most 60 %.
ADVISED_CELSIUS = 25.0
ADVISED_RATIO = 0.60
# Longer than the swing of a day and of a weekend; a whole day at least.
SPAN_SECONDS = 3 * 86_400.0
ENOUGH_SECONDS = 86_400.0
# What was not read for so long says nothing of today.
OLD_SECONDS = 3600.0
# A mean that was beyond it is so until it is this much better.
PLAY_KELVIN = 1.0
PLAY_RATIO = 0.02


@dataclass(slots=True)
class Means:
    """The mean temperature (°C) and humidity (0 to 1) of a room over some days; None: there is no sensor of it."""

    temperature: SlowMean | None = None
    humidity: SlowMean | None = None

    def take(self, scene: RoomScene) -> None:
        """Take in what is believed now."""
        doubted = {one.name for one in scene.suspects()}
        warm = [(one.value, one.at) for one in scene.limited() if one.name not in doubted]
        moist = [(one.value, one.at) for one in scene.state.humidities]
        kinds = {one.kind for one in scene.sensors}
        self.temperature = _taken(self.temperature, warm) if "temperature" in kinds else None
        self.humidity = _taken(self.humidity, moist) if "humidity" in kinds else None


def _taken(mean: SlowMean | None, found: Sequence[tuple[float, float]]) -> SlowMean | None:
    if found:
        mean = mean or SlowMean(SPAN_SECONDS)
        mean.add(sum(value for value, _ in found) / len(found), max(at for _, at in found))
    return mean


def judge_guidance(scene: RoomScene, means: Means) -> Iterator[Outcome]:
    """Yield ``climate_beyond_norm``: only where the room's own limits allow what the norm advises against."""
    if scene.room.kind not in EQUIPPED:
        return
    now, words = scene.sight.view.now, scene.sight.words
    evidence = tuple(_beyond(scene, means))
    if evidence:
        summary = words.say("climate_beyond_norm", name=scene.title)
        norm = RULES[CLIMATE_BEYOND_NORM].norm
        yield Finding(
            CLIMATE_BEYOND_NORM, scene.subject, Severity.INFO, summary, evidence, norm=norm, site=scene.room.site
        )
        return
    bounds = ((means.temperature, ADVISED_CELSIUS - PLAY_KELVIN), (means.humidity, ADVISED_RATIO - PLAY_RATIO))
    known = [(_today(mean, now), bound) for mean, bound in bounds if mean is not None]
    if not known or not all(value is not None and value <= bound for value, bound in known):
        yield scene.key(CLIMATE_BEYOND_NORM)


def _beyond(scene: RoomScene, means: Means) -> Iterator[str]:
    """Yield what is beyond the advice, where the room's own limits allow it."""
    now, words, limits = scene.sight.view.now, scene.sight.words, scene.state.limits
    warm, moist = _today(means.temperature, now), _today(means.humidity, now)
    if warm is not None and warm > ADVISED_CELSIUS and limits.warning is not None and limits.warning > ADVISED_CELSIUS:
        advised = words.number(ADVISED_CELSIUS)
        over = _rests_on(scene, means.temperature)
        yield words.say("norm_temperature", value=words.celsius(warm), advised=advised, duration=over)
    if moist is not None and moist > ADVISED_RATIO and limits.humidity is not None:
        advised = words.percent(ADVISED_RATIO)
        over = _rests_on(scene, means.humidity)
        yield words.say("norm_humidity", value=words.percent(moist), advised=advised, duration=over)


def _today(mean: SlowMean | None, now: float) -> float | None:
    """Return a mean that rests on enough and was read lately."""
    if mean is None or mean.at is None or now - mean.at > OLD_SECONDS:
        return None
    return mean.since(ENOUGH_SECONDS)


def _rests_on(scene: RoomScene, mean: SlowMean | None) -> str:
    return scene.sight.words.duration(min(SPAN_SECONDS, 0.0 if mean is None else mean.watched))
