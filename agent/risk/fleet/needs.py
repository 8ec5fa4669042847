"""What is to be replaced in which year, and what that costs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from agent.estate import Need
from agent.risk.fleet.plan import YEAR_SECONDS, steps, whole_years
from agent.risk.fleet.stock import Batches
from config.schools import Fleet


def due_on(bought: date, lifetime: float) -> date:
    """Return the day on which a device is to be replaced, ``lifetime`` in seconds.

    Whole years are years of the calendar: what was bought on 2021-08-20 for `5y` is due on 2026-08-20; what was bought
    on 29 February on the 28th. Any other lifetime counts in days.
    """
    years, rest = divmod(lifetime, YEAR_SECONDS)
    if rest or not years:
        return date.fromordinal(min(bought.toordinal() + round(lifetime / 86_400), date.max.toordinal()))
    year = min(bought.year + int(years), date.max.year)
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    return date(year, 2, 28) if (bought.month, bought.day) == (2, 29) and not leap else bought.replace(year=year)


class Terms(NamedTuple):
    """On what terms the devices of a fleet are replaced: after ``lifetime`` seconds, each at ``unit_cost``."""

    lifetime: float | None = None
    unit_cost: float | None = None


def needs(batches: Batches, terms: Terms, today: date) -> tuple[Need, ...]:
    """Return how many devices are to be replaced in which year and at what cost, by year.

    A day of their own (``replace_on``) goes before the fleet's lifetime; what is overdue falls into this year. Each
    costs ``unit_cost``, else what it cost when it was bought; the cost of a year is None where one has no price.
    Devices of which neither says when they are due are in no year.
    """
    devices: Counter[int] = Counter()
    costs: dict[int, float | None] = {}
    for batch, count in batches.items():
        day = batch.replace_on
        if day is None and batch.bought is not None and terms.lifetime:
            day = due_on(batch.bought, terms.lifetime)
        if day is None:
            continue
        year = max(day.year, today.year)
        price = batch.cost if terms.unit_cost is None else terms.unit_cost
        known = costs.get(year, 0.0)
        devices[year] += count
        costs[year] = None if known is None or price is None else known + count * price
    return tuple(Need(year, devices[year], costs[year]) for year in sorted(devices))


def added(needs_of_each: Iterable[Iterable[Need]]) -> tuple[Need, ...]:
    """Return the needs of several fleets by year, as of a whole site; the cost is None where one has none."""
    devices: Counter[int] = Counter()
    costs: dict[int, float | None] = {}
    for listed in needs_of_each:
        for need in listed:
            known = costs.get(need.year, 0.0)
            devices[need.year] += need.devices
            costs[need.year] = None if known is None or need.cost is None else known + need.cost
    return tuple(Need(year, devices[year], costs[year]) for year in sorted(devices))


def needs_of(fleet: Fleet, batches: Batches, today: date) -> tuple[Need, ...]:
    """Return what of a fleet is to be replaced this year and later: by the register, else by what its plan means."""
    if batches:
        return needs(batches, Terms(fleet.lifetime, fleet.unit_cost), today)
    if not fleet.lifetime:
        return ()
    price, until = fleet.unit_cost, today.year + whole_years(fleet.lifetime)
    return tuple(
        Need(step.year, step.replaced, None if price is None else step.replaced * price)
        for step in steps(fleet.plan, fleet.lifetime, until)
        if step.replaced and step.year >= today.year
    )
