"""Columns found in walked rows, and the labels of their rows. Pure; runs only when a table changed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from agent.contract import Rows
from agent.layout import clean_text, make_rows
from collectors.snmp.module import COMBINED, Lookup, Metric, before
from collectors.snmp.oid import Value, parts
from collectors.snmp.texts import show, subtype, take_index

LabelValues = tuple[str | bytes, ...]


class Walk(Protocol):
    """Rows of one walk."""

    values: list[Value]

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
    """All known columns of one poll."""

    walks: Sequence[Walk]
    cells: Mapping[str, Cells]

    def column(self, oid: str) -> dict[str, Value]:
        """Return a column's values by row index; empty where the device has none."""
        cells = self.cells.get(oid)
        if cells is None:
            return {}
        values = self.walks[cells.walk].values
        return {index: values[at] for index, at in zip(cells.index, cells.positions, strict=True)}


def find_columns(walks: Sequence[Walk], known: frozenset[str]) -> Tables:
    """Sort rows into the columns that modules and profile know; a column read twice counts once."""
    found: dict[str, Cells] = {}
    for number, walk in enumerate(walks):
        here: dict[str, tuple[list[int], list[str]]] = {}
        column = None
        for at, oid in enumerate(walk.oids):
            if column is None or not oid.startswith(column + "."):
                column = _column_of(oid, known)
            if column is not None and column not in found:
                positions, index = here.setdefault(column, ([], []))
                positions.append(at)
                index.append(oid[len(column) + 1 :])
        found |= {oid: Cells(number, tuple(positions), tuple(index)) for oid, (positions, index) in here.items()}
    return Tables(walks, found)


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
        key = ".".join(str(number) for name in lookup.labels for number in subids.get(name, ()))
        value = columns[lookup.oid].get(key)
        labels[lookup.labelname] = _looked_up(lookup, key, value, columns)
        if isinstance(value, int):
            subids[lookup.labelname] = (value,)
    return tuple(labels[name] for name in metric.index_labels)


def _looked_up(lookup: Lookup, key: str, value: Value, columns: Mapping[str, Mapping[str, Value]]) -> str | bytes:
    kind = lookup.type or "OctetString"
    if kind in COMBINED:
        kind = subtype(kind, columns[before(lookup.oid)].get(key))
    return show(value, kind, lookup.spec)


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
