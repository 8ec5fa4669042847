"""Reads a spreadsheet of the asset register, CSV or XLSX, in German or English; see docs/assets.md.

A file without its columns is an error. Only the columns of the register are taken up, and no message quotes a cell:
what another column holds, a person's name, never leaves the row it stands in.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Annotated

from pydantic import PlainSerializer, PlainValidator, WithJsonSchema

from config.assets import Asset, AssetFile, Note, place_of
from config.base import PATH_SCHEMA, existing_file
from config.errors import Wrong, shown
from config.sheetcsv import DELIMITERS, MAX_BYTES, csv_lines, encoding_of
from config.sheethead import SEARCHED_LINES, Heading, Line, heading_of
from config.sheetrows import Row, rows_of
from config.sheetwords import NEEDED
from config.sheetxlsx import Workbook

MAX_ROWS = 100_000
_XLSX = b"PK\x03\x04"  # a ZIP archive
_XLS = b"\xd0\xcf\x11\xe0"  # what spreadsheets were before 2007


@dataclass(frozen=True, slots=True)
class Table:
    """The part of a file that holds the register: where its columns stand, and its lines, anew at each call."""

    heading: Heading
    lines: Callable[[], Iterator[Line]]
    sheet: str = ""


@dataclass(frozen=True, slots=True)
class Spreadsheet:
    """A file that is open: its tables, and the names of sheets without the columns of one."""

    tables: tuple[Table, ...]
    passed_over: tuple[str, ...] = ()

    def rows(self) -> Iterator[tuple[Table, Row]]:
        """Yield its rows one by one. Raises Wrong where there are too many, or the file ends in the middle."""
        for count, found in enumerate((table, row) for table in self.tables for row in _rows(table)):
            if count >= MAX_ROWS:
                raise Wrong(f"more than {MAX_ROWS} rows")
            yield found


def _rows(table: Table) -> Iterator[Row]:
    return rows_of(table.lines(), table.heading)


def read_assets(value: object) -> AssetFile:
    """Return the file that a path names. Raises Wrong where it cannot be read or lacks a needed column."""
    if isinstance(value, AssetFile):
        return value
    path = existing_file(value)
    try:
        with opened(path) as sheets:
            return _file(path, sheets)
    except Wrong as error:
        raise Wrong(f"{shown(path.name)}: {error}", error.hint) from None


@contextmanager
def opened(path: Path, needed: Sequence[str] = NEEDED) -> Generator[Spreadsheet]:
    """Open a file; of a workbook all sheets are read that are shown and have the needed columns. Raises Wrong."""
    raw = _read(path)
    if raw.startswith(_XLSX):
        del raw
        with closing(Workbook(path)) as book:
            yield _complete([_table(partial(book.lines, name), name) for name in book.sheets()], needed)
    elif raw.startswith(_XLS):
        raise Wrong("is a workbook of before 2007 (XLS)", "save it as XLSX, or export it as CSV in UTF-8")
    else:
        encoding = encoding_of(raw)
        yield _complete([max((_csv_table(raw, encoding, mark) for mark in DELIMITERS), key=_columns_found)], needed)


def is_workbook(path: Path) -> bool:
    """Whether a file is a workbook, or may be one. Raises OSError."""
    with path.open("rb") as file:
        return file.read(4) in {_XLSX, _XLS}


def _complete(tables: Sequence[Table], needed: Sequence[str]) -> Spreadsheet:
    complete = [one for one in tables if all(name in one.heading.places for name in needed)]
    if not tables:
        raise Wrong("has no sheet that is shown")
    for table in complete or [max(tables, key=_columns_found)]:
        _check(table, needed)
    return Spreadsheet(tuple(complete), tuple(one.sheet for one in tables if one not in complete))


def _columns_found(table: Table) -> int:
    return len(table.heading.places)


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            raw = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise Wrong(f"cannot be read: {error.strerror}") from None
    if len(raw) > MAX_BYTES:
        raise Wrong(f"is larger than {MAX_BYTES // 1_000_000} MB")
    return raw


def _table(lines: Callable[[], Iterator[Line]], sheet: str = "") -> Table:
    return Table(heading_of(islice(lines(), SEARCHED_LINES)), lines, sheet)


def _csv_table(raw: bytes, encoding: str, mark: str) -> Table:
    found = _table(partial(csv_lines, raw, encoding, mark))
    return replace(found, lines=partial(csv_lines, raw, encoding, mark, found.heading))


def _check(table: Table, needed: Sequence[str]) -> None:
    heading = table.heading
    where = place_of(heading.last, table.sheet)
    missing = [name for name in needed if name not in heading.places]
    if missing:
        known = f"one of the first {SEARCHED_LINES} lines names the columns as docs/assets.md lists them"
        raise Wrong(f"{where}: there is no column {', '.join(missing)}", known)
    if heading.twice:
        hint = "give the one that is meant the column's own name"
        raise Wrong(f"{where}: column {', '.join(heading.twice)} is there twice", hint)


def _file(path: Path, sheets: Spreadsheet) -> AssetFile:
    assets: list[Asset] = []
    notes = [
        Note(table.heading.last, "no column warranty_until: no warranty is watched", sheet=table.sheet)
        for table in sheets.tables
        if "warranty_until" not in table.heading.places
    ]
    for table, row in sheets.rows():
        if lacking := lacking_in(row):
            notes.append(Note(row.line.number, f"{', '.join(lacking)}: left out", sheet=table.sheet))
        elif row.asset is not None:
            assets.append(row.asset)
            if row.wrong:
                notes.append(Note(row.line.number, ", ".join(row.wrong), sheet=table.sheet))
    return AssetFile(path, tuple(assets)).with_notes(notes)


def lacking_in(row: Row) -> tuple[str, ...]:
    """Return why a row can be no device of the register: a total, a remark below the table."""
    if row.asset is None:
        return row.wrong
    lacking = tuple(f"{name} is empty" for name in NEEDED if not getattr(row.asset, name))
    return (*row.wrong, *lacking) if lacking else ()


AssetExport = Annotated[
    AssetFile,
    PlainValidator(read_assets),
    PlainSerializer(lambda file: str(file.path), return_type=str),
    WithJsonSchema(PATH_SCHEMA),
]
