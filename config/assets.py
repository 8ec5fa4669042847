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
    """One row; ``site`` is None where the row names none that is configured; ``cost`` in euro."""

    line: int
    asset_tag: str
    kind: str
    model: str = ""
    serial: str = ""
    site: str | None = None
    bought: date | None = None
    warranty_until: date | None = None
    cost: float | None = None


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
    """Something wrong in a line of a file."""

    line: int
    text: str


@dataclass(frozen=True, slots=True)
class AssetFile:
    """One export: its rows, their warranties by day, the first notes and how many there are."""

    path: Path
    assets: tuple[Asset, ...] = field(default=(), repr=False)
    warranties: tuple[Warranty, ...] = field(default=(), repr=False)
    notes: tuple[Note, ...] = ()
    noted: int = 0

    def with_notes(self, notes: Sequence[Note]) -> AssetFile:
        """Return the file with further notes; the first lines' are kept."""
        first = tuple(sorted((*self.notes, *notes))[:MAX_NOTES])
        return replace(self, notes=first, noted=self.noted + len(notes))


def warnings(files: Iterable[AssetFile]) -> Iterator[str]:
    """Yield what ``ringwacht check`` says of the rows: one line for each file with something wrong in it."""
    for file in files:
        if file.notes:
            said = "; ".join(f"line {note.line}: {note.text}" for note in file.notes)
            more = f" (and {file.noted - len(file.notes)} more)" if file.noted > len(file.notes) else ""
            yield f"assets: {file.path}: {said}{more}"


def registered(files: Iterable[AssetFile], sites: Iterable[str]) -> tuple[AssetFile, ...]:
    """Return the files as one register: an asset_tag counts once over all, a site that is not configured as none."""
    known, seen = frozenset(sites), set[str]()
    return tuple(_registered(file, known, seen) for file in files)


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
    return replace(file, assets=tuple(kept), warranties=_warranties(kept)).with_notes(notes)


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
