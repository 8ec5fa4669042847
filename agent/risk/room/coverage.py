"""What of a room's climate is measured, silent, or missing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple, get_args

from agent import neutral
from agent.contract import Coverage, Finding, JobState, Quantity, Severity, Subject
from agent.layout import clean_text
from agent.risk.catalogue.rooms import ROOM_NOT_MEASURED
from agent.risk.room.looked import RoomScene
from agent.risk.room.places import EQUIPPED
from agent.risk.room.registry import LONGEST_NAME, Sensor
from agent.risk.rules import RULES
from agent.risk.sight import PING, Outcome, Sight
from agent.risk.texts import Words

QUANTITIES: tuple[Quantity, ...] = get_args(Quantity)
_UPS_FAMILIES = (neutral.UPS_ON_BATTERY.name, neutral.UPS_RUNTIME.name, neutral.UPS_CHARGE.name)
State = Literal["measured", "silent", "missing"]
# So many sensors are named, of each kind of gap, and so many that a device shows instead.
_MOST_NAMED = 6


class Asked(NamedTuple):
    """A key of `sensors` that matches nothing, and what its device shows (raw)."""

    key: str
    shown: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Gaps:
    """What is lacking: whole quantities, sensors of others that show nothing, names that match nothing."""

    quantities: tuple[Coverage, ...]
    sensors: tuple[Sensor, ...]
    asked: tuple[Asked, ...]

    def __bool__(self) -> bool:
        """Whether there is any."""
        return bool(self.quantities or self.sensors or self.asked)

    def silent(self) -> frozenset[str]:
        """Return the devices that should show something and do not."""
        by = [name for one in self.quantities if one.state == "silent" for name in one.by]
        return frozenset(name.partition("/")[0] for name in by) | {one.device for one in self.sensors}


def coverage_of(scene: RoomScene, supplies: Sequence[str]) -> tuple[Coverage, ...]:
    """Return all six quantities of a room; ``supplies``: its UPS."""
    expected = frozenset(scene.room.expected or ())
    return tuple(
        _power(scene.sight, supplies, expected="ups" in expected)
        if quantity == "ups"
        else _of_sensors(scene, quantity, expected=quantity in expected)
        for quantity in QUANTITIES
    )


def _of_sensors(scene: RoomScene, quantity: Quantity, *, expected: bool) -> Coverage:
    """A temperature is measured where limits hold: of the exhaust air none says how warm the room is."""
    known = [one for one in scene.sensors if one.kind == quantity]
    measuring = {one.name for one in known if one.works and one.belief.doubt is None}
    if quantity == "temperature":
        measuring = {one.name for one in scene.limited()}
    if measuring:
        return Coverage(quantity, expected, "measured", _names(one for one in known if one.name in measuring))
    silent = [one for one in known if not one.works or one.belief.doubt is not None or one.belief.jump is not None]
    if silent:
        return Coverage(quantity, expected, "silent", _names(silent))
    if scene.dark and not known and (expected or not scene.sensors):
        return Coverage(quantity, expected, "silent", scene.dark)
    return Coverage(quantity, expected, "missing", _names(known))


def _names(sensors: Iterable[Sensor]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one.name for one in sensors))


def _power(sight: Sight, supplies: Sequence[str], *, expected: bool) -> Coverage:
    heard = tuple(name for name in supplies if _is_heard(sight, name))
    if heard:
        return Coverage("ups", expected, "measured", heard)
    return Coverage("ups", expected, "silent" if supplies else "missing", tuple(supplies))


def _is_heard(sight: Sight, device: str) -> bool:
    return any(True for family in _UPS_FAMILIES for _ in sight.view.series(family, Subject("device", device)))


def judge_coverage(scene: RoomScene, asked: Sequence[Asked]) -> Iterator[Outcome]:
    """Yield ``room_not_measured``: a room without any sensor, what is expected of it and lacking, what fell silent.

    ``asked``: keys of the room's `sensors` that match nothing.
    """
    gaps = _gaps(scene, asked)
    if not gaps:
        return
    if _is_waiting(scene, gaps):
        yield scene.key(ROOM_NOT_MEASURED)
    else:
        yield _finding(scene, gaps)


def _gaps(scene: RoomScene, asked: Sequence[Asked]) -> _Gaps:
    lacking = tuple(one for one in _lacking(scene) if not _is_doubted(scene, one.quantity))
    if scene.room.expected == ():
        return _Gaps(lacking, (), tuple(asked))
    whole = {one.quantity for one in lacking}
    silent = [one for one in scene.sensors if one.own and not one.works and one.kind not in whole]
    return _Gaps(lacking, tuple(one for one in silent if _counts(one)), tuple(asked))


def _counts(sensor: Sensor) -> bool:
    """Whether its silence is a gap: a contact that means nothing to the room is none."""
    return sensor.kind != "contact" or (sensor.place is not None and sensor.place.contact is not None)


def _is_doubted(scene: RoomScene, quantity: Quantity) -> bool:
    """Whether there is a sensor that shows something which is not believed: that is its own finding."""
    return any(one.belief.doubt is not None for one in scene.sensors if one.kind == quantity and one.works)


def _lacking(scene: RoomScene) -> tuple[Coverage, ...]:
    """Return what is a gap: what is expected, and in a room of equipment that expects nothing, that it has nothing."""
    coverage = scene.state.coverage
    if scene.room.expected is not None:
        return tuple(one for one in coverage if one.expected and one.state != "measured")
    if scene.room.kind not in EQUIPPED:
        return ()
    sensors = [one for one in coverage if one.quantity != "ups"]
    warm = tuple(one for one in sensors if one.quantity == "temperature")
    if not scene.sensors:
        return warm
    # no limit holds for the exhaust air, which is all that is left of it
    exhausted = tuple(one for one in warm if one.state == "missing" and one.by)
    return tuple(one for one in sensors if one.state == "silent") or exhausted


def _finding(scene: RoomScene, gaps: _Gaps) -> Finding:
    blind = scene.room.expected is None and not scene.sensors
    warns = blind or bool(gaps.silent()) or bool(gaps.asked)
    return Finding(
        ROOM_NOT_MEASURED,
        scene.subject,
        Severity.WARNING if warns else Severity.INFO,
        _summary(scene, gaps),
        tuple(_evidence(scene, gaps)),
        cause=_cause(scene, gaps),
        norm=RULES[ROOM_NOT_MEASURED].norm,
        site=scene.room.site,
    )


def _summary(scene: RoomScene, gaps: _Gaps) -> str:
    words, name = scene.sight.words, scene.title
    if not scene.sensors and scene.room.expected is None and not gaps.silent() and not gaps.asked:
        return words.say("room_blind", name=name)
    if gaps.quantities:
        named = words.joined([words.say(f"quantity_{one.quantity}") for one in gaps.quantities])
        return words.say("room_not_measured", name=name, quantities=named)
    if gaps.sensors:
        named = words.joined(words.few([one.name for one in gaps.sensors], _MOST_NAMED))
        return words.say("room_silent_sensor", name=name, sensors=named)
    named = words.joined(words.few([_clean(one.key) for one in gaps.asked], _MOST_NAMED))
    return words.say("room_unknown_sensor", name=name, sensors=named)


def _evidence(scene: RoomScene, gaps: _Gaps) -> Iterator[str]:
    words = scene.sight.words
    for coverage in gaps.quantities:
        yield _said(scene, coverage)
    lines = [words.say("sensor_faulty" if one.faulty else "sensor_silent", sensor=one.name) for one in gaps.sensors]
    yield from words.few(lines, _MOST_NAMED)
    yield from words.few([_unmatched(words, one) for one in gaps.asked], _MOST_NAMED)


def _unmatched(words: Words, asked: Asked) -> str:
    shown = ", ".join(map(_clean, words.few([name for name in asked.shown if name], _MOST_NAMED)))
    if not shown:
        return words.say("sensor_unknown_none", sensor=_clean(asked.key))
    return words.say("sensor_unknown", sensor=_clean(asked.key), shown=shown)


def _clean(name: str) -> str:
    return clean_text(name, LONGEST_NAME)


def _said(scene: RoomScene, lacking: Coverage) -> str:
    words = scene.sight.words
    quantity = words.say(f"quantity_{lacking.quantity}")
    by = words.joined(words.few(lacking.by, _MOST_NAMED))
    if lacking.state == "silent":
        return words.say("quantity_silent", quantity=quantity, by=by)
    return words.say("quantity_outlet" if by else "quantity_missing", quantity=quantity, **({"by": by} if by else {}))


def _cause(scene: RoomScene, gaps: _Gaps) -> Subject | None:
    """Return a device whose silence explains it, where the silence of devices explains all of it."""
    silent = gaps.silent()
    dark = sorted(name for name in silent if Subject("device", name) in scene.sight.dark)
    missing = any(one.state == "missing" for one in gaps.quantities)
    return Subject("device", dark[0]) if dark and len(dark) == len(silent) and not missing and not gaps.asked else None


def _is_waiting(scene: RoomScene, gaps: _Gaps) -> bool:
    """Whether a device that was not polled yet, or failed once, may well measure what is lacking."""
    named = {name.partition("/")[0] for one in gaps.quantities for name in one.by}
    asked = named | set(scene.dark) | {one.device for one in gaps.sensors}
    return any(_is_open(job) for name in asked for job in scene.sight.jobs.get(Subject("device", name), ()))


def _is_open(job: JobState) -> bool:
    return job.key.check != PING and (job.last_attempt is None or job.failures == 1)
