"""Events of an iCalendar (RFC 5545): repeated ones expanded, all-day ones local days, in absolute time. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, tzinfo
from typing import NamedTuple, cast

import icalendar
import recurring_ical_events

from config.calendarfaults import CalendarError
from config.icalbounds import MOST_EVENTS, MOST_REPEATED, check_repetitions, parsed

_DAY_SECONDS = 86400.0


class Event(NamedTuple):
    """What stands in the calendar from ``start`` to before ``end`` (seconds since the epoch)."""

    title: str
    start: float
    end: float


def events(content: bytes, zone: tzinfo, begin: float, end: float) -> tuple[Event, ...]:
    """Return the events between two moments, by their start; what is cancelled is none. Raises CalendarError.

    ``zone``: of local times without a zone of their own, and of days. A moment that clocks skip is the one after it.
    """
    try:
        calendar = parsed(content)
        check_repetitions(calendar, begin, end)
        return tuple(sorted(_expanded(calendar, zone, begin, end), key=lambda one: (one.start, one.end)))
    except CalendarError:
        raise
    except (ValueError, KeyError, TypeError, AttributeError, IndexError, OverflowError, RecursionError) as error:
        # the library has an exception for each way in which an event may be wrong, and not all are its own
        raise CalendarError("event") from error


def _expanded(calendar: icalendar.Calendar, zone: tzinfo, begin: float, end: float) -> Iterator[Event]:
    query = recurring_ical_events.of(calendar, components=["VEVENT"])
    # a day more at both ends: local times without a zone are taken for UTC there
    first, last = (datetime.fromtimestamp(at, UTC) for at in (begin - _DAY_SECONDS, end + _DAY_SECONDS))
    found = cast("list[icalendar.Event]", query.between(first, last))
    if len(found) > MOST_EVENTS:
        raise CalendarError("many", events=MOST_EVENTS, repeated=MOST_REPEATED)
    for component in found:
        event = _event(component, zone)
        if event.end > begin and event.start < end and not _is_cancelled(component):
            yield event


def _event(component: icalendar.Event, zone: tzinfo) -> Event:
    start, end = _moment(component.start, zone), _moment(component.end, zone)
    return Event(" ".join(str(component.get("SUMMARY", "")).split()), start, end)


def _moment(value: date | datetime, zone: tzinfo) -> float:
    if not isinstance(value, datetime):
        return datetime.combine(value, time(), zone).timestamp()
    return (value if value.tzinfo is not None else value.replace(tzinfo=zone)).timestamp()


def _is_cancelled(component: icalendar.Component) -> bool:
    return str(component.get("STATUS", "")).upper() == "CANCELLED"


def days(found: Sequence[Event], zone: tzinfo) -> Iterator[tuple[date, date]]:
    """Yield first and last local day of each event."""
    for event in found:
        first = datetime.fromtimestamp(event.start, zone).date()
        last = datetime.fromtimestamp(max(event.start, event.end - 1), zone).date()
        yield first, last
