"""From a vendor's objects to neutral families, as its profile's entries say. Pure; runs only when a table changed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import fsum, isfinite, prod
from statistics import fmean

from agent.layout import make_rows
from collectors.snmp.mapping.beside import Arithmetic, arithmetic
from collectors.snmp.mapping.convert import Finish, Names, factor, finish, has_bit, holds, measure, power, reading
from collectors.snmp.mapping.entry import Neutral
from collectors.snmp.mapping.naming import Columns, Namer
from collectors.snmp.mapping.registers import Interval, Key, Registers
from collectors.snmp.mapping.twins import Labels, Row, Twins
from collectors.snmp.modules.numbers import Convert
from collectors.snmp.oid import is_under
from collectors.snmp.tables.pieces import DIGITS, Piece, Values
from collectors.snmp.tables.table import Cells, Tables

Groups = tuple[tuple[int, ...], ...]
"""Positions of the rows that become one, by label values."""
Reduction = Callable[[Sequence[float]], float]


def _mean(found: Sequence[float]) -> float:
    return round(fmean(found), DIGITS)


_REDUCTIONS: Mapping[str, Reduction] = {"max": max, "min": min, "mean": _mean, "sum": fsum, "count": len}


@dataclass(frozen=True, slots=True)
class Counting:
    """Which counters a register's rows feed."""

    registers: Registers
    interval: Interval
    keys: tuple[Key, ...]

    def add(self, found: Sequence[float | None]) -> list[float | None]:
        """Return the counters of the rows that have a value."""
        add, interval = self.registers.add, self.interval
        return [None if v is None else add(interval, key, v) for key, v in zip(self.keys, found, strict=True)]


@dataclass(frozen=True, slots=True)
class Mapped(Piece):
    """An entry's rows: converted, times ``times``, finished; ``groups`` of them become one each by ``reduction``.

    ``clock`` has the time of the poll, where the numbers are seconds back from it; ``dated`` ones are held against it.
    """

    arithmetic: Arithmetic | None = None
    times: tuple[float, ...] = ()
    finish: Finish | None = None
    groups: Groups = ()
    reduction: str | None = None
    counting: Counting | None = None
    clock: Registers | None = None
    dated: bool = False
    optional: bool = True

    @property
    def is_plain(self) -> bool:
        """Never: what has no value here is absent, not broken."""
        return False

    @property
    def is_settled(self) -> bool:
        """Whether neither other columns nor the time have a say."""
        return self.arithmetic is None and self.counting is None and self.clock is None and not self.dated

    def read(self, walks: Sequence[Values]) -> list[float | None]:
        """Return one value for each row of ``rows``."""
        end, found = self.finish, self._numbers(walks)
        if end is not None:
            found = [None if v is None else end(v) for v in found]
        if self.reduction is not None:
            found = [_reduced(self.reduction, [found[at] for at in group]) for group in self.groups]
        return found if self.counting is None else self.counting.add(found)

    def _numbers(self, walks: Sequence[Values]) -> list[float | None]:
        values, convert = walks[self.walk].values, self.convert
        found = [convert(values[at]) for at in self.positions]
        if self.arithmetic is not None:
            found = self.arithmetic.apply(found, walks)
        if self.times:
            found = [None if v is None else v * times for v, times in zip(found, self.times, strict=True)]
        return found if self.clock is None else [_ago(self.clock.now, v) for v in found]

    def refused(self, walks: Sequence[Values]) -> Sequence[tuple[int, float]]:
        """Return position and number, scaled, of the rows that are no value of the family; not of rows that merge."""
        end = self.finish
        if end is None or self.groups:
            return ()
        found = enumerate(self._numbers(walks))
        return [(at, v) for at, v in found if v is not None and isfinite(v) and end(v) is None]


def _ago(now: float, seconds: float | None) -> float | None:
    """Return the moment that lies so many seconds below zero back; what lies ahead was not."""
    return None if seconds is None or seconds > 0 else float(round(now + seconds))


def _reduced(by: str, found: Iterable[float | None]) -> float | None:
    present = [value for value in found if value is not None]
    return _REDUCTIONS[by](present) if present or by == "count" else None


