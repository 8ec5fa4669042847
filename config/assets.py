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
from typing import NamedTuple

MAX_NOTES = 5


@dataclass(frozen=True, slots=True)
class Asset:
    """One row; ``site`` is None where the row names none that is configured."""

    line: int
    asset_tag: str
    kind: str
    model: str = ""
    site: str | None = None
    warranty_until: date | None = None


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


@dataclass(frozen=True, slots=True)
class AssetFile:
    """One export: its rows, once registered their warranties by day instead; the first notes and how many there are."""

    path: Path
    assets: tuple[Asset, ...] = field(default=(), repr=False)
    warranties: tuple[Warranty, ...] = field(default=(), repr=False)
    notes: tuple[Note, ...] = ()
    noted: int = 0

    def with_notes(self, notes: Sequence[Note]) -> AssetFile:
        """Return the file with further notes: one each kind of fault, of so many kinds those that come first."""
        kinds: dict[str, Note] = {}
        for note in sorted((*self.notes, *notes)):
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
    return f"line {note.line}" if note.lines == 1 else f"line {note.line} and {note.lines - 1} more"


def registered(files: Iterable[AssetFile], sites: Iterable[str]) -> tuple[AssetFile, ...]:
    """Return the files as one register: an asset_tag counts once over all, a site that is not configured as none."""
    known, seen = frozenset(sites), set[str]()
    return tuple(_registered(file, known, seen) if file.assets else file for file in files)


def _registered(file: AssetFile, sites: frozenset[str], seen: set[str]) -> AssetFile:
    kept: list[Asset] = []
    notes: list[Note] = []
    for asset in file.assets:
        if asset.asset_tag in seen:
            notes.append(Note(asset.line, "asset_tag is there already: left out"))
            continue
        seen.add(asset.asset_tag)
        if asset.site in sites:
            kept.append(asset)
        else:
            kept.append(replace(asset, site=None))
            notes.append(Note(asset.line, "site is none of the configuration's"))
    return replace(file, assets=(), warranties=_warranties(kept)).with_notes(notes)


def _warranties(assets: Iterable[Asset]) -> tuple[Warranty, ...]:
    """Group once, at load: whoever asks later looks at days and sites, not at rows."""
    models: dict[tuple[date, str], Counter[str]] = {}
    for asset in assets:
        if asset.warranty_until is not None:
            group = models.setdefault((asset.warranty_until, asset.site or ""), Counter())
            group[asset.model or asset.kind or asset.asset_tag] += 1
    return tuple(
        Warranty(site or None, until, tuple(models[until, site].most_common())) for until, site in sorted(models)
    )
