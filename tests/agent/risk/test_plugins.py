from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest

from agent.contract import Harvest, JobState, Layout, Reading, Reason, Series, Severity
from agent.families import PLUGIN_STATUS
from agent.risk.catalogue.services import PLUGIN_FAILING, SERVICE_FAILING
from agent.risk.plugins import told_state
from agent.risk.sight import Sight
from tests.agent.risk.scene import NOW, Scene, Windows, failed, job, subject_of, the, unpolled
from tests.harness.fakes import FakeView

PLUGIN = {"command": ["/usr/lib/nagios/plugins/check_radius"]}
INVENTORY = {
    "services": {
        "radius": {"name": "WLAN-Anmeldung", "plugin": PLUGIN, "critical": True, "site": "rathaus"},
        "intern": {"plugin": PLUGIN},
    },
    "devices": {"ldap": {"site": "rathaus", "checks": ["plugin"]}},
}


def ran(subject: str, facts: Mapping[str, str] | None = None) -> JobState:
    polled = job(subject, "plugin")
    reading = Reading(polled.key, polled.target, NOW, 0.1, Harvest(Layout(), (), facts or {}))
    return replace(polled, reading=reading)


def scene(subject: str, status: float, language: str = "en", **facts: str) -> Scene:
    return Scene(INVENTORY, language=language).jobs(ran(subject, facts)).shows(PLUGIN_STATUS.name, subject, status)


@pytest.mark.parametrize(
    ("subject", "status", "severity"),
    [
        ("device:ldap", 0, None),
        ("device:ldap", 1, Severity.WARNING),
        ("device:ldap", 2, Severity.CRITICAL),
        ("device:ldap", 3, Severity.WARNING),
        ("service:radius", 1, Severity.WARNING),
        ("service:radius", 2, Severity.CRITICAL),
        ("service:radius", 3, Severity.WARNING),
        ("service:intern", 2, Severity.WARNING),
    ],
)
def test_severity(subject: str, status: float, severity: Severity | None) -> None:
    made = scene(subject, status)
    found = made.finding(PLUGIN_FAILING)
    assert (found and found.severity) == severity
    assert found is None or str(found.subject) == subject
    assert made.finding(SERVICE_FAILING) is None
    assert not made.unverified(PLUGIN_FAILING, subject)


def test_the_plug_in_is_quoted() -> None:
    facts = {
        "plugin_output": "RADIUS CRITICAL - timeout\x1b",
        "plugin_beyond": "time=9s (critical 5)",
        "plugin_exit": "7",
    }
    found = the(scene("service:radius", 2, **facts).finding(PLUGIN_FAILING))
    assert found.summary == "WLAN-Anmeldung reports CRITICAL: RADIUS CRITICAL - timeout\ufffd"
    assert found.evidence == (
        "status of the plug-in: 2",
        "exit status 7, which no plug-in should have",
        "time=9s (critical 5)",
    )
    assert found.site == "rathaus"
    german = the(scene("device:ldap", 3, "de").finding(PLUGIN_FAILING))
    assert german.summary == "ldap meldet UNKNOWN: ohne Text"


def test_a_long_text_is_cut() -> None:
    found = the(scene("device:ldap", 1, plugin_output="x" * 500).finding(PLUGIN_FAILING))
    assert len(found.summary.encode()) <= 160 + len("ldap reports WARNING: ")


@pytest.mark.parametrize(
    "silent", [unpolled("service:radius", "plugin"), failed("service:radius", "plugin", failures=1)]
)
def test_before_it_is_known_it_is_unverified(silent: JobState) -> None:
    made = Scene(INVENTORY).jobs(silent)
    assert made.finding(PLUGIN_FAILING) is None
    assert made.unverified(PLUGIN_FAILING, "service:radius")
    assert made.unverified(SERVICE_FAILING, "service:radius")


def test_a_run_that_failed_twice_is_a_failing_service_and_what_was_said_before_is_not_current() -> None:
    down = failed("service:radius", "plugin", Reason.TIMEOUT, detail="no result within 23.0 s; killed")
    made = Scene(INVENTORY).jobs(down).shows(PLUGIN_STATUS.name, "service:radius", 2)
    assert made.finding(PLUGIN_FAILING) is None
    assert made.unverified(PLUGIN_FAILING, "service:radius")
    assert "no result within" in the(made.finding(SERVICE_FAILING)).summary


def test_other_checks_are_not_asked_for() -> None:
    made = Scene(INVENTORY).jobs(unpolled("device:sw-1", "icmp"))
    assert not made.unverified(PLUGIN_FAILING, "device:sw-1")


@pytest.mark.parametrize(("status", "state"), [(0, None), (1, "degraded"), (2, "down"), (3, "unknown")])
def test_the_state_that_it_tells(status: float, state: str | None) -> None:
    radius, made = subject_of("service:radius"), scene("service:radius", status)
    view = FakeView((), [(PLUGIN_STATUS.name, Series(radius, None, {}, status, NOW))], NOW)
    assert told_state(Sight.of(made.inventory, made.settings, view, Windows({})), radius) == state
