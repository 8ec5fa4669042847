"""The files of the state store: for our eyes only, for one daemon only, and put aside whole where they are damaged.

A damaged file is never altered. What of it can still be read is written to a new file beside it, and only once that one
is complete do the two change places: a daemon that is killed in between goes on where it was.
"""

from __future__ import annotations

import errno
import fcntl
import os
import sqlite3
from contextlib import ExitStack, closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

import structlog
from structlog.typing import FilteringBoundLogger

from agent.state import schema, wal

FILE_NAME = "state.sqlite"
LOCK_NAME = "lock"
BUSY_SECONDS = 5.0

_SIDES = ("-wal", "-shm", "-journal")
_DAMAGED = ".damaged-"
_BUILDING, _COMPLETE = ".building", ".new"
_WAS_THERE = b"state\n"
_SMALLEST_PAGE = 512  # bytes; only whole pages are written, and SQLite takes what is smaller for a new file

_CANNOT_WRITE = frozenset({errno.EROFS, errno.ENOSPC, errno.EDQUOT, errno.EIO})
_FULL_OR_READ_ONLY = frozenset({sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_READONLY})
_DAMAGE = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})

_log: FilteringBoundLogger = structlog.get_logger("state")


def claim(directory: Path, held: ExitStack) -> int:
    """Create the directory and take its lock; return the lock's descriptor. Raises OSError, SchemaError.

    Two daemons on one state would each tell everybody everything.
    """
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    lock = os.open(directory / LOCK_NAME, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
    held.callback(os.close, lock)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise schema.SchemaError("is in use by another daemon") from error
    return lock


def guard(path: Path, lock: int) -> sqlite3.Connection:
    """Open the file for reading only, made at the first time, and look whether it is whole.

    It stays open beside the one that writes. Whoever is the last to close plays the log back into the file, unless it
    may not write: so a file that turns out to be damaged is put aside as it was found, and its log with it.
    Raises DamagedError, SchemaError (somebody else's), OSError, sqlite3.Error.
    """
    _make(path, lock)
    if beside(path, "-journal").exists():  # a commit that was cut short must be taken back, which only a writer may
        with closing(sqlite3.connect(path, timeout=BUSY_SECONDS)) as writer:
            writer.execute("SELECT 1 FROM sqlite_schema").fetchone()
    with closing(_reader(path)) as first:
        examine(first, "quick_check")
    _examine_log(path)
    reader = _reader(path)
    try:
        schema.check(reader)
    except BaseException:
        reader.close()
        raise
    return reader


def connect(path: Path, lock: int) -> sqlite3.Connection:
    """Open the file for writing, in the present schema. Raises as ``guard`` does."""
    connection = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False)
    connection.text_factory = bytes.decode  # which does not quote what it cannot read, as SQLite's own does
    try:
        prepare(connection)
        if not os.pread(lock, 1, 0):
            os.pwrite(lock, _WAS_THERE, 0)
    except BaseException:
        connection.close()
        raise
    return connection


def prepare(connection: sqlite3.Connection, journal: str = "WAL") -> None:
    """Set how it is written, and bring it to the present schema."""
    connection.execute(f"PRAGMA journal_mode = {journal}")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")
    schema.migrate(connection)


def examine(connection: sqlite3.Connection, how: Literal["quick_check", "integrity_check"]) -> None:
    """Let SQLite look whether the file is whole, on the disk. Raises DamagedError, sqlite3.Error."""
    connection.execute("PRAGMA shrink_memory")
    verdict = connection.execute(f"PRAGMA {how}(1)").fetchone()[0]
    if verdict != "ok":
        raise schema.DamagedError(str(verdict))
    connection.execute("PRAGMA shrink_memory")


def _reader(path: Path) -> sqlite3.Connection:
    uri = f"{path.absolute().as_uri()}?mode=ro"
    return sqlite3.connect(uri, uri=True, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False)


