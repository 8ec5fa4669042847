from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.contract import Part
from agent.layout import clean_text
from agent.neutral import PLAUSIBLE
from collectors.redfish.limits import MAX_SERIES
from collectors.redfish.machine import Chassis, Machine, Storage, Supply, System
from collectors.redfish.parse import REFUSED, parse
from collectors.redfish.resource import ResourceError, decode
from tests.collectors.redfish.lab import parsed, values, walked
from tests.harness.mockups import ROOT, WELL, newer, older


def test_the_older_model() -> None:
    found = parsed(older())
    assert values(found) == {
        "device_info Example RX 2540 YM1234 2.60P": 1,
        "hardware_temperature_celsius Ambient": 23.5,
        "sensor_temperature_celsius serverraum Intake Ambient": 23.5,
        "hardware_temperature_celsius CPU1": 51,
        "hardware_ok CPU1 temperature": 1,
        "hardware_ok CPU2 temperature": 1,
        "hardware_ok FAN1": 1,
        "hardware_fan_speed_rpm FAN1": 4200,
        "hardware_ok FAN2": 0,
        "hardware_fan_speed_rpm FAN2": 0,
        "hardware_ok FAN3": 1,
        "hardware_ok PSU1": 1,
        "sensor_voltage_present serverraum PSU1 input": 1,
        "hardware_voltage_volts PSU1 input": 229,
        "hardware_ok PSU2": 0,
        "sensor_voltage_present serverraum PSU2 input": 0,
        "hardware_voltage_volts PSU2 input": 0,
        "hardware_power_watts Server": 182,
        "hardware_voltage_volts BATT 3.0V": 3.02,
        "hardware_ok BATT 3.0V voltage": 1,
        "hardware_redundancy_ok PSUs": 0,
        "hardware_redundancy_ok Fans": 0,
        "hardware_ok memory": 1,
        "hardware_ok SSD (0)": 1,
        "hardware_life_left_ratio SSD (0)": 0.91,
        "hardware_ok SSD (1)": 0,
        "hardware_life_left_ratio SSD (1)": 0.07,
    }
    assert found.facts[REFUSED] == "CPU2: -128"
    assert (found.facts["bios"], found.facts["firmware"]) == ("R1.30", "2.60P")
    assert Part("powerSupply", "PSU1", "S13", "P1") in found.parts
    assert found.remarks == ()


def test_where_both_models_are_there_the_newer_tells_and_nothing_twice() -> None:
    found = values(parsed(newer()))
    assert {name: value for name, value in found.items() if "SSD" not in name} == {
        "device_info Example RX 2540 YM1234 2.60P": 1,
        "hardware_temperature_celsius Front": 22.1,
        "sensor_temperature_celsius serverraum Intake Front": 22.1,
        "hardware_ok Fan A": 1,
        "hardware_fan_speed_rpm Fan A": 3100,
        "hardware_ok Supply L": 1,
        "hardware_power_watts Supply L": 96.5,
        "sensor_voltage_present serverraum Supply L input": 1,
        "hardware_voltage_volts Supply L input": 231.5,
        "hardware_ok Supply R": 0,
        "sensor_voltage_present serverraum Supply R input": 0,
        "hardware_power_watts Chassis": 188,
        "hardware_voltage_volts BATT 3.0V": 3.02,
        "hardware_ok BATT 3.0V voltage": 1,
        "hardware_redundancy_ok power supplies": 1,
        "hardware_ok memory": 1,
    }


def test_the_air_that_a_server_without_a_room_takes_in_is_nobodys_climate() -> None:
    assert not [name for name in values(parsed(newer(), None)) if name.startswith("sensor_temperature")]


@pytest.mark.parametrize("sentinel", [-273.15, -128, 255, 1e999, "N/A", "23", True, None, [21], 10**400])
def test_a_sentinel_is_no_temperature(sentinel: object) -> None:
    tree = older()
    tree[f"{ROOT}/Chassis/1/Thermal"]["Temperatures"] = [{"Name": "Inlet", "ReadingCelsius": sentinel, "Status": WELL}]
    assert not [name for name in values(parsed(tree)) if "temperature_celsius" in name]


def test_what_is_absent_or_off_neither_fails_nor_measures() -> None:
    for state in ("Absent", "Disabled", "StandbyOffline"):
        tree = older()
        off = {"State": state, "Health": "Critical"}
        tree[f"{ROOT}/Chassis/1/Power"]["PowerSupplies"] = [
            {"Name": "PSU9", "Status": off, "LineInputVoltage": 0, "LineInputStatus": "LossOfInput"}
        ]
        tree[f"{ROOT}/Chassis/1/Thermal"]["Redundancy"] = [{"Name": "Fans9", "Status": off}]
        assert not [name for name in values(parsed(tree)) if "PSU9" in name or "Fans9" in name]


def test_a_supply_that_is_well_at_0_volts_has_a_controller_that_does_not_measure() -> None:
    tree = older()
    tree[f"{ROOT}/Chassis/1/Power"]["PowerSupplies"] = [{"Name": "PSU1", "Status": WELL, "LineInputVoltage": 0}]
    found = values(parsed(tree))
    assert found["hardware_ok PSU1"] == 1
    assert "sensor_voltage_present serverraum PSU1 input" not in found


