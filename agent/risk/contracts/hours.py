"""Service hours in local time, exact to the second: public holidays, days of 23 and of 25 hours. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from agent.risk.calendar import Calendars
from config.hours import ALWAYS, HourSpan, parse_hours
from config.settings import Settings
from config.workdays import ClosedDays

_MINUTE = 60.0

Opening = tuple[float, float]  # from, to before: seconds since the epoch


@dataclass(frozen=True, slots=True, eq=False)
class ServiceHours:
    """Weekly spans without the days that are closed; what is asked for is worked out once for each day.

    A wall clock that is set back shows an hour twice, and both count; what it skips does not.
    """

    zone: ZoneInfo
    spans: tuple[HourSpan, ...]
    closed: ClosedDays
    _openings: dict[date, tuple[Opening, ...]] = field(default_factory=dict[date, tuple[Opening, ...]])
    _months: dict[date, float] = field(default_factory=dict[date, float])

    @classmethod
    def of_contract(cls, settings: Settings, hours: str) -> ServiceHours:
        """Return the hours in which a provider owes it: on public holidays not, unless it is always owed.

        Days on which only the municipality is closed are the provider's like any other.
        """
        town = settings.municipality
        closed = ClosedDays() if hours == ALWAYS else ClosedDays.of(town.model_copy(update={"closed": ()}))
        return cls(ZoneInfo(town.timezone), parse_hours(hours), closed)

    @classmethod
    def of_service(cls, calendars: Calendars, when: str) -> ServiceHours:
        """Return the hours in which a service without a contract matters to its users."""
        if when == ALWAYS:
            return cls.of_contract(calendars.settings, when)
        known = calendars.of(when)
        return cls(known.zone, tuple(known.spans), known.closed)

    def day_of(self, at: float) -> date:
        """Return the local day of a moment in seconds since the epoch."""
        return datetime.fromtimestamp(at, self.zone).date()

    def begin_of(self, day: date) -> float:
        """Return when a local day begins, in seconds since the epoch."""
        return datetime.combine(day, time(), self.zone).astimezone(UTC).timestamp()

    def openings(self, day: date) -> tuple[Opening, ...]:
        """Return the hours of a local day, by time; those that touch or overlap are one."""
        known = self._openings.get(day)
        if known is None:
            known = self._openings[day] = tuple(_merged(self._open_on(day)))
        return known

    def seconds_of_month(self, day: date) -> float:
        """Return the service seconds of the whole calendar month in which a day lies."""
        first = day.replace(day=1)
        if first not in self._months:
            spans = (one for each in days_from(first, next_month(first)) for one in self.openings(each))
            self._months[first] = sum(end - begin for begin, end in spans)
        return self._months[first]

    def allowed_in_month(self, day: date, availability: float) -> float:
        """Return the error budget of a whole calendar month: how many seconds may fail."""
        return round(self.seconds_of_month(day) * (1 - availability), 6)

    def _open_on(self, day: date) -> list[Opening]:
        if day in self.closed:
            return []
        spans = [(one.start * _MINUTE, one.end * _MINUTE) for one in self.spans if day.weekday() in one.days]
        return sorted(
            (max(begin, begin - wall + start), min(end, begin - wall + stop))
            for begin, end, wall in self._pieces(day)
            for start, stop in spans
            if max(wall, start) < min(wall + end - begin, stop)
        )

    def _pieces(self, day: date) -> Iterator[tuple[float, float, float]]:
        """Yield from, to, and what the wall clock shows at the start, in seconds; two where it is set on that day."""
        begin, end = self.begin_of(day), self.begin_of(day + timedelta(days=1))
        shift = self._offset(end - 1) - self._offset(begin)
        if not shift:
            yield begin, end, 0.0
            return
        before, after = begin, end  # the clock is set somewhere between
        while after - before > 1:
            middle = (before + after) // 2
            before, after = (before, middle) if self._offset(middle) != self._offset(begin) else (middle, after)
        yield begin, after, 0.0
        yield after, end, after - begin + shift

    def _offset(self, at: float) -> float:
        offset = datetime.fromtimestamp(at, self.zone).utcoffset()
        return 0.0 if offset is None else offset.total_seconds()


def next_month(first: date) -> date:
    """Return the first day of the month after that of a first day."""
    return (first + timedelta(days=31)).replace(day=1)


def days_from(first: date, end: date) -> Iterator[date]:
    """Yield the days from the first one to before the end."""
    for number in range((end - first).days):
        yield first + timedelta(days=number)


def _merged(spans: list[Opening]) -> Iterator[Opening]:
    found: Opening | None = None
    for begin, end in spans:
        if found is not None and begin <= found[1]:
            found = (found[0], max(found[1], end))
            continue
        if found is not None:
            yield found
        found = (begin, end)
    if found is not None:
        yield found