def _examine_log(path: Path) -> None:
    """Look into the log while nobody has it open: who closes a file lets go of all locks that SQLite has on it."""
    log, index = beside(path, "-wal"), beside(path, "-shm")
    if _holds_something(log) and wal.is_torn(log.read_bytes(), index.read_bytes()):
        raise schema.DamagedError("its log is torn")


def lenient(text: bytes) -> str:
    """Return what can be read of it."""
    return text.decode("utf-8", "replace")


def _make(path: Path, lock: int) -> None:
    """Make the file if there is none. Raises DamagedError where there was one that cannot be gone on purpose."""
    if not path.exists() and os.pread(lock, 1, 0) and not _holds_something(beside(path, "-wal")):
        _log.warning("the state was deleted; begun anew", path=str(path))
        os.ftruncate(lock, 0)
    # SQLite gives its side files the same mode
    os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    size = path.stat().st_size
    if not size and os.pread(lock, 1, 0):
        raise schema.DamagedError("is empty: it was deleted or emptied")
    if size % _SMALLEST_PAGE and not _holds_something(beside(path, "-wal")):
        raise schema.DamagedError("is cut off")


def _holds_something(path: Path) -> bool:
    return path.exists() and path.stat().st_size > 0


def is_damage(error: Exception) -> bool:
    """Whether SQLite says that the file is not what was written; so says, without a code, text that cannot be read."""
    code = getattr(error, "sqlite_errorcode", None)
    return isinstance(error, UnicodeDecodeError) or (code is not None and code & 0xFF in _DAMAGE)


def is_passing(error: Exception, path: Path) -> bool:
    """Whether the disk is full, read-only or failing, which may pass; a permission that is missing does not."""
    if isinstance(error, OSError):
        return error.errno in _CANNOT_WRITE
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code not in _FULL_OR_READ_ONLY | {sqlite3.SQLITE_CANTOPEN}:
        return False
    return forbidden(path) is None


def forbidden(path: Path) -> Path | None:
    """Return what of the directory, the file and its side files we may not write."""
    there = (beside(path, side) for side in ("", *_SIDES))
    wanted = (path.parent, *(one for one in there if one.exists()))
    return next((one for one in wanted if not os.access(one, os.W_OK)), None)


def beside(path: Path, side: str = _BUILDING) -> Path:
    """Return a file that lies beside it; without ``side``, where a new one is built."""
    return path.with_name(path.name + side)


def change_places(path: Path) -> Path | None:
    """Put the damaged file aside and the complete new one in its place; return where the damaged one is now.

    Nothing is done where no complete one lies there. The side files go first: a log of the old file must never be
    played back onto the new one.
    """
    complete = beside(path, _COMPLETE)
    if not complete.exists():
        return None
    aside = None
    if path.exists():
        aside = _free(path)
        for side in (*_SIDES, ""):
            found = beside(path, side)
            if found.exists():
                found.rename(beside(aside, side))
    complete.rename(path)
    _flush(path.parent)
    return aside


def complete(path: Path) -> None:
    """Say that what was built beside the file is all there."""
    beside(path).rename(beside(path, _COMPLETE))
    _flush(path.parent)


def kept_aside(directory: Path) -> tuple[Path, ...]:
    """Return the damaged files that were put aside and lie there still."""
    found = directory.glob(f"{FILE_NAME}{_DAMAGED}*")
    return tuple(sorted(path for path in found if not path.name.endswith(_SIDES)))


def _free(path: Path) -> Path:
    """Return a name that is free: when the file was last written, in UTC."""
    moment = datetime.fromtimestamp(path.stat().st_mtime, UTC)
    name = f"{path.name}{_DAMAGED}{moment:%Y%m%dT%H%M%SZ}"
    names = (name, *(f"{name}.{number}" for number in range(2, 1000)))
    return next(path.with_name(one) for one in names if not path.with_name(one).exists())


def _flush(directory: Path) -> None:
    """Make the new names survive a power cut."""
    handle = os.open(directory, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
