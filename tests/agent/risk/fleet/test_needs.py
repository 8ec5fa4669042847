"""Replacement by the register: when which devices are due, and what that costs."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.estate import Need
from agent.risk.fleet.needs import Terms, added, due_on, needs, needs_of
from agent.risk.fleet.stock import Batch, ages, by_year, held, stock_by_year
from config.schools import Fleet
from config.units import DAY, DURATIONS

YEAR = DURATIONS["y"]
TODAY = date(2026, 11, 22)
TABLETS = {Batch(date(2021, 8, 20), cost=389.0): 120, Batch(date(2023, 9, 1), cost=410.0): 60}


@pytest.mark.parametrize(
    ("bought", "lifetime", "due"),
    [
        (date(2021, 8, 20), 5 * YEAR, date(2026, 8, 20)),
        (date(2020, 2, 29), 5 * YEAR, date(2025, 2, 28)),
        (date(2020, 2, 29), 4 * YEAR, date(2024, 2, 29)),
        (date(2021, 8, 20), 100 * DAY, date(2021, 11, 28)),
        (date(2021, 8, 20), 4.5 * YEAR, date(2026, 2, 17)),
        (date(2021, 8, 20), 9000 * YEAR, date(9999, 8, 20)),
    ],
)
def test_years_of_a_lifetime_are_years_of_the_calendar(bought: date, lifetime: float, due: date) -> None:
    assert due_on(bought, lifetime) == due


def test_a_lifetime_and_the_price_of_the_fleet() -> None:
    assert needs(TABLETS, Terms(5 * YEAR, 480.0), TODAY) == (Need(2026, 120, 57_600.0), Need(2028, 60, 28_800.0))


def test_without_a_price_of_the_fleet_each_costs_what_it_cost() -> None:
    assert needs(TABLETS, Terms(5 * YEAR), TODAY) == (Need(2026, 120, 46_680.0), Need(2028, 60, 24_600.0))
    some = {**TABLETS, Batch(date(2021, 9, 1)): 1}
    assert needs(some, Terms(5 * YEAR), TODAY)[0] == Need(2026, 121, None)


def test_what_is_overdue_falls_into_this_year() -> None:
    old = {Batch(date(2015, 1, 1)): 3, Batch(date(2021, 1, 1)): 2}
    assert needs(old, Terms(5 * YEAR, 100.0), TODAY) == (Need(2026, 5, 500.0),)


def test_a_day_of_its_own_goes_before_the_lifetime() -> None:
    batches = {Batch(date(2015, 1, 1), replace_on=date(2029, 7, 1)): 4, Batch(replace_on=date(2027, 1, 1)): 1}
    assert needs(batches, Terms(5 * YEAR), TODAY) == (Need(2027, 1, None), Need(2029, 4, None))


def test_of_what_nothing_is_said_is_in_no_year() -> None:
    assert needs({Batch(): 7}, Terms(5 * YEAR, 1.0), TODAY) == ()
    assert needs(TABLETS, Terms(), TODAY) == ()


def test_without_a_register_the_plan_says_what_is_replaced() -> None:
    fleet = Fleet.model_validate({"site": "afg", "kind": "tablet", "plan": {2021: 450, 2022: 500}, "lifetime": "5y"})
    assert needs_of(fleet, {}, TODAY) == (Need(2026, 450, None), Need(2027, 50, None), Need(2031, 450, None))
    assert needs_of(fleet, TABLETS, TODAY)[0].devices == 120
    assert needs_of(fleet.model_copy(update={"lifetime": None}), {}, TODAY) == ()


def test_the_need_of_a_site_is_that_of_its_fleets() -> None:
    one, other = (Need(2026, 5, 500.0), Need(2027, 1, None)), (Need(2026, 2, 100.0),)
    assert added([one, other]) == (Need(2026, 7, 600.0), Need(2027, 1, None))


def test_the_ages_of_a_fleet() -> None:
    batches = {**TABLETS, Batch(): 5, Batch(date(2027, 1, 1)): 1, Batch(date(2021, 11, 23)): 2}
    assert ages(batches, TODAY) == {0: 1, 3: 60, 4: 2, 5: 120}
    assert by_year(batches) == {0: 5, 2021: 122, 2023: 60, 2027: 1}
    assert held(batches) == 188
    assert stock_by_year(by_year(batches), 2020, 2023) == {2020: 5, 2021: 127, 2022: 127, 2023: 187}


BATCHES = st.dictionaries(
    st.builds(
        Batch,
        st.none() | st.dates(date(1990, 1, 1), date(2060, 1, 1)),
        st.none() | st.dates(date(1990, 1, 1), date(2060, 1, 1)),
        st.none() | st.floats(0, 1e6),
    ),
    st.integers(1, 500),
)


@given(BATCHES, st.none() | st.floats(1, 40 * YEAR), st.none() | st.floats(0, 1e5))
def test_every_device_is_due_once_or_never(
    batches: dict[Batch, int], lifetime: float | None, price: float | None
) -> None:
    found = needs(batches, Terms(lifetime, price), TODAY)
    assert [need.year for need in found] == sorted({need.year for need in found})
    assert all(need.year >= TODAY.year for need in found)
    dated = sum(count for one, count in batches.items() if one.replace_on or (one.bought and lifetime))
    assert sum(need.devices for need in found) == dated
