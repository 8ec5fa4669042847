"""Columns found in walked rows, and the labels of their rows. Pure; runs only when a table changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from collectors.snmp.module import Metric
from collectors.snmp.oid import Value, parts
from collectors.snmp.texts import show, take_index

LabelValues = tuple[str | bytes, ...]


class Rows(Protocol):
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

    walks: Sequence[Rows]
    cells: Mapping[str, Cells]

    def column(self, oid: str) -> dict[str, Value]:
        """Return a column's values by row index; empty where the device has none."""
        cells = self.cells.get(oid)
        if cells is None:
            return {}
        values = self.walks[cells.walk].values
        return {index: values[at] for index, at in zip(cells.index, cells.positions, strict=True)}


def find_columns(walks: Sequence[Rows], known: frozenset[str]) -> Tables:
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
    lookups = {lookup.oid: tables.column(lookup.oid) for lookup in metric.lookups if lookup.oid}
    return [_labels_of(metric, row, lookups) for row in index]


def _labels_of(metric: Metric, row: str, lookups: Mapping[str, Mapping[str, Value]]) -> LabelValues | None:
    rest = parts(row)
    labels: dict[str, str | bytes] = {}
    subids: dict[str, tuple[int, ...]] = {}
    try:
        for part in metric.indexes:
            labels[part.labelname], taken = take_index(part, rest)
            subids[part.labelname], rest = rest[:taken], rest[taken:]
    except ValueError:
        return None
    for lookup in metric.lookups:
        if not lookup.oid:
            labels.pop(lookup.labelname, None)
            continue
        key = ".".join(str(number) for name in lookup.labels for number in subids.get(name, ()))
        value = lookups[lookup.oid].get(key)
        labels[lookup.labelname] = show(value, lookup.type)
        if isinstance(value, int):
            subids[lookup.labelname] = (value,)
    return tuple(labels[name] for name in metric.index_labels)
