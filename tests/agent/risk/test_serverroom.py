from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.risk.heat.shapes import SHAPES, Shape, pitch_after, risen_after, when_risen
from agent.risk.serverroom import heating_bound, line_of, noise_of, project, thinned

Points = list[tuple[float, float]]


def ramp(kelvin_per_minute: float, count: int = 18, step: float = 10.0) -> Points:
    return [(number * step, 22 + kelvin_per_minute * number * step / 60) for number in range(count)]


def zigzag(points: Points, kelvin: float) -> Points:
    return [(at, value + (kelvin if number % 2 else -kelvin)) for number, (at, value) in enumerate(points)]


def test_too_few_points_or_no_time_between_them_are_refused() -> None:
    assert line_of(ramp(0.3, 4), 0.1) is None
    assert project(ramp(0.3, 4), 0.05) is None
    assert line_of([(5.0, 20.0)] * 8, 0.1) is None
    assert project([(5.0, 20.0)] * 8, 0.05) is None


@given(st.floats(-2, 2), st.integers(5, 40), st.floats(1, 120))
def test_a_straight_course_is_seen_as_it_is(slope: float, count: int, step: float) -> None:
    line = line_of(ramp(slope, count, step), 0.1)
    assert line is not None
    assert line.slope * 60 == pytest.approx(slope, abs=1e-6)
    assert line.level == pytest.approx(22 + slope * (count - 1) * step / 60, abs=1e-6)


def test_a_third_of_outliers_does_not_turn_the_line() -> None:
    points = [(at, value + (30 if number % 4 == 1 else 0)) for number, (at, value) in enumerate(ramp(0.3, 20))]
    line = line_of(points, 0.1)
    assert line is not None
    assert line.slope * 60 == pytest.approx(0.3, abs=0.1)


def test_the_error_of_the_slope_shrinks_with_time_and_grows_with_scatter() -> None:
    errors = [line.error for line in map(lambda points: line_of(points, 0.1), (ramp(0.3, 10), ramp(0.3, 40))) if line]
    assert errors[0] > 5 * errors[1]
    rough = line_of(zigzag(ramp(0.3, 10), 0.5), 0.1)
    assert rough is not None
    assert rough.error > 5 * errors[0]


def test_noise_is_told_apart_from_a_trend_and_never_below_the_step_of_the_sensor() -> None:
    assert noise_of(ramp(3.0, 30), 0.1) == pytest.approx(0.1 / math.sqrt(12))
    assert noise_of(zigzag(ramp(3.0, 30), 0.5), 0.1) > 0.5
    assert noise_of([], 1.0) == pytest.approx(1 / math.sqrt(12))


def test_a_straight_rise_reaches_the_limit_about_when_it_should_and_the_band_says_how_sure_that_is() -> None:
    short, long = (project(ramp(0.5, count), 0.05) for count in (18, 120))
    assert short is not None
    assert long is not None
    left = short.until(32)
    truth = (32 - ramp(0.5)[-1][1]) / 0.5 * 60
    assert left.least < truth < left.most
    assert left.seconds == pytest.approx(truth, rel=0.15)
    later = long.until(36)
    assert later.most / later.least < left.most / left.least


def test_a_rise_that_saturates_below_the_limit_does_not_reach_it() -> None:
    points = [(at, 22 + 3 * -math.expm1(-at / 600)) for at in range(0, 1500, 10)]
    projection = project(points, 0.03)
    assert projection is not None
    left = projection.until(32)
    assert math.isinf(left.most)
    assert left.seconds > 3600


def test_what_is_reached_is_reached_now_and_what_falls_never_gets_there() -> None:
    risen = project(ramp(0.5, 30), 0.05)
    assert risen is not None
    assert risen.until(20).seconds == 0
    fallen = project(ramp(-0.5, 30), 0.05)
    assert fallen is not None
    assert math.isinf(fallen.until(32).seconds)


@given(st.sampled_from(SHAPES), st.floats(1, 7200))
def test_when_a_shape_has_risen_so_far_is_the_inverse_of_how_far_it_has(shape: Shape, seconds: float) -> None:
    if pitch_after(shape, seconds) > 1e-3:
        assert when_risen(shape, risen_after(shape, seconds)) == pytest.approx(seconds, rel=0.02)


def test_what_a_saturated_rise_cannot_reach_it_never_does() -> None:
    assert math.isinf(when_risen(Shape(1 / 600, 1.0), 601.0))


@given(st.lists(st.floats(0.5, 50), min_size=5, max_size=60), st.floats(0.01, 1))
def test_whatever_the_points_the_band_holds_the_time(values: list[float], noise: float) -> None:
    projection = project([(10.0 * number, value) for number, value in enumerate(values)], noise)
    assert projection is not None
    left = projection.until(60)
    assert 0 <= left.least <= left.seconds <= left.most


@given(st.integers(5, 200), st.integers(1, 9))
def test_means_of_points_keep_their_middle(count: int, size: int) -> None:
    thin = thinned(ramp(0.3, count), size)
    assert len(thin) == -(-count // size)
    assert thin[-1][0] <= ramp(0.3, count)[-1][0]


def test_five_kilowatts_heat_thirty_cubic_metres_by_eight_kelvin_a_minute_at_most() -> None:
    assert heating_bound(5000, 30) * 60 == pytest.approx(8.3, abs=0.1)
