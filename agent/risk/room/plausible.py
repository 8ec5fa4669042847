"""What a sensor of a room cannot mean: sentinels of its own and units taken for others. Pure.

What no sensor of the family can show at all (``agent.neutral.PLAUSIBLE``) was mostly refused where it was read.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, NamedTuple

from agent import neutral

Kind = Literal["temperature", "humidity"]
Why = Literal["range", "sentinel", "fahrenheit", "tenths", "ratio", "erratic"]

# What sensors and their electronics show while they have no value: nothing, minus one, the value of a DS18B20 before
# its first conversion, the largest signed byte.
_NOTHING_YET = frozenset({85.0, 127.0})
_NOTHING = frozenset({0.0, -1.0})
# A room that is used has such a temperature, and such a humidity.
_ROOM_CELSIUS = (10.0, 45.0)
_ROOM_RATIO = (0.1, 0.95)
# From here on up a room burns, or is not meant in °C; from here on down it is not heated, and holds no servers.
_HOT_CELSIUS = 55.0
_COLD_CELSIUS = 5.0
_DRY_RATIO = 0.05
# So far a room without cooling gets; in °F it would be a cool one (21 °C).
_LIKELY_HOT_CELSIUS = 70.0
# What is doubted and moves up by more than this within minutes is no unit: it burns.
CLIMB_KELVIN = 15.0
JUMP_KELVIN = 10.0
_FAHRENHEIT_PER_KELVIN = 9 / 5


class Doubt(NamedTuple):
    """Why a value is not believed; ``meant``: what it would be in the unit that was probably meant (°C or 0 to 1).

    ``first``: the value at which the doubt arose.
    """

    why: Why
    value: float
    meant: float | None = None
    first: float = 0.0

    def at(self, value: float) -> Doubt:
        """Return the same doubt about a later value."""
        return _doubt(self.why, value)._replace(first=self.first)

    @property
    def may_be_hot(self) -> bool:
        """Whether it can as well be a room that lost its cooling long ago."""
        return self.why == "fahrenheit" and self.first <= _LIKELY_HOT_CELSIUS


_POSSIBLE: Mapping[Kind, neutral.Range] = {
    "temperature": neutral.PLAUSIBLE[neutral.SENSOR_TEMPERATURE.name],
    "humidity": neutral.PLAUSIBLE[neutral.SENSOR_HUMIDITY.name],
}


def is_possible(kind: Kind, value: float) -> bool:
    """Whether any sensor can show it."""
    return _within(value, _POSSIBLE[kind])


def doubt_of(why: Why, value: float) -> Doubt:
    """Return a doubt that arises at this value."""
    return _doubt(why, value)._replace(first=value)


def _doubt(why: Why, value: float) -> Doubt:
    meant = {"fahrenheit": _celsius(value), "ratio": value * 100}.get(why)
    if why == "tenths":
        meant = value / 10 if value > _HOT_CELSIUS else value * 10
    return Doubt(why, value, meant)


def stands_for_none(value: float) -> bool:
    """Whether a temperature that was jumped to, and is shown again, means none.

    85 °C may: but so does a fire, and who is not sure calls it one.
    """
    return value in _NOTHING or value == max(_NOTHING_YET)


def first_doubt(kind: Kind, value: float, *, heated: bool) -> Doubt | None:
    """Return why the first value of a sensor is not believed; ``heated``: whether nobody would let the room freeze.

    Only of the first: what climbs to such a value is believed, since a fire does.
    """
    if kind == "humidity":
        return doubt_of("sentinel", value) if value == 0 else _ratio_doubt(value)
    if value in _NOTHING_YET or (heated and value in _NOTHING):
        return doubt_of("sentinel", value)
    return _celsius_doubt(value, heated=heated)


def _celsius_doubt(value: float, *, heated: bool) -> Doubt | None:
    if value > _HOT_CELSIUS:
        if _within(_celsius(value), _ROOM_CELSIUS):
            return doubt_of("fahrenheit", value)
        return doubt_of("tenths", value) if _within(value / 10, _ROOM_CELSIUS) else None
    # where nobody heats it may be cold: there only a value that is finer than sensors are is one in tenths
    if _is_cold(value) and _within(value * 10, _ROOM_CELSIUS) and (heated or not _is_tenth(value)):
        return doubt_of("tenths", value)
    return None


def _ratio_doubt(value: float) -> Doubt | None:
    if value >= _DRY_RATIO:
        return None
    if _within(value * 100, _ROOM_RATIO):
        return doubt_of("ratio", value)
    return doubt_of("tenths", value) if _within(value * 10, _ROOM_RATIO) else None


def stands(kind: Kind, doubt: Doubt, value: float, usual: float) -> bool:
    """Whether the doubt about a sensor still holds at a later value; ``usual``: its mean over some minutes.

    A unit that is taken for another stays it, however the value sways from summer to winter: it is believed once it
    shows what a room can be, or what no room is in either unit, or climbs within minutes as no room does.
    """
    if not is_possible(kind, value):
        return True
    if doubt.why in {"range", "sentinel"}:
        return value == doubt.value
    if kind == "humidity":
        return value < 2 * _DRY_RATIO
    if doubt.why == "tenths" and doubt.first < _COLD_CELSIUS:
        return _is_cold(value)
    if doubt.why == "fahrenheit" and (_celsius(value) > _ROOM_CELSIUS[1] or value - usual > CLIMB_KELVIN):
        return False
    return not _within(value, _ROOM_CELSIUS)


def _is_cold(value: float) -> bool:
    return 0 < value < _COLD_CELSIUS


def _is_tenth(value: float) -> bool:
    return abs(value * 10 - round(value * 10)) < 1e-3


def _celsius(fahrenheit: float) -> float:
    return (fahrenheit - 32) / _FAHRENHEIT_PER_KELVIN


def _within(value: float, bounds: tuple[float, float]) -> bool:
    return bounds[0] <= value <= bounds[1]
