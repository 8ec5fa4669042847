"""What the register says of devices, grouped: how many there are, of which age."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

UNDATED = 0  # the year of what nobody knows when it was bought


class Batch(NamedTuple):
    """Devices of the register that differ in nothing that counts here.

    ``cost``: of one, as it was bought. None: not said.
    """

    bought: date | None = None
    replace_on: date | None = None
    cost: float | None = None


Batches = Mapping[Batch, int]  # how many of each


def held(batches: Batches) -> int:
    """Return how many devices there are."""
    return sum(batches.values())


def by_year(batches: Batches) -> dict[int, int]:
    """Return how many were bought in which year, sorted; ``UNDATED`` for those that nothing is said of."""
    years: Counter[int] = Counter()
    for batch, count in batches.items():
        years[UNDATED if batch.bought is None else batch.bought.year] += count
    return dict(sorted(years.items()))


def stock_by_year(years: Mapping[int, int], first: int, last: int) -> dict[int, int]:
    """Return how many of the devices that are there today were there at the end of each year; undated ones always."""
    return {year: sum(count for bought, count in years.items() if bought <= year) for year in range(first, last + 1)}


def ages(batches: Batches, today: date) -> dict[int, int]:
    """Return how many have which age in whole years, youngest first; those that nothing is said of are left out."""
    found: Counter[int] = Counter()
    for batch, count in batches.items():
        if batch.bought is not None:
            found[max(0, _years_between(batch.bought, today))] += count
    return dict(sorted(found.items()))


def _years_between(earlier: date, later: date) -> int:
    return later.year - earlier.year - ((later.month, later.day) < (earlier.month, earlier.day))
