from __future__ import annotations

from math import inf, sin
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent import neutral
from agent.contract import JobKey, Severity, Subject
from agent.figures import ROOM_SPIKES
from agent.risk.catalogue.rooms import ROOM_NOT_MEASURED, SENSOR_IMPLAUSIBLE, TEMPERATURE_HIGH
from agent.risk.room.belief import Belief
from tests.agent.risk.room.watch import HUMIDITY, TEMPERATURE, Watched
from tests.agent.risk.scene import the

KLIMA = JobKey(Subject("device", "klima"), "fake")


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (73.0, "klima/t: 73.0 °C would be 22.8 °C if it were degrees Fahrenheit"),
        (101.0, "klima/t: 101.0 °C would be 38.3 °C if it were degrees Fahrenheit"),
        (140.0, "klima/t: 140.0 °C would be 14.0 °C if it is off by a factor of 10 (tenths)"),
        (2.3, "klima/t: 2.3 °C would be 23.0 °C if it is off by a factor of 10 (tenths)"),
        (85.0, "klima/t: exactly 85.0 °C is what many sensors show when they have no value"),
        (0.0, "klima/t: exactly 0.0 °C is what many sensors show when they have no value"),
        (-9999.0, "klima/t: -9999.0 °C is nothing that a sensor can measure"),
        (255.0, "klima/t: 255.0 °C is nothing that a sensor can measure"),
        (inf, "klima/t: ∞ °C is nothing that a sensor can measure"),
        (-1.0, "klima/t: exactly -1.0 °C is what many sensors show when they have no value"),
    ],
)
def test_what_cannot_be_is_refused_with_a_reason(value: float, reason: str) -> None:
    made = Watched().reads(value)
    found = the(made.finding(SENSOR_IMPLAUSIBLE))
    assert (found.severity, found.evidence) == (Severity.WARNING, (reason,))
    assert made.state.temperatures == ()
    assert made.finding(TEMPERATURE_HIGH) is None
    assert made.unknown(TEMPERATURE_HIGH)
    assert made.state.coverage[0].state == "silent"


@pytest.mark.parametrize(
    ("ratio", "reason"),
    [
        (0.0, "klima/h: exactly 0.0% is what many sensors show when they have no value"),
        (0.045, "klima/h: 4.5% would be 45.0% if it is off by a factor of 10 (tenths)"),
        (0.004, "klima/h: 0.4% would be 40.0% if it is off by a factor of 100 (a ratio taken for per cent)"),
    ],
)
def test_humidity_too(ratio: float, reason: str) -> None:
    found = the(Watched().says({(HUMIDITY, "h"): ratio}).finding(SENSOR_IMPLAUSIBLE))
    assert found.evidence == (reason,)


def test_a_humidity_is_believed_again_well_above_what_is_doubted() -> None:
    made = Watched().says({(HUMIDITY, "h"): 0.045})
    assert made.after(60).says({(HUMIDITY, "h"): 0.07}).finding(SENSOR_IMPLAUSIBLE)
    assert made.after(60).says({(HUMIDITY, "h"): 0.11}).finding(SENSOR_IMPLAUSIBLE) is None


@pytest.mark.parametrize("value", [10.0, 23.4, 45.0, 54.9, -12.5])
def test_what_can_be_is_believed_at_once(value: float) -> None:
    assert Watched().reads(value).state.temperatures[0].value == value


def test_a_plant_that_nobody_heats_may_be_cold() -> None:
    assert Watched({"kind": "plant"}).reads(2.3).finding(SENSOR_IMPLAUSIBLE) is None


def test_a_wrong_unit_stays_wrong_however_it_sways_and_is_right_once_it_is_set() -> None:
    made = Watched().reads(73.0)
    for value in (71.0, 79.0, 54.0, 66.0):
        assert made.reads(value).finding(SENSOR_IMPLAUSIBLE)
    assert made.reads(22.0).finding(SENSOR_IMPLAUSIBLE) is None
    assert made.state.temperatures[0].value == 22.0


def test_a_wrong_unit_stays_wrong_through_a_year_but_not_through_a_fire() -> None:
    made = Watched()
    for hour in range(48):
        made.reads(76 + 12 * sin(hour / 7.6), seconds=3600)
        assert (
            the(made.finding(SENSOR_IMPLAUSIBLE))
            .evidence[0]
            .startswith(f"klima/t: {76 + 12 * sin(hour / 7.6):.1f} °C would be")
        )
        assert made.finding(TEMPERATURE_HIGH) is None
    burning = Watched().reads(73.0).reads(81.0, seconds=60).reads(89.0, seconds=60)
    assert the(burning.finding(TEMPERATURE_HIGH)).severity is Severity.CRITICAL
    assert Watched().reads(73.0).reads(114.0, seconds=3600).finding(TEMPERATURE_HIGH)


