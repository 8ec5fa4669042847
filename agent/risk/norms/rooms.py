"""What norms ask of a room: climate, water, smoke, and that somebody hears of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from agent.contract import Quantity
from agent.risk.norms.case import DARK, NEVER, Point
from agent.risk.norms.roomcase import RoomCase

# What is told of each quantity; a room of equipment has to have all of them watched.
TOLD_OF: Mapping[Quantity, str] = {
    "temperature": "temperature_high",
    "humidity": "humidity_out_of_range",
    "leak": "leak",
    "smoke": "smoke",
    "ups": "ups_on_battery",
}
_DOUBTED = ("sensor_frozen", "sensor_disagrees", "sensor_implausible")
_CLIMATE: tuple[Quantity, ...] = ("temperature", "humidity")
_TOO_WARM = ("temperature_high", "room_overheating", "humidity_out_of_range")


def climate_within_limits(room: RoomCase) -> Iterator[Point]:
    """Temperature and humidity are measured against limits, and within them."""
    yield from _climate(room)
    yield _limits(room)
    yield from room.against("climate_beyond_norm")


def climate_by_data_sheet(room: RoomCase) -> Iterator[Point]:
    """Climate is within the limits of what is installed, as somebody has looked up."""
    yield from _climate(room)
    source = room.room.limits.source
    yield room.case.point(source is not None, "data_sheet", source=source or "")


def climate_watched(room: RoomCase) -> Iterator[Point]:
    """Climate is watched, a deviation alarms, and the cooling is as fail-safe as it can be."""
    yield from _climate(room)
    yield from room.told("temperature_high")
    yield from cooling_redundant(room)


def _climate(room: RoomCase) -> Iterator[Point]:
    yield from (room.measured(one) for one in _CLIMATE)
    yield from room.against(*_TOO_WARM, *_DOUBTED)


def cooling_redundant(room: RoomCase) -> Iterator[Point]:
    """More than one cooling unit, and none of them failed."""
    case, units = room.case, room.room.cooling_units
    if units is None:
        yield case.point("unknown", "cooling")
        return
    yield case.point(units > 1, "cooling", what=case.counted("cooling_unit", units))
    state = room.state
    if case.live and (state is None or state.cooling_state in {None, "unknown"}):
        yield case.point("unknown", "cooling_state")
    elif state is not None and state.cooling_state in {"degraded", "failed"}:
        yield case.point("no", "cooling_state")
    yield from room.against("cooling_failed")


def fire_passed_on(room: RoomCase) -> Iterator[Point]:
    """A smoke detector reports here, and its message goes on at once."""
    yield room.measured("smoke")
    yield from room.told("smoke")
    yield from room.against("sensor_implausible")


def fire_within_minutes(room: RoomCase) -> Iterator[Point]:
    """A smoke detector reports here, and its message waits for little."""
    yield from fire_passed_on(room)
    telling, latency = room.case.tellings.get(("smoke", room.id), NEVER), room.latency("smoke")
    if telling.when != "at_once":
        return
    if latency is None:
        yield room.case.point("unknown", "prompt")
    else:
        after = latency + telling.hold
        yield room.case.point(after <= _REACTION_SECONDS, "prompt", after=room.case.words.duration(after))


_REACTION_SECONDS = 60.0  # of the three minutes that BSI INF.2.A17 gives until somebody acts


def infrastructure_watched(room: RoomCase) -> Iterator[Point]:
    """Climate, water, smoke and power are watched by a machine, and faults are passed on."""
    for quantity, rule in TOLD_OF.items():
        yield room.measured(quantity)
        yield from room.told(rule)
    yield from room.against("room_not_measured", *_DOUBTED, *DARK)


def water_watched(room: RoomCase) -> Iterator[Point]:
    """Water is noticed, and somebody is told at once."""
    yield room.measured("leak")
    yield from room.told("leak")
    yield from room.against("leak", "sensor_implausible")


def _limits(room: RoomCase) -> Point:
    case, state = room.case, room.state
    limit = None if state is None else state.limits.warning
    source = "" if state is None else state.limits.temperature_source
    if limit is None and room.room.limits.temperature is not None:
        limit, source = room.room.limits.temperature.warning, room.room.limits.source or ""
    if limit is None:
        return case.point("no", "limits")
    shown = f"{case.words.celsius(limit)}{f' ({source})' if source else ''}"
    return case.point("yes", "limits", limit=shown)