def test_a_supply_for_48_volts_that_failed_is_not_one_without_a_feed() -> None:
    tree = older()
    failed = {"State": "Enabled", "Health": "Critical"}
    tree[f"{ROOT}/Chassis/1/Power"]["PowerSupplies"] = [{"Name": "PSU1", "Status": failed, "LineInputVoltage": 46}]
    found = values(parsed(tree))
    assert found["hardware_ok PSU1"] == 0
    assert "sensor_voltage_present serverraum PSU1 input" not in found


def test_health_that_is_not_told_is_not_good() -> None:
    tree = older()
    for status in ({}, {"State": "Enabled"}, {"State": "Enabled", "Health": None}, {"Health": 1}, "OK"):
        tree[f"{ROOT}/Chassis/1/Thermal"]["Fans"] = [{"Name": "FAN1", "Status": status}]
        assert "hardware_ok FAN1" not in values(parsed(tree))


def test_sensors_are_read_where_there_is_no_other_temperature() -> None:
    tree = older()
    del tree[f"{ROOT}/Chassis/1/Thermal"]
    tree[f"{ROOT}/Chassis/1"]["Sensors"] = {"@odata.id": f"{ROOT}/Chassis/1/Sensors"}
    tree[f"{ROOT}/Chassis/1/Sensors"] = {"Members": [{"@odata.id": f"{ROOT}/Chassis/1/Sensors/{n}"} for n in "abc"]}
    for name, unit in (("a", "Cel"), ("b", "[degF]"), ("c", "RPM")):
        kind = "Rotational" if name == "c" else "Temperature"
        told = {"Name": name, "Reading": 70, "ReadingUnits": unit, "ReadingType": kind, "Status": WELL}
        tree[f"{ROOT}/Chassis/1/Sensors/{name}"] = told
    found = values(parsed(tree))
    assert [name for name in found if "temperature_celsius" in name] == ["hardware_temperature_celsius a"]
    assert found["hardware_fan_speed_rpm c"] == 70


@pytest.mark.parametrize("body", [b"", b"[]", b"nonsense", b"[" * 100_000, b'"x"', b"\xff\xfe", b"1" * 5000])
def test_what_is_no_json_object_is_no_resource(body: bytes) -> None:
    with pytest.raises(ResourceError):
        decode(body)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.just(WELL),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=8,
)
PROPERTIES = (
    *("Name", "Id", "MemberId", "@odata.id", "Status", "Reading", "ReadingUnits", "PhysicalContext", "ReadingCelsius"),
    *("Temperatures", "Fans", "Redundancy", "PowerSupplies", "Voltages", "PowerControl", "LineInputVoltage", "Members"),
    *("TemperatureReadingsCelsius", "TemperatureSummaryCelsius", "SpeedPercent", "PowerWatts", "MemorySummary"),
    *("PredictedMediaLifeLeftPercent", "StorageControllers", "Model", "FirmwareVersion", "ReadingType", "Drives"),
)
HOSTILE = st.dictionaries(
    st.sampled_from(PROPERTIES),
    JSON | st.lists(st.dictionaries(st.sampled_from(PROPERTIES), JSON, max_size=5), max_size=4),
    max_size=8,
)


@settings(max_examples=60)
@given(st.lists(HOSTILE, min_size=12, max_size=12))
def test_whatever_a_controller_says_yields_plausible_samples_and_clean_labels(made: list[dict[str, Any]]) -> None:
    a, b, c, d, e, f, g, h, i, j, k, m = made
    chassis = Chassis(a, b, c, (d,), e, (Supply(f, g),), (h,), i, (j,), k, m)
    machine = Machine(a, (chassis, chassis), (System(b, (Storage(c, (d, e), (f,)),)),), (g,))
    found = parse(machine, "room")
    for sample in found.samples:
        low, high = PLAUSIBLE[sample.family.name]
        assert math.isfinite(sample.value)
        assert low <= sample.value <= high
        assert len(sample.labels) == len(sample.family.labels)
    assert all(text == clean_text(text) for text in found.facts.values())


@settings(max_examples=60)
@given(st.dictionaries(st.sampled_from(sorted(newer())), HOSTILE, max_size=4))
def test_a_tree_of_which_any_resource_is_garbage_is_walked_to_its_end(garbage: dict[str, Any]) -> None:
    parse(walked({**newer(), **garbage}), "room")


def test_a_thousand_fans_are_too_many() -> None:
    tree = older()
    fan = {"Reading": 1, "ReadingUnits": "RPM", "Status": WELL}
    for name in ("Thermal", "Power"):
        rows = [{**fan, "Name": f"{name} {number}"} for number in range(5000)]
        tree[f"{ROOT}/Chassis/1/{name}"] |= {"Fans": rows, "PowerSupplies": rows}
    assert len(parsed(tree).samples) < MAX_SERIES
