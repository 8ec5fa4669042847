"""What other columns add to an entry's rows, or divide them by: free is size less used. Pure.

These columns only give numbers: unlike a label or a factor they may change with each poll, and the layout stays.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from collectors.snmp.mapping.convert import reading, signless
from collectors.snmp.mapping.entry import Neutral, Way
from collectors.snmp.mapping.naming import Columns
from collectors.snmp.oid import Value
from collectors.snmp.tables.pieces import Values

Found = list[float | None]


@dataclass(frozen=True, slots=True)
class Beside:
    """One other column by the entry's rows: the walk it is in, and where in it each row's value is."""

    walk: int
    positions: tuple[int | None, ...]
    scale: float
    unsigned: bool

    def of(self, walks: Sequence[Values]) -> Iterator[float | None]:
        """Yield the value that belongs to each row, None where there is none."""
        values = walks[self.walk].values
        for at in self.positions:
            raw = None if at is None else self._read(values[at])
            yield None if raw is None else raw * self.scale

    def _read(self, value: Value) -> float | None:
        raw = reading(value)
        return signless(raw) if self.unsigned else raw


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """Sum and quotient of an entry's rows with other columns; a row that lacks one of these values is absent."""

    plus: tuple[Beside, ...] = ()
    per: Beside | None = None

    def apply(self, found: Found, walks: Sequence[Values]) -> Found:
        """Return the rows' values after both; what is divided by nothing, or by less, is absent."""
        for one in self.plus:
            found = [
                None if v is None or more is None else v + more for v, more in zip(found, one.of(walks), strict=True)
            ]
        if self.per is not None:
            whole = self.per.of(walks)
            found = [None if v is None or not w or w < 0 else v / w for v, w in zip(found, whole, strict=True)]
        return found


def arithmetic(entry: Neutral, columns: Columns, rows: Sequence[str]) -> Arithmetic | None:
    """Return what an entry reckons with other columns, for the rows of these indexes; None where it does not."""
    if not entry.plus and entry.per is None:
        return None
    plus = tuple(_beside(term, columns, rows, term.scale * entry.scale, entry.unsigned) for term in entry.plus)
    return Arithmetic(plus, None if entry.per is None else _beside(entry.per, columns, rows, 1.0, entry.unsigned))


def _beside(way: Way, columns: Columns, rows: Sequence[str], scale: float, unsigned: bool) -> Beside:
    cells = columns.tables.cells.get(way.column or "")
    if cells is None:
        return Beside(0, (None,) * len(rows), scale, unsigned)
    places = dict(zip(cells.index, cells.positions, strict=True))
    found = (columns.row(way, row) for row in rows)
    return Beside(cells.walk, tuple(None if row is None else places.get(row) for row in found), scale, unsigned)
