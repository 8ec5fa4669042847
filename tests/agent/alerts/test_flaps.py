from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from agent.alerts.flaps import (
    CALM_BELOW,
    DAMPED_FROM,
    HALF_LIFE_SECONDS,
    MOST,
    begun,
    eased,
    remembered,
    score_of,
)
from agent.contract import Flaps

MINUTE = 60.0


def after(*times: float) -> Flaps:
    flaps: Flaps | None = None
    for at in times:
        flaps = begun(eased(flaps, at), at)
    assert flaps is not None
    return flaps


def test_the_third_beginning_within_minutes_is_damped() -> None:
    assert not after(0, 3 * MINUTE).damped
    third = after(0, 3 * MINUTE, 6 * MINUTE)
    assert third.damped
    assert third.count == 3


def test_beginnings_a_quarter_of_an_hour_apart_are_not() -> None:
    assert not after(*(number * HALF_LIFE_SECONDS for number in range(50))).damped


def test_what_flapped_all_night_is_calm_after_half_an_hour() -> None:
    last = 8 * 60 * MINUTE
    flaps = after(*(number * MINUTE for number in range(8 * 60 + 1)))
    assert flaps.score == MOST
    waiting = eased(flaps, last + 29 * MINUTE)
    assert waiting is not None
    assert waiting.damped
    calm = eased(flaps, last + 31 * MINUTE)
    assert calm is not None
    assert (calm.damped, calm.count) == (False, 0)


def test_what_is_long_past_is_forgotten() -> None:
    flaps = after(0)
    assert remembered(flaps, 29 * MINUTE)
    assert not remembered(flaps, 31 * MINUTE)
    assert begun(flaps, 31 * MINUTE) == Flaps(1.0, 31 * MINUTE)
    assert not remembered(None, 0)


def test_a_clock_that_stepped_back_lets_it_decay_from_then_on() -> None:
    flaps = after(0, 100, 200)
    back = eased(flaps, -3600.0)
    assert back is not None
    assert (back.at, back.score) == (-3600.0, flaps.score)
    assert score_of(back, -3600.0 + HALF_LIFE_SECONDS) == flaps.score / 2


@given(st.lists(st.floats(0, 7200), min_size=1, max_size=30))
def test_damped_begins_high_and_ends_low(gaps: list[float]) -> None:
    known: list[Flaps] = []
    now, flaps = 0.0, begun(None, 0.0)
    for gap in gaps:
        now += gap
        for change in (eased, begun):
            flaps = change(flaps, now) or flaps
            known.append(flaps)
    for before, then in pairwise(known):
        if then.damped and not before.damped:
            assert then.score >= DAMPED_FROM
        if before.damped and not then.damped:
            assert then.score < CALM_BELOW
