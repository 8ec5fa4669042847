"""Where the columns of the register stand in a sheet: in one line, or in two with merged cells above."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from config.sheetcells import Cell, text_of
from config.sheetwords import COLUMNS, column_of

SEARCHED_LINES = 20  # a title, a logo, "as of" may stand above


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a sheet, counted from 1; ``wrong``: why it cannot be told into cells.

    ``faults``: what is wrong with single cells, by their index. ``sheet``: its name, "" of a file that has none.
    """

    number: int
    cells: tuple[Cell, ...]
    wrong: str = ""
    faults: tuple[tuple[int, str], ...] = ()
    sheet: str = ""


@dataclass(frozen=True, slots=True)
class Heading:
    """The line, or the two, that name the columns: ``last`` is its last line, ``places`` the index by column.

    ``twice``: columns that two headings name equally well. ``width``: number of cells. ``names``: all headings.
    """

    last: int
    places: dict[str, int] = field(default_factory=dict[str, int])
    twice: tuple[str, ...] = ()
    width: int = 0
    names: tuple[str, ...] = ()

    def others(self) -> list[str]:
        """Return the headings of the columns that are not taken."""
        taken = self.places.values()
        return [name for place, name in enumerate(self.names) if name and place not in taken]


def heading_of(lines: Iterable[Line]) -> Heading:
    """Return the line or the two in a row that name most columns, rather one than two, rather the first.

    ``lines``: the first ones of the sheet that are not empty.
    """
    tellable = [line for line in lines if not line.wrong]
    found = [_heading(line.number, [text_of(cell) for cell in line.cells]) for line in tellable]
    found += [_heading(lower.number, _joined(upper, lower)) for upper, lower in pairwise(tellable)]
    return max(found, key=lambda one: len(one.places), default=Heading(1))


def _joined(upper: Line, lower: Line) -> list[str]:
    """Return the headings of two lines; a cell above is merged over the empty ones that follow it."""
    width = max(len(upper.cells), len(lower.cells))
    above, below = _padded(upper, width), _padded(lower, width)
    over = ""
    names: list[str] = []
    for high, low in zip(above, below, strict=True):
        over = high or over
        if not low:
            names.append(high)
        else:
            names.append(low if column_of(low) and not column_of(f"{over} {low}") else f"{over} {low}".strip())
    return names


def _padded(line: Line, width: int) -> list[str]:
    return [text_of(cell) for cell in line.cells] + [""] * (width - len(line.cells))


def _heading(last: int, names: Sequence[str]) -> Heading:
    meant: dict[str, list[tuple[int, int]]] = {}
    for place, name in enumerate(names):
        known = column_of(name)
        if known is not None:
            meant.setdefault(known[1], []).append((known[0], place))
    twice = tuple(name for name, found in meant.items() if [rank for rank, _ in found].count(min(found)[0]) > 1)
    places = {name: min(meant[name])[1] for name in COLUMNS if name in meant}
    return Heading(last, places, twice, len(names), tuple(names))
