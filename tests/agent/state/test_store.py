"""A full disk must not silence an alert: what cannot be committed is delivered from memory, once."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest

from agent.contract import Alert, AlertState, Finding, Notification, Sent, Severity, Subject, Transition
from agent.state import store
from agent.state.database import Database, StateError
from agent.state.files import FILE_NAME
from agent.state.memory import recall
from agent.state.store import StateStore
from tests.harness.fakes import FakeWire, in_thread

FOUND = Finding("device_unreachable", Subject("device", "sw-1"), Severity.CRITICAL, "sw-1 does not answer at all")
ALERT = Alert("a1", FOUND, AlertState.FIRING, 100.0, 130.0)
ALERTS = {FOUND.key: ALERT}
CHANGE = Transition(ALERT, AlertState.PENDING, 130.0)
MESSAGE = Notification("a1:firing:on-call", "on-call", ALERT, 130.0, 130.0)
WAITING = Sent(MESSAGE, None, 130.0)
TAKEN = Sent(MESSAGE, "delivered", 130.0, 131.0, "", "alerts-1", ("1",), 131.0)
TRIED = Sent(replace(MESSAGE, attempts=1), None, 500.0, None, "no answer", "alerts-1")


class FullDisk:
    """A store whose file refuses notifications as long as it is told to."""

    def __init__(self, directory: Path) -> None:
        self.path = directory / FILE_NAME
        self.database = Database.open(directory)
        self.store = StateStore(self.database, FakeWire(at_once=True))

    def run(self, statement: str) -> None:
        with closing(sqlite3.connect(self.path)) as other:
            other.execute(statement)

    def fill(self) -> None:
        for what in ("INSERT", "UPDATE"):
            refuse = f"BEFORE {what} ON notifications BEGIN SELECT RAISE(ABORT, 'disk full'); END"
            self.run(f"CREATE TRIGGER full_{what} {refuse}")

    def empty(self) -> None:
        for what in ("INSERT", "UPDATE"):
            self.run(f"DROP TRIGGER full_{what}")

    def in_file(self) -> list[Sent]:
        """What the next start will find."""

        def read() -> list[Sent]:
            with closing(sqlite3.connect(self.path)) as other:
                return list(recall(other).waiting.values())

        return in_thread(read)

    async def commit(self) -> None:
        await self.store.commit(ALERTS, (CHANGE,), (MESSAGE,))

    async def refused(self) -> None:
        with pytest.raises(StateError, match="disk full"):
            await self.commit()
        self.store.hold((MESSAGE,))


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[FullDisk]:
    made = FullDisk(tmp_path)
    made.fill()
    yield made
    made.database.close()


async def test_what_was_refused_waits_all_the_same(disk: FullDisk) -> None:
    await disk.refused()
    assert disk.store.waiting() == (WAITING,)
    assert [one.notification.receiver for one in disk.store.waiting()] == ["on-call"]
    assert disk.store.unwritten


async def test_what_was_told_from_memory_is_not_told_again_once_it_is_written(disk: FullDisk) -> None:
    await disk.refused()
    await disk.store.record((TAKEN,))
    assert disk.store.waiting() == ()
    disk.store.hold((MESSAGE,))  # still owed, and held again at the next refusal
    assert disk.store.waiting() == ()
    disk.empty()
    await disk.commit()
    assert disk.store.waiting() == ()
    assert disk.in_file() == []
    assert not disk.store.unwritten


async def test_what_was_not_told_yet_is_written_with_how_far_it_has_come(disk: FullDisk) -> None:
    await disk.refused()
    await disk.store.record((TRIED,))
    assert disk.store.waiting() == (TRIED,)
    disk.empty()
    await disk.commit()
    assert disk.store.waiting() == (TRIED,)
    assert disk.in_file() == [TRIED]


async def test_the_outbox_alone_writes_what_could_not_be_committed(disk: FullDisk) -> None:
    await disk.refused()
    await disk.store.record((TRIED,))
    disk.empty()
    await disk.store.catch_up()
    assert disk.in_file() == [TRIED]
    assert not disk.store.unwritten


@pytest.mark.parametrize("taken", [True, False])
async def test_what_the_outbox_wrote_before_the_alert_counts_as_told(disk: FullDisk, taken: bool) -> None:
    await disk.refused()
    disk.empty()
    if taken:
        await disk.store.record((TAKEN,))
    else:
        await disk.store.catch_up()
    await disk.commit()
    assert disk.store.told() == {("a1", "on-call"): 130.0}


async def test_refused_for_good_goes_to_someone_else_from_memory(disk: FullDisk) -> None:
    await disk.refused()
    instead = replace(MESSAGE, key="a1:firing:it-team", receiver="it-team", instead_of="on-call")
    await disk.store.record((replace(TAKEN, outcome="failed"),), (instead,))
    assert [one.notification for one in disk.store.waiting()] == [instead]
    assert disk.store.told() == {("a1", "it-team"): 130.0}
    disk.empty()
    await disk.commit()
    assert [one.notification for one in disk.in_file()] == [instead]
    assert set(disk.store.told()) == {("a1", "on-call"), ("a1", "it-team")}
    assert not disk.store.unwritten


async def test_what_is_known_to_be_stored_is_not_held_again(disk: FullDisk) -> None:
    disk.empty()
    await disk.commit()
    await disk.store.record((TAKEN,))
    disk.store.hold((MESSAGE,))
    await disk.commit()
    assert disk.store.waiting() == ()


async def test_a_message_that_waits_is_brought_forward(disk: FullDisk) -> None:
    disk.empty()
    later = replace(MESSAGE, not_before=900.0)
    for one in (later, MESSAGE, later):
        await disk.store.commit(ALERTS, (), (one,))
        disk.store.hold((one,))
    assert disk.store.waiting() == (WAITING,)
    assert disk.in_file() == [WAITING]


async def test_what_is_withdrawn_counts_as_told_to_nobody_and_is_kept_with_the_reason(disk: FullDisk) -> None:
    later = replace(MESSAGE, not_before=900.0)
    gone = Sent(later, "withdrawn", 900.0, 140.0, "acknowledged")
    disk.empty()
    await disk.store.commit(ALERTS, (CHANGE,), (later,))
    assert disk.store.tellings()["a1", "on-call"][0].waits
    disk.fill()
    disk.store.withdraw((gone,))
    assert (disk.store.told(), disk.store.waiting()) == ({}, ())
    disk.empty()
    await disk.store.commit(ALERTS)
    assert (disk.store.told(), disk.in_file(), disk.store.is_withdrawn(later.key)) == ({}, [], False)
    assert (await disk.store.sent(1))[0] == gone


async def test_what_could_not_be_written_before_it_was_withdrawn_is_told_to_nobody(disk: FullDisk) -> None:
    later = replace(MESSAGE, not_before=900.0)
    disk.store.hold((later,))
    disk.store.withdraw((Sent(later, "withdrawn", 900.0, 140.0, "over"),))
    disk.empty()
    await disk.store.commit(ALERTS, (CHANGE,), (later,))
    assert (disk.store.told(), disk.in_file()) == ({}, [])


async def test_what_was_handed_over_together_is_remembered_together(disk: FullDisk) -> None:
    disk.empty()
    other = replace(MESSAGE, key="a2:firing:on-call", alert=replace(ALERT, id="a2"))
    await disk.store.commit(ALERTS, (), (MESSAGE, other))
    await disk.store.record((TAKEN, replace(TAKEN, notification=other)))
    (handed,) = disk.store.handed("on-call")
    assert (handed.at, len(handed.findings)) == (131.0, 2)
    assert disk.store.last_success() == {"on-call": 131.0}


async def test_what_waits_is_listed_before_what_came_to_its_end(disk: FullDisk) -> None:
    disk.empty()
    other = replace(MESSAGE, key="a2:firing:on-call", alert=replace(ALERT, id="a2"))
    await disk.store.commit(ALERTS, (), (MESSAGE, other))
    await disk.store.record((TAKEN,))
    assert [one.notification.key for one in await disk.store.sent(10)] == [other.key, MESSAGE.key]
    assert [one.notification.key for one in await disk.store.sent(1)] == [other.key]


async def test_a_disk_that_hangs_holds_up_nothing_that_is_in_memory(
    disk: FullDisk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "WRITE_SECONDS", 0.0)
    hanging = asyncio.Event()

    async def blocking(_pool: str, _call: object) -> object:
        return await hanging.wait()

    monkeypatch.setattr(disk.store, "_wire", SimpleNamespace(blocking=blocking))
    disk.store.hold((MESSAGE,))
    await disk.store.record((TRIED,))
    assert disk.store.waiting() == (TRIED,)
    assert disk.store.unwritten
