"""What the sizes of backups say in everyday life: weekends, holidays, full and incremental ones, and real trouble."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.contract import SIZES_KEPT
from agent.risk.catalogue.heartbeats import SizeOptions
from agent.risk.sizes import Says, Told, size_verdict, trend_of

DAY, HOUR, GIB = 86400.0, 3600.0, 2.0**30
OPTIONS = SizeOptions.model_validate({})


def nights(sizes: Sequence[float | None], step: float = DAY) -> Told:
    return [(number * step, size) for number, size in enumerate(sizes)]


def told(sizes: Sequence[float], step: float = DAY) -> list[tuple[int, Says]]:
    """Return which runs were told, as they came."""
    found: list[tuple[int, Says]] = []
    for number in range(len(sizes)):
        verdict = size_verdict(nights(sizes[: number + 1], step)[-SIZES_KEPT:], OPTIONS)
        assert verdict is not None
        if verdict.says != "usual":
            found.append((number, verdict.says))
    return found


def weeks(count: int, weekday: float, weekend: float) -> list[float]:
    """From Monday on."""
    return [weekday * GIB if night % 7 < 5 else weekend * GIB for night in range(7 * count)]


def test_small_ones_at_weekends_are_learnt_in_two_weeks() -> None:
    assert told(weeks(12, 20, 0.1)) == [(night, "small") for night in (5, 6, 12, 13)]


def test_empty_ones_at_weekends_are_learnt_in_three_weeks() -> None:
    assert told(weeks(12, 20, 0)) == [(night, "empty") for night in (5, 6, 12, 13, 19, 20)]


def test_a_weekend_that_does_not_end_is_told_for_as_long_as_it_lasts() -> None:
    found = told([*weeks(10, 20, 0), *[0.0] * 30])
    assert [night for night, _ in found if night > 20] == list(range(72, 100))


def test_what_stays_as_small_as_at_weekends_is_told_before_it_is_the_rule() -> None:
    assert [night for night, _ in told([*weeks(10, 20, 0.1), *[0.1 * GIB] * 30]) if night > 20] == [72, 73, 74, 75]


@pytest.mark.parametrize("month", [30, 31])
def test_a_monthly_full_one_among_daily_ones_is_told_once(month: int) -> None:
    assert told([5 * GIB if night % month else 100 * GIB for night in range(1, 240)]) == [(month - 1, "large")]


def test_a_weekly_full_one_among_hourly_ones_is_told_once() -> None:
    assert told([GIB if hour % 168 else 100 * GIB for hour in range(1, 900)], HOUR) == [(167, "large")]


def test_holidays_are_told_until_they_are_the_rule_and_their_end_is_not() -> None:
    sizes = [*[5 * GIB] * 60, *[0.03 * GIB] * 42, *[5 * GIB] * 30]
    assert told(sizes) == [(night, "small") for night in (60, 61, 62, 63)]


def test_what_is_usual_is_never_nothing_however_long_it_lasts() -> None:
    verdict = size_verdict(nights([*[100 * GIB] * 9, *[0.0] * 40]), OPTIONS)
    assert verdict is not None
    assert (verdict.says, verdict.usual, verdict.good_at) == ("empty", 100 * GIB, 8 * DAY)


HISTORIES: Mapping[str, list[float]] = {
    "slowly": [0.995**night for night in range(160)],
    "fast": [0.98**night for night in range(160)],
    "at once": [1.0] * 80 + [0.1] * 80,
    "by weekday": [1.0 + night % 7 / 5 for night in range(160)],
}


@pytest.mark.parametrize(
    ("shrinks", "halved"), [("slowly", True), ("fast", True), ("at once", False), ("by weekday", False)]
)
def test_a_slow_shrink_is_told_from_a_step_and_from_a_week(shrinks: str, halved: bool) -> None:
    verdict = size_verdict(nights([100 * GIB * share for share in HISTORIES[shrinks]]), OPTIONS)
    assert verdict is not None
    assert (verdict.trend is not None and verdict.trend.last < verdict.trend.first / 2) == halved


def test_nights_that_go_up_and_down_are_no_trend() -> None:
    assert trend_of([(night * DAY, GIB * (100 + night * 7 % 5)) for night in range(29)]) is None


@given(st.lists(st.none() | st.floats(0, 1e18), max_size=SIZES_KEPT))
def test_whatever_is_reported_there_is_a_verdict(sizes: list[float | None]) -> None:
    verdict = size_verdict(nights(sizes), OPTIONS)
    assert (verdict is None) == all(size is None for size in sizes)
    assert verdict is None or verdict.trend is None or verdict.trend.first != verdict.trend.last


@given(st.floats(1, 1e18), st.lists(st.floats(0.6, 1.9), min_size=6, max_size=SIZES_KEPT))
def test_a_size_that_stays_within_the_bounds_is_usual(size: float, swings: list[float]) -> None:
    verdict = size_verdict(nights([size * one for one in (*swings[:-1], 1.0)]), OPTIONS)
    assert verdict is not None
    assert verdict.says == "usual"


def test_the_same_time_twice_is_no_division_by_zero() -> None:
    twice = tuple((15 * DAY * (number < 6), float(number)) for number in range(12))
    trend_of(twice)


@pytest.mark.parametrize("count", [0, 1])
def test_too_few_have_no_trend(count: int) -> None:
    assert trend_of([(night * DAY, 1.0) for night in range(count)]) is None
