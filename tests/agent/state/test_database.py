from __future__ import annotations

import os
import sqlite3
import stat
import threading
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from agent.contract import Alert, AlertState, Finding, FindingKey, Notification, Sent, Severity, Subject, Transition
from agent.state import schema
from agent.state.codec import load_alert
from agent.state.database import Database, StateError
from agent.state.files import FILE_NAME
from agent.state.memory import recall


def alert(
    name: str = "a1", state: AlertState = AlertState.FIRING, subject: str = "sw-1", summary: str = "summary"
) -> Alert:
    found = Finding("device_unreachable", Subject("device", subject), Severity.CRITICAL, summary)
    return Alert(name, found, state, 100.0, 130.0)


def by_key(*alerts: Alert) -> dict[FindingKey, Alert]:
    return {one.finding.key: one for one in alerts}


def message(of: Alert, receiver: str = "on-call", at: float = 130.0, key: str | None = None) -> Notification:
    return Notification(key or f"{of.id}:{of.state}:{receiver}", receiver, of, 130.0, at)


def history(directory: Path) -> list[Transition]:
    """What the table of transitions holds, oldest first."""
    with closing(sqlite3.connect(directory / FILE_NAME)) as other:
        found = other.execute("SELECT body, previous, at FROM transitions ORDER BY seq").fetchall()
    return [Transition(load_alert(body), previous and AlertState(previous), at) for body, previous, at in found]


def entries(directory: Path) -> list[Sent]:
    """What the file holds as not at its end, as the next start will find it."""
    with closing(sqlite3.connect(directory / FILE_NAME, isolation_level=None)) as other:
        return list(recall(other).waiting.values())


def open_messages(directory: Path) -> list[Notification]:
    return [one.notification for one in entries(directory)]


def delivered(of: Notification, at: float) -> Sent:
    return Sent(of, "delivered", of.not_before, at, "", f"alerts-{of.key}", ("1",), at)


def test_a_commit_survives_reopening(tmp_path: Path) -> None:
    database = Database.open(tmp_path)
    one = alert()
    database.commit(by_key(one), [Transition(one, AlertState.PENDING, 130.0)], [message(one)])
    database.close()
    again = Database.open(tmp_path)
    assert again.memory.alerts == by_key(one)
    assert [sent.notification for sent in again.memory.waiting.values()] == [message(one)]
    assert history(tmp_path) == [Transition(one, AlertState.PENDING, 130.0)]
    assert again.memory.told == {("a1", "on-call"): 130.0}
    again.close()


def test_alerts_that_are_gone_are_gone(tmp_path: Path) -> None:
    database = Database.open(tmp_path)
    database.commit(by_key(alert("a1", subject="sw-1"), alert("a2", subject="sw-2")))
    database.commit(by_key(alert("a2", subject="sw-2")))
    database.close()
    assert Database.open(tmp_path).memory.alerts == by_key(alert("a2", subject="sw-2"))


def test_two_daemons_do_not_share_a_state(tmp_path: Path) -> None:
    first = Database.open(tmp_path)
    with pytest.raises(StateError, match="in use by another daemon"):
        Database.open(tmp_path)
    first.close()
    Database.open(tmp_path).close()


def test_an_equal_key_is_inserted_once(tmp_path: Path) -> None:
    database = Database.open(tmp_path)
    one = alert()
    database.commit(by_key(one), (), [message(one)])
    database.record([delivered(message(one), 131.0)])
    database.commit(by_key(one), (), [message(one)])
    assert open_messages(tmp_path) == []


def test_a_message_that_waits_can_be_brought_forward_but_not_put_off(tmp_path: Path) -> None:
    database = Database.open(tmp_path)
    one = alert()
    for at in (500.0, 200.0, 300.0):
        database.commit(by_key(one), notifications=[message(one, at=at)])
    assert database.memory.told == {("a1", "on-call"): 200.0}
    (due,) = entries(tmp_path)
    assert (due.notification.not_before, due.next_try) == (200.0, 200.0)
    database.close()
    assert Database.open(tmp_path).memory.told == {("a1", "on-call"): 200.0}


