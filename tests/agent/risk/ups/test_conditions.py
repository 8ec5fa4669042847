"""Batteries, tests, load and runtime on mains."""

from __future__ import annotations

from typing import Any

import pytest

from agent import neutral
from agent.contract import MetricFamily, Severity
from agent.risk.catalogue.power import (
    TABLE,
    UPS_BATTERY_HOT,
    UPS_BATTERY_OLD,
    UPS_BATTERY_REPLACE,
    UPS_LOW_BATTERY_LATE,
    UPS_ON_BATTERY,
    UPS_ON_BYPASS,
    UPS_OVERLOAD,
    UPS_RUNTIME_SHORT,
    UPS_SELF_TEST_DUE,
    UPS_SELF_TEST_FAILED,
)
from config.units import DAY
from tests.agent.risk.scene import NOW, job, the
from tests.agent.risk.ups.supply import INVENTORY, Supplied, supply

REQUIRED = 29 * 60.0
UNKNOWN = "unknown"


def on_mains(values: dict[MetricFamily, float], **more: Any) -> Supplied:
    return supply({neutral.UPS_ON_BATTERY: 0.0, **values}, **more)


def verdict(made: Supplied, rule: str) -> str | None:
    finding = made.finding(rule)
    if finding is None:
        return UNKNOWN if made.unverified(rule, "device:usv") else None
    return finding.severity.value


@pytest.mark.parametrize(
    ("rule", "family", "value", "expected"),
    [
        (UPS_BATTERY_REPLACE, neutral.UPS_BATTERY_REPLACE, 1.0, "warning"),
        (UPS_BATTERY_REPLACE, neutral.UPS_BATTERY_REPLACE, 0.0, None),
        (UPS_SELF_TEST_FAILED, neutral.UPS_SELF_TEST_PASSED, 0.0, "warning"),
        (UPS_SELF_TEST_FAILED, neutral.UPS_SELF_TEST_PASSED, 1.0, None),
        (UPS_BATTERY_OLD, neutral.UPS_BATTERY_INSTALLED, NOW - 4 * 365 * DAY, None),
        (UPS_BATTERY_OLD, neutral.UPS_BATTERY_INSTALLED, NOW - 4 * 365 * DAY - 1, "info"),
        (UPS_BATTERY_OLD, neutral.UPS_BATTERY_INSTALLED, NOW + 2 * DAY, None),
        (UPS_BATTERY_HOT, neutral.UPS_BATTERY_TEMPERATURE, 29.0, None),
        (UPS_BATTERY_HOT, neutral.UPS_BATTERY_TEMPERATURE, 29.5, None),
        (UPS_BATTERY_HOT, neutral.UPS_BATTERY_TEMPERATURE, 30.1, "warning"),
        (UPS_BATTERY_HOT, neutral.UPS_BATTERY_TEMPERATURE, 45.1, "critical"),
        (UPS_SELF_TEST_DUE, neutral.UPS_SELF_TEST_AT, NOW - 35 * DAY, None),
        (UPS_SELF_TEST_DUE, neutral.UPS_SELF_TEST_AT, NOW - 36 * DAY, "info"),
        (UPS_OVERLOAD, neutral.UPS_LOAD, 0.76, None),
        (UPS_OVERLOAD, neutral.UPS_LOAD, 0.79, None),
        (UPS_OVERLOAD, neutral.UPS_LOAD, 0.81, "warning"),
        (UPS_OVERLOAD, neutral.UPS_LOAD, 1.01, "critical"),
        (UPS_ON_BYPASS, neutral.UPS_BYPASS, 1.0, "warning"),
        (UPS_RUNTIME_SHORT, neutral.UPS_RUNTIME, REQUIRED - 1, "info"),
        (UPS_RUNTIME_SHORT, neutral.UPS_RUNTIME, REQUIRED + 1, UNKNOWN),
        (UPS_RUNTIME_SHORT, neutral.UPS_RUNTIME, REQUIRED * 1.11, None),
        (UPS_LOW_BATTERY_LATE, neutral.UPS_RUNTIME_LOW, 719.0, "info"),
        (UPS_LOW_BATTERY_LATE, neutral.UPS_RUNTIME_LOW, 720.0, None),
    ],
)
def test_what_a_ups_says_on_mains(rule: str, family: MetricFamily, value: float, expected: str | None) -> None:
    assert verdict(on_mains({family: value}), rule) == expected


@pytest.mark.parametrize("rule", [rule.name for rule in TABLE if rule.name.startswith("ups_")])
def test_what_is_not_read_is_not_known_to_be_good(rule: str) -> None:
    partial = supply({neutral.UPS_INPUT_VOLTAGE: 230.0}).jobs(job("device:usv", "snmp", partial=("upsBattery",)))
    assert verdict(partial, rule) == UNKNOWN
    assert verdict(supply({}), rule) == UNKNOWN
    read = supply({neutral.UPS_INPUT_VOLTAGE: 230.0}).jobs(job("device:usv", "snmp"))
    assert verdict(read, rule) == UNKNOWN  # fully read, but it does not say


def test_limits_are_options() -> None:
    rules = {UPS_BATTERY_HOT: {"warning": "35C"}, UPS_OVERLOAD: {"warning": "50%"}, UPS_SELF_TEST_DUE: {"after": "7d"}}
    values = {neutral.UPS_BATTERY_TEMPERATURE: 33.0, neutral.UPS_LOAD: 0.6, neutral.UPS_SELF_TEST_AT: NOW - 8 * DAY}
    made = on_mains(values, rules=rules)
    assert [verdict(made, rule) for rule in rules] == [None, "warning", "info"]


