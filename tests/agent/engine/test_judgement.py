"""The desk against a state store that refuses, hangs, or writes what nobody waited for."""

from __future__ import annotations

import asyncio
from collections.abc import Generator, Iterable, Mapping
from dataclasses import replace
from typing import cast

import pytest

from agent.alerts.hours import Calendar
from agent.contract import (
    Alert,
    AlertState,
    Finding,
    FindingKey,
    Job,
    Judgement,
    Muted,
    Notification,
    Reason,
    Severity,
    Subject,
    Transition,
)
from agent.engine import judgement
from agent.engine.judgement import Desk
from agent.engine.store import Store
from agent.engine.windows import WindowBook
from agent.risk.catalogue.daemon import STATE_NOT_WRITTEN
from agent.state.database import StateError
from agent.state.store import StateStore
from config.inventory import Inventory
from config.settings import Settings
from tests.agent.engine.fakes import job, reading
from tests.harness.clock import FakeClock, settle

INVENTORY = Inventory.model_validate({"sites": {"rathaus": {}}})
ALERTING = {
    "hold": {"critical": 0},
    "receivers": {"on-call": {"apprise": [{"env": "PATH"}]}},
    "routes": [{"receivers": ["on-call"]}],
}
SETTINGS = Settings.model_validate({"alerting": ALERTING})


class State:
    """A state store that writes like the real one; ``gate`` holds a commit up, ``broken`` refuses it."""

    def __init__(self) -> None:
        self.alerts: dict[FindingKey, Alert] = {}
        self.transitions: set[tuple[str, AlertState, float]] = set()
        self.messages: dict[str, Notification] = {}
        self.commits = 0
        self.held: list[Notification] = []
        self.unwritten = False
        self.gate = asyncio.Event()
        self.gate.set()
        self.broken = False

    async def load_alerts(self) -> dict[FindingKey, Alert]:
        return dict(self.alerts)

    def told(self) -> Mapping[tuple[str, str], float]:
        return {(one.alert.id, one.receiver): one.not_before for one in self.messages.values()}

    def hold(self, notifications: Iterable[Notification]) -> None:
        self.held = list(notifications)

    async def commit(
        self, alerts: Mapping[FindingKey, Alert], transitions: Iterable[Transition], messages: Iterable[Notification]
    ) -> None:
        self.commits += 1
        await self.gate.wait()
        if self.broken:
            raise StateError("disk full")
        self.alerts = dict(alerts)
        self.transitions |= {(one.alert.id, one.alert.state, one.at) for one in transitions}
        for one in messages:
            self.messages.setdefault(one.key, one)


class Scene:
    """A device that does not answer, one store and one desk."""

    def __init__(self) -> None:
        self.clock = FakeClock()
        self.state = State()
        self.desk = self.new_desk()
        self.store = Store()
        silent: Job = job()
        self.store.add(silent)
        for _ in range(2):
            self.store.record(reading(silent, None, reason=Reason.TIMEOUT), self.clock.monotonic())

    def new_desk(self) -> Desk:
        return Desk(cast("StateStore", self.state), WindowBook(()), self.clock)

    async def look(self, settings: Settings = SETTINGS) -> tuple[Transition, ...]:
        return await self.desk.look(self.store.view(self.clock.now()), INVENTORY, settings)


async def test_what_is_handed_on_is_committed() -> None:
    scene = Scene()
    (change,) = await scene.look()
    assert scene.state.alerts == {change.alert.finding.key: change.alert}
    assert [one.alert.id for one in scene.state.messages.values()] == [change.alert.id]
    assert await scene.look() == ()
    assert scene.state.commits == 1


async def test_a_look_cut_short_amid_its_commit_has_decided_all_the_same() -> None:
    scene = Scene()
    scene.state.gate.clear()
    cut = asyncio.create_task(scene.look())
    await settle()
    cut.cancel()
    await asyncio.wait((cut,))
    (alert,) = scene.desk.alerts
    scene.state.gate.set()
    await settle()
    assert await scene.look() == ()
    assert [one.id for one in scene.desk.alerts] == [alert.id]
    assert [one.id for one in scene.state.alerts.values()] == [alert.id]
    assert [one.alert.id for one in scene.state.messages.values()] == [alert.id]
    assert len(scene.state.transitions) == 1


