"""The state store: one SQLite file, one connection, one writer at a time.

WAL with ``synchronous=FULL``: what ``commit`` has acknowledged survives ``kill -9`` and a power cut (facts, failures
T5, T6); about 0.5 ms a commit.
"""

from __future__ import annotations

import fcntl
import os
import sqlite3
import threading
from collections.abc import Generator, Iterable, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, TypeVar

import structlog
from structlog.typing import FilteringBoundLogger

from agent.contract import Alert, Deed, FindingKey, Heartbeat, Notification, Sent, Silence, Transition
from agent.state import ledger, rows, schema
from agent.state.codec import load_alert
from agent.state.ledger import Ledger

T = TypeVar("T")

POOL = "sqlite"
FILE_NAME = "state.sqlite"
LOCK_NAME = "lock"
HISTORY_SECONDS = 400 * 86400.0  # thirteen months: a report can still compare with the same month of last year
BUSY_SECONDS = 5.0
NOTHING = Ledger()

_log: FilteringBoundLogger = structlog.get_logger("state")


class StateError(Exception):
    """The state store cannot be used; the text is one line for the operator."""


class Database:
    """Synchronous access; every method may be called from any thread. ``StateStore`` is for the event loop."""

    def __init__(self, path: Path, connection: sqlite3.Connection, held: ExitStack) -> None:
        """Use ``open``."""
        self.path = path
        self._connection = connection
        self._held = held
        self._lock = threading.Lock()
        # Replaced whole, never changed: the event loop reads them without the lock, which a writer holds over an fsync.
        self._written: Mapping[FindingKey, Alert] = {}
        self._told: Mapping[tuple[str, str], float] = {}
        self._silences: Mapping[str, Silence] = {}
        self._heartbeats: Mapping[str, Heartbeat] = {}
        self._spent: frozenset[str] = frozenset()

    @classmethod
    def open(cls, directory: Path) -> Database:
        """Open or create ``directory/state.sqlite`` (0700, 0600).

        Raises StateError where the directory is not writable, the file is corrupt, a newer Ringwacht wrote it, or
        another daemon has it open.
        """
        path = directory / FILE_NAME
        with ExitStack() as held:
            try:
                _claim(directory, path, held)
                connection = _connect(path)
                held.callback(connection.close)
                database = cls(path, connection, held)
                database._recall()
            except (OSError, sqlite3.Error, schema.SchemaError, ValueError, KeyError, TypeError) as error:
                raise StateError(f"state store {path}: {_plain(error)}") from error
            database._held = held.pop_all()
        return database

    def close(self) -> None:
        """Close the file and let go of the lock; idempotent."""
        with self._lock:
            self._held.close()

    def load_alerts(self) -> dict[FindingKey, Alert]:
        """Return every alert as last committed; never waits for a writer."""
        return dict(self._written)

    def told(self) -> Mapping[tuple[str, str], float]:
        """Return, by (alert id, receiver), when a receiver last was, or will be, told that the alert fires.

        Never waits for a writer.
        """
        return self._told

    def silences(self) -> Mapping[str, Silence]:
        """Return every silence by id, also those that have ended; never waits for a writer."""
        return self._silences

    def heartbeats(self) -> Mapping[str, Heartbeat]:
        """Return what each job last said, by service; never waits for a writer."""
        return self._heartbeats

    def is_spent(self, token: str) -> bool:
        """Whether a one-time link was used; never waits for a writer."""
        return token in self._spent

    def deeds(self, limit: int) -> tuple[Deed, ...]:
        """Return what was done last, newest first. Raises StateError."""
        return tuple(Deed(*row) for row in self._read(ledger.DEEDS, (limit,)))

    def record_heartbeat(self, heartbeat: Heartbeat) -> None:
        """Keep what a job said. Raises StateError."""
        with self._lock:
            with self._transaction() as connection:
                ledger.write_heartbeat(connection, heartbeat)
            self._heartbeats = {**self._heartbeats, heartbeat.service: heartbeat}

    def commit(
        self,
        alerts: Mapping[FindingKey, Alert],
        transitions: Iterable[Transition] = (),
        notifications: Iterable[Notification] = (),
        done: Ledger = NOTHING,
    ) -> None:
        """Make ``alerts`` the stored ones, add what is to be told and what was ``done``, in one transaction.

        Only alerts that differ from the stored ones are written. A notification whose key is known is not added again,
        at most brought forward, nor is a transition of the same alert, moment and outcome: what is uncertain may be
        committed twice. Raises StateError.
        """
        with self._lock:
            changed = [alert for key, alert in alerts.items() if self._written.get(key) != alert]
            gone = [key for key in self._written if key not in alerts]
            moved, added = tuple(transitions), tuple(notifications)
            if not (changed or gone or moved or added or done):
                return
            with self._transaction() as connection:
                rows.write_alerts(connection, changed, gone)
                connection.executemany(rows.INSERT_TRANSITION, [rows.transition_row(one) for one in moved])
                told = rows.add_notifications(connection, added)
                ledger.write(connection, done)
            self._written = dict(alerts)
            self._silences = {**self._silences, **{one.id: one for one in done.silences}}
            self._spent |= done.spent.keys()
            self._remember(told)

    def pending(self, now: float, receiver: str | None = None, limit: int = 100) -> tuple[Notification, ...]:
        """Return what is due, oldest first; of one alert and receiver only the first. Raises StateError.

        A row that cannot be read is recorded as failed: it must not hold up what comes after it.
        """
        found = self._read(rows.DUE, {"now": now, "receiver": receiver, "limit": limit})
        due: list[Notification] = []
        for row in found:
            try:
                due.append(rows.read_notification(row))
            except (ValueError, KeyError, TypeError) as error:
                _log.error("notification cannot be read", key=row[0], receiver=row[1], error=type(error).__name__)
                self.mark_failed(row[0], "cannot be read", now)
        return tuple(due)

    def sent(self, limit: int) -> tuple[Sent, ...]:
        """Return what waits, then what came to its end, newest first. Raises StateError; passes over broken rows."""
        found: list[Sent] = []
        for row in self._read(rows.SENT, (limit,)):
            try:
                found.append(Sent(rows.read_notification(row[:10]), *row[10:]))
            except (ValueError, KeyError, TypeError):
                continue
        return tuple(found)

    def next_due(self, receiver: str) -> float | None:
        """Return when the receiver's next notification may be tried, None if there is none. Raises StateError."""
        due: float | None = self._read(rows.NEXT_DUE, {"receiver": receiver})[0][0]
        return due

    def unfinished(self) -> tuple[tuple[str, str, str], ...]:
        """Return key, alert id and receiver of each notification that has not come to its end. Raises StateError."""
        query = "SELECT key, alert_id, receiver FROM notifications WHERE outcome IS NULL ORDER BY seq"
        return tuple((key, alert, receiver) for key, alert, receiver in self._read(query, ()))

    def mark_delivered(self, key: str, now: float) -> None:
        """Record that the receiver has it. Raises StateError."""
        self._write("UPDATE notifications SET outcome='delivered', finished_at=?, why='' WHERE key=?", (now, key))

    def mark_failed(self, key: str, why: str, now: float, instead: Notification | None = None) -> None:
        """Record that the receiver refuses it for good, and queue ``instead`` with it. Raises StateError."""
        with self._lock:
            with self._transaction() as connection:
                connection.execute(
                    "UPDATE notifications SET outcome='failed', finished_at=?, why=? WHERE key=?", (now, why, key)
                )
                told = rows.add_notifications(connection, () if instead is None else (instead,))
            self._remember(told)

    def mark_retry(self, key: str, next_try: float, why: str) -> None:
        """Record a failed attempt and when to try again. Raises StateError."""
        self._write("UPDATE notifications SET attempts=attempts+1, next_try=?, why=? WHERE key=?", (next_try, why, key))

    def prune(self, now: float) -> None:
        """Forget transitions and finished notifications older than ``HISTORY_SECONDS``. Raises StateError."""
        before = now - HISTORY_SECONDS
        with self._lock, self._transaction() as connection:
            connection.execute("DELETE FROM transitions WHERE at < ?", (before,))
            connection.execute("DELETE FROM notifications WHERE finished_at < ?", (before,))
            ledger.prune(connection, before)

    def _recall(self) -> None:
        alerts = (load_alert(body) for (body,) in self._connection.execute("SELECT body FROM alerts"))
        self._written = {alert.finding.key: alert for alert in alerts}
        live = {alert.id for alert in self._written.values()}
        self._told = {(name, to): at for name, to, at in self._connection.execute(rows.TOLD) if name in live}
        self._silences = ledger.silences(self._connection)
        self._heartbeats = ledger.heartbeats(self._connection)
        self._spent = ledger.spent(self._connection)

    def _remember(self, told: Mapping[tuple[str, str], float]) -> None:
        live = {alert.id for alert in self._written.values()}
        self._told = {pair: at for pair, at in {**self._told, **told}.items() if pair[0] in live}

    def _read(self, query: str, values: Mapping[str, object] | tuple[object, ...]) -> list[tuple[Any, ...]]:
        with self._lock:
            try:
                return self._connection.execute(query, values).fetchall()
            except sqlite3.Error as error:
                raise StateError(f"state store {self.path}: {_plain(error)}") from error

    def _write(self, statement: str, values: tuple[object, ...]) -> None:
        with self._lock, self._transaction() as connection:
            connection.execute(statement, values)

    @contextmanager
    def _transaction(self) -> Generator[sqlite3.Connection]:
        try:
            with self._connection:
                self._connection.execute("BEGIN IMMEDIATE")
                yield self._connection
        except sqlite3.Error as error:
            raise StateError(f"state store {self.path}: {_plain(error)}") from error


def _claim(directory: Path, path: Path, held: ExitStack) -> None:
    """Create directory and file for our eyes only (SQLite gives its side files the same mode), for one daemon only.

    Two daemons on one state would each tell everybody everything.
    """
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    lock = os.open(directory / LOCK_NAME, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
    held.callback(os.close, lock)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise schema.SchemaError("is in use by another daemon") from error
    os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))


def _connect(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False)
    try:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA foreign_keys = ON")
        verdict = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
        if verdict != "ok":
            raise schema.SchemaError(f"is damaged ({verdict}); move it away to start afresh")  # noqa: TRY301  # one exit
        schema.migrate(connection)
    except BaseException:
        connection.close()
        raise
    return connection


def _plain(error: Exception) -> str:
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return str(error) or type(error).__name__
