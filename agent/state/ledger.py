"""What people and jobs did: silences, acknowledgements, used links, reports; and the statements that keep it."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from agent.contract import Deed, Heartbeat, Silence
from agent.state.codec import dump_heartbeat, dump_silence, load_heartbeat, load_silence
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


class Undone(NamedTuple):
    """A deed that was refused, since it could not be written in time, and when (seconds since the epoch)."""

    deed: Deed
    at: float


@dataclass(frozen=True, slots=True)
class Ledger:
    """What is to be written together with the alerts: silences begun or changed, deeds, tokens used (with when).

    ``undone``: deeds that did not take effect, though a commit that was late may have written them; of such a token
    the time is None.
    """

    silences: tuple[Silence, ...] = ()
    deeds: tuple[Deed, ...] = ()
    spent: Mapping[str, float | None] = field(default_factory=dict[str, float | None])
    undone: tuple[Undone, ...] = ()

    def __bool__(self) -> bool:
        """Whether there is anything to write."""
        return bool(self.silences or self.deeds or self.spent or self.undone)

    def __add__(self, other: Ledger) -> Ledger:
        """Return both, the other one later."""
        return Ledger(
            self.silences + other.silences,
            self.deeds + other.deeds,
            {**self.spent, **other.spent},
            self.undone + other.undone,
        )

    def after(self, written: Ledger) -> Ledger:
        """Return what was added since ``written``, which this began with."""
        return Ledger(
            self.silences[len(written.silences) :],
            self.deeds[len(written.deeds) :],
            dict(self.spent.items() - written.spent.items()),
            self.undone[len(written.undone) :],
        )

    def without(self, undone: Ledger) -> Ledger:
        """Return the rest."""
        silences = tuple(one for one in self.silences if one not in undone.silences)
        deeds = tuple(one for one in self.deeds if one not in undone.deeds)
        return Ledger(silences, deeds, dict(self.spent.items() - undone.spent.items()), self.undone)

    def taken_back(self, now: float) -> Ledger:
        """Return what takes deeds and tokens back that were refused at ``now`` (seconds since the epoch)."""
        return Ledger(spent=dict.fromkeys(self.spent), undone=tuple(Undone(deed, now) for deed in self.deeds))

    def spent_after(self, known: frozenset[str]) -> frozenset[str]:
        """Return the tokens that are used once this is written; ``known``: those before."""
        used = frozenset(token for token, at in self.spent.items() if at is not None)
        return (known - self.spent.keys()) | used


def write(connection: sqlite3.Connection, ledger: Ledger) -> None:
    """Add it to the open transaction."""
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
    used = [(token, at) for token, at in ledger.spent.items() if at is not None]
    connection.executemany("INSERT OR IGNORE INTO spent (token, at) VALUES (?, ?)", used)
    unused = [(token,) for token, at in ledger.spent.items() if at is None]
    connection.executemany("DELETE FROM spent WHERE token = ?", unused)


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


def spent(connection: sqlite3.Connection) -> frozenset[str]:
    """Return the tokens that were used."""
    return frozenset(token for (token,) in connection.execute("SELECT token FROM spent"))


def prune(connection: sqlite3.Connection, before: float) -> None:
    """Forget what is older."""
    connection.execute("DELETE FROM silences WHERE until < ?", (before,))
    connection.execute("DELETE FROM deeds WHERE at < ?", (before,))
    connection.execute("DELETE FROM spent WHERE at < ?", (before,))
