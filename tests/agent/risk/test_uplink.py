"""The daemon's own connection: a timeline of polls through the store, judged at each step."""

from __future__ import annotations

from dataclasses import replace

import pytest

from agent.contract import (
    Finding,
    Harvest,
    Job,
    JobKey,
    Judgement,
    Layout,
    Reading,
    Reason,
    Severity,
    Subject,
    Target,
)
from agent.engine.store import Store
from agent.risk.catalogue.daemon import UPLINK_DOWN
from agent.risk.catalogue.devices import DEVICE_UNREACHABLE
from agent.risk.judge import judge
from agent.risk.uplink import MAX_REPOLLS, look_out
from config.base import Model
from config.inventory import Inventory
from config.settings import Settings
from tests.agent.risk.scene import Windows

INVENTORY = Inventory.model_validate({"sites": {"kreishaus": {}, "rathaus": {}}})
SETTINGS = Settings.model_validate(
    {
        "municipality": {"language": "en"},
        "uplink": {"site": "kreishaus", "gateway": "192.0.2.1", "references": ["192.0.2.2"]},
    }
)
SITES = {
    "uplink:192.0.2.1": "kreishaus",
    "uplink:192.0.2.2": "kreishaus",
    "device:near": "kreishaus",
    "device:far": "rathaus",
    "device:farther": "rathaus",
}
UPLINK = ("uplink:192.0.2.1", "uplink:192.0.2.2")
FAR = ("device:far", "device:farther")


class County:
    """What is polled when, and what is made of it."""

    def __init__(self, settings: Settings = SETTINGS) -> None:
        self.settings = settings
        self.store = Store()
        self.now = 0.0
        for name in SITES:
            self.store.add(_job(name))

    def poll(
        self, now: float, up: tuple[str, ...] = (), down: tuple[str, ...] = (), reason: Reason = Reason.TIMEOUT
    ) -> County:
        self.now = now
        for name in (*up, *down):
            job = _job(name)
            answer = Harvest(Layout(), ()) if name in up else None
            why = None if name in up else reason
            self.store.record(Reading(job.key, job.target, now, 0.1, answer, why), now)
        return self

    def lose(self, now: float, *names: str) -> None:
        """Fail a poll and its confirmation."""
        self.poll(now, down=names).poll(now + 1, down=names)

    def judge(self) -> Judgement:
        return judge(INVENTORY, self.settings, self.store.view(self.now), Windows({}))

    def found(self) -> dict[str, Finding]:
        return {f"{one.rule} {one.subject}": one for one in self.judge().findings}


def _job(name: str) -> Job:
    kind, _, id_ = name.partition(":")
    subject = Subject(kind, id_)  # type: ignore[arg-type]  # the test names kinds that exist
    target = Target(subject, SITES[name])
    return Job(JobKey(subject, "icmp"), "icmp", target, Model(), 60.0, 0.0, 180.0)


def _plugin(name: str) -> Job:
    job = _job(name)
    return replace(job, key=JobKey(job.key.subject, "plugin"), kind="plugin")


def _all_up(county: County, now: float) -> County:
    return county.poll(now, up=tuple(SITES))


def test_a_device_that_fails_while_the_gateway_answers_is_unreachable() -> None:
    county = _all_up(County(), 100)
    county.lose(110, "device:far")
    county.poll(112, up=UPLINK)
    assert set(county.found()) == {f"{DEVICE_UNREACHABLE} device:far"}


def test_no_device_is_blamed_before_the_gateway_was_asked_and_it_is_asked_at_once() -> None:
    county = _all_up(County(), 100)
    county.lose(110, *FAR)
    judged = county.judge()
    assert judged.findings == ()
    assert {key.subject.id for key in judged.repoll} == {"192.0.2.1", "192.0.2.2"}
    assert {key.subject.id for key in judged.unverified if key.rule == DEVICE_UNREACHABLE} == {"far", "farther"}


def test_another_sites_answer_proves_the_way_as_well() -> None:
    county = _all_up(County(), 100)
    county.lose(110, "device:far")
    county.poll(112, up=("device:farther",))
    assert set(county.found()) == {f"{DEVICE_UNREACHABLE} device:far"}
    near = _all_up(County(), 100)
    near.lose(110, "device:far")
    near.poll(112, up=("device:near",))
    assert near.found() == {}


def test_one_alert_about_itself_and_none_about_what_it_cannot_reach() -> None:
    county = _all_up(County(), 100)
    county.lose(110, *UPLINK, *FAR)
    assert set(county.found()) == {f"{UPLINK_DOWN} daemon:ringwacht"}
    finding = county.found()[f"{UPLINK_DOWN} daemon:ringwacht"]
    assert finding.severity is Severity.CRITICAL
    assert "192.0.2.1 and 192.0.2.2" in finding.summary


def test_what_was_read_before_the_cut_is_no_evidence_and_what_answers_since_is() -> None:
    county = _all_up(County(), 100)
    county.lose(110, *UPLINK, *FAR)
    view = look_out(county.store.view(county.now), SETTINGS).view
    assert [job.up for job in view.jobs(Subject("device", "near"))] == [None]
    county.poll(115, up=("device:near",))
    view = look_out(county.store.view(county.now), SETTINGS).view
    assert [job.up for job in view.jobs(Subject("device", "near"))] == [True]


