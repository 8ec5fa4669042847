"""The register as this program writes it: CSV with semicolons, UTF-8, ISO dates and decimal commas.

What a spreadsheet program would take for a formula is written behind an apostrophe; reading it takes that off again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

from agent.app.assetmerge import Rejected
from agent.app.loading import StartError
from config.assets import Asset, place_of
from config.errors import Wrong, printable
from config.sheetcells import Cell, amount_text, csv_line, text_of
from config.sheethead import Heading
from config.sheetwords import COLUMNS
from config.spreadsheet import Spreadsheet, is_workbook, opened

ALWAYS = ("asset_tag", "kind", "model", "serial", "site", "bought", "warranty_until", "cost")


def read_register(path: Path) -> list[Asset]:
    """Return the rows of a register that is to be written anew, none where there is no such file.

    Raises StartError where something in it would be lost: a row that cannot be read, a column of its own, a workbook.
    """
    if not path.exists():
        return []
    try:
        if is_workbook(path):
            raise StartError(f"{path} is a workbook: name a CSV file with --into, and import this one into it")
        with opened(path) as sheets:
            _check_table(path, sheets)
            assets: list[Asset] = []
            for _, row in sheets.rows():
                if row.wrong or row.asset is None or not row.asset.asset_tag:
                    why = ", ".join(row.wrong) or "asset_tag is empty"
                    raise StartError(f"{path}: line {row.line.number}: {why}: mend it first; nothing is written")
                assets.append(row.asset)
    except Wrong as error:
        raise StartError(problem(path, error)) from None
    except OSError as error:
        raise StartError(f"{path} cannot be read: {error.strerror or error}") from error
    return assets


def _check_table(path: Path, sheets: Spreadsheet) -> None:
    (table,) = sheets.tables
    heading = table.heading
    others = [str(place) for place, name in enumerate(heading.names, 1) if name and name in heading.others()]
    if next(table.lines()).number != heading.last:
        lost = "a line above the headings"
    elif others:
        lost = f"column {', '.join(others)} is none of the register's and"
    else:
        return
    raise StartError(f"{path}: {lost} would be lost: name another file with --into, and import this one into it")


def register_text(assets: Sequence[Asset]) -> Iterator[str]:
    """Yield the lines of the register: its usual columns, and those others that any row has."""
    columns = [name for name in COLUMNS if name in ALWAYS or any(_value(asset, name) for asset in assets)]
    yield csv_line(columns)
    for asset in assets:
        yield csv_line([_value(asset, name) for name in columns])


def rejected_text(rejected: Sequence[Rejected]) -> Iterator[str]:
    """Yield the lines of a file with the rows that were rejected, whole, each behind its place and reason.

    Of several sheets each column stands once, under the name that it has first.
    """
    headings: list[Heading] = []
    for one in rejected:
        if one.heading not in headings:
            headings.append(one.heading)
    names: dict[tuple[str, int], str] = {}
    for heading in headings:
        names |= {key: name for key, name in zip(_columns(heading), heading.names, strict=True) if key not in names}
    yield csv_line(["line", "reason", *names.values()])
    for one in rejected:
        cells = dict(zip(_columns(one.heading), map(_cell, one.line.cells), strict=False))
        beyond = map(_cell, one.line.cells[one.heading.width :])
        where = place_of(one.line.number, one.line.sheet) if one.line.sheet else str(one.line.number)
        yield csv_line([where, one.why, *(cells.get(key, "") for key in names), *beyond])


def _columns(heading: Heading) -> list[tuple[str, int]]:
    """Return what tells each column from the others: the register's name of it (-1), or its own and which it is."""
    meant = {place: name for name, place in heading.places.items()}
    own = Counter[str]()
    found: list[tuple[str, int]] = []
    for place, name in enumerate(heading.names):
        own[name] += place not in meant
        found.append((meant[place], -1) if place in meant else (name, own[name]))
    return found


def _value(asset: Asset, name: str) -> str:
    value: Cell = getattr(asset, name)
    return "" if name == "status" and value == "in_use" else _cell(value, decimals=name == "cost")


def _cell(value: Cell, *, decimals: bool = False) -> str:
    if isinstance(value, date):
        return value.isoformat()[:10]
    if isinstance(value, float) and decimals:
        return amount_text(value)
    if isinstance(value, float) and not value.is_integer():
        return f"{value}".replace(".", ",")
    return text_of(value)


def problem(path: Path, error: Wrong) -> str:
    """Return what is wrong with a file, in one line."""
    return printable(f"{path}: {error}{f' ({error.hint})' if error.hint else ''}")
