"""From a raw value to the value of a neutral family: texts with numbers, sentinels, maps, scales, logarithms. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from math import isfinite, log10
from typing import Generic, TypeVar

from agent.neutral import PLAUSIBLE
from collectors.snmp.mapping.entry import Neutral, Power
from collectors.snmp.mapping.registers import Registers
from collectors.snmp.modules.dates import parsed_time
from collectors.snmp.modules.numbers import Convert, number, real
from collectors.snmp.modules.texts import plain
from collectors.snmp.oid import Value
from collectors.snmp.tables.pieces import DIGITS

Finish = Callable[[float], float | None]
T = TypeVar("T")
DAY_SECONDS = 86_400
_LEADING = re.compile(r"\s*([+-]?\d{1,15}(?:[.,]\d{1,15})?)(?![.,:]?\d|[eE][+-]?\d)")
"""A number that a text begins with; neither a version, an address, a time of day nor thousands with separators."""


def reading(value: Value) -> float | None:
    """Return a number as it is, or the one that a text begins with ("-45.3 dBm", "23,5", "35 C/95 F"); else None."""
    if not isinstance(value, bytes):
        return number(value)
    found = _LEADING.match(text_of(value))
    return float(found[1].replace(",", ".")) if found else real(value)


def signless(raw: float | None) -> float | None:
    """Return a 32-bit number without its sign, as an agent meant it that wrapped it: -1 is 4294967295."""
    return raw + 2**32 if raw is not None and -(2**31) <= raw < 0 else raw


def text_of(value: Value) -> str:
    """Return a device's text without what it was padded with."""
    return plain(value).strip(" \t\r\n\0")


class Names(Generic[T]):
    """What raw values mean, by number or by exact text as a profile writes them."""

    def __init__(self, named: Mapping[str, T]) -> None:
        self._texts = dict(named)
        self._numbers = {one: meant for name, meant in named.items() if (one := _as_number(name)) is not None}

    def get(self, value: Value) -> T | None:
        """Return what a raw value means, None for one that nobody named."""
        if isinstance(value, (int, float)):
            return self._numbers.get(value)
        text = text_of(value)
        if text in self._texts or not self._numbers:
            return self._texts.get(text)
        raw = reading(value)
        return None if raw is None else self._numbers.get(raw)


def _as_number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def measure(entry: Neutral) -> Convert:
    """Return what reads a raw value, scaled but for what differs from row to row."""
    absent = Names(dict.fromkeys(entry.absent, True))
    scale, above = entry.scale, entry.above
    read: Callable[[Value], float | None] = reading if entry.map is None else Names(entry.map).get
    if entry.dates:
        read = day_of(entry.dates)
    sign = signless if entry.unsigned else None

    def convert(value: Value) -> float | None:
        raw = None if absent.get(value) else read(value)
        if sign is not None:
            raw = sign(raw)
        if raw is None:
            return None
        return raw * scale if above is None else float(raw > above) * scale

    return convert


def day_of(patterns: Sequence[str]) -> Callable[[Value], float | None]:
    """Return what reads a text as a date by the first pattern that it fits, in seconds since the epoch."""

    def convert(value: Value) -> float | None:
        times = (parsed_time(text_of(value), pattern) for pattern in patterns)
        return next((at for at in times if at is not None), None)

    return convert


def finish(entry: Neutral, registers: Registers) -> Finish:
    """Return what is done last: offset, decibels, bounds; beyond what the family can be there is no value.

    ``registers`` have the time of the poll, which no date lies after by more than a day: devices know no time zone.
    """
    offset, decibels = entry.offset, entry.log
    low, high = PLAUSIBLE[entry.family]
    if entry.between is not None:
        low, high = max(low, entry.between[0]), min(high, entry.between[1])

    def finished(value: float) -> float | None:
        value += offset
        if decibels:
            if value <= 0:
                return None
            value = 10 * log10(value)
        value = round(value, DIGITS) if isfinite(value) else value
        latest = min(high, registers.now + DAY_SECONDS) if entry.dates else high
        return value if low <= value <= latest and isfinite(value) else None

    return finished


def factor(scale: float | None) -> float:
    """Return what a scale column means for a row: a divisor where negative, a factor where positive, nothing for 0.

    NaN, so that the row is absent, where the column does not say.
    """
    if scale is None:
        return float("nan")
    if scale == 0:
        return 1.0
    return scale if scale > 0 else -1 / scale


def power(by: Power, exponent: float | None) -> float:
    """Return the factor of a row with this exponent; NaN, so that the row is absent, without one or beyond numbers."""
    try:
        return float("nan") if exponent is None else by.base ** (exponent + by.offset)
    except (OverflowError, ZeroDivisionError):
        return float("nan")


def holds(names: Names[str], state: str) -> Convert:
    """Return what says whether this state holds: 1 or 0; None for a value that no state has."""

    def convert(value: Value) -> float | None:
        named = names.get(value)
        return None if named is None else float(named == state)

    return convert


def has_bit(bits: Sequence[int]) -> Convert:
    """Return what says whether any of these bits is set; bit 0 is the most significant one of the first octet."""

    def convert(value: Value) -> float | None:
        if not isinstance(value, bytes):
            return None
        return float(any(bit // 8 < len(value) and value[bit // 8] & (0x80 >> bit % 8) for bit in bits))

    return convert
