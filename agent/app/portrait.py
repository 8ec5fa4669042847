"""What ``ringwacht identify`` prints. Pure; nothing that a device wrote is read as markup."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict

from rich.console import Console
from rich.table import Table
from rich.text import Text

from collectors.snmp.mapping.identify import Identity, Stranger
from collectors.snmp.mapping.identify import Table as Walked

WIDTH = 120
ENTERPRISES = "1.3.6.1.4.1"
Rows = Sequence[Sequence[str]]


def as_json(identity: Identity) -> str:
    """Return the identity as JSON with a line end."""
    return json.dumps(asdict(identity), indent=2, ensure_ascii=False) + "\n"


def as_text(identity: Identity, host: str) -> str:
    """Return the identity for people, a section for each question."""
    console = Console(width=WIDTH, color_system=None, force_terminal=False, quiet=False)
    with console.capture() as captured:
        console.print(Text(host))
        for title, rows in _sections(identity):
            if rows:
                console.print(Text(f"\n{title}"), _grid(rows))
        for line in _advice(identity.stranger, host):
            console.print(Text(line))
    return "".join(f"{line.rstrip()}\n" for line in captured.get().splitlines())


def _sections(identity: Identity) -> Iterator[tuple[str, Rows]]:
    yield "What it says of itself", list(identity.system.items())
    yield "Facts", list(identity.facts.items())
    yield "Profiles", [(one.name, one.title, one.why) for one in identity.profiles]
    yield "Modules", [(name,) for name in identity.modules]
    yield "Tables", [(one.oid, _rows(one), ", ".join(one.wanted_by)) for one in identity.tables]
    values = [(one.family, _labels(one.labels), f"{one.value:g}") for one in identity.values]
    yield f"Neutral values ({len(values)} of {identity.series} series)", values
    yield "Could not be read", [(text,) for text in identity.missing]


def _rows(table: Walked) -> str:
    return f"{table.rows} rows, every {table.every} s" if table.every else f"{table.rows} rows"


def _labels(labels: Mapping[str, str]) -> str:
    return " ".join(f"{name}={text}" for name, text in labels.items() if text)


def _grid(rows: Rows) -> Table:
    table = Table.grid(padding=(0, 2))
    table.add_column(no_wrap=False, width=2)
    for _ in rows[0]:
        table.add_column(overflow="fold")
    for row in rows:
        table.add_row("", *(Text(cell) for cell in row))
    return table


def _advice(stranger: Stranger | None, host: str) -> Iterator[str]:
    """Yield what to do about a device that no profile of its own fits."""
    if stranger is None:
        return
    yield "\nNo profile is this device's own: it is read as any SNMP agent."
    if stranger.enterprise:
        yield f"  Its maker has the private enterprise number {stranger.enterprise} (IANA's register has the name)."
    if stranger.nearest:
        yield f"  Nearest profiles, to try with --profile: {', '.join(stranger.nearest)}."
    subtree = f"{ENTERPRISES}.{stranger.enterprise}" if stranger.enterprise else ENTERPRISES
    yield "  To have it supported, send us these two walks and the maker's MIB; look through them for secrets first:"
    for oid in ("1.3.6.1.2.1", subtree):
        yield f"    snmpwalk -v2c -c COMMUNITY -Cc -On -ObentU {host} {oid}"
