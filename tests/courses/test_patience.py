"""Courses in which waiting is right: rain, hours, announced work, clocks, and faults that take services along."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from agent import neutral
from agent.contract import Harvest, Job, JobKey, MetricFamily, Subject
from agent.layout import Sample
from tests.courses.counties import COUNTY, RING
from tests.courses.stage import ALERTING, Stage, Told

SUCCESS = MetricFamily("probe_success", "gauge", "Whether the answer was as expected.", ())
HOP = "link:kh-wad"


def cut(state: str = "firing", link: str = HOP) -> Told:
    return Told(state, "warning", "link_down", link)


class Served(Stage):
    """With services that are asked; ``failing``: those that do not answer as they should. Radios say their level."""

    def __init__(self, inventory: Mapping[str, Any], settings: Mapping[str, Any] | None = None) -> None:
        super().__init__(inventory, settings)
        self.failing: set[str] = set()
        self.fade = 0.0
        for name in ("rr-kh-a", "rr-wad-a"):
            self.extra[name] = self._level

    def _level(self, _stage: Stage, _name: str) -> Iterable[Sample]:
        return [Sample(neutral.RADIO_RECEIVED_LEVEL, ("1",), -40.0 - self.fade)]

    def _make_jobs(self) -> Iterator[Job]:
        yield from super()._make_jobs()
        for name, service in self.inventory.services.items():
            yield self._job(Subject("service", name), "http", service.site or "kreishaus")

    def _answer(self, subject: Subject) -> Harvest | None:
        if subject.kind != "service":
            return super()._answer(subject)
        return Harvest(*self._arrange(JobKey(subject, "http"), (Sample(SUCCESS, (), subject.id not in self.failing),)))


async def quiet(inventory: Mapping[str, Any] = RING, **alerting: Any) -> Served:
    stage = Served(inventory, {"alerting": {**ALERTING, **alerting}})
    await stage.run(3600, step=20)
    stage.told()
    return stage


# --- rain ------------------------------------------------------------------------------------------------------------


async def fading(db: float) -> Served:
    stage = await quiet()
    stage.fade = db
    await stage.run(300, step=5)
    stage.told()
    stage.down.add("kh-wad")
    stage.trap("rr-kh-a")
    return stage


async def test_a_hop_that_rain_took_is_told_only_after_ten_minutes() -> None:
    stage = await fading(12.0)
    await stage.run(590, step=2)
    assert stage.told() == []
    await stage.run(20)
    assert stage.told() == [cut()]


async def test_a_shower_tells_nobody() -> None:
    stage = await fading(12.0)
    await stage.run(400, step=2)
    stage.down.clear()
    stage.fade = 0.0
    await stage.run(900, step=5)
    assert stage.told() == []


async def test_a_sudden_cut_is_told_at_once() -> None:
    stage = await fading(1.0)
    await stage.run(8)
    assert stage.told() == [cut()]


async def test_a_hop_that_rain_took_is_not_waited_for_once_a_site_is_cut_off() -> None:
    stage = await fading(12.0)
    await stage.run(60)
    stage.down.add("wad-sas")
    stage.dead |= stage.devices_at("wadersloh")
    stage.trap("rr-sas-a")
    await stage.run(120)
    assert Told("firing", "critical", "site_isolated", "site:wadersloh") in stage.told()


async def test_a_restart_forgets_no_rain() -> None:
    stage = await fading(12.0)
    await stage.run(60)
    await stage.restart()
    await stage.run(400, step=2)
    assert stage.told() == []


# --- what takes services along ---------------------------------------------------------------------------------------


NEEDY = {
    **COUNTY,
    "devices": {**COUNTY["devices"], "srv": {"site": "kreishaus", "address": "127.0.0.1", "role": "server"}},
    "services": {
        "dms": {"tcp": "127.0.0.1:1", "depends_on": ["srv"]},
        "portal": {"tcp": "127.0.0.1:2", "depends_on": ["dms"]},
        "kita": {"tcp": "127.0.0.1:3", "depends_on": ["srv"], "critical": True},
        "mail": {"tcp": "127.0.0.1:4"},
    },
}


async def test_a_server_that_takes_three_services_along_is_one_alert() -> None:
    stage = await quiet(NEEDY)
    stage.dead.add("srv")
    stage.failing |= {"dms", "portal", "kita"}
    await stage.run(400, step=2)
    silent = Told("firing", "critical", "device_unreachable", "device:srv")
    assert stage.told() == [silent]
    assert {("service_failing", f"service:{name}") for name in stage.failing} <= stage.standing()
    stage.dead.clear()
    stage.failing.clear()
    await stage.run(400, step=2)
    assert stage.told() == [silent._replace(state="resolved")]


async def test_a_service_that_fails_for_itself_is_told() -> None:
    stage = await quiet(NEEDY)
    stage.failing |= {"portal", "mail"}
    await stage.run(400, step=2)
    failing = {Told("firing", "warning", "service_failing", f"service:{name}") for name in stage.failing}
    assert set(stage.told()) == failing


# --- hours -----------------------------------------------------------------------------------------------------------


SCHOOL = {**RING, "services": {"kiosk": {"tcp": "127.0.0.1:1", "when": "school_hours"}}}
KIOSK = Told("firing", "warning", "service_failing", "service:kiosk")


def at(stage: Stage, text: str) -> None:
    """Set the clock, with nothing polled yet."""
    local = datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("Europe/Berlin"))
    stage.clock.step(local.timestamp() - stage.clock.now())


async def kiosk_fails_at(text: str) -> Served:
    stage = Served(SCHOOL, {"alerting": ALERTING})
    at(stage, text)
    await stage.restart()
    await stage.run(900, step=5)
    stage.told()
    stage.failing.add("kiosk")
    await stage.run(3600, step=20)
    return stage


async def test_a_school_service_that_fails_at_night_is_told_in_the_morning() -> None:
    stage = await kiosk_fails_at("2027-01-18T05:30")
    assert stage.told() == []
    await stage.run(3600, step=20)
    assert stage.told() == [KIOSK]


async def test_what_is_well_again_before_school_begins_is_never_told() -> None:
    stage = await kiosk_fails_at("2027-01-18T05:00")
    stage.failing.clear()
    await stage.run(3 * 3600, step=30)
    assert stage.told() == []


# --- announced work --------------------------------------------------------------------------------------------------


def work(mode: str) -> list[dict[str, Any]]:
    window = {"name": "Spleißen", "from": "2027-01-15T09:30", "until": "2027-01-15T10:30"}
    return [{**window, "mode": mode, "match": {"link": "kh-wad"}}]


@pytest.mark.parametrize("mode", ["mute", "skip"])
async def test_what_is_broken_when_the_work_ends_is_told_with_its_true_beginning(mode: str) -> None:
    stage = await quiet(maintenance=work(mode))  # it is ten o'clock
    began = stage.clock.now()
    stage.down.add("kh-wad")
    stage.trap("rr-kh-a")
    await stage.run(1780, step=5)
    assert stage.told() == []
    await stage.run(60)
    assert stage.told() == [cut()]
    (alert,) = (one for one in stage.desk.alerts if one.finding.rule == "link_down")
    assert alert.since - began < 60
    assert alert.work is None


@pytest.mark.parametrize("mode", ["mute", "skip"])
async def test_a_cut_that_ends_with_the_work_is_never_told(mode: str) -> None:
    stage = await quiet(maintenance=work(mode))
    stage.down.add("kh-wad")
    await stage.run(600, step=5)
    stage.down.clear()
    await stage.run(2400, step=5)
    assert stage.told() == []


async def test_work_of_which_all_is_told_is_named() -> None:
    stage = await quiet(maintenance=work("run"))
    stage.down.add("kh-wad")
    stage.trap("rr-kh-a")
    await stage.run(60)
    assert stage.told() == [cut()]
    (alert,) = (one for one in stage.desk.alerts if one.finding.rule == "link_down")
    assert alert.work == "Spleißen"


# --- clocks ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("step", [3600.0, -3600.0])
async def test_a_clock_that_is_set_neither_fires_nor_ends_anything(step: float) -> None:
    stage = await quiet(rules={"link_down": {"hold": "60s"}})
    stage.down.add("kh-wad")
    stage.trap("rr-kh-a", "rr-wad-a")
    await stage.run(10)
    stage.clock.step(step)
    await stage.run(40)
    assert stage.told() == []
    await stage.run(30)
    assert stage.told() == [cut()]
    stage.down.clear()
    stage.trap("rr-kh-a", "rr-wad-a")
    await stage.run(10)
    stage.clock.step(step)
    await stage.run(40)
    assert stage.told() == []
    await stage.run(90)
    assert stage.told() == [cut("resolved")]
