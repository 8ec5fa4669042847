"""What a layout is made of: a family over labelled rows, and how its values are read from walked values. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Protocol, cast

from agent.contract import MetricFamily, Rows
from collectors.snmp.numbers import MANTISSA, Convert, number
from collectors.snmp.oid import Value

__all__ = ["DIGITS", "Compute", "Convert", "Copy", "Fixed", "Piece", "Reader", "Values"]

DIGITS = 9
"""Decimals kept of a scaled value: 2315 / 100 is 23.15, not 23.150000000000002."""


class Values(Protocol):
    """The values of one walk."""

    values: list[Value]


@dataclass(frozen=True, slots=True)
class Piece:
    """One family over candidate rows: values at ``positions`` of a walk, converted; or ``fixed`` ones.

    A row whose value converts to None is absent.
    """

    family: MetricFamily
    rows: Rows
    walk: int = 0
    positions: tuple[int, ...] = ()
    convert: Convert = number
    fixed: tuple[float, ...] = ()

    @property
    def is_plain(self) -> bool:
        """Whether its values are taken as they are."""
        return self.convert is number and not self.fixed

    def read(self, walks: Sequence[Values]) -> list[float | None]:
        """Return one value for each row of ``rows``."""
        if self.fixed:
            return list(self.fixed)
        values, convert = walks[self.walk].values, self.convert
        return [convert(values[at]) for at in self.positions]


class Reader(Protocol):
    """Appends one part of a layout's values."""

    def extend(self, out: list[float], walks: Sequence[Values]) -> bool:
        """Append the values; False where the layout no longer fits them."""
        ...


@dataclass(slots=True)
class Copy:
    """Adjacent columns of numbers: one slice, and one sum that fails on anything that is no finite number."""

    walk: int
    start: int
    stop: int

    def extend(self, out: list[float], walks: Sequence[Values]) -> bool:
        """Append the slice as it is."""
        numbers = cast("list[float]", walks[self.walk].values[self.start : self.stop])
        try:
            total = sum(numbers)
        except TypeError:
            return False
        if not isfinite(total):
            return False
        if total >= MANTISSA and max(numbers) >= MANTISSA:
            numbers = [cast("float", number(one)) for one in numbers]
        out += numbers
        return True


@dataclass(frozen=True, slots=True)
class Fixed:
    """Values that do not come from the device, such as the 1 of a series that only carries labels."""

    values: tuple[float, ...]

    def extend(self, out: list[float], walks: Sequence[Values]) -> bool:
        """Append them."""
        out += self.values
        return True


@dataclass(frozen=True, slots=True)
class Compute:
    """Values of a piece that have to be converted; fits as long as the same rows have one."""

    piece: Piece
    present: tuple[bool, ...]
    kept: tuple[int, ...]

    def extend(self, out: list[float], walks: Sequence[Values]) -> bool:
        """Append the values of the rows that are kept."""
        found = self.piece.read(walks)
        if tuple(value is not None for value in found) != self.present:
            return False
        out += [cast("float", found[at]) for at in self.kept]
        return True
