"""Which rows of a table count, and the texts of their labels, as a profile's entry says. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from collectors.snmp.mapping.convert import Names, text_of
from collectors.snmp.mapping.entry import Neutral, Source, Way, Where
from collectors.snmp.mapping.twins import Labels, Row
from collectors.snmp.oid import Value, parts
from collectors.snmp.tables.table import Tables

SCALAR = "0"
"""The index of an object that is no table's (RFC 2578 section 7.1)."""


MAC_OCTETS = 6


@dataclass(slots=True)
class Columns:
    """Columns of one poll by row index, each made once."""

    tables: Tables
    _made: dict[str, dict[str, Value]] = field(default_factory=dict[str, dict[str, Value]])
    _places: dict[tuple[str, str, str], dict[str, str]] = field(
        default_factory=dict[tuple[str, str, str], dict[str, str]]
    )

    def column(self, oid: str) -> Mapping[str, Value]:
        """Return a column's values by row index; empty where the device has none."""
        if oid not in self._made:
            self._made[oid] = self.tables.column(oid)
        return self._made[oid]

    def row(self, way: Way, index: str) -> str | None:
        """Return the index of the row that belongs to this one; None where there is none."""
        if way.first is not None:
            index = ".".join(index.split(".")[: way.first]) or SCALAR
        elif way.parts is not None:
            numbers = index.split(".")
            if not all(-len(numbers) <= part < len(numbers) for part in way.parts):
                return None
            index = ".".join(numbers[part] for part in way.parts)
        if way.via is None:
            return index
        return text_of(self.column(way.via).get(index)) or None

    def value(self, way: Way, index: str) -> Value:
        """Return the value of the way's column at the row that belongs to this one."""
        row = self.row(way, index)
        return None if way.column is None or row is None else self.column(way.column).get(row)

    def ordinal(self, source: Source, index: str) -> str | None:
        """Return the place of a row among those that match."""
        key = (source.ordinal or "", source.fallback or "", source.match)
        if key not in self._places:
            matching = [row for row, value in self.column(key[0]).items() if re.search(key[2], text_of(value))]
            order = sorted(matching or self.column(key[1]), key=parts)
            self._places[key] = {row: str(at) for at, row in enumerate(order, 1)}
        return self._places[key].get(self.row(source, index) or "")


@dataclass(frozen=True, slots=True)
class Namer:
    """Labels of an entry's rows; ``shown`` are columns that are values themselves, and so may change in each poll."""

    entry: Neutral
    room: str
    columns: Columns
    shown: frozenset[str] = frozenset()

    def rows(self, indexes: Sequence[str]) -> list[Row]:
        """Return the rows that have labels; one that only a condition on a shown column leaves out does not count."""
        return [row for at, index in enumerate(indexes) if (row := self._row(at, index)) is not None]

    def _row(self, at: int, index: str) -> Row | None:
        groups, counts = self._groups(index)
        labels = None if groups is None else self._labels(index, groups)
        return None if labels is None else Row(at, index, labels, counts)

    def _labels(self, index: str, groups: Sequence[str]) -> Labels | None:
        values: list[str] = []
        for name in self.entry.metric_family.labels:
            value = self._value(name, index, groups)
            if value is None:
                return None
            values.append(value)
        return tuple(values)

    def constant(self) -> Labels | None:
        """Return the labels where no row decides them, so that even no row at all has them."""
        sources = [source for many in self.entry.labels.values() for source in many]
        if any(source.const is None for source in sources):
            return None
        return tuple(self._value(name, "", ()) or "" for name in self.entry.metric_family.labels)

    def _groups(self, index: str) -> tuple[Sequence[str] | None, bool]:
        """Return what the first condition's groups found, None where a condition on no shown column does not hold.

        Besides, whether all conditions hold.
        """
        groups: Sequence[str] = ()
        counts = True
        for at, where in enumerate(self.entry.where):
            found = self._holds(where, index)
            if found is not None:
                groups = found if at == 0 else groups
            elif where.column in self.shown:
                counts = False
            else:
                return None, False
        return groups, counts

    def _holds(self, where: Where, index: str) -> Sequence[str] | None:
        if where.empty:
            return None if self.columns.column(where.column or "") else ()
        if where.index is not None:
            text, pattern = self.columns.row(where, index), where.index
        else:
            value, pattern = self.columns.value(where, index), where.match
            text = None if value is None else text_of(value)
        if text is None:
            return () if where.missing else None
        found = re.search(pattern, text)
        if (found is None) != where.negate:
            return None
        return (found[0], *found.groups("")) if found else ()

    def _value(self, name: str, index: str, groups: Sequence[str]) -> str | None:
        sources = self.entry.labels.get(name)
        if sources is None:
            return self.room if name == "room" else ""
        return self._joined(sources, index, groups)

    def _joined(self, sources: Sequence[Source], index: str, groups: Sequence[str]) -> str | None:
        texts: list[str] = []
        for source in sources:
            text = self._text(source, index, groups)
            if source.map is not None and text is not None:
                text = Names(source.map).get(text.encode())
            if not text and source.otherwise:
                text = self._joined(source.otherwise, index, groups)
            if text is None:
                return None
            texts.append(text)
        return " ".join(filter(None, texts))

    def _text(self, source: Source, index: str, groups: Sequence[str]) -> str | None:
        if source.const is not None:
            return source.const
        if source.ordinal is not None:
            return self.columns.ordinal(source, index)
        if source.column is not None:
            value = self.columns.value(source, index)
            return None if value is None else text_of(value)
        if source.group is not None:
            return groups[source.group] if source.group < len(groups) else ""
        row = self.columns.row(source, index)
        return None if row is None else _of_index(source, row.split("."))


def _of_index(source: Source, numbers: Sequence[str]) -> str | None:
    """Return a part of the index, or all of it decoded; None where it does not fit."""
    if source.part is not None:
        return numbers[source.part] if -len(numbers) <= source.part < len(numbers) else None
    if source.index == "dotted":
        return ".".join(numbers)
    octets = [int(number) for number in numbers]
    if source.index == "ipv4":
        return ".".join(numbers[:4]) if len(octets) >= 4 and max(octets[:4]) < 256 else None
    if octets[0] == len(octets) - 1 and not (source.index == "mac" and len(octets) == MAC_OCTETS):
        del octets[0]
    if not octets or max(octets) > 255:
        return None
    return bytes(octets).decode("utf-8", "replace") if source.index == "text" else ":".join(f"{o:02X}" for o in octets)
