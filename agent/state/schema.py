"""The database's tables and how an older file becomes the present one."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from functools import cache

# "RiWa", so that a file that is not ours is refused instead of altered.
APPLICATION_ID = 0x52695761

# Each entry lifts the schema by one version; entries are only ever appended.
MIGRATIONS: tuple[tuple[str, ...], ...] = (
    (
        """CREATE TABLE alerts (
            rule TEXT NOT NULL,
            subject TEXT NOT NULL,
            body TEXT NOT NULL,
            PRIMARY KEY (rule, subject)
        ) WITHOUT ROWID""",
        """CREATE TABLE transitions (
            seq INTEGER PRIMARY KEY AUTOINCREMENT,
            at REAL NOT NULL,
            alert_id TEXT NOT NULL,
            rule TEXT NOT NULL,
            subject TEXT NOT NULL,
            previous TEXT,
            state TEXT NOT NULL,
            severity TEXT NOT NULL,
            body TEXT NOT NULL
        )""",
        "CREATE INDEX transitions_by_time ON transitions (at)",
        """CREATE TABLE notifications (
            seq INTEGER PRIMARY KEY AUTOINCREMENT,
            key TEXT NOT NULL UNIQUE,
            receiver TEXT NOT NULL,
            alert_id TEXT NOT NULL,
            state TEXT NOT NULL,
            body TEXT NOT NULL,
            created_at REAL NOT NULL,
            not_before REAL NOT NULL,
            next_try REAL NOT NULL,
            attempts INTEGER NOT NULL DEFAULT 0,
            outcome TEXT CHECK (outcome IN ('delivered', 'failed')),
            finished_at REAL,
            why TEXT NOT NULL DEFAULT ''
        )""",
        "CREATE INDEX notifications_open ON notifications (receiver, next_try) WHERE outcome IS NULL",
        "CREATE INDEX notifications_by_alert ON notifications (alert_id)",
    ),
    (
        "ALTER TABLE notifications ADD COLUMN reason TEXT NOT NULL DEFAULT 'new'",
        "ALTER TABLE notifications ADD COLUMN effects TEXT NOT NULL DEFAULT '[]'",
        "ALTER TABLE notifications ADD COLUMN digest INTEGER NOT NULL DEFAULT 0",
        "ALTER TABLE notifications ADD COLUMN instead_of TEXT",
        "ALTER TABLE notifications ADD COLUMN parcel TEXT",  # what it was, or is being, handed over in
        "CREATE TABLE silences (id TEXT PRIMARY KEY, until REAL NOT NULL, body TEXT NOT NULL) WITHOUT ROWID",
        """CREATE TABLE deeds (
            seq INTEGER PRIMARY KEY AUTOINCREMENT,
            at REAL NOT NULL,
            who TEXT NOT NULL,
            what TEXT NOT NULL,
            subject TEXT NOT NULL,
            until REAL,
            why TEXT NOT NULL
        )""",
        "CREATE INDEX deeds_by_time ON deeds (at)",
        "CREATE TABLE heartbeats (service TEXT PRIMARY KEY, body TEXT NOT NULL) WITHOUT ROWID",
        "CREATE TABLE spent (token TEXT PRIMARY KEY, at REAL NOT NULL) WITHOUT ROWID",  # one-time links that were used
        "ALTER TABLE notifications ADD COLUMN taken TEXT NOT NULL DEFAULT '[]'",  # the receiver's ways that have it
        "ALTER TABLE notifications ADD COLUMN taken_at REAL",  # when the first of them took it
        "UPDATE notifications SET taken_at = finished_at WHERE outcome = 'delivered'",
        "CREATE INDEX notifications_taken ON notifications (taken_at, receiver) WHERE taken_at IS NOT NULL",
    ),
    (
        # Kept for good, however old: of each receiver since when a test is awaited, and when the last one arrived.
        """CREATE TABLE alarm_tests (
            receiver TEXT PRIMARY KEY,
            awaited_since REAL NOT NULL,
            delivered_at REAL,
            ways TEXT NOT NULL
        ) WITHOUT ROWID""",
    ),
    (
        # Kept for years: what availability is worked out from.
        """CREATE TABLE states (
            subject TEXT NOT NULL,
            at REAL NOT NULL,
            state TEXT NOT NULL,
            why TEXT NOT NULL,
            cause TEXT,
            PRIMARY KEY (subject, at)
        ) WITHOUT ROWID""",
        "CREATE INDEX states_by_time ON states (at)",
        "CREATE TABLE alive (one INTEGER PRIMARY KEY CHECK (one = 1), at REAL NOT NULL)",  # when this last ran
        "CREATE TABLE config_backups (device TEXT PRIMARY KEY, body TEXT NOT NULL) WITHOUT ROWID",
    ),
)

VERSION = len(MIGRATIONS)
_NEVER = 1000  # schemas; a number far beyond our own is no newer one, but damage

_SHAPE = """
    SELECT one.name || '.' || part.name FROM sqlite_schema AS one JOIN pragma_table_info(one.name) AS part
    WHERE one.type = 'table' UNION SELECT name FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL"""


class SchemaError(Exception):
    """The file is somebody else's, or of a newer Ringwacht."""


class DamagedError(Exception):
    """The file is ours, but not what we wrote."""


def check(connection: sqlite3.Connection) -> None:
    """Look whether it is ours and has all tables, columns and indexes of its version; a new file has none.

    Raises SchemaError, DamagedError, sqlite3.Error.
    """
    owner, version = _pragma(connection, "application_id"), _pragma(connection, "user_version")
    found = _shape(connection)
    ours = owner == APPLICATION_ID
    if not ours and _made(1) <= found:
        raise DamagedError("has our tables, and a header that is not ours")
    if not ours and (found or owner or version):
        raise SchemaError("is a database of another program")
    if VERSION < version <= VERSION + _NEVER:
        raise SchemaError(f"has schema {version}, this Ringwacht knows up to {VERSION}: it was written by a newer one")
    if ours and (not 0 < version <= VERSION or not _made(version) <= found):
        raise DamagedError("lacks tables, columns or indexes")
    if ours and (_made(version + 1) - _made(version)) & found:
        raise DamagedError("has tables, columns or indexes of a later version")


def migrate(connection: sqlite3.Connection) -> None:
    """Bring the schema to ``VERSION``, each step in one transaction. Raises as ``check`` does."""
    check(connection)
    for number in range(_pragma(connection, "user_version"), VERSION):
        with connection:
            connection.execute("BEGIN IMMEDIATE")
            for statement in MIGRATIONS[number]:
                connection.execute(statement)
            connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            connection.execute(f"PRAGMA user_version = {number + 1}")


@cache
def _made(version: int) -> frozenset[str]:
    """Return what a file of that version has."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as new:
        for statements in MIGRATIONS[:version]:
            for statement in statements:
                new.execute(statement)
        return _shape(new)


def _shape(connection: sqlite3.Connection) -> frozenset[str]:
    return frozenset(name for (name,) in connection.execute(_SHAPE) if not name.startswith("sqlite_"))


def _pragma(connection: sqlite3.Connection, name: str) -> int:
    return int(connection.execute(f"PRAGMA {name}").fetchone()[0])
