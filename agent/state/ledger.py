"""What people and jobs did: silences, acknowledgements, used links, reports; and the statements that keep it."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from agent.contract import AlarmTest, Deed, Heartbeat, Silence
from agent.estate import StateChange
from agent.state import standings
from agent.state.codec import check_moments, dump_heartbeat, dump_silence, load_heartbeat, load_silence
from config.alerting import DAEMON

DEEDS = "SELECT at, who, what, subject, until, why FROM deeds ORDER BY seq DESC LIMIT ?"
# A commit that came too late may be made again: what is known is not added twice.
_INSERT_DEED = """
    INSERT INTO deeds (at, who, what, subject, until, why) SELECT ?1, ?2, ?3, ?4, ?5, ?6 WHERE NOT EXISTS (
        SELECT 1 FROM deeds WHERE at = ?1 AND who = ?2 AND what = ?3 AND subject = ?4
    )"""
_LATE = "not done, the disk answered too late"
# Only where the deed is in the file: most that could not be written never came there.
_INSERT_UNDONE = """
    INSERT INTO deeds (at, who, what, subject, until, why)
    SELECT ?1, ?2, 'undone', subject, NULL, ?3 FROM deeds AS late
    WHERE at = ?4 AND who = ?5 AND what = ?6 AND subject = ?7 AND NOT EXISTS (
        SELECT 1 FROM deeds WHERE at = ?1 AND who = ?2 AND what = 'undone' AND subject = late.subject
    )"""

# What is made known of a receiver that awaits a test does not forget the one that arrived over the same ways.
_UPSERT_TEST = """
    INSERT INTO alarm_tests (receiver, awaited_since, delivered_at, ways) VALUES (?, ?, ?, ?)
    ON CONFLICT (receiver) DO UPDATE SET
        awaited_since = excluded.awaited_since,
        delivered_at = COALESCE(excluded.delivered_at, CASE ways WHEN excluded.ways THEN delivered_at END),
        ways = excluded.ways"""


class Undone(NamedTuple):
    """A deed that was refused, since it could not be written in time, and when (seconds since the epoch)."""

    deed: Deed
    at: float


@dataclass(frozen=True, slots=True)
class Ledger:
    """What is to be written together with the alerts: silences begun or changed, deeds, tokens used (with when).

    ``undone``: deeds that did not take effect, though a commit that was late may have written them; of such a token
    the time is None. ``tests``: of alarm paths, awaited or made; one that was made was made, whatever else is refused.
    ``changes``: of states that are kept for years.
    """

    silences: tuple[Silence, ...] = ()
    deeds: tuple[Deed, ...] = ()
    spent: Mapping[str, float | None] = field(default_factory=dict[str, float | None])
    undone: tuple[Undone, ...] = ()
    tests: tuple[AlarmTest, ...] = ()
    changes: tuple[StateChange, ...] = ()

    def __bool__(self) -> bool:
        """Whether there is anything to write."""
        return bool(self.silences or self.deeds or self.spent or self.undone or self.tests or self.changes)

    def __add__(self, other: Ledger) -> Ledger:
        """Return both, the other one later."""
        return Ledger(
            self.silences + other.silences,
            self.deeds + other.deeds,
            {**self.spent, **other.spent},
            self.undone + other.undone,
            self.tests + other.tests,
            self.changes + other.changes,
        )

    def after(self, written: Ledger) -> Ledger:
        """Return what was added since ``written``, which this began with."""
        return Ledger(
            self.silences[len(written.silences) :],
            self.deeds[len(written.deeds) :],
            dict(self.spent.items() - written.spent.items()),
            self.undone[len(written.undone) :],
            self.tests[len(written.tests) :],
            self.changes[len(written.changes) :],
        )

    def without(self, undone: Ledger) -> Ledger:
        """Return the rest."""
        silences = tuple(one for one in self.silences if one not in undone.silences)
        deeds = tuple(one for one in self.deeds if one not in undone.deeds)
        return Ledger(
            silences, deeds, dict(self.spent.items() - undone.spent.items()), self.undone, self.tests, self.changes
        )

    def taken_back(self, now: float) -> Ledger:
        """Return what takes deeds and tokens back that were refused at ``now`` (seconds since the epoch)."""
        return Ledger(spent=dict.fromkeys(self.spent), undone=tuple(Undone(deed, now) for deed in self.deeds))

    def spent_after(self, known: frozenset[str]) -> frozenset[str]:
        """Return the tokens that are used once this is written; ``known``: those before."""
        used = frozenset(token for token, at in self.spent.items() if at is not None)
        return (known - self.spent.keys()) | used

    def tests_after(self, known: Mapping[str, AlarmTest]) -> Mapping[str, AlarmTest]:
        """Return the tests of alarm paths once this is written; ``known``: those before."""
        found = dict(known)
        for one in self.tests:
            before = found.get(one.receiver)
            is_kept = one.delivered_at is None and before is not None and before.ways == one.ways
            found[one.receiver] = replace(one, delivered_at=before.delivered_at) if is_kept and before else one
        return found


def write(connection: sqlite3.Connection, ledger: Ledger, kept_until: float = 0.0) -> None:
    """Add it to the open transaction; ``kept_until``: as in ``standings.write``."""
    connection.executemany(
        "INSERT OR REPLACE INTO silences (id, until, body) VALUES (?, ?, ?)",
        [(one.id, one.until, dump_silence(one)) for one in ledger.silences],
    )
    connection.executemany(
        _INSERT_UNDONE,
        [
            (at, DAEMON, f"{_LATE}: {one.what} by {one.who}", one.at, one.who, one.what, one.subject)
            for one, at in ledger.undone
        ],
    )
    connection.executemany(
        _INSERT_DEED,
        [(one.at, one.who, one.what, one.subject, one.until, one.why) for one in ledger.deeds],
    )
    connection.executemany(
        _UPSERT_TEST, [(one.receiver, one.awaited_since, one.delivered_at, one.ways) for one in ledger.tests]
    )
    used = [(token, at) for token, at in ledger.spent.items() if at is not None]
    connection.executemany("INSERT OR IGNORE INTO spent (token, at) VALUES (?, ?)", used)
    unused = [(token,) for token, at in ledger.spent.items() if at is None]
    connection.executemany("DELETE FROM spent WHERE token = ?", unused)
    standings.write(connection, ledger.changes, kept_until)


def write_heartbeat(connection: sqlite3.Connection, heartbeat: Heartbeat) -> None:
    """Add it to the open transaction."""
    connection.execute(
        "INSERT OR REPLACE INTO heartbeats (service, body) VALUES (?, ?)",
        (heartbeat.service, dump_heartbeat(heartbeat)),
    )


def silences(connection: sqlite3.Connection) -> dict[str, Silence]:
    """Return every silence that is kept, by id, also those that have ended."""
    found = connection.execute("SELECT id, until, body FROM silences")
    return {name: load_silence(name, until, body) for name, until, body in found}


def heartbeats(connection: sqlite3.Connection) -> dict[str, Heartbeat]:
    """Return what each job last said, by service."""
    found = (load_heartbeat(body) for (body,) in connection.execute("SELECT body FROM heartbeats"))
    return {one.service: one for one in found}


def alarm_tests(connection: sqlite3.Connection) -> dict[str, AlarmTest]:
    """Return, by receiver, since when a test is awaited and when the last one arrived. Raises ValueError, TypeError."""
    found: dict[str, AlarmTest] = {}
    for receiver, awaited_since, delivered_at, ways in connection.execute(
        "SELECT receiver, awaited_since, delivered_at, ways FROM alarm_tests"
    ):
        check_moments(awaited_since, *(() if delivered_at is None else (delivered_at,)))
        found[receiver] = AlarmTest(receiver, awaited_since, delivered_at, str(ways))
    return found


def spent(connection: sqlite3.Connection) -> frozenset[str]:
    """Return the tokens that were used."""
    return frozenset(token for (token,) in connection.execute("SELECT token FROM spent"))


def prune(connection: sqlite3.Connection, before: float) -> None:
    """Forget what is older."""
    connection.execute("DELETE FROM silences WHERE until < ?", (before,))
    connection.execute("DELETE FROM deeds WHERE at < ?", (before,))
    connection.execute("DELETE FROM spent WHERE at < ?", (before,))
