"""Lines of a workbook (XLSX, ECMA-376), read sheet by sheet and line by line by openpyxl.

A small file may unpack to a huge one: what it says it unpacks to is bounded before it is opened, and the archive is
never read beyond that. A formula counts with the value that was last computed for it; without one, or with an error,
that cell is at fault, whatever the others hold.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from datetime import date, time, timedelta
from itertools import count, zip_longest
from pathlib import Path
from typing import IO, TYPE_CHECKING

from config.errors import Wrong
from config.sheetcells import Cell
from config.sheethead import Line

if TYPE_CHECKING:
    from openpyxl.workbook import Workbook as Opened

MAX_UNPACKED_BYTES = 400_000_000
MAX_STRINGS_BYTES = 64_000_000  # the table of texts is held whole
MAX_HELD_BYTES = 8_000_000  # formats, names and links: held whole, at a dozen times their size
MAX_LINES = 1_048_576
MAX_EMPTY_LINES = 10_000  # a sheet that is formatted to its end
MAX_CELLS = 256
# What the library holds whole, beside the texts.
_HELD = re.compile(r"\.rels$|(^|/)(styles|workbook|theme[0-9]*|\[content_types\]|core|app|custom)\.xml$")
_FORMULA = re.compile(rb"<(?:\w+:)?f[ >/]")
_STEP_BYTES = 1 << 20
_ERRORS = frozenset({"#N/A", "#REF!", "#NAME?", "#VALUE!", "#DIV/0!", "#NULL!", "#NUM!"})
_IS_THERE = "?"


def check_size(path: Path) -> None:
    """Look at what the archive unpacks to. Raises Wrong where that is too much, or it is no workbook."""
    try:
        with zipfile.ZipFile(path) as archive:
            sizes = {info.filename: info.file_size for info in archive.infolist()}
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        raise Wrong("is no workbook (XLSX)", "save it as XLSX, or export it as CSV in UTF-8") from None
    if "xl/workbook.xml" not in sizes:
        raise Wrong("is no workbook (XLSX)", "save it as XLSX, or export it as CSV in UTF-8")
    strings = sum(size for name, size in sizes.items() if "sharedstrings" in name.casefold())
    held = sum(size for name, size in sizes.items() if _HELD.search(name.casefold()))
    if held > MAX_HELD_BYTES:
        raise Wrong(
            f"holds more than {MAX_HELD_BYTES // 1_000_000} MB of formats", "copy the values into a new workbook"
        )
    if sum(sizes.values()) > MAX_UNPACKED_BYTES or strings > MAX_STRINGS_BYTES:
        raise Wrong(f"unpacks to more than {MAX_UNPACKED_BYTES // 1_000_000} MB", "delete sheets and formats unused")


class Workbook:
    """A workbook that is open: twice where it holds formulas, since the library tells their values or themselves."""

    def __init__(self, path: Path) -> None:
        check_size(path)
        holds_formulas = _holds_formulas(path)
        self._values = _opened(path, values=True)
        self._formulas = _opened(path, values=False) if holds_formulas else None

    def close(self) -> None:
        """Let the file go."""
        self._values.close()
        if self._formulas is not None:
            self._formulas.close()

    def sheets(self) -> tuple[str, ...]:
        """Return the names of the sheets that are shown, in their order."""
        return tuple(sheet.title for sheet in self._values.worksheets if sheet.sheet_state == "visible")

    def lines(self, sheet: str) -> Iterator[Line]:
        """Yield each line of a sheet that is not empty, until so many are. Raises Wrong."""
        rows = _rows(self._values, sheet, typed=self._formulas is not None)
        others = rows if self._formulas is None else _rows(self._formulas, sheet)
        last = 0
        for number, cells in rows:
            formulas = cells if self._formulas is None else next(others, (0, ()))[1]
            if any(map(_said, cells)) or any(map(_said, formulas)):
                last = number
                wrong = f"more than {MAX_CELLS} cells" if any(map(_said, cells[MAX_CELLS:])) else ""
                yield Line(number, cells[:MAX_CELLS], wrong, tuple(_faults(cells, formulas)), sheet)
            elif number - last > MAX_EMPTY_LINES:
                return


def _opened(path: Path, *, values: bool) -> Opened:
    from openpyxl import DEFUSEDXML, load_workbook  # heavy, and needed only for workbooks

    if not DEFUSEDXML:
        raise Wrong("is a workbook, and the package defusedxml is missing", "without it entities are not refused")
    try:
        return load_workbook(path, read_only=True, data_only=values, keep_links=False)
    except Exception as error:  # noqa: BLE001 - whatever the library trips over in somebody's file
        raise Wrong(f"cannot be read as a workbook ({type(error).__name__})") from None


def _rows(book: Opened, sheet: str, *, typed: bool = False) -> Iterator[tuple[int, tuple[Cell, ...]]]:
    """Yield the lines of a sheet; ``typed``: a text that was computed and is empty is one, instead of no value."""
    page = book[sheet]
    page.reset_dimensions()  # what a sheet says of its size is not to be believed
    rows = page.iter_rows(values_only=not typed)
    for number in count(1):
        try:
            cells = tuple(map(_typed, next(rows))) if typed else next(rows)
        except StopIteration:
            return
        except Exception as error:  # noqa: BLE001 - as above
            raise Wrong(f"line {number}: cannot be read as a workbook ({type(error).__name__})") from None
        if number > MAX_LINES:
            raise Wrong(f"has more than {MAX_LINES} lines")
        yield number, tuple(map(_cell, cells))


def _typed(cell: object) -> object:
    value: object = getattr(cell, "value", None)
    return "" if value is None and getattr(cell, "data_type", "") == "str" else value


def _cell(value: object) -> Cell:
    if value is None or isinstance(value, str | int | float | date):
        return value
    return str(value) if isinstance(value, time | timedelta) else _IS_THERE  # an array formula


def _said(cell: Cell) -> bool:
    return cell is not None and str(cell).strip() != ""


def _faults(values: Sequence[Cell], formulas: Sequence[Cell]) -> Iterator[tuple[int, str]]:
    """Yield which cells are at fault, and why."""
    if not _ERRORS.isdisjoint(values):
        for place, value in enumerate(values):
            if value in _ERRORS:
                yield place, "a formula that could not be computed"
    if values is not formulas:
        for place, (value, formula) in enumerate(zip_longest(values, formulas)):
            if value is None and formula is not None:
                yield place, "a formula without a value: open and save it in the spreadsheet program"


def _holds_formulas(path: Path) -> bool:
    """Whether any sheet does: reading twice costs as much again. Raises Wrong where a text is longer than any cell."""
    found = False
    try:
        with zipfile.ZipFile(path) as archive:
            for name in archive.namelist():
                if name.startswith("xl/worksheets/") and name.endswith(".xml"):
                    with archive.open(name) as part:
                        found |= _has_formula(part)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise Wrong(f"cannot be read as a workbook ({type(error).__name__})") from None
    return found


def _has_formula(part: IO[bytes]) -> bool:
    """Whether a sheet has a formula. Raises Wrong."""
    found, tail = False, b""
    while step := part.read(_STEP_BYTES):
        if len(step) == _STEP_BYTES and b"<" not in step:
            raise Wrong(f"has a cell of more than {_STEP_BYTES // 1_000_000} MB")
        found = found or _FORMULA.search(tail + step) is not None
        tail = step[-40:]
    return found
