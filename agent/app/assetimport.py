"""``ringwacht assets import``: any spreadsheet of devices into the one file that the configuration names."""

from __future__ import annotations

import sys
from codecs import BOM_UTF8
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from agent.app.assetfile import problem, read_register, register_text, rejected_text
from agent.app.assetmerge import Merge, Rejected, Sites, merge
from agent.app.loading import StartError
from agent.wire.wholefile import write_whole
from config.assets import place_of
from config.errors import ConfigError, Wrong, printable, shown
from config.files import read_files
from config.spreadsheet import Spreadsheet, opened

SHOWN = 20


@dataclass(frozen=True, slots=True)
class Order:
    """What is imported where. ``site``: of rows that name none; ``config``: whose sites are meant."""

    source: Path
    into: Path
    dry_run: bool = False
    rejected: Path | None = None
    site: str | None = None
    config: Path | None = None


def import_assets(order: Order) -> Merge:
    """Read, merge and, unless it is a dry run, write; says what became of it on standard output. Raises StartError.

    Rows with something wrong are left out, the others are taken.
    """
    _check_places(order)
    sites, existing = _sites(order), read_register(order.into)
    needed = ("asset_tag",) if order.site is not None and existing else ("asset_tag", "kind")
    needed = needed if order.site is not None else (*needed, "site")
    try:
        with opened(order.source, needed) as sheets:
            found = merge(existing, sheets.rows(), sites)
    except Wrong as error:
        raise StartError(problem(order.source, error)) from None
    _write(order, found)
    sys.stdout.write("".join(f"{line}\n" for line in said(order, found, sheets)))
    return found


def _check_places(order: Order) -> None:
    """Raise StartError where one file would replace another, or a folder is missing."""
    if order.source.resolve() == order.into.resolve():
        raise StartError(f"{order.source} is the register itself: import another file into it")
    if order.rejected is not None and order.rejected.resolve() in {order.source.resolve(), order.into.resolve()}:
        raise StartError(f"--rejected: {order.rejected} would be replaced: name a file of its own")
    for path in filter(None, (order.into, order.rejected)):
        if not path.resolve().parent.is_dir():
            raise StartError(f"{path} cannot be written: there is no such folder")


def _sites(order: Order) -> Sites:
    """Return how sites are found: with a configuration by id or name, without one as they are written."""
    if order.config is None:
        return Sites(order.site)
    known = _configured(order.config)
    if order.site is not None and order.site.casefold() not in known:
        raise StartError(f"--site: {shown(order.site)} is none of the configuration's sites")

    def find(name: str) -> str | None:
        return known.get(name.casefold())

    return Sites(order.site, find)


def _configured(path: Path) -> dict[str, str]:
    """Return the ids of sites by id and name. Nothing else is looked at: the register itself may not be there yet."""
    try:
        tree = read_files(path)
    except ConfigError as error:
        raise StartError(str(error)) from error
    if tree.problems:
        raise StartError(str(ConfigError(tree.problems)))
    entry = tree.root.mapping.get("sites")
    sites = {} if entry is None else entry.node.mapping
    names = {name: site.node.mapping.get("name") for name, site in sites.items()}
    found = {str(name.node.value).casefold(): key for key, name in names.items() if name is not None}
    return found | {key.casefold(): key for key in sites}


def _write(order: Order, found: Merge) -> None:
    if order.dry_run:
        return
    try:
        if order.rejected is not None and found.rejected:
            # whole rows: whoever is named in them is nobody else's business
            lines = (line.encode() for line in rejected_text(found.rejected))
            write_whole(order.rejected, chain((BOM_UTF8,), lines), 0o600)
        if found.new or found.altered:
            write_whole(order.into, (line.encode() for line in register_text(found.assets)), None)
    except OSError as error:
        raise StartError(f"{error.filename or order.into} cannot be written: {error.strerror or error}") from error


def said(order: Order, found: Merge, sheets: Spreadsheet) -> Iterator[str]:
    """Yield what became of it, for people."""
    columns = ", ".join(f"{name} {count}" for name, count in found.changed.most_common())
    changed = f"{found.altered} changed ({columns})" if columns else "0 changed"
    where = f"{printable(str(order.into))}{', not written (--dry-run)' if order.dry_run else ''}"
    yield f"{where}: {found.new} new, {changed}, {found.same} same, {len(found.rejected)} rejected"
    for table in sheets.tables:
        heading, sheet = table.heading, f"sheet {shown(table.sheet)}: " if table.sheet else ""
        taken = ", ".join(f"{name} ({heading.names[place]})" for name, place in heading.places.items())
        yield printable(f"{sheet}columns taken: {taken}; not taken: {', '.join(heading.others()) or 'none'}")
    if sheets.passed_over:
        yield printable(f"sheets without the columns: {', '.join(map(shown, sheets.passed_over))}")
    yield from _rejected(found.rejected, order)


def _rejected(rejected: list[Rejected], order: Order) -> Iterator[str]:
    for one in rejected[:SHOWN]:
        yield printable(f"{place_of(one.line.number, one.line.sheet)}: {one.why}")
    if len(rejected) > SHOWN:
        yield f"and {len(rejected) - SHOWN} more lines"
    if rejected and order.rejected is None:
        yield "--rejected FILE writes them whole, to be mended"
    elif rejected and not order.dry_run:
        yield f"{printable(str(order.rejected))} has them whole, to be mended and imported"
