"""Rows of a spreadsheet into the register: by asset tag, then by serial number. Pure; nothing is lost silently."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from agent.risk.assets.keys import serial_key, tag_key
from config.assets import Asset, place_of
from config.sheetcells import said_of
from config.sheethead import Heading, Line
from config.sheetrows import Row
from config.sheetwords import COLUMNS
from config.spreadsheet import Table


class Rejected(NamedTuple):
    """A row that is not taken, and why; the reason quotes no cell."""

    line: Line
    why: str
    heading: Heading


@dataclass(slots=True)
class Merge:
    """The register after the import, in its order and then that of the spreadsheet; ``changed``: rows by column."""

    assets: list[Asset]
    new: int = 0
    same: int = 0
    altered: int = 0
    changed: Counter[str] = field(default_factory=Counter[str])
    rejected: list[Rejected] = field(default_factory=list[Rejected])


class Sites(NamedTuple):
    """What rows without a site belong to, and the id of a site by what a row calls it (None: there is none such)."""

    usual: str | None = None
    find: Callable[[str], str | None] = lambda name: name


def merge(existing: Sequence[Asset], rows: Iterable[tuple[Table, Row]], sites: Sites) -> Merge:
    """Put the rows into the register; an empty cell changes nothing. Rows with anything wrong are rejected whole."""
    merging = _Merging(existing, sites)
    for table, row in rows:
        why = ", ".join(row.wrong) or merging.take(row, table.heading)
        if why:
            merging.result.rejected.append(Rejected(row.line, why, table.heading))
    return merging.result


class _Merging:
    def __init__(self, existing: Sequence[Asset], sites: Sites) -> None:
        self.result = Merge(list(existing))
        self._sites = sites
        self._by_tag: dict[str, int] = {}
        self._by_serial: dict[str, int] = {}
        self._taken: dict[int, Asset] = {}  # what each row of the register was last told by
        for number, asset in enumerate(existing):
            self._index(number, asset)

    def take(self, row: Row, heading: Heading) -> str:
        """Return why the row cannot be taken, "" where it was."""
        given = row.asset
        if given is None:
            return "cannot be read"
        site = given.site or self._sites.usual
        found = None if site is None else self._sites.find(site)
        if site is not None and found is None:
            return "site is none of the configuration's"
        by_tag, by_serial = self._by_tag.get(tag_key(given.asset_tag)), self._by_serial.get(serial_key(given.serial))
        if None not in {by_tag, by_serial} and by_tag != by_serial:
            return "serial is that of another asset_tag"
        number = by_serial if by_tag is None else by_tag
        if number in self._taken:
            return f"asset_tag or serial is there already, in {_place(self._taken[number])}"
        if number is not None and by_tag is None and tag_key(given.asset_tag):
            return f"serial is that of another asset_tag, in {_place(self.result.assets[number])} of the register"
        given = replace(given, site=found)
        return self._add(given) if number is None else self._alter(number, given, _is_said(row.line, heading, "status"))

    def _add(self, given: Asset) -> str:
        lacking = [name for name in ("asset_tag", "kind", "site") if not getattr(given, name)]
        if lacking:
            return ", ".join(f"{name} is empty" for name in lacking)
        self.result.assets.append(given)
        self.result.new += 1
        number = len(self.result.assets) - 1
        self._index(number, given)
        self._taken[number] = given
        return ""

    def _alter(self, number: int, given: Asset, status_is_said: bool) -> str:
        known = self.result.assets[number]
        values = {name: getattr(given, name) for name in COLUMNS if name != "status" or status_is_said}
        values = {name: value for name, value in values.items() if value not in {None, ""}}
        other = {name: value for name, value in values.items() if not _is_same(name, value, getattr(known, name))}
        self.result.changed.update(other.keys())
        self.result.altered += bool(other)
        self.result.same += not other
        self.result.assets[number] = replace(known, **other)
        self._index(number, self.result.assets[number])
        self._taken[number] = given
        return ""

    def _index(self, number: int, asset: Asset) -> None:
        if key := tag_key(asset.asset_tag):
            self._by_tag.setdefault(key, number)
        if key := serial_key(asset.serial):
            self._by_serial.setdefault(key, number)


def _place(asset: Asset) -> str:
    return place_of(asset.line, asset.sheet)


def _is_same(name: str, one: object, other: object) -> bool:
    """Whether a value says the same; of what things are found by, spaces and case are no difference."""
    key = {"asset_tag": tag_key, "serial": serial_key}.get(name)
    return one == other or (key is not None and key(str(one)) == key(str(other)) != "")


def _is_said(line: Line, heading: Heading, name: str) -> bool:
    place = heading.places.get(name)
    return place is not None and place < len(line.cells) and said_of(line.cells[place]) != ""
