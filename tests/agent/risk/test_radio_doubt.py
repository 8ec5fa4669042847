"""What nobody knows of a radio hop: a silent end, rain that nobody sees, an alert whose reason is out of sight."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import cycle
from typing import Any

import pytest

from agent.risk.catalogue.radio import (
    RADIO_CAPACITY_LOW,
    RADIO_FADING,
    RADIO_INTERFERENCE,
    RADIO_LEVEL_LOW,
    RADIO_PROTECTION_LOST,
)
from tests.agent.risk.hop.ground import ENDS, RADIO, Ground
from tests.agent.risk.hops import OF_LEVEL, ground

FIRING = f"firing {RADIO_LEVEL_LOW} kh-wad warning"
DRIZZLE = (4.0, 6.0, 9.0, 7.0, 5.0)


def fading(made: Ground, fades: Iterable[float], *hops: str) -> Callable[[float], None]:
    """Return what lets each of the hops fade by the next value at each step."""
    values = iter(fades)

    def during(_: float) -> None:
        for hop in hops:
            made.fade(hop, next(values))

    return during


def alone(made: Ground) -> Ground:
    """Take the other hops away."""
    raw = made.inventory.model_dump(mode="json", exclude_unset=True)
    raw["links"] = {"kh-wad": raw["links"]["kh-wad"]}
    made.inventory = type(made.inventory).model_validate(raw)
    return made


# --- a far end that is silent ---------------------------------------------------------------------------------------


def lowered(made: Ground) -> None:
    """Let power control take 12 dB at the end that nobody can ask."""
    made.silent.add("rr-b")
    made.port("rr-b/1").transmit = 8.0
    made.port("rr-a/1").received = -50.0


def test_power_control_at_a_silent_end_is_no_antenna_that_moved() -> None:
    made = ground()
    lowered(made)
    made.wait(5 * 60)
    assert made.told == []
    assert made.unknown() >= OF_LEVEL
    assert ("fade_depth_db", "rr-a/1") not in made.measures()


def test_what_was_received_while_the_far_end_was_silent_is_in_no_median() -> None:
    made = ground()
    lowered(made)
    made.wait(5 * 60)
    made.silent.clear()
    made.port("rr-a/1").received = -55.0
    made.wait(30)
    assert made.told == []
    assert RADIO_LEVEL_LOW in made.unknown()


def test_nor_is_it_a_fade_against_the_last_hours() -> None:
    nothing: dict[str, Any] = dict.fromkeys(RADIO)
    made = Ground(**nothing)
    made.past(6)
    lowered(made)
    made.wait(30)
    assert made.told == []
    assert RADIO_FADING in made.unknown()


def test_evidence_says_that_the_far_power_is_not_known() -> None:
    made = ground(fade_margin_required="45dB")
    made.silent.add("rr-a")
    assert made.found() == []
    made.silent.clear()
    made.port("rr-a/1").transmit = None
    assert "transmit level of the far end not known" in made.finding(RADIO_LEVEL_LOW).evidence[1]


# --- rain that nobody sees ------------------------------------------------------------------------------------------


def test_rain_over_a_hop_without_neighbours_is_not_taken_for_dry_weather() -> None:
    made = alone(ground())
    made.wait(5 * 60, fading(made, cycle(DRIZZLE), "kh-wad"))
    assert made.told == []
    assert RADIO_LEVEL_LOW in made.unknown()


def test_nor_where_the_neighbours_are_silent() -> None:
    made = Ground()
    made.silent.add("rr-c")
    made.past(6)
    made.wait(5 * 60, fading(made, cycle(DRIZZLE), "kh-wad"))
    assert made.told == []


def test_a_level_that_rests_low_needs_no_neighbour() -> None:
    made = alone(ground())
    made.fade("kh-wad", 6)
    made.wait(6 * 60)
    assert made.told == [FIRING]


def test_two_antennas_of_one_mast_that_moved_are_no_rain_to_each_other() -> None:
    made = ground()
    noise = cycle((5.0, 6.0, 7.5, 6.5, 4.9, 7.0, 5.5))
    made.wait(7 * 60, fading(made, noise, "kh-wad", "sas-kh"))
    assert [told for told in made.told if RADIO_LEVEL_LOW in told] == [FIRING, FIRING.replace("kh-wad", "sas-kh")]


def test_rain_of_a_whole_day_is_no_antenna_that_moved() -> None:
    made = ground()
    made.wait(24 * 60, fading(made, cycle(DRIZZLE), *ENDS))
    assert made.told == []


# --- what is near its bound -----------------------------------------------------------------------------------------


NOISE = (1.0, -1.0, 0.5, -0.5, 0.0)
SLOW = (*[1.0] * 8, *[0.0] * 8)


@pytest.mark.parametrize(
    ("required", "wobble", "told"),
    [("39.5dB", NOISE, []), ("40.5dB", NOISE, [FIRING]), ("39.5dB", SLOW, [FIRING]), ("38.5dB", SLOW, [])],
)
def test_a_margin_that_wobbles_by_one_decibel_is_told_once_or_never(
    required: str, wobble: Sequence[float], told: list[str]
) -> None:
    made = ground(fade_margin_required=required)
    made.wait(24 * 60, fading(made, cycle(wobble), "kh-wad"))
    assert made.told == told


def test_a_slow_drift_about_three_decibels_is_told_once() -> None:
    made = ground()
    drift = cycle([3.6] * 96 + [2.4] * 96)
    made.wait(72 * 60, fading(made, drift, "kh-wad"))
    assert made.told == [FIRING]
    made.fade("kh-wad", 0)
    made.wait(60)
    assert made.told[1:] == [FIRING.replace("firing", "resolved")]


# --- nothing is over because it became worse ------------------------------------------------------------------------


def disturbed() -> Ground:
    made = ground()
    made.port("rr-a/1").mse = -24.0
    made.wait(20)
    assert made.told == [f"firing {RADIO_INTERFERENCE} kh-wad warning"]
    return made


def faded(made: Ground) -> None:
    for hop in ENDS:
        made.fade(hop, 5)


def mute(made: Ground) -> None:
    made.port("rr-a/1").mse = None


def nearly_well(made: Ground) -> None:
    made.port("rr-a/1").mse = -32.5


@pytest.mark.parametrize("worsen", [faded, mute, nearly_well])
def test_interference_is_not_over_while_nobody_can_tell(worsen: Callable[[Ground], None]) -> None:
    made = disturbed()
    worsen(made)
    made.wait(60)
    assert len(made.told) == 1
    made.fade("kh-wad", 0)
    made.port("rr-a/1").mse = -40.0
    made.wait(30)
    assert made.told[1:] == [f"resolved {RADIO_INTERFERENCE} kh-wad warning"]


@pytest.mark.parametrize("together", [True, False])
def test_a_margin_that_is_short_stays_so_in_the_rain(*, together: bool) -> None:
    made = ground(fade_margin_required="45dB")
    made.wait(20)
    made.wait(2 * 60, lambda _: faded(made) if together else made.fade("kh-wad", 5))
    assert made.told == [FIRING]


def test_a_low_level_is_not_over_because_the_radio_tables_vanished() -> None:
    made = Ground()
    made.fade("kh-wad", 6)
    made.past(6)
    made.wait(20)
    made.ports.clear()
    made.wait(2 * 60)
    assert made.told == [FIRING]
    assert made.unknown() >= {*OF_LEVEL, RADIO_CAPACITY_LOW, RADIO_PROTECTION_LOST}


def test_less_capacity_is_not_over_because_the_signal_is_bad_as_well() -> None:
    made = ground()
    made.port("rr-a/1").capacity = 250e6
    made.wait(20)
    made.port("rr-a/1").mse = -24.0
    made.wait(60)
    assert made.told == [f"firing {RADIO_CAPACITY_LOW} kh-wad warning", f"firing {RADIO_INTERFERENCE} kh-wad warning"]
