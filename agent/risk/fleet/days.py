"""Days that count: those on which there are hours, so that neither weekends nor holidays make a device late."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from agent.risk.calendar import Calendar, Calendars
from agent.risk.hours import hours_of_site
from config.inventory import Inventory

# Longer than any closure: whoever never opens is not waited for.
_SEARCH_DAYS = 1000


def is_open_day(calendar: Calendar, day: date) -> bool:
    """Whether there are hours on a local day."""
    return day not in calendar.closed and any(day.weekday() in span.days for span in calendar.spans)


def days_before(calendar: Calendar, now: float, days: int) -> float:
    """Return the moment (seconds since the epoch) before which one must have been seen to be silent for too long.

    That is on more than ``days`` whole days with hours; today is not over, and does not count.
    """
    day, left = calendar.day(now), days + 1
    for _ in range(_SEARCH_DAYS):
        if left <= 0:
            break
        day -= timedelta(days=1)
        left -= is_open_day(calendar, day)
    return datetime.combine(day, time(), calendar.zone).astimezone(UTC).timestamp()


def all_known(calendar: Calendar, first: float, last: float) -> bool:
    """Whether it is known of all days from one moment to the other whether there were hours: not without holidays."""
    return calendar.closed.knows(calendar.day(first)) and calendar.closed.knows(calendar.day(last))


def hours_of(inventory: Inventory, calendars: Calendars) -> dict[str, Calendar]:
    """Return by site the hours that count there."""
    return {name: hours_of_site(site).calendar(calendars) for name, site in inventory.sites.items()}