def test_what_was_tried_or_delivered_keeps_its_turn(tmp_path: Path) -> None:
    database = Database.open(tmp_path)
    one = alert()
    tried, taken = message(one), message(one, receiver="it-team")
    database.commit(by_key(one), notifications=[tried, taken])
    again = Sent(replace(tried, attempts=1), None, 400.0, None, "busy", "alerts-1")
    database.record([again, delivered(taken, 130.0)])
    database.commit(by_key(one), notifications=[replace(one, not_before=10.0) for one in (tried, taken)])
    assert entries(tmp_path) == [again]
    assert set(database.memory.told.values()) == {130.0}


def test_what_is_committed_twice_is_there_once(tmp_path: Path) -> None:
    database = Database.open(tmp_path)
    mild = replace(alert(), finding=replace(alert().finding, severity=Severity.WARNING))
    changes = [Transition(mild, None, 130.0), Transition(alert(), AlertState.FIRING, 130.0)]
    for _ in range(2):
        database.commit(by_key(alert()), changes, [message(alert())])
    assert history(tmp_path) == changes
    assert len(entries(tmp_path)) == 1


def test_only_what_was_added_counts_as_told(tmp_path: Path) -> None:
    database = Database.open(tmp_path)
    one = alert()
    database.commit(by_key(one), (), [message(one, at=130.0)])
    database.commit(by_key(one), (), [message(one, at=900.0)])
    assert database.memory.told == {("a1", "on-call"): 130.0}
    database.record([Sent(message(one), "failed", 130.0, 950.0, "no")], [message(one, at=950.0)])
    assert database.memory.told == {("a1", "on-call"): 130.0}


class Held:
    """A lock that somebody else holds: whoever asks for it would wait."""

    def __enter__(self) -> None:
        raise AssertionError("waits for the writer")

    def __exit__(self, *_: object) -> None: ...


def test_what_the_loop_reads_never_waits_for_a_writer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    database = Database.open(tmp_path)
    one = alert()
    database.commit(by_key(one), (), [message(one)])
    told = database.memory.told
    with monkeypatch.context() as writing:
        writing.setattr(database, "_lock", Held())
        assert database.memory.alerts == by_key(one)
        assert database.memory.told == {("a1", "on-call"): 130.0}
    database.commit({})
    assert told == {("a1", "on-call"): 130.0}


@pytest.mark.parametrize("body", ["", "{}", "[]", '{"id": 1'])
def test_a_message_that_cannot_be_read_holds_up_no_other(tmp_path: Path, body: str) -> None:
    database = Database.open(tmp_path)
    one, other = alert("a1", subject="sw-1"), alert("a2", subject="sw-2")
    database.commit(by_key(one, other), (), [message(one), message(other)])
    with closing(sqlite3.connect(tmp_path / FILE_NAME)) as file, file:
        file.execute("UPDATE notifications SET body = ? WHERE alert_id = 'a1'", (body,))
    assert open_messages(tmp_path) == [message(other)]
    database.close()
    assert list(Database.open(tmp_path).memory.waiting) == [message(other).key]


def test_a_failed_commit_changes_nothing(tmp_path: Path) -> None:
    database = Database.open(tmp_path)
    with sqlite3.connect(tmp_path / FILE_NAME) as other:
        other.execute("CREATE TRIGGER refuse BEFORE INSERT ON notifications BEGIN SELECT RAISE(ABORT, 'full'); END")
    one = alert()
    with pytest.raises(StateError, match="full"):
        database.commit(by_key(one), [Transition(one, None, 130.0)], [message(one)])
    assert database.memory.alerts == {}
    assert history(tmp_path) == []
    with sqlite3.connect(tmp_path / FILE_NAME) as other:
        other.execute("DROP TRIGGER refuse")
    database.commit(by_key(one), [Transition(one, None, 130.0)], [message(one)])
    database.close()
    assert Database.open(tmp_path).memory.alerts == by_key(one)


