"""When a job that reports by itself is missed, has failed, or runs too long."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from agent.contract import Finding, Reason, Severity
from agent.families import (
    HEARTBEAT_AWAITED,
    HEARTBEAT_END,
    HEARTBEAT_EXIT,
    HEARTBEAT_GOOD,
    HEARTBEAT_START,
    HEARTBEAT_SUCCESS,
)
from agent.risk.catalogue.heartbeats import HEARTBEAT_FAILED, HEARTBEAT_MISSING, HEARTBEAT_OVERDUE, RESTORE_TEST_DUE
from agent.risk.deadlines import next_test
from agent.risk.reachability import DeviceState
from agent.risk.services import service_state
from agent.risk.sight import Sight
from config.heartbeats import Heartbeat as Terms
from config.inventory import Service
from tests.agent.risk.scene import NOW, Scene, failed, job, subject_of, the

HOUR, DAY = 3600.0, 86400.0
SUBJECT = "service:backup"
RULES = (HEARTBEAT_MISSING, HEARTBEAT_FAILED, HEARTBEAT_OVERDUE)
LONG_AGO = 30 * DAY


class Job(Scene):
    """One job; ages in seconds before now."""

    def __init__(
        self,
        *,
        language: str = "en",
        critical: bool = False,
        listening: float = LONG_AGO,
        polled: bool = True,
        uplink: Mapping[str, str] | None = None,
        **terms: Any,
    ) -> None:
        super().__init__(settings=None if uplink is None else {"uplink": uplink}, language=language)
        heartbeat = Terms.model_validate(
            {"every": DAY, "grace": 2 * HOUR, "token": SecretStr("0123456789abcdef"), **terms}
        )
        service = Service(name="Nachtsicherung", heartbeat=heartbeat, critical=critical, site="rathaus")
        self.inventory = self.inventory.model_copy(update={"services": {"backup": service}})
        if polled:
            self.jobs(job(SUBJECT, "heartbeat", since=NOW - listening))

    def ago(self, awaited: float = LONG_AGO, **ages: float) -> Job:
        families = {"success": HEARTBEAT_SUCCESS, "end": HEARTBEAT_END, "start": HEARTBEAT_START}
        self.shows(HEARTBEAT_AWAITED.name, SUBJECT, NOW - awaited)
        for name, age in ages.items():
            self.shows(families[name].name, SUBJECT, NOW - age)
        if "end" in ages:
            self.shows(HEARTBEAT_GOOD.name, SUBJECT, float(ages["end"] == ages.get("success")))
        return self

    def exits(self, code: int) -> Job:
        self.shows(HEARTBEAT_EXIT.name, SUBJECT, code)
        return self

    def found(self) -> dict[str, Finding]:
        return {one.rule: one for one in self.judge().findings if one.rule in RULES}

    def state(self) -> DeviceState:
        sight = Sight.of(self.inventory, self.settings, self.view(), self.windows())
        return service_state(sight, subject_of(SUBJECT))


@pytest.mark.parametrize(("age", "missed"), [(0.0, False), (26 * HOUR - 1, False), (26 * HOUR, True), (LONG_AGO, True)])
def test_a_success_is_missed_after_every_and_grace(age: float, missed: bool) -> None:
    assert list(Job().ago(success=age, end=age).found()) == [HEARTBEAT_MISSING] * missed


def test_a_job_that_never_reported_is_missed_from_when_it_is_awaited() -> None:
    assert Job().ago(awaited=25 * HOUR).found() == {}
    finding = Job().ago(awaited=27 * HOUR).found()[HEARTBEAT_MISSING]
    assert finding.summary == "Nachtsicherung: has never reported success, expected since 2027-01-14 06:00 every 24 h"


@pytest.mark.parametrize(
    ("language", "summary"),
    [
        ("de", "Nachtsicherung: kein Erfolg gemeldet seit 14.01.2027 02:00, erwartet im Abstand von 24 h"),
        ("en", "Nachtsicherung: no success reported since 2027-01-14 02:00, expected every 24 h"),
    ],
)
def test_what_is_missed_is_told_with_its_last_success_in_local_time(language: str, summary: str) -> None:
    finding = Job(language=language).ago(success=31 * HOUR, end=31 * HOUR).found()[HEARTBEAT_MISSING]
    assert finding.summary == summary


@pytest.mark.parametrize(("critical", "severity"), [(True, Severity.CRITICAL), (False, Severity.WARNING)])
def test_severity_is_the_service_s(critical: bool, severity: Severity) -> None:
    findings = (
        Job(critical=critical).ago().found()[HEARTBEAT_MISSING],
        Job(critical=critical).ago(end=HOUR).found()[HEARTBEAT_FAILED],
        Job(critical=critical, longest=HOUR).ago(start=2 * HOUR, success=2 * HOUR).found()[HEARTBEAT_OVERDUE],
    )
    assert {finding.severity for finding in findings} == {severity}
    assert {finding.site for finding in findings} == {"rathaus"}


def test_a_failure_is_told_with_its_code_and_the_last_success() -> None:
    finding = Job().ago(end=HOUR, success=25 * HOUR).exits(3).found()[HEARTBEAT_FAILED]
    assert finding.summary == "Nachtsicherung failed with exit code 3, reported 2027-01-15 08:00"
    assert finding.evidence == ("last success: 2027-01-14 08:00",)


def test_a_failure_without_a_code_says_none() -> None:
    finding = Job().ago(end=HOUR).found()[HEARTBEAT_FAILED]
    assert finding.summary == "Nachtsicherung failed, reported 2027-01-15 08:00"
    assert finding.evidence == ("never a success",)


def test_a_failed_job_is_not_missed_as_well() -> None:
    assert Job().ago(end=HOUR, success=20 * DAY).found().keys() == {HEARTBEAT_FAILED}


def test_a_new_run_does_not_mend_a_failure() -> None:
    finding = Job(longest=8 * HOUR).ago(end=2 * HOUR, start=HOUR).found()[HEARTBEAT_FAILED]
    assert "running since 2027-01-15 08:00" in finding.evidence


def test_a_run_that_began_in_time_may_last_as_long_as_it_may() -> None:
    assert Job(longest=8 * HOUR).ago(success=29 * HOUR, end=29 * HOUR, start=5 * HOUR).found() == {}


def test_a_run_that_lasts_too_long_is_one_alert() -> None:
    found = Job(longest=4 * HOUR).ago(success=29 * HOUR, end=29 * HOUR, start=5 * HOUR).found()
    assert found.keys() == {HEARTBEAT_OVERDUE}
    assert found[HEARTBEAT_OVERDUE].summary == "Nachtsicherung has been running since 2027-01-15 04:00, longer than 4 h"


def test_a_job_that_hangs_each_night_is_missed() -> None:
    found = Job(longest=20 * HOUR).ago(success=3 * DAY, end=3 * DAY, start=HOUR).found()
    assert found.keys() == {HEARTBEAT_MISSING}


def test_without_a_longest_run_a_running_job_is_missed_in_time() -> None:
    found = Job().ago(success=27 * HOUR, end=27 * HOUR, start=5 * HOUR).found()
    assert "running since 2027-01-15 04:00" in found[HEARTBEAT_MISSING].evidence


def test_what_may_have_come_while_nobody_listened_is_neither_missed_nor_fine() -> None:
    scene = Job(listening=HOUR).ago(success=27 * HOUR, end=27 * HOUR)
    assert scene.found() == {}
    assert scene.unverified(HEARTBEAT_MISSING, SUBJECT)
    assert scene.state().state == "unknown"


@pytest.mark.parametrize(
    ("listening", "success"),
    [
        (HOUR, 51 * HOUR),  # a daemon that restarts all the time: not more than one more period
        (3 * HOUR, 27 * HOUR),  # it has listened for a grace again
        (20 * HOUR, 27 * HOUR),  # it listened when the report was due
    ],
)
def test_that_grace_ends(listening: float, success: float) -> None:
    assert Job(listening=listening).ago(success=success, end=success).found().keys() == {HEARTBEAT_MISSING}


@pytest.mark.parametrize("state", [None, False])
def test_where_the_state_is_not_known_nothing_is_said(state: bool | None) -> None:
    scene = Job(polled=False)
    scene.jobs(job(SUBJECT, "heartbeat", up=None) if state is None else failed(SUBJECT, "heartbeat", Reason.CONFIG))
    assert scene.found() == {}
    assert all(scene.unverified(rule, SUBJECT) for rule in RULES)


@pytest.mark.parametrize(
    ("ages", "state"),
    [
        ({}, "down"),
        ({"awaited": HOUR}, "unknown"),
        ({"success": HOUR, "end": HOUR}, "up"),
        ({"success": 2 * HOUR, "end": HOUR}, "down"),
        ({"success": 27 * HOUR, "end": 27 * HOUR}, "down"),
    ],
)
def test_the_service_stands_as_its_job_does(ages: Mapping[str, float], state: str) -> None:
    assert Job().ago(**ages).state().state == state


def test_a_service_answered_last_when_its_job_succeeded() -> None:
    assert Job().ago(success=HOUR, end=HOUR).state().last_success == NOW - HOUR
    assert Job().ago(awaited=HOUR).state().last_success is None
    assert Job().ago(awaited=HOUR).state().detail == "never a success"


@pytest.mark.parametrize("site", ["rathaus", "kreishaus"])
def test_while_the_daemon_is_cut_off_nobody_is_missed(site: str) -> None:
    scene = Job(uplink={"site": site, "gateway": "192.0.2.1"}).ago(success=27 * HOUR, end=27 * HOUR)
    scene.jobs(failed("uplink:192.0.2.1"))
    assert scene.found() == {}
    assert scene.unverified(HEARTBEAT_MISSING, SUBJECT)
    assert the(scene.finding("uplink_down")).evidence == ("192.0.2.1: no answer",)


AGES = st.one_of(st.none(), st.floats(0, 10 * DAY))


@given(AGES, AGES, AGES, st.floats(0, 10 * DAY), st.one_of(st.none(), st.floats(1, DAY)))
def test_no_success_for_two_periods_never_looks_fine(
    success: float | None, end: float | None, start: float | None, listening: float, longest: float | None
) -> None:
    ages = {name: age for name, age in (("success", success), ("end", end), ("start", start)) if age is not None}
    scene = Job(listening=listening, longest=longest, grace=0.0).ago(**ages)
    if success is None or success > 2 * DAY + (longest or 0.0):
        assert scene.found()


@pytest.mark.parametrize(
    ("tested", "severity", "summary"),
    [
        ("2026-08-18", "info", "test the restore of Nachtsicherung: due in 30 days (2027-02-14)"),
        ("2026-07-19", "info", "test the restore of Nachtsicherung: due today (2027-01-15)"),
        ("2026-07-18", "warning", "restore of Nachtsicherung not tested: it was due yesterday (2027-01-14)"),
        (None, "warning", "the restore of Nachtsicherung has never been tested"),
    ],
)
def test_a_restore_test_is_due(tested: str | None, severity: str, summary: str) -> None:
    scene = Job(restore_tested=tested, restore_every=180 * DAY).ago(success=HOUR, end=HOUR)
    finding = the(scene.finding(RESTORE_TEST_DUE))
    assert (finding.severity, finding.summary, finding.norm) == (Severity(severity), summary, "BSI CON.3.A15")


@pytest.mark.parametrize(
    "terms",
    [{}, {"restore_tested": "2026-08-19", "restore_every": 180 * DAY}],
)
def test_no_restore_test_is_due(terms: Mapping[str, Any]) -> None:
    assert Job(**terms).ago(success=HOUR, end=HOUR).finding(RESTORE_TEST_DUE) is None


def test_a_restore_every_thousand_years_is_no_error() -> None:
    assert next_test(date(9500, 1, 1), 1000 * 365 * DAY) == date.max


def test_a_test_on_a_day_to_come_is_none() -> None:
    job = Job(language="de", restore_tested="2031-01-01", restore_every=180 * DAY).ago(success=HOUR, end=HOUR)
    finding = the(job.finding(RESTORE_TEST_DUE))
    assert (finding.severity, finding.evidence[1]) == (Severity.WARNING, "zu testen im Abstand von 180 Tagen")
    assert finding.summary == (
        "Wiederherstellung von Nachtsicherung: der eingetragene Tag des Tests (01.01.2031) liegt in der Zukunft"
    )
