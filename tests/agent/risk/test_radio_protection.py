"""Second radios, ends that are not seen, and the availability of a year."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from agent.risk.catalogue.radio import (
    RADIO_AVAILABILITY_MISSED,
    RADIO_CAPACITY_LOW,
    RADIO_FADING,
    RADIO_LEVEL_LOW,
    RADIO_PROTECTION_LOST,
)
from agent.risk.hop.availability import UNAVAILABLE
from tests.agent.risk.hop.ground import ENDS, HOUR, RADIO, Ground, Port
from tests.agent.risk.hops import OF_LEVEL, ground, protected


def test_a_muted_standby_is_healthy() -> None:
    for up in (True, False):
        made = protected("1+1")
        made.port("rr-a/1s").up = made.port("rr-b/1s").up = up
        assert made.found() == []
        assert made.measures()[("protected",)] == 1


def test_a_switch_over_is_told_and_the_standby_explains_its_lower_level() -> None:
    made = protected("1+1")
    made.port("rr-a/1").muted, made.port("rr-a/1s").muted = True, False
    made.port("rr-a/1s").received = -45.0
    made.wait(15)
    assert made.told == [f"firing {RADIO_PROTECTION_LOST} kh-wad info"]
    found = made.finding(RADIO_PROTECTION_LOST)
    assert found.summary == "kh-wad runs on the standby radio at rr-a/1; both radios are well"


def test_a_switch_over_because_the_first_radio_failed_leaves_no_protection() -> None:
    made = protected("1+1")
    made.ports["rr-a/1"] = Port(received=-99.0, up=False, muted=True, mse=None, modulation=None, capacity=None)
    made.port("rr-a/1s").muted = False
    made.wait(10)
    assert made.told == [f"firing {RADIO_PROTECTION_LOST} kh-wad warning"]
    assert (
        made.finding(RADIO_PROTECTION_LOST).summary == "kh-wad has no protection any more: rr-a/1: radio at port 1 down"
    )


def test_a_standby_that_failed_is_told_before_it_is_needed() -> None:
    made = protected("1+1")
    made.ports["rr-b/1s"] = Port(received=-99.0, up=False, muted=True)
    made.wait(10)
    assert made.told == [f"firing {RADIO_PROTECTION_LOST} kh-wad warning"]
    assert made.measures()[("protected",)] == 0


def test_a_muted_standby_that_shows_no_level_is_neither_well_nor_failed() -> None:
    made = protected("1+1")
    made.ports["rr-b/1s"] = Port(received=None, up=False, muted=True)
    assert made.found() == []
    assert RADIO_PROTECTION_LOST in made.unknown()
    assert ("protected",) not in made.measures()
    made.port("rr-a/1").muted, made.port("rr-a/1s").muted = True, False
    said = "kh-wad runs on the standby radio at rr-a/1; whether the other one would take over is not known"
    assert made.finding(RADIO_PROTECTION_LOST).summary == said


def test_the_coupler_of_a_standby_is_no_fault_of_an_antenna_or_a_receiver() -> None:
    made = protected("1+1")
    made.port("rr-a/1").muted, made.port("rr-a/1s").muted = True, False
    made.port("rr-a/1s").received = -45.0
    made.wait(6 * 60)
    assert made.told == [f"firing {RADIO_PROTECTION_LOST} kh-wad info"]
    assert RADIO_LEVEL_LOW in made.unknown()
    made.port("rr-a/1s").received = -50.0
    made.wait(5 * 60)
    assert f"firing {RADIO_LEVEL_LOW} kh-wad warning" in made.told


def test_the_radios_of_a_hop_that_is_down_are_not_told_to_have_failed() -> None:
    made = protected("1+1")
    for end in ENDS["kh-wad"]:
        for port in (end, f"{end}s"):
            made.port(port).up, made.port(port).received = False, -99.0
    assert made.found() == []
    assert RADIO_PROTECTION_LOST in made.unknown()


def test_a_standby_that_is_not_seen_is_not_taken_as_healthy() -> None:
    made = protected("1+1")
    del made.ports["rr-b/1s"]
    assert made.finding(RADIO_PROTECTION_LOST).summary == "kh-wad has no protection any more: rr-b/1: 1 radio not seen"
    made.silent.add("rr-b")
    assert made.found() == []
    assert RADIO_PROTECTION_LOST in made.unknown()


def test_two_carriers_that_lose_one_have_half_the_capacity() -> None:
    made = protected("2+0")
    assert made.found() == []
    made.ports["rr-a/1s"] = Port(received=-85.0, up=False, capacity=200e6)
    made.wait(15)
    assert made.told == [f"firing {RADIO_CAPACITY_LOW} kh-wad warning"]
    assert made.finding(RADIO_CAPACITY_LOW).summary == (
        "kh-wad carries less than planned: rr-a/1: radio at port 1s down; 200 Mbit/s of 400 Mbit/s (1024QAM)"
    )


def test_less_capacity_without_a_fade_is_told() -> None:
    made = ground()
    made.port("rr-b/1").capacity = 250e6
    made.wait(15)
    assert made.told == [f"firing {RADIO_CAPACITY_LOW} kh-wad warning"]
    assert made.finding(RADIO_CAPACITY_LOW).summary == (
        "kh-wad carries less than planned: 250 Mbit/s of 400 Mbit/s (1024QAM)"
    )


def test_capacity_speaks_german() -> None:
    made = Ground(language="de")
    made.port("rr-b/1").modulation = 512
    said = "kh-wad trägt weniger als vorgesehen: 400 Mbit/s von 400 Mbit/s (512QAM statt 1024QAM)"
    assert made.finding(RADIO_CAPACITY_LOW).summary == said


# --- what is not known ----------------------------------------------------------------------------------------------


def test_an_end_that_is_not_seen_leaves_all_of_it_open_and_is_said() -> None:
    made = ground(commissioned_transmit=None)
    made.silent.add("rr-b")
    assert made.found() == []
    assert made.unknown() == {*OF_LEVEL, RADIO_CAPACITY_LOW}
    made.port("rr-a/1").received = -60.0
    found = made.finding(RADIO_FADING)
    assert found.evidence[1] == "rr-b/1: no radio is seen"
    assert found.summary.endswith("cause open: only one end is seen")


def test_a_hop_of_which_no_radio_is_seen_keeps_its_alerts() -> None:
    made = ground()
    made.fade("kh-wad", 12)
    made.wait(20)
    made.silent |= {"rr-a", "rr-b", "rr-c"}
    made.wait(3 * 60)
    assert made.told == [f"firing {RADIO_FADING} kh-wad info"]


def test_a_hop_that_is_down_is_told_by_its_link_alone() -> None:
    made = ground()
    for end in ENDS["kh-wad"]:
        made.ports[end] = Port(received=-92.0, up=False, mse=None, modulation=None, capacity=None)
    assert made.found() == []
    assert made.unknown() == {*OF_LEVEL, RADIO_CAPACITY_LOW}


def test_without_any_plan_a_fade_is_told_against_the_last_hours() -> None:
    nothing: dict[str, Any] = dict.fromkeys(RADIO)
    made = Ground(**nothing)
    assert made.unknown() >= OF_LEVEL
    made.past(6)
    made.fade("kh-wad", 15)
    made.wait(15)
    found = made.finding(RADIO_FADING)
    assert found.summary.startswith("kh-wad: 15 dB weaker than in the last hours: this hop alone")
    assert "expected level not known" in found.evidence[0]


# --- availability ---------------------------------------------------------------------------------------------------


def counted(made: Ground, seconds: float, days: float = 30) -> None:
    for device in ("rr-a", "rr-b"):
        made.history.add(UNAVAILABLE, device, "1", made.now - days * 24 * HOUR, 0.0)
        made.history.add(UNAVAILABLE, device, "1", made.now, seconds if device == "rr-b" else 0.0)


def test_more_outage_than_a_year_allows_is_told() -> None:
    made = ground(availability_required="99.99%")
    counted(made, 3600)
    found = made.finding(RADIO_AVAILABILITY_MISSED)
    assert found.summary == "kh-wad was unavailable for 60 min within 30 days; 99.990 % allow 52 min in a whole year"
    assert made.measures()[("availability_ratio",)] == pytest.approx(1 - 3600 / (30 * 86400))
    assert made.measures()[("availability_required_ratio",)] == pytest.approx(0.9999)
    predicted = made.measures()[("availability_predicted_ratio",)]
    assert predicted == pytest.approx(0.99999, abs=1e-5)


def test_one_storm_does_not_miss_the_availability_of_a_year() -> None:
    made = ground(availability_required="99.99%")
    counted(made, 1200)
    assert made.found() == []


def counting(made: Ground, rises: Mapping[int, float], end: str = "rr-b") -> None:
    """Count for 30 days in steps of three hours; ``rises``: seconds by number of the step."""
    total = 0.0
    for step in range(240):
        total += rises.get(step, 0.0)
        made.history.add(UNAVAILABLE, end, "1", made.now - (239 - step) * 3 * HOUR, total)


@pytest.mark.parametrize("glitch", [5e6, 4e9, 3 * HOUR + 1000])
def test_a_counter_that_jumps_further_than_time_passed_counted_nothing(glitch: float) -> None:
    made = ground(availability_required="99.99%")
    counting(made, {100: glitch, 150: 600.0})
    assert made.found() == []
    assert made.measures()[("observed_seconds",)] == 238 * 3 * HOUR
    assert made.measures()[("availability_ratio",)] == pytest.approx(1 - 600 / (238 * 3 * HOUR))


def test_an_outage_that_is_counted_a_little_late_is_one_of_the_whole_step() -> None:
    made = ground(availability_required="99.99%")
    counting(made, {100: 3 * HOUR + 600, 101: 1.0})
    assert made.found() == [f"{RADIO_AVAILABILITY_MISSED} kh-wad warning"]
    assert made.measures()[("availability_ratio",)] == pytest.approx(1 - (3 * HOUR + 1) / (239 * 3 * HOUR))


def test_without_a_day_of_counting_availability_is_not_known() -> None:
    made = ground(availability_required="99.99%")
    counted(made, 3600, days=0.5)
    assert made.found() == []
    assert RADIO_AVAILABILITY_MISSED in made.unknown()
    assert ("availability_ratio",) not in made.measures()
