"""A cause and what it takes along, from look to message."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import replace

import pytest

from agent.contract import (
    Finding,
    Judgement,
    Severity,
    Subject,
)
from agent.engine import judgement
from config.settings import Settings
from tests.agent.engine.desk import Scene

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
    assert await course.stand(UNEXPLAINED, later=9) == []
    assert await course.stand(UNEXPLAINED) == [("device_unreachable", "on-call", "firing")]
    assert await course.stand(UNEXPLAINED, later=50) == [("site_isolated", "on-call", "resolved")]
    assert await course.stand(UNEXPLAINED) == []


async def test_a_device_whose_cause_is_told_no_more_is_told_after_a_moment(course: Course) -> None:
    await course.stand(GONE, SILENT)
    assert await course.stand(SILENT) == []  # the site must be good for `clear` first
    assert await course.stand(SILENT, later=60) == [("site_isolated", "on-call", "resolved")]
    assert await course.stand(SILENT, later=9) == []
    assert await course.stand(SILENT) == [("device_unreachable", "on-call", "firing")]
    assert await course.stand(SILENT) == []


async def test_a_device_that_is_back_with_its_site_is_never_told(course: Course) -> None:
    await course.stand(GONE, SILENT)
    assert await course.stand() == []
    assert await course.stand(later=60) == [("site_isolated", "on-call", "resolved")]
    for _ in range(3):
        assert await course.stand(later=250) == []
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
