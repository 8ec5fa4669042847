"""Reads single fields of what a product says of a device, and counts what was not as its documentation says."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from sys import intern
from typing import TypeVar, cast

from agent.layout import clean_text
from collectors.mdm.moments import moment

T = TypeVar("T")

MAX_TEXT = 100
CLOCK_SECONDS = 300.0
"""So far may the clock of a product be ahead of ours without a word."""

_ABSENT = object()
_NO_SERIAL = re.compile(
    r"0*|x+|n/?a|none|null|unknown|default string|system serial number|systemserialnumber|not specified|"
    r"not applicable|to be filled by o\.?e\.?m\.?|chassis serial number|123456789?0?",
    re.IGNORECASE | re.ASCII,
)


@dataclass(slots=True)
class Notes:
    """What was not as documented of one device: fields that it lacks, of another type, ahead of time."""

    missing: set[str] = field(default_factory=set[str])
    mistyped: set[str] = field(default_factory=set[str])
    ahead: set[str] = field(default_factory=set[str])


@dataclass(slots=True)
class Survey:
    """What one poll brought besides devices: how many lack a field, have another type there, are ahead of time.

    ``seen``: devices that were looked at; ``unreadable``: of these, how many could not be read at all; ``left_out``:
    why others are none of ours. ``read``: the rest; ``complete``: of these, those that have all of their fields by now,
    since they are not only waited for.
    """

    seen: int = 0
    unreadable: int = 0
    left_out: Counter[str] = field(default_factory=Counter[str])
    read: int = 0
    complete: int = 0
    missing: Counter[str] = field(default_factory=Counter[str])
    mistyped: Counter[str] = field(default_factory=Counter[str])
    ahead: Counter[str] = field(default_factory=Counter[str])

    def take(self, notes: Notes, *, pending: bool) -> None:
        """Note a device that was read; one that is ``pending`` has said nothing yet."""
        self.read += 1
        self.mistyped.update(notes.mistyped)
        self.ahead.update(notes.ahead)
        if not pending:
            self.complete += 1
            self.missing.update(notes.missing)

    def remarks(self, always: frozenset[str], usual: frozenset[str]) -> Iterator[str]:
        """Yield what makes the reading partial, by names of fields, never by values.

        ``always``: fields that no device lacks; ``usual``: those that some lack, but hardly all.
        """
        for name in sorted(self.missing):
            count = self.missing[name]
            if name in always:
                yield f"{name}: {count} of {self.complete} devices lack it"
            elif name in usual and count == self.complete:
                yield f"{name}: none of {self.complete} devices has it"
        for name in sorted(+self.mistyped):
            yield f"{name}: cannot be understood of {self.mistyped[name]} of {self.read} devices"
        for name in sorted(self.ahead):
            yield f"{name}: lies ahead of our clock for {self.ahead[name]} of {self.read} devices; taken as now"
        if self.unreadable:
            yield f"{self.unreadable} of {self.seen} devices cannot be read"


class Record:
    """One device as it came. A field is named by its path (``os.version``); of several the first that is there counts.

    What is null, or stands in what is null or empty, is not known; what is of another type is not known and noted.
    """

    def __init__(self, raw: Mapping[str, object], now: float) -> None:
        self.notes = Notes()
        self._raw = raw
        self._now = now

    def text(self, *paths: str) -> str:
        """Return a short clean text, "" where it is not known; whole numbers count as text."""
        value = self._value(paths)
        if isinstance(value, int) and not isinstance(value, bool):
            value = str(value)
        if value is None or isinstance(value, str):
            return intern(clean_text(value or "", MAX_TEXT).strip())
        return self._wrong(paths, "")

    def serial(self, *paths: str) -> str:
        """Return the serial number; "" also where makers left a word instead of one."""
        text = self.text(*paths)
        return "" if _NO_SERIAL.fullmatch(text) else text

    def number(self, *paths: str) -> float | None:
        """Return a finite number; one that is written as a text, and per cent, count as well."""
        value = self._value(paths)
        if isinstance(value, str):
            value = _number(value)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
            return self._wrong(paths, None)
        return float(value)

    def charge(self, *paths: str) -> tuple[float | None, float | None]:
        """Return the charge of a battery as a ratio where it says per cent; else None and the bare number.

        What is below 0 stands for "not known".
        """
        number, value = self.number(*paths), self._value(paths)
        if number is None or number < 0:
            return None, None
        if not isinstance(value, str) or not value.rstrip().endswith("%"):
            return None, number
        return (number / 100, None) if number <= 100 else (self._wrong(paths, None), None)

    def flag(self, *paths: str) -> bool | None:
        """Return a truth value."""
        value = self._value(paths)
        return value if value is None or isinstance(value, bool) else self._wrong(paths, None)

    def optional_text(self, path: str) -> str:
        """Return a short clean text of a field that a product may leave out; whole numbers count as text."""
        return "" if _at(self._raw, path) is _ABSENT else self.text(path)

    def optional_flag(self, path: str) -> bool | None:
        """Return a truth value of a field that a product may leave out."""
        return None if _at(self._raw, path) is _ABSENT else self.flag(path)

    def moment(self, *paths: str) -> float | None:
        """Return seconds since the epoch, now at the latest; None also for "never"."""
        value, zone = self._value(paths), None
        if isinstance(value, dict):  # as PHP writes a moment: {date, timezone_type, timezone}
            parts = cast("Mapping[str, object]", value)
            value, zone = parts.get("date"), parts.get("timezone")
        if value is None or value == "":
            return None
        at = moment(value, zone)
        if at is None:
            return self._wrong(paths, None)
        if at > self._now + CLOCK_SECONDS:
            self.notes.ahead.add(paths[0])
        return min(at, self._now) or None

    def free(self, total: float | None, available: float | None, name: str) -> float | None:
        """Return the share of storage that is free, whatever the unit; what cannot be is not known and counted."""
        if total is None or available is None or total == 0:
            return None
        if not 0 <= available <= total:
            return self._wrong((name,), None)
        return available / total

    def _value(self, paths: tuple[str, ...]) -> object:
        """Return the first of these fields that is there, None where none is, which is counted."""
        for path in paths:
            value = _at(self._raw, path)
            if value is not _ABSENT:
                return value
        self.notes.missing.add(paths[0])
        return None

    def _wrong(self, paths: tuple[str, ...], instead: T) -> T:
        self.notes.mistyped.add(paths[0])
        return instead


def _at(raw: Mapping[str, object], path: str) -> object:
    value: object = raw
    for name in path.split("."):
        if value is None or value in ({}, [], ""):  # PHP writes an empty object as an empty list
            return None
        if not isinstance(value, dict):
            return _ABSENT
        value = cast("Mapping[str, object]", value).get(name, _ABSENT)
    return value


def _number(text: str) -> object:
    """Return the number that a text writes, None for an empty one, the text where it is none."""
    text = text.strip().removesuffix("%").rstrip()
    try:
        return float(text) if text else None
    except ValueError:
        return text
