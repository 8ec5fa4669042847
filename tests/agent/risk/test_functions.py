"""Where a critical function stands: its legs alive and fresh, and what is said when they are not."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from pydantic import SecretStr

from agent import neutral
from agent.contract import Finding, FunctionState, JobState, Severity, Subject
from agent.families import HEARTBEAT_AWAITED, HEARTBEAT_END, HEARTBEAT_GOOD, HEARTBEAT_SUCCESS
from agent.risk.catalogue.functions import (
    FAILOVER_TEST_DUE,
    FUNCTION_DOWN,
    FUNCTION_ON_STANDBY,
    FUNCTION_UNVERIFIED,
    FUNCTION_WITHOUT_STANDBY,
    LEGS_SHARE_RISK,
    STANDBY_LOST,
)
from tests.agent.risk.scene import NOW, Scene, failed, job, the, unpolled

DAY = 86400.0
LIVE = (FUNCTION_DOWN, FUNCTION_ON_STANDBY, STANDBY_LOST, FUNCTION_UNVERIFIED)
# The two functions of the reference, in small.
TOWN: dict[str, Any] = {
    "devices": {
        "srv-fach-1": {"site": "rathaus", "address": "192.0.2.1", "role": "server"},
        "usv": {"site": "rathaus", "address": "192.0.2.2", "role": "ups"},
    },
    "links": {
        "rh-fibre": {"kind": "fibre", "ends": ["rathaus", "kreishaus"], "probe": {"icmp": "192.0.2.3"}},
        "rh-lte": {"kind": "mobile", "ends": ["rathaus", "kreishaus"], "standby": True, "probe": {"icmp": "192.0.2.4"}},
    },
    "services": {
        "backup-nacht": {
            "heartbeat": {"every": "24h", "grace": "2h", "token": SecretStr("0123456789abcdef")},
            "site": "rathaus",
        }
    },
    "functions": {
        "fachverfahren": {"name": "Fachverfahren", "primary": "srv-fach-1", "standby": ["backup-nacht"]},
        "internet": {"name": "Internetzugang", "primary": "rh-fibre", "standby": ["rh-lte"]},
    },
}
SERVER, BACKUP = "device:srv-fach-1", "service:backup-nacht"
FIBRE, LTE, UPS = "link:rh-fibre", "link:rh-lte", "device:usv"


def alone(name: str, **more: Any) -> dict[str, Any]:
    """Return the town with this function only."""
    return {**TOWN, "functions": {name: {**TOWN["functions"].get(name, {}), **more}}}


def town(*jobs: JobState, age: float | None = 3600.0, raw: dict[str, Any] | None = None, language: str = "en") -> Scene:
    """Everything answers but for these jobs; ``age``: of the last backup in seconds."""
    scene = Scene(raw or TOWN, language=language).jobs(*jobs)
    told = {str(one.key.subject) for one in jobs}
    checks = {SERVER: "scrape", UPS: "snmp", FIBRE: "icmp", LTE: "icmp", BACKUP: "heartbeat"}
    scene.jobs(*(job(subject, check, since=NOW - 30 * DAY) for subject, check in checks.items() if subject not in told))
    scene.shows(HEARTBEAT_AWAITED.name, BACKUP, NOW - 30 * DAY)
    if age is not None:
        scene.shows(HEARTBEAT_SUCCESS.name, BACKUP, NOW - age).shows(HEARTBEAT_END.name, BACKUP, NOW - age)
        scene.shows(HEARTBEAT_GOOD.name, BACKUP, 1)
    return scene


def state(scene: Scene, name: str) -> FunctionState:
    house = scene.judge().house
    assert house is not None
    return house.functions[name]


def live(scene: Scene) -> dict[tuple[str, str], Finding]:
    return {(one.subject.id, one.rule): one for one in scene.judge().findings if one.rule in LIVE}


def test_with_both_legs_alive_a_function_is_redundant_and_nothing_is_said() -> None:
    scene = town()
    assert [state(scene, name).state for name in ("fachverfahren", "internet")] == ["redundant", "redundant"]
    assert live(scene) == {}


def test_a_standby_link_that_is_up_counts_as_alive() -> None:
    assert [one.state for one in state(town(), "internet").standby] == ["up"]


def test_on_standby_names_what_took_the_primary_down_so_that_one_cut_is_one_alert() -> None:
    found = live(town(failed(FIBRE)))
    assert found.keys() == {("internet", FUNCTION_ON_STANDBY)}
    (finding,) = found.values()
    assert (finding.severity, finding.cause) == (Severity.WARNING, Subject("link", "rh-fibre"))
    assert finding.summary == (
        "Internetzugang: link Rathaus–kreishaus (rh-fibre) is down, which leaves link Rathaus–kreishaus (rh-lte)"
    )


def test_a_lost_standby_is_a_warning_of_its_own_function() -> None:
    found = live(town(failed(LTE)))
    assert found.keys() == {("internet", STANDBY_LOST)}
    assert found["internet", STANDBY_LOST].cause == Subject("link", "rh-lte")


def test_no_leg_alive_is_critical_and_has_no_cause_where_there_are_two() -> None:
    scene = town(failed(SERVER, "scrape"), age=10 * DAY)
    (finding,) = live(scene).values()
    assert (finding.rule, finding.severity, finding.cause) == (FUNCTION_DOWN, Severity.CRITICAL, None)
    assert finding.evidence == (
        "primary srv-fach-1: down, scrape: timeout",
        "standby backup-nacht: down, last success: 2027-01-05 09:00",
    )
    assert state(scene, "fachverfahren").state == "down"


def test_in_german_as_an_editor_would_write_it() -> None:
    scene = town(failed(SERVER, "scrape"), age=10 * DAY, language="de")
    (finding,) = live(scene).values()
    assert finding.summary == "Fachverfahren ist ausgefallen: srv-fach-1 und backup-nacht nicht verfügbar"
    assert finding.evidence[1] == "Ersatz backup-nacht: ausgefallen, letzter Erfolg: 05.01.2027 09:00"


# --- what is not known -----------------------------------------------------------------------------------------------


def test_an_unknown_primary_is_no_failure_and_the_alert_neither_opens_nor_resolves() -> None:
    scene = town(unpolled(SERVER, "scrape"))
    assert live(scene) == {}
    assert state(scene, "fachverfahren").state == "unknown"
    assert scene.unverified(FUNCTION_ON_STANDBY, "function:fachverfahren")
    assert not scene.unverified(FUNCTION_DOWN, "function:fachverfahren")


def test_with_the_standby_unknown_a_primary_that_fails_may_be_the_end_of_it() -> None:
    scene = town(failed(SERVER, "scrape"), unpolled(BACKUP, "heartbeat"))
    assert state(scene, "fachverfahren").state == "unknown"
    assert scene.unverified(FUNCTION_DOWN, "function:fachverfahren")
    assert scene.unverified(FUNCTION_ON_STANDBY, "function:fachverfahren")


def test_what_is_out_of_date_is_unknown_never_up() -> None:
    stale = job(SERVER, "scrape")
    scene = town(replace(stale, reading=None))
    leg = state(scene, "fachverfahren").primary
    assert (leg.state, leg.detail) == ("unknown", "what it last said is out of date")
    finding = live(scene)["fachverfahren", FUNCTION_UNVERIFIED]
    assert finding.severity == Severity.INFO
    assert finding.summary == "Fachverfahren: cannot be told whether available: srv-fach-1"


def test_of_a_leg_that_was_never_asked_nothing_is_said_yet() -> None:
    scene = town(unpolled(SERVER, "scrape"))
    assert scene.unverified(FUNCTION_UNVERIFIED, "function:fachverfahren")


def test_a_lost_packet_changes_nothing() -> None:
    scene = town(failed(SERVER, "scrape", failures=1))
    assert live(scene) == {}
    assert scene.unverified(FUNCTION_ON_STANDBY, "function:fachverfahren")


# --- backups and UPS as legs -----------------------------------------------------------------------------------------


def test_a_backup_that_is_late_is_still_one_but_restricted() -> None:
    scene = town(age=30 * 3600.0)
    leg = state(scene, "fachverfahren").standby[0]
    assert (leg.state, leg.detail) == ("degraded", "last success: 2027-01-14 03:00")
    finding = live(scene)["fachverfahren", STANDBY_LOST]
    assert (finding.severity, finding.cause) == (Severity.INFO, Subject("service", "backup-nacht"))
    assert finding.summary == "Fachverfahren: standby backup-nacht available with restrictions only"


def test_a_backup_that_never_succeeded_is_none() -> None:
    assert state(town(age=None), "fachverfahren").standby[0].state == "down"


@pytest.mark.parametrize(
    ("shown", "expected"),
    [
        ({neutral.UPS_ON_BATTERY: 0}, ("up", "")),
        ({neutral.UPS_ON_BATTERY: 1}, ("degraded", "on battery")),
        ({neutral.UPS_ON_BATTERY: 1, neutral.UPS_SELF_TEST_RUNNING: 1}, ("up", "")),
        ({neutral.UPS_ON_BATTERY: 0, neutral.UPS_BATTERY_REPLACE: 1}, ("degraded", "battery to be replaced")),
        ({}, ("unknown", "whether on mains is not known")),
    ],
)
def test_a_ups_stands_by_while_it_is_on_mains_with_a_good_battery(
    shown: dict[Any, float], expected: tuple[str, str]
) -> None:
    scene = town(raw=alone("strom", primary="srv-fach-1", standby=["usv"]))
    for family, value in shown.items():
        scene.shows(family.name, UPS, value)
    leg = state(scene, "strom").standby[0]
    assert (leg.state, leg.detail) == expected


# --- figures ---------------------------------------------------------------------------------------------------------


def test_the_state_is_a_set_and_an_unknown_leg_has_no_figure() -> None:
    measures = town(failed(FIBRE), unpolled(SERVER, "scrape")).judge().measures
    shown = {(one.family.name, one.labels): one.value for one in measures if "function" in one.family.name}
    states = {labels: value for (family, labels), value in shown.items() if family == "ringwacht_function_state"}
    assert states["internet", "on_standby"] == states["fachverfahren", "unknown"] == 1
    assert sum(states.values()) == 2
    legs = {labels: value for (family, labels), value in shown.items() if family == "ringwacht_function_leg_up"}
    assert legs == {
        ("internet", FIBRE, "primary"): 0,
        ("internet", LTE, "standby"): 1,
        ("fachverfahren", BACKUP, "standby"): 1,
    }


# --- what is so by design --------------------------------------------------------------------------------------------


def test_the_server_and_its_backup_share_the_town_hall() -> None:
    finding = the(town().finding(LEGS_SHARE_RISK))
    assert (str(finding.subject), finding.severity) == ("function:fachverfahren", Severity.INFO)
    assert finding.summary == "Fachverfahren: srv-fach-1 and backup-nacht fail together with site Rathaus"


def test_a_function_with_one_leg_is_a_gap() -> None:
    scene = town(raw=alone("fachverfahren", standby=[]))
    assert the(scene.finding(FUNCTION_WITHOUT_STANDBY)).severity == Severity.INFO
    assert state(scene, "fachverfahren").state == "standby_lost"
    assert live(scene) == {}


@pytest.mark.parametrize(
    ("tested", "severity", "summary"),
    [
        ("2026-12-01", None, ""),
        ("2026-02-10", Severity.INFO, "test the switch-over of Fachverfahren: due in 26 days (2027-02-10)"),
        (
            "2026-01-10",
            Severity.WARNING,
            "switch-over of Fachverfahren not tested: it was due 5 days ago (2027-01-10)",
        ),
        (None, Severity.WARNING, "the switch-over of Fachverfahren has never been tested"),
    ],
)
def test_a_switch_over_must_be_tested_again(tested: str | None, severity: Severity | None, summary: str) -> None:
    given = {"test_every": "365d"} | ({} if tested is None else {"failover_tested": tested})
    finding = town(raw=alone("fachverfahren", **given)).finding(FAILOVER_TEST_DUE)
    assert (None if finding is None else (finding.severity, finding.summary)) == (
        None if severity is None else (severity, summary)
    )


def test_without_an_interval_no_test_is_due() -> None:
    assert town().finding(FAILOVER_TEST_DUE) is None
