from __future__ import annotations

from typing import Any

import pytest

from agent import neutral
from agent.contract import Severity
from agent.risk.catalogue.rooms import COOLING_FAILED, DOOR_OPEN
from tests.agent.risk.room.watch import CONTACT, DOOR, TEMPERATURE, Watched
from tests.agent.risk.scene import the

FAULTS = {"klima/f1": {"contact": "cooling_fault"}, "klima/f2": {"contact": "cooling_fault"}}
RUNS = {"klima/r1": {"contact": "cooling_running"}, "klima/r2": {"contact": "cooling_running"}}


def contacts(**said: float) -> dict[Any, float]:
    return {(CONTACT, sensor): value for sensor, value in said.items()}


@pytest.mark.parametrize(
    ("first", "second", "units", "severity"),
    [
        (0, 0, 2, None),
        (1, 0, 2, Severity.WARNING),
        (1, 1, 2, Severity.CRITICAL),
        (1, 1, 3, Severity.WARNING),
        (1, 1, None, Severity.CRITICAL),
    ],
)
def test_faults(first: float, second: float, units: int | None, severity: Severity | None) -> None:
    made = Watched({"sensors": FAULTS, "cooling_units": units}).says(contacts(f1=first, f2=second))
    found = made.finding(COOLING_FAILED)
    assert (found and found.severity) == severity
    assert made.state.cooling_units == units


def test_a_fault_names_its_contact() -> None:
    made = Watched({"sensors": FAULTS, "cooling_units": 2}).says(contacts(f1=0, f2=1))
    assert the(made.finding(COOLING_FAILED)).summary == "Raum: cooling unit failed (klima/f2; 2 installed)"
    assert made.state.cooling_failed == ("klima/f2",)


def stopped(celsius: float) -> dict[Any, float]:
    return {**contacts(r1=0, r2=0), (TEMPERATURE, "t"): celsius}


def test_a_pause_of_the_compressor_is_no_failure_but_a_quarter_of_an_hour_in_a_warm_room_is() -> None:
    made = Watched({"sensors": RUNS, "cooling_units": 2}).says({**contacts(r1=1, r2=0), (TEMPERATURE, "t"): 26.0})
    assert (made.state.cooling_running, made.state.cooling_state) == (("klima/r1",), "ok")
    made.after(10).says(stopped(26.0))
    assert made.after(900).says(stopped(26.0)).finding(COOLING_FAILED) is None
    found = the(made.after(1).says(stopped(26.0)).finding(COOLING_FAILED))
    assert made.state.cooling_state == "failed"
    assert (found.severity, found.summary) == (
        Severity.CRITICAL,
        "Raum: no cooling unit has been running for 15 min",
    )
    assert made.after(10).says(contacts(r1=0, r2=1)).finding(COOLING_FAILED) is None


def test_in_winter_no_unit_has_to_run_until_the_room_warms() -> None:
    made = Watched({"sensors": RUNS, "cooling_units": 2}).says(stopped(20.5))
    for celsius in (21.0, 20.0, 22.9):
        assert made.after(3600).says(stopped(celsius)).finding(COOLING_FAILED) is None
    assert made.after(600).says(stopped(23.0)).finding(COOLING_FAILED)
    assert made.after(600).says(stopped(22.0)).finding(COOLING_FAILED)  # until one runs
    assert made.after(10).says({**stopped(22.0), (CONTACT, "r1"): 1.0}).finding(COOLING_FAILED) is None


def test_where_it_is_not_said_how_many_units_there_are_another_may_run() -> None:
    made = Watched({"sensors": RUNS}).says(stopped(26.5))
    assert made.after(3600).says(stopped(26.5)).finding(COOLING_FAILED) is None


