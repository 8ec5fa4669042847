"""What lies there after a crash: a file with its log, whole or damaged, and neither is altered before it is kept."""

from __future__ import annotations

import errno
import os
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from agent.contract import Alert, AlertState, Finding, Notification, Severity, Silence, Subject
from agent.state import files, wal
from agent.state.database import Database, StateError
from agent.state.files import FILE_NAME
from agent.state.ledger import Ledger
from config.settings import Match

LOG = f"{FILE_NAME}-wal"
PAGE, FRAME = 4096, 4096 + 24
SILENCE = Silence("s1", Match(site="wadersloh"), "on-call", "works", 100.0, 9e9)


def alert(number: int) -> Alert:
    found = Finding("link_down", Subject("link", f"l{number}"), Severity.CRITICAL, "secret " * 70)
    return Alert(f"a{number}", found, AlertState.FIRING, 100.0, 130.0)


def fill(database: Database, count: int = 100) -> None:
    alerts = {one.finding.key: one for one in map(alert, range(count))}
    messages = [Notification(f"{one.id}:firing:on-call", "on-call", one, 1.0, 1.0) for one in alerts.values()]
    database.commit(alerts, (), messages, Ledger((SILENCE,)))


@pytest.fixture
def stopped(tmp_path: Path) -> Path:
    """The directory of a daemon that was stopped."""
    database = Database.open(tmp_path / "state")
    fill(database)
    database.close()
    assert not (tmp_path / "state" / LOG).exists(), "all of it is in the file"
    return tmp_path / "state"


@pytest.fixture
def crashed(stopped: Path) -> Path:
    """The directory of a daemon that was killed after four commits."""
    database = Database.open(stopped)
    for count in (101, 102, 103, 104):
        fill(database, count)
    left = stopped.with_name("crashed")
    shutil.copytree(stopped, left)
    database.close()
    return left


def known(directory: Path) -> tuple[int, bool]:
    """How many alerts are found at the start, and whether damage is told."""
    database = Database.open(directory)
    try:
        return len(database.memory.alerts), bool(database.damaged)
    finally:
        database.close()


def tear_page(path: Path) -> None:
    middle = path.stat().st_size // PAGE // 2 * PAGE
    with path.open("r+b") as file:
        file.seek(middle)
        file.write(b"\xff" * PAGE)


def flip(path: Path, offset: int) -> None:
    data = bytearray(path.read_bytes())
    data[offset] ^= 0x10
    path.write_bytes(data)


def test_after_a_crash_all_that_was_committed_is_there(crashed: Path) -> None:
    assert known(crashed) == (104, False)


def test_our_own_reading_of_the_log_is_sqlites(crashed: Path) -> None:
    log = wal.read((crashed / LOG).read_bytes())
    mine = sqlite3.connect(":memory:")
    whole = bytearray((crashed / FILE_NAME).read_bytes())
    wal.play(log, whole)
    mine.deserialize(whole)
    theirs = sqlite3.connect(crashed / FILE_NAME)
    assert list(mine.iterdump()) == list(theirs.iterdump())
    mine.close()
    theirs.close()


def garbage(log: Path) -> None:
    log.write_bytes(os.urandom(log.stat().st_size))


def second_commit_torn(log: Path) -> None:
    flip(log, 32 + 24 + 100)


@pytest.mark.parametrize("damage", [garbage, second_commit_torn])
def test_a_log_that_lost_commits_is_told_and_kept(crashed: Path, damage: Callable[[Path], None]) -> None:
    damage(crashed / LOG)
    file, log = (crashed / FILE_NAME).read_bytes(), (crashed / LOG).read_bytes()
    assert known(crashed) == (100, True)
    (kept,) = files.kept_aside(crashed)
    assert kept.read_bytes() == file
    assert files.beside(kept, "-wal").read_bytes() == log


def test_what_a_power_cut_interrupted_is_no_damage(crashed: Path) -> None:
    flip(crashed / LOG, (crashed / LOG).stat().st_size - 100)
    assert known(crashed) == (103, False)


def test_a_damaged_file_and_its_log_are_kept_as_they_were_found(crashed: Path) -> None:
    tear_page(crashed / FILE_NAME)
    file, log = (crashed / FILE_NAME).read_bytes(), (crashed / LOG).read_bytes()
    database = Database.open(crashed)
    (kept,) = database.damaged
    assert kept.read_bytes() == file
    assert files.beside(kept, "-wal").read_bytes() == log
    assert {one.id for one in database.memory.alerts.values()} >= {"a101", "a102", "a103"} or database.memory.waiting
    database.close()


def test_a_row_that_makes_no_sense_does_not_alter_the_file_either(crashed: Path) -> None:
    with sqlite3.connect(crashed / FILE_NAME) as other, sqlite3.connect(crashed / FILE_NAME) as again:
        again.execute("SELECT * FROM alerts").fetchone()
        other.execute("UPDATE alerts SET body = '{' WHERE subject = 'link:l1'")
        other.commit()
        left = crashed.with_name("left")
        shutil.copytree(crashed, left)
    other.close()
    again.close()
    file, log = (left / FILE_NAME).read_bytes(), (left / LOG).read_bytes()
    assert known(left) == (103, True)
    (kept,) = files.kept_aside(left)
    assert (kept.read_bytes(), files.beside(kept, "-wal").read_bytes()) == (file, log)


