"""What is known of each device's configuration backup: the statements that write and read it."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from dataclasses import asdict

from agent.estate import ConfigBackup
from agent.state.codec import check_moments

_UPSERT = "INSERT OR REPLACE INTO config_backups (device, body) VALUES (?, ?)"


def write(connection: sqlite3.Connection, kept: Iterable[ConfigBackup], gone: Iterable[str] = ()) -> None:
    """Add what is known, and what is to be forgotten, to the open transaction."""
    rows = [(one.device, json.dumps(asdict(one), ensure_ascii=False, separators=(",", ":"))) for one in kept]
    connection.executemany(_UPSERT, rows)
    connection.executemany("DELETE FROM config_backups WHERE device = ?", [(device,) for device in gone])


def read(connection: sqlite3.Connection) -> dict[str, ConfigBackup]:
    """Return all, by device. Raises ValueError or TypeError on a broken row."""
    found = (load(body) for (body,) in connection.execute("SELECT body FROM config_backups"))
    return {one.device: one for one in found}


def load(body: str) -> ConfigBackup:
    """Return what ``write`` wrote. Raises ValueError or TypeError on anything else."""
    known = ConfigBackup(**json.loads(body))
    moments = (known.attempted_at, known.succeeded_at, known.changed_at, known.unsaved_since)
    check_moments(known.awaited_since, *(one for one in moments if one is not None))
    "".join(
        (known.device, known.outcome, known.detail, known.commit, known.value, known.form)
    )  # raises TypeError where one is no text
    return known
