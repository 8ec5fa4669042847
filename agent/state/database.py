"""The state store: one SQLite file, one connection, one writer at a time.

WAL with ``synchronous=FULL``: what ``commit`` has acknowledged survives ``kill -9`` and a power cut (facts, failures
T5, T6); about 0.5 ms a commit. A file that is damaged is put aside and begun anew with what can be read of it; one that
cannot be written now is read, and taken up with the first commit for which it can be.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path

import structlog
from structlog.typing import FilteringBoundLogger

from agent.contract import Alert, Deed, FindingKey, Heartbeat, Notification, Sent, Transition
from agent.estate import MOST_CHANGES, ConfigBackup, StateChange
from agent.state import configs, files, ledger, rows, schema, standings
from agent.state.ledger import Ledger
from agent.state.memory import Memory, merged
from agent.state.statefile import BROKEN, StateError, StateFile, plain

__all__ = ["NOTHING", "Database", "StateError"]

HISTORY_SECONDS = 400 * 86400.0  # thirteen months: a report can still compare with the same month of last year
MESSAGES_SECONDS = 90 * 86400.0  # of what came to its end; most of the file
_EXAMINED_BYTES = 256 << 20  # a second or two; meanwhile nothing is written
NOTHING = Ledger()

_log: FilteringBoundLogger = structlog.get_logger("state")


class Database(StateFile):
    """Synchronous access; every method may be called from any thread. ``StateStore`` is for the event loop."""

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
            _log.error("state cannot be written; going on from memory", detail=plain(error))
            database._peek()
        except (schema.SchemaError, *BROKEN) as error:
            raise database._unusable(error) from error
        return database

    def read_late(self) -> Memory | None:
        """Return, once, what lay in a file that could not be read at the start and was taken up since."""
        if not self._unread or self._connection is None:
            return None
        self._unread = False
        return self._memory

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

    def record_config_backups(self, kept: Iterable[ConfigBackup], gone: Iterable[str] = ()) -> None:
        """Keep what is known of configuration backups, forget those of devices that are ``gone``. Raises StateError."""
        kept, gone = tuple(kept), frozenset(gone)
        with self._lock:
            with self._transaction() as connection:
                configs.write(connection, kept, gone)
            known = {**self._memory.config_backups, **{one.device: one for one in kept}}
            left = {device: one for device, one in known.items() if device not in gone}
            self._memory = replace(self._memory, config_backups=left)

    def record_alive(self, at: float) -> None:
        """Say that this daemon ran at ``at``, in seconds since the epoch. Raises StateError."""
        with self._lock, self._transaction() as connection:
            standings.write_alive(connection, at)

    def take_states(self) -> tuple[StateChange, ...]:
        """Return, once, what was read of states that are kept for years, by time; they are many."""
        with self._lock:
            found, self._memory = self._memory.states, replace(self._memory, states=())
            return found

    def history(self, subject: str, start: float, end: float) -> tuple[StateChange, ...]:
        """Return the changes of a subject (``kind:id``) from ``start`` to before ``end``, and the last one before.

        By time, the first ``MOST_CHANGES`` of them. Raises StateError.
        """
        found = self._read(standings.BETWEEN, (subject, start, end, MOST_CHANGES))
        try:
            return tuple(standings.changes(found))
        except (ValueError, TypeError) as error:
            raise self._unusable(error) from error

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
                ledger.write(connection, done, self._memory.kept_until)
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
            self._memory = self._memory.telling(concerned, told)
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

        States are kept for ``standings.YEARS_SECONDS``.
        Of an alert that stands they are kept: they say who was told. Then look whether the file is whole; where it is
        not, the next commit begins anew. Raises StateError.
        """
        before = now - HISTORY_SECONDS
        with self._lock:
            with self._transaction() as connection:
                connection.execute("DELETE FROM transitions WHERE at < ?", (before,))
                connection.execute(rows.PRUNE, (now - MESSAGES_SECONDS,))
                ledger.prune(connection, before)
                standings.prune(connection, now, self._memory.kept_until)
            with self._watched():
                if self._guard is not None and self.path.stat().st_size <= _EXAMINED_BYTES:
                    files.examine(self._guard, "integrity_check")

    def _add(
        self, connection: sqlite3.Connection, notifications: Iterable[Notification], entries: Iterable[Sent]
    ) -> tuple[tuple[Notification, ...], frozenset[str]]:
        """Return what was added, and the ids of all alerts that it concerns."""
        added = rows.add_notifications(connection, notifications)
        marked = rows.mark(connection, entries)
        return added, frozenset(one.alert.id for one in (*added, *marked))
