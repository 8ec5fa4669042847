"""``ringwacht alerts list, ack, silence …``: asks a running daemon over its API. What it says is made fit to print."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple, TypeGuard
from urllib.parse import quote

import aiohttp
import uvloop
from rich.console import Console, ConsoleOptions, RenderableType, RenderResult
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from agent.app.loading import StartError, prepare
from config.address import Address
from config.base import is_mapping
from config.errors import ConfigError, printable, shown
from config.settings import Settings

ASK_SECONDS = 30.0
DEFAULT_URL = "http://127.0.0.1:9595"
_ID_CHARS = 8  # as listed
_SUMMARY_CHARS = 100
_NOT_TAKEN = frozenset({401, 403, 404, 405, 501})
_TABLE_CHARS = 120  # a narrower terminal has no room for seven columns

Row = Mapping[str, object]


class NotTakenError(StartError):
    """Whoever answers did not do what was asked: no daemon, one that knows no such thing, or that may not be told."""


class NoDaemonError(NotTakenError):
    """Nobody listens at the address."""


class NoAnswerError(StartError):
    """What was asked for may have been done: no answer came in time."""


class Door(NamedTuple):
    """Where the daemon is asked, and with which token (``web.token``), if any."""

    url: str
    token: str | None = None

    @classmethod
    def of(cls, url: str | None, config: Path | None, token_env: str | None) -> Door:
        """Return the address that is given, that of a configuration, or the usual one. Raises StartError."""
        if url is not None and not url.startswith(("http://", "https://")):
            raise StartError(f"{url}: http:// is missing, write http://{url}")
        if token_env is not None and not os.environ.get(token_env):
            raise StartError(f"--token-env: the variable {shown(token_env)} is not set")
        found = url or (DEFAULT_URL if config is None else _listening(config))
        return cls(found.rstrip("/"), None if token_env is None else os.environ[token_env])

    @classmethod
    def at(cls, settings: Settings) -> Door:
        """Return where the daemon of a configuration listens, with its token, where it has one."""
        token = settings.web.token
        return cls(_url(settings.web.listen), None if token is None else token.get_secret_value().strip())


def _listening(config: Path) -> str:
    try:
        return _url(prepare(config).loaded.settings.web.listen)
    except ConfigError as error:
        raise StartError(str(error)) from error


def _url(listen: Address) -> str:
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(listen.host, listen.host)  # asked, not listened on
    return f"http://{f'[{host}]' if ':' in host else host}:{listen.port}"


def ask(door: Door, method: str, path: str, body: Row | None = None) -> object:
    """Return what the daemon answers. Raises StartError with what it objects to."""
    return uvloop.run(ask_async(door, method, path, body))


async def ask_async(
    door: Door, method: str, path: str, body: Row | None = None, seconds: float = ASK_SECONDS
) -> object:
    """Return what the daemon answers within so many seconds. Raises StartError, NoDaemonError where none is there."""
    headers = {} if door.token is None else {"Authorization": f"Bearer {door.token}"}
    try:
        async with (
            aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=seconds)) as session,
            session.request(method, door.url + path, json=body, headers=headers, allow_redirects=False) as reply,
        ):
            said = (await reply.read()).decode("utf-8", "replace")
    except TimeoutError as error:
        raise NoAnswerError(f"{door.url}: no answer within {seconds:g} s") from error
    except aiohttp.ClientConnectorError as error:
        raise NoDaemonError(f"{door.url}: no daemon answers there") from error
    except (aiohttp.ServerDisconnectedError, aiohttp.ClientOSError) as error:
        raise NotTakenError(f"{door.url}: whoever listens there hung up") from error
    except (aiohttp.ClientError, ValueError) as error:
        raise StartError(f"{door.url}: {printable(str(error)) or 'cannot be asked'}") from error
    if reply.status != 200:
        objection = _objection(door, reply.status, said)
        raise NotTakenError(objection) if reply.status in _NOT_TAKEN else StartError(objection)
    try:
        found: object = json.loads(said)
    except ValueError as error:
        raise StartError(f"{door.url}: its answer is no JSON, so that it is no daemon's address") from error
    return found


def _objection(door: Door, status: int, said: str) -> str:
    try:
        found: object = json.loads(said)
    except ValueError:
        found = {"error": said} if status in {403, 413} else None
    error = found.get("error") if is_mapping(found) else None
    return printable(str(error).strip()) if error else f"{door.url}: HTTP status {status}"


def rows(found: object) -> list[Row]:
    """Return a list of objects. Raises StartError for anything else."""
    if not _is_list(found) or not all(is_mapping(one) for one in found):
        raise StartError("does not answer as a daemon of this version does")
    return [one for one in found if is_mapping(one)]


def _is_list(found: object) -> TypeGuard[list[object]]:
    return isinstance(found, list)


def find(door: Door, path: str, beginning: str, what: str) -> str:
    """Return the one id that begins so. Raises StartError where there is none, or more than one."""
    ids = [str(row.get("id")) for row in rows(ask(door, "GET", path))]
    found = [one for one in ids if one == beginning] or [one for one in ids if one.startswith(beginning)]
    if not beginning or not found:
        raise StartError(f"there is no {what} whose id begins with {shown(printable(beginning))}")
    if len(found) > 1:
        raise StartError(f"{shown(beginning)} is the beginning of {len(found)} ids: write more of it")
    return found[0]


def act(door: Door, what: str, beginning: str, deed: str, body: Row) -> Row:
    """Do something to an alert or silence (``alerts`` or ``silences``). Raises StartError."""
    name = find(door, f"/api/v1/{what}", beginning, what.removesuffix("s"))
    found = ask(door, "POST", f"/api/v1/{what}/{quote(name, safe='')}/{deed}", body)
    return rows([found])[0]


def ending(until: str | None) -> dict[str, str]:
    """Return how the API is told an end: a time of day that says its offset, or a duration."""
    if until is None:
        return {}
    return {"until": until} if "T" in until else {"duration": until}


def match_of(pairs: Iterable[str]) -> dict[str, str]:
    """Return what ``key=value`` mean together. Raises StartError."""
    match: dict[str, str] = {}
    for pair in pairs:
        key, equals, value = pair.partition("=")
        if not (key and equals and value):
            raise StartError(f"--match {shown(printable(pair))}: write key=value, e.g. link=rf-1")
        if key in match:
            raise StartError(f"--match: {key} is there twice; all keys must hold")
        match[key] = value
    return match


def write(found: object, lines: RenderableType, *, as_json: bool) -> None:
    """Write an answer to standard output: for programs, or for people."""
    if as_json:
        sys.stdout.write(json.dumps(found, indent=2) + "\n")
        return
    console = Console(width=None if sys.stdout.isatty() else 200, highlight=False)
    console.print(lines, markup=False)


class Listing:
    """Rows for people: a table, or where that has no room the first ``heads`` cells in one line, below it the others.

    ``rich`` asks how at the moment of printing.
    """

    def __init__(self, columns: Sequence[str], heads: int) -> None:
        self._columns = columns
        self._heads = heads
        self._rows: list[list[Text]] = []

    def add(self, cells: Iterable[object]) -> None:
        """Add a row: nothing in it is markup, and nothing is an order to the terminal."""
        self._rows.append([Text(printable(str(cell))) for cell in cells])

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Yield what fits the terminal."""
        if options.max_width >= _TABLE_CHARS:
            table = Table(*self._columns, box=None, pad_edge=False)
            for row in self._rows:
                table.add_row(*row)
            yield table
            return
        for row in self._rows:
            yield Text("  ").join(row[: self._heads])
            for name, cell in zip(self._columns[self._heads :], row[self._heads :], strict=True):
                if cell:
                    yield Padding(Text(f"{name}: ") + cell, (0, 0, 0, 2), expand=False)


