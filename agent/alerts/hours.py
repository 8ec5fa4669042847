"""When is it office hours, or school hours? A pure calendar in the municipality's time zone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from config.hours import HourSpan, parse_hours
from config.settings import Settings
from config.workdays import ClosedDays

HoursName = Literal["office_hours", "school_hours"]

# Past the longest closure anyone plans, summer holidays included; who never opens is not waited for.
_SEARCH_DAYS = 60


@dataclass(frozen=True, slots=True)
class Calendar:
    """Opening hours: weekly spans, without holidays and closed days."""

    zone: ZoneInfo
    spans: Sequence[HourSpan]
    closed: ClosedDays

    @classmethod
    def of(cls, settings: Settings, hours: HoursName = "office_hours") -> Calendar:
        """Return office or school hours as configured."""
        town, alerting = settings.municipality, settings.alerting
        at_school = hours == "school_hours"
        spans = parse_hours(alerting.school_hours if at_school else alerting.office_hours)
        return cls(
            ZoneInfo(town.timezone), spans, ClosedDays.of_schools(settings) if at_school else ClosedDays.of(town)
        )

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
        today = self.day(now)
        return any(begin <= now < end for begin, end in self._openings(today))

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
