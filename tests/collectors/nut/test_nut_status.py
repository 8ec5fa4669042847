"""Flags, alarms and results of self-tests; without a server."""

from __future__ import annotations

import pytest

from collectors.nut.parse import meaning
from tests.collectors.nut.reading import NOW, read, refused, remarks


@pytest.mark.parametrize(
    ("status", "on_battery", "running", "more"),
    [
        ("OL", 0, 0, ""),
        ("OL CHRG", 0, 0, ""),
        ("ol chrg", 0, 0, ""),
        ("OB DISCHRG", 1, 0, ""),
        ("OL OB", 1, 0, ""),
        ("OB LB FSD", 1, 0, "ups_battery_low"),
        ("FSD OB DISCHRG", 1, 0, "ups_battery_low"),  # the load is about to be cut
        ("OL RB ALARM", 0, 0, "ups_battery_replace"),
        ("OL BYPASS", 0, 0, "ups_on_bypass"),
        ("BYPASS", 0, 0, "ups_on_bypass"),
        ("OL CAL DISCHRG", 0, 1, ""),
        ("OB CAL", 1, 1, ""),
        ("OL TEST", 0, 1, ""),
        ("OL TRIM OVER HB", 0, 0, ""),
        ("BOOST", 0, 0, ""),
        ("OFF", 0, 0, ""),
        ("OL SOMETHINGNEW", 0, 0, ""),
        ("LB", None, 0, "ups_battery_low"),
        ("CHRG", None, 0, ""),
    ],
)
def test_the_flags_of_the_status(status: str, on_battery: int | None, running: int, more: str) -> None:
    found = read({"ups.status": status})
    assert (found.get("ups_on_battery"), found["ups_self_test_running"]) == (on_battery, running)
    for name in ("ups_battery_low", "ups_battery_replace", "ups_on_bypass"):
        assert found[name] == (name == more)
    assert bool(remarks({"ups.status": status})) == (on_battery is None)


@pytest.mark.parametrize("status", ["", "WAIT", "???", "OLD", "N/A"])
def test_a_status_without_a_flag_that_is_known_is_unknown_and_not_on_mains(status: str) -> None:
    assert read({"ups.status": status}) == {}
    assert remarks({"ups.status": status}) == (f"ups.status: {status!r} says nothing that is known",)


def test_a_ups_without_a_status_is_remarked_on() -> None:
    assert remarks({"battery.charge": "100"}) == ("ups.status: its absence says nothing that is known",)


@pytest.mark.parametrize(
    ("status", "alarm", "replace", "fact"),
    [
        ("ALARM OL", "No battery installed!", 1, "No battery installed!"),
        ("ALARM OL", "Replace battery! Fan failure!", 1, "Replace battery! Fan failure!"),
        ("ALARM OL", "Battery needs to be replaced", 1, "Battery needs to be replaced"),
        ("ALARM OL", "[Battery charger] [Replace fan]", 0, "[Battery charger] [Replace fan]"),
        ("ALARM OL OVER", "Fan\x1b[31m failure!", 0, "overloaded; Fan\ufffd[31m failure!"),
        ("ALARM OL", "", 0, "one without a name"),
        ("OFF", "", 0, "the output is off"),
        ("OL", "", 0, None),
    ],
)
def test_alarms_are_quoted_and_those_of_the_battery_are_told(
    status: str, alarm: str, replace: float, fact: str | None
) -> None:
    variables = {"ups.status": status, "ups.alarm": alarm}
    assert read(variables)["ups_battery_replace"] == replace
    assert meaning(variables, None, "", NOW).facts.get("alarms") == fact
    assert remarks(variables) == ()


@pytest.mark.parametrize("result", ["In progress", "IP"])
def test_a_test_that_the_result_tells_of_is_running(result: str) -> None:
    found = read({"ups.status": "OB DISCHRG", "ups.test.result": result})
    assert (found["ups_on_battery"], found["ups_self_test_running"]) == (1, 1)
    assert "ups_self_test_passed" not in found


@pytest.mark.parametrize(
    ("result", "passed"),
    [
        ("Done and passed", 1),
        ("Done  and  warning", 0),
        ("done and error", 0),
        ("OK", 1),
        ("NG", 0),
        ("BT", 0),
        ("No test initiated", None),
        ("NO", None),
        ("Aborted", None),
        ("Test scheduled", None),
        ("", None),
    ],
)
def test_the_result_of_the_last_test(result: str, passed: float | None) -> None:
    assert read({"ups.status": "OL", "ups.test.result": result}).get("ups_self_test_passed") == passed
    assert refused({"ups.status": "OL", "ups.test.result": result}) == ()
    assert remarks({"ups.status": "OL", "ups.test.result": result}) == ()


def test_a_result_that_nobody_knows_is_refused() -> None:
    variables = {"ups.status": "OL", "ups.test.result": "Fertig\x1b[31m"}
    assert "ups_self_test_passed" not in read(variables)
    assert refused(variables) == ("ups.test.result: 'Fertig\ufffd[31m' is no result that is known",)
