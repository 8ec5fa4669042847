"""``ringwacht assets report``: how register and what was seen differ, and what ends in this and the next year.

The first is asked of a daemon, the second follows from the configuration alone.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import uvloop

from agent.app.loading import Prepared, StartError, prepare
from agent.app.remote import Door, Listing, NoDaemonError, Row, ask_async, rows
from agent.app.remote import write as write_lines
from agent.engine.clock import SystemClock
from agent.risk.assets.comparison import DIFFERENT, NAMED
from agent.risk.assets.lifecycle import endings
from agent.risk.deadlines import Today
from config.errors import ConfigError
from config.sheetcells import amount_text, csv_line

ASK_SECONDS = 120.0  # a hundred thousand rows are compared anew
HEADINGS = ("site", "what", "year", "devices", "cost", "for example")


class Finding(NamedTuple):
    """One line of the report; ``site`` "": of none; ``year`` and ``cost`` where there are such; ``names``: a few."""

    site: str
    what: str
    devices: int
    year: int | None = None
    cost: float | None = None
    names: tuple[str, ...] = ()

    def cells(self) -> tuple[str, ...]:
        """Return it as text, the cost with a decimal comma."""
        cost = "" if self.cost is None else amount_text(self.cost)
        year = "" if self.year is None else str(self.year)
        return (self.site, self.what, year, str(self.devices), cost, ", ".join(self.names))


def ask(path: Path | None, url: str | None, token_env: str | None) -> list[Finding]:
    """Return what a daemon says, that at ``url`` or of the configuration, and what the configuration's register says.

    With ``url`` alone no configuration is read. Raises StartError: the configuration has errors, or the daemon that
    was named does not answer as one; one that was not named may be absent.
    """
    if url is not None:
        found = _of_daemon(Door.of(url, None, token_env))
        return [*found, *(() if path is None else _of_files(_prepared(path)))]
    prepared = _prepared(path or Path())
    try:
        found = _of_daemon(Door.at(prepared.loaded.settings))
    except NoDaemonError as error:
        sys.stderr.write(f"{error}: what was seen is not known, so that nothing is missing, unknown or moved\n")
        found = []
    return [*found, *_of_files(prepared)]


def _prepared(path: Path) -> Prepared:
    try:
        return prepare(path)
    except ConfigError as error:
        raise StartError(str(error)) from error


def _of_daemon(door: Door) -> list[Finding]:
    query = "&".join(f"state={state}" for state in DIFFERENT)
    answer = uvloop.run(ask_async(door, "GET", f"/api/v1/assets?{query}", seconds=ASK_SECONDS))
    return differences(rows(answer))


def differences(found: Iterable[Row]) -> list[Finding]:
    """Return the rows of the API by site and state."""
    groups: dict[tuple[str, str], list[str]] = {}
    for row in found:
        name = row.get("asset_tag") or row.get("device") or ""
        groups.setdefault((str(row.get("site") or ""), str(row.get("state"))), []).append(str(name))
    return [
        Finding(site, state, len(names), names=tuple(filter(None, names))[:NAMED])
        for (site, state), names in sorted(groups.items())
    ]


def _of_files(prepared: Prepared) -> Iterator[Finding]:
    inventory, settings = prepared.loaded.inventory, prepared.loaded.settings
    for one in endings(inventory, Today.of(SystemClock().now(), settings).day):
        yield Finding(one.site or "", one.what, one.devices, one.year, one.cost)


def write(found: Sequence[Finding], *, as_csv: bool) -> None:
    """Write the report to standard output: for programs, or for people."""
    if as_csv:
        sys.stdout.write("".join(csv_line(cells) for cells in (HEADINGS, *(one.cells() for one in found))))
        return
    table = Listing(HEADINGS, 4)
    for one in found:
        table.add(one.cells())
    write_lines(None, table if found else "The register agrees with what was seen, and nothing ends.", as_json=False)
