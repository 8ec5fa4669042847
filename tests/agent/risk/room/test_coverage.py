from __future__ import annotations

from typing import Any

import pytest

from agent import neutral
from agent.contract import Coverage, Severity
from agent.figures import ROOM_QUANTITY
from agent.risk.catalogue.rooms import LEAK, ROOM_NOT_MEASURED
from tests.agent.risk.room.watch import CONTACT, DOOR, HUMIDITY, TEMPERATURE, Watched
from tests.agent.risk.scene import failed, job, the, unpolled

ALL = ["temperature", "humidity", "leak", "smoke", "door", "ups"]
DEVICE = {"site": "rathaus", "address": "127.0.0.1"}
UPS = {"usv": {**DEVICE, "role": "ups", "room": "raum"}}
DRY = {(neutral.SENSOR_LEAK, "w"): 0.0, (neutral.SENSOR_SMOKE, "s"): 0.0, (DOOR, "d"): 0.0}
FINE = {(TEMPERATURE, "t"): 22.0, (HUMIDITY, "h"): 0.45}


def states(made: Watched) -> dict[str, str]:
    return {one.quantity: one.state for one in made.state.coverage}


def test_a_room_that_measures_all_that_is_expected() -> None:
    made = Watched({"expected": ALL}, UPS).says({(neutral.UPS_CHARGE, ""): 1.0}, "usv").says({**FINE, **DRY})
    assert set(states(made).values()) == {"measured"}
    assert made.state.coverage[0] == Coverage("temperature", True, "measured", ("klima/t",))
    assert made.state.coverage[5] == Coverage("ups", True, "measured", ("usv",))
    assert made.finding(ROOM_NOT_MEASURED) is None
    assert not made.unknown(ROOM_NOT_MEASURED)
    assert made.measures(ROOM_QUANTITY)["raum", "door", "measured"] == 1.0
    assert len(made.measures(ROOM_QUANTITY)) == 18


def test_what_is_expected_and_missing_is_a_standing_gap() -> None:
    found = the(Watched({"expected": ["temperature", "leak"]}).says(FINE).finding(ROOM_NOT_MEASURED))
    assert (found.severity, found.summary) == (Severity.INFO, "Raum: not measured: water")
    assert found.evidence == ("water: no sensor",)


def test_what_was_measured_and_is_no_more_is_silent() -> None:
    made = Watched({"expected": ["temperature", "leak"]}).says({**FINE, **DRY}).after(10).says(FINE)
    found = the(made.finding(ROOM_NOT_MEASURED))
    assert found.severity is Severity.WARNING
    assert found.evidence == ("water: no usable value from klima/w", "klima/d: no value", "klima/s: no value")
    assert found.cause is None  # its device answers
    assert made.unknown(LEAK)


def test_a_device_that_does_not_answer_is_silent_not_missing() -> None:
    wall = {"wand": {**DEVICE, "role": "sensor", "room": "raum"}}
    made = Watched({"expected": ["temperature", "leak"]}, wall)
    made.jobs = [failed("device:wand", "snmp")]
    made.says(FINE)
    assert states(made)["leak"] == "silent"
    found = the(made.finding(ROOM_NOT_MEASURED))
    assert (found.severity, str(found.cause)) == (Severity.WARNING, "device:wand")


@pytest.mark.parametrize("other", [unpolled("device:klima", "snmp"), failed("device:klima", "snmp", failures=1)])
def test_before_the_first_poll_and_after_one_lost_packet_nobody_knows(other: Any) -> None:
    made = Watched({"expected": ["leak"]})
    made.jobs = [other]
    made.look()
    assert made.finding(ROOM_NOT_MEASURED) is None
    assert made.unknown(ROOM_NOT_MEASURED)


@pytest.mark.parametrize("kind", ["server_room", "distribution"])
def test_a_room_without_any_sensor_is_a_finding(kind: str) -> None:
    found = the(Watched({"kind": kind}).look().finding(ROOM_NOT_MEASURED))
    assert found.severity is Severity.WARNING
    assert found.summary == "Raum: no sensor for temperature, humidity, water, smoke or door"


def test_a_plant_needs_no_sensor_unless_it_is_expected() -> None:
    assert Watched({"kind": "plant"}).look().finding(ROOM_NOT_MEASURED) is None
    assert Watched({"kind": "plant", "expected": ["leak"]}).look().finding(ROOM_NOT_MEASURED)
    assert Watched({"expected": []}).look().finding(ROOM_NOT_MEASURED) is None


