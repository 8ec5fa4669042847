"""That the daemon runs is noted while it looks, and what was noted is there after a restart."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from agent.app.lasting import Lasting
from agent.contract import Refused, Subject
from agent.estate import StateChange
from agent.state.database import Database
from agent.state.ledger import Ledger
from agent.state.store import StateStore
from tests.harness.clock import FakeClock
from tests.harness.fakes import FakeWire, in_thread

NOW = 1_800_000_000.0
PORTAL = Subject("service", "portal")
UP = StateChange(NOW, PORTAL, "up")


async def test_it_is_noted_when_was_last_looked_and_a_daemon_that_never_looked_notes_nothing(tmp_path: Path) -> None:
    looked: list[float] = []
    store = StateStore(in_thread(lambda: Database.open(tmp_path)), FakeWire())
    lasting = Lasting(store, FakeClock(), lambda: looked[-1] if looked else None)
    await lasting.note()
    looked.append(NOW + 5)
    await lasting.note()
    await store.close()
    with closing(in_thread(lambda: Database.open(tmp_path))) as database:
        assert database.memory.alive_at == NOW + 5


async def test_a_clock_that_is_behind_what_was_kept_notes_nothing_until_it_is_right(tmp_path: Path) -> None:
    store = StateStore(in_thread(lambda: Database.open(tmp_path)), FakeWire())
    await store.record_alive(NOW)
    await store.close()
    moments: list[float] = []
    for looked, kept in ((NOW - 7e7, NOW), (NOW + 5, NOW + 5)):
        moments.append(looked)
        store = StateStore(in_thread(lambda: Database.open(tmp_path)), FakeWire())
        await Lasting(store, FakeClock(), lambda: moments[-1]).note()
        await store.close()
        with closing(in_thread(lambda: Database.open(tmp_path))) as database:
            assert database.memory.alive_at == kept


async def test_the_past_is_read_from_the_file_and_one_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    store = StateStore(in_thread(lambda: Database.open(tmp_path)), FakeWire())
    await store.commit({}, done=Ledger(changes=(UP,)))
    lasting = Lasting(store, FakeClock(), lambda: NOW)
    assert list(await lasting.history(PORTAL, NOW, NOW + 1)) == [UP]
    await store.close()
    with pytest.raises(Refused):
        await lasting.history(PORTAL, NOW, NOW + 1)
    await lasting.note()
