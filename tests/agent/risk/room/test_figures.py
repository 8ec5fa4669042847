from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.risk.room.figures import FINEST, GAP_SECONDS, Grid, Lag, SlowMean


def test_a_mean_is_exact_until_its_span_is_full() -> None:
    mean = SlowMean(600.0)
    for number, value in enumerate((20.0, 21.0, 22.0, 23.0)):
        mean.add(value, number * 60.0)
    assert mean.since(180.0) == pytest.approx(22.0)  # each step by the value at its end
    assert mean.since(181.0) is None


def test_a_gap_is_no_time_that_was_watched() -> None:
    mean = SlowMean(86_400.0)
    mean.add(20.0, 0.0)
    mean.add(30.0, GAP_SECONDS + 1)
    assert mean.watched == 0.0
    mean.add(30.0, GAP_SECONDS + 61)
    assert (mean.watched, mean.value) == (60.0, 30.0)


def test_what_is_no_newer_is_no_reading() -> None:
    mean = SlowMean(600.0)
    for at in (10.0, 20.0, 20.0, 5.0):
        mean.add(at, at)
    assert mean.watched == 10.0


def test_a_clock_that_is_set_is_a_gap() -> None:
    mean = SlowMean(600.0)
    for at, value in ((0.0, 20.0), (60.0, 20.0), (-7200.0, 30.0), (-7140.0, 30.0)):
        mean.add(value, at)
    assert (mean.watched, mean.value) == (120.0, 25.0)


def test_a_lag_follows_and_begins_anew() -> None:
    lag = Lag(600.0)
    for at, value in ((0.0, 20.0), (300.0, 30.0), (600.0, 30.0)):
        lag.add(value, at)
    assert lag.value == 27.5
    lag.add(10.0, 0.0)
    assert lag.value == 10.0


@given(st.lists(st.floats(-50, 100), min_size=2, max_size=200))
def test_a_mean_lies_among_its_values(values: list[float]) -> None:
    mean = SlowMean(300.0)
    for number, value in enumerate(values):
        mean.add(value, number * 10.0)
    assert min(values) - 1e-6 <= mean.value <= max(values) + 1e-6


@pytest.mark.parametrize(
    ("values", "step"),
    [
        ((21.0, 22.0), 1.0),
        ((21.0, 21.5), 0.5),
        ((21.0, 21.5, 21.25), 0.25),
        ((21.5, 21.3), 0.1),
        ((22.777778, 23.333333), 5 / 9),
        ((22.777778, 22.833333), 5 / 90),
        ((21.37, 21.3), FINEST),
    ],
)
def test_the_step_of_a_sensor_is_that_of_its_finest_value(values: tuple[float, ...], step: float) -> None:
    grid = Grid()
    for value in values:
        grid.add(value)
    assert grid.step == pytest.approx(step)


def test_the_step_of_a_ratio_is_of_per_cent() -> None:
    grid = Grid(100.0)
    grid.add(0.455)
    assert grid.step == pytest.approx(0.005)
