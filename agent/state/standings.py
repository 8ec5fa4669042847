"""States that are kept for years, by subject: the statements that write, read and forget them; and when this ran."""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, cast, get_args

from agent.estate import Standing, StateChange
from agent.state.codec import check_moments, parse_subject
from agent.subject import Subject

YEARS_SECONDS = 10 * 366 * 86400.0  # availability is asked for years back: terms of contracts, guarantees
LONGEST_PAUSE_SECONDS = 366 * 86400.0  # from one start of a daemon to the next
RECALLED_SECONDS = 2 * 366 * 86400.0  # the running calendar year and the one before, whatever the day

_STANDINGS = frozenset(get_args(Standing))

# What lies later than a change that is written was written by a clock that was ahead; but what an earlier daemon wrote
# stays, since as likely it is this one's clock that is wrong.
_DELETE_LATER = "DELETE FROM states WHERE subject = ? AND at > ? AND at > ?"
_INSERT = "INSERT OR REPLACE INTO states (subject, at, state, why, cause) VALUES (?, ?, ?, ?, ?)"

# Of each subject also the last one before: it says how the period began.
_ALL = """
    SELECT subject, at, state, why, cause FROM states WHERE at >= ?1 UNION ALL
    SELECT subject, at, state, why, cause FROM states JOIN (
        SELECT subject, MAX(at) AS at FROM states WHERE at < ?1 GROUP BY subject
    ) USING (subject, at) ORDER BY at"""
BETWEEN = """
    SELECT subject, at, state, why, cause FROM states WHERE subject = ?1 AND at < ?3 AND at >= COALESCE(
        (SELECT MAX(at) FROM states WHERE subject = ?1 AND at <= ?2), ?2
    ) ORDER BY at LIMIT ?4"""
_NEWEST = "SELECT COALESCE((SELECT at FROM alive), (SELECT MAX(at) FROM states), 0.0)"
_PRUNE = """
    DELETE FROM states WHERE at < (
        SELECT MAX(at) FROM states AS later WHERE later.subject = states.subject AND later.at <= ?
    )"""


def write(connection: sqlite3.Connection, changes: Iterable[StateChange], kept_until: float) -> None:
    """Add them to the open transaction, in the order in which they happened; what is known is written anew.

    ``kept_until``: up to when an earlier daemon is known to have written, seconds since the epoch.
    """
    for one in changes:
        subject = str(one.subject)
        connection.execute(_DELETE_LATER, (subject, one.at, kept_until))
        cause = None if one.cause is None else str(one.cause)
        connection.execute(_INSERT, (subject, one.at, one.state, one.why, cause))


def write_alive(connection: sqlite3.Connection, at: float) -> None:
    """Say that this daemon ran at ``at``, in seconds since the epoch."""
    connection.execute("INSERT OR REPLACE INTO alive (one, at) VALUES (1, ?)", (at,))


def recalled(connection: sqlite3.Connection) -> tuple[StateChange, ...]:
    """Return what is younger than ``RECALLED_SECONDS``, by time. Raises ValueError or TypeError on a broken row."""
    return tuple(changes(connection.execute(_ALL, (until(connection) - RECALLED_SECONDS,))))


def until(connection: sqlite3.Connection) -> float:
    """Return when a daemon last ran, as far as is known, seconds since the epoch; 0: never."""
    return float(connection.execute(_NEWEST).fetchone()[0])


def alive(connection: sqlite3.Connection) -> float | None:
    """Return when a daemon last ran, seconds since the epoch; None: never. Raises ValueError, TypeError."""
    row = connection.execute("SELECT at FROM alive").fetchone()
    if row is None:
        return None
    check_moments(row[0])
    return float(row[0])


def changes(rows: Iterable[tuple[Any, ...]]) -> Iterator[StateChange]:
    """Yield what stands in rows; texts that come again are kept once. Raises ValueError or TypeError on a broken row.

    There may be a hundred thousand of them.
    """
    subjects: dict[str, Subject] = {}
    for subject, at, state, why, cause in rows:
        check_moments(at)
        if state not in _STANDINGS:
            raise ValueError("no state")
        about = subjects.setdefault(subject, parse_subject(subject))
        because = None if cause is None else subjects.setdefault(cause, parse_subject(cause))
        yield StateChange(at, about, cast("Standing", sys.intern(state)), sys.intern(why), because)


def check(row: Mapping[str, Any]) -> None:
    """Raise ValueError, KeyError or TypeError where a row makes no sense."""
    for _ in changes([(row["subject"], row["at"], row["state"], row["why"], row["cause"])]):
        pass


def prune(connection: sqlite3.Connection, now: float, kept_until: float) -> None:
    """Forget what is older than ``YEARS_SECONDS``, but for the state in which a subject then was.

    ``kept_until``: as in ``write``; a clock that is ahead by years must not forget them.
    """
    connection.execute(_PRUNE, (min(now, kept_until + LONGEST_PAUSE_SECONDS) - YEARS_SECONDS,))
