"""A daemon that is killed: what it acknowledged is there, and nothing is half there."""

from __future__ import annotations

import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

from agent.state.database import Database
from agent.state.files import FILE_NAME

WRITER = """
import sys
from pathlib import Path
from agent.contract import Alert, AlertState, Finding, Notification, Severity, Subject, Transition
from agent.state.database import Database

database = Database.open(Path(sys.argv[1]))
alerts = dict(database.memory.alerts)
for number in range(int(sys.argv[2]), 10**6):
    found = Finding("link_down", Subject("link", f"l{number % 50}"), Severity.CRITICAL, f"summary {number}")
    one = Alert(f"a{number}", found, AlertState.FIRING, number, number)
    alerts[found.key] = one
    note = Notification(f"a{number}:on-call", "on-call", one, number, number)
    database.commit(alerts, [Transition(one, None, number)], [note])
    sys.stdout.write(f"{number}\\n")
    sys.stdout.flush()
"""


def transitions(directory: Path) -> list[int]:
    """The numbers of the alerts in the table of transitions, oldest first."""
    with closing(sqlite3.connect(directory / FILE_NAME)) as other:
        found = other.execute("SELECT alert_id FROM transitions ORDER BY seq").fetchall()
    return [int(name[1:]) for (name,) in found]


def test_what_was_acknowledged_survives_kill_9(tmp_path: Path) -> None:
    acknowledged, written = -1, 0
    for kill_after in (1, 3, 20, 57):
        with subprocess.Popen(
            [sys.executable, "-P", "-c", WRITER, str(tmp_path), str(written)],
            stdout=subprocess.PIPE,
            text=True,
            cwd=Path.cwd(),
        ) as writer:
            assert writer.stdout is not None
            for _ in range(kill_after):
                acknowledged = int(writer.stdout.readline())
            writer.send_signal(signal.SIGKILL)
            rest = writer.stdout.read().split()
        acknowledged = int(rest[-1]) if rest else acknowledged
        database = Database.open(tmp_path)
        numbers = transitions(tmp_path)
        assert numbers == list(range(len(numbers)))
        assert len(numbers) > acknowledged
        assert len(database.memory.waiting) == len(numbers)
        assert {one.id for one in database.memory.alerts.values()} == {f"a{number}" for number in numbers[-50:]}
        written = len(numbers)
        database.close()
