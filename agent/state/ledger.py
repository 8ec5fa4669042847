"""What people and jobs did: silences, acknowledgements, used links, reports; and the statements that keep it."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass, field

from agent.contract import Deed, Heartbeat, Silence
from agent.state.codec import dump_heartbeat, dump_silence, load_heartbeat, load_silence

DEEDS = "SELECT at, who, what, subject, until, why FROM deeds ORDER BY seq DESC LIMIT ?"


@dataclass(frozen=True, slots=True)
class Ledger:
    """What is to be written together with the alerts: silences begun or changed, deeds, tokens used (with when)."""

    silences: tuple[Silence, ...] = ()
    deeds: tuple[Deed, ...] = ()
    spent: Mapping[str, float] = field(default_factory=dict[str, float])

    def __bool__(self) -> bool:
        """Whether there is anything to write."""
        return bool(self.silences or self.deeds or self.spent)

    def __add__(self, other: Ledger) -> Ledger:
        """Return both, the other one later."""
        return Ledger(self.silences + other.silences, self.deeds + other.deeds, {**self.spent, **other.spent})


def write(connection: sqlite3.Connection, ledger: Ledger) -> None:
    """Add it to the open transaction."""
    connection.executemany(
        "INSERT OR REPLACE INTO silences (id, until, body) VALUES (?, ?, ?)",
        [(one.id, one.until, dump_silence(one)) for one in ledger.silences],
    )
    connection.executemany(
        "INSERT INTO deeds (at, who, what, subject, until, why) VALUES (?, ?, ?, ?, ?, ?)",
        [(one.at, one.who, one.what, one.subject, one.until, one.why) for one in ledger.deeds],
    )
    connection.executemany("INSERT OR IGNORE INTO spent (token, at) VALUES (?, ?)", list(ledger.spent.items()))


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
