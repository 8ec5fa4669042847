from __future__ import annotations

import os
import sqlite3
import stat
import threading
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from agent.contract import Alert, AlertState, Finding, FindingKey, Notification, Severity, Subject, Transition
from agent.state import schema
from agent.state.codec import load_alert
from agent.state.database import FILE_NAME, HISTORY_SECONDS, Database, StateError


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


def test_a_commit_survives_reopening(tmp_path: Path) -> None:
    database = Database.open(tmp_path)
    one = alert()
    database.commit(by_key(one), [Transition(one, AlertState.PENDING, 130.0)], [message(one)])
    database.close()
    again = Database.open(tmp_path)
    assert again.load_alerts() == by_key(one)
    assert again.pending(130.0) == (message(one),)
    assert history(tmp_path) == [Transition(one, AlertState.PENDING, 130.0)]
    assert again.told() == {("a1", "on-call"): 130.0}
    again.close()


def test_alerts_that_are_gone_are_gone(tmp_path: Path) -> None:
    database = Database.open(tmp_path)
    database.commit(by_key(alert("a1", subject="sw-1"), alert("a2", subject="sw-2")))
    database.commit(by_key(alert("a2", subject="sw-2")))
    database.close()
    assert Database.open(tmp_path).load_alerts() == by_key(alert("a2", subject="sw-2"))


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
    database.mark_delivered(message(one).key, 131.0)
    database.commit(by_key(one), (), [message(one)])
    assert database.pending(1e12) == ()


def test_a_message_that_waits_can_be_brought_forward_but_not_put_off(tmp_path: Path) -> None:
    database = Database.open(tmp_path)
    one = alert()
    for at in (500.0, 200.0, 300.0):
        database.commit(by_key(one), notifications=[message(one, at=at)])
    assert database.told() == {("a1", "on-call"): 200.0}
    assert database.pending(199.0) == ()
    (due,) = database.pending(200.0)
    assert due.not_before == 200.0
    database.close()
    assert Database.open(tmp_path).told() == {("a1", "on-call"): 200.0}


def test_what_was_tried_or_delivered_keeps_its_turn(tmp_path: Path) -> None:
    database = Database.open(tmp_path)
    one = alert()
    tried, delivered = message(one), message(one, receiver="it-team")
    database.commit(by_key(one), notifications=[tried, delivered])
    database.mark_retry(tried.key, 400.0, "busy")
    database.mark_delivered(delivered.key, 130.0)
    database.commit(by_key(one), notifications=[replace(one, not_before=10.0) for one in (tried, delivered)])
    assert database.pending(399.0) == ()
    assert [one.receiver for one in database.pending(400.0)] == ["on-call"]
    assert set(database.told().values()) == {130.0}


def test_what_is_committed_twice_is_there_once(tmp_path: Path) -> None:
    database = Database.open(tmp_path)
    mild = replace(alert(), finding=replace(alert().finding, severity=Severity.WARNING))
    changes = [Transition(mild, None, 130.0), Transition(alert(), AlertState.FIRING, 130.0)]
    for _ in range(2):
        database.commit(by_key(alert()), changes, [message(alert())])
    assert history(tmp_path) == changes
    assert len(database.pending(1e12)) == 1


def test_only_what_was_added_counts_as_told(tmp_path: Path) -> None:
    database = Database.open(tmp_path)
    one = alert()
    database.commit(by_key(one), (), [message(one, at=130.0)])
    database.commit(by_key(one), (), [message(one, at=900.0)])
    assert database.told() == {("a1", "on-call"): 130.0}
    database.mark_failed(message(one).key, "no", 950.0, message(one, at=950.0))
    assert database.told() == {("a1", "on-call"): 130.0}


class Held:
    """A lock that somebody else holds: whoever asks for it would wait."""

    def __enter__(self) -> None:
        raise AssertionError("waits for the writer")

    def __exit__(self, *_: object) -> None: ...


def test_what_the_loop_reads_never_waits_for_a_writer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    database = Database.open(tmp_path)
    one = alert()
    database.commit(by_key(one), (), [message(one)])
    told = database.told()
    with monkeypatch.context() as writing:
        writing.setattr(database, "_lock", Held())
        assert database.load_alerts() == by_key(one)
        assert database.told() == {("a1", "on-call"): 130.0}
    database.commit({})
    assert told == {("a1", "on-call"): 130.0}


@pytest.mark.parametrize("body", ["", "{}", "[]", '{"id": 1'])
def test_a_message_that_cannot_be_read_holds_up_no_other(tmp_path: Path, body: str) -> None:
    database = Database.open(tmp_path)
    one, other = alert("a1", subject="sw-1"), alert("a2", subject="sw-2")
    database.commit(by_key(one, other), (), [message(one), message(other)])
    with closing(sqlite3.connect(tmp_path / FILE_NAME)) as file, file:
        file.execute("UPDATE notifications SET body = ? WHERE alert_id = 'a1'", (body,))
    assert database.pending(200.0) == (message(other),)
    assert [to for _, _, to in database.unfinished()] == ["on-call"]


