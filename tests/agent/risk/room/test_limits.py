from __future__ import annotations

from typing import Any

import pytest

from agent.contract import Limits, Severity
from agent.figures import ROOM_DEW_POINT, ROOM_TEMPERATURE_LIMIT
from agent.risk.catalogue.rooms import HUMIDITY_OUT_OF_RANGE, TEMPERATURE_HIGH
from tests.agent.risk.room.watch import HUMIDITY, TEMPERATURE, Watched
from tests.agent.risk.scene import the

ASHRAE_WARM = "ASHRAE TC 9.9 (recommended up to 27 °C, allowable in class A1 up to 32 °C)"
ASHRAE_MOIST = "ASHRAE TC 9.9 (recommended: dew point -9 to 15 °C, at most 70% relative humidity)"
DEFAULT = Limits(27.0, 32.0, ASHRAE_WARM, (0.0, 0.7), (-9.0, 15.0), ASHRAE_MOIST)
OWN = {"temperature": {"warning": "30C", "critical": "35C"}}


@pytest.mark.parametrize(
    ("room", "limits"),
    [
        ({}, DEFAULT),
        ({"kind": "distribution"}, DEFAULT),
        ({"kind": "plant"}, Limits()),
        ({"kind": "other", "limits": OWN}, Limits(30.0, 35.0, "inventory")),
        (
            {"limits": {**OWN, "source": "data sheet"}},
            DEFAULT._replace(warning=30.0, critical=35.0, temperature_source="data sheet"),
        ),
        (
            {"limits": {"humidity": {"low": "20%", "high": "70%"}}},
            DEFAULT._replace(humidity=(0.2, 0.7), dew_point=None, humidity_source="inventory"),
        ),
    ],
)
def test_limits_and_their_sources(room: dict[str, Any], limits: Limits) -> None:
    assert Watched(room).look().state.limits == limits


def test_a_room_without_own_limits_is_judged_by_the_standard_and_the_evidence_says_so() -> None:
    made = Watched().reads(27.4)
    found = the(made.finding(TEMPERATURE_HIGH))
    assert (found.severity, found.evidence[-1]) == (Severity.WARNING, f"Limits: {ASHRAE_WARM}")
    assert made.measures(ROOM_TEMPERATURE_LIMIT) == {("raum", "warning"): 27.0, ("raum", "critical"): 32.0}


def test_a_plant_without_limits_is_not_judged_by_temperature() -> None:
    made = Watched({"kind": "plant"}).reads(40.0)
    assert made.finding(TEMPERATURE_HIGH) is None
    assert not made.unknown(TEMPERATURE_HIGH)


@pytest.mark.parametrize(
    ("celsius", "ratio", "summary"),
    [
        (24.0, 0.45, None),
        (24.0, 0.75, "Raum: humidity 75% (allowed 0% to 70%)"),
        (26.0, 0.60, "Raum: dew point 17.6 °C (allowed -9.0 °C to 15.0 °C)"),
        (22.0, 0.10, "Raum: dew point -11.1 °C (allowed -9.0 °C to 15.0 °C)"),
    ],
)
def test_humidity_by_the_standard(celsius: float, ratio: float, summary: str | None) -> None:
    made = Watched().says({(TEMPERATURE, "t"): celsius, (HUMIDITY, "h"): ratio})
    found = made.finding(HUMIDITY_OUT_OF_RANGE)
    assert (found and found.summary) == summary
    assert found is None or found.evidence[-1] == f"Limits: {ASHRAE_MOIST}"


def test_hardly_within_the_dew_point_is_not_known_to_be_good() -> None:
    made = Watched().says({(TEMPERATURE, "t"): 25.0, (HUMIDITY, "h"): 0.53})
    assert made.finding(HUMIDITY_OUT_OF_RANGE) is None
    assert made.unknown(HUMIDITY_OUT_OF_RANGE)


def test_the_dew_point_takes_the_temperature_of_the_same_sensor_then_of_its_device_then_of_the_room() -> None:
    same = Watched().says({(TEMPERATURE, "h"): 20.0, (TEMPERATURE, "t"): 26.0, (HUMIDITY, "h"): 0.5})
    assert same.state.dew_points["klima/h"] == pytest.approx(9.3, abs=0.1)
    device = Watched().says({(TEMPERATURE, "t"): 25.0, (HUMIDITY, "h"): 0.5})
    assert device.state.dew_points["klima/h"] == pytest.approx(13.9, abs=0.1)
    assert device.measures(ROOM_DEW_POINT) == {("raum", "klima/h"): pytest.approx(13.86, abs=0.01)}
    other = {"wand": {"site": "rathaus", "address": "127.0.0.1", "role": "sensor", "room": "raum"}}
    room = Watched(devices=other).says({(TEMPERATURE, "t"): 20.0}).says({(HUMIDITY, "h"): 0.5}, "wand")
    assert room.state.dew_points["wand/h"] == pytest.approx(9.3, abs=0.1)
    assert Watched().says({(HUMIDITY, "h"): 0.5}).state.dew_points == {}