async def test_a_commit_that_hangs_holds_up_no_look_and_nothing_is_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    scene = Scene()
    scene.state.gate.clear()
    with monkeypatch.context() as impatient:
        impatient.setattr(judgement, "COMMIT_SECONDS", 0.0)
        (change,) = await scene.look()
        assert await scene.look() == ()
    assert scene.state.commits == 1  # one hangs; no second is queued behind it
    scene.state.gate.set()
    assert await scene.look() == ()
    assert [one.alert.id for one in scene.state.messages.values()] == [change.alert.id]
    assert await scene.look() == ()  # the finding about the state itself goes
    assert {one.id for one in scene.state.alerts.values()} == {change.alert.id}
    commits = scene.state.commits
    await scene.look()
    assert scene.state.commits == commits


async def test_what_a_full_disk_refused_is_written_as_soon_as_it_can() -> None:
    scene = Scene()
    scene.state.broken = True
    (change,) = await scene.look()
    assert [one.alert.id for one in scene.state.held] == [change.alert.id]  # so that it is delivered from memory
    assert await scene.look() == ()
    assert STATE_NOT_WRITTEN in {one.finding.rule for one in scene.desk.alerts}
    assert scene.state.messages == {}
    scene.state.broken = False
    await scene.look()
    await scene.look()
    assert STATE_NOT_WRITTEN not in {one.finding.rule for one in scene.desk.alerts}
    assert [one.alert.id for one in scene.state.messages.values()] == [change.alert.id]
    assert {one.id for one in scene.state.alerts.values()} == {change.alert.id}


async def test_the_calendar_is_made_once_for_each_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[Settings] = []
    original = Calendar.of

    def counting(settings: Settings) -> Calendar:
        made.append(settings)
        return original(settings)

    monkeypatch.setattr(Calendar, "of", counting)
    scene = Scene()
    other = SETTINGS.model_copy()
    for settings in (SETTINGS, SETTINGS, other, other):
        await scene.look(settings)
    assert len(made) == 2
    assert made[1] is other


async def test_an_accepted_alert_says_so_and_nobody_is_told() -> None:
    scene = Scene()
    match = {"match": {"rule": "device_unreachable"}, "until": "2099-01-01", "reason": "replaced in spring"}
    accepting = Settings.model_validate({"alerting": {**ALERTING, "accept": [match]}})
    await scene.look(accepting)
    (alert,) = scene.desk.alerts
    assert alert.state is AlertState.FIRING
    assert alert.muted == Muted("accepted", "replaced in spring", "2099-01-01")
    assert scene.state.messages == {}
    await scene.look()
    (alert,) = scene.desk.alerts
    assert alert.muted is None
    assert [one.alert.id for one in scene.state.messages.values()] == [alert.id]


HOP, SITE, SWITCH = Subject("link", "rf-kh-wad"), Subject("site", "wadersloh"), Subject("device", "sw-wad")
CUT = Finding("link_down", HOP, Severity.WARNING, "the hop is down; the ring carries")
LOST = Finding("redundancy_lost", SITE, Severity.WARNING, "one way is left", cause=HOP)
GONE = Finding("site_isolated", SITE, Severity.CRITICAL, "cut off", cause=HOP)
UNEXPLAINED = Finding("device_unreachable", SWITCH, Severity.CRITICAL, "no answer")
SILENT = replace(UNEXPLAINED, cause=SITE)
ROUTED = Settings.model_validate(
    {
        "alerting": {
            "hold": {"critical": 30, "warning": 0},
            "clear": 60,
            "rules": {
                "link_down": {"hold": 0, "clear": 60},
                "redundancy_lost": {"hold": 0, "clear": 60},
                "site_isolated": {"hold": 0, "clear": 60},
                "device_unreachable": {"hold": 0, "clear": 600},
            },
            "receivers": {name: {"apprise": [{"env": "PATH"}]} for name in ("on-call", "it-team")},
            "routes": [
                {"match": {"severity": "critical"}, "receivers": ["on-call"]},
                {"match": {"rule": "redundancy_lost"}, "receivers": ["on-call", "it-team"]},
                {"match": {"severity": "warning"}, "receivers": ["it-team"]},
            ],
        }
    }
)


