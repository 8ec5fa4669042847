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
from agent.families import PLUGIN_STATUS
from agent.layout import LayoutCache, Sample
from agent.risk.catalogue.daemon import UPLINK_DOWN
from agent.risk.catalogue.devices import DEVICE_UNREACHABLE
from agent.risk.uplink import MAX_REPOLLS, Guard
from config.base import Model
from config.inventory import Inventory
from config.settings import Settings
from tests.agent.risk.scene import Windows, judge

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
CUT, LOST_FAR = f"{UPLINK_DOWN} daemon:ringwacht", f"{DEVICE_UNREACHABLE} device:far"
UPLINK = ("uplink:192.0.2.1", "uplink:192.0.2.2")
FAR = ("device:far", "device:farther")


class County:
    """What is polled when, and what is made of it."""

    def __init__(self, settings: Settings = SETTINGS) -> None:
        self.settings = settings
        self.store = Store()
        self.guard = Guard()
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
        return judge(INVENTORY, self.settings, self.store.view(self.now), Windows({}), self.guard)

    def sees(self, name: str) -> set[bool | None]:
        """Return what is believed of a device's checks."""
        view = self.guard.look(self.store.view(self.now), self.settings).view
        return {job.up for job in view.jobs(Subject("device", name))}

    def told(self) -> set[str]:
        return {str(key) for key in self.judge().repoll}

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


def _says(status: int) -> Harvest:
    return Harvest(*LayoutCache().arrange([Sample(PLUGIN_STATUS, (), float(status))]))


def _all_up(county: County, now: float) -> County:
    return county.poll(now, up=tuple(SITES))


def _cut(now: float = 110) -> County:
    county = _all_up(County(), 100)
    county.judge()
    county.lose(now, *UPLINK, *FAR)
    assert set(county.found()) == {CUT}
    return county


def test_a_device_that_fails_while_the_gateway_answers_is_unreachable() -> None:
    county = _all_up(County(), 100)
    county.lose(110, "device:far")
    county.poll(112, up=UPLINK)
    assert set(county.found()) == {LOST_FAR}
    county.lose(170, "device:far")  # the verdict stands while the next pings are under way
    assert set(county.found()) == {LOST_FAR}


def test_no_device_is_blamed_before_the_gateway_was_asked_and_it_is_asked_at_once() -> None:
    county = _all_up(County(), 100)
    county.lose(110, *FAR)
    judged = county.judge()
    assert judged.findings == ()
    assert {key.subject.id for key in judged.repoll} == {"192.0.2.1", "192.0.2.2"}
    assert {key.subject.id for key in judged.unverified if key.rule == DEVICE_UNREACHABLE} == {"far", "farther"}


def test_an_answer_of_the_gateway_while_the_poll_still_ran_proves_nothing() -> None:
    county = _all_up(County(), 100)
    county.lose(110, "device:far")
    county.poll(111.05, up=UPLINK)  # the confirmation took 0.1 s
    assert county.found() == {}
    county.poll(111.2, up=UPLINK)
    assert set(county.found()) == {LOST_FAR}


def test_one_alert_about_itself_and_none_about_what_it_cannot_reach() -> None:
    finding = _cut().found()[CUT]
    assert finding.severity is Severity.CRITICAL
    assert "192.0.2.1 and 192.0.2.2" in finding.summary


def test_what_was_read_before_is_no_evidence_and_what_answers_at_its_own_site_is() -> None:
    county = _cut()
    assert county.sees("near") == {None}
    county.poll(115, up=("device:near",))
    assert county.sees("near") == {True}
    county.lose(120, "device:near")
    assert county.sees("near") == {None}


def test_others_that_answer_are_a_hint_that_the_gateway_does_not_answer_ping() -> None:
    county = _cut()
    county.poll(115, up=("device:far",))
    assert county.sees("far") == {None}
    assert any("1 check(s) at other sites answer" in line for line in county.found()[CUT].evidence)


def test_while_it_is_down_it_is_tried_every_five_seconds() -> None:
    county = _cut()
    county.now = 115.5
    assert county.told() == set()
    county.now = 116
    assert county.told() == {"uplink:192.0.2.1/icmp", "uplink:192.0.2.2/icmp"}


def test_verdicts_resume_after_fresh_polls_only() -> None:
    county = _cut()
    county.poll(300, up=UPLINK)
    judged = county.judge()
    assert judged.findings == ()
    assert {key.subject.id for key in judged.repoll} == {"far", "farther", "near"}
    assert county.sees("near") == {None}  # it was asked before the cut, and answered then
    county.poll(301, up=("device:far", "device:near"), down=("device:farther",))
    assert county.found() == {}
    county.poll(302, up=UPLINK)
    assert set(county.found()) == {f"{DEVICE_UNREACHABLE} device:farther"}
    assert county.told() == set()


