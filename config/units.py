"""Quantities as people write them, read into base units.

Durations become float seconds, rates bit/s, sizes bytes, percentages ratios, temperatures °C, frequencies Hz, distances
metres; levels stay dBm and dB. A bare number is taken in the base unit.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from typing import Annotated, Any, NamedTuple

from pydantic import AfterValidator, BeforeValidator, Field, WithJsonSchema
from pydantic.json_schema import JsonSchemaValue

from config.errors import Wrong, shown

_NUMBER = r"[-+]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][-+]?[0-9]{1,3})?"
_UNSIGNED = r"(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)"

DAY = 86_400.0
DURATIONS: Mapping[str, float] = {
    "ms": 0.001,
    "s": 1.0,
    "m": 60.0,
    "h": 3600.0,
    "d": DAY,
    "w": 7 * DAY,
    "y": 365 * DAY,
}
_SI: Mapping[str, float] = {"": 1.0, "k": 1e3, "K": 1e3, "M": 1e6, "G": 1e9, "T": 1e12}
RATES: Mapping[str, float] = {f"{prefix}bit/s": factor for prefix, factor in _SI.items()}
SIZES: Mapping[str, float] = {
    **{f"{prefix}B": factor for prefix, factor in _SI.items()},
    **{f"{prefix}iB": 1024.0**power for power, prefix in enumerate("KMGT", start=1)},
}
FREQUENCIES: Mapping[str, float] = {f"{prefix}Hz": factor for prefix, factor in _SI.items()}
DISTANCES: Mapping[str, float] = {"m": 1.0, "km": 1000.0}
TEMPERATURES: Mapping[str, float] = {"C": 1.0, "°C": 1.0}


class Unit(NamedTuple):
    """A kind of quantity: its name and an example for messages, and its units with their factors."""

    name: str
    example: str
    units: Mapping[str, float]


def _finite(value: float, unit: Unit) -> float:
    if not math.isfinite(value):
        raise Wrong(f"is not {unit.name}, e.g. {unit.example}")
    return value


def _bare(value: object, unit: Unit) -> float | None:
    """Return a number given without a unit (then in the base unit), or None for text that has one."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise Wrong(f"is not {unit.name}, e.g. {unit.example}")
    if isinstance(value, str) and not re.fullmatch(_NUMBER, value):
        return None
    try:
        return _finite(float(value), unit)
    except OverflowError:
        raise Wrong(f"is not {unit.name}, e.g. {unit.example}") from None


def quantity(value: object, unit: Unit) -> float:
    """Return the value in the base unit. Raises Wrong."""
    bare = _bare(value, unit)
    if bare is not None:
        return bare
    match = re.fullmatch(rf"({_NUMBER})\s*(\S*)", str(value))
    if match is None or match[2] not in unit.units:
        raise Wrong(f"{shown(value)} is not {unit.name}, e.g. {unit.example}")
    return _finite(float(match[1]) * unit.units[match[2]], unit)


_DURATION = Unit("a duration", "500ms, 30s, 5m, 1h, 7d or 5y", DURATIONS)
_DURATION_PART = rf"({_UNSIGNED})({'|'.join(DURATIONS)})"


def parse_duration(value: object) -> float:
    """Return seconds; parts may be put together (1h30m); a year has 365 days. Raises Wrong."""
    bare = _bare(value, _DURATION)
    if bare is None and not re.fullmatch(f"(?:{_DURATION_PART})+", str(value)):
        raise Wrong(f"{shown(value)} is not a duration, e.g. {_DURATION.example}")
    if bare is None:
        parts = re.findall(_DURATION_PART, str(value))
        bare = _finite(math.fsum(float(number) * DURATIONS[unit] for number, unit in parts), _DURATION)
    if bare < 0:
        raise Wrong("a duration cannot be negative")
    return bare


_RATIO = Unit("a share", "99.5%", {"%": 0.01})