class Course(Scene):
    """A scene whose findings the test names; ``told`` is who was told of what, in order."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        super().__init__()
        self.findings: tuple[Finding, ...] = ()

        def judging(*_: object) -> Generator[None, None, Judgement]:
            yield
            return Judgement(self.findings)

        patch.setattr(judgement, "judging", judging)

    async def stand(self, *findings: Finding, later: float = 1) -> list[tuple[str, str, str]]:
        """Look ``later`` seconds after the last look at these; return who was told of what by it."""
        self.clock.jump(later)
        self.findings = findings
        known = len(self.state.messages)
        await self.look(ROUTED)
        fresh = list(self.state.messages.values())[known:]
        return [(one.alert.finding.rule, one.receiver, one.alert.state.value) for one in fresh]

    def muted(self) -> dict[str, str]:
        return {one.finding.rule: one.muted.reason for one in self.desk.alerts if one.muted is not None}


@pytest.fixture
def course(monkeypatch: pytest.MonkeyPatch) -> Course:
    return Course(monkeypatch)


async def test_a_cut_and_what_it_takes_along_is_one_message_to_all_who_would_be_told_of_either(course: Course) -> None:
    told = await course.stand(CUT, LOST)
    assert told == [("link_down", "it-team", "firing"), ("link_down", "on-call", "firing")]
    assert course.muted() == {"redundancy_lost": CUT.summary}
    assert await course.stand(CUT, LOST) == []


async def test_a_site_cut_off_is_told_and_its_devices_are_not(course: Course) -> None:
    await course.stand(CUT)
    assert await course.stand(CUT, GONE, SILENT) == [("site_isolated", "on-call", "firing")]
    assert course.muted() == {"device_unreachable": GONE.summary}


async def test_a_device_that_is_still_silent_when_its_site_is_back_is_told_then(course: Course) -> None:
    await course.stand(GONE, SILENT)
    assert await course.stand(UNEXPLAINED) == []
    assert await course.stand(UNEXPLAINED, later=29) == []
    assert await course.stand(UNEXPLAINED) == [("device_unreachable", "on-call", "firing")]
    assert await course.stand(UNEXPLAINED, later=30) == [("site_isolated", "on-call", "resolved")]
    assert await course.stand(UNEXPLAINED) == []


async def test_a_device_whose_cause_is_told_no_more_is_told_after_the_hold_of_its_severity(course: Course) -> None:
    await course.stand(GONE, SILENT)
    assert await course.stand(SILENT) == []  # the site must be good for `clear` first
    assert await course.stand(SILENT, later=60) == [("site_isolated", "on-call", "resolved")]
    assert await course.stand(SILENT, later=29) == []
    assert await course.stand(SILENT) == [("device_unreachable", "on-call", "firing")]
    assert await course.stand(SILENT) == []


async def test_a_device_that_is_back_with_its_site_is_never_told(course: Course) -> None:
    await course.stand(GONE, SILENT)
    assert await course.stand() == []
    assert await course.stand(later=60) == [("site_isolated", "on-call", "resolved")]
    assert await course.stand(later=700) == []
    assert course.muted() == {}


async def test_a_cause_that_is_missing_at_one_look_tells_nobody(course: Course) -> None:
    await course.stand(GONE, SILENT)
    assert await course.stand(GONE, UNEXPLAINED) == []
    assert await course.stand(GONE, SILENT) == []
    assert await course.stand(GONE, SILENT, later=300) == []


async def test_after_a_restart_nothing_is_told_twice(course: Course) -> None:
    await course.stand(CUT, LOST, GONE, SILENT)
    course.desk = course.new_desk()
    await course.desk.open()
    assert await course.stand(CUT, LOST, GONE, SILENT) == []
    course.desk = course.new_desk()
    await course.desk.open()
    assert await course.stand(CUT, LOST, GONE, UNEXPLAINED) == []  # its cause is not known again yet
