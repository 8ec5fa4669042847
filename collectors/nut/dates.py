"""Days as drivers of Network UPS Tools write them: opaque texts, each in the form of its UPS. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime

EARLIEST = datetime(1990, 1, 1, tzinfo=UTC).timestamp()
DAY_SECONDS = 86_400.0
_TIME = r"(?:[ T](\d{1,2}):(\d\d)(?::(\d\d)(?:\.\d{1,6})?)?Z?)?"
_YEAR_FIRST = re.compile(rf"(\d{{4}})[-/.](\d{{1,2}})[-/.](\d{{1,2}}){_TIME}", re.ASCII)
_RUN_TOGETHER = re.compile(rf"(\d{{4}})(\d\d)(\d\d){_TIME}", re.ASCII)
_UNSAID = re.compile(rf"(\d{{1,2}})([-/.])(\d{{1,2}})[-/.](\d{{4}}|\d\d){_TIME}", re.ASCII)


def read_day(text: str, now: float) -> float:
    """Return the seconds since the epoch that a text means, in UTC: drivers tell no time zone.

    What can be read in several ways (01/05/23) is refused unless all of them that can be are the same day.

    Raises:
        ValueError: the text is no date, can be several, or is one that cannot be; its text says which.
    """
    found = set(_readings(text))
    if not found:
        raise ValueError("is no date")
    possible = [at for at in found if EARLIEST <= at <= now + DAY_SECONDS]
    if not possible:
        raise ValueError("is a date in the future" if max(found) > now else "is a date before there was such a UPS")
    if len(possible) > 1:
        raise ValueError("may be several dates: day, month and year cannot be told apart")
    return possible[0]


def _readings(text: str) -> Iterator[float]:
    """Yield what the text can mean; with dots the month comes neither first nor last."""
    if match := _YEAR_FIRST.fullmatch(text) or _RUN_TOGETHER.fullmatch(text):
        year, month, day, *time = match.groups()
        yield from _at(year, month, day, time)
    elif match := _UNSAID.fullmatch(text):
        first, mark, second, third, *time = match.groups()
        yield from _at(third, second, first, time)
        if mark != ".":
            yield from _at(third, first, second, time)
        if len(third) == 2 and len(first) == 2:
            yield from _at(first, second, third, time)


def _at(year: str, month: str, day: str, time: list[str | None]) -> Iterator[float]:
    """Yield the moment, unless there is none; two digits of a year are those of 1970 to 2069."""
    whole = int(year)
    if len(year) == 2:
        whole += 1900 if whole >= 70 else 2000
    try:
        at = datetime(whole, int(month), int(day), tzinfo=UTC)
        hour, minute, second = (int(part or 0) for part in time)
        yield at.replace(hour=hour, minute=minute, second=second).timestamp()
    except (ValueError, OverflowError):
        return