def test_a_room_with_one_sensor_is_not_blind() -> None:
    made = Watched().says({(DOOR, "d"): 0.0})
    assert made.finding(ROOM_NOT_MEASURED) is None
    assert states(made)["temperature"] == "missing"


def test_a_room_whose_only_sensors_fell_silent_is_one() -> None:
    made = Watched().says(FINE).after(10).says({})
    found = the(made.finding(ROOM_NOT_MEASURED))
    assert found.summary == "Raum: not measured: temperature and humidity"


@pytest.mark.parametrize("lost", [{}, {(TEMPERATURE, "b"): 22.0, (neutral.SENSOR_OK, "b"): 0.0}])
def test_one_of_two_sensors_that_is_lost_is_told(lost: dict[Any, float]) -> None:
    both = {(TEMPERATURE, "a"): 22.0, (TEMPERATURE, "b"): 22.0}
    made = Watched().says(both).after(60).says({(TEMPERATURE, "a"): 22.0, **lost})
    found = the(made.finding(ROOM_NOT_MEASURED))
    assert (found.severity, found.summary) == (Severity.WARNING, "Raum: no value from klima/b")
    assert found.evidence == ("klima/b: faulty or unplugged, its device says" if lost else "klima/b: no value",)
    assert states(made)["temperature"] == "measured"
    assert made.after(60).says(both).finding(ROOM_NOT_MEASURED) is None


def test_the_exhaust_air_alone_is_no_measured_room() -> None:
    sensors = {"klima/a": {"position": "inlet"}, "klima/b": {"position": "outlet"}}
    made = Watched({"sensors": sensors}).says({(TEMPERATURE, "a"): 22.0, (TEMPERATURE, "b"): 35.0})
    assert made.finding(ROOM_NOT_MEASURED) is None
    made.after(60).says({(TEMPERATURE, "b"): 35.0})
    assert the(made.finding(ROOM_NOT_MEASURED)).evidence == ("temperature: no usable value from klima/a",)
    alone = the(Watched({"sensors": {"klima/b": sensors["klima/b"]}}).reads(35.0, "b").finding(ROOM_NOT_MEASURED))
    assert alone.severity is Severity.INFO
    assert alone.evidence == ("temperature: measured in the exhaust air only (klima/b), where no limit holds",)


def test_a_sensor_that_was_taken_away_is_forgotten_and_what_burned_no_longer_does() -> None:
    made = Watched().says({**FINE, (neutral.SENSOR_LEAK, "old"): 1.0})
    dry = {(TEMPERATURE, "t"): 22.0, (neutral.SENSOR_LEAK, "new"): 0.0}
    for _ in range(12 * 12):
        made.after(300).says(dry)
    assert made.finding(ROOM_NOT_MEASURED)
    made.after(300).says(dry)
    assert the(made.finding(ROOM_NOT_MEASURED)).summary == "Raum: no value from klima/old"  # the humidity is not
    for _ in range(12 * 12):
        assert made.unknown(LEAK)
        assert made.state.leak is None
        made.after(300).says(dry)
    assert not made.unknown(LEAK)
    assert made.finding(ROOM_NOT_MEASURED) is None
    assert made.state.leak is False


def test_a_sensor_of_a_device_that_does_not_answer_is_not_forgotten() -> None:
    made = Watched().says(FINE).says({}).fails()
    for _ in range(12 * 50):
        made.after(300).look()
    assert states(made)["temperature"] == "silent"


def test_a_server_that_is_off_is_no_gap_and_keeps_no_alert() -> None:
    made = Watched(devices={"srv": {**DEVICE, "role": "server", "room": "raum"}})
    made.says({(TEMPERATURE, "Intake"): 30.0}, "srv").says(FINE)
    assert made.finding("temperature_high")
    made.after(60).says({}, "srv")
    assert made.finding(ROOM_NOT_MEASURED) is None
    assert not made.unknown("temperature_high")


