"""From the lines of a sheet to rows of the register. Pure.

Only the columns of the register leave a line, and no message quotes a cell.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from config.assets import Asset
from config.sheetcells import Cell, amount_of, day_of, end_of, said_of, text_of
from config.sheethead import Heading, Line
from config.sheetwords import NEEDED, column_of, kind_of, state_of

# What a spreadsheet program makes of a long number: its last digits are lost.
_CUT_SHORT = re.compile(r"[0-9]+([.,][0-9]+)?e\+?[0-9]+", re.IGNORECASE)

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Row:
    """One line as it was read: ``wrong`` says of which cells the asset had to do without, or why there is none.

    The asset of a row without an asset_tag has "" for it: a serial number may tell which one it is.
    """

    line: Line
    asset: Asset | None
    wrong: tuple[str, ...] = ()


def rows_of(lines: Iterable[Line], heading: Heading) -> Iterator[Row]:
    """Yield the rows below the heading. The heading once more is no row; below another one nothing is told."""
    is_below_another = False
    for line in lines:
        if line.number <= heading.last or _is_blank(line, heading):
            continue
        if _is_heading(line, heading):
            is_below_another = not _is_repeated(line, heading)
            if not is_below_another:
                continue
        if is_below_another:
            yield Row(line, None, ("another heading, or below one: put that table into a file of its own",))
        else:
            yield _row(line, heading)


def _is_blank(line: Line, heading: Heading) -> bool:
    """Whether the line says nothing of what is taken, formulas that wait for a row to be filled in included."""
    if line.wrong or text_of(_at(line, heading, "asset_tag")):
        return False
    faults = {place for place, _ in line.faults}
    if not faults.isdisjoint(heading.places.get(name) for name in ("asset_tag", "serial")):
        return False
    return not any(text_of(_at(line, heading, name)) for name, place in heading.places.items() if place not in faults)


def _is_heading(line: Line, heading: Heading) -> bool:
    """Whether the line names the needed columns; the first cell tells at once of most that it does not."""
    tag = text_of(_at(line, heading, "asset_tag"))
    if line.wrong or (tag and column_of(tag) is None):
        return False
    found = (column_of(text_of(cell)) for cell in line.cells)
    return {one[1] for one in found if one is not None}.issuperset(NEEDED)


def _is_repeated(line: Line, heading: Heading) -> bool:
    """Whether it names the same columns at the same places, whatever else it says."""
    named = {name: column_of(text_of(_at(line, heading, name))) for name in heading.places}
    return all(one is not None and one[1] == name for name, one in named.items())


def _at(line: Line, heading: Heading, name: str) -> Cell:
    place = heading.places.get(name, len(line.cells))
    return line.cells[place] if place < len(line.cells) else None


def _row(line: Line, heading: Heading) -> Row:
    if line.wrong:
        return Row(line, None, (line.wrong,))
    if any(text_of(cell) for cell in line.cells[heading.width :]):
        return Row(line, None, ("more cells than columns",))
    if faults := [why for place, why in line.faults if place in heading.places.values()]:
        return Row(line, None, tuple(dict.fromkeys(faults)))
    cells = _Cells(line, heading)
    asset = cells.asset()
    return Row(line, asset, tuple(cells.wrong))


class _Cells:
    """The cells of one line that are taken up, and what is wrong with them."""

    def __init__(self, line: Line, heading: Heading) -> None:
        self._line, self._heading = line, heading
        self.wrong: list[str] = []

    def asset(self) -> Asset:
        """Return what the line says."""
        bought = self._day("bought")
        status = state_of(self._text("status"))
        if status == "unknown":
            self.wrong.append("status is none of in_use, stock, retired")
        return Asset(
            line=self._line.number,
            sheet=self._line.sheet,
            asset_tag=self._id("asset_tag"),
            kind=sys.intern(kind_of(self._text("kind"))),
            model=self._word("model"),
            site=self._word("site") or None,
            warranty_until=self._day("warranty_until", lambda cell: end_of(cell, bought)),
            serial=self._id("serial"),
            bought=bought,
            cost=self._said("cost", amount_of, "is no amount, e.g. 1.234,50"),
            vendor=self._word("vendor"),
            supplier=self._word("supplier"),
            room=self._word("room"),
            os=self._word("os"),
            firmware=self._word("firmware"),
            support_until=self._day("support_until"),
            replace_on=self._day("replace_on"),
            status=status,
        )

    def _text(self, name: str) -> str:
        return said_of(_at(self._line, self._heading, name))

    def _id(self, name: str) -> str:
        text = self._text(name)
        if _CUT_SHORT.fullmatch(text):
            self.wrong.append(f"{name} is a number cut short by the spreadsheet program: make the column one of texts")
            return ""
        return text

    def _word(self, name: str) -> str:
        """Return a text that many rows share: kept once."""
        return sys.intern(self._text(name))

    def _day(self, name: str, reader: Callable[[Cell], date | None] = day_of) -> date | None:
        return self._said(name, reader, "is no date, e.g. 2027-06-30 or 30.06.2027")

    def _said(self, name: str, reader: Callable[[Cell], T | None], fault: str) -> T | None:
        cell = _at(self._line, self._heading, name)
        try:
            return reader(cell) if said_of(cell) else None
        except (ValueError, OverflowError):
            self.wrong.append(f"{name} {fault}")
            return None
