"""The file of the state: opened and locked, read, let go of once it is damaged, and taken up again."""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Generator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import structlog
from structlog.typing import FilteringBoundLogger

from agent.layout import clean_text
from agent.state import files, salvage, schema
from agent.state.memory import Memory, recall

_LONGEST_WHY = 300  # bytes; what is damaged may say anything

BROKEN = (schema.DamagedError, ValueError, KeyError, TypeError)  # it is damaged, or a row of it makes no sense

_log: FilteringBoundLogger = structlog.get_logger("state")


class StateError(Exception):
    """The state store cannot be used; the text is one line for the operator."""


class StateFile:
    """One connection and what is in memory of the file; every method may be called from any thread."""

    def __init__(self, directory: Path) -> None:
        """Begin without the file; ``_attach`` opens it."""
        self.path = directory / files.FILE_NAME
        self._connection: sqlite3.Connection | None = None
        self._guard: sqlite3.Connection | None = None
        self._held = ExitStack()
        self._closed = False
        self._lock = threading.Lock()
        self._memory = Memory()
        self._damaged: tuple[Path, ...] = ()
        self._unread = False  # the file could not even be read: what it holds is not known to who commits

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

    def look_aside(self) -> None:
        """Look whether the damaged files still lie there."""
        self._damaged = files.kept_aside(self.path.parent)

    def _attach(self) -> sqlite3.Connection:
        """Open the file and read it; rebuild one that is damaged. Raises OSError, sqlite3.Error, SchemaError."""
        with ExitStack() as held:
            lock = files.claim(self.path.parent, held)
            files.change_places(self.path)
            try:
                connection, memory = self._opened(lock, held)
            except BROKEN as error:
                saved = salvage.rebuild(self.path)
                aside = files.change_places(self.path)
                _log.error("state was damaged; begun anew", why=plain(error), kept=str(aside), saved=dict(saved))
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
                    raise schema.DamagedError(plain(error)) from error
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
        except (OSError, sqlite3.Error, schema.SchemaError, *BROKEN) as error:
            self._unread = True
            _log.error("state cannot be read either; beginning empty", detail=plain(error))

    def _usable_connection(self) -> sqlite3.Connection:
        """Return the connection; take up a file that could not be used so far. Raises StateError."""
        if self._closed:
            raise StateError(f"state store {self.path}: is closed")
        if self._connection is None:
            kept_until = self._memory.kept_until
            try:
                self._connection = self._attach()
            except (OSError, sqlite3.Error, schema.SchemaError, *BROKEN) as error:
                raise self._unusable(error) from error
            if not self._unread:  # else what lay there was handed on before
                self._memory = replace(self._memory, states=(), kept_until=kept_until)
            _log.info("state is taken up again", path=str(self.path))
        return self._connection

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
        return StateError(f"state store {self.path}: {plain(error)}{hint}")


def plain(error: Exception) -> str:
    """Return the error in words, without anything of what was read."""
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    if not isinstance(error, (OSError, sqlite3.Error, schema.SchemaError, schema.DamagedError)):
        return f"a row makes no sense ({type(error).__name__})"
    return clean_text(" ".join(str(error).split()), _LONGEST_WHY) or type(error).__name__