def test_what_lies_across_a_step_of_the_clock_is_no_duration() -> None:
    made = Watched({"sensors": RUNS, "cooling_units": 2}).says({**stopped(26.0), (DOOR, "d"): 1.0})
    for seconds in (10_800, -7200):
        made.step(seconds).says({**stopped(26.0), (DOOR, "d"): 1.0})
        made.after(600).says({**stopped(26.0), (DOOR, "d"): 1.0})
        assert made.finding(COOLING_FAILED) is None
        assert made.finding(DOOR_OPEN) is None
        assert made.state.door_open_since == made.now - 600
    made.after(1201).says({**stopped(26.0), (DOOR, "d"): 1.0})
    assert made.finding(COOLING_FAILED)
    assert the(made.finding(DOOR_OPEN)).summary == "Raum: door open for 30 min"


def test_other_sensors_at_the_place_of_a_contact_are_no_units() -> None:
    sensors = {"klima/x": {"contact": "cooling_fault"}}
    made = Watched({"sensors": sensors}).says({(CONTACT, "x"): 1.0, (TEMPERATURE, "x"): 21.0, (DOOR, "x"): 1.0})
    assert the(made.finding(COOLING_FAILED)).severity is Severity.CRITICAL


def test_what_follows_from_the_contacts() -> None:
    assert Watched().look().state.cooling_state is None
    made = Watched({"sensors": FAULTS, "cooling_units": 2}).says(contacts(f1=0, f2=0))
    assert made.state.cooling_state == "ok"
    assert made.after(10).says(contacts(f1=1, f2=0)).state.cooling_state == "degraded"
    assert made.after(10).says(contacts(f1=1, f2=1)).state.cooling_state == "failed"
    assert made.after(10).says(contacts(f1=0)).state.cooling_state == "unknown"


def test_a_unit_without_a_contact_may_well_run() -> None:
    made = Watched({"sensors": {"klima/r1": RUNS["klima/r1"]}, "cooling_units": 2}).says(contacts(r1=0))
    assert made.after(3600).says(contacts(r1=0)).finding(COOLING_FAILED) is None


def test_a_relay_that_shows_voltage_tells_that_it_runs() -> None:
    made = Watched({"sensors": RUNS}).says({(neutral.SENSOR_VOLTAGE_PRESENT, "r1"): 1.0})
    assert made.state.cooling_running == ("klima/r1",)


def test_a_contact_that_fell_silent_says_nothing_good() -> None:
    made = Watched({"sensors": FAULTS}).says(contacts(f1=0, f2=1)).after(10).says({})
    assert made.finding(COOLING_FAILED) is None
    assert made.unknown(COOLING_FAILED)


def test_other_contacts_are_not_of_the_cooling() -> None:
    made = Watched().says(contacts(f1=1))
    assert made.finding(COOLING_FAILED) is None
    assert not made.unknown(COOLING_FAILED)


def test_a_door_that_stands_open_too_long() -> None:
    made = Watched().says({(DOOR, "d"): 0.0})
    assert (made.state.door_open, made.state.door_moved_at) == (False, None)
    opened = made.after(10).says({(DOOR, "d"): 1.0}).now
    assert (made.state.door_open, made.state.door_moved_at) == (True, opened)
    assert made.after(1800).says({(DOOR, "d"): 1.0}).finding(DOOR_OPEN) is None
    found = the(made.after(60).says({(DOOR, "d"): 1.0}).finding(DOOR_OPEN))
    assert (found.severity, found.summary) == (Severity.INFO, "Raum: door open for 31 min")
    assert made.after(10).says({(DOOR, "d"): 0.0}).finding(DOOR_OPEN) is None
    assert made.state.door_moved_at == made.now


def test_the_door_of_a_plant_may_stand_open_and_a_silent_contact_is_not_closed() -> None:
    plant = Watched({"kind": "plant"}).says({(DOOR, "d"): 1.0})
    assert plant.after(9000).says({(DOOR, "d"): 1.0}).finding(DOOR_OPEN) is None
    made = Watched().says({(DOOR, "d"): 1.0}).after(10).says({})
    assert made.state.door_open is None
    assert made.unknown(DOOR_OPEN)
