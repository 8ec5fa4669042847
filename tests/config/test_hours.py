from __future__ import annotations

import pytest

from config.errors import Wrong
from config.hours import HourSpan, parse_hours

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
        ("always", (HourSpan(frozenset(range(7)), 0, 1440),)),
    ],
)
def test_hours_in_german_and_english(text: str, spans: tuple[HourSpan, ...]) -> None:
    assert parse_hours(text) == spans


@pytest.mark.parametrize(
    "text",
    ["", "Mo", "Mo-Xy 07:00-17:00", "Mo 17:00-07:00", "Mo 07:00-07:00", "Mo 07:60-08:00", "Mo 07:00-24:01", "07-17"],
)
def test_what_are_no_hours_is_refused(text: str) -> None:
    with pytest.raises(Wrong):
        parse_hours(text)
