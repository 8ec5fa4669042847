"""Hours of the week as people write them: ``Mo-Do 07:00-17:00, Fr 07:00-13:00``, in German or English."""

from __future__ import annotations

import re
from typing import Annotated, Literal, NamedTuple

from pydantic import AfterValidator, Field

from config.errors import Wrong, shown

_DAYS = (
    ("mo", "mon", "montag", "monday"),
    ("di", "dienstag", "tu", "tue", "tues", "tuesday"),
    ("mi", "mittwoch", "we", "wed", "wednesday"),
    ("do", "donnerstag", "th", "thu", "thur", "thurs", "thursday"),
    ("fr", "freitag", "fri", "friday"),
    ("sa", "samstag", "sonnabend", "sat", "saturday"),
    ("so", "sonntag", "su", "sun", "sunday"),
)
_NUMBERS = {name: number for number, names in enumerate(_DAYS) for name in names}
_SPAN = re.compile(r"([A-Za-z]+\.?)(?:\s*-\s*([A-Za-z]+\.?))?\s+([0-9]{1,2}:[0-9]{2})\s*-\s*([0-9]{1,2}:[0-9]{2})")
ALWAYS = "always"


class HourSpan(NamedTuple):
    """On these days (Monday = 0) from ``start`` to before ``end``, in minutes since midnight (at most 1440)."""

    days: frozenset[int]
    start: int
    end: int


def parse_hours(text: str) -> tuple[HourSpan, ...]:
    """Return the spans of a text; ``always`` is every day, all day. Raises Wrong."""
    if text == ALWAYS:
        return (HourSpan(frozenset(range(7)), 0, 1440),)
    return tuple(_span(part.strip()) for part in text.split(","))


def _span(text: str) -> HourSpan:
    match = _SPAN.fullmatch(text)
    if match is None:
        raise Wrong(f"{shown(text)} are no hours, e.g. Mo-Fr 07:00-17:00")
    first, last = _day(match[1]), _day(match[2] or match[1])
    start, end = _minutes(match[3]), _minutes(match[4])
    if start >= end:
        raise Wrong(f"{shown(text)} ends before it begins", "hours over midnight are written as two spans")
    # Fr-Mo runs over the end of the week
    return HourSpan(frozenset((first + step) % 7 for step in range((last - first) % 7 + 1)), start, end)


def _day(name: str) -> int:
    number = _NUMBERS.get(name.rstrip(".").casefold())
    if number is None:
        raise Wrong(f"{shown(name)} is no day of the week", "Mo Di Mi Do Fr Sa So, or Mo Tu We Th Fr Sa Su")
    return number


def _minutes(text: str) -> int:
    hour, minute = map(int, text.split(":"))
    if minute > 59 or hour * 60 + minute > 1440:
        raise Wrong(f"{shown(text)} is not a time of day, e.g. 07:00")
    return hour * 60 + minute


def _valid_hours(text: str) -> str:
    parse_hours(text)
    return text


Hours = Annotated[
    str,
    Field(max_length=500, examples=["Mo-Fr 07:00-17:00", ALWAYS]),
    AfterValidator(_valid_hours),
]
When = Literal["always", "office_hours", "school_hours"]