def test_a_name_that_matches_nothing_is_told_once_the_device_was_read() -> None:
    made = Watched({"cooling_units": 1, "sensors": {"klima/Inptu 3": {"contact": "cooling_fault"}}})
    for other in (unpolled("device:klima", "snmp"), failed("device:klima", "snmp")):
        made.jobs = [other]
        assert made.says(FINE).finding(ROOM_NOT_MEASURED) is None
    made.jobs = []
    found = the(made.says({**FINE, (CONTACT, "Input 3"): 1.0}).finding(ROOM_NOT_MEASURED))
    assert (found.severity, found.evidence) == (
        Severity.WARNING,
        ("klima/Inptu 3: the device shows no such sensor, but: Input 3, h, t",),
    )
    assert found.summary == "Raum: the inventory names sensors that there are not: klima/Inptu 3"


def test_of_many_sensors_it_is_told_how_many_are_not_named() -> None:
    made = Watched().says({**FINE, **{(HUMIDITY, f"h{n}"): 0.45 for n in range(9)}}).after(60)
    found = the(made.says(FINE).finding(ROOM_NOT_MEASURED))
    assert found.summary.endswith("klima/h5 and 3 more")
    assert found.evidence[5:] == ("klima/h5: no value", "3 more")


def test_of_many_sensors_that_a_device_shows_it_is_told_how_many_are_not_named() -> None:
    made = Watched({"sensors": {"klima/x": {"position": "inlet"}}})
    found = the(made.says({(TEMPERATURE, f"t{n}"): 22.0 for n in range(9)}).finding(ROOM_NOT_MEASURED))
    assert found.evidence == ("klima/x: the device shows no such sensor, but: t0, t1, t2, t3, t4, t5, 3 more",)


def test_the_input_of_a_power_supply_is_no_sensor_of_the_room() -> None:
    made = Watched(devices={"srv": {**DEVICE, "role": "server", "room": "raum"}}).says(FINE)
    made.says({(neutral.SENSOR_VOLTAGE_PRESENT, "PSU 1 input"): 1.0}, "srv")
    assert made.after(60).says({}, "srv").finding(ROOM_NOT_MEASURED) is None
    assert Watched().says({(neutral.SENSOR_VOLTAGE_PRESENT, "PSU 1 input"): 1.0}).state.cooling_state is None


def test_after_a_restart_the_dead_device_explains_it() -> None:
    second = {"wand": {**DEVICE, "role": "sensor", "room": "raum"}}
    made = Watched(devices=second)
    made.jobs = [failed("device:wand", "snmp")]
    made.fails().fails()
    found = the(made.finding(ROOM_NOT_MEASURED))
    assert (str(found.cause), found.summary) == ("device:klima", "Raum: not measured: temperature")


def test_who_may_not_ping_is_not_waited_for() -> None:
    made = Watched({"expected": ["leak"]}).says(FINE).says({})
    made.jobs = [failed("device:klima", "icmp", failures=1)]
    assert made.look().finding(ROOM_NOT_MEASURED)
    made.jobs = [failed("device:klima", "http", failures=1)]
    assert made.look().finding(ROOM_NOT_MEASURED) is None


def test_the_ups_of_a_room_may_stand_elsewhere() -> None:
    devices = {
        "srv": {**DEVICE, "role": "server", "room": "raum", "powered_by": ["leiste"]},
        "leiste": {**DEVICE, "role": "pdu", "powered_by": ["usv"]},
        "usv": {**DEVICE, "role": "ups"},
    }
    made = Watched({"expected": ["ups"]}, devices).look()
    assert made.state.coverage[5] == Coverage("ups", True, "silent", ("usv",))
    made.jobs = [job("device:usv", "snmp")]
    made.says({(neutral.UPS_ON_BATTERY, ""): 0.0, (neutral.UPS_OUTPUT_POWER, ""): 1850.0}, "usv")
    assert made.state.coverage[5].state == "measured"
    assert made.state.heat_watts == 1850.0


def test_a_broken_smoke_detector_is_silent_and_not_well() -> None:
    room = {"expected": ["smoke"]}
    made = Watched(room).says({(neutral.SENSOR_SMOKE, "s"): 0.0, (neutral.SENSOR_OK, "s"): 0.0})
    assert states(made)["smoke"] == "silent"
    assert made.unknown("smoke")
    burning = Watched(room).says({(neutral.SENSOR_SMOKE, "s"): 1.0, (neutral.SENSOR_OK, "s"): 0.0})
    assert burning.finding("smoke")