def test_a_room_that_is_hot_at_the_start_is_told_with_the_doubt() -> None:
    made = Watched().reads(58.0)
    for value in (58.0, 58.2, 73.0):
        found = the(made.reads(value, seconds=3600).finding(TEMPERATURE_HIGH))
        assert found.severity is Severity.CRITICAL
        assert any("if it were degrees Fahrenheit" in line for line in found.evidence)
        assert made.finding(SENSOR_IMPLAUSIBLE) is None
        assert made.finding(ROOM_NOT_MEASURED) is None


def test_where_another_sensor_shows_a_room_a_hot_one_is_not_believed() -> None:
    made = Watched().says({(TEMPERATURE, "t"): 64.0, (TEMPERATURE, "other"): 21.0})
    assert made.finding(SENSOR_IMPLAUSIBLE)
    assert made.finding(TEMPERATURE_HIGH) is None
    assert made.finding(ROOM_NOT_MEASURED) is None  # it is told once


def test_an_unheated_room_in_winter_is_cold() -> None:
    for kind, value in (("distribution", 3.0), ("distribution", -1.0), ("other", 0.0)):
        made = Watched({"kind": kind}).reads(value)
        assert made.finding(SENSOR_IMPLAUSIBLE) is None
    assert Watched({"kind": "distribution"}).reads(2.34).finding(SENSOR_IMPLAUSIBLE)
    assert Watched().reads(3.0).reads(5.5).finding(SENSOR_IMPLAUSIBLE) is None


def test_a_fire_that_climbs_past_a_number_that_means_nothing_is_believed() -> None:
    made = Watched().reads(40.0).reads(49.0).reads(58.0).reads(67.0).reads(76.0).reads(85.0)
    assert made.state.temperatures[0].value == 85.0


@pytest.mark.parametrize("value", [0.0, -1.0, 127.0])
def test_a_sensor_that_falls_out_later_is_refused_while_it_shows_nothing(value: float) -> None:
    made = Watched().reads(23.0).reads(value)
    assert made.wishes() == [KLIMA]
    assert made.finding(SENSOR_IMPLAUSIBLE) is None
    assert made.reads(value, seconds=1).finding(SENSOR_IMPLAUSIBLE)
    assert made.reads(23.2).finding(SENSOR_IMPLAUSIBLE) is None
    assert made.state.temperatures[0].value == 23.2


def test_85_degrees_are_nothing_once_and_a_fire_if_they_stay() -> None:
    made = Watched()
    for _ in range(6):
        for value in (22.1, 85.0, 22.1):
            made.reads(value, seconds=600)
            assert made.finding(SENSOR_IMPLAUSIBLE) is None
            assert made.finding(TEMPERATURE_HIGH) is None
    assert the(made.reads(85.0).reads(85.0).finding(TEMPERATURE_HIGH)).severity is Severity.CRITICAL


def test_a_broken_wire_is_no_fire_and_does_not_hammer_the_device() -> None:
    chance = Random(3)  # noqa: S311 - a course that can be repeated
    for _ in range(20):
        made = Watched().reads(22.0)
        wishes = 0
        for _ in range(60):
            made.reads(round(chance.uniform(-20, 110), 1), seconds=60)
            while made.wishes():
                wishes += 1
                made.reads(round(chance.uniform(-20, 110), 1), seconds=1)
        assert made.finding(SENSOR_IMPLAUSIBLE)
        assert "loose contact" in the(made.finding(SENSOR_IMPLAUSIBLE)).evidence[0]
        assert made.finding(TEMPERATURE_HIGH) is None
        assert wishes <= 13
        for _ in range(31):
            made.reads(22.0, seconds=60)
        assert made.finding(SENSOR_IMPLAUSIBLE) is None


def test_spikes_are_asked_for_again_a_dozen_times_in_an_hour() -> None:
    belief = Belief.of("temperature", heated=True)
    asked = 0
    for minute in range(60):
        belief.take(22.0, minute * 60.0)
        belief.jump = (85.0, minute * 60.0 + 1)
        asked += belief.wishes_second(None)
        assert belief.wishes_second(None) is (asked > minute)  # the same jump, at the next look
        belief.jump = None
    assert asked == 12