def test_one_reference_that_comes_and_goes_hides_nothing() -> None:
    county = _all_up(County(), 100)
    county.lose(110, "device:far", "uplink:192.0.2.2")
    county.poll(120, up=UPLINK)
    assert set(county.found()) == {LOST_FAR}
    assert county.sees("near") == {True}


def test_a_lost_ping_alone_is_no_cut() -> None:
    county = _all_up(County(), 100)
    county.judge()
    county.poll(110, down=UPLINK)
    assert county.found() == {}
    county.poll(111, up=UPLINK)
    assert county.sees("near") == {True}


def test_who_may_not_ping_has_no_guard_and_says_so() -> None:
    county = County().poll(100, up=("device:far",), down=UPLINK, reason=Reason.CONFIG)
    county.lose(111, "device:far")
    assert set(county.found()) == {LOST_FAR, "check_not_possible daemon:ringwacht"}


@pytest.mark.parametrize("reason", [Reason.CONFIG, Reason.INTERNAL])
def test_who_could_ping_and_cannot_any_more_is_cut_off(reason: Reason) -> None:
    county = _all_up(County(), 100)
    county.poll(110, down=UPLINK, reason=reason)
    county.lose(111, *FAR)
    assert CUT in county.found()
    assert LOST_FAR not in county.found()


def test_without_an_uplink_everything_is_believed() -> None:
    county = _all_up(County(Settings()), 100)
    county.lose(110, *FAR)
    assert len(county.found()) == 2
    assert county.told() == set()


def test_a_plugins_word_is_believed_where_it_is_good_or_the_gateway_answered_after_it() -> None:
    county = _all_up(County(), 100)
    plugin = _plugin("device:far")
    county.store.add(plugin)
    for now, status, seen in ((110, 0, True), (120, 2, None)):
        county.store.record(Reading(plugin.key, plugin.target, now, 0.1, _says(status)), now)
        county.now = now
        assert county.sees("far") == {True, seen}
    assert "uplink:192.0.2.1/icmp" in county.told()
    county.poll(121, up=UPLINK)
    assert county.sees("far") == {True}


def test_a_plugin_that_says_nobody_answers_is_not_believed_during_a_cut_nor_after_it() -> None:
    county = _all_up(County(), 100)
    plugin = replace(_plugin("device:far"), target=Target(Subject("device", "far"), "kreishaus"))
    county.store.add(plugin)
    county.judge()
    county.lose(110, *UPLINK, *FAR)
    county.store.record(Reading(plugin.key, plugin.target, 113, 0.1, _says(2)), 113)
    county.now = 114
    assert county.sees("far") == {None}
    county.poll(300, up=UPLINK)
    assert county.sees("far") == {None}
    assert str(plugin.key) in county.told()


def test_a_clock_that_stepped_back_blinds_nobody() -> None:
    county = _all_up(County(), 10_000)
    county.judge()
    county.poll(100, up=UPLINK)
    county.lose(110, "device:far")
    county.poll(120, up=UPLINK)
    assert set(county.found()) == {LOST_FAR}
    assert "device:far/icmp" not in county.told()


def test_polls_after_a_cut_are_asked_for_in_portions() -> None:
    county = County()
    names = [f"d{number}" for number in range(MAX_REPOLLS + 50)]
    for name in names:
        county.store.add(replace(_job("device:far"), key=JobKey(Subject("device", name), "icmp")))
    _all_up(county, 100).judge()
    county.lose(110, *UPLINK)
    for name in names:
        key, target = JobKey(Subject("device", name), "icmp"), Target(Subject("device", name), "rathaus")
        county.store.record(Reading(key, target, 111, 0.1, None, Reason.TIMEOUT), 111)
    county.judge()
    county.poll(300, up=UPLINK)
    assert len(county.judge().repoll) == MAX_REPOLLS


@pytest.mark.parametrize("language", ["de", "en"])
def test_the_words_are_there_in_both_languages(language: str) -> None:
    town = SETTINGS.municipality.model_copy(update={"language": language})
    county = _all_up(County(SETTINGS.model_copy(update={"municipality": town})), 100)
    county.lose(110, *UPLINK, *FAR)
    assert "192.0.2.1" in county.found()[CUT].summary