def alert_table(alerts: Sequence[Row]) -> Listing:
    """Return the alerts for people."""
    listing = Listing(("id", "severity", "state", "since", "subject", "summary", "remark"), heads=4)
    for row in alerts:
        summary = str(row.get("summary"))
        short = summary if len(summary) <= _SUMMARY_CHARS else summary[: _SUMMARY_CHARS - 1] + "…"
        cells = [row.get("severity"), row.get("state"), row.get("since"), row.get("subject"), short, _remark(row)]
        listing.add([str(row.get("id"))[:_ID_CHARS], *cells])
    return listing


def silence_table(silences: Sequence[Row]) -> Listing:
    """Return the silences for people."""
    listing = Listing(("id", "match", "start", "until", "mode", "by", "reason"), heads=2)
    for row in silences:
        cells = [row.get(key) for key in ("start", "until", "mode", "by", "reason")]
        listing.add([str(row.get("id"))[:_ID_CHARS], spelled(row.get("match")), *cells])
    return listing


def spelled(match: object) -> str:
    """Return a match in one line."""
    return " ".join(f"{key}={value}" for key, value in match.items()) if is_mapping(match) else ""


def _remark(row: Row) -> str:
    mark, muted = row.get("acknowledged"), row.get("muted")
    said = [f"acknowledged by {mark.get('by')} {_until(mark)}"] if is_mapping(mark) else []
    said += [f"good at the moment, since {row['good_since']}"] if row.get("good_since") else []
    said += [f"{muted.get('by')}: {muted.get('reason')}"] if is_mapping(muted) else []
    said += [f"untold: {row['untold']}"] if row.get("untold") and not is_mapping(muted) else []
    return "; ".join(said)


def _until(mark: Row) -> str:
    return f"until {mark['until']}" if mark.get("until") else "until resolved"