def test_a_clock_that_is_set_back_blinds_nobody() -> None:
    said = {(TEMPERATURE, "t"): 22.0, (neutral.SENSOR_SMOKE, "s"): 0.0, (neutral.SENSOR_LEAK, "l"): 0.0}
    made = Watched().says(said)
    made.step(-7200)
    made.after(10).says({one: 1.0 for one in said} | {(TEMPERATURE, "t"): 30.0})
    assert made.finding("smoke")
    assert made.finding("leak")
    assert the(made.finding(TEMPERATURE_HIGH)).severity is Severity.WARNING
    assert (made.state.smoke, made.state.leak) == (True, True)


def test_a_jump_is_asked_for_again_and_until_then_the_value_before_it_stands() -> None:
    made = Watched().reads(23.0).reads(41.0)
    assert made.wishes() == [KLIMA]
    sensed = made.state.temperatures[0]
    assert (sensed.value, sensed.confirmed) == (23.0, False)
    assert made.finding(TEMPERATURE_HIGH) is None
    assert made.unknown(TEMPERATURE_HIGH)


@pytest.mark.parametrize("second", [41.0, 38.5, 43.9, 60.0])
def test_a_second_reading_that_agrees_or_goes_further_is_a_fire_at_once(second: float) -> None:
    made = Watched().reads(23.0).reads(41.0).reads(second, seconds=1)
    assert the(made.finding(TEMPERATURE_HIGH)).severity is Severity.CRITICAL
    assert made.wishes() == []
    assert made.state.temperatures[0].confirmed


def test_a_jump_that_is_taken_back_was_a_spike_and_is_counted() -> None:
    made = Watched().reads(23.0).reads(41.0).reads(23.1)
    assert made.finding(TEMPERATURE_HIGH) is None
    assert not made.unknown(TEMPERATURE_HIGH)
    assert made.measures(ROOM_SPIKES) == {("raum",): 1.0}
    assert made.state.temperatures[0].value == 23.1


def test_an_alert_is_not_ended_by_a_cold_spike() -> None:
    made = Watched().reads(40.0).reads(20.0)
    assert the(made.finding(TEMPERATURE_HIGH)).severity is Severity.CRITICAL


def test_where_the_second_poll_fails_the_next_one_decides() -> None:
    made = Watched().reads(23.0).reads(41.0).after(1).fails()
    assert made.wishes() == []  # it was asked once; the device is not to be hammered
    assert made.unknown(TEMPERATURE_HIGH)
    assert made.reads(42.0).finding(TEMPERATURE_HIGH)


def test_after_two_intervals_without_a_reading_nobody_knows() -> None:
    settings = {"defaults": {"interval": "30s"}}
    made = Watched(settings=settings).reads(40.0).reads(20.0).after(60).look()
    assert made.finding(TEMPERATURE_HIGH)
    made.after(1).look()
    assert made.finding(TEMPERATURE_HIGH) is None
    assert made.unknown(TEMPERATURE_HIGH)
    assert made.state.temperatures == ()


def test_humidity_may_jump() -> None:
    made = Watched().says({(HUMIDITY, "h"): 0.4})
    assert made.after(10).says({(HUMIDITY, "h"): 0.9}).state.humidities[0].value == 0.9


def test_a_sensor_that_its_device_calls_faulty_measures_nothing() -> None:
    made = Watched().says({(TEMPERATURE, "unit t"): 41.0, (neutral.SENSOR_OK, "unit"): 0.0})
    assert made.state.temperatures == ()
    assert made.unknown(TEMPERATURE_HIGH)
    assert made.finding(ROOM_NOT_MEASURED)


@given(st.lists(st.floats(-60, 150), max_size=60))
def test_whatever_comes_what_is_believed_was_read(values: list[float]) -> None:
    belief = Belief.of("temperature", heated=True)
    for number, value in enumerate(values):
        belief.take(value, float(number))
        assert belief.value is None or belief.value in values[: number + 1]
        assert belief.jump is None or belief.value is not None


@given(st.floats(15, 35), st.floats(11, 60))
def test_a_fire_is_believed_at_its_second_reading(before: float, rise: float) -> None:
    belief = Belief.of("temperature", heated=True)
    belief.take(before, 0)
    belief.take(before + rise + 0.001, 1)
    belief.take(before + rise + 0.002, 2)
    assert belief.value == before + rise + 0.002 or belief.doubt is not None
