"""From walked rows to a layout and its values. Pure.

As long as the walks' OIDs and the watched texts are those of the last poll, the layout is the very same object and
the values are copied in slices: nothing is done row by row.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import NamedTuple, Protocol

from agent.contract import Column, Layout, MetricFamily, Rows
from agent.layout import make_rows
from collectors.snmp import texts
from collectors.snmp.module import Metric, Module
from collectors.snmp.neutral import columns_of, neutral_piece, watched_columns
from collectors.snmp.oid import Value, is_under, parts
from collectors.snmp.pieces import Compute, Convert, Copy, Fixed, Piece, Reader
from collectors.snmp.profiles import Profile
from collectors.snmp.table import LabelValues, Tables, find_columns, label_rows

LABELLING = frozenset({"EnumAsInfo", "EnumAsStateSet", "Bits"})
"""Types whose values become labels, besides the text types."""


class Walk(Protocol):
    """What the parser needs of a walk; equal ``content`` means equal OIDs in equal order."""

    values: list[Value]
    content: int

    @property
    def oids(self) -> list[str]:
        """All OIDs in order."""
        ...


class Arranged(NamedTuple):
    """A layout, the values in its order, and how many values were dropped, by what was wrong with them."""

    layout: Layout
    values: list[float]
    dropped: Mapping[str, int]


@dataclass(slots=True)
class _Arrangement:
    """How one set of walks becomes one layout."""

    key: object
    layout: Layout = field(default_factory=Layout)
    readers: list[Reader] = field(default_factory=list[Reader])
    watched: list[tuple[int, int, int, list[Value]]] = field(default_factory=list[tuple[int, int, int, list[Value]]])
    dropped: dict[str, int] = field(default_factory=dict[str, int])

    def read(self, walks: Sequence[Walk]) -> list[float] | None:
        """Return the values, or None where this arrangement does not fit the walks."""
        if any(walks[walk].values[start:stop] != last for walk, start, stop, last in self.watched):
            return None
        out: list[float] = []
        for reader in self.readers:
            if not reader.extend(out, walks):
                return None
        return out


class Arranger:
    """Turns the walks of one device's polls into layouts and values; remembers the last arrangement."""

    def __init__(self, modules: Iterable[Module], profile: Profile, room: str = "") -> None:
        self._metrics: dict[str, Metric] = {}
        for module in modules:
            for metric in module.metrics:
                self._metrics.setdefault(metric.name, metric)
        self._profile = profile
        self._room = room
        lookups = {lookup.oid for metric in self._metrics.values() for lookup in metric.lookups if lookup.oid}
        texts_ = {m.oid for m in self._metrics.values() if m.is_text or m.regex_extracts or m.type in LABELLING}
        self._watched = watched_columns(profile) | lookups | texts_
        self._neutral_labels = watched_columns(profile)
        self._known = columns_of(profile) | self._watched | {metric.oid for metric in self._metrics.values()}
        self._now: _Arrangement | None = None

    @property
    def columns(self) -> tuple[str, ...]:
        """All columns that anything is made of, in the MIB's order."""
        return tuple(sorted(self._known, key=parts))

    def arrange(self, walks: Sequence[Walk], failed: frozenset[str] = frozenset()) -> Arranged:
        """Return layout and values; the same layout object as long as the device shows the same series.

        ``failed`` are subtrees that could not be read: nothing neutral is made while its labels may be wrong.
        """
        key = (failed, *(walk.content for walk in walks))
        now = self._now
        values = now.read(walks) if now is not None and now.key == key else None
        if now is None or values is None:
            now = self._now = self._build(key, walks, failed)
            values = now.read(walks)
        if values is None:
            raise AssertionError("an arrangement fits the walks that it was built from")
        return Arranged(now.layout, values, now.dropped)

    def _build(self, key: object, walks: Sequence[Walk], failed: frozenset[str]) -> _Arrangement:
        tables = find_columns(walks, self._known)
        now = _Arrangement(key)
        builder = _Builder(now, walks)
        for metric in self._metrics.values():
            builder.add_metric(metric, tables)
        if not any(is_under(column, root) for column in self._neutral_labels for root in failed):
            for entry in self._profile.neutral:
                piece = neutral_piece(entry, self._profile, self._room, tables)
                if piece is not None:
                    builder.add(piece)
        now.layout = builder.layout()
        for oid in self._watched & tables.cells.keys():
            cells = tables.cells[oid]
            start, stop = min(cells.positions), max(cells.positions) + 1
            now.watched.append((cells.walk, start, stop, walks[cells.walk].values[start:stop]))
        return now


