"""The state store: one SQLite file, one connection, one writer at a time.

WAL with ``synchronous=FULL``: what ``commit`` has acknowledged survives ``kill -9`` and a power cut (facts, failures
T5, T6); about 0.5 ms a commit. A file that is damaged is put aside and begun anew with what can be read of it; one that
cannot be written now is read, and taken up with the first commit for which it can be.
"""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Generator, Iterable, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import structlog
from structlog.typing import FilteringBoundLogger

from agent.contract import Alert, Deed, FindingKey, Heartbeat, Notification, Sent, Transition
from agent.layout import clean_text
from agent.state import files, ledger, rows, salvage, schema
from agent.state.ledger import Ledger
from agent.state.memory import Memory, merged, recall

HISTORY_SECONDS = 400 * 86400.0  # thirteen months: a report can still compare with the same month of last year
MESSAGES_SECONDS = 90 * 86400.0  # of what came to its end; most of the file
_EXAMINED_BYTES = 256 << 20  # a second or two; meanwhile nothing is written
NOTHING = Ledger()
_LONGEST_WHY = 300  # bytes; what is damaged may say anything

_BROKEN = (schema.DamagedError, ValueError, KeyError, TypeError)  # it is damaged, or a row of it makes no sense

_log: FilteringBoundLogger = structlog.get_logger("state")


class StateError(Exception):
    """The state store cannot be used; the text is one line for the operator."""


