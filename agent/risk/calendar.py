"""When is it office hours, school hours, or any other? A pure calendar in the municipality's time zone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from config.hours import OFFICE_HOURS, SCHOOL_HOURS, HourSpan, parse_hours
from config.settings import Settings
from config.workdays import ClosedDays

# Past the longest closure anyone plans, summer holidays included; who never opens is not waited for.
_SEARCH_DAYS = 60


@dataclass(frozen=True, slots=True)
class Calendar:
    """Opening hours: weekly spans, without holidays and closed days."""

    zone: ZoneInfo
    spans: Sequence[HourSpan]
    closed: ClosedDays

    @classmethod
    def of(cls, settings: Settings, hours: str = OFFICE_HOURS, *, in_term: bool = False) -> Calendar:
        """Return office or school hours as configured, or the hours that a text says (``config.hours.When``).

        School hours, and with ``in_term`` any others, end with the school holidays.
        """
        return Calendars(settings).of(hours, in_term=in_term)

    def next_opening(self, now: float) -> float:
        """Return ``now`` while open, else when it opens next; ``now`` as well if it never does (fail open).

        Times are seconds since the epoch. A span that begins in the hour that daylight saving leaves out begins right
        after it.
        """
        return next((max(now, begin) for begin, end in self._next_openings(now) if now < end), now)

    def opens(self, now: float) -> bool:
        """Whether it is open now or opens again."""
        return any(now < end for _, end in self._next_openings(now))

    def is_open(self, now: float) -> bool:
        """Whether ``now`` lies within the hours."""
        return self.opened_at(now) is not None

    def opened_at(self, now: float) -> float | None:
        """Return when the hours of today first began; None outside of them."""
        today = self._openings(self.day(now))
        return today[0][0] if any(begin <= now < end for begin, end in today) else None

    def open_seconds(self, since: float, now: float) -> float:
        """Return how long it was open today from ``since`` to ``now``; what overlaps counts once, breaks do not."""
        total, reached = 0.0, since
        for begin, end in self._openings(self.day(now)):
            begin, end = max(begin, reached), min(end, now)
            if begin < end:
                total, reached = total + end - begin, end
        return total

    def next_time(self, at: time, now: float) -> float:
        """Return the next moment, not before ``now``, at which local clocks show ``at``."""
        today = self.day(now)
        moments = (self._moment(today + timedelta(days=offset), at.hour * 60 + at.minute) for offset in range(2))
        return next((moment for moment in moments if moment >= now), now)

    def day(self, now: float) -> date:
        """Return the local day."""
        return datetime.fromtimestamp(now, self.zone).date()

    def timestamp(self, local: datetime) -> float:
        """Return the moment of a naive local time."""
        return local.replace(tzinfo=self.zone).timestamp()

    def _next_openings(self, now: float) -> Iterator[tuple[float, float]]:
        today = self.day(now)
        for offset in range(_SEARCH_DAYS + 1):
            yield from self._openings(today + timedelta(days=offset))

    def _openings(self, day: date) -> list[tuple[float, float]]:
        if day in self.closed:
            return []
        today = sorted((span.start, span.end) for span in self.spans if day.weekday() in span.days)
        return [(self._moment(day, start), self._moment(day, end)) for start, end in today]

    def _moment(self, day: date, minutes: int) -> float:
        midnight = datetime.combine(day, time(), self.zone)
        return (midnight + timedelta(minutes=minutes)).astimezone(UTC).timestamp()


@dataclass(slots=True, eq=False)
class Calendars:
    """The calendars of one configuration, each made once; ``read`` first, where no file may be read later."""

    settings: Settings
    _closed: dict[bool, ClosedDays] = field(default_factory=dict[bool, ClosedDays])
    _known: dict[tuple[str, bool], Calendar] = field(default_factory=dict[tuple[str, bool], Calendar])

    def read(self) -> Calendars:
        """Read holidays and an own calendar of school holidays; afterwards nothing is read any more."""
        for of_schools in (False, True):
            self._closed_days(of_schools)
        return self

    def of(self, hours: str = OFFICE_HOURS, *, in_term: bool = False) -> Calendar:
        """Return the calendar of hours as ``Calendar.of`` does."""
        known = self._known.get((hours, in_term))
        if known is None:
            town, alerting = self.settings.municipality, self.settings.alerting
            named = {OFFICE_HOURS: alerting.office_hours, SCHOOL_HOURS: alerting.school_hours}
            closed = self._closed_days(in_term or hours == SCHOOL_HOURS)
            known = Calendar(ZoneInfo(town.timezone), parse_hours(named.get(hours, hours)), closed)
            self._known[hours, in_term] = known
        return known

    def _closed_days(self, of_schools: bool) -> ClosedDays:
        if of_schools not in self._closed:
            settings = self.settings
            self._closed[of_schools] = (
                ClosedDays.of_schools(settings) if of_schools else ClosedDays.of(settings.municipality)
            )
        return self._closed[of_schools]