def test_one_flipped_byte_in_a_text_stops_nothing_and_prints_nothing(
    stopped: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = (stopped / FILE_NAME).read_bytes()
    (stopped / FILE_NAME).write_bytes(data.replace(b"secret s", b"secre\xf2 s", 1))
    database = Database.open(stopped)
    assert len(database.memory.alerts) == 100
    assert len(database.damaged) == 1
    assert "secre" not in capsys.readouterr().out
    database.close()


def test_a_time_that_is_none_stops_nothing(stopped: Path) -> None:
    with sqlite3.connect(stopped / FILE_NAME) as other:
        other.execute("UPDATE silences SET until = 9e99")
        other.execute("UPDATE notifications SET next_try = 'abc' WHERE alert_id = 'a1'")
    other.close()
    database = Database.open(stopped)
    assert (len(database.memory.alerts), len(database.damaged)) == (100, 1)
    assert dict(database.memory.silences) == {}
    assert len(database.memory.waiting) == 99
    database.close()


def test_a_text_that_cannot_be_read_is_found_while_it_runs(stopped: Path) -> None:
    database = Database.open(stopped)
    fill(database, 101)
    with sqlite3.connect(stopped / FILE_NAME) as other:
        other.execute("UPDATE notifications SET receiver = cast(x'fffe41' AS TEXT) WHERE alert_id = 'a1'")
    other.close()
    fill(database, 102)
    assert len(database.memory.alerts) == 102
    database.close()


def test_a_schema_that_cannot_be_read_stops_nothing(stopped: Path) -> None:
    data = (stopped / FILE_NAME).read_bytes()
    (stopped / FILE_NAME).write_bytes(data.replace(b"rule TEXT NOT NULL", b"rule \xf2EXT NOT N\xf2LL"))
    database = Database.open(stopped)
    assert len(database.damaged) == 1
    fill(database)
    database.close()


@pytest.mark.parametrize(
    "statement",
    [
        "DROP TABLE deeds",
        "DROP INDEX transitions_by_time",
        "PRAGMA application_id = 77",
        "PRAGMA user_version = 1",
        "PRAGMA user_version = 0",
        "PRAGMA user_version = 33554434",
    ],
)
def test_a_schema_that_is_not_what_the_header_says_is_mended(stopped: Path, statement: str) -> None:
    with sqlite3.connect(stopped / FILE_NAME) as other:
        other.execute(statement)
    other.close()
    database = Database.open(stopped)
    assert (len(database.memory.alerts), len(database.damaged)) == (100, 1)
    assert database.deeds(1) == ()
    database.close()


def test_a_foreign_database_without_a_version_is_left_alone(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / FILE_NAME) as other:
        other.execute("CREATE TABLE theirs (x)")
    other.close()
    before = (tmp_path / FILE_NAME).read_bytes()
    with pytest.raises(StateError, match="another program"):
        Database.open(tmp_path)
    assert (tmp_path / FILE_NAME).read_bytes() == before


def test_a_file_that_was_deleted_on_purpose_is_no_damage(stopped: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (stopped / FILE_NAME).unlink()
    assert known(stopped) == (0, False)
    assert "deleted" in capsys.readouterr().out


def test_a_file_that_was_emptied_is_told_and_says_so(stopped: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (stopped / FILE_NAME).write_bytes(b"")
    assert known(stopped) == (0, True)
    assert "deleted or emptied" in capsys.readouterr().out


def test_a_file_whose_end_is_cut_off_is_told(stopped: Path) -> None:
    os.truncate(stopped / FILE_NAME, (stopped / FILE_NAME).stat().st_size - 1)
    assert known(stopped)[1]


def test_without_room_for_a_new_file_nothing_is_thrown_away(stopped: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with sqlite3.connect(stopped / FILE_NAME) as other:
        other.execute("UPDATE alerts SET body = '{' WHERE subject = 'link:l1'")
    other.close()
    before = (stopped / FILE_NAME).read_bytes()

    def refuse(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as full:
        full.setattr(files, "complete", refuse)
        database = Database.open(stopped)
        assert (len(database.memory.alerts), len(database.memory.waiting)) == (99, 100)
        assert database.memory.silences == {"s1": SILENCE}
        with pytest.raises(StateError, match="No space"):
            fill(database)
        assert (stopped / FILE_NAME).read_bytes() == before
    fill(database)
    assert (len(database.memory.alerts), len(database.damaged)) == (100, 1)
    database.close()


def test_damage_is_found_once_a_day_and_the_file_is_begun_anew(stopped: Path) -> None:
    database = Database.open(stopped)
    tear_page(stopped / FILE_NAME)
    with pytest.raises(StateError):
        database.prune(200.0)
    fill(database)
    assert len(database.damaged) == 1
    assert len(database.memory.alerts) == 100
    database.close()


def test_a_missing_permission_is_said_with_the_file_and_the_user(
    stopped: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = os.open

    def refuse(path: Path, flags: int, *mode: int, **more: int) -> int:
        if Path(path).name == FILE_NAME:
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
        return real(path, flags, *mode, **more)

    def allowed(path: Path, _mode: int) -> bool:
        return path.name != FILE_NAME

    monkeypatch.setattr(os, "open", refuse)
    monkeypatch.setattr(os, "access", allowed)
    said = rf"Permission denied \(.*{FILE_NAME} may not be written by user {os.geteuid()}"
    with pytest.raises(StateError, match=said):
        Database.open(stopped)
