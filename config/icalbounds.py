"""What of an iCalendar is read at all, and which repetitions: so that none costs more than a second or two. Pure.

The reader and the expansion step through each rule from its beginning, and through one that never holds until the year
9999. So a calendar is cut down to what a duty needs before it is read, and each rule must be one that surely holds
again soon; the steps of all together are counted before the first is taken.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple, cast

import icalendar

from config.calendarfaults import CalendarError

# A year of a rota has some hundred shifts; what has more is no calendar of duties or holidays.
MOST_EVENTS = 2000
MOST_REPEATED = 100
LARGEST_BYTES = 2_000_000  # with the descriptions and pictures that are not read

_MOST_READ_BYTES = 500_000
_LONGEST_LINE_BYTES = 20_000  # a thousand dates
_MOST_PARTS = 3 * MOST_EVENTS  # reminders, which are not read, are parts as well
_MOST_OBSERVANCES = 40  # rules of time zones; each begins in 1601 where Outlook wrote it
_MOST_YEARS = 50
_MOST_DAYS = 500_000  # a hundred weekly shifts of thirteen years; one day takes some microseconds
_MOST_FOUND = 10_000.0  # counted generously; one takes a tenth of a millisecond
_LONGEST = timedelta(days=366)
_DAY = timedelta(days=1)
_NEVER = date(9000, 1, 1)

_READ = frozenset(
    b"BEGIN END VERSION PRODID X-WR-TIMEZONE UID DTSTART DTEND DURATION SUMMARY STATUS SEQUENCE RECURRENCE-ID "
    b"RRULE RDATE EXDATE TZID TZOFFSETFROM TZOFFSETTO TZNAME".split()
)
_COMMON = frozenset({"FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST", "BYHOUR", "BYMINUTE", "BYSECOND"})
_PARTS: Mapping[str, frozenset[str]] = {
    "DAILY": frozenset({"BYDAY", "BYMONTH"}),
    "WEEKLY": frozenset({"BYDAY", "BYMONTH"}),
    "MONTHLY": frozenset({"BYDAY", "BYMONTH", "BYMONTHDAY", "BYSETPOS"}),
    "YEARLY": frozenset({"BYDAY", "BYMONTH", "BYMONTHDAY", "BYSETPOS"}),
}
_DAYS_OF_MONTH = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_SURE_DAY, _SURE_WEEK = 28, 4  # each month has them


def parsed(content: bytes) -> icalendar.Calendar:
    """Return a calendar with what is needed of it. Raises CalendarError, and what the reader raises."""
    if b"BEGIN:VCALENDAR" not in content[:10_000].upper():
        raise CalendarError("none")
    found = icalendar.Calendar.from_ical(_needed(content))
    if found.name != "VCALENDAR":  # the reader takes any component
        raise CalendarError("none")
    return found


def check_repetitions(calendar: icalendar.Calendar, begin: float, end: float) -> None:
    """Refuse what would take long to expand between two moments (seconds since the epoch). Raises CalendarError."""
    repeated = [event for event in calendar.events if "RRULE" in event]
    if len(repeated) > MOST_REPEATED or len(calendar.events) > MOST_EVENTS:
        raise CalendarError("many", events=MOST_EVENTS, repeated=MOST_REPEATED)
    _check_zones(calendar)
    wanted = _Span(*(datetime.fromtimestamp(at, UTC).date() for at in (begin, end)))
    # the expansion looks so much further: for what is moved, and for what began before and goes on
    further = max((_stretch(one) for one in calendar.events if "RRULE" in one or "RECURRENCE-ID" in one), default=_DAY)
    days, found = 0, 0.0
    for event in repeated:
        start = _day(event)
        if abs(start.year - wanted.first.year) > _MOST_YEARS:
            raise CalendarError("far", years=_MOST_YEARS)
        for rule in _rules(event):
            _check(rule, start)
            last = min(wanted.last, _until(rule)) + further
            days += max(0, (last - start).days) // _interval(rule)
            found += max(0, (last - max(start, wanted.first - further)).days) * _a_day(rule)
    if days > _MOST_DAYS or found > _MOST_FOUND:
        raise CalendarError("long")


class _Span(NamedTuple):
    first: date
    last: date


def _stretch(event: icalendar.Event) -> timedelta:
    """Return how long a repeated event lasts, or how far one of it is moved, whole days. Raises CalendarError."""
    start, end = _day(event), event.end
    others = (end, getattr(event.get("RECURRENCE-ID"), "dt", start))
    longest: timedelta = max(abs((other.date() if isinstance(other, datetime) else other) - start) for other in others)
    if longest > _LONGEST:
        raise CalendarError("stretched")
    return longest + _DAY


def _until(rule: icalendar.vRecur) -> date:
    """Return the last day of a rule."""
    found = [one.date() if isinstance(one, datetime) else one for one in rule.get("UNTIL", ())]
    return min(found, default=_NEVER) if all(isinstance(one, date) for one in found) else _NEVER


def _a_day(rule: icalendar.vRecur) -> float:
    """Return how often it holds on a day, at most."""
    named = len(rule.get("BYDAY", ())), len(rule.get("BYMONTHDAY", ()))
    often = {"DAILY": 1.0, "WEEKLY": max(1, named[0]) / 7}.get(_frequency(rule), (1 + 5 * named[0] + named[1]) / 28)
    return min(1.0, often) / _interval(rule)


def _needed(content: bytes) -> bytes:
    """Return the lines that say when what is; descriptions, pictures and who takes part are nobody's business."""
    if len(content) > LARGEST_BYTES:
        raise CalendarError("large", megabytes=LARGEST_BYTES // 1_000_000)
    whole = content.removeprefix(b"\xef\xbb\xbf").replace(b"\r\n", b"\n").replace(b"\n ", b"").replace(b"\n\t", b"")
    lines = [line for line in whole.split(b"\n") if _name(line) in _READ]
    parts = sum(_name(line) == b"BEGIN" for line in lines)
    size = sum(map(len, lines))
    if parts > _MOST_PARTS or size > _MOST_READ_BYTES or max(map(len, lines), default=0) > _LONGEST_LINE_BYTES:
        raise CalendarError("many", events=MOST_EVENTS, repeated=MOST_REPEATED)
    return b"\r\n".join((*lines, b""))


def _name(line: bytes) -> bytes:
    return line[:20].partition(b":")[0].partition(b";")[0].upper()


def _check_zones(calendar: icalendar.Calendar) -> None:
    """A time zone that changes more often than twice a year is none; the reader would step through each second."""
    observances = [one for zone in calendar.timezones for one in zone.subcomponents]
    if len(observances) > _MOST_OBSERVANCES:
        raise CalendarError("zone")
    for one in observances:
        for rule in _rules(one):
            if _frequency(rule) != "YEARLY":
                raise CalendarError("zone")
            _check(rule, _day(one))


def _rules(component: icalendar.Component) -> Sequence[icalendar.vRecur]:
    given = component.get("RRULE", [])
    return cast("list[icalendar.vRecur]", given if isinstance(given, list) else [given])


def _day(component: icalendar.Component) -> date:
    """Return the day of its start. Raises CalendarError where it has none."""
    given = component.get("DTSTART")
    value: object = getattr(given, "dt", None)
    if not isinstance(value, date):
        raise CalendarError("event")
    return value.date() if isinstance(value, datetime) else value


def _check(rule: icalendar.vRecur, start: date) -> None:
    """Refuse a rule that is not known to hold again within some of its steps."""
    frequency = _frequency(rule)
    parts = _PARTS.get(frequency)
    if parts is None:
        raise CalendarError("fine")
    if any(len(rule.get(key, ())) > 1 for key in ("BYHOUR", "BYMINUTE", "BYSECOND")):
        raise CalendarError("fine")
    given = {str(key).upper() for key in cast("Iterable[object]", rule)} - _COMMON
    if _interval(rule) < 1:
        raise CalendarError("interval")
    each = _interval(rule) == 1
    narrowed = bool(given) and not each
    sure = given <= parts and not (narrowed and ("BYMONTH" in given or frequency == "DAILY") and frequency != "YEARLY")
    if not sure or not _holds(rule, start, frequency, each):
        raise CalendarError("seldom")


def _holds(rule: icalendar.vRecur, start: date, frequency: str, each: bool) -> bool:
    """Whether the days that it names exist in each of its months or years, or at least in some that come again soon."""
    if not all(1 <= one <= len(_DAYS_OF_MONTH) for one in _numbers(rule, "BYMONTH")):
        return False
    if frequency in {"DAILY", "WEEKLY"}:
        return True
    weeks = [getattr(one, "relative", None) or 0 for one in rule.get("BYDAY", ())]
    days = _numbers(rule, "BYMONTHDAY")
    positions = _numbers(rule, "BYSETPOS")
    if weeks:
        of_year = frequency == "YEARLY" and "BYMONTH" not in rule
        most = 52 if of_year else _SURE_WEEK + (each and "BYMONTH" not in rule)
        chosen = _SURE_WEEK * len(weeks) if not any(weeks) else 1
        return not days and all(abs(one) <= most for one in weeks) and all(abs(one) <= chosen for one in positions)
    if positions and (not days or any(abs(one) > 1 for one in positions)):
        return False
    return all(_exists(abs(day), rule, start, each) for day in days or ([start.day] if "BYMONTH" in rule else []))


def _exists(day: int, rule: icalendar.vRecur, start: date, each: bool) -> bool:
    if 1 <= day <= _SURE_DAY or (day == start.day and "BYMONTH" not in rule):
        return True
    months = _numbers(rule, "BYMONTH") or list(range(1, 13))
    longest = max(_DAYS_OF_MONTH[month - 1] for month in months)
    return each and 1 <= day <= longest


def _numbers(rule: icalendar.vRecur, key: str) -> list[int]:
    return [int(one) for one in rule.get(key, ())]


def _frequency(rule: icalendar.vRecur) -> str:
    return next((str(one).upper() for one in rule.get("FREQ", ())), "")


def _interval(rule: icalendar.vRecur) -> int:
    return min(_numbers(rule, "INTERVAL"), default=1)
