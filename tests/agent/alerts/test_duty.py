from __future__ import annotations

from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.alerts.duty import DutyPlan, Shift, ShiftKind, gaps, on_duty
from tests.agent.alerts.rotas import TUESDAY, calendar, event, plan
from tests.agent.alerts.routes import at

STAND_INS = {"anna": "ben", "ben": "cara"}
WEEK = event("Anna", "20261123T080000", "20261130T080000")


def who(moment: str, *entries: str) -> list[str]:
    return [shift.receiver for shift in on_duty(plan(*entries), at(moment), STAND_INS)]


def test_the_title_is_the_name_of_a_receiver_whatever_its_case_and_spaces() -> None:
    assert who("2026-11-24T10:00", event("  aNNa ", "20261123T080000", "20261130T080000")) == ["anna"]


def test_a_shift_begins_at_its_first_and_ends_before_its_last_moment() -> None:
    assert who("2026-11-23T07:59", WEEK) == []
    assert who("2026-11-23T08:00", WEEK) == ["anna"]
    assert who("2026-11-30T08:00", WEEK) == []


def test_where_shifts_overlap_all_have_duty() -> None:
    assert who("2026-11-24T10:00", WEEK, event("ben", "20261124T000000", "20261125T000000")) == ["anna", "ben"]


@pytest.mark.parametrize("word", ["Vertretung", "Substitute", "vertretung", "SUBSTITUTE"])
def test_a_substitute_outranks_the_duty(word: str) -> None:
    swap = event(f"{word}: Cara", "20261124T000000", "20261125T000000")
    assert who("2026-11-24T10:00", WEEK, swap) == ["cara"]
    assert who("2026-11-25T10:00", WEEK, swap) == ["anna"]


@pytest.mark.parametrize("word", ["Abwesend", "Absent"])
def test_who_is_absent_hands_the_duty_on_until_somebody_is_there(word: str) -> None:
    anna = event(f"{word}: anna", "20261124")
    ben = event(f"{word}: ben", "20261124")
    cara = event(f"{word}: cara", "20261124")
    assert who("2026-11-24T10:00", WEEK, anna) == ["ben"]
    assert who("2026-11-24T10:00", WEEK, anna, ben) == ["cara"]
    assert who("2026-11-24T10:00", WEEK, anna, ben, cara) == []
    assert who("2026-11-25T10:00", WEEK, anna, ben, cara) == ["anna"]


def test_an_absent_substitute_hands_on_as_well() -> None:
    swap = event("Vertretung: ben", "20261124")
    assert who("2026-11-24T10:00", WEEK, swap, event("Abwesend: ben", "20261124")) == ["cara"]


def test_two_who_stand_in_for_each_other_are_nobody_when_both_are_absent() -> None:
    found = plan(WEEK, event("Abwesend: anna", "20261124"), event("Abwesend: ben", "20261124"))
    assert on_duty(found, TUESDAY, {"anna": "ben", "ben": "anna"}) == ()


def test_a_rota_is_repeated_with_exceptions_and_single_changes() -> None:
    weekly = event(
        "anna", "20261123T080000", "20261124T080000", "RRULE:FREQ=DAILY", "EXDATE;TZID=Europe/Berlin:20261125T080000"
    )
    moved = event(
        "ben", "20261126T120000", "20261127T080000", "RECURRENCE-ID;TZID=Europe/Berlin:20261126T080000"
    ).replace("UID:ben-20261126T120000", "UID:anna-20261123T080000")
    assert who("2026-11-24T10:00", weekly, moved) == ["anna"]
    assert who("2026-11-25T10:00", weekly, moved) == []
    assert who("2026-11-26T10:00", weekly, moved) == []
    assert who("2026-11-26T13:00", weekly, moved) == ["ben"]
    assert who("2026-11-27T09:00", weekly, moved) == ["anna"]


def test_a_day_is_a_local_day_and_a_shift_keeps_its_local_hour_over_the_change_of_clocks() -> None:
    assert who("2026-11-24T00:00", event("ben", "20261124")) == ["ben"]
    assert who("2026-11-24T23:59", event("ben", "20261124")) == ["ben"]
    assert who("2026-11-25T00:00", event("ben", "20261124")) == []
    nights = event("anna", "20260320T220000", "20260321T060000", "RRULE:FREQ=DAILY;COUNT=30")
    spring = plan(nights, begin=at("2026-03-20T00:00"), end=at("2026-04-20T00:00"))
    nights_at = [shift.start for shift in spring.shifts if shift.start >= at("2026-03-28T12:00")][:2]
    assert nights_at == [at("2026-03-28T22:00"), at("2026-03-29T22:00")]
    assert spring.shifts[8].end - spring.shifts[8].start == 7 * 3600.0


def test_what_is_cancelled_is_no_shift() -> None:
    assert who("2026-11-24T10:00", event("anna", "20261124", None, "STATUS:CANCELLED")) == []


def test_of_what_names_no_receiver_only_the_day_is_kept() -> None:
    found = plan(event("Frau Mustermann", "20261224"), WEEK)
    assert [day.isoformat() for day in found.unknown] == ["2026-12-24"]
    assert "Mustermann" not in repr(found)


def test_gaps_are_where_nobody_has_duty() -> None:
    found = plan(WEEK, event("ben", "20261201T080000", "20261208T080000"), event("Abwesend: anna", "20261125"))
    stretches = list(gaps(found, TUESDAY, at("2026-12-09T00:00"), {}))
    assert stretches == [
        (at("2026-11-25T00:00"), at("2026-11-26T00:00")),
        (at("2026-11-30T08:00"), at("2026-12-01T08:00")),
        (at("2026-12-08T08:00"), at("2026-12-09T00:00")),
    ]


def test_an_empty_calendar_is_one_long_gap() -> None:
    assert calendar().startswith(b"BEGIN:VCALENDAR")
    assert list(gaps(plan(), TUESDAY, TUESDAY + 60, {})) == [(TUESDAY, TUESDAY + 60)]


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["anna", "ben", "cara"]),
            st.integers(0, 20),
            st.integers(0, 8),
            st.sampled_from(get_args(ShiftKind)),
        ),
        max_size=12,
    )
)
def test_gaps_are_exactly_the_moments_at_which_nobody_has_duty(
    given_shifts: list[tuple[str, int, int, ShiftKind]],
) -> None:
    shifts = tuple(Shift(name, start, start + hours, kind) for name, start, hours, kind in given_shifts)
    one = DutyPlan(shifts, (), 0.0, 30.0)
    found = list(gaps(one, 2.0, 26.0, STAND_INS))
    for half in range(4, 52):
        moment = half / 2
        assert any(begin <= moment < end for begin, end in found) == (not on_duty(one, moment, STAND_INS))


def test_two_thousand_shifts_at_once_are_swept_in_one_go() -> None:
    shifts = tuple(Shift(("anna", "ben")[number % 2], number, number + 5000.0) for number in range(2000))
    assert list(gaps(DutyPlan(shifts, (), 0.0, 9000.0), 0.0, 9000.0, {})) == [(6999.0, 9000.0)]
