from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.families import SITE_JITTER, SITE_LATENCY, SITE_LATENCY_MAX, SITE_LOSS
from collectors.probe.parse_icmp import pace, series

TRIPS = st.lists(st.floats(1e-6, 60), min_size=1, max_size=20)


def told(seconds: list[float], count: int) -> dict[str, float]:
    return {sample.family.name: sample.value for sample in series(seconds, count)}


def test_a_series_is_spread_over_two_of_the_five_seconds_in_which_silence_is_known() -> None:
    assert pace(2, 10, timeout=5) == pytest.approx((2 / 9, 3))


def test_a_single_ping_and_one_that_is_not_spread_wait_the_whole_timeout() -> None:
    assert pace(0, 10, timeout=5) == (0, 5)
    assert pace(2, 1, timeout=5) == (0, 5)


def test_half_of_a_short_timeout_is_left_for_the_answers() -> None:
    assert pace(2, 3, timeout=1) == (0.25, 0.5)


@given(st.floats(0, 10), st.integers(1, 20), st.floats(0.09, 30))
def test_a_series_never_takes_longer_than_the_timeout(spread: float, count: int, timeout: float) -> None:
    pause, patience = pace(spread, count, timeout)
    assert 0 <= pause * (count - 1) <= spread * 1.000001
    assert timeout / 2 <= patience <= timeout
    assert pause * (count - 1) + patience <= timeout * 1.000001


@given(TRIPS, st.integers(0, 20))
def test_what_a_series_tells_lies_within_its_round_trips(seconds: list[float], lost: int) -> None:
    got = told(seconds, len(seconds) + lost)
    slack = 1e-9 * max(seconds)
    assert min(seconds) - slack <= got[SITE_LATENCY.name] <= max(seconds) + slack
    assert got[SITE_LATENCY_MAX.name] == max(seconds)
    assert 0 <= got[SITE_LOSS.name] < 1
    assert (SITE_JITTER.name in got) == (len(seconds) > 1)
    assert got.get(SITE_JITTER.name, 0) <= max(seconds) - min(seconds) + slack


def test_jitter_does_not_depend_on_how_slow_the_way_is() -> None:
    near, far = told([0.01, 0.02, 0.01], 3), told([0.51, 0.52, 0.51], 3)
    assert near[SITE_JITTER.name] == pytest.approx(far[SITE_JITTER.name])


def test_one_lost_of_ten_is_a_tenth() -> None:
    assert told([0.01] * 9, 10)[SITE_LOSS.name] == 0.1
