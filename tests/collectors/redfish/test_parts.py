"""What fails is told, under a name that stays; what cannot be measured is looked for elsewhere."""

from __future__ import annotations

from typing import Any

import pytest

from tests.collectors.redfish.lab import parsed, values
from tests.harness.mockups import ROOT, WELL, Tree, at, collection, newer, older, resource

CHASSIS = f"{ROOT}/Chassis/1"
THERMAL = f"{CHASSIS}/Thermal"
STORAGE = f"{ROOT}/Systems/1/Storage/RAID"
BAD = {"State": "Enabled", "Health": "Critical"}


def oks(tree: Tree) -> dict[str, float]:
    found = values(parsed(tree))
    return {name.removeprefix("hardware_ok "): ok for name, ok in found.items() if name.startswith("hardware_ok")}


def healthy() -> Tree:
    """The older model with nothing wrong."""
    tree = older()
    tree[THERMAL] |= {"Fans": [{"Name": "FAN1", "Status": WELL}], "Redundancy": []}
    tree[f"{CHASSIS}/Power"] |= {"PowerSupplies": [], "Redundancy": []}
    tree[STORAGE]["Drives"] = [at(f"{STORAGE}/Drives/0")]
    return tree


@pytest.mark.parametrize(
    "metrics",
    [
        {"TemperatureReadingsCelsius": []},
        {"TemperatureReadingsCelsius": [{"DeviceName": "CPU", "Reading": None, "Status": WELL}]},
        {"TemperatureSummaryCelsius": {"Exhaust": {"Reading": 40}}},
    ],
)
def test_a_newer_model_that_measures_nothing_hides_no_temperature(metrics: dict[str, Any]) -> None:
    tree = newer()
    tree[f"{CHASSIS}/ThermalSubsystem/ThermalMetrics"] = metrics
    assert values(parsed(tree))["hardware_temperature_celsius CPU1"] == 51
    del tree[THERMAL]
    tree[CHASSIS]["Sensors"] = at(f"{CHASSIS}/Sensors")
    told = {"Name": "Inlet", "Reading": 21, "ReadingUnits": "Cel", "ReadingType": "Temperature"}
    tree |= collection(f"{CHASSIS}/Sensors", "a") | resource(f"{CHASSIS}/Sensors/a", **told)
    assert values(parsed(tree))["hardware_temperature_celsius Inlet"] == 21


def test_a_sensor_that_is_critical_is_told() -> None:
    tree = healthy()
    tree[THERMAL]["Temperatures"][1] |= {"ReadingCelsius": 105, "Status": BAD}
    tree[f"{CHASSIS}/Power"]["Voltages"][0] |= {"ReadingVolts": 1.1, "Status": BAD}
    found = oks(tree)
    assert (found["CPU1 temperature"], found["BATT 3.0V voltage"]) == (0, 0)


def test_warm_air_of_the_room_is_no_fault_of_the_server() -> None:
    tree = healthy()
    tree[THERMAL]["Temperatures"][0]["Status"] = BAD
    assert 0 not in oks(tree).values()
    assert "hardware_ok Ambient temperature" in values(parsed(tree, None))


def test_controllers_of_the_newer_model_are_read() -> None:
    tree = healthy()
    tree[STORAGE] |= {"Controllers": at(f"{STORAGE}/Controllers")}
    tree |= collection(f"{STORAGE}/Controllers", "0") | resource(f"{STORAGE}/Controllers/0", Name="HBA", Status=BAD)
    assert oks(tree)["HBA"] == 0


@pytest.mark.parametrize(
    ("path", "name"),
    [(CHASSIS, "chassis Chassis as a whole"), (f"{ROOT}/Systems/1", "system 1 as a whole"), (STORAGE, "storage RAID")],
)
@pytest.mark.parametrize("status", [{"Health": "Critical"}, {"Health": "OK", "HealthRollup": "Warning"}])
def test_what_no_part_explains_is_told_of_the_whole(path: str, name: str, status: dict[str, str]) -> None:
    tree = healthy()
    tree[path]["Status"] = status
    assert [part for part, ok in oks(tree).items() if not ok] == [f"{name.removesuffix(' as a whole')} as a whole"]
    tree[THERMAL]["Fans"][0]["Status"] = BAD
    tree[f"{STORAGE}/Drives/0"]["Status"] = BAD
    assert [part for part, ok in oks(tree).items() if not ok] == ["FAN1", "SSD (0)"]


@pytest.mark.parametrize("said", [{"RedundancyEnabled": False}, {"Mode": "NonRedundant"}])
def test_what_is_not_meant_to_be_redundant_is_no_group(said: dict[str, object]) -> None:
    tree = older()
    tree[f"{CHASSIS}/Power"]["Redundancy"][0] |= said
    assert "hardware_redundancy_ok PSUs" not in values(parsed(tree))


def test_parts_without_names_are_told_apart() -> None:
    tree = healthy()
    tree[THERMAL]["Fans"] = [{"Status": WELL}, {"Status": BAD}]
    found = oks(tree)
    assert (found["fan 1"], found["fan 2"]) == (1, 0)


@pytest.mark.parametrize("name", ["SSD", "Physical Disk", "PM893"])
def test_a_label_stays_when_a_neighbour_is_pulled(name: str) -> None:
    tree = healthy()
    tree[STORAGE]["Drives"] = [at(f"{STORAGE}/Drives/{number}") for number in (0, 1)]
    for number in (0, 1):
        tree[f"{STORAGE}/Drives/{number}"] |= {"Name": name, "Model": "PM893"}
    both = oks(tree).keys()
    tree[STORAGE]["Drives"].pop()
    alone = oks(tree).keys()
    assert {f"{name} (0)", f"{name} (1)"} <= both
    assert alone == both - {f"{name} (1)"}


def test_no_two_series_of_one_family_have_the_same_label() -> None:
    tree = older()
    tree[f"{CHASSIS}/Power"]["Voltages"] = [
        {"Name": "PSU1 input", "ReadingVolts": 12},
        {"Name": "x", "ReadingVolts": 1},
    ]
    tree[THERMAL]["Fans"].append({"Name": "CPU1 temperature", "Status": BAD})
    samples = [(sample.family.name, sample.labels) for sample in parsed(tree).samples]
    assert len(samples) == len(set(samples))
    assert 0 in [ok for name, ok in oks(tree).items() if "CPU1 temperature" in name]
