"""The asset register: rows of spreadsheets, their warranties by day, and what is wrong with them.

A row that is wrong is left out, or taken without the cell that is wrong, and noted for ``ringwacht check``: a
spreadsheet of 1,400 rows must not keep the daemon from starting.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Literal, NamedTuple

from config.errors import shown

MAX_NOTES = 5

Status = Literal["in_use", "stock", "retired", "unknown"]


@dataclass(frozen=True, slots=True)
class Asset:
    """One row; ``site`` is None where the row names none that is configured, "" and None are not said.

    ``kind``: one of ``config.sheetwords.KINDS`` where the spreadsheet's word for it is known, else that word. ``cost``
    in the currency of the register. ``status``: "unknown" where the row says something that is none. ``sheet``: of a
    workbook, in which ``line`` is.
    """

    line: int
    asset_tag: str
    kind: str
    model: str = ""
    site: str | None = None
    warranty_until: date | None = None
    serial: str = ""
    bought: date | None = None
    cost: float | None = None
    vendor: str = ""
    supplier: str = ""
    room: str = ""
    os: str = ""
    firmware: str = ""
    support_until: date | None = None
    replace_on: date | None = None
    status: Status = "in_use"
    sheet: str = ""


@dataclass(frozen=True, slots=True)
class Warranty:
    """The devices of one site whose warranty ends on the same day: how many of which model, most first."""

    site: str | None
    until: date
    models: tuple[tuple[str, int], ...]

    @property
    def count(self) -> int:
        """Number of devices."""
        return sum(count for _, count in self.models)


class Note(NamedTuple):
    """Something wrong in a line of a file, and in how many lines in all."""

    line: int
    text: str
    lines: int = 1
    sheet: str = ""


def place_of(line: int, sheet: str) -> str:
    """Return where a line is, as it is named to people: ``line 12``, ``sheet 'AFG', line 12``."""
    return f"sheet {shown(sheet)}, line {line}" if sheet else f"line {line}"


@dataclass(frozen=True, slots=True)
class AssetFile:
    """One export: its rows, once ``registered`` their warranties by day; the first notes and how many there are.

    ``repeated``: asset tags of rows that were left out because the tag was there already.
    """

    path: Path
    assets: tuple[Asset, ...] = field(default=(), repr=False)
    warranties: tuple[Warranty, ...] = field(default=(), repr=False)
    notes: tuple[Note, ...] = ()
    noted: int = 0
    repeated: tuple[str, ...] = field(default=(), repr=False)
    registered: bool = False

    def with_notes(self, notes: Sequence[Note]) -> AssetFile:
        """Return the file with further notes: one each kind of fault, of so many kinds those that come first."""
        kinds: dict[str, Note] = {}
        for note in sorted((*self.notes, *notes), key=lambda note: (note.sheet, note)):
            known = kinds.get(note.text)
            kinds[note.text] = note if known is None else known._replace(lines=known.lines + note.lines)
        return replace(self, notes=tuple(kinds.values())[:MAX_NOTES], noted=self.noted + len(notes))


def warnings(files: Iterable[AssetFile]) -> Iterator[str]:
    """Yield what ``ringwacht check`` says of the rows: one line for each file with something wrong in it."""
    for file in files:
        if file.notes:
            said = "; ".join(f"{_lines(note)}: {note.text}" for note in file.notes)
            left = file.noted - sum(note.lines for note in file.notes)
            yield f"assets: {file.path}: {said}{f' (and {left} more)' if left else ''}"


def _lines(note: Note) -> str:
    place = place_of(note.line, note.sheet)
    return place if note.lines == 1 else f"{place} and {note.lines - 1} more"


def registered(files: Iterable[AssetFile], sites: Iterable[str]) -> tuple[AssetFile, ...]:
    """Return the files as one register: an asset_tag counts once over all, a site that is not configured as none."""
    known, seen = frozenset(sites), set[str]()
    return tuple(file if file.registered else _registered(file, known, seen) for file in files)


def _registered(file: AssetFile, sites: frozenset[str], seen: set[str]) -> AssetFile:
    kept: list[Asset] = []
    repeated: list[str] = []
    notes: list[Note] = []
    for asset in file.assets:
        if asset.asset_tag in seen:
            repeated.append(asset.asset_tag)
            notes.append(Note(asset.line, "asset_tag is there already: left out", sheet=asset.sheet))
            continue
        seen.add(asset.asset_tag)
        if asset.site in sites:
            kept.append(asset)
        else:
            kept.append(replace(asset, site=None))
            notes.append(Note(asset.line, "site is none of the configuration's", sheet=asset.sheet))
    one = replace(file, assets=tuple(kept), warranties=_warranties(kept), repeated=tuple(repeated), registered=True)
    return one.with_notes(notes)


def _warranties(assets: Iterable[Asset]) -> tuple[Warranty, ...]:
    """Group once, at load: whoever asks later looks at days and sites, not at rows."""
    models: dict[tuple[date, str], Counter[str]] = {}
    for asset in assets:
        if asset.warranty_until is not None and asset.status != "retired":
            group = models.setdefault((asset.warranty_until, asset.site or ""), Counter())
            group[asset.model or asset.kind or asset.asset_tag] += 1
    return tuple(
        Warranty(site or None, until, tuple(models[until, site].most_common())) for until, site in sorted(models)
    )
