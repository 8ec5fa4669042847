"""Reads a table of ends of support (CSV): ``system;version;ends``, and ``release``, ``edition``, ``source`` if wanted.

Everything that is wrong refuses the file, with line and column: a day that is overlooked would never be told.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Annotated

from pydantic import PlainSerializer, PlainValidator, WithJsonSchema

from config.base import PATH_SCHEMA, existing_file
from config.errors import Wrong, shown
from config.sheetcells import day_of, text_of
from config.sheetcsv import csv_lines, encoding_of
from config.support.table import Supported, SupportTable, parts_of, words_of

COLUMNS = ("system", "version", "ends", "release", "edition", "source")
NEEDED = COLUMNS[:3]
DELIMITER = ";"
MAX_BYTES = 4_000_000
MAX_ROWS = 20_000
MAX_TOLD = 3


def read_support(value: object) -> SupportTable:
    """Return the table that a path names. Raises Wrong with the first lines that are wrong."""
    if isinstance(value, SupportTable):
        return value
    path = existing_file(value)
    try:
        with path.open("rb") as file:
            raw = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise Wrong(f"cannot read {shown(path.name)}: {error.strerror}") from None
    try:
        return SupportTable.of(rows_of(raw), path)
    except Wrong as error:
        raise Wrong(f"{shown(path.name)}: {error}", error.hint) from None


def rows_of(raw: bytes) -> list[Supported]:
    """Return the rows of a file. Raises Wrong."""
    if len(raw) > MAX_BYTES:
        raise Wrong(f"is larger than {MAX_BYTES // 1_000_000} MB")
    found: list[Supported] = []
    wrong: list[str] = []
    for number, cells, fault in _lines(raw):
        if fault:
            wrong.append(f"line {number}: {fault}")
            continue
        try:
            found.append(_row(cells))
        except ValueError as error:
            wrong.append(f"line {number}: {error}")
    if len(found) > MAX_ROWS:
        raise Wrong(f"has more than {MAX_ROWS} rows")
    if wrong:
        more = f" (and {len(wrong) - MAX_TOLD} more lines)" if len(wrong) > MAX_TOLD else ""
        raise Wrong("; ".join(wrong[:MAX_TOLD]) + more, f"columns: {DELIMITER.join(COLUMNS)}; ends: 2027-10-12")
    return found


def _lines(raw: bytes) -> Iterator[tuple[int, Mapping[str, str], str]]:
    """Yield number, cells by column and what is wrong with each line below the first. Raises Wrong."""
    lines = csv_lines(raw, encoding_of(raw), DELIMITER)
    first = next(lines, None)
    header = [] if first is None else [text_of(cell).casefold() for cell in first.cells]
    missing = [name for name in NEEDED if name not in header]
    if missing:
        raise Wrong(f"line 1: there is no column {', '.join(missing)}", f"columns: {DELIMITER.join(COLUMNS)}")
    for line in lines:
        texts = [text_of(cell) for cell in line.cells]
        fault = line.wrong or ("more cells than columns" if any(texts[len(header) :]) else "")
        yield line.number, dict(zip(header, texts, strict=False)), fault


def _row(cells: Mapping[str, str]) -> Supported:
    """Return one row. Raises ValueError with what is wrong."""
    system, version = cells.get("system", ""), cells.get("version", "")
    if not system:
        raise ValueError("system is empty")
    if not words_of(system):
        raise ValueError("system holds neither letters nor digits")
    if not parts_of(version):
        raise ValueError("version is empty")
    try:
        ends = day_of(cells.get("ends"))
    except ValueError:
        raise ValueError(f"ends: {shown(cells.get('ends', ''))} is no day") from None
    if ends is None:
        raise ValueError("ends is empty")
    release, edition, source = (cells.get(name, "") for name in COLUMNS[3:])
    return Supported(system, version, ends, release, edition, source)


@cache
def shipped() -> SupportTable:
    """Return the table that comes with Ringwacht; read when it is first asked for."""
    return SupportTable.of(rows_of((files("config.support") / "shipped.csv").read_bytes()))


SupportFile = Annotated[
    SupportTable,
    PlainValidator(read_support),
    PlainSerializer(lambda table: str(table.path), return_type=str),
    WithJsonSchema(PATH_SCHEMA),
]


def find_support(tables: tuple[SupportTable, ...], system: str, version: str, product: str = "") -> Supported | None:
    """Return the row of a version: of the first of a user's tables that has one, else of the shipped one."""
    found = (table.find(system, version, product) for table in (*tables, shipped()))
    return next((row for row in found if row is not None), None)


def find_release(tables: tuple[SupportTable, ...], system: str, text: str) -> Supported | None:
    """Return the row of a version as people write it, ``Windows 10 22H2``; tables in the same order."""
    found = (table.find_release(system, text) for table in (*tables, shipped()))
    return next((row for row in found if row is not None), None)


def find_system(tables: tuple[SupportTable, ...], product: str) -> str | None:
    """Return the system that a product's name names, the longest such name of all tables; None where none knows it."""
    named = [name for table in (*tables, shipped()) if (name := table.system_in(product)) is not None]
    return max(named, key=len, default=None)


def ending_systems(tables: tuple[SupportTable, ...], until: date) -> tuple[str, ...]:
    """Return the systems of which some version is without support after that day."""
    firsts = (item for table in (*tables, shipped()) for item in table.first_ends.items())
    return tuple(sorted({system for system, first in firsts if first <= until}))


def known_systems(tables: tuple[SupportTable, ...]) -> frozenset[str]:
    """Return all systems that some table names, without case and colons: as subjects of findings name them."""
    return frozenset(system.replace(":", " ") for table in (*tables, shipped()) for system in table.systems)
