"""Accounts of service hours: month and year to date, exact, from the states of a subject. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from agent.estate import Account, BadDay, StateChange
from agent.risk.contracts.hours import Opening, ServiceHours, days_from, next_month
from agent.risk.contracts.track import Sums, Track
from agent.subject import Subject

EVIDENCE = 20  # changes that are told of one bad day


def account(start: float, now: float, sums: Sums, budget: float | None = None) -> Account:
    """Return the account of a period; ``budget``: seconds of failure that its agreed availability allows in all."""
    judged = sums.up + sums.down
    return Account(
        start,
        now,
        sums.service,
        *sums,
        sums.up / judged if judged else None,
        None if budget is None else budget - sums.down,
    )


def sum_of(parts: Iterable[Sums]) -> Sums:
    """Return all together."""
    total = Sums()
    for one in parts:
        total = total.plus(one)
    return total


class DayBook:
    """How long one subject stood how on each day, worked out once for each day that is over."""

    def __init__(self, track: Track, hours: ServiceHours, counted_from: float = 0.0) -> None:
        self.track = track
        self.hours = hours
        self._counted_from = counted_from  # what was before, nobody owed: it counts as not known
        self._days: dict[date, Sums] = {}
        self._before: dict[date, tuple[date, Sums]] = {}  # by first day: up to before which day, and how long
        self._months: dict[date, Sums] = {}  # that are over, by first day

    def put(self, change: StateChange) -> None:
        """Go on with it; days that it reaches back to are worked out anew."""
        self.track.put(change)
        day = self.hours.day_of(change.at)
        self._days = {one: sums for one, sums in self._days.items() if one < day}
        self._before = {first: known for first, known in self._before.items() if known[0] <= day}
        self._months = {first: sums for first, sums in self._months.items() if next_month(first) <= day}

    def forget(self, before: float) -> None:
        """Forget what came before, but for the state at that moment."""
        self.track.forget(before)
        day = self.hours.day_of(before)
        self._days = {one: sums for one, sums in self._days.items() if one >= day}

    def since(self, first: date, now: float) -> Sums:
        """Return how long it stood how from the start of a day to ``now``."""
        today = self.hours.day_of(now)
        begin, sums = self._before.get(first, (first, Sums()))
        if begin > today:  # the clock was set back
            begin, sums = first, Sums()
        sums = sums.plus(sum_of(self.on(day) for day in days_from(begin, today)))
        self._before[first] = max(first, today), sums
        return sums.plus(self._up_to(now, today))

    def on(self, day: date) -> Sums:
        """Return how long it stood how on a day that is over."""
        if day not in self._days:
            self._days[day] = self._sums(self.hours.openings(day))
        return self._days[day]

    def _up_to(self, now: float, today: date) -> Sums:
        return self._sums([(begin, min(end, now)) for begin, end in self.hours.openings(today) if begin < now])

    def _sums(self, openings: Sequence[Opening]) -> Sums:
        start = self._counted_from
        if not openings or openings[0][0] >= start:
            return self.track.sums(openings)
        unseen = sum(min(end, start) - begin for begin, end in openings if begin < start)
        rest = [(max(begin, start), end) for begin, end in openings if end > start]
        return self.track.sums(rest).plus(Sums(blind=unseen))

    def bad_days(self, subject: Subject, first: date, now: float) -> list[BadDay]:
        """Return the days from the first one on, today included, on which it failed within its hours."""
        today = self.hours.day_of(now)
        failed = [(day, self.on(day).down) for day in days_from(first, today)]
        failed.append((today, self._up_to(now, today).down))
        return [self._bad_day(subject, day, down) for day, down in failed if down]

    def _bad_day(self, subject: Subject, day: date, down: float) -> BadDay:
        """Tell what happened within the hours of the day, and as what it began."""
        openings = self.hours.openings(day)
        total, told = self.track.between(subject, openings[0][0], openings[-1][1], EVIDENCE)
        return BadDay(day, subject, down, told, total)

    def month(self, now: float, availability: float | None) -> Account:
        """Return the account of the calendar month so far; the error budget is that of the whole month."""
        first = self.hours.day_of(now).replace(day=1)
        budget = None if availability is None else self.hours.allowed_in_month(first, availability)
        return account(self.hours.begin_of(first), now, self.since(first, now), budget)

    def last_month(self, now: float, availability: float | None) -> Account:
        """Return the account of the calendar month before this one."""
        end = self.hours.day_of(now).replace(day=1)
        first = (end - timedelta(days=1)).replace(day=1)
        if first not in self._months:
            self._months[first] = sum_of(self.on(day) for day in days_from(first, end))
        budget = None if availability is None else self.hours.allowed_in_month(first, availability)
        return account(self.hours.begin_of(first), self.hours.begin_of(end), self._months[first], budget)

    def year(self, now: float) -> Account:
        """Return the account of the calendar year so far; what is agreed is agreed by the month."""
        first = self.hours.day_of(now).replace(month=1, day=1)
        return account(self.hours.begin_of(first), now, self.since(first, now))
