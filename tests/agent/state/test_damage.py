"""A file that is torn or overwritten: it is kept, what can be read is saved, and the daemon starts."""

from __future__ import annotations

import errno
import os
import random
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from agent.contract import Acknowledgement, Alert, AlertState, Finding, Notification, Sent, Severity, Silence, Subject
from agent.state import files, rows, salvage
from agent.state.codec import load_alert
from agent.state.database import Database, StateError
from agent.state.files import FILE_NAME
from agent.state.ledger import Ledger
from agent.state.schema import MIGRATIONS
from config.settings import Match

SILENCE = Silence("s1", Match(site="wadersloh"), "on-call", "works", 100.0, 9e9)


def alert(number: int) -> Alert:
    found = Finding("link_down", Subject("link", f"l{number}"), Severity.CRITICAL, "x" * 500)
    return Alert(f"a{number}", found, AlertState.FIRING, 100.0, 130.0, acknowledged=Acknowledgement("on-call", 120.0))


def fill(directory: Path, count: int = 200) -> None:
    """Leave a file behind as a daemon does that was stopped."""
    database = Database.open(directory)
    alerts = {one.finding.key: one for one in map(alert, range(count))}
    messages = [Notification(f"{one.id}:firing:on-call", "on-call", one, 1.0, 1.0) for one in alerts.values()]
    database.commit(alerts, (), messages, Ledger((SILENCE,)))
    database.close()


def damaged(directory: Path) -> list[Path]:
    return list(files.kept_aside(directory))


def torn_page(data: bytearray) -> bytearray:
    middle = len(data) // 4096 // 2 * 4096
    data[middle : middle + 4096] = b"\xff" * 4096
    return data


def random_bytes(data: bytearray) -> bytearray:
    return bytearray(random.Random(6).randbytes(len(data)))  # noqa: S311 - the same at each run


