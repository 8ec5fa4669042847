"""What a sensor says instead of a value, or in another unit, never becomes a climate: refused, and why is told."""

from __future__ import annotations

import pytest

from collectors.snmp.oid import Value
from collectors.snmp.parse import Arranger
from tests.collectors.snmp.mapping.mapping import TABLE, Mapping, Rows, profile

CELSIUS = "sensor_temperature_celsius"
RATIO = "sensor_humidity_ratio"


def mapped(family: str, raw: Value, text: str = "") -> tuple[float | None, tuple[str, ...], int]:
    """What becomes of one raw value: the value, why it was refused, and how many were counted."""
    arranger = Arranger([], profile(f"neutral: [{{family: ringwacht_{family}, oid: $.1, {text}}}]"))
    walk = Rows([f"{TABLE}.1.0"], [raw])
    arranged = arranger.arrange([walk])
    value = arranged.values[0] if arranged.values else None
    return value, arranged.refusals, arranged.dropped.get("implausible", 0)


def refusal(family: str, value: str) -> tuple[None, tuple[str, ...], int]:
    return None, (f"ringwacht_{family}: {value} is no value of it",), 1


@pytest.mark.parametrize(
    ("raw", "scale", "value"),
    [(-9999, 1, "-9999"), (-9999, 0.1, "-999.9"), (255, 1, "255"), (32767, 0.1, "3276.7"), (235, 1, "235")],
)
def test_a_temperature_that_cannot_be_is_refused_with_a_reason(raw: int, scale: float, value: str) -> None:
    assert mapped(CELSIUS, raw, f"scale: {scale}") == refusal(CELSIUS, value)


@pytest.mark.parametrize(
    ("raw", "scale", "value"),
    [(-9999, 0.01, "-99.99"), (255, 0.01, "2.55"), (455, 0.01, "4.55"), (-1, 0.01, "-0.01")],
)
def test_so_is_a_humidity(raw: int, scale: float, value: str) -> None:
    assert mapped(RATIO, raw, f"scale: {scale}") == refusal(RATIO, value)


@pytest.mark.parametrize("family", [CELSIUS, RATIO])
@pytest.mark.parametrize("raw", [b"N/A", b"", b"-", b"no sensor", None])
def test_a_text_without_a_number_is_no_value(family: str, raw: Value) -> None:
    assert mapped(family, raw) == (None, (), 0)


@pytest.mark.parametrize("raw", [-9999, 255])
def test_a_sentinel_that_the_profile_names_needs_no_reason(raw: int) -> None:
    assert mapped(CELSIUS, raw, "absent: [-9999, 255]") == (None, (), 0)


def test_fahrenheit_is_turned_into_celsius_where_the_device_says_its_unit() -> None:
    text = """
    neutral:
      - {family: ringwacht_sensor_temperature_celsius, oid: $.1, where: [{column: $.2, match: ^C$}]}
      - {family: ringwacht_sensor_temperature_celsius, oid: $.1, scale: 0.5555555555555556, offset: -17.77777777777778,
         where: [{column: $.2, match: ^F$}]}
    """
    made = Mapping(text)
    assert made.of({"1.0": 73, "2.0": b"F"}) == {f"{CELSIUS}  ": pytest.approx(22.777778)}
    assert made.of({"1.0": 23, "2.0": b"C"}) == {f"{CELSIUS}  ": 23.0}


@pytest.mark.parametrize(("family", "scale", "value"), [(CELSIUS, 0.1, 23.5), (RATIO, 0.001, 0.235)])
def test_tenths_where_the_profile_says_so(family: str, scale: float, value: float) -> None:
    assert mapped(family, 235, f"scale: {scale}") == (value, (), 0)


def test_what_is_told_of_a_device_is_bounded_and_all_is_counted() -> None:
    arranger = Arranger([], profile("neutral: [{family: ringwacht_sensor_temperature_celsius, oid: $.1}]"))
    walk = Rows([f"{TABLE}.1.{number}" for number in range(50)], [-9999] * 50)
    arranged = arranger.arrange([walk])
    assert (len(arranged.refusals), arranged.dropped) == (8, {"implausible": 50})
