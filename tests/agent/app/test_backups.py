"""The nightly backups: who is asked when, what is kept, and that nothing that fails ends them."""

from __future__ import annotations

import asyncio
import os
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from agent.app.backuprules import mended
from agent.app.backups import AFTER_START_SECONDS, MOST_REFUSALS, NightlyBackups
from agent.configbackup import ConfigBackup, Fetched
from agent.state.database import Database, StateError
from agent.state.store import StateStore
from agent.wire.logs import configure_logging
from collectors.ssh.client import Visit, VisitError
from config.errors import printable
from config.inventory import Inventory
from config.kinds import Kinds
from config.loader import Loaded
from config.settings import Settings
from tests.harness.clock import FakeClock
from tests.harness.fakes import FakeWire

NOON = datetime(2027, 1, 10, 11, tzinfo=UTC).timestamp()
HOUR = 3600.0


class Town:
    """A state, a configuration, and devices that answer what the test puts there."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch, *devices: str) -> None:
        monkeypatch.setenv("RINGWACHT_SSH_PASSWORD", "kAnarie-57")
        self.known_hosts = folder / "known_hosts"
        self.known_hosts.touch()
        self.clock = FakeClock(NOON)
        self.wire = FakeWire(at_once=True)
        self.database = Database.open(folder / "state")
        self.store = StateStore(self.database, self.wire)
        self.answers: dict[str, Fetched | VisitError] = {}
        self.asked: list[str] = []
        self.folder = folder
        self.loaded = self.configured(*devices)
        self.backups = NightlyBackups(self.store, self.wire, self.clock, lambda: self.loaded, self.fetch)

    def configured(self, *devices: str, **backups: Any) -> Loaded:
        ssh = {"username": "b", "password": {"env": "RINGWACHT_SSH_PASSWORD"}, "known_hosts": str(self.known_hosts)}
        raw = {
            "state": {"directory": str(self.folder / "state")},
            "backups": backups,
            "credentials": {"c": {"ssh": ssh}},
        }
        device = {"site": "a", "address": "192.0.2.1", "ssh": {"credential": "c", "type": "hp_procurve"}}
        inventory = Inventory.model_validate({"sites": {"a": {}}, "devices": dict.fromkeys(devices, device)})
        settings = Settings.model_validate(raw, context=Kinds.of({}, {}))
        positions: Any = None
        return Loaded(inventory, settings, positions)

    def fetch(self, visit: Visit, stopped: Callable[[], bool]) -> Fetched:
        assert not stopped()
        self.asked.append(visit.device)
        answer = self.answers.get(visit.device, Fetched("hostname a\n", unsaved=False))
        if isinstance(answer, VisitError):
            raise answer
        return answer

    async def runs(self, hours: float) -> None:
        """Let the daemon run for hours, half an hour at a time."""
        await self.ends(await self.begins(hours), 0)

    async def begins(self, hours: float) -> asyncio.Task[None]:
        """Let the daemon run for hours, and go on."""
        task = asyncio.create_task(self.backups.run())
        await self.clock.advance(AFTER_START_SECONDS)
        for _ in range(round(hours * 2)):
            await self.clock.advance(HOUR / 2)
        return task

    async def ends(self, task: asyncio.Task[None], hours: float) -> None:
        """Let it go on for hours, and end."""
        for _ in range(round(hours * 2)):
            await self.clock.advance(HOUR / 2)
        assert not task.done(), task.exception()
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        self.backups = NightlyBackups(self.store, self.wire, self.clock, lambda: self.loaded, self.fetch)

    def known(self, device: str = "sw-1") -> ConfigBackup:
        return self.store.config_backups()[device]


@pytest.fixture
def town(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Town]:
    made = Town(tmp_path, monkeypatch, "sw-1")
    yield made
    made.database.close()


async def test_a_new_device_is_awaited_at_once_and_asked_in_its_first_night(town: Town) -> None:
    await town.runs(13)
    assert town.asked == []
    assert town.known().awaited_since == pytest.approx(NOON, abs=60)
    await town.runs(2)
    assert town.asked == ["sw-1"]
    assert town.known().outcome == "stored"
    assert town.known().changed_at is None
    await town.runs(24)
    assert town.asked == ["sw-1", "sw-1"]
    assert town.known().outcome == "unchanged"


async def test_what_changed_is_committed_and_said_with_its_lines(town: Town) -> None:
    await town.runs(15)
    first = town.known().commit
    town.answers["sw-1"] = Fetched("hostname b\nvlan 2\n", unsaved=True)
    await town.runs(24)
    known = town.known()
    assert (known.added, known.removed, known.unsaved) == (2, 1, True)
    assert known.changed_at == known.succeeded_at == known.unsaved_since
    assert known.commit not in {first, ""}
    assert (town.folder / "state/configurations/sw-1.cfg").read_text() == "hostname b\nvlan 2\n"


async def test_a_night_that_was_missed_is_made_up_for_once_after_the_start(town: Town) -> None:
    await town.runs(1)
    await town.clock.advance(24 * HOUR)
    await town.runs(2)
    assert town.asked == ["sw-1"]


async def test_a_failure_is_kept_with_its_reason_and_not_tried_again_before_the_next_night(town: Town) -> None:
    town.answers["sw-1"] = VisitError("auth", "refuses\x1b the login")
    await town.runs(20)
    assert town.asked == ["sw-1"]
    assert (town.known().outcome, town.known().detail) == ("auth", printable("refuses\ufffd the login"))
    assert town.known().succeeded_at is None


async def test_a_device_whose_key_was_refused_is_asked_again_once_known_hosts_has_changed(town: Town) -> None:
    town.answers["sw-1"] = VisitError("unknown_key", "not known")
    await town.runs(16)
    assert town.asked == ["sw-1"]
    del town.answers["sw-1"]
    os.utime(town.known_hosts, (town.clock.now(), town.clock.now()))
    await town.runs(1)
    assert town.known().outcome == "stored"


async def test_a_reload_asks_those_again_whose_last_attempt_failed_once(town: Town) -> None:
    town.answers["sw-1"] = VisitError("auth", "refuses the login")
    town.loaded = town.configured("sw-1", "sw-2")
    task = await town.begins(16)
    assert town.asked == ["sw-1", "sw-2"]
    town.loaded = town.configured("sw-1", "sw-2")
    await town.ends(task, 2)
    assert town.asked == ["sw-1", "sw-2", "sw-1"]


async def test_a_clock_that_leapt_years_ahead_and_back_does_not_end_the_backups(town: Town) -> None:
    task = await town.begins(16)
    town.clock.step(9 * 365 * 86400.0)
    await town.clock.advance(600)
    town.clock.step(-9 * 365 * 86400.0)
    asked = len(town.asked)
    await town.ends(task, 49)
    assert len(town.asked) == asked + 2


async def test_a_login_that_several_devices_refuse_is_not_tried_on_all_of_them(town: Town) -> None:
    names = [f"sw-{number}" for number in range(20)]
    town.loaded = town.configured(*names, parallel=1)
    town.answers |= dict.fromkeys(names, VisitError("auth", "refuses the login"))
    await town.runs(16)
    assert len(town.asked) == MOST_REFUSALS
    outcomes = [town.known(name).outcome for name in names]
    assert (outcomes.count("auth"), outcomes.count("held_back")) == (MOST_REFUSALS, 20 - MOST_REFUSALS)


async def test_a_text_that_was_made_under_other_rules_is_the_new_base_and_no_change(town: Town) -> None:
    await town.runs(15)
    first = town.known()
    (town.folder / "state" / "mask.key").unlink()
    town.answers["sw-1"] = Fetched("hostname a\nkey <secret:00000000>\n", unsaved=False)
    await town.runs(24)
    known = town.known()
    assert (known.outcome, known.changed_at) == ("stored", None)
    assert known.form != first.form
    assert known.commit != first.commit


async def test_devices_that_hang_hold_up_nobody_else_and_no_more_than_there_may_be_at_once(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    town.loaded = town.configured(*(f"sw-{number}" for number in range(6)), parallel=2)
    released, running, most = threading.Event(), Counter[str](), [0]

    def hangs(visit: Visit, stopped: Callable[[], bool]) -> Fetched:
        running[visit.device] = 1
        most[0] = max(most[0], running.total())
        while not (released.wait(0.005) or stopped()):
            pass
        del running[visit.device]
        raise VisitError("timeout", "does not answer in time")

    async def in_a_thread(_pool: str, call: Callable[[], Any]) -> Any:
        return await asyncio.to_thread(call)

    await town.runs(0)
    monkeypatch.setattr(town.wire, "blocking", in_a_thread)
    town.backups = NightlyBackups(town.store, town.wire, town.clock, lambda: town.loaded, hangs)
    town.clock.step(24 * HOUR)
    look, turns = asyncio.create_task(town.backups.look()), 0
    while running.total() < 2 or turns < 100:
        turns += 1
        await asyncio.sleep(0)
    assert not look.done()
    released.set()
    await look
    assert most == [2]
    assert [one.outcome for one in town.store.config_backups().values()] == ["timeout"] * 6


async def test_one_error_that_nobody_expected_ends_nothing(town: Town) -> None:
    configure_logging()
    town.loaded = town.configured("sw-1", "sw-2")

    def fetch(visit: Visit, _stopped: Callable[[], bool]) -> Fetched:
        if visit.device == "sw-1":
            raise RuntimeError("kAnarie-57")
        return Fetched("x\n", unsaved=None)

    town.backups = NightlyBackups(town.store, town.wire, town.clock, lambda: town.loaded, fetch)
    await town.runs(16)
    assert town.known("sw-2").outcome == "stored"
    assert town.known("sw-1").outcome == "internal"
    assert "kAnarie" not in town.known("sw-1").detail


async def test_a_repository_that_cannot_be_written_is_an_outcome(town: Town) -> None:
    (town.folder / "state" / "configurations").touch()
    await town.runs(16)
    assert town.known().outcome == "repository"
    assert "repository" in town.known().detail
    assert town.known().value == "File exists"
    (town.folder / "state" / "configurations").unlink()
    await town.runs(2)
    assert town.known().outcome == "stored"  # the next night is far off


async def test_a_full_disk_does_not_have_devices_asked_again_and_again(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    await town.runs(1)

    async def full(_kept: Iterable[ConfigBackup], _gone: Iterable[str] = ()) -> None:
        raise StateError("the disk is full")

    monkeypatch.setattr(town.store, "record_config_backups", full)
    await town.runs(18)
    assert town.asked == ["sw-1"]


async def test_a_device_that_was_taken_out_is_forgotten_and_the_state_outlives_the_daemon(
    town: Town, tmp_path: Path
) -> None:
    town.loaded = town.configured("sw-1", "sw-2")
    await town.runs(16)
    town.loaded = town.configured("sw-2")
    await town.runs(1)
    assert set(town.store.config_backups()) == {"sw-2"}
    before = town.known("sw-2")
    town.database.close()
    again = await asyncio.to_thread(Database.open, tmp_path / "state")
    assert again.memory.config_backups == {"sw-2": before}
    again.close()


def test_what_lies_in_the_future_was_written_under_a_wrong_clock() -> None:
    wrong = ConfigBackup("sw-1", 10.0, 9e9, 9e9, "stored")
    assert mended(wrong, 1000.0) == ConfigBackup("sw-1", 10.0, 1000.0, 1000.0, "stored")
    right = ConfigBackup("sw-1", 10.0, 900.0, 900.0, "stored")
    assert mended(right, 1000.0) is right
