"""Where legs stand that say little of themselves: a UPS by its figures, what is not to blame for being unknown."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from agent import neutral
from agent.contract import Leg, MetricFamily, Reason, Subject
from agent.families import HEARTBEAT_AWAITED
from agent.risk.catalogue.functions import (
    FAILOVER_TEST_DUE,
    FUNCTION_DOWN,
    FUNCTION_UNVERIFIED,
    FUNCTION_WITHOUT_STANDBY,
    LEGS_SHARE_RISK,
)
from tests.agent.risk.scene import NOW, Scene, failed, job, the
from tests.agent.risk.test_functions import BACKUP, FIBRE, LTE, SERVER, TOWN, UPS, alone, live, state, town

HOUR = 3600.0
WELL = {neutral.UPS_ON_BATTERY: 0.0}


def power(shown: Mapping[MetricFamily, float], *, primary: bool = False) -> Leg:
    """Return where the UPS stands as the primary or the standby leg."""
    legs = {"primary": "usv", "standby": ["srv-fach-1"]} if primary else {"primary": "srv-fach-1", "standby": ["usv"]}
    scene = town(raw=alone("strom", **legs))
    for family, value in shown.items():
        scene.shows(family.name, UPS, value)
    known = state(scene, "strom")
    return known.primary if primary else known.standby[0]


@pytest.mark.parametrize(
    ("wrong", "detail"),
    [
        (neutral.UPS_BYPASS, "on bypass, bridges no outage"),
        (neutral.UPS_BATTERY_LOW, "battery nearly empty"),
    ],
)
def test_a_ups_that_would_bridge_nothing_is_no_standby_but_still_feeds(wrong: MetricFamily, detail: str) -> None:
    shown = {**WELL, wrong: 1.0}
    assert (power(shown).state, power(shown).detail) == ("down", detail)
    assert power(shown, primary=True).state == "degraded"


def test_of_a_ups_that_only_answers_a_ping_nothing_is_known() -> None:
    dead = failed(UPS, "snmp", since=NOW - 2 * HOUR)
    scene = town(job(UPS, "icmp", since=NOW - 1000), dead, raw=alone("strom", primary="srv-fach-1", standby=["usv"]))
    leg = state(scene, "strom").standby[0]
    assert (leg.state, leg.detail) == ("unknown", "whether on mains is not known")
    assert live(scene)["strom", FUNCTION_UNVERIFIED].cause == Subject("device", "usv")


def test_a_device_that_only_refuses_us_says_so() -> None:
    leg = state(town(failed(SERVER, "snmp", Reason.AUTH, since=NOW - 2 * HOUR, detail="usm")), "fachverfahren").primary
    assert (leg.state, leg.detail) == ("unknown", "snmp: usm")


# --- unknown, and told elsewhere or not due yet ----------------------------------------------------------------------


def quiet(scene: Scene, function: str = "fachverfahren") -> bool:
    """Whether nothing is said of what is unknown, and what stood stays."""
    known = state(scene, function).state == "unknown"
    return known and live(scene) == {} and scene.unverified(FUNCTION_UNVERIFIED, f"function:{function}")


def test_what_ringwacht_cannot_poll_is_told_once_and_not_of_each_function() -> None:
    assert quiet(town(failed(SERVER, "scrape", Reason.CONFIG, since=NOW - 2 * HOUR)))


def test_a_backup_that_is_not_due_yet_is_not_missed() -> None:
    scene = Scene(TOWN).jobs(job(SERVER, "scrape"), job(FIBRE), job(LTE), job(BACKUP, "heartbeat"))
    assert quiet(scene.shows(HEARTBEAT_AWAITED.name, BACKUP, NOW - 2 * HOUR))


def test_while_ringwacht_is_cut_off_it_says_so_once() -> None:
    scene = town()
    scene.settings = Scene(settings={"uplink": {"site": "kreishaus", "gateway": "192.0.2.254"}}).settings
    scene.jobs(failed("uplink:gateway", since=NOW - 2 * HOUR))
    assert quiet(scene)
    assert quiet(scene, "internet")


def test_a_leg_that_nobody_asks_is_told_beside_one_that_is_to_come() -> None:
    scene = Scene(TOWN).jobs(job(BACKUP, "heartbeat")).shows(HEARTBEAT_AWAITED.name, BACKUP, NOW - HOUR)
    assert live(scene)["fachverfahren", FUNCTION_UNVERIFIED].summary == (
        "Fachverfahren: cannot be told whether available: srv-fach-1"
    )


# --- texts -----------------------------------------------------------------------------------------------------------


def test_two_that_are_left_are_two_in_german() -> None:
    raw = alone("fachverfahren", standby=["backup-nacht", "usv"])
    scene = town(failed(SERVER, "scrape"), raw=raw, language="de").shows(neutral.UPS_ON_BATTERY.name, UPS, 0)
    (finding,) = live(scene).values()
    assert finding.summary == "Fachverfahren: srv-fach-1 ist ausgefallen, als Ersatz gibt es backup-nacht und usv"
    assert finding.evidence[0] == "Regelbetrieb srv-fach-1: ausgefallen, scrape: timeout"


def test_what_is_so_by_design_says_nothing_of_today() -> None:
    for rule, scene in (
        (LEGS_SHARE_RISK, town()),
        (FUNCTION_WITHOUT_STANDBY, town(raw=alone("fachverfahren", standby=[]))),
        (FAILOVER_TEST_DUE, town(raw=alone("fachverfahren", test_every="365d"))),
    ):
        assert not any("srv-fach-1" in said for said in the(scene.finding(rule)).evidence)


def test_the_requirement_on_lines_is_named_for_lines_only() -> None:
    assert the(town().finding(LEGS_SHARE_RISK)).norm is None
    raw = alone("internet")
    links = {name: {**link, "shared_risk": ["duct"]} for name, link in raw["links"].items()}
    assert the(town(raw={**raw, "links": links}).finding(LEGS_SHARE_RISK)).norm == "BSI NET.1.1.A29"


def test_a_switch_over_that_was_tested_on_a_day_to_come_was_not() -> None:
    raw = alone("fachverfahren", failover_tested="2031-01-01", test_every="365d")
    assert the(town(raw=raw, language="de").finding(FAILOVER_TEST_DUE)).summary == (
        "Umschalttest von Fachverfahren: der eingetragene Tag (01.01.2031) liegt in der Zukunft"
    )


def test_links_that_end_at_a_dark_site_are_down_because_of_it() -> None:
    scene = town(failed(FIBRE), failed(LTE), failed(SERVER, "scrape"), failed(UPS, "snmp"))
    found = live(scene)["internet", FUNCTION_DOWN]
    assert found.cause == Subject("site", "rathaus")
