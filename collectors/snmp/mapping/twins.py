"""Two things of one name: both keep a series, and each keeps its own when the other falls silent. Pure.

Of the rows of a table that an entry's labels do not tell apart, all but the one with the smallest index get their index
behind the label that names them: "Rack" and "Rack (3)". So a series of before stays what it was when a second thing of
that name appears, and which row has which name does not depend on values: a row that only a condition on a shown column
leaves out, such as a sensor that is lost, still counts here. Equal labels of another table are the same thing read in
another way: there the first entry with a value wins, as it does within one row.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from agent.layout import clean_text
from collectors.snmp.mapping.entry import STATE, Neutral
from collectors.snmp.oid import parts

UNNAMING = frozenset({"room", "direction", STATE})
"""Labels that say where a thing is, or what of it is meant, but not which thing."""

Labels = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """A row of an entry's column: where it is there, its index and labels, and whether it counts in this poll."""

    at: int
    index: str
    labels: Labels
    counts: bool = True


class Twins:
    """Which rows bear which labels, by family; built of the rows of all entries, in their order."""

    def __init__(self, entries: Iterable[tuple[Neutral, Sequence[Row]]]) -> None:
        self._rows: dict[tuple[str, Labels], dict[str, set[str]]] = {}
        for entry, rows in entries:
            if naming_label(entry) is not None:
                for row in rows:
                    tables = self._rows.setdefault((entry.family, _clean(row.labels)), {})
                    tables.setdefault(_table(entry), set()).add(row.index)

    def told_apart(self, entry: Neutral, rows: Sequence[Row]) -> list[Row]:
        """Return the rows that count, with labels of which no two of a table are equal."""
        naming = naming_label(entry)
        if naming is None:
            return [row for row in rows if row.counts]
        return [told for row in rows if row.counts and (told := self._told(entry, row, naming)) is not None]

    def _told(self, entry: Neutral, row: Row, naming: int) -> Row | None:
        tables = self._rows[entry.family, _clean(row.labels)]
        here = tables[_table(entry)]
        if len(here) == 1 or row.index == min(here, key=parts):
            return row
        if _table(entry) != next(iter(tables)):
            return None  # an earlier entry has these things already, under the index of its own table
        labels = list(row.labels)
        labels[naming] = f"{labels[naming]} ({row.index})".strip()
        return replace(row, labels=tuple(labels))


def naming_label(entry: Neutral) -> int | None:
    """Return the place of the label that names an entry's rows; None where they are one, or have constant labels."""
    if entry.reduce is not None:
        return None
    for at, name in enumerate(entry.metric_family.labels):
        if name not in UNNAMING and any(source.const is None for source in entry.labels.get(name, ())):
            return at
    return None


def _table(entry: Neutral) -> str:
    return entry.oid.rpartition(".")[0]


def _clean(labels: Labels) -> Labels:
    return tuple(clean_text(text) for text in labels)
