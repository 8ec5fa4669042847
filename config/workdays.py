"""On which days does the municipality not work? Public holidays, and further closed days."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import holidays

from config.settings import Municipality


def _never(_: date) -> bool:
    return False


@dataclass(frozen=True, slots=True)
class ClosedDays:
    """Days without office hours whatever the weekday: ``12-24`` each year, ``2027-02-08`` once, public holidays."""

    dates: frozenset[str] = frozenset()
    is_holiday: Callable[[date], bool] = _never

    @classmethod
    def of(cls, town: Municipality) -> ClosedDays:
        """Return the closed days as configured."""
        return cls(frozenset(town.closed), _public_holidays(town.holidays))

    def __contains__(self, day: date) -> bool:
        """Whether nobody works on that local day."""
        return day.isoformat() in self.dates or day.strftime("%m-%d") in self.dates or self.is_holiday(day)


def _public_holidays(region: str | None) -> Callable[[date], bool]:
    """Return whether a day is a public holiday of ``DE-NW`` (country and part, ISO 3166)."""
    if region is None:
        return _never
    country, _, part = region.partition("-")
    known = holidays.country_holidays(country, subdiv=part or None)
    return lambda day: day in known
