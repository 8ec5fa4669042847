from __future__ import annotations

from datetime import datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.risk.calendar import Calendar
from config.settings import Settings
from tests.agent.alerts.rotas import calendar as calendar_file
from tests.agent.alerts.rotas import event

IMPOSSIBLE = ("11-31", "02-29", "02-30", "02-31")
BERLIN = ZoneInfo("Europe/Berlin")


def at(text: str) -> float:
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN).timestamp()


def calendar(
    hours: str = "Mo-Fr 07:00-17:00", closed: tuple[str, ...] = (), holidays: str | None = "DE-NW"
) -> Calendar:
    return Calendar.of(
        Settings.model_validate(
            {
                "municipality": {"timezone": "Europe/Berlin", "closed": closed, "holidays": holidays},
                "alerting": {"office_hours": hours},
            }
        )
    )


@pytest.mark.parametrize(
    ("now", "opens"),
    [
        ("2026-11-24T10:00", "2026-11-24T10:00"),  # a Tuesday
        ("2026-11-24T07:00", "2026-11-24T07:00"),
        ("2026-11-24T06:59", "2026-11-24T07:00"),
        ("2026-11-24T17:00", "2026-11-25T07:00"),
        ("2026-11-27T17:30", "2026-11-30T07:00"),  # Friday evening
        ("2026-11-28T12:00", "2026-11-30T07:00"),
        ("2026-12-24T09:00", "2026-12-28T07:00"),  # closed, Christmas, and a weekend
        ("2026-06-04T09:00", "2026-06-05T07:00"),  # Corpus Christi: a holiday in this region
        ("2027-02-08T09:00", "2027-02-09T07:00"),
        ("2026-03-29T09:00", "2026-03-30T07:00"),  # the night that clocks go forward
        ("2026-10-25T02:30", "2026-10-26T07:00"),
    ],
)
def test_next_opening(now: str, opens: str) -> None:
    assert calendar(closed=("12-24", "2027-02-08")).next_opening(at(now)) == at(opens)


def test_without_a_region_there_are_no_holidays() -> None:
    assert calendar(holidays=None).next_opening(at("2026-06-04T09:00")) == at("2026-06-04T09:00")


def test_several_spans_and_english_days() -> None:
    hours = calendar("Mon-Thu 08:00-12:00, Mon-Thu 13:00-16:00, Fri 08:00-12:00")
    assert hours.next_opening(at("2026-11-24T12:30")) == at("2026-11-24T13:00")
    assert hours.next_opening(at("2026-11-27T12:30")) == at("2026-11-30T08:00")
    assert not hours.is_open(at("2026-11-24T12:30"))
    assert hours.is_open(at("2026-11-24T13:30"))


def test_who_never_opens_is_not_waited_for() -> None:
    closed = tuple(f"{month:02d}-{day:02d}" for month in range(1, 13) for day in range(1, 29))
    always = (*closed, *(f"{month:02d}-{day}" for month in (1, 3, 5, 7, 8, 10, 12) for day in (29, 30, 31)))
    nearly = (*always, *(f"{month:02d}-{day}" for month in (4, 6, 9, 11) for day in (29, 30)))
    now = at("2026-11-24T10:00")
    assert calendar(closed=nearly).next_opening(now) == now


def test_the_next_time_of_day() -> None:
    hours = calendar()
    assert hours.next_time(time(7, 30), at("2026-11-24T07:30")) == at("2026-11-24T07:30")
    assert hours.next_time(time(7, 30), at("2026-11-24T07:31")) == at("2026-11-25T07:30")


@given(st.floats(at("2026-01-01T00:00"), at("2028-01-01T00:00")))
def test_an_opening_is_open_and_nothing_before_it_is(now: float) -> None:
    hours = calendar(closed=("12-24",))
    opens = hours.next_opening(now)
    assert opens >= now
    assert hours.is_open(opens)
    assert hours.is_open(now) == (opens == now)


def school(**town: object) -> Calendar:
    municipality = {"timezone": "Europe/Berlin", "holidays": "DE-NW", **town}
    return Calendar.of(Settings.model_validate({"municipality": municipality}), "school_hours")


def test_there_are_no_school_hours_in_school_holidays_and_on_public_ones() -> None:
    hours = school(school_holidays="DE-NW")
    assert hours.is_open(at("2026-12-22T10:00"))
    assert not hours.is_open(at("2026-12-23T10:00"))
    assert not hours.is_open(at("2027-01-06T10:00"))
    assert hours.is_open(at("2027-01-07T10:00"))
    assert not hours.is_open(at("2027-05-27T10:00"))  # Corpus Christi


def test_school_hours_begin_again_after_the_summer() -> None:
    assert school(school_holidays="DE-NW").next_opening(at("2027-07-20T10:00")) == at("2027-09-01T07:30")


def test_without_known_school_holidays_school_hours_are_on_every_working_day() -> None:
    assert school(school_holidays="AT-9").is_open(at("2026-12-23T10:00"))
    assert school().is_open(at("2026-12-23T10:00"))


def test_an_own_calendar_of_school_holidays(tmp_path: Path) -> None:
    own = tmp_path / "school.ics"
    own.write_bytes(calendar_file(event("Ferien", "20261207", "20261209")))
    hours = school(school_calendar=own)
    assert not hours.is_open(at("2026-12-08T10:00"))
    assert hours.is_open(at("2026-12-09T10:00"))
    own.write_text("no calendar")
    assert school(school_calendar=own).is_open(at("2026-12-08T10:00"))


def test_who_never_opens_again() -> None:
    assert calendar().opens(at("2026-11-24T10:00"))
    always = tuple(f"{month:02d}-{day:02d}" for month in (11, 12, 1, 2) for day in range(1, 32))
    assert not calendar(closed=tuple(one for one in always if one not in IMPOSSIBLE)).opens(at("2026-11-24T10:00"))
