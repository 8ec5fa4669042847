from __future__ import annotations

import contextlib
import math
from datetime import date, datetime, time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from config import units
from config.errors import Wrong


def read(kind: Any, value: object) -> object:
    return TypeAdapter[object](kind).validate_python(value)


@pytest.mark.parametrize(
    ("kind", "written", "value"),
    [
        (units.Duration, "500ms", 0.5),
        (units.Duration, "30s", 30),
        (units.Duration, "5m", 300),
        (units.Duration, "1h", 3600),
        (units.Duration, "7d", 604_800),
        (units.Duration, "2w", 1_209_600),
        (units.Duration, "5y", 5 * 365 * 86_400),
        (units.Duration, "1h30m", 5400),
        (units.Duration, "0s", 0),
        (units.Duration, 12.5, 12.5),
        (units.Rate, "400Mbit/s", 4e8),
        (units.Rate, "64kbit/s", 64_000),
        (units.Rate, "1 Gbit/s", 1e9),
        (units.Size, "20GB", 2e10),
        (units.Size, "4KiB", 4096),
        (units.Ratio, "99.5%", 0.995),
        (units.Ratio, "99.99%", 0.9999),
        (units.Ratio, "70%", 0.7),
        (units.Ratio, 0.25, 0.25),
        (units.Temperature, "27C", 27),
        (units.Temperature, "-3.5°C", -3.5),
        (units.Level, "-38dBm", -38),
        (units.Decibel, "25dB", 25),
        (units.Frequency, "18GHz", 18e9),
        (units.Distance, "21.3km", 21_300),
        (units.Distance, "300m", 300),
        (units.Day, "2027-06-30", date(2027, 6, 30)),
        (units.LocalTime, "2026-12-05T20:00", datetime.fromisoformat("2026-12-05T20:00")),
        (units.TimeOfDay, "07:30", time(7, 30)),
        (units.ClosedDay, "02-29", "02-29"),
        (units.ClosedDay, "2027-02-08", "2027-02-08"),
    ],
)
def test_written_form_is_read_into_base_units(kind: Any, written: object, value: object) -> None:
    assert read(kind, written) == value


def _each(*values: object) -> tuple[object, ...]:
    return values


_ODD: tuple[object, ...] = (-1, None, [], {}, "9" * 400 + "s", 10**400)


@pytest.mark.parametrize(
    ("kind", "written"),
    [
        *(
            (units.Duration, text)
            for text in _each("30x", "", "s", "-1s", "1 h", "30S", "nan", "inf", "1e999s", "5m-", True)
        ),
        *((units.Duration, value) for value in _ODD),
        *((units.Interval, text) for text in _each("0s", "10ms")),
        *((units.Rate, text) for text in _each("12Mbps", "fast", "0bit/s", "-1Mbit/s", "400mbit/s")),
        *((units.Size, text) for text in _each("20gb", "-1GB", "20 G B")),
        *((units.Ratio, text) for text in _each("101%", "-1%", 99.5, "99,5%")),
        *((units.Temperature, text) for text in _each("27F", "-300C")),
        *((units.Level, text) for text in _each("-38dB", "-500dBm")),
        *(
            (units.Day, text)
            for text in _each("2027-02-30", "30.06.2027", 2027, "2027-6-3", datetime.fromisoformat("2027-01-01"))
        ),
        *((units.LocalTime, text) for text in _each("2026-12-05", "2026-12-05T25:00", 5)),
        *((units.TimeOfDay, text) for text in _each("7:30", "24:00", "07:60", 730)),
        *((units.ClosedDay, text) for text in _each("13-45", "02-30", "Weihnachten", "2027-02-29")),
    ],
)
def test_anything_else_is_refused(kind: Any, written: object) -> None:
    with pytest.raises(ValidationError):
        read(kind, written)


@given(st.text() | st.integers() | st.floats() | st.none() | st.binary())
def test_parsers_return_a_finite_number_or_say_what_is_wrong(value: object) -> None:
    for parse in (units.parse_duration, units.parse_ratio):
        with contextlib.suppress(Wrong):
            assert math.isfinite(parse(value))
