"""On which days does the municipality not work, or have no school? Holidays, and further closed days."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache, lru_cache
from zoneinfo import ZoneInfo

import holidays

from config.calendarfaults import CalendarError
from config.calendarfiles import SCHOOL, copy_of, read_file
from config.ical import days, events
from config.school_holidays import Period, school_holidays
from config.settings import Municipality, Settings

# What an own calendar of school holidays is read for.
_FIRST_YEAR, _LAST_YEAR = 2020, 2060


def _never(_: date) -> bool:
    return False


@dataclass(frozen=True, slots=True)
class ClosedDays:
    """Days without hours whatever the weekday: ``12-24`` each year, ``2027-02-08`` once, holidays."""

    dates: frozenset[str] = frozenset()
    is_holiday: Callable[[date], bool] = _never
    periods: tuple[Period, ...] = ()
    of_school: bool = False

    @classmethod
    def of(cls, town: Municipality) -> ClosedDays:
        """Return the days on which the municipality does not work, as configured."""
        return cls(frozenset(town.closed), _public_holidays(town.holidays))

    @classmethod
    def of_schools(cls, settings: Settings) -> ClosedDays:
        """Return the days without school as configured: those above, and school holidays.

        Of a calendar that cannot be read (``check`` says so) the last good copy counts; without one school hours are
        taken for more.
        """
        town = settings.municipality
        known = school_holidays(town.school_holidays) if town.school_holidays is not None else None
        own = () if town.school_calendar is None else _known_periods(settings)
        region = town.holidays or town.school_holidays
        return cls(
            frozenset(town.closed), _public_holidays(region), tuple(sorted({*(known or ()), *own})), of_school=True
        )

    def knows(self, day: date) -> bool:
        """Whether a day can be told: of days of school, only between the first and the last known school holidays."""
        if not self.of_school:
            return True
        return bool(self.periods) and self.periods[0].first <= day <= max(period.last for period in self.periods)

    def __contains__(self, day: date) -> bool:
        """Whether there are no hours on that local day."""
        named = day.isoformat() in self.dates or day.strftime("%m-%d") in self.dates
        return named or self.is_holiday(day) or any(first <= day <= last for first, last in self.periods)


@lru_cache(maxsize=4)  # checked off the loop, and used on it
def school_periods(content: bytes, timezone: str) -> tuple[Period, ...]:
    """Return the school holidays of an own calendar. Raises CalendarError."""
    zone = ZoneInfo(timezone)
    begin, end = (datetime(year, 1, 1, tzinfo=UTC).timestamp() for year in (_FIRST_YEAR, _LAST_YEAR))
    return tuple(sorted({Period(first, last) for first, last in days(events(content, zone, begin, end), zone)}))


def _known_periods(settings: Settings) -> tuple[Period, ...]:
    """Return those of the calendar, else of its last good copy, else none."""
    town = settings.municipality
    for path in (town.school_calendar, copy_of(settings, SCHOOL)):
        with contextlib.suppress(CalendarError):
            return () if path is None else school_periods(read_file(path), town.timezone)
    return ()


@cache  # the table is read from files: once, off the loop
def _public_holidays(region: str | None) -> Callable[[date], bool]:
    """Return whether a day is a public holiday of ``DE-NW`` (country and part, ISO 3166); never where none is known."""
    if region is None:
        return _never
    country, _, part = region.partition("-")
    try:
        known = holidays.country_holidays(country, subdiv=part or None)
    except NotImplementedError:
        return _never
    return lambda day: day in known
