"""``ringwacht norms``: the measurable requirements of norms from live data, or what the configuration promises."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import get_args

import uvloop
from pydantic import TypeAdapter, ValidationError
from rich.console import Console
from rich.table import Table
from rich.text import Text

from agent.alerts.normcase import declared_case
from agent.app.loading import StartError, prepare
from agent.app.remote import Door, NoDaemonError, ask_async
from agent.engine.clock import SystemClock
from agent.risk.norms.answer import NormRow, NormTable, judge_norms
from agent.risk.norms.case import State
from agent.risk.texts import Words
from config.errors import ConfigError, printable
from exporters.times import rfc3339

_TABLE = TypeAdapter(NormTable)
_STYLES = {"fulfilled": "green", "partly": "yellow", "gap": "bold red", "unknown": "magenta", "not_applicable": "dim"}


def ask(path: Path | None, url: str | None, token_env: str | None) -> NormTable:
    """Return what a daemon answers: that at ``url``, else that of the configuration; where none is there, its promise.

    Raises StartError: the configuration has errors, or the daemon that was named does not answer as one.
    """
    if url is not None:
        if path is not None:
            sys.stderr.write(f"{path} is not read: the daemon answers from its own files\n")
        return uvloop.run(ask_daemon(Door.of(url, None, token_env)))
    try:
        prepared = prepare(path or Path())
    except ConfigError as error:
        raise StartError(str(error)) from error
    try:
        return uvloop.run(ask_daemon(Door.at(prepared.loaded.settings)))
    except NoDaemonError as error:
        sys.stderr.write(f"{error}\n")
    now, loaded = SystemClock().now(), prepared.loaded
    jobs = [(job.key, job.kind) for job in prepared.plan.jobs]
    return judge_norms(declared_case(loaded.inventory, loaded.settings, jobs, now), rfc3339(now))


async def ask_daemon(door: Door) -> NormTable:
    """Return the table of a daemon. Raises StartError, NoDaemonError where nobody listens."""
    found = await ask_async(door, "GET", "/api/v1/norms")
    try:
        return _TABLE.validate_python(found)
    except ValidationError as error:
        raise StartError(f"{door.url}: does not answer as a daemon of this version does") from error


def write(found: NormTable, *, as_json: bool) -> None:
    """Write a table to standard output."""
    if as_json:
        sys.stdout.write(json.dumps(asdict(found), indent=2, ensure_ascii=False) + "\n")
    else:
        show(found, Console(width=None if sys.stdout.isatty() else 120, highlight=False))


def show(found: NormTable, console: Console) -> None:
    """Write a table for people, a room after the other, the house last."""
    words = Words("en" if found.language == "en" else "de")
    say = words.say
    head = say("req_live", at=printable(found.local)) if found.live else say("req_not_live")
    console.print(Text(head, style="" if found.live else "bold red"))
    for room in dict.fromkeys(row.room for row in found.rows):
        console.print()
        name = say("req_house") if room is None else printable(found.rooms.get(room, room))
        console.print(Text(name, style="bold"))
        console.print(_part([row for row in found.rows if row.room == room], words))
    console.print()
    counts = Counter(row.state for row in found.rows)
    console.print(Text(say("req_sum", **{state: counts[state] for state in get_args(State)})))
    console.print(Text(say("req_no_certificate"), style="dim"))


def _part(rows: list[NormRow], words: Words) -> Table:
    table = Table(box=None, pad_edge=False, header_style="dim")
    table.add_column(words.say("req_column_id"), no_wrap=True)
    table.add_column(words.say("req_column_state"), no_wrap=True)
    table.add_column(words.say("req_column_title"), ratio=2)
    table.add_column(words.say("req_column_shown"), ratio=3)
    for row in rows:
        state = Text(words.say(f"req_state_{row.state}"), style=_STYLES[row.state])
        table.add_row(Text(f"{printable(row.id)} {row.level}"), state, Text(printable(row.title)), _shown(row))
    return table


def _shown(row: NormRow) -> Text:
    return Text("\n").join(Text(line) for line in _lines(row))


def _lines(row: NormRow) -> Iterator[str]:
    yield from (f"+ {printable(one)}" for one in row.evidence)
    yield from (f"– {printable(one)}" for one in row.gaps)
