from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.alerts.pace import pause_after, token_in, tokens_left

TIMES = st.lists(st.floats(0, 5000), max_size=60).map(sorted)


def test_pauses_double_up_to_a_cap() -> None:
    assert [pause_after(failures, 0) for failures in (0, 1, 2, 6, 1000)] == [5, 10, 20, 300, 300]


def test_a_receiver_may_ask_for_more_patience_but_not_for_days() -> None:
    assert pause_after(0, 60) == 60
    assert pause_after(0, 10**9) == 3600


@given(st.integers(0, 50), st.floats(0, 1))
def test_jitter_is_a_fifth_at_most(failures: int, luck: float) -> None:
    assert pause_after(failures, 0, luck) == pytest.approx(pause_after(failures, 0), rel=0.21)


def test_a_full_bucket_is_emptied_and_fills_evenly() -> None:
    assert tokens_left([], 10, 600, 1000.0) == 10
    assert tokens_left([1000.0] * 10, 10, 600, 1000.0) == 0
    assert tokens_left([1000.0] * 10, 10, 600, 1090.0) == 1.5
    assert tokens_left([1000.0] * 10, 10, 600, 9e9) == 10


def test_what_lies_in_the_future_does_not_count() -> None:
    assert tokens_left([5000.0] * 10, 10, 600, 1000.0) == 10


@given(TIMES, st.integers(1, 20), st.floats(1, 3600))
def test_nobody_waits_for_a_token_longer_than_its_share(times: list[float], messages: int, per: float) -> None:
    taken: list[float] = []
    for now in times:
        if tokens_left(taken, messages, per, now) >= 1.0:
            taken.append(now)
        left = tokens_left(taken, messages, per, now)
        assert -1e-6 <= left <= messages
        assert token_in(left, messages, per) <= per / messages + 1e-6