DAMAGES: dict[str, Callable[[bytearray], bytearray]] = {
    "header": lambda data: bytearray(100) + data[100:],
    "torn page": torn_page,
    "truncated": lambda data: data[: len(data) // 2 + 777],
    "empty": lambda _data: bytearray(),
    "random bytes": random_bytes,
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_a_damaged_file_is_kept_whole_and_begun_anew(tmp_path: Path, damage: Callable[[bytearray], bytearray]) -> None:
    fill(tmp_path)
    broken = bytes(damage(bytearray((tmp_path / FILE_NAME).read_bytes())))
    (tmp_path / FILE_NAME).write_bytes(broken)
    database = Database.open(tmp_path)
    (kept,) = damaged(tmp_path)
    assert kept.read_bytes() == broken
    assert database.damaged == (kept,)
    database.commit({alert(1).finding.key: alert(1)})
    database.close()
    again = Database.open(tmp_path)
    assert list(again.memory.alerts.values()) == [alert(1)]
    assert len(damaged(tmp_path)) == 1
    again.close()


def test_what_can_still_be_read_is_saved(tmp_path: Path) -> None:
    fill(tmp_path)
    (tmp_path / FILE_NAME).write_bytes(torn_page(bytearray((tmp_path / FILE_NAME).read_bytes())))
    database = Database.open(tmp_path)
    saved = database.memory
    assert len(saved.alerts) + len(saved.waiting) >= 200  # one page is torn, of one table
    assert all(one == alert(int(one.id[1:])) for one in saved.alerts.values())
    assert saved.silences == {"s1": SILENCE}
    database.close()


def test_a_row_that_makes_no_sense_is_left_out_and_the_others_are_saved(tmp_path: Path) -> None:
    fill(tmp_path, 3)
    with sqlite3.connect(tmp_path / FILE_NAME) as other:
        other.execute("UPDATE alerts SET body = '{' WHERE subject = 'link:l1'")
    database = Database.open(tmp_path)
    assert {one.id for one in database.memory.alerts.values()} == {"a0", "a2"}
    assert len(database.memory.waiting) == 3
    database.close()


def test_the_finding_goes_when_the_kept_file_is_moved_away(tmp_path: Path) -> None:
    fill(tmp_path, 3)
    (tmp_path / FILE_NAME).write_bytes(b"no database" * 1000)
    database = Database.open(tmp_path)
    for path in damaged(tmp_path):
        path.unlink()
    database.look_aside()
    assert database.damaged == ()
    database.close()


@pytest.mark.parametrize("step", ["complete", "change_places"])
def test_a_daemon_that_is_killed_while_it_begins_anew_goes_on_where_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    fill(tmp_path)
    (tmp_path / FILE_NAME).write_bytes(torn_page(bytearray((tmp_path / FILE_NAME).read_bytes())))

    def killed(_path: Path) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as cut:
        cut.setattr(files, step, killed)
        if step == "change_places":
            salvage.rebuild(tmp_path / FILE_NAME)
        with pytest.raises(KeyboardInterrupt):
            Database.open(tmp_path)
    database = Database.open(tmp_path)
    assert database.memory.silences == {"s1": SILENCE}
    assert len(damaged(tmp_path)) == 1
    database.close()


def test_damage_that_is_found_while_it_runs_is_mended_with_the_next_commit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(tmp_path)
    database = Database.open(tmp_path)
    (tmp_path / FILE_NAME).write_bytes(torn_page(bytearray((tmp_path / FILE_NAME).read_bytes())))
    one = {alert(1).finding.key: alert(1)}

    def find(*_: object) -> None:
        error = sqlite3.DatabaseError("database disk image is malformed")
        error.sqlite_errorcode = sqlite3.SQLITE_CORRUPT
        raise error

    with monkeypatch.context() as reading:
        reading.setattr(rows, "mark", find)
        with pytest.raises(StateError, match="malformed"):
            database.commit(one)
    assert not database.attached
    database.commit(one)
    assert dict(database.memory.alerts) == one
    assert len(damaged(tmp_path)) == 1
    database.close()


@pytest.mark.parametrize("number", [errno.EROFS, errno.ENOSPC, errno.EIO])
def test_a_disk_that_cannot_be_written_is_read_and_taken_up_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    fill(tmp_path, 3)
    before = (tmp_path / FILE_NAME).read_bytes()

    def refuse(*_: object) -> int:
        raise OSError(number, os.strerror(number))

    with monkeypatch.context() as full:
        full.setattr(files, "claim", refuse)
        database = Database.open(tmp_path)
        assert not database.attached
        assert len(database.memory.alerts) == 3
        with pytest.raises(StateError, match=os.strerror(number)):
            database.commit({})
        assert (tmp_path / FILE_NAME).read_bytes() == before
    one = Notification("n", "on-call", alert(7), 1.0, 1.0)
    assert database.commit({alert(7).finding.key: alert(7)}, (), [one]) == (one,)
    database.close()
    assert [sent.notification.key for sent in Database.open(tmp_path).memory.waiting.values()][-1] == "n"


def test_a_missing_permission_is_a_clear_error_at_the_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> int:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(files, "claim", refuse)
    with pytest.raises(StateError, match="Permission denied"):
        Database.open(tmp_path)


def test_a_file_of_the_first_release_is_lifted_and_says_who_acknowledged(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / FILE_NAME) as old:
        for statement in MIGRATIONS[0]:
            old.execute(statement)
        body = (
            '{"id":"a1","state":"firing","since":100.0,"changed_at":130.0,"clear_since":null,'
            '"acknowledged_by":"on-call","rule":"link_down","subject":"link:l1","severity":"critical",'
            '"summary":"down","evidence":[],"cause":null,"norm":null,"site":null}'
        )
        old.execute("INSERT INTO alerts VALUES ('link_down', 'link:l1', ?)", (body,))
        columns = "key, receiver, alert_id, state, body, created_at, not_before, next_try, attempts"
        row = ("a1:on-call", "on-call", "a1", "firing", body, 130.0, 130.0, 200.0, 2)
        rows = [row, ("a1:it", "it", *row[2:])]
        old.executemany(f"INSERT INTO notifications ({columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)  # noqa: S608  # as written above
        old.execute("UPDATE notifications SET outcome = 'delivered', finished_at = 131.0 WHERE receiver = 'it'")
        old.execute("PRAGMA application_id = 0x52695761")
        old.execute("PRAGMA user_version = 1")
    database = Database.open(tmp_path)
    (one,) = database.memory.alerts.values()
    assert one.acknowledged == Acknowledgement("on-call", 130.0)
    (waiting,) = database.memory.waiting.values()
    assert waiting == Sent(Notification("a1:on-call", "on-call", load_alert(body), 130.0, 130.0, 2), None, 200.0)
    assert database.memory.heard == {("a1", "it")}
    assert [(one.receiver, one.at) for one in database.memory.handed] == [("it", 131.0)]
    assert database.memory.last_success == {"it": 131.0}
    assert damaged(tmp_path) == []
    database.close()