def parse_ratio(value: object) -> float:
    """Return a ratio from 0 to 1: ``99.5%`` and ``0.995`` mean the same. Raises Wrong."""
    ratio = quantity(value, _RATIO)
    if isinstance(value, str) and value.endswith("%"):
        ratio = round(ratio, 12)  # 0.01 has no exact binary form: 99.5 * 0.01 is not 0.995
    if not 0 <= ratio <= 1:
        raise Wrong(f"{shown(value)} is not between 0 and 100 %", "write 99.5% or 0.995")
    return ratio


def parse_date(value: object) -> date:
    """Return the day that ``2027-06-30`` means. Raises Wrong."""
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    if isinstance(value, str) and re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
        try:
            return date.fromisoformat(value)
        except ValueError:
            raise Wrong(f"there is no day {shown(value)}") from None
    raise Wrong(f"{shown(value)} is not a date, e.g. 2027-06-30")


def parse_datetime(value: object) -> datetime:
    """Return the local time (naive, in the municipality's time zone) that ``2026-12-05T20:00`` means. Raises Wrong."""
    if isinstance(value, datetime):
        return value
    if isinstance(value, str) and re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(:[0-9]{2})?", value):
        try:
            return datetime.fromisoformat(value)
        except ValueError:
            raise Wrong(f"there is no time {shown(value)}") from None
    raise Wrong(f"{shown(value)} is not a date and time, e.g. 2026-12-05T20:00")


def parse_closed_day(value: object) -> str:
    """Return a closed day as written: ``12-24`` (each year) or ``2027-02-08`` (once). Raises Wrong."""
    text = str(value)
    try:
        # 2024 has a 29 February
        parse_date(f"2024-{text}" if re.fullmatch(r"[0-9]{2}-[0-9]{2}", text) else text)
    except Wrong:
        raise Wrong(f"there is no day {shown(text)}, e.g. 12-24 or 2027-02-08") from None
    return text


def parse_time(value: object) -> time:
    """Return the time of day that ``07:30`` means. Raises Wrong."""
    if isinstance(value, time):
        return value
    if isinstance(value, str) and re.fullmatch(r"([01][0-9]|2[0-3]):[0-5][0-9]", value):
        return time.fromisoformat(value)
    raise Wrong(f"{shown(value)} is not a time of day, e.g. 07:30")


def _schema(unit: Unit, pattern: str) -> JsonSchemaValue:
    """Return the input form: a number in the base unit, or text with a unit."""
    text: dict[str, Any] = {
        "type": "string",
        "pattern": pattern,
        "examples": unit.example.replace(" or ", ", ").split(", "),
    }
    return {"anyOf": [text, {"type": "number"}], "title": unit.name.removeprefix("a ")}


def _reader(unit: Unit) -> BeforeValidator:
    def read(value: object) -> float:
        return quantity(value, unit)

    return BeforeValidator(read)


def _input(unit: Unit) -> WithJsonSchema:
    names = "|".join(map(re.escape, unit.units))
    return WithJsonSchema(_schema(unit, rf"^{_NUMBER}\s*({names})$"))


def _text(parse: Callable[[object], object], name: str, pattern: str) -> tuple[BeforeValidator, WithJsonSchema]:
    schema: dict[str, Any] = {"title": name, "type": "string", "pattern": pattern}
    return BeforeValidator(parse), WithJsonSchema(schema)


_RATE = Unit("a rate", "400Mbit/s", RATES)
_SIZE = Unit("a size", "20GB", SIZES)
_FREQUENCY = Unit("a frequency", "18GHz", FREQUENCIES)
_DISTANCE = Unit("a distance", "21.3km", DISTANCES)
_TEMPERATURE = Unit("a temperature", "27C", TEMPERATURES)
_LEVEL = Unit("a level", "-38dBm", {"dBm": 1.0})
_GAIN = Unit("a ratio in dB", "25dB", {"dB": 1.0})
_ANTENNA = Unit("an antenna gain", "38.5dBi", {"dBi": 1.0, "dB": 1.0})
_RAIN = Unit("a rain rate", "32mm/h", {"mm/h": 1.0})
_MODULATION = re.compile(r"([0-9]{1,5}) *-?QAM|QAM-?([0-9]{1,5})|([0-9]{1,5})", re.IGNORECASE)
_NAMED_MODULATIONS: Mapping[str, int] = {"BPSK": 2, "QPSK": 4}


