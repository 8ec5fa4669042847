"""Scripted courses of radio hops: what is found, and who would be told, step by step."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import cycle

import pytest

from agent.contract import ElementState, LinkVerdict, Network, Severity
from agent.risk.catalogue.radio import (
    RADIO_FADING,
    RADIO_INTERFERENCE,
    RADIO_LEVEL_LOW,
)
from tests.agent.risk.hop.ground import ENDS, NIGHT, Ground
from tests.agent.risk.hops import ground


def test_one_decibel_is_nothing() -> None:
    made = ground()
    made.fade("kh-wad", 1)
    made.wait(8 * 60)
    assert made.told == []
    assert made.found() == []
    assert made.unknown() == set()


def test_a_shower_tells_nobody() -> None:
    made = ground()
    made.wait(60, lambda minute: made.fade("kh-wad", 15 if minute < 15 else 0))
    assert made.told == []


def storm(made: Ground, minute: float) -> None:
    """A front that reaches one hop after the other."""
    for late, hop in enumerate(ENDS):
        passed = minute - 15 * late
        made.fade(hop, 28 if 5 <= passed < 40 else 12 if 0 <= passed < 55 else 0)


def test_a_thunderstorm_front_over_three_hops_is_told_once_and_as_information() -> None:
    made = ground()
    made.wait(4 * 60, lambda minute: storm(made, minute))
    assert made.told == [f"firing {RADIO_FADING} kh-wad info", f"resolved {RADIO_FADING} kh-wad info"]


def test_a_front_names_the_neighbouring_hops_and_the_first_one_is_the_cause_of_the_others() -> None:
    made = ground()
    made.wait(50, lambda minute: storm(made, minute))
    first, second, third = made.judge().findings
    assert first.summary == "kh-wad: 12 dB below the expected level: rain, fading in the same hour: wad-sas and sas-kh"
    assert [str(one.cause) for one in (first, second, third)] == ["None", "link:kh-wad", "link:kh-wad"]
    assert {one.severity for one in (first, second, third)} == {Severity.INFO}


def test_rain_speaks_german() -> None:
    made = Ground(language="de")
    made.past(6)
    made.fade("kh-wad", 12)
    made.fade("wad-sas", 14)
    made.wait(15)
    found = made.judge().findings[0]
    assert found.summary == "kh-wad: 12 dB unter dem Sollpegel: Regen, in derselben Stunde schwächer: wad-sas"
    assert found.evidence[0] == (
        "rr-a/1: empfängt -50 dBm; Soll -38 dBm (Inbetriebnahme); noch 28 dB über der Schwelle; "
        "Signal-Rausch-Abstand 40 dB"
    )


def test_a_fade_of_this_hop_alone_may_be_something_in_the_way() -> None:
    made = ground()
    made.fade("kh-wad", 12)
    made.wait(20)
    assert made.told == [f"firing {RADIO_FADING} kh-wad info"]
    found = made.finding(RADIO_FADING)
    assert found.summary == (
        "kh-wad: 12 dB below the expected level: this hop alone: a local shower, something in the way, or an antenna "
        "that moved"
    )
    assert found.evidence[-1] == "neighbouring hops without a fade: wad-sas and sas-kh"


def test_a_fade_that_leaves_hardly_anything_is_a_warning_for_each_hop() -> None:
    made = ground()
    made.fade("kh-wad", 38)
    made.fade("wad-sas", 38)
    made.wait(20)
    assert made.told == [f"firing {RADIO_FADING} {hop} warning" for hop in ("kh-wad", "wad-sas")]
    assert made.judge().findings[0].summary.endswith("; 2 dB left above the threshold")


def test_a_fade_that_takes_capacity_which_is_needed_is_a_warning() -> None:
    made = ground()
    made.fade("kh-wad", 12)
    for end in ENDS["kh-wad"]:
        made.port(end).capacity = 150e6
    up = ElementState("up")
    for load, severity in ((200e6, Severity.WARNING), (100e6, Severity.INFO), (None, Severity.INFO)):
        verdict = LinkVerdict("kh-wad", ("rr-a/1", "rr-b/1"), up, load=load)
        made.network = Network(made.now, {"kh-wad": verdict})
        assert made.finding(RADIO_FADING).severity is severity


def test_a_small_fade_is_told_where_it_costs_capacity() -> None:
    made = ground()
    made.fade("kh-wad", 5)
    assert made.found() == []
    made.port("rr-a/1").modulation = 256
    assert made.found() == [f"{RADIO_FADING} kh-wad info"]


def test_multipath_in_the_night_is_fast_and_unequal() -> None:
    made = Ground(NIGHT)
    made.past(6)
    fades = cycle([(3.0, 14.0), (16.0, 2.0), (5.0, 18.0), (20.0, 6.0)])
    made.wait(45, lambda _: made.fade("kh-wad", *next(fades)))
    found = made.finding(RADIO_FADING)
    assert found.summary.endswith("multipath: at night, fast, both directions unequal")
    assert found.evidence[-2:] == ("jumps of 17 dB within minutes", "directions differ by 14 dB")
    assert found.severity is Severity.INFO


def test_power_control_is_no_fade() -> None:
    made = ground()
    for end in ENDS["kh-wad"]:
        made.port(end).transmit = 8.0
        made.port(end).received = -50.0
    made.wait(8 * 60)
    assert made.told == []
    assert made.found() == []
    assert made.measures()["expected_level_dbm", "rr-a/1"] == pytest.approx(-50)
    assert made.measures()["fade_depth_db", "rr-a/1"] == pytest.approx(0)


def test_power_control_does_not_hide_a_fade() -> None:
    made = ground()
    for end in ENDS["kh-wad"]:
        made.port(end).transmit = 26.0
        made.port(end).received = -44.0
    made.wait(20)
    assert made.told == [f"firing {RADIO_FADING} kh-wad info"]


# --- what stays -----------------------------------------------------------------------------------------------------


def test_a_misaligned_antenna_is_told_once_dry_hours_show_it() -> None:
    made = ground()
    made.fade("kh-wad", 6)
    made.wait(3 * 60)
    assert made.told == []
    made.wait(60)
    assert made.told == [f"firing {RADIO_LEVEL_LOW} kh-wad warning"]
    found = made.finding(RADIO_LEVEL_LOW)
    assert found.summary == (
        "kh-wad: 6 dB below the expected level for hours, in dry weather too: an antenna moved, or an antenna or "
        "feeder is faulty"
    )
    assert found.evidence[-1] == "rr-b/1: 6 dB low in the median of dry hours"
    made.fade("kh-wad", 0)
    made.wait(40)
    assert made.told[1:] == [f"resolved {RADIO_LEVEL_LOW} kh-wad warning"]


def drizzle(made: Ground, fades: Iterator[float]) -> None:
    for hop in ENDS:
        made.fade(hop, next(fades))


def test_hours_of_rain_over_all_hops_are_no_misaligned_antenna() -> None:
    made = ground()
    fades = cycle([4.0, 6.0, 9.0, 7.0, 5.0])
    made.wait(5 * 60, lambda _: drizzle(made, fades))
    assert made.told == []
    assert made.found() == []
    assert RADIO_LEVEL_LOW in made.unknown()


def test_a_fade_on_top_of_a_low_level_is_told_as_well() -> None:
    made = ground()
    made.fade("kh-wad", 6)
    made.wait(4 * 60)
    made.fade("kh-wad", 18)
    made.wait(20)
    assert made.told == [f"firing {RADIO_LEVEL_LOW} kh-wad warning", f"firing {RADIO_FADING} kh-wad info"]


def test_about_twenty_decibels_are_a_side_lobe() -> None:
    made = Ground()
    made.fade("kh-wad", 20)
    made.past(6)
    found = made.finding(RADIO_LEVEL_LOW)
    assert found.summary.endswith("about 20 dB low: probably aligned to a side lobe")
    assert made.found() == [f"{RADIO_LEVEL_LOW} kh-wad warning"]


def test_one_direction_alone_is_a_transmitter_or_a_receiver() -> None:
    made = ground()
    made.fade("kh-wad", 12, 0)
    made.wait(20)
    assert made.told == [f"firing {RADIO_FADING} kh-wad info"]
    made.wait(4 * 60)
    cause = "one direction only: transmitter at rr-b/1 or receiver at rr-a/1 faulty"
    assert made.told[1:] == [f"firing {RADIO_LEVEL_LOW} kh-wad warning", f"resolved {RADIO_FADING} kh-wad info"]
    assert made.finding(RADIO_LEVEL_LOW).summary.endswith(cause)


def test_less_margin_than_required_is_told_although_nothing_was_lost() -> None:
    made = ground(fade_margin_required="45dB")
    assert made.finding(RADIO_LEVEL_LOW).summary == "kh-wad: only 40 dB of fade margin, 45 dB are required"
    made = ground(fade_margin_required="40dB", threshold="-77.96dBm")
    assert made.finding(RADIO_LEVEL_LOW).summary == "kh-wad: only 39.9 dB of fade margin, 40 dB are required"


def test_interference_is_a_good_level_and_a_bad_signal() -> None:
    made = ground()
    made.port("rr-a/1").mse = -24.0
    made.port("rr-a/1").modulation = 64
    made.port("rr-a/1").capacity = 150e6
    made.wait(20)
    assert made.told == [f"firing {RADIO_INTERFERENCE} kh-wad warning"]
    assert made.finding(RADIO_INTERFERENCE).summary == (
        "kh-wad: interference at rr-a/1: the level is good, but signal to noise is 24 dB instead of 33.9 dB; "
        "150 Mbit/s of 400 Mbit/s (64QAM instead of 1024QAM)"
    )


def test_a_clear_signal_is_said_to_a_tenth_where_the_needed_one_is_near() -> None:
    made = ground()
    made.port("rr-a/1").mse = -33.79
    assert made.found() == []
    made.port("rr-a/1").capacity = 300e6
    assert "signal to noise is 33.7 dB instead of 33.9 dB; 300 Mbit/s" in made.finding(RADIO_INTERFERENCE).summary


def test_a_hop_that_carries_all_of_it_has_some_play_in_its_signal() -> None:
    made = ground()
    made.port("rr-a/1").mse = -32.0
    assert made.found() == []
    made.port("rr-a/1").mse = -31.5
    assert made.found() == [f"{RADIO_INTERFERENCE} kh-wad warning"]


def test_a_bad_signal_in_a_fade_is_no_interference() -> None:
    made = ground()
    made.fade("kh-wad", 30)
    made.port("rr-a/1").mse = -15.0
    assert made.found() == [f"{RADIO_FADING} kh-wad info"]


# --- second radios --------------------------------------------------------------------------------------------------
