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

from agent.contract import Alert, AlertState, Finding, Notification, Severity, Subject, Transition
from agent.state import store
from agent.state.database import FILE_NAME, Database, StateError
from agent.state.store import StateStore
from tests.harness.fakes import FakeWire

FOUND = Finding("device_unreachable", Subject("device", "sw-1"), Severity.CRITICAL, "sw-1 does not answer at all")
ALERT = Alert("a1", FOUND, AlertState.FIRING, 100.0, 130.0)
ALERTS = {FOUND.key: ALERT}
CHANGE = Transition(ALERT, AlertState.PENDING, 130.0)
MESSAGE = Notification("a1:firing:on-call", "on-call", ALERT, 130.0, 130.0)
LATER = replace(MESSAGE, key="a1:resolved:on-call", created_at=200.0, not_before=200.0)


class FullDisk:
    """A store whose file refuses new notifications as long as it is told to."""

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


async def test_what_was_refused_is_pending_all_the_same(disk: FullDisk) -> None:
    await disk.refused()
    assert await disk.store.pending(129.0, "on-call") == ()
    assert await disk.store.next_due("on-call") == 130.0
    assert await disk.store.pending(130.0, "on-call") == (MESSAGE,)
    assert await disk.store.pending(130.0, "it-team") == ()
    assert await disk.store.backlog() == {"on-call": 1}


async def test_what_was_told_from_memory_is_not_told_again_once_it_is_written(disk: FullDisk) -> None:
    await disk.refused()
    await disk.store.mark_delivered(MESSAGE.key, 131.0)
    assert await disk.store.pending(1e12, "on-call") == ()
    disk.store.hold((MESSAGE,))  # still owed, and held again at the next refusal
    assert await disk.store.pending(1e12, "on-call") == ()
    disk.empty()
    await disk.commit()
    assert await disk.store.pending(1e12, "on-call") == ()
    assert await disk.store.backlog() == {}


async def test_what_was_not_told_yet_is_told_from_the_file_once_it_is_written(disk: FullDisk) -> None:
    await disk.refused()
    await disk.store.mark_retry(MESSAGE.key, 500.0, "no answer")
    assert await disk.store.pending(499.0, "on-call") == ()
    assert [one.attempts for one in await disk.store.pending(500.0, "on-call")] == [1]
    disk.empty()
    await disk.commit()
    assert await disk.store.pending(1e12, "on-call") == (MESSAGE,)


async def test_an_end_is_not_told_before_its_beginning(disk: FullDisk) -> None:
    await disk.refused()
    disk.store.hold((LATER,))
    assert await disk.store.pending(1e12, "on-call") == (MESSAGE,)
    await disk.store.mark_delivered(MESSAGE.key, 131.0)
    assert await disk.store.pending(1e12, "on-call") == (LATER,)


async def test_refused_for_good_goes_to_someone_else_from_memory(disk: FullDisk) -> None:
    await disk.refused()
    instead = replace(MESSAGE, key="a1:firing:it-team", receiver="it-team")
    await disk.store.mark_failed(MESSAGE.key, "unknown service", 131.0, instead)
    assert await disk.store.pending(1e12) == (instead,)
    assert disk.store.told() == {("a1", "it-team"): 130.0}
    disk.empty()
    await disk.commit()
    assert await disk.store.pending(1e12) == (instead,)
    assert set(disk.store.told()) == {("a1", "on-call"), ("a1", "it-team")}
    assert not disk.store.unwritten


async def test_what_was_stored_before_the_disk_filled_silences_nobody(disk: FullDisk) -> None:
    disk.empty()
    await disk.commit()
    disk.fill()
    other = replace(MESSAGE, key="a2:firing:on-call", alert=replace(ALERT, id="a2"))
    disk.store.hold((other,))
    await disk.store.mark_delivered(MESSAGE.key, 131.0)
    assert disk.store.unwritten
    assert await disk.store.pending(1e12, "on-call") == (other,)
    disk.empty()
    await disk.store.commit(ALERTS)
    assert not disk.store.unwritten
    assert await disk.store.pending(1e12, "on-call") == (other,)


async def test_a_retry_that_cannot_be_recorded_waits_all_the_same(disk: FullDisk) -> None:
    disk.empty()
    await disk.commit()
    disk.fill()
    await disk.store.mark_retry(MESSAGE.key, 500.0, "no answer")
    assert await disk.store.pending(499.0, "on-call") == ()
    assert await disk.store.pending(500.0, "on-call") == (MESSAGE,)


async def test_a_held_end_waits_for_a_stored_beginning_that_is_not_due(disk: FullDisk) -> None:
    disk.empty()
    await disk.commit()
    await disk.store.mark_retry(MESSAGE.key, 500.0, "no answer")
    disk.fill()
    disk.store.hold((LATER,))
    assert await disk.store.pending(400.0, "on-call") == ()
    assert [one.key for one in await disk.store.pending(500.0, "on-call")] == [MESSAGE.key]


async def test_what_is_known_to_be_stored_is_not_held_again(disk: FullDisk) -> None:
    await disk.refused()
    await disk.store.mark_delivered(MESSAGE.key, 131.0)
    disk.run("DROP TRIGGER full_INSERT")
    with pytest.raises(StateError, match="disk full"):
        await disk.commit()  # the message is written, its end is not
    disk.store.hold((MESSAGE,))
    assert await disk.store.pending(1e12, "on-call") == ()
    disk.run("DROP TRIGGER full_UPDATE")
    await disk.commit()
    assert await disk.store.pending(1e12, "on-call") == ()
    assert not disk.store.unwritten


async def test_a_disk_that_hangs_holds_up_nothing_that_is_in_memory(
    disk: FullDisk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "READ_SECONDS", 0.0)
    hanging = asyncio.Event()

    async def blocking(_pool: str, _call: object) -> object:
        return await hanging.wait()

    monkeypatch.setattr(disk.store, "_wire", SimpleNamespace(blocking=blocking))
    with pytest.raises(StateError, match="no answer"):
        await disk.store.pending(1e12, "on-call")
    disk.store.hold((MESSAGE,))
    assert await disk.store.pending(1e12, "on-call") == (MESSAGE,)
    assert await disk.store.next_due("on-call") == 130.0
    assert await disk.store.backlog() == {"on-call": 1}