def parse_modulation(value: object) -> int:
    """Return the constellation points that ``256QAM``, ``QPSK`` or ``256`` mean. Raises Wrong."""
    text = "" if isinstance(value, bool) else str(value).strip()
    match = _MODULATION.fullmatch(text)
    points = int(match[1] or match[2] or match[3]) if match else _NAMED_MODULATIONS.get(text.upper(), 0)
    if points < 2 or points & (points - 1) or points > 16384:
        raise Wrong(f"{shown(value)} is not a modulation, e.g. 256QAM or QPSK")
    return points


def _carrier(hertz: float) -> float:
    if not 1e8 <= hertz <= 1e12:
        raise Wrong(f"{hertz:g} Hz is no radio hop's frequency", f"with its unit, e.g. {_FREQUENCY.example}")
    return hertz


def _received(dbm: float) -> float:
    if not -130 <= dbm <= 0:
        raise Wrong(f"{dbm:g} dBm is never received", f"such levels are negative, e.g. {_LEVEL.example}")
    return dbm


_DURATION_INPUT = WithJsonSchema(_schema(_DURATION, rf"^({_UNSIGNED}({'|'.join(DURATIONS)}))+$"))

_date, _date_input = _text(parse_date, "date", r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$")
_datetime, _datetime_input = _text(
    parse_datetime, "local time", r"^[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(:[0-9]{2})?$"
)
_closed, _closed_input = _text(parse_closed_day, "day", r"^([0-9]{4}-)?[0-9]{2}-[0-9]{2}$")
_time, _time_input = _text(parse_time, "time of day", r"^[0-9]{2}:[0-9]{2}$")

Duration = Annotated[float, Field(le=1000 * 365 * DAY), BeforeValidator(parse_duration), _DURATION_INPUT]
Interval = Annotated[float, Field(ge=0.1, le=1000 * 365 * DAY), BeforeValidator(parse_duration), _DURATION_INPUT]
Rate = Annotated[float, Field(gt=0), _reader(_RATE), _input(_RATE)]
Size = Annotated[float, Field(ge=0), _reader(_SIZE), _input(_SIZE)]
Frequency = Annotated[float, AfterValidator(_carrier), _reader(_FREQUENCY), _input(_FREQUENCY)]
Distance = Annotated[float, Field(gt=0), _reader(_DISTANCE), _input(_DISTANCE)]
Temperature = Annotated[float, Field(ge=-273.15, le=1000), _reader(_TEMPERATURE), _input(_TEMPERATURE)]
Level = Annotated[float, Field(ge=-200, le=100), _reader(_LEVEL), _input(_LEVEL)]
ReceivedLevel = Annotated[float, AfterValidator(_received), _reader(_LEVEL), _input(_LEVEL)]
Decibel = Annotated[float, Field(ge=-300, le=300), _reader(_GAIN), _input(_GAIN)]
AntennaGain = Annotated[float, Field(ge=0, le=80), _reader(_ANTENNA), _input(_ANTENNA)]
RainRate = Annotated[float, Field(gt=0, le=300), _reader(_RAIN), _input(_RAIN)]
Modulation = Annotated[
    int,
    BeforeValidator(parse_modulation),
    WithJsonSchema({"title": "modulation", "type": ["string", "integer"], "examples": ["256QAM", "QPSK"]}),
]
Ratio = Annotated[float, BeforeValidator(parse_ratio), _input(_RATIO)]
Day = Annotated[date, _date, _date_input]
LocalTime = Annotated[datetime, _datetime, _datetime_input]
ClosedDay = Annotated[str, _closed, _closed_input]
TimeOfDay = Annotated[time, _time, _time_input]
