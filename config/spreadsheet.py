"""Reads an export (CSV) of the asset register: semicolons or commas, UTF-8 or Windows-1252, German or ISO dates.

A file without its columns is an error. Only the columns named here are taken up, and no message quotes a cell: what
another column holds, a person's name, never leaves the row it stands in.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Annotated

from pydantic import PlainSerializer, PlainValidator, WithJsonSchema

from config.assets import Asset, AssetFile, Note
from config.base import PATH_SCHEMA, existing_file
from config.errors import Wrong, shown

COLUMNS = ("asset_tag", "kind", "model", "site", "warranty_until")
NEEDED = ("asset_tag", "kind", "site")
MAX_BYTES = 32_000_000
MAX_ROWS = 100_000
MAX_TEXT = 200
MAX_ROW_LINES = 50  # a cell may hold line breaks; so many come from a quote that is not closed
YEARS = range(1980, 2101)

_DELIMITERS = (";", ",")
_ISO_DAY = re.compile(r"(?P<year>[0-9]{4})-(?P<month>[0-9]{2})-(?P<day>[0-9]{2})([T ]00:00(:00)?)?")
_GERMAN_DAY = re.compile(r"(?P<day>[0-9]{1,2})\.(?P<month>[0-9]{1,2})\.(?P<year>[0-9]{4}|[0-9]{2})( 00:00(:00)?)?")


def read_assets(value: object) -> AssetFile:
    """Return the file that a path names. Raises Wrong where it cannot be read or lacks a needed column."""
    if isinstance(value, AssetFile):
        return value
    path = existing_file(value)
    raw = _read(path)
    with io.TextIOWrapper(io.BytesIO(raw), _encoding(raw, path), newline="") as lines:
        first = lines.readline()
        delimiter = max(_DELIMITERS, key=lambda mark: len(_places(_split(first, mark))))
        header = _split(first, delimiter)
        _check_header(path, header)
        return _file(path, _rows(lines, delimiter), header)


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            raw = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise Wrong(f"cannot read {shown(path.name)}: {error.strerror}") from None
    if len(raw) > MAX_BYTES:
        raise Wrong(f"{shown(path.name)} is larger than {MAX_BYTES // 1_000_000} MB")
    if b"\0" in raw:
        raise Wrong(f"{shown(path.name)} is no CSV text: it holds NUL bytes", "export it as CSV in UTF-8")
    return raw


def _encoding(raw: bytes, path: Path) -> str:
    """UTF-8 if it is; else what German spreadsheets write."""
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        return encoding
    raise Wrong(f"{shown(path.name)} is neither UTF-8 nor Windows-1252", "export it as CSV in UTF-8")


def _split(header: str, delimiter: str) -> list[str]:
    try:
        rows = list(csv.reader([header], delimiter=delimiter))
    except csv.Error:
        return []
    return [cell.strip().casefold() for cells in rows for cell in cells]


def _places(header: Sequence[str]) -> dict[str, int]:
    """Return where each column that is taken up stands."""
    return {name: header.index(name) for name in COLUMNS if name in header}


def _check_header(path: Path, header: Sequence[str]) -> None:
    missing = [name for name in NEEDED if name not in header]
    if missing:
        known = f"the first line names the columns: {';'.join(COLUMNS)}"
        raise Wrong(f"{shown(path.name)}: line 1: there is no column {', '.join(missing)}", known)
    twice = [name for name in COLUMNS if header.count(name) > 1]
    if twice:
        raise Wrong(f"{shown(path.name)}: line 1: column {', '.join(twice)} is there twice")


def _rows(lines: Iterable[str], delimiter: str) -> Iterator[tuple[int, list[str] | None]]:
    """Yield each row that is not empty with the line it begins in; None is one that cannot be told into cells."""
    reader = csv.reader(lines, delimiter=delimiter)
    while True:
        line = reader.line_num + 2  # the header was read before
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            yield line, None
            continue
        if reader.line_num + 2 - line > MAX_ROW_LINES:
            yield line, None
        elif "".join(cells).strip():
            yield line, cells


def _file(path: Path, rows: Iterable[tuple[int, list[str] | None]], header: Sequence[str]) -> AssetFile:
    places, width = _places(header), len(header)
    assets: list[Asset] = []
    notes = [] if "warranty_until" in places else [Note(1, "no column warranty_until: no warranty is watched")]
    for count, (line, cells) in enumerate(rows, start=1):
        if count > MAX_ROWS:
            raise Wrong(f"{shown(path.name)} has more than {MAX_ROWS} rows")
        if cells is None:
            notes.append(Note(line, "a quote that is not closed: left out"))
        elif any(cells[width:]):
            notes.append(Note(line, "more cells than columns: left out"))
        else:
            row = _Row({name: cells[place] for name, place in places.items() if place < len(cells)})
            asset = row.asset(line)
            assets.extend([asset] if asset else [])
            notes.extend([Note(line, ", ".join(row.wrong))] if row.wrong else [])
    return AssetFile(path, tuple(assets)).with_notes(notes)


class _Row:
    """The cells of one row that are taken up, and what is wrong with them."""

    def __init__(self, cells: Mapping[str, str]) -> None:
        self._cells = cells
        self.wrong: list[str] = []

    def asset(self, line: int) -> Asset | None:
        """Return the asset; None without an asset_tag."""
        tag = self._text("asset_tag")
        if not tag:
            self.wrong.append("asset_tag is empty: left out")
            return None
        return Asset(
            line,
            tag,
            self._text("kind"),
            self._text("model"),
            self._text("site") or None,
            self._day("warranty_until"),
        )

    def _text(self, name: str) -> str:
        """Return a cell on one line, without what a terminal or a page would act upon."""
        text = " ".join(self._cells.get(name, "").split())[:MAX_TEXT]
        return text if text.isprintable() else "".join(char if char.isprintable() else "\ufffd" for char in text)

    def _day(self, name: str) -> date | None:
        text = self._text(name)
        match = _ISO_DAY.fullmatch(text) or _GERMAN_DAY.fullmatch(text)
        day = _date(match) if match else None
        if text and day is None:
            self.wrong.append(f"{name} is no date, e.g. 2027-06-30 or 30.06.2027")
        return day


def _date(match: re.Match[str]) -> date | None:
    """Return the day; two digits are a year of this century."""
    year = int(match["year"]) + (2000 if len(match["year"]) == 2 else 0)
    try:
        return date(year, int(match["month"]), int(match["day"])) if year in YEARS else None
    except ValueError:
        return None


AssetExport = Annotated[
    AssetFile,
    PlainValidator(read_assets),
    PlainSerializer(lambda file: str(file.path), return_type=str),
    WithJsonSchema(PATH_SCHEMA),
]
