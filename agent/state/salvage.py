"""What can still be read of a damaged file, row by row, into a new one."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from agent.state import configs, files, standings, wal
from agent.state.codec import check_moments, load_alert, load_heartbeat, load_silence
from agent.state.memory import Memory, recall

# What must make sense, else the new file could not be read either.
_SOUND: Mapping[str, Callable[[Mapping[str, Any]], object]] = {
    "alerts": lambda row: load_alert(row["body"]),
    "notifications": lambda row: load_alert(row["body"]),
    "silences": lambda row: load_silence(row["id"], row["until"], row["body"]),
    "heartbeats": lambda row: load_heartbeat(row["body"]),
    "alarm_tests": lambda row: check_moments(row["awaited_since"], row["delivered_at"] or 0.0),
    "config_backups": lambda row: configs.load(row["body"]),
    "states": standings.check,
    "alive": lambda row: check_moments(row["at"]),
}
_TABLES: tuple[str, ...] = (
    "alerts",
    "silences",
    "notifications",
    "heartbeats",
    "alarm_tests",
    "config_backups",
    "alive",
    "states",
    "spent",
    "deeds",
    "transitions",
)
_HISTORY = ("deeds", "transitions")  # nothing of it is kept in memory

Saved = Mapping[str, int]


def rebuild(path: Path) -> Saved:
    """Write what can be read of the file to a new one and let them change places; return the rows by table.

    Raises OSError or sqlite3.Error where the old file cannot be read or the new one not be written; then nothing has
    changed.
    """
    building = files.beside(path)
    building.unlink(missing_ok=True)
    building.touch(mode=0o600)
    try:
        with closing(sqlite3.connect(building, isolation_level=None)) as new:
            files.prepare(new, "DELETE")
            saved = _save(path, new, _TABLES)
    except (OSError, sqlite3.Error):
        building.unlink()  # what lies there takes the room that is missing
        raise
    files.complete(path)
    return saved


def peek(path: Path) -> Memory:
    """Return what can be read of a file that cannot be written. Raises OSError, sqlite3.Error, SchemaError."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as new:
        files.prepare(new, "MEMORY")
        _save(path, new, tuple(table for table in _TABLES if table not in _HISTORY))
        return recall(new)


@contextmanager
def _copied(path: Path) -> Generator[sqlite3.Connection]:
    """Open a copy of the file with its log, in memory: it needs no room, and alters not a byte. Raises OSError."""
    log = files.beside(path, "-wal")
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        with path.open("rb") as file:
            data = bytearray(os.fstat(file.fileno()).st_size)
            del data[file.readinto(data) :]
        wal.play(wal.read(log.read_bytes() if log.is_file() else b""), data)
        if data:
            connection.deserialize(data)
        del data  # as large as the file
        connection.text_factory = files.lenient
        yield connection


def _save(path: Path, new: sqlite3.Connection, tables: tuple[str, ...]) -> Saved:
    with _copied(path) as old:
        new.execute("BEGIN")
        saved = {table: _save_table(table, old, new) for table in tables}
        new.execute("COMMIT")
        return saved


def _save_table(table: str, old: sqlite3.Connection, new: sqlite3.Connection) -> int:
    shared = [name for name in _columns(old, table) if name in _columns(new, table)]
    if not shared:
        return 0
    marks = ", ".join("?" * len(shared))
    insert = f"INSERT OR IGNORE INTO {table} ({', '.join(shared)}) VALUES ({marks})"  # noqa: S608  # names of our own schema only
    query = f"SELECT {', '.join(shared)} FROM {table}"  # noqa: S608  # as above
    # what lies behind a torn page is reached from the other side
    for row in _rows(old, query, f"{query} ORDER BY 1 DESC"):
        if _is_sound(table, dict(zip(shared, row, strict=True))):
            new.execute(insert, row)
    return int(new.execute(f"SELECT COUNT(*) FROM {table}").fetchone()[0])  # noqa: S608  # as above


def _columns(connection: sqlite3.Connection, table: str) -> tuple[str, ...]:
    return tuple(row[1] for row in _rows(connection, f"PRAGMA table_info({table})"))


def _rows(connection: sqlite3.Connection, *queries: str) -> Iterator[tuple[Any, ...]]:
    """Yield rows up to where they cannot be read, then those of the next query."""
    for query in queries:
        try:
            yield from connection.execute(query)
        except (sqlite3.DatabaseError, UnicodeDecodeError):  # the latter: the error's own text
            continue
        return


def _is_sound(table: str, row: Mapping[str, Any]) -> bool:
    if table not in _SOUND:
        return True
    try:
        _SOUND[table](row)
    except (ValueError, KeyError, TypeError):
        return False
    return True
