"""Stock against plan; Havixbeck's table of 2021 is the worked example, reckoned by hand."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from agent.risk.fleet.plan import growth, planned, steps, whole_years
from config.units import DURATIONS

YEAR = DURATIONS["y"]

# Gemeinde Havixbeck, slides of 2021: up to 2021 stock, later years plan. Nothing is said of 2018.
TABLETS = {2017: 30, 2019: 30, 2020: 225, 2021: 450, 2022: 500, 2023: 550, 2024: 600}
COMPUTERS = {2017: 250, 2019: 260, 2020: 350, 2021: 370, 2022: 405, 2023: 450, 2024: 465}
BEAMERS = {2017: 20, 2019: 24, 2020: 54, 2021: 65, 2022: 70, 2023: 75, 2024: 79}
OTHERS = {2017: 124, 2019: 132, 2020: 190, 2021: 220, 2022: 226, 2023: 232, 2024: 238}
TOTAL = {2017: 424, 2019: 446, 2020: 819, 2021: 1105, 2022: 1201, 2023: 1307, 2024: 1382}


def test_the_columns_of_havixbeck_add_up_to_its_totals() -> None:
    added: Counter[int] = Counter()
    for column in (TABLETS, COMPUTERS, BEAMERS, OTHERS):
        added.update(column)
    assert dict(added) == TOTAL


def test_the_growth_of_havixbeck() -> None:
    assert growth(TOTAL) == {2019: 22, 2020: 373, 2021: 286, 2022: 96, 2023: 106, 2024: 75}
    assert growth(TABLETS) == {2019: 0, 2020: 195, 2021: 225, 2022: 50, 2023: 50, 2024: 50}


def test_what_havixbeck_buys_where_devices_live_for_five_years() -> None:
    """The 424 of 2017 go in 2022, the 22 of 2019 in 2024, the 373 of 2020 in 2025, the 286 of 2021 in 2026."""
    found = {step.year: (step.growth, step.replaced, step.bought) for step in steps(TOTAL, 5 * YEAR, 2026)}
    assert found == {
        2017: (0, 0, 424),
        2018: (0, 0, 0),
        2019: (22, 0, 22),
        2020: (373, 0, 373),
        2021: (286, 0, 286),
        2022: (96, 424, 520),
        2023: (106, 0, 106),
        2024: (75, 22, 97),
        2025: (0, 373, 373),
        2026: (0, 286, 286),
    }


def test_what_its_tablets_mean_where_they_live_for_six_years() -> None:
    """The 30 of 2017 go in 2023, the 195 of 2020 in 2026, the 225 of 2021 in 2027, the 50 of 2022 in 2028."""
    found = {step.year: (step.replaced, step.bought) for step in steps(TABLETS, 6 * YEAR, 2029)}
    assert {year: replaced for year, (replaced, _) in found.items() if replaced} == {
        2023: 30,
        2026: 195,
        2027: 225,
        2028: 50,
        2029: 80,
    }
    assert found[2023] == (30, 80)  # and so 80 of 2023 go in 2029
    assert found[2024] == (0, 50)


def test_a_year_without_an_entry_keeps_that_of_the_one_before() -> None:
    assert [planned(TOTAL, year) for year in (2016, 2017, 2018, 2019, 2024, 2030)] == [None, 424, 424, 446, 1382, 1382]
    assert planned({}, 2026) is None


def test_a_fleet_that_gets_smaller_loses_its_oldest_without_replacing_them() -> None:
    """Ten of 2020 and five of 2021; in 2022 only eight are wanted: seven of 2020 go, three are left to be replaced."""
    found = {step.year: step for step in steps({2020: 10, 2021: 15, 2022: 8}, 5 * YEAR, 2027)}
    assert found[2022].growth == -7
    assert found[2022].bought == 0
    assert (found[2025].replaced, found[2026].replaced, found[2027].replaced) == (3, 5, 0)


def test_parts_of_a_year_end_within_the_next() -> None:
    assert [whole_years(years * YEAR) for years in (0.1, 1, 4.5, 5)] == [1, 1, 5, 5]


def test_no_plan_means_nothing() -> None:
    assert list(steps({}, 5 * YEAR)) == []
    assert growth({}) == {}


PLANS = st.dictionaries(st.integers(1990, 2100), st.integers(0, 2000), min_size=1, max_size=8)


@given(PLANS, st.integers(1, 12))
def test_what_is_bought_less_what_goes_is_always_the_plan(plan: dict[int, int], lifetime: int) -> None:
    years = list(steps(plan, lifetime * YEAR, max(plan) + 5))
    assert [step.planned for step in years] == [planned(plan, step.year) for step in years]
    for step in years:
        assert 0 <= step.replaced <= step.bought
        lately = sum(one.bought for one in years if step.year - lifetime < one.year <= step.year)
        assert lately >= step.planned