class _Builder:
    """Collects pieces into columns and readers; no series comes twice (F26)."""

    def __init__(self, arrangement: _Arrangement, walks: Sequence[Walk]) -> None:
        self._now = arrangement
        self._walks = walks
        self._columns: list[Column] = []
        self._size = 0
        self._seen: dict[str, set[tuple[str, ...]]] = {}
        self._labels: dict[tuple[str, tuple[str, ...]], list[LabelValues | None]] = {}
        self._rows: dict[tuple[str, tuple[str, ...]], Rows] = {}

    def layout(self) -> Layout:
        """Return the layout of all pieces added."""
        return Layout(tuple(self._columns), self._size)

    def add_metric(self, metric: Metric, tables: Tables) -> None:
        """Add a metric's column, if the device has it; rows whose index does not fit its type are dropped."""
        cells = tables.cells.get(metric.oid)
        if cells is None:
            return
        recipe = (metric.recipe, cells.index)
        if recipe not in self._labels:
            self._labels[recipe] = label_rows(metric, cells.index, tables)
        labels = self._labels[recipe]
        positions = tuple(at for at, row in zip(cells.positions, labels, strict=True) if row is not None)
        self._drop("bad_index", len(labels) - len(positions))
        if positions:
            self._add_rows(metric, recipe, cells.walk, positions)

    def _add_rows(
        self, metric: Metric, recipe: tuple[str, tuple[str, ...]], walk: int, positions: tuple[int, ...]
    ) -> None:
        known = [row for row in self._labels[recipe] if row is not None]
        if metric.regex_extracts or not (metric.is_text or metric.type in LABELLING):
            if recipe not in self._rows:
                self._rows[recipe] = make_rows(metric.index_labels, known)
            pieces = _numeric_pieces(metric, self._rows[recipe], walk, positions)
        else:
            pieces = _labelled_pieces(metric, known, [self._walks[walk].values[at] for at in positions])
        for piece in pieces:
            self.add(piece)

    def add(self, piece: Piece) -> None:
        """Add the rows of a piece that have a value and are not yet there."""
        found = piece.read(self._walks)
        seen = self._seen.setdefault(piece.family.name, set())
        kept: list[int] = []
        for at, (value, row) in enumerate(zip(found, piece.rows.values, strict=True)):
            if value is None:
                self._drop("not_numeric", int(piece.is_plain))
            elif row in seen:
                self._drop("duplicate", int(piece.is_plain))
            else:
                seen.add(row)
                kept.append(at)
        if not kept:
            self._now.readers.append(Compute(piece, tuple(value is not None for value in found), ()))
            return
        whole = len(kept) == len(found)
        rows = piece.rows if whole else Rows(piece.rows.names, tuple(piece.rows.values[at] for at in kept))
        self._columns.append(Column(piece.family, rows, self._size))
        self._size += len(kept)
        if piece.fixed:
            self._now.readers.append(Fixed(tuple(piece.fixed[at] for at in kept)))
        elif whole and piece.is_plain and piece.positions[-1] - piece.positions[0] == len(kept) - 1:
            self._copy(piece.walk, piece.positions[0], piece.positions[-1] + 1)
        else:
            self._now.readers.append(Compute(piece, tuple(value is not None for value in found), tuple(kept)))

    def _copy(self, walk: int, start: int, stop: int) -> None:
        last = self._now.readers[-1] if self._now.readers else None
        if isinstance(last, Copy) and (last.walk, last.stop) == (walk, start):
            last.stop = stop
        else:
            self._now.readers.append(Copy(walk, start, stop))

    def _drop(self, why: str, count: int) -> None:
        if count:
            self._now.dropped[why] = self._now.dropped.get(why, 0) + count


def _numeric_pieces(metric: Metric, rows: Rows, walk: int, positions: tuple[int, ...]) -> list[Piece]:
    if metric.regex_extracts:
        return [
            Piece(family, rows, walk, positions, partial(texts.extract, patterns))
            for family, patterns in metric.extracts
        ]
    return [Piece(metric.family, rows, walk, positions, _converter(metric))]


def _converter(metric: Metric) -> Convert:
    kinds: dict[str, Convert] = {"Float": texts.real, "Double": texts.real, "DateAndTime": texts.date_and_time}
    base = kinds.get(metric.type, texts.number)
    scale, offset = metric.scale or 1.0, metric.offset
    if scale == 1.0 and offset == 0.0:
        return base

    def scaled(value: Value) -> float | None:
        raw = base(value)
        return None if raw is None else raw * scale + offset

    return scaled


def _labelled_pieces(metric: Metric, labels: Sequence[LabelValues], values: Sequence[Value]) -> list[Piece]:
    """Return the piece of a column whose values become labels of series that are 1 (a state set: 0 or 1)."""
    rows: list[LabelValues] = []
    fixed: list[float] = []
    for row, value in zip(labels, values, strict=True):
        for text, state in _states(metric, value):
            rows.append((*row, text) if len(metric.family.labels) > len(row) else row)
            fixed.append(state)
    family: MetricFamily = metric.family
    return [Piece(family, make_rows(family.labels, rows), fixed=tuple(fixed))] if rows else []


def _states(metric: Metric, value: Value) -> list[tuple[str | bytes, float]]:
    names = metric.enum_values
    if metric.is_text:
        return [] if value is None else [(texts.show(value, metric.type), 1.0)]
    if metric.type == "Bits":
        octets = value if isinstance(value, bytes) else b""
        return [(name, float(_bit(octets, number))) for number, name in names.items()]
    if not isinstance(value, int):
        return []
    if metric.type == "EnumAsInfo":
        return [(names.get(value, str(value)), 1.0)]
    states: list[tuple[str | bytes, float]] = [(name, float(number == value)) for number, name in names.items()]
    return states if value in names else [*states, (str(value), 1.0)]


def _bit(octets: bytes, number: int) -> bool:
    return number // 8 < len(octets) and bool(octets[number // 8] & (0x80 >> number % 8))
