"""Accounts of service hours are exact: they add up, wherever they are split, and second by second."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.estate import StateChange
from agent.risk.calendar import Calendars
from agent.risk.contracts.accounts import DayBook
from agent.risk.contracts.hours import ServiceHours, days_from
from agent.risk.contracts.track import STANDINGS, Sums, Track
from agent.subject import Subject
from config.settings import Settings

BERLIN = ZoneInfo("Europe/Berlin")
PORTAL = Subject("service", "portal")
TOWN = Settings.model_validate({"municipality": {"holidays": "DE-NW", "closed": ["12-24"]}})
SPRING, AUTUMN, CORPUS_CHRISTI = date(2026, 3, 29), date(2026, 10, 25), date(2026, 6, 4)


def at(text: str) -> float:
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN).timestamp()


def changed(moment: float, state: str) -> StateChange:
    return StateChange(moment, PORTAL, state)  # type: ignore[arg-type]  # one of STANDINGS


def book(hours: str, *changes: StateChange) -> DayBook:
    return DayBook(Track(changes), ServiceHours.of_contract(TOWN, hours))


def is_open(spans: str, moment: float) -> bool:
    """The reference: what a clock on the wall shows at that second."""
    local = datetime.fromtimestamp(moment, BERLIN)
    hours = ServiceHours.of_contract(TOWN, spans)
    shown = local.hour * 60 + local.minute
    return local.date() not in hours.closed and any(
        local.weekday() in one.days and one.start <= shown < one.end for one in hours.spans
    )


def test_a_month_adds_up_with_its_holiday() -> None:
    made = book("Mo-Fr 08:00-18:00", changed(at("2026-06-01"), "up"))
    month = made.month(at("2026-07-01") - 1, 0.99)
    assert month.service_seconds == 21 * 36000, "22 weekdays, and Corpus Christi is none"
    assert (month.up_seconds, month.availability) == (month.service_seconds, 1.0)
    assert month.budget_seconds == pytest.approx(7560)


def test_a_day_on_which_only_the_town_hall_is_closed_is_the_providers_as_any_other() -> None:
    made = book("Mo-Fr 08:00-18:00")
    assert made.hours.openings(date(2026, 12, 24))
    assert not made.hours.openings(date(2026, 12, 25))
    assert book("always").hours.openings(date(2026, 12, 25)), "what is always owed is owed on holidays"


@pytest.mark.parametrize(("day", "hours"), [(SPRING, 23), (AUTUMN, 25), (CORPUS_CHRISTI, 24)])
def test_days_on_which_the_clock_is_set_have_the_hours_that_they_have(day: date, hours: int) -> None:
    ((begin, end),) = book("always").hours.openings(day)
    assert end - begin == hours * 3600


def test_an_hour_that_comes_twice_counts_twice_and_one_that_is_left_out_does_not() -> None:
    hours = book("Mo-So 01:30-02:30").hours
    assert sum(end - begin for begin, end in hours.openings(AUTUMN)) == 5400
    assert sum(end - begin for begin, end in hours.openings(SPRING)) == 1800


def test_a_service_without_a_contract_has_the_hours_in_which_it_matters() -> None:
    town = Settings.model_validate(
        {"municipality": {"closed": ["12-24"]}, "alerting": {"office_hours": "Mo 8:00-9:00"}}
    )
    monday, eve = date(2026, 6, 1), date(2029, 12, 24)
    assert ServiceHours.of_service(Calendars(town), "office_hours").seconds_of_month(monday) == 5 * 3600
    assert ServiceHours.of_service(Calendars(town), "always").seconds_of_month(monday) == 30 * 86400
    own = ServiceHours.of_service(Calendars(town), "Mo-So 06:00-07:00")
    assert (len(own.openings(monday)), len(own.openings(eve))) == (1, 0)


def test_spans_that_overlap_count_once() -> None:
    assert len(book("Mo-Fr 08:00-12:00, Mo 10:00-16:00, Mo 16:00-17:00").hours.openings(date(2026, 6, 1))) == 1


def test_what_was_before_the_first_change_is_not_known() -> None:
    month = book("always", changed(at("2026-06-02"), "up")).month(at("2026-06-03"), None)
    assert (month.blind_seconds, month.up_seconds, month.availability) == (86400, 86400, 1.0)
    assert book("always").month(at("2026-06-03"), 0.99).availability is None


def test_the_budget_is_that_of_the_whole_month_and_goes_below_zero() -> None:
    states = (changed(at("2026-06-01"), "up"), changed(at("2026-06-02"), "down"), changed(at("2026-06-02 08:00"), "up"))
    month = book("always", *states).month(at("2026-06-03"), 0.99)
    assert month.budget_seconds == pytest.approx(30 * 864 - 28800)


def test_a_bad_day_has_its_evidence() -> None:
    states = [changed(at("2026-06-01"), "up"), changed(at("2026-06-02 17:59"), "down"), changed(at("2026-06-03"), "up")]
    made = book("Mo-Fr 08:00-18:00", *states)
    (bad,) = made.bad_days(PORTAL, date(2026, 6, 1), at("2026-06-05"))
    assert (bad.day, bad.down_seconds) == (date(2026, 6, 2), 60)
    assert [one.state for one in bad.changes] == ["up", "down"]


MOMENTS = st.integers(min_value=int(at("2026-10-20")), max_value=int(at("2026-10-31")))
HISTORIES = st.lists(st.tuples(MOMENTS, st.sampled_from(STANDINGS)), max_size=12)
HOURS = st.sampled_from(["always", "Mo-Fr 07:30-16:15", "Sa-Di 00:00-24:00", "So 01:10-02:40, So 02:50-03:10"])


def made_of(history: list[tuple[int, str]], hours: str) -> DayBook:
    return book(hours, *(changed(float(moment), state) for moment, state in history))


@settings(max_examples=30, deadline=None)
@given(HISTORIES, HOURS, MOMENTS)
def test_second_by_second_it_is_the_same(history: list[tuple[int, str]], hours: str, now: int) -> None:
    day = datetime.fromtimestamp(now, BERLIN).date()
    made = made_of(history, hours)
    counted: dict[str, int] = dict.fromkeys(STANDINGS, 0)
    known = sorted(dict(history).items())
    for second in range(int(made.hours.begin_of(day)), now, 60):  # a minute is as good: all spans are whole minutes
        if is_open(hours, second):
            for moment in range(second, min(second + 60, now)):
                state = next((state for when, state in reversed(known) if when <= moment), "blind")
                counted[state] += 1
    assert made.since(day, float(now))._asdict() == counted


@settings(max_examples=60, deadline=None)
@given(HISTORIES, HOURS, MOMENTS, MOMENTS)
def test_wherever_a_period_is_split_the_sums_are_the_same(
    history: list[tuple[int, str]], hours: str, one: int, other: int
) -> None:
    split, now = sorted((one, other))
    first = date(2026, 10, 20)
    whole, parts = made_of(history, hours), made_of(history, hours)
    parts.since(first, float(split))
    assert parts.since(first, float(now)) == whole.since(first, float(now))
    days = days_from(first, whole.hours.day_of(now))
    summed = sum((book_day(whole, day) for day in days), start=Sums().service)
    assert whole.since(first, float(now)).service == summed + whole.since(whole.hours.day_of(now), float(now)).service


def book_day(made: DayBook, day: date) -> float:
    return made.on(day).service


@settings(max_examples=60, deadline=None)
@given(HISTORIES, HOURS, MOMENTS, st.integers(min_value=0, max_value=3 * 86400), st.sampled_from(STANDINGS))
def test_a_change_that_reaches_back_over_midnight_is_accounted_anew(
    history: list[tuple[int, str]], hours: str, now: int, back: int, state: str
) -> None:
    first = date(2026, 10, 20)
    made = made_of(history, hours)
    made.since(first, float(now))
    made.put(changed(float(now - back), state))
    known = [(moment, was) for moment, was in history if moment < now - back]
    assert made.since(first, float(now)) == made_of([*known, (now - back, state)], hours).since(first, float(now))


def test_hours_of_a_year_are_those_of_its_days() -> None:
    hours = book("Mo-Do 07:00-17:00, Fr 07:00-13:00").hours
    day, total = date(2026, 1, 1), 0.0
    while day.year == 2026:
        total += sum(end - begin for begin, end in hours.openings(day))
        day += timedelta(days=1)
    months = [date(2026, number, 1) for number in range(1, 13)]
    assert sum(hours.seconds_of_month(one) for one in months) == total
    assert datetime.fromtimestamp(hours.begin_of(AUTUMN), UTC).hour == 22
