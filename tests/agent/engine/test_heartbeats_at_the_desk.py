"""Jobs that report by themselves, at a desk whose clock is set, with a real state store that is closed and opened."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import SecretStr

from agent.app.reports import Reports
from agent.contract import Harvest, Job, JobKey, Reading, Subject, Target
from agent.engine.judgement import Desk
from agent.engine.store import Store
from agent.engine.windows import WindowBook
from agent.layout import LayoutCache
from agent.state.database import Database
from agent.state.store import StateStore
from collectors.heartbeat.parse import samples
from config.heartbeats import Heartbeat as Terms
from config.inventory import Inventory, Service
from config.settings import Settings
from tests.agent.engine.fakes import FakeParams
from tests.harness.clock import FakeClock
from tests.harness.fakes import FakeWire, in_thread

HOUR, DAY = 3600.0, 86400.0
SUBJECT = Subject("service", "backup")
TOKEN = "0123456789abcdef"
INVENTORY = Inventory(services={"backup": Service(heartbeat=Terms(every=DAY, grace=HOUR, token=SecretStr(TOKEN)))})


class Office:
    """One nightly job; ``start`` is a start of the daemon on the same clock and file."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.clock = FakeClock()
        self.job = Job(JobKey(SUBJECT, "heartbeat"), "fake", Target(SUBJECT, ""), FakeParams(tag=""), 60.0, 0.0, 180.0)

    async def start(self) -> None:
        self.database = in_thread(lambda: Database.open(self.directory))
        self.state = StateStore(self.database, FakeWire(at_once=True))
        self.store, self.cache = Store(), LayoutCache()
        self.store.add(self.job)
        self.desk = Desk(self.state, WindowBook(()), self.clock)
        await self.desk.open()
        self.reports = Reports(self.state, self.clock, lambda: INVENTORY, lambda _: None)
        await self.reports.expect()

    def stop(self) -> None:
        self.database.close()

    async def succeed(self) -> None:
        await self.reports.report("backup", TOKEN, "success")

    async def look(self) -> list[str]:
        brought = Harvest(*self.cache.arrange(samples(self.state.heartbeats()["backup"])))
        self.store.record(
            Reading(self.job.key, self.job.target, self.clock.now(), 0.1, brought), self.clock.monotonic()
        )
        await self.desk.look(self.store.view(self.clock.now()), INVENTORY, Settings())
        return [one.finding.rule for one in self.desk.alerts]

    async def watch(self, seconds: float) -> list[str]:
        """Look each four minutes: after a longer gap nobody would know what was between."""
        for _ in range(int(seconds // 240)):
            await self.clock.advance(240)
            await self.look()
        return await self.look()


@pytest.fixture
async def office(tmp_path: Path) -> Office:
    made = Office(tmp_path)
    await made.start()
    await made.succeed()
    return made


async def test_a_job_that_stays_away_is_missed_after_every_and_grace(office: Office) -> None:
    assert await office.watch(25 * HOUR - 1) == []
    assert await office.watch(480) == ["heartbeat_missing"]
    office.stop()


async def test_a_clock_that_is_set_makes_nobody_late_for_one_grace(office: Office) -> None:
    await office.look()
    office.clock.step(3 * DAY)
    assert await office.look() == []
    assert await office.watch(HOUR - 240) == []
    assert await office.watch(480) == ["heartbeat_missing"]
    office.stop()


async def test_after_days_without_the_daemon_the_job_has_one_grace_and_no_more(office: Office) -> None:
    office.stop()
    await office.clock.advance(3 * DAY)
    for _ in range(3):  # it does not help to start over and over
        await office.start()
        assert await office.watch(HOUR / 3 - 240) == []
        office.stop()
    await office.start()
    assert await office.watch(960) == ["heartbeat_missing"]
    office.stop()
