"""The daemon is cut off from everybody: engine, judgement and wishes together, second by second."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from agent.contract import AlertState, Harvest, Job, JobKey, Subject, Target, Unreachable
from agent.engine.judgement import Desk
from agent.risk.catalogue.daemon import UPLINK_DOWN
from agent.risk.catalogue.devices import DEVICE_UNREACHABLE
from agent.state.database import Database
from agent.state.store import StateStore
from config.inventory import Inventory
from config.settings import Settings
from tests.agent.engine.fakes import Bench, FakeCollector, harvest, job

INVENTORY = Inventory.model_validate({"sites": {"kreishaus": {}, "rathaus": {}}})
SETTINGS = Settings.model_validate(
    {"uplink": {"site": "kreishaus", "gateway": "192.0.2.1"}, "alerting": {"hold": {"critical": 0}, "clear": 0}}
)
FAR = tuple(f"far-{number}" for number in range(5))


class Cable(FakeCollector):
    """Answers as long as the cable is whole and the device itself lives."""

    def __init__(self, county: County, name: str) -> None:
        super().__init__(county.bench.clock)
        self._county = county
        self._name = name

    async def _play(self) -> Harvest:
        if self._name in self._county.dead or (self._county.cut and self._name != "near"):
            raise Unreachable("no answer")
        return harvest(1.0)


class County:
    def __init__(self, database: Database) -> None:
        self.bench = Bench()
        self.bench.make = lambda target: Cable(self, target.subject.id)
        self.cut = False
        self.dead: set[str] = set()
        store = StateStore(database, self.bench.wire)
        self.desk = Desk(store, self.bench.windows, self.bench.clock)
        self.seen: set[tuple[str, str]] = set()

    async def pass_by(self, seconds: int) -> None:
        """Let time pass; judge each second, and grant what judgement wishes."""
        for _ in range(seconds):
            await self.bench.clock.advance(1)
            await self.desk.look(self.bench.engine.view(), INVENTORY, SETTINGS)
            self.seen |= {(one.finding.rule, one.finding.subject.id) for one in self.desk.alerts}
            self.bench.engine.poll_now(self.desk.wishes())

    def firing(self) -> set[tuple[str, str]]:
        alerts = (one for one in self.desk.alerts if one.state is AlertState.FIRING)
        return {(one.finding.rule, one.finding.subject.id) for one in alerts}


def _jobs() -> list[Job]:
    gateway = Target(Subject("uplink", "192.0.2.1"), "kreishaus", "192.0.2.1")
    near = job("near", phase=3)
    far = [job(name, check="icmp", phase=5.0 + 7 * number) for number, name in enumerate(FAR)]
    return [
        replace(job(interval=10, phase=9), key=JobKey(gateway.subject, "icmp"), target=gateway),
        replace(near, target=replace(near.target, site="kreishaus")),
        *far,
    ]


@pytest.fixture
def database(tmp_path: Path) -> Database:
    return Database.open(tmp_path)


@pytest.fixture
async def county(database: Database) -> AsyncIterator[County]:
    made = County(database)
    await made.bench.start(*_jobs())
    await made.pass_by(70)
    assert made.seen == set()
    yield made
    await made.bench.stop()


async def test_a_cut_is_one_alert_and_nobody_else_is_blamed_before_during_or_after(county: County) -> None:
    county.cut = True
    await county.pass_by(300)
    assert county.firing() == {(UPLINK_DOWN, "ringwacht")}
    county.cut = False
    await county.pass_by(90)
    assert county.firing() == set()
    assert county.seen == {(UPLINK_DOWN, "ringwacht")}


async def test_a_device_that_did_not_come_back_is_told_soon_after_the_connection(county: County) -> None:
    county.cut = True
    await county.pass_by(300)
    county.cut = False
    county.dead = {"far-2"}
    await county.pass_by(15)
    assert county.firing() == {(DEVICE_UNREACHABLE, "far-2")}
    assert county.seen == {(UPLINK_DOWN, "ringwacht"), (DEVICE_UNREACHABLE, "far-2")}


async def test_an_alert_from_before_neither_ends_nor_repeats_while_cut_off(county: County) -> None:
    county.dead = {"far-1"}
    await county.pass_by(70)
    before = [one.id for one in county.desk.alerts]
    assert county.firing() == {(DEVICE_UNREACHABLE, "far-1")}
    county.cut = True
    await county.pass_by(120)
    assert county.firing() == {(DEVICE_UNREACHABLE, "far-1"), (UPLINK_DOWN, "ringwacht")}
    county.cut, county.dead = False, set()
    await county.pass_by(15)
    assert county.firing() == set()
    assert [one.id for one in county.desk.alerts if one.finding.rule == DEVICE_UNREACHABLE] == before


async def test_a_single_device_is_told_within_seconds_of_its_confirmation(county: County) -> None:
    county.dead = {"far-3"}
    state = next(one for one in county.bench.engine.view().jobs() if one.key.subject.id == "far-3")
    assert state.last_attempt is not None
    wait = 60 - (county.bench.clock.now() - state.last_attempt)
    await county.pass_by(int(wait) + 4)
    assert county.firing() == {(DEVICE_UNREACHABLE, "far-3")}
