"""Stock as planned by year, what is to be bought to have it, and what that costs."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from config.units import DURATIONS

YEAR_SECONDS = DURATIONS["y"]
# A plan runs over a few years; one of a thousand is a slip of the pen.
MAX_YEARS = 200


class Step(NamedTuple):
    """One year of a plan: devices in use at its end, by how many more than the year before, and what is bought.

    ``bought`` are ``replaced`` ones and those that are new. Less than none grow where a fleet gets smaller.
    """

    year: int
    planned: int
    growth: int
    replaced: int
    bought: int


def planned(plan: Mapping[int, int], year: int) -> int | None:
    """Return the stock planned for the end of a year: a year without an entry keeps that of the one before.

    None before the first entry, and without a plan.
    """
    known = [one for one in plan if one <= year]
    return plan[max(known)] if known else None


def owed(plan: Mapping[int, int], year: int) -> int | None:
    """Return the stock that must be there during a year: what was planned for the end of the one before.

    But no more than is planned for its own end, where a fleet gets smaller. None in the first year of a plan.
    """
    before, then = planned(plan, year - 1), planned(plan, year)
    return None if before is None or then is None else min(before, then)


def growth(plan: Mapping[int, int]) -> dict[int, int]:
    """Return for each year of the plan but the first by how many devices it is more than the entry before."""
    years = sorted(plan)
    return {year: plan[year] - plan[before] for before, year in itertools.pairwise(years)}


def whole_years(lifetime: float) -> int:
    """Return the years of a lifetime in seconds, at least one; half years count up: they end within the next."""
    return max(1, -int(-lifetime // YEAR_SECONDS))


def steps(plan: Mapping[int, int], lifetime: float, until: int | None = None) -> Iterator[Step]:
    """Yield what a plan means year by year, to its last year or ``until``; ``lifetime`` in seconds.

    The stock of the first entry counts as bought in that year, since nothing says when it was. What is bought in a
    year is replaced so many years later; where the fleet gets smaller, the oldest ones go without being replaced.
    """
    if not plan:
        return
    first, years = min(plan), whole_years(lifetime)
    bought: dict[int, int] = {first: plan[first]}
    yield Step(first, plan[first], 0, 0, plan[first])
    last = min(max(plan) if until is None else until, first + MAX_YEARS)
    for year in range(first + 1, last + 1):
        stock, before = planned(plan, year) or 0, planned(plan, year - 1) or 0
        due = bought.pop(year - years, 0)
        _retire(bought, before - due - stock)
        bought[year] = stock - sum(bought.values())
        yield Step(year, stock, stock - before, min(due, bought[year]), bought[year])


def _retire(bought: dict[int, int], surplus: int) -> None:
    """Take so many devices out, the oldest first."""
    for year in sorted(bought):
        if surplus <= 0:
            return
        gone = min(surplus, bought[year])
        bought[year] -= gone
        surplus -= gone
