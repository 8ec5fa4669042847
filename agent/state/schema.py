"""The database's tables and how an older file becomes the present one."""

from __future__ import annotations

import sqlite3

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
    ),
)

VERSION = len(MIGRATIONS)


class SchemaError(Exception):
    """The file is somebody else's, or of a newer Ringwacht."""


def migrate(connection: sqlite3.Connection) -> None:
    """Bring the schema to ``VERSION``, each step in one transaction. Raises SchemaError, sqlite3.Error."""
    owner = _pragma(connection, "application_id")
    version = _pragma(connection, "user_version")
    if owner not in {0, APPLICATION_ID} or (owner == 0 and version != 0):
        raise SchemaError("is a database of another program")
    if version > VERSION:
        raise SchemaError(f"has schema {version}, this Ringwacht knows up to {VERSION}: it was written by a newer one")
    for number in range(version, VERSION):
        with connection:
            connection.execute("BEGIN IMMEDIATE")
            for statement in MIGRATIONS[number]:
                connection.execute(statement)
            connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            connection.execute(f"PRAGMA user_version = {number + 1}")


def _pragma(connection: sqlite3.Connection, name: str) -> int:
    return int(connection.execute(f"PRAGMA {name}").fetchone()[0])