def test_while_it_is_down_it_is_tried_every_five_seconds() -> None:
    county = _all_up(County(), 100)
    county.lose(110, *UPLINK, *FAR)
    county.now = 115.5
    assert county.judge().repoll == frozenset()
    county.now = 116
    assert {key.subject.kind for key in county.judge().repoll} == {"uplink"}


def test_verdicts_resume_after_fresh_polls_only() -> None:
    county = _all_up(County(), 100)
    county.lose(110, *UPLINK, *FAR)
    county.poll(300, up=UPLINK)
    judged = county.judge()
    assert judged.findings == ()
    assert {key.subject.id for key in judged.repoll} == {"far", "farther"}
    county.poll(301, up=("device:far",), down=("device:farther",))
    assert set(county.found()) == {f"{DEVICE_UNREACHABLE} device:farther"}
    assert county.judge().repoll == frozenset()


def test_one_reference_that_comes_and_goes_hides_nothing() -> None:
    county = _all_up(County(), 100)
    county.lose(110, "device:far", "uplink:192.0.2.2")
    county.poll(120, up=UPLINK)
    assert set(county.found()) == {f"{DEVICE_UNREACHABLE} device:far"}


def test_a_gateway_that_refuses_ping_blinds_nobody() -> None:
    county = _all_up(County(), 100)
    county.lose(110, *UPLINK)
    county.poll(115, up=("device:far",))
    county.lose(120, "device:farther")
    county.poll(125, up=("device:far",))
    found = county.found()
    assert set(found) == {f"{UPLINK_DOWN} daemon:ringwacht", f"{DEVICE_UNREACHABLE} device:farther"}
    assert found[f"{UPLINK_DOWN} daemon:ringwacht"].severity is Severity.WARNING


def test_behind_a_deaf_gateway_a_cut_is_still_seen_as_ones_own() -> None:
    county = _all_up(County(), 100)
    county.lose(110, *UPLINK)
    county.poll(115, up=FAR)
    county.lose(200, *FAR)
    assert set(county.found()) == {f"{UPLINK_DOWN} daemon:ringwacht"}
    assert county.found()[f"{UPLINK_DOWN} daemon:ringwacht"].severity is Severity.CRITICAL


def test_who_may_not_ping_has_no_guard_and_says_so() -> None:
    county = _all_up(County(), 100)
    county.poll(110, down=UPLINK, reason=Reason.CONFIG)
    county.lose(111, "device:far")
    found = set(county.found())
    assert f"{DEVICE_UNREACHABLE} device:far" in found
    assert "check_not_possible daemon:ringwacht" in found


def test_without_an_uplink_everything_is_believed() -> None:
    county = _all_up(County(Settings()), 100)
    county.lose(110, *FAR)
    assert len(county.found()) == 2
    assert county.judge().repoll == frozenset()


def test_a_plugin_at_another_site_that_says_nobody_answers_proves_nothing() -> None:
    county = _all_up(County(), 100)
    plugin = _plugin("device:far")
    county.store.add(plugin)
    county.lose(110, *UPLINK, "device:far", "device:farther")
    county.store.record(Reading(plugin.key, plugin.target, 113, 0.1, Harvest(Layout(), ())), 113)
    county.now = 114
    assert set(county.found()) == {f"{UPLINK_DOWN} daemon:ringwacht"}
    view = look_out(county.store.view(county.now), SETTINGS).view
    assert {job.up for job in view.jobs(Subject("device", "far"))} == {None}


def test_what_stands_at_no_site_may_run_on_this_machine_and_proves_nothing() -> None:
    county = _all_up(County(), 100)
    service = Subject("service", "local")
    target = Target(service)
    key = JobKey(service, "tcp")
    county.store.add(Job(key, "tcp", target, Model(), 60.0, 0.0, 180.0))
    county.lose(110, *UPLINK, *FAR)
    county.store.record(Reading(key, target, 113, 0.1, Harvest(Layout(), ())), 113)
    county.now = 114
    assert set(county.found()) == {f"{UPLINK_DOWN} daemon:ringwacht"}


def test_a_clock_that_stepped_back_blinds_nobody() -> None:
    county = _all_up(County(), 10_000)
    county.poll(100, up=UPLINK)
    county.lose(110, "device:far")
    county.poll(120, up=UPLINK)
    assert set(county.found()) == {f"{DEVICE_UNREACHABLE} device:far"}
    assert "device:far/icmp" not in {str(key) for key in county.judge().repoll}


def test_polls_after_a_cut_are_asked_for_in_portions() -> None:
    county = County()
    names = [f"device:d{number}" for number in range(MAX_REPOLLS + 50)]
    for name in names:
        county.store.add(replace(_job("device:far"), key=JobKey(Subject("device", name[7:]), "icmp")))
    _all_up(county, 100)
    county.lose(110, *UPLINK)
    target = Target(Subject("device", "x"), "rathaus")
    for name in names:
        key = JobKey(Subject("device", name[7:]), "icmp")
        county.store.record(Reading(key, target, 111, 0.1, None, Reason.TIMEOUT), 111)
    county.poll(300, up=UPLINK)
    assert len(county.judge().repoll) == MAX_REPOLLS


@pytest.mark.parametrize("language", ["de", "en"])
def test_the_words_are_there_in_both_languages(language: str) -> None:
    town = SETTINGS.municipality.model_copy(update={"language": language})
    county = _all_up(County(SETTINGS.model_copy(update={"municipality": town})), 100)
    county.lose(110, *UPLINK, *FAR)
    assert "192.0.2.1" in county.found()[f"{UPLINK_DOWN} daemon:ringwacht"].summary