@dataclass(frozen=True, slots=True)
class Mapper:
    """Makes the pieces of a device's entries; ``failed`` are subtrees and columns that could not be read."""

    entries: Sequence[Neutral]
    room: str
    registers: Registers

    def pieces(self, tables: Tables, failed: frozenset[str]) -> Iterator[Piece]:
        """Yield the pieces of all entries that the device has objects for.

        Where a column of an entry could not be read, its family waits: a later entry that gives the same series is
        for devices without the object, not for those that failed to tell.
        """
        columns = Columns(tables)
        shown = frozenset(entry.oid for entry in self.entries)
        found: list[tuple[Namer, Cells, list[Row]]] = []
        for entry in self._readable(failed):
            cells = tables.cells.get(entry.oid)
            if entry.empty is not None:
                if cells is None:
                    yield self._nothing_there(entry, entry.empty)
            elif cells is not None:
                namer = Namer(entry, self.room, columns, shown)
                found.append((namer, cells, namer.rows(cells.index)))
        twins = Twins((namer.entry, rows) for namer, _, rows in found)
        for namer, cells, rows in found:
            yield from self._of_entry(namer, cells, twins.told_apart(namer.entry, rows))

    def _nothing_there(self, entry: Neutral, value: float) -> Piece:
        labels = Namer(entry, self.room, Columns(Tables((), {}))).constant() or ()
        return Piece(
            entry.metric_family, make_rows(entry.metric_family.labels, [labels]), fixed=(value,), optional=True
        )

    def _readable(self, failed: frozenset[str]) -> Iterator[Neutral]:
        waiting: set[str] = set()
        for entry in self.entries:
            if any(is_under(column, root) for column in entry.columns for root in failed):
                waiting.add(entry.family)
            if entry.family not in waiting:
                yield entry

    def _of_entry(self, namer: Namer, cells: Cells, named: Sequence[Row]) -> Iterator[Piece]:
        entry = namer.entry
        none = namer.constant() if entry.reduce == "count" and not named else None
        if not named and none is None:
            return
        positions = tuple(cells.positions[row.at] for row in named)
        indexes = [row.index for row in named]
        reckoning = arithmetic(entry, namer.columns, indexes)
        times = _times(entry, namer.columns, indexes)
        rows, groups = _grouped(entry, [row.labels for row in named] if none is None else [none], len(named))
        for convert, labelled in _series(entry, rows):
            yield Mapped(
                entry.metric_family,
                make_rows(entry.metric_family.labels, labelled),
                cells.walk,
                positions,
                convert,
                arithmetic=reckoning,
                times=times,
                finish=finish(entry, self.registers),
                groups=groups,
                reduction=entry.reduce,
                counting=self._counting(entry, labelled),
                clock=self.registers if entry.ago else None,
                dated=bool(entry.dates),
            )

    def _counting(self, entry: Neutral, rows: Sequence[Labels]) -> Counting | None:
        if entry.interval is None:
            return None
        return Counting(self.registers, entry.interval, tuple((entry.family, labels) for labels in rows))


def _grouped(entry: Neutral, rows: Sequence[Labels], count: int) -> tuple[Sequence[Labels], Groups]:
    """Return the labels that there are and which rows have them; with no row at all the one group is empty."""
    if entry.reduce is None:
        return rows, ()
    groups: dict[Labels, list[int]] = {labels: [] for labels in rows}
    for at in range(count):
        groups[rows[at]].append(at)
    return list(groups), tuple(tuple(group) for group in groups.values())


def _series(entry: Neutral, rows: Sequence[Labels]) -> Iterator[tuple[Convert, Sequence[Labels]]]:
    """Yield what reads the rows and their labels; a state set has rows for each state."""
    if entry.states is not None:
        names = Names(entry.states)
        for state in dict.fromkeys(entry.states.values()):
            yield holds(names, state), [(*labels[:-1], state) for labels in rows]
    elif entry.bits is not None:
        for state in dict.fromkeys(entry.bits.values()):
            bits = [bit for bit, named in entry.bits.items() if named == state]
            yield has_bit(bits), [(*labels[:-1], state) for labels in rows]
    else:
        yield measure(entry), rows


def _times(entry: Neutral, columns: Columns, rows: Sequence[str]) -> tuple[float, ...]:
    """Return the factor of each row, NaN where it cannot be known; nothing where all are 1 by the profile."""
    if entry.scale_column is None and not entry.powers:
        return ()
    return tuple(_factor(entry, columns, row) for row in rows)


def _factor(entry: Neutral, columns: Columns, row: str) -> float:
    by_column = factor(reading(columns.column(entry.scale_column).get(row))) if entry.scale_column else 1.0
    return prod((power(one, reading(columns.value(one, row))) for one in entry.powers), start=by_column)
