from __future__ import annotations

import re

import pytest
from pydantic import TypeAdapter, ValidationError

from config.errors import Wrong
from config.hours import NAMED_HOURS, HourSpan, When, parse_hours

WEEK = frozenset(range(5))


@pytest.mark.parametrize(
    ("text", "spans"),
    [
        ("Mo-Fr 07:00-17:00", (HourSpan(WEEK, 420, 1020),)),
        ("Mon-Fri 7:00 - 17:00", (HourSpan(WEEK, 420, 1020),)),
        (
            "Mo-Do 07:00-17:00, Fr 07:00-13:00",
            (HourSpan(frozenset(range(4)), 420, 1020), HourSpan(frozenset({4}), 420, 780)),
        ),
        ("Sa 00:00-24:00", (HourSpan(frozenset({5}), 0, 1440),)),
        ("Fr-Mo 08:00-09:00", (HourSpan(frozenset({4, 5, 6, 0}), 480, 540),)),
        ("Do. 08:00-09:00", (HourSpan(frozenset({3}), 480, 540),)),
        ("Mo–Fr 8.00–17.00 Uhr", (HourSpan(WEEK, 480, 1020),)),
        ("Mo-Fr 08:00-12:00, 13:00-16:00", (HourSpan(WEEK, 480, 720), HourSpan(WEEK, 780, 960))),
        ("Mo, Mi, Fr 08:00-12:00", (HourSpan(frozenset({0, 2, 4}), 480, 720),)),
        (
            "Mo, Mi 08:00-09:00, Fr 10:00-11:00",
            (HourSpan(frozenset({0, 2}), 480, 540), HourSpan(frozenset({4}), 600, 660)),
        ),
        ("always", (HourSpan(frozenset(range(7)), 0, 1440),)),
    ],
)
def test_hours_in_german_and_english(text: str, spans: tuple[HourSpan, ...]) -> None:
    assert parse_hours(text) == spans


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Mo",
        "Mo-Xy 07:00-17:00",
        "Mo 17:00-07:00",
        "Mo 07:00-07:00",
        "Mo 07:60-08:00",
        "Mo 07:00-24:01",
        "07-17",
        "08:00-16:00",
        "Mo 08:00-09:00, Di",
        "Mo 08:00-09:00,",
        "Mo08:00-09:00",
    ],
)
def test_what_are_no_hours_is_refused(text: str) -> None:
    with pytest.raises(Wrong):
        parse_hours(text)


WHEN: TypeAdapter[str] = TypeAdapter(When)


@pytest.mark.parametrize("text", [*NAMED_HOURS, "Mo-Fr 08:00-16:00, Sa 10:00-12:00"])
def test_hours_have_a_name_or_are_written_out(text: str) -> None:
    assert WHEN.validate_python(text) == text


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("scool_hours", "'scool_hours' are no hours"),
        ("nachts", "'nachts' are no hours, e.g. Mo-Fr 07:00-17:00"),
        ("Mo-Fr 17:00-08:00", "'Mo-Fr 17:00-08:00' ends before it begins"),
    ],
)
def test_hours_that_are_none_are_refused(text: str, message: str) -> None:
    with pytest.raises(ValidationError, match=re.escape(message)):
        WHEN.validate_python(text)
