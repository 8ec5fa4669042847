"""Hours of the week as people write them: ``Mo-Do 07:00-17:00, Fr 07:00-13:00``, in German or English."""

from __future__ import annotations

import re
from typing import Annotated, NamedTuple

from pydantic import AfterValidator, Field, WithJsonSchema

from config.errors import Wrong, did_you_mean, shown

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
_DASH = r"\s*[-\u2013]\s*"
_TIME = r"[0-9]{1,2}[:.][0-9]{2}"
# Days, or hours, or both: `Mo, Mi, Fr 08:00-12:00, 13:00-16:00` is said in four parts.
_PART = re.compile(
    rf"(?:([A-Za-z]+\.?)(?:{_DASH}([A-Za-z]+\.?))?)?(?:(?:^|(?<=[A-Za-z.])\s+)({_TIME}){_DASH}({_TIME})(?:\s*Uhr)?)?"
)
ALWAYS = "always"
OFFICE_HOURS = "office_hours"
SCHOOL_HOURS = "school_hours"
NAMED_HOURS = (ALWAYS, OFFICE_HOURS, SCHOOL_HOURS)


class HourSpan(NamedTuple):
    """On these days (Monday = 0) from ``start`` to before ``end``, in minutes since midnight (at most 1440)."""

    days: frozenset[int]
    start: int
    end: int


def parse_hours(text: str) -> tuple[HourSpan, ...]:
    """Return the spans of a text; ``always`` is every day, all day. Raises Wrong."""
    if text == ALWAYS:
        return (HourSpan(frozenset(range(7)), 0, 1440),)
    spans: list[HourSpan] = []
    days: frozenset[int] = frozenset()
    waiting = False  # days that were named, whose hours are not yet
    for part in text.split(","):
        match = _PART.fullmatch(part.strip())
        if match is None or not match[0] or not (match[1] or days) or not re.search("[0-9]", text):
            raise Wrong(f"{shown(part.strip())} are no hours, e.g. Mo-Fr 07:00-17:00")
        if match[1]:
            days = _days(match[1], match[2]) | (days if waiting else frozenset[int]())
        waiting = not match[3]
        if match[3]:
            spans.append(_span(days, match))
    if waiting:
        raise Wrong(f"{shown(text)} are no hours, e.g. Mo-Fr 07:00-17:00")
    return tuple(spans)


def _days(first: str, last: str | None) -> frozenset[int]:
    """Return the days from the first to the last one; Fr-Mo runs over the end of the week."""
    begin = _day(first)
    return frozenset((begin + step) % 7 for step in range((_day(last or first) - begin) % 7 + 1))


def _span(days: frozenset[int], match: re.Match[str]) -> HourSpan:
    start, end = _minutes(match[3]), _minutes(match[4])
    if start >= end:
        raise Wrong(f"{shown(match[0])} ends before it begins", "hours over midnight are written as two spans")
    return HourSpan(days, start, end)


def _day(name: str) -> int:
    number = _NUMBERS.get(name.rstrip(".").casefold())
    if number is None:
        raise Wrong(f"{shown(name)} is no day of the week", "Mo Di Mi Do Fr Sa So, or Mo Tu We Th Fr Sa Su")
    return number


def _minutes(text: str) -> int:
    hour, minute = map(int, re.split("[:.]", text))
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


def _valid_when(text: str) -> str:
    if text in NAMED_HOURS:
        return text
    if meant := did_you_mean(text, NAMED_HOURS):
        raise Wrong(f"{shown(text)} are no hours", meant)
    return _valid_hours(text)


When = Annotated[
    str,
    Field(max_length=500),
    AfterValidator(_valid_when),
    WithJsonSchema(
        {
            "title": "hours",
            "type": "string",
            "maxLength": 500,
            "examples": [*NAMED_HOURS, "Mo-Fr 08:00-16:00, Sa 10:00-12:00"],
        }
    ),
]
"""When something matters. Hours of its own: public holidays and closed days are none of them."""