class Database:
    """Synchronous access; every method may be called from any thread. ``StateStore`` is for the event loop."""

    def __init__(self, directory: Path) -> None:
        """Use ``open``."""
        self.path = directory / files.FILE_NAME
        self._connection: sqlite3.Connection | None = None
        self._guard: sqlite3.Connection | None = None
        self._held = ExitStack()
        self._closed = False
        self._lock = threading.Lock()
        self._memory = Memory()
        self._damaged: tuple[Path, ...] = ()
        self._unread = False  # the file could not even be read: what it holds is not known to who commits

    @classmethod
    def open(cls, directory: Path) -> Database:
        """Open or create ``directory/state.sqlite`` (0700, 0600).

        Where the disk is full or read-only it begins with what can be read, and every write raises StateError until it
        can be written again. Raises StateError where a permission is missing, the file is another program's or of a
        newer Ringwacht, or another daemon has it open.
        """
        database = cls(directory)
        try:
            database._connection = database._attach()
        except (OSError, sqlite3.Error) as error:
            if not files.is_passing(error, database.path):
                raise database._unusable(error) from error
            _log.error("state cannot be written; going on from memory", detail=_plain(error))
            database._peek()
        except (schema.SchemaError, *_BROKEN) as error:
            raise database._unusable(error) from error
        return database

    def close(self) -> None:
        """Close the file and let go of the lock; idempotent."""
        with self._lock:
            self._closed = True
            if self._guard is not None:
                self._guard.close()  # first: the last to close brings the log into the file
            self._detach()

    @property
    def memory(self) -> Memory:
        """What was last committed; never waits for a writer."""
        return self._memory

    @property
    def attached(self) -> bool:
        """Whether the file can be used."""
        return self._connection is not None

    @property
    def damaged(self) -> tuple[Path, ...]:
        """Damaged files that were put aside, as of the last look."""
        return self._damaged

    def read_late(self) -> Memory | None:
        """Return, once, what lay in a file that could not be read at the start and was taken up since."""
        if not self._unread or self._connection is None:
            return None
        self._unread = False
        return self._memory

    def look_aside(self) -> None:
        """Look whether the damaged files still lie there."""
        self._damaged = files.kept_aside(self.path.parent)

    def deeds(self, limit: int) -> tuple[Deed, ...]:
        """Return what was done last, newest first. Raises StateError."""
        return tuple(Deed(*row) for row in self._read(ledger.DEEDS, (limit,)))

    def record_heartbeat(self, heartbeat: Heartbeat) -> None:
        """Keep what a job said. Raises StateError."""
        with self._lock:
            with self._transaction() as connection:
                ledger.write_heartbeat(connection, heartbeat)
            known = {**self._memory.heartbeats, heartbeat.service: heartbeat}
            self._memory = replace(self._memory, heartbeats=known)

    def commit(
        self,
        alerts: Mapping[FindingKey, Alert],
        transitions: Iterable[Transition] = (),
        notifications: Iterable[Notification] = (),
        done: Ledger = NOTHING,
        entries: Iterable[Sent] = (),
    ) -> tuple[Notification, ...]:
        """Make ``alerts`` the stored ones, add what is to be told and what was ``done``, in one transaction.

        Only alerts that differ from the stored ones are written. A notification whose key is known is not added again,
        at most brought forward, nor is a transition of the same alert, moment and outcome: what is uncertain may be
        committed twice. ``entries``: how far notifications have come. Return the notifications that were new or
        brought forward. Raises StateError.
        """
        with self._lock:
            self._usable_connection()
            known = self._memory.alerts
            alerts = merged(alerts, known) if self._unread else alerts
            changed = [alert for key, alert in alerts.items() if known.get(key) != alert]
            gone = [key for key in known if key not in alerts]
            with self._transaction() as connection:
                rows.write_alerts(connection, changed, gone)
                connection.executemany(rows.INSERT_TRANSITION, [rows.transition_row(one) for one in transitions])
                ledger.write(connection, done)
                added, concerned = self._add(connection, notifications, entries)
                told = rows.told_of(connection, concerned)
            self._memory = self._memory.after(alerts, concerned, told, done)
            return added

    def record(self, entries: Iterable[Sent], notifications: Iterable[Notification] = ()) -> tuple[Notification, ...]:
        """Write how far notifications have come, and add those that are not in the file yet; return these.

        Raises StateError.
        """
        with self._lock:
            with self._transaction() as connection:
                added, concerned = self._add(connection, notifications, entries)
                told = rows.told_of(connection, concerned)
            self._memory = self._memory.after(self._memory.alerts, concerned, told, NOTHING)
            return added

    def finished(self, limit: int) -> tuple[Sent, ...]:
        """Return what came to its end, newest first. Raises StateError; passes over broken rows."""
        found: list[Sent] = []
        for row in self._read(rows.FINISHED, (limit,)):
            try:
                found.append(rows.read_entry(row))
            except (ValueError, KeyError, TypeError):
                continue
        return tuple(found)

    def prune(self, now: float) -> None:
        """Forget what happened before ``HISTORY_SECONDS``, and finished notifications before ``MESSAGES_SECONDS``.

        Of an alert that stands they are kept: they say who was told. Then look whether the file is whole; where it is
        not, the next commit begins anew. Raises StateError.
        """
        before = now - HISTORY_SECONDS
        with self._lock:
            with self._transaction() as connection:
                connection.execute("DELETE FROM transitions WHERE at < ?", (before,))
                connection.execute(rows.PRUNE, (now - MESSAGES_SECONDS,))
                ledger.prune(connection, before)
            with self._watched():
                if self._guard is not None and self.path.stat().st_size <= _EXAMINED_BYTES:
                    files.examine(self._guard, "integrity_check")

    # --- the file ----------------------------------------------------------------------------------------------------

    def _attach(self) -> sqlite3.Connection:
        """Open the file and read it; rebuild one that is damaged. Raises OSError, sqlite3.Error, SchemaError."""
        with ExitStack() as held:
            lock = files.claim(self.path.parent, held)
            files.change_places(self.path)
            try:
                connection, memory = self._opened(lock, held)
            except _BROKEN as error:
                saved = salvage.rebuild(self.path)
                aside = files.change_places(self.path)
                _log.error("state was damaged; begun anew", why=_plain(error), kept=str(aside), saved=dict(saved))
                connection, memory = self._opened(lock, held)
            self._memory = memory
            self.look_aside()
            self._held = held.pop_all()
            return connection

    def _opened(self, lock: int, held: ExitStack) -> tuple[sqlite3.Connection, Memory]:
        """Open and read it; nothing of a file that is damaged stays open."""
        with ExitStack() as opened:
            try:
                guard = files.guard(self.path, lock)
                opened.callback(guard.close)
                connection = files.connect(self.path, lock)
                opened.callback(connection.close)
                memory = recall(connection)
            except sqlite3.Error as error:
                if files.is_damage(error):
                    raise schema.DamagedError(_plain(error)) from error
                raise
            connection.text_factory = files.lenient  # what is looked up from now on is for the eye only
            self._guard = guard
            held.callback(opened.pop_all().close)
            return connection, memory

    def _detach(self) -> None:
        self._connection = self._guard = None
        self._held.close()

    def _peek(self) -> None:
        """Read what can be read of a file that cannot be written; begin empty where nothing can."""
        try:
            self._memory = salvage.peek(self.path)
        except (OSError, sqlite3.Error, schema.SchemaError, *_BROKEN) as error:
            self._unread = True
            _log.error("state cannot be read either; beginning empty", detail=_plain(error))

    def _usable_connection(self) -> sqlite3.Connection:
        """Return the connection; take up a file that could not be used so far. Raises StateError."""
        if self._closed:
            raise StateError(f"state store {self.path}: is closed")
        if self._connection is None:
            try:
                self._connection = self._attach()
            except (OSError, sqlite3.Error, schema.SchemaError, *_BROKEN) as error:
                raise self._unusable(error) from error
            _log.info("state is taken up again", path=str(self.path))
        return self._connection

    def _add(
        self, connection: sqlite3.Connection, notifications: Iterable[Notification], entries: Iterable[Sent]
    ) -> tuple[tuple[Notification, ...], frozenset[str]]:
        """Return what was added, and the ids of all alerts that it concerns."""
        added = rows.add_notifications(connection, notifications)
        marked = rows.mark(connection, entries)
        return added, frozenset(one.alert.id for one in (*added, *marked))

    def _read(self, query: str, values: tuple[object, ...]) -> list[tuple[Any, ...]]:
        with self._lock:
            if self._connection is None:
                raise StateError(f"state store {self.path}: cannot be used at the moment")
            try:
                return self._connection.execute(query, values).fetchall()
            except sqlite3.Error as error:
                raise self._unusable(error) from error

    @contextmanager
    def _transaction(self) -> Generator[sqlite3.Connection]:
        with self._watched() as connection, connection:
            connection.execute("BEGIN IMMEDIATE")
            yield connection

    @contextmanager
    def _watched(self) -> Generator[sqlite3.Connection]:
        """Yield the connection; let go of a file that turns out to be damaged. Raises StateError."""
        connection = self._usable_connection()
        try:
            yield connection
        except (sqlite3.Error, UnicodeDecodeError, schema.DamagedError) as error:
            if isinstance(error, schema.DamagedError) or files.is_damage(error):
                self._detach()  # the next commit begins anew
            raise self._unusable(error) from error

    def _unusable(self, error: Exception) -> StateError:
        forbidden = files.forbidden(self.path) if self._connection is None else None
        hint = "" if forbidden is None else f" ({forbidden} may not be written by user {os.geteuid()})"
        return StateError(f"state store {self.path}: {_plain(error)}{hint}")


def _plain(error: Exception) -> str:
    """Return the error in words, without anything of what was read."""
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    if not isinstance(error, (OSError, sqlite3.Error, schema.SchemaError, schema.DamagedError)):
        return f"a row makes no sense ({type(error).__name__})"
    return clean_text(" ".join(str(error).split()), _LONGEST_WHY) or type(error).__name__
