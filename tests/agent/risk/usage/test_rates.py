from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.risk.usage.percentile import ENOUGH_SLOTS, percentile, percentile_of_days
from agent.risk.usage.rates import STEP_SECONDS, Grid, latest, rates

HOUR = Grid(0, 12)


def counted(*readings: tuple[float, float]) -> list[tuple[float, float]]:
    return list(readings)


def test_a_steady_flow_has_the_same_rate_in_each_slot_whenever_it_is_read() -> None:
    readings = [(-60.0 + 290.0 * number, 1000.0 * number * 290.0) for number in range(20)]
    assert rates(readings, HOUR) == pytest.approx([8000.0] * 12)


def test_slots_before_and_after_the_readings_are_unknown() -> None:
    found = rates(counted((600.0, 0.0), (900.0, 300.0), (1200.0, 600.0)), HOUR)
    assert [math.isnan(rate) for rate in found] == [True, True, False, False] + [True] * 8
    assert found[2:4] == [8.0, 8.0]


def test_what_flowed_within_a_long_silence_is_unknown_not_spread_over_it() -> None:
    found = rates(counted((0.0, 0.0), (300.0, 300.0), (2400.0, 9e9), (2700.0, 9e9 + 300.0)), HOUR)
    assert [slot for slot, rate in enumerate(found) if not math.isnan(rate)] == [0, 8]


def test_a_rate_that_the_line_cannot_carry_is_unknown() -> None:
    found = rates(counted((0.0, 0.0), (300.0, 1e12), (600.0, 1e12 + 300.0)), HOUR, limit=1e9)
    assert math.isnan(found[0])
    assert found[1] == 8.0


def test_nothing_read_is_nothing_known() -> None:
    assert all(map(math.isnan, rates([], HOUR)))
    assert all(map(math.isnan, rates([(0.0, 1.0)], HOUR)))
    assert all(map(math.isnan, rates([(0.0, 1.0), (0.0, 2.0)], HOUR)))


@given(st.lists(st.tuples(st.floats(60, 600), st.floats(0, 1e9)), min_size=2, max_size=60))
def test_no_octet_is_counted_twice_or_lost(steps: list[tuple[float, float]]) -> None:
    at, total = 0.0, 0.0
    readings = [(at, total)]
    for step, gained in steps:
        at, total = at + step, total + gained
        readings.append((at, total))
    slots = math.ceil(at / STEP_SECONDS)
    known = [rate for rate in rates(readings, Grid(0, slots)) if not math.isnan(rate)]
    carried = math.fsum(known) * STEP_SECONDS / 8
    assert len(known) == int(at // STEP_SECONDS)
    assert carried <= total * (1 + 1e-9) + 1e-3


@given(
    st.lists(st.tuples(st.floats(1, 1500), st.floats(0, 1e9)), max_size=60),
    st.floats(-3000, 12_000),
    st.integers(0, 40),
    st.integers(0, 20),
)
def test_a_slot_has_the_same_rate_on_every_grid(
    steps: list[tuple[float, float]], begin: float, first: int, length: int
) -> None:
    at, octets, readings = begin, 0.0, list[tuple[float, float]]()
    for seconds, more in steps:
        readings.append((at, octets))
        at, octets = at + seconds, octets + more
    whole = rates(readings, Grid(0, 60))
    assert rates(readings, Grid(first, length)) == pytest.approx(whole[first : first + length], rel=1e-6, nan_ok=True)


def test_the_grid_ends_with_the_last_slot_that_is_over() -> None:
    assert Grid.of(3659.0, 3600.0) == Grid(0, 12)


def test_the_latest_rate_is_that_between_the_last_two_readings() -> None:
    readings = counted((0.0, 0.0), (300.0, 0.0), (600.0, 3000.0))
    assert latest(readings, 650.0) == 80.0
    assert latest(readings, 1501.0) is None
    assert latest(readings[:1], 10.0) is None
    assert latest(counted((0.0, 0.0), (1000.0, 1.0)), 1000.0) is None


def test_a_latest_rate_that_the_line_cannot_carry_is_unknown() -> None:
    assert latest(counted((0.0, 0.0), (300.0, 1e12)), 300.0, limit=1e9) is None


def test_five_of_a_hundred_values_do_not_count() -> None:
    assert percentile([*range(95), *([10**9] * 5)]) == 94
    assert percentile([7.0]) == 7.0
    assert percentile([]) is None


@given(st.lists(st.floats(0, 1e12), min_size=1, max_size=500))
def test_so_large_a_share_is_not_above_the_percentile(values: list[float]) -> None:
    found = percentile(values)
    assert found is not None
    assert sum(value <= found for value in values) >= 0.95 * len(values)
    assert sum(value < found for value in values) < 0.95 * len(values)


def test_a_percentile_of_less_than_a_day_is_none() -> None:
    assert percentile_of_days([1.0] * (ENOUGH_SLOTS - 1) + [math.nan] * 3000) is None
    assert percentile_of_days([1.0] * ENOUGH_SLOTS) == 1.0
