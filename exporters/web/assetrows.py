"""Rows of the asset register with what was seen. Pure; null is not known.

A cell of the CSV that a spreadsheet program would take for a formula stands behind an apostrophe (OWASP).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict
from datetime import date
from typing import get_args

from agent.contract import JobState, Snapshot, Subject, harvests
from agent.risk.assets.merge import Entry, Match, merging
from agent.risk.assets.seen import Seen, sighted
from agent.risk.portions import drained
from config.inventory import Inventory
from config.sheetcells import amount_text, csv_line
from exporters.web.api import Row, moment

_END = "\r\n"  # of a line of CSV (RFC 4180)
MATCHES: frozenset[str] = frozenset(get_args(Match))
# Beside these a row of JSON has what a device says of itself: vendor, hardware, facts, parts.
COLUMNS: tuple[str, ...] = (
    "state",
    "source",
    "site",
    "seen_site",
    "device",
    "kind",
    "vendor",
    "model",
    "serial",
    "asset_tag",
    "status",
    "room",
    "bought",
    "warranty_until",
    "replace_on",
    "cost",
    "supplier",
    "os",
    "os_version",
    "firmware",
    "support_until",
    "last_seen",
)


def asset_rows(snapshot: Snapshot, inventory: Inventory) -> Iterator[Row]:
    """Yield each row of the register, each device of the inventory, and what else was seen.

    ``state`` is how register and what was seen agree, None of a device that says nothing of itself; ``source`` is
    register, seen or both. What the register says of a device goes before what the device says.
    """
    jobs: dict[Subject, list[JobState]] = {}
    for job in snapshot.view.jobs():
        jobs.setdefault(job.key.subject, []).append(job)
    told = set[str]()
    judged = snapshot.estate.register if snapshot.estate is not None else None
    missing = frozenset(() if judged is None else judged.missing)
    for entry in drained(merging(inventory, sighted(inventory, jobs), missing)):
        if entry.site is None or entry.site in inventory.sites:
            row = _row(entry, inventory)
            if entry.seen is not None and entry.seen.whole and entry.seen.by.kind == "device":
                told.add(entry.seen.name)
                row |= _said(entry.seen.name, jobs, row)
            yield row
    for name, device in inventory.devices.items():
        if name not in told:
            silent = Entry("unlisted", None, Seen(Subject("device", name), device.role or "", device.site, name=name))
            row = _row(silent, inventory) | {"state": None}
            yield row | _said(name, jobs, row)


def _row(entry: Entry, inventory: Inventory) -> Row:
    asset, seen = entry.asset, entry.seen
    row: Row = {**dict.fromkeys(COLUMNS), "state": entry.match, "site": entry.site, "kind": entry.kind or None}
    row["source"] = "both" if asset is not None and seen is not None else "register" if seen is None else "seen"
    if seen is not None:
        row |= {
            name: getattr(seen, name) or None for name in ("model", "serial", "asset_tag", "os_version", "firmware")
        }
        row |= {"device": seen.name or None, "last_seen": moment(seen.at)}
        row["seen_site"] = seen.site if seen.site in inventory.sites else None
    if asset is not None:
        given = {name: getattr(asset, name) for name in COLUMNS if hasattr(asset, name)}
        row |= {name: _plain(value) for name, value in given.items() if value not in {None, ""}}
    return row


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value


def _said(device: str, jobs: dict[Subject, list[JobState]], row: Row) -> Row:
    """Return what a device says of itself: maker, hardware, all facts and parts."""
    said = harvests(jobs.get(Subject("device", device), ()))
    facts = {fact: text for harvest in said for fact, text in harvest.facts.items()}
    found: Row = {name: row.get(name) or facts.get(name) for name in ("vendor", "model", "serial", "firmware")}
    found |= {"hardware": facts.get("hardware"), "facts": facts}
    found["parts"] = [asdict(part) for harvest in said for part in harvest.parts]
    return found


def csv_of(rows: Iterable[Row], *, excel: bool = False) -> Iterator[str]:
    """Yield the lines of a CSV file with semicolons and decimal commas; ``excel``: behind a mark that it is UTF-8."""
    yield ("\ufeff" if excel else "") + csv_line(COLUMNS, _END)
    for row in rows:
        yield csv_line((_text(row[name]) for name in COLUMNS), _END)


def _text(value: object) -> str:
    if isinstance(value, float):
        return amount_text(value)
    return "" if value is None else str(value)
