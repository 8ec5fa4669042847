"""What a layout is made of: a family over labelled rows, and how its values are read from walked values. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Any, Protocol, cast

from agent.contract import MetricFamily, Rows
from collectors.snmp.modules.numbers import MANTISSA, Convert, number
from collectors.snmp.tables.picking import Pick, Values, picker

__all__ = ["DIGITS", "Compute", "Convert", "Copy", "Fixed", "Piece", "Reader", "Values"]

DIGITS = 9
"""Decimals kept of a scaled value: 2315 / 100 is 23.15, not 23.150000000000002."""


@dataclass(frozen=True, slots=True)
class Piece:
    """One family over candidate rows: values at ``positions`` of a walk, converted; or ``fixed`` ones.

    A row whose value converts to None is absent; unless that is the rule (``optional``), it counts as dropped.
    """

    family: MetricFamily
    rows: Rows
    walk: int = 0
    positions: tuple[int, ...] = ()
    convert: Convert = number
    fixed: tuple[float, ...] = ()
    optional: bool = False

    @property
    def is_plain(self) -> bool:
        """Whether its values are taken as they are."""
        return self.convert is number and not self.fixed

    @property
    def is_settled(self) -> bool:
        """Whether the values at its positions say everything: while they are the same, its own are, too."""
        return True

    def read(self, walks: Sequence[Values]) -> list[float | None]:
        """Return one value for each row of ``rows``."""
        if self.fixed:
            return list(self.fixed)
        values, convert = walks[self.walk].values, self.convert
        return [convert(values[at]) for at in self.positions]

    def refused(self, walks: Sequence[Values]) -> Sequence[tuple[int, float]]:
        """Return position among ``rows`` and number of what the device says and the family cannot be."""
        del walks
        return ()


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


class Compute:
    """Values of a piece that have to be converted; fits as long as the same rows (``present``) have one.

    What stays as it was is not converted again.
    """

    __slots__ = ("_kept", "_last", "_pick", "_piece", "_present", "_result")

    def __init__(self, piece: Piece, present: tuple[bool, ...], kept: tuple[int, ...]) -> None:
        self._piece = piece
        self._present = present
        self._kept = kept
        self._pick: Pick = picker(piece.positions)
        self._last: Any = None
        self._result: list[float] = []

    def extend(self, out: list[float], walks: Sequence[Values]) -> bool:
        """Append the values of the rows that are kept."""
        raw = self._pick(walks[self._piece.walk].values) if self._piece.is_settled else None
        if raw is None or raw != self._last:
            found = self._piece.read(walks)
            if tuple(value is not None for value in found) != self._present:
                return False
            self._last, self._result = raw, [cast("float", found[at]) for at in self._kept]
        out += self._result
        return True
