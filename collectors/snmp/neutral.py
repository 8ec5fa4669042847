"""From a vendor's objects to neutral families, as its profile says. Pure; runs only when a table changed."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from agent.layout import make_rows
from collectors.snmp.oid import Value, parts
from collectors.snmp.pieces import DIGITS, Piece
from collectors.snmp.profiles import Neutral, Profile, Source, Where
from collectors.snmp.table import Cells, LabelValues, Tables
from collectors.snmp.texts import number, plain


def columns_of(profile: Profile) -> frozenset[str]:
    """All columns that a profile's mapping reads."""
    found: set[str] = set()
    for entry in profile.neutral:
        found |= {entry.oid, entry.scale_column} | _label_columns(entry.labels)
        if entry.where:
            found.add(entry.where.column)
    return frozenset(found | _label_columns(profile.labels)) - {""}


def watched_columns(profile: Profile) -> frozenset[str]:
    """Columns whose values decide which rows and labels there are, not what the rows' values are."""
    scales = {entry.scale_column for entry in profile.neutral}
    wheres = {entry.where.column for entry in profile.neutral if entry.where}
    labels = {oid for entry in profile.neutral for oid in _label_columns(entry.labels)} | _label_columns(profile.labels)
    return frozenset(scales | wheres | labels) - {""}


def _label_columns(labels: Mapping[str, Sequence[Source]]) -> set[str]:
    return {
        oid
        for sources in labels.values()
        for source in sources
        for oid in (source.column, source.ordinal, source.fallback)
    }


def neutral_piece(entry: Neutral, profile: Profile, room: str, tables: Tables) -> Piece | None:
    """Return the entry's series, or None where the device has no such object."""
    cells = tables.cells.get(entry.oid)
    if cells is None:
        return None
    labeller = _Labeller(entry, profile, room, tables)
    rows = [(at, labels) for at in range(len(cells.index)) if (labels := labeller.labels(cells.index[at])) is not None]
    if not rows:
        return None
    family = entry.metric_family
    highest = entry.reduce == "max"
    return Piece(
        family,
        make_rows(family.labels, [labels for _, labels in (rows[:1] if highest else rows)]),
        cells.walk,
        tuple(cells.positions[at] for at, _ in rows),
        partial(_convert, entry),
        _factors(entry, cells, [at for at, _ in rows], tables),
        highest,
    )


def _convert(entry: Neutral, value: Value) -> float | None:
    raw = number(value)
    if raw is None or raw in entry.absent:
        return None
    if entry.map is not None:
        mapped = entry.map.get(int(raw))
        if mapped is None:
            return None
        raw = mapped
    if entry.above is not None:
        return float(raw > entry.above)
    return round(raw * entry.scale + entry.offset, DIGITS)


def _factors(entry: Neutral, cells: Cells, rows: Sequence[int], tables: Tables) -> tuple[float, ...]:
    if not entry.scale_column:
        return ()
    scales = tables.column(entry.scale_column)
    return tuple(_factor(number(scales.get(cells.index[at]))) for at in rows)


def _factor(scale: float | None) -> float:
    if not scale:
        return 1.0
    return scale if scale > 0 else -1 / scale


@dataclass(slots=True)
class _Labeller:
    """Labels of an entry's rows; an entry's own sources win over the profile's."""

    entry: Neutral
    profile: Profile
    room: str
    tables: Tables

    def labels(self, index: str) -> LabelValues | None:
        """Return the label values of a row, or None where the row does not count."""
        where = self.entry.where
        groups: Sequence[str] = ()
        if where is not None:
            found = self._matches(where, index)
            if found is None:
                return None
            groups = (found[0], *found.groups(""))
        values: list[str] = []
        for name in self.entry.metric_family.labels:
            value = self._value(name, index, groups)
            if value is None:
                return None
            values.append(value)
        return tuple(values)

    def _matches(self, where: Where, index: str) -> re.Match[str] | None:
        return re.search(where.match, plain(self.tables.column(where.column).get(index)))

    def _value(self, name: str, index: str, groups: Sequence[str]) -> str | None:
        sources = self.entry.labels.get(name) or self.profile.labels.get(name)
        if sources is None:
            return self.room if name == "room" else ""
        texts: list[str] = []
        for source in sources:
            text = self._text(source, index, groups)
            if text is None:
                return None
            texts.append(text)
        return " ".join(filter(None, texts))

    def _text(self, source: Source, index: str, groups: Sequence[str]) -> str | None:
        if source.ordinal:
            return self._ordinal(source, index)
        if source.column:
            key = index if source.index is None else ".".join(index.split(".")[: source.index])
            return plain(self.tables.column(source.column).get(key))
        if source.group is not None:
            return groups[source.group] if source.group < len(groups) else ""
        return source.const

    def _ordinal(self, source: Source, index: str) -> str | None:
        column = self.tables.column(source.ordinal)
        ranked = [row for row, value in column.items() if re.search(source.match, plain(value))]
        if not ranked:
            ranked = list(self.tables.column(source.fallback))
        order = sorted(ranked, key=parts)
        return str(order.index(index) + 1) if index in order else None
