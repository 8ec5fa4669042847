"""From walked tables to columns and the readers of their values: no series twice, and none beyond the cap. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from agent.contract import Column, Layout, Rows
from collectors.snmp.modules.labelled import extracted_pieces, labelled_pieces
from collectors.snmp.modules.module import Metric
from collectors.snmp.modules.numbers import converter
from collectors.snmp.tables.picking import Values, is_adjacent
from collectors.snmp.tables.pieces import Compute, Copy, Fixed, Piece, Reader
from collectors.snmp.tables.table import Cells, Tables, distinct_rows, label_rows

Recipe = tuple[str, tuple[str, ...]]
MOST_REFUSALS = 8  # that are told of a device
Naming = tuple[str, tuple[str, ...]]
"""Name of a family, and of its labels."""


class Builder:
    """Collects pieces into columns and readers; no series comes twice (F26).

    ``dropped`` counts values by what was wrong with them, ``beyond`` the series over the cap, ``alike`` those that only
    their index told apart. ``refusals``: the first values that cannot be meant, in words.
    """

    def __init__(self, walks: Sequence[Values], max_series: int) -> None:
        self.readers: list[Reader] = []
        self.dropped: dict[str, int] = {}
        self.refusals: list[str] = []
        self.beyond = 0
        self.alike = 0
        self._walks = walks
        self._left = max_series
        self._columns: list[Column] = []
        self._size = 0
        self._seen: dict[Naming, set[tuple[str, ...]]] = {}
        self._labels: dict[Recipe, tuple[Rows, tuple[bool, ...]]] = {}

    def layout(self) -> Layout:
        """Return the layout of all pieces added."""
        return Layout(tuple(self._columns), self._size)

    def add_metric(self, metric: Metric, tables: Tables) -> None:
        """Add a metric's column, if the device has it; rows whose index does not fit its type are dropped."""
        cells = tables.cells.get(metric.oid)
        if cells is None:
            return
        rows, fits = self._rows_of(metric, cells, tables)
        positions = tuple(at for at, fit in zip(cells.positions, fits, strict=True) if fit)
        self._drop("bad_index", len(fits) - len(positions))
        if not positions:
            return
        index = tuple(place for place, fit in zip(cells.index, fits, strict=True) if fit)
        fitting = Cells(cells.walk, positions, index)
        if metric.is_labelled:
            pieces, absent = labelled_pieces(metric, rows, fitting, tables)
            self._drop("not_numeric", absent)
        elif metric.is_extracted:
            pieces = extracted_pieces(metric, rows, fitting, tables)
        else:
            pieces = [Piece(metric.family, rows, cells.walk, positions, converter(metric))]
        for piece in pieces:
            self.add(piece)

    def _rows_of(self, metric: Metric, cells: Cells, tables: Tables) -> tuple[Rows, tuple[bool, ...]]:
        """Return the labels of the rows whose index fits, and which do; columns of one table share them."""
        recipe = (metric.recipe, cells.index)
        if recipe not in self._labels:
            raw = label_rows(metric, cells.index, tables)
            known = [(row, place) for row, place in zip(raw, cells.index, strict=True) if row is not None]
            rows, alike = distinct_rows(metric.index_labels, [row for row, _ in known], [place for _, place in known])
            self.alike += alike
            self._labels[recipe] = (rows, tuple(row is not None for row in raw))
        return self._labels[recipe]

    def add(self, piece: Piece) -> None:
        """Add the rows of a piece that have a value, are not yet there and still have room."""
        found = piece.read(self._walks)
        kept = self._kept(piece, found)
        if len(kept) > self._left:
            self.beyond += len(kept) - self._left
            kept = kept[: self._left]
            if not kept:
                return
        self._left -= len(kept)
        present = tuple(value is not None for value in found)
        if not kept:
            self.readers.append(Compute(piece, present, ()))
            return
        whole = len(kept) == len(found)
        rows = piece.rows if whole else Rows(piece.rows.names, tuple(piece.rows.values[at] for at in kept))
        self._columns.append(Column(piece.family, rows, self._size))
        self._size += len(kept)
        if piece.fixed:
            self.readers.append(Fixed(tuple(piece.fixed[at] for at in kept)))
        elif whole and self._is_slice(piece):
            self._copy(piece.walk, piece.positions[0], piece.positions[-1] + 1)
        else:
            self.readers.append(Compute(piece, present, tuple(kept)))

    def _kept(self, piece: Piece, found: Sequence[float | None]) -> list[int]:
        if None in found:
            self._refuse(piece)
        seen = self._seen.setdefault((piece.family.name, piece.rows.names), set())
        kept: list[int] = []
        for at, (value, row) in enumerate(zip(found, piece.rows.values, strict=True)):
            if value is None:
                self._drop("not_numeric", int(not piece.optional))
            elif row in seen:
                self._drop("duplicate", int(not piece.optional))
            else:
                seen.add(row)
                kept.append(at)
        return kept

    def _is_slice(self, piece: Piece) -> bool:
        """Whether a piece's values are adjacent numbers, taken as they are."""
        positions = piece.positions
        if not piece.is_plain or not is_adjacent(positions):
            return False
        values = self._walks[piece.walk].values
        return not any(isinstance(values[at], bytes) for at in positions)

    def _copy(self, walk: int, start: int, stop: int) -> None:
        last = self.readers[-1] if self.readers else None
        if isinstance(last, Copy) and (last.walk, last.stop) == (walk, start):
            last.stop = stop
        else:
            self.readers.append(Copy(walk, start, stop))

    def _refuse(self, piece: Piece) -> None:
        """Note what the device says and cannot be meant: a sentinel that no profile names, another unit."""
        refused = piece.refused(self._walks)
        self._drop("implausible", len(refused))
        for at, value in refused[: MOST_REFUSALS - len(self.refusals)]:
            labels = " ".join(filter(None, piece.rows.values[at]))
            self.refusals.append(f"{piece.family.name} {labels}: {value:.6g} is no value of it".replace(" :", ":"))

    def _drop(self, why: str, count: int) -> None:
        if count:
            self.dropped[why] = self.dropped.get(why, 0) + count
