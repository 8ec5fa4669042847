"""Columns found in walked rows, and the labels of their rows. Pure; runs only when a table changed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from agent.contract import Rows
from agent.layout import clean_text, make_rows
from collectors.snmp.modules.module import COMBINED, Lookup, Metric, before
from collectors.snmp.modules.texts import named, show, subtype, take_index
from collectors.snmp.oid import Value, parts
from collectors.snmp.tables.picking import Joined, Values, picker, with_joined

LabelValues = tuple[str | bytes, ...]


class Walk(Protocol):
    """Rows of one walk."""

    @property
    def values(self) -> list[Value]:
        """All values in order."""
        ...

    @property
    def oids(self) -> list[str]:
        """All OIDs in order."""
        ...


@dataclass(frozen=True, slots=True)
class Cells:
    """Where a column's values are: positions in the values of one walk, and each row's index."""

    walk: int
    positions: tuple[int, ...]
    index: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Tables:
    """All known columns of one poll; behind the walks stand the columns that several of them share (``joins``)."""

    walks: Sequence[Values]
    cells: Mapping[str, Cells]
    joins: tuple[Joined, ...] = ()

    def column(self, oid: str) -> dict[str, Value]:
        """Return a column's values by row index; empty where the device has none."""
        cells = self.cells.get(oid)
        if cells is None:
            return {}
        values = self.walks[cells.walk].values
        return {index: values[at] for index, at in zip(cells.index, cells.positions, strict=True)}


def find_columns(walks: Sequence[Walk], known: frozenset[str]) -> Tables:
    """Sort rows into the columns that modules and profile know; a row read twice counts where it comes first."""
    found: dict[str, list[Cells]] = {}
    for number, walk in enumerate(walks):
        for oid, rows in _rows_of(walk.oids, known).items():
            earlier = found.setdefault(oid, [])
            seen = {index for cells in earlier for index in cells.index}
            if fresh := [(at, index) for at, index in rows if index not in seen]:
                positions, index = zip(*fresh, strict=True)
                earlier.append(Cells(number, positions, index))
    return _joined(walks, found)


def _rows_of(oids: Iterable[str], known: frozenset[str]) -> dict[str, list[tuple[int, str]]]:
    """Return position and index of the rows of each known column."""
    found: dict[str, list[tuple[int, str]]] = {}
    column = None
    for at, oid in enumerate(oids):
        if column is None or not oid.startswith(column + "."):
            column = _column_of(oid, known)
        if column is not None:
            found.setdefault(column, []).append((at, oid[len(column) + 1 :]))
    return found


def _joined(walks: Sequence[Walk], found: Mapping[str, Sequence[Cells]]) -> Tables:
    """Make one column of what several walks have of it."""
    cells: dict[str, Cells] = {}
    joins: list[Joined] = []
    for oid, many in found.items():
        if len(many) == 1:
            cells[oid] = many[0]
            continue
        index = tuple(place for one in many for place in one.index)
        cells[oid] = Cells(len(walks) + len(joins), tuple(range(len(index))), index)
        joins.append(Joined(tuple((one.walk, picker(one.positions)) for one in many)))
    return Tables(with_joined(walks, joins), cells, tuple(joins))


def _column_of(oid: str, known: frozenset[str]) -> str | None:
    column = oid
    while column:
        if column in known:
            return column
        column = column.rpartition(".")[0]
    return None


def label_rows(metric: Metric, index: Sequence[str], tables: Tables) -> list[LabelValues | None]:
    """Return the values of ``metric.index_labels`` for each row; None where a row's index does not fit its type."""
    columns = {oid: tables.column(oid) for oid in metric.helpers}
    return [_labels_of(metric, row, columns) for row in index]


def _labels_of(metric: Metric, row: str, columns: Mapping[str, Mapping[str, Value]]) -> LabelValues | None:
    rest = parts(row)
    labels: dict[str, str | bytes] = {}
    subids: dict[str, tuple[int, ...]] = {}
    try:
        for part in metric.indexes:
            labels[part.labelname], subids[part.labelname], rest = take_index(part, rest)
    except ValueError:
        return None
    for lookup in metric.lookups:
        if not lookup.labels:
            labels.pop(lookup.labelname, None)
            continue
        key = _key_of(lookup, subids)
        column = columns[lookup.oid]
        if key is None or key not in column:
            labels[lookup.labelname] = ""
            continue
        value = column[key]
        labels[lookup.labelname] = _looked_up(lookup, key, value, columns)
        subids[lookup.labelname] = (value if isinstance(value, int) else 0,)  # a text leads to 0, as in snmp_exporter
    return tuple(labels[name] for name in metric.index_labels)


def _key_of(lookup: Lookup, subids: Mapping[str, tuple[int, ...]]) -> str | None:
    """Return the index to look up; None where one of its labels is not there, so that nothing can be found."""
    found = [subids.get(name, ()) for name in lookup.labels]
    return ".".join(str(number) for one in found for number in one) if all(found) else None


def _looked_up(lookup: Lookup, key: str, value: Value, columns: Mapping[str, Mapping[str, Value]]) -> str | bytes:
    kind = lookup.type or "OctetString"
    if kind in COMBINED:
        kind = subtype(kind, columns[before(lookup.oid)].get(key))
    if isinstance(value, int) and kind == "EnumAsInfo":
        return named(value, lookup.enum_values)
    return show(value, kind, lookup.hint)


def distinct_rows(names: tuple[str, ...], rows: Sequence[LabelValues], index: Sequence[str]) -> tuple[Rows, int]:
    """Return clean rows of which no two are alike, and how many had to be told apart.

    Rows whose index labels a module dropped, or whose texts become one when they are cleaned, get their index behind
    the last label: all of them, so that none is taken for another when one of them goes (F25, F26).
    """
    clean = make_rows(names, rows)
    times = Counter(clean.values)
    if not names or len(times) == len(clean.values):
        return clean, 0
    told = [
        row if times[row] == 1 else (*row[:-1], clean_text(f"{row[-1]}~{place}"))
        for row, place in zip(clean.values, index, strict=True)
    ]
    return Rows(names, tuple(told)), sum(count for count in times.values() if count > 1)
