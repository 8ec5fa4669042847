from __future__ import annotations

import itertools
from datetime import date, timedelta

import pytest

from config.school_holidays import REGIONS, school_holidays


@pytest.mark.parametrize("region", REGIONS)
def test_periods_are_in_order_and_apart(region: str) -> None:
    periods = school_holidays(region) or ()
    assert all(one.first <= one.last for one in periods)
    assert all(one.last < other.first for one, other in itertools.pairwise(periods))


@pytest.mark.parametrize("region", REGIONS)
@pytest.mark.parametrize("year", [2026, 2027])
def test_summer_holidays_last_six_weeks_and_christmas_is_free(region: str, year: int) -> None:
    periods = school_holidays(region) or ()
    summer = [one for one in periods if one.first.year == year and one.last - one.first > timedelta(days=35)]
    assert [one.first.month in {6, 7, 8} for one in summer] == [True]
    assert any(one.first <= date(year, 12, 28) <= one.last for one in periods)


def test_all_sixteen_laender_are_known_and_others_are_not() -> None:
    assert len(REGIONS) == 16
    assert school_holidays("AT-9") is None


def test_north_rhine_westphalia_is_known_until_the_summer_of_2030() -> None:
    assert (date(2030, 6, 24), date(2030, 8, 6)) in (school_holidays("DE-NW") or ())