def test_texts_say_value_limit_and_dates() -> None:
    values = {
        neutral.UPS_BATTERY_TEMPERATURE: 31.5,
        neutral.UPS_BATTERY_INSTALLED: NOW - 5 * 365 * DAY,
        neutral.UPS_SELF_TEST_AT: NOW - 40 * DAY,
    }
    made = on_mains(values, language="de")
    found = the(made.finding(UPS_BATTERY_HOT))
    assert found.summary == "usv: Batterie hat 31,5 °C (Grenze 30,0 °C)"
    assert found.evidence == ("Batterie vom 16.01.2022", "letzter Selbsttest am 06.12.2026")
    assert the(made.finding(UPS_BATTERY_OLD)).summary == "usv: Batterie ist 5,0 Jahre alt (Grenze 4,0)"
    assert the(made.finding(UPS_SELF_TEST_DUE)).summary == "usv: letzter Selbsttest vor 40 Tagen (Grenze 35)"
    assert (found.norm, found.site) == ("BSI INF.2.A3", "rathaus")


def test_a_battery_that_is_given_up_is_told_once() -> None:
    made = on_mains({neutral.UPS_BATTERY_REPLACE: 1.0, neutral.UPS_SELF_TEST_PASSED: 0.0})
    assert the(made.finding(UPS_BATTERY_REPLACE)).evidence == ("usv: the last self-test failed",)
    assert verdict(made, UPS_SELF_TEST_FAILED) == UNKNOWN


# --- runtime on mains ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "values",
    [
        {neutral.UPS_CHARGE: 0.9},
        {neutral.UPS_ON_BATTERY: 1.0},
        {neutral.UPS_SELF_TEST_RUNNING: 1.0},
    ],
)
def test_while_it_is_not_charged_and_at_rest_the_runtime_says_nothing(values: dict[MetricFamily, float]) -> None:
    assert verdict(on_mains({neutral.UPS_RUNTIME: 600.0, **values}), UPS_RUNTIME_SHORT) == UNKNOWN


def test_a_short_runtime_names_the_formula_and_the_load() -> None:
    values = {neutral.UPS_RUNTIME: 1200.0, neutral.UPS_CHARGE: 1.0, neutral.UPS_LOAD: 0.7}
    found = the(on_mains(values, language="de").finding(UPS_RUNTIME_SHORT))
    assert found.summary == "usv hält 20 min, verlangt sind 29 min"
    assert found.evidence == (
        "Ladestand 100 %",
        "Last 70 %",
        "verlangt: 5 min Wartezeit + 2 × 12 min Abschaltung = 29 min (Raum Serverraum Rathaus, BSI GEB.9.1.3)",
    )


@pytest.mark.parametrize(
    ("room", "required"),
    [
        ({"shutdown_time": "12m"}, 1440.0),
        ({"power_return_wait": "5m"}, 300.0),
        ({}, None),
    ],
)
def test_where_only_one_time_is_agreed_it_alone_is_required(room: dict[str, str], required: float | None) -> None:
    inventory = {**INVENTORY, "rooms": {"serverraum": {"site": "rathaus", **room}, "keller": {"site": "rathaus"}}}
    made = on_mains({neutral.UPS_RUNTIME: (required or 100.0) - 1}, inventory=inventory)
    house = made.judge().house
    assert house is not None
    assert house.power["usv"].required == required
    assert verdict(made, UPS_RUNTIME_SHORT) == (None if required is None else Severity.INFO.value)
    if required is not None:
        assert "required: " in the(made.finding(UPS_RUNTIME_SHORT)).evidence[-1]


def test_a_ups_elsewhere_is_asked_what_the_room_that_it_feeds_asks() -> None:
    devices = {**INVENTORY["devices"], "srv": {**INVENTORY["devices"]["srv"], "powered_by": ["pdu"]}}
    devices["pdu"] = {"site": "rathaus", "address": "127.0.0.1", "role": "pdu", "powered_by": ["usv-keller"]}
    house = supply({}, inventory={**INVENTORY, "devices": devices}).judge().house
    assert house is not None
    assert (house.power["usv-keller"].required, house.power["usv-keller"].room) == (REQUIRED, "serverraum")


def test_the_wait_is_that_of_its_own_room_and_the_shutdown_the_longest_of_all_that_it_feeds() -> None:
    rooms = {
        "keller": {"site": "rathaus", "name": "Keller", "power_return_wait": "5m"},
        "serverraum": {"site": "rathaus", "name": "Server", "shutdown_time": "20m", "power_return_wait": "9m"},
    }
    devices = {**INVENTORY["devices"], "srv": {**INVENTORY["devices"]["srv"], "powered_by": ["usv-keller"]}}
    made = supply(
        {neutral.UPS_ON_BATTERY: 1.0, neutral.UPS_RUNTIME: 600.0},
        "usv-keller",
        inventory={"rooms": rooms, "devices": devices},
    )
    found = the(made.finding(UPS_ON_BATTERY))
    assert found.severity is Severity.CRITICAL
    assert "wait 5 min + 2 × shutdown 20 min = 45 min (room Keller, Server" in found.evidence[1]
