from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from agent.alerts.routing import route_of
from agent.contract import Finding, Severity, Subject
from agent.risk.deadlines import UNPLACED
from config.assets import Asset, AssetFile, registered
from tests.agent.risk.scene import NOW, Scene, the

TODAY = date(2027, 1, 15)  # 08:00 UTC, 09:00 in Berlin
SITES = ("rathaus", "kreishaus")


def in_days(days: int) -> str:
    return (TODAY + timedelta(days=days)).isoformat()


def near(inventory: Mapping[str, Any], language: str = "en", **alerting: Any) -> Finding | None:
    return Scene(inventory, {"alerting": alerting} if alerting else None, language).finding("deadline_near")


def deadline(days: int, **more: str) -> dict[str, Any]:
    return {"deadlines": {"apns": {"name": "APNs", "expires": in_days(days), **more}}}


def contract(days: int, notice: int) -> dict[str, Any]:
    entry = {"provider": "citeq", "ends": in_days(days), "notice": f"{notice}d", "hotline": "0251 1"}
    return {"contracts": {"citeq": entry}}


def test_the_scene_is_today() -> None:
    assert datetime.fromtimestamp(NOW, UTC).date() == TODAY


@pytest.mark.parametrize(
    ("days", "severity", "english", "german"),
    [
        (90, "info", "APNs expires in 90 days (2027-04-15)", "APNs läuft in 90 Tagen ab (15.04.2027)"),
        (30, "warning", "APNs expires in 30 days (2027-02-14)", "APNs läuft in 30 Tagen ab (14.02.2027)"),
        (7, "critical", "APNs expires in 7 days (2027-01-22)", "APNs läuft in 7 Tagen ab (22.01.2027)"),
        (1, "critical", "APNs expires tomorrow (2027-01-16)", "APNs läuft morgen ab (16.01.2027)"),
        (0, "critical", "APNs expires today (2027-01-15)", "APNs läuft heute ab (15.01.2027)"),
        (-1, "critical", "APNs expired yesterday (2027-01-14)", "APNs ist seit gestern abgelaufen (14.01.2027)"),
        (-3, "critical", "APNs expired 3 days ago (2027-01-12)", "APNs ist seit 3 Tagen abgelaufen (12.01.2027)"),
    ],
)
def test_reminders_get_worse_and_stay(days: int, severity: str, english: str, german: str) -> None:
    raw = deadline(days, site="rathaus", what_to_do="same Apple ID")
    finding = the(near(raw))
    assert finding.severity is Severity(severity)
    assert (finding.subject, finding.site) == (Subject("deadline", "apns"), "rathaus")
    assert (finding.summary, finding.evidence) == (english, ("To do: same Apple ID",))
    assert the(near(raw, "de")).summary == german


def test_what_is_far_off_is_no_finding() -> None:
    assert near(deadline(91)) is None
    assert near(contract(400, 180)) is None
    assert near(deadline(60), rules={"deadline_near": {"info": "45d"}}) is None


def test_the_notice_of_a_contract_comes_first() -> None:
    finding = the(near(contract(184, 180), "de"))
    assert finding.severity is Severity.CRITICAL
    assert finding.subject == Subject("contract", "citeq")
    assert finding.summary == "Vertrag citeq: Kündigungsfrist endet in 4 Tagen (19.01.2027)"
    assert finding.evidence == ("Zu tun: kündigen oder die Verlängerung beschließen", "Hotline 0251 1")


def test_a_missed_notice_is_a_fact_that_nobody_can_act_on() -> None:
    finding = the(near(contract(170, 180), "de"))
    assert finding.severity is Severity.INFO
    assert finding.summary == "Vertrag citeq: Kündigungsfrist seit 10 Tagen verstrichen (05.01.2027)"
    assert finding.evidence == ("Hotline 0251 1",)


def test_notice_and_end_of_a_contract_are_one_finding() -> None:
    finding = the(near(contract(25, 20)))
    assert finding.severity is Severity.CRITICAL
    assert finding.summary == "contract citeq: the time to give notice ends in 5 days (2027-01-20)"
    assert finding.evidence[0] == "contract citeq ends in 25 days (2027-02-09)"
    later = the(near(contract(10, 20)))
    assert (later.severity, later.summary) == (Severity.WARNING, "contract citeq ends in 10 days (2027-01-25)")
    assert later.evidence[0] == "contract citeq: the last day to give notice passed 10 days ago (2027-01-05)"
    over = the(near(contract(-1, 20)))
    assert (over.severity, over.summary) == (Severity.CRITICAL, "contract citeq ended yesterday (2027-01-14)")


def test_a_severity_as_configured() -> None:
    assert the(near(deadline(-1), rules={"deadline_near": {"severity": "info"}})).severity is Severity.INFO


def test_routes_and_acceptances_may_name_deadlines() -> None:
    routes = [
        {"match": {"subject": "deadline:other"}, "receivers": ["x"]},
        {"match": {"subject": "deadline:apns"}, "receivers": ["y"]},
    ]
    scene = Scene(deadline(5), {"alerting": {"routes": routes}})
    finding = the(scene.finding("deadline_near"))
    assert route_of(finding, scene.settings) is scene.settings.alerting.routes[1]


# --- warranties ------------------------------------------------------------------------------------------------------


def devices(count: int, days: int, site: str = "rathaus", model: str = "iPad 9") -> list[Asset]:
    until = date.fromisoformat(in_days(days))
    return [Asset(n, f"{site}{days}{model}{n}", "tablet", model, site=site, warranty_until=until) for n in range(count)]


def warranties(*groups: list[Asset], language: str = "en") -> list[Finding]:
    assets = tuple(asset for group in groups for asset in group)
    files = registered([AssetFile(Path("a.csv"), assets)], SITES)
    found = Scene({"assets": files}, language=language).judge().findings
    assert {finding.rule for finding in found} <= {"warranty_ending"}
    return list(found)


def test_1400_devices_are_one_finding_for_each_site() -> None:
    groups = (
        devices(600, 90),
        devices(500, 20),
        devices(100, 20, model="L14"),
        devices(150, 45, "kreishaus"),
        devices(50, 45, "unknown"),
    )
    first, lost, second = warranties(*groups)
    assert first.subject == Subject("site", "rathaus")
    assert first.severity is Severity.INFO
    assert first.summary == "Rathaus: warranty of 1200 device(s) ends, first in 20 days (2027-02-04)"
    assert first.evidence == ("2027-02-04: 500 × iPad 9, 100 × L14", "2027-04-15: 600 × iPad 9")
    assert (first.site, second.site) == ("rathaus", "kreishaus")
    assert second.summary == "kreishaus: warranty of 150 device(s) ends, first in 45 days (2027-03-01)"
    assert (lost.subject, lost.site) == (UNPLACED, None)


def test_warranties_that_are_over_or_far_off_are_no_finding() -> None:
    assert warranties(devices(1400, -1), devices(1400, 91)) == []
    (german,) = warranties(devices(3, -1), devices(2, 0), language="de")
    assert german.summary == "Rathaus: Garantie von 2 Gerät(en) endet, zuerst heute (15.01.2027)"


def test_the_evidence_is_bounded() -> None:
    (finding,) = warranties(*(devices(1, days) for days in range(60)))
    assert len(finding.evidence) == 20
    assert finding.evidence[-1] == "2027-02-03: 1 × iPad 9 (and 40 more)"