def test_what_was_handed_over_is_known_at_the_next_start(tmp_path: Path) -> None:
    database = Database.open(tmp_path)
    one, other, old = alert("a1", subject="sw-1"), alert("a2", subject="sw-2"), alert("a3", subject="sw-3")
    messages = [message(one), message(other), message(old)]
    database.commit(by_key(one, other, old), (), messages)
    together = [replace(delivered(note, 90_000.0), parcel="alerts-1") for note in messages[:2]]
    database.record([*together, delivered(messages[2], 500.0)])
    database.close()
    memory = Database.open(tmp_path).memory
    (handed,) = memory.handed  # a day counts
    assert (handed.receiver, handed.parcel, handed.at) == ("on-call", "alerts-1", 90_000.0)
    assert [found.subject.id for found in handed.findings] == ["sw-1", "sw-2"]
    assert memory.last_success == {"on-call": 90_000.0}


def test_refused_for_good_goes_to_someone_else(tmp_path: Path) -> None:
    database = Database.open(tmp_path)
    one = alert()
    database.commit(by_key(one), (), [message(one)])
    database.record([Sent(message(one), "failed", 130.0, 140.0, "no such number")], [message(one, "it-team")])
    assert [found.receiver for found in open_messages(tmp_path)] == ["it-team"]
    assert ("a1", "it-team") in database.memory.told
    assert [(sent.outcome, sent.why) for sent in database.finished(10)] == [("failed", "no such number")]


def test_told_forgets_alerts_that_are_no_longer_listed(tmp_path: Path) -> None:
    database = Database.open(tmp_path)
    one = alert()
    database.commit(by_key(one), (), [message(one)])
    database.commit({})
    database.close()
    database = Database.open(tmp_path)
    assert database.memory.told == {}
    database.commit(by_key(alert("a2")), (), [message(alert("a2"))])
    assert database.memory.told == {("a2", "on-call"): 130.0}


def test_directory_and_file_are_for_our_eyes_only(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        database = Database.open(tmp_path / "state")
        database.commit(by_key(alert()))
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "state").stat().st_mode) == 0o700
    files = list((tmp_path / "state").iterdir())
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}
    assert len(files) >= 2  # the write-ahead log as well


def test_a_newer_schema_is_refused(tmp_path: Path) -> None:
    Database.open(tmp_path).close()
    with sqlite3.connect(tmp_path / FILE_NAME) as other:
        other.execute(f"PRAGMA user_version = {schema.VERSION + 1}")
    with pytest.raises(StateError, match="newer"):
        Database.open(tmp_path)


def test_a_foreign_database_is_left_alone(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / FILE_NAME) as other:
        other.execute("PRAGMA user_version = 7")
        other.execute("CREATE TABLE theirs (x)")
    with pytest.raises(StateError, match="another program"):
        Database.open(tmp_path)


def test_an_unusable_directory_is_one_clear_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StateError, match="state store"):
        Database.open(tmp_path / "file" / "state")


def test_many_threads_may_use_it(tmp_path: Path) -> None:
    database = Database.open(tmp_path)

    def write(number: int) -> None:
        one = alert(f"a{number}", subject=f"sw-{number}")
        database.commit(database.memory.alerts, (), [message(one, key=str(number))])

    threads = [threading.Thread(target=write, args=(number,)) for number in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(entries(tmp_path)) == 20


def test_what_comes_after_the_end_opens_nothing_anew(tmp_path: Path) -> None:
    database = Database.open(tmp_path)
    database.close()
    with pytest.raises(StateError, match="closed"):
        database.commit(by_key(alert()))
    Database.open(tmp_path).close()