def test_a_failed_commit_changes_nothing(tmp_path: Path) -> None:
    database = Database.open(tmp_path)
    with sqlite3.connect(tmp_path / FILE_NAME) as other:
        other.execute("CREATE TRIGGER refuse BEFORE INSERT ON notifications BEGIN SELECT RAISE(ABORT, 'full'); END")
    one = alert()
    with pytest.raises(StateError, match="full"):
        database.commit(by_key(one), [Transition(one, None, 130.0)], [message(one)])
    assert database.load_alerts() == {}
    assert history(tmp_path) == []
    with sqlite3.connect(tmp_path / FILE_NAME) as other:
        other.execute("DROP TRIGGER refuse")
    database.commit(by_key(one), [Transition(one, None, 130.0)], [message(one)])
    database.close()
    assert Database.open(tmp_path).load_alerts() == by_key(one)


def test_not_before_and_retry_hold_a_message_back(tmp_path: Path) -> None:
    database = Database.open(tmp_path)
    one = alert()
    late = message(one, at=500.0)
    database.commit(by_key(one), (), [late])
    assert database.pending(499.0) == ()
    assert database.next_due("on-call") == 500.0
    assert [found.attempts for found in database.pending(500.0)] == [0]
    database.mark_retry(late.key, 505.0, "timeout")
    assert database.pending(504.0) == ()
    assert [found.attempts for found in database.pending(505.0)] == [1]
    assert [to for _, _, to in database.unfinished()] == ["on-call"]


def test_an_end_is_never_told_before_its_beginning(tmp_path: Path) -> None:
    database = Database.open(tmp_path)
    begin, end = alert(), alert(state=AlertState.RESOLVED)
    database.commit(by_key(begin), (), [message(begin)])
    database.mark_retry(message(begin).key, 900.0, "timeout")
    database.commit(by_key(end), (), [message(end, at=200.0), message(end, "it-team", at=200.0)])
    assert [found.receiver for found in database.pending(300.0)] == ["it-team"]
    assert database.next_due("on-call") == 900.0
    assert [found.alert.state for found in database.pending(900.0, "on-call")] == [AlertState.FIRING]
    database.mark_delivered(message(begin).key, 900.0)
    assert [found.alert.state for found in database.pending(900.0, "on-call")] == [AlertState.RESOLVED]


def test_refused_for_good_goes_to_someone_else(tmp_path: Path) -> None:
    database = Database.open(tmp_path)
    one = alert()
    database.commit(by_key(one), (), [message(one)])
    database.mark_failed(message(one).key, "no such number", 140.0, message(one, "it-team"))
    assert [found.receiver for found in database.pending(200.0)] == ["it-team"]
    assert ("a1", "it-team") in database.told()


def test_told_forgets_alerts_that_are_no_longer_listed(tmp_path: Path) -> None:
    database = Database.open(tmp_path)
    one = alert()
    database.commit(by_key(one), (), [message(one)])
    database.commit({})
    database.close()
    database = Database.open(tmp_path)
    assert database.told() == {}
    database.commit(by_key(alert("a2")), (), [message(alert("a2"))])
    assert database.told() == {("a2", "on-call"): 130.0}


def test_prune_keeps_what_is_undelivered(tmp_path: Path) -> None:
    database = Database.open(tmp_path)
    one = alert()
    database.commit(by_key(one), [Transition(one, None, 130.0)], [message(one), message(one, "it-team")])
    database.mark_delivered(message(one, "it-team").key, 131.0)
    database.prune(131.0 + HISTORY_SECONDS + 1)
    assert history(tmp_path) == []
    assert [found.receiver for found in database.pending(1e12)] == ["on-call"]


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


@pytest.mark.parametrize("content", [b"not a database, but long enough to have a header" * 50, b"\x00" * 4096])
def test_a_damaged_file_is_one_clear_line(tmp_path: Path, content: bytes) -> None:
    (tmp_path / FILE_NAME).write_bytes(content)
    with pytest.raises(StateError) as caught:
        Database.open(tmp_path)
    assert str(tmp_path / FILE_NAME) in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_damaged_page_is_found_at_start(tmp_path: Path) -> None:
    database = Database.open(tmp_path)
    database.commit(by_key(*(alert(f"a{i}", subject=f"sw-{i}", summary="x" * 500) for i in range(200))))
    database.close()
    file = tmp_path / FILE_NAME
    data = bytearray(file.read_bytes())
    data[8192:] = b"\xff" * (len(data) - 8192)
    file.write_bytes(data)
    with pytest.raises(StateError):
        Database.open(tmp_path)


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
        database.commit(database.load_alerts(), (), [message(one, key=str(number))])

    threads = [threading.Thread(target=write, args=(number,)) for number in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(database.pending(1e12)) == 20
