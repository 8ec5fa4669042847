"""Licences renew, and before that notice can be given: as with contracts, one alert for all days of a licence."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from agent.contract import Finding, Severity, Subject
from agent.risk.deadlines import endings
from agent.risk.texts import Words
from exporters.web.calendar import api_rows, make_calendar, page_rows
from tests.agent.risk.scene import NOW, Scene, the

TODAY = date(2027, 1, 15)


def scene(days: int, notice: int | None = 60, language: str = "de", **keys: Any) -> Scene:
    terms = {"product": "Microsoft 365 A3", "renews": (TODAY + timedelta(days=days)).isoformat(), "site": "rathaus"}
    given = {} if notice is None else {"notice": f"{notice}d"}
    return Scene({"licences": {"a3": {**terms, **given, **keys}}}, language=language)


def near(*args: Any, **keys: Any) -> Finding | None:
    return scene(*args, **keys).finding("deadline_near")


def test_the_notice_of_a_licence_comes_first_and_is_never_critical() -> None:
    found = the(near(64))
    assert (found.subject, found.site, found.severity) == (Subject("licence", "a3"), "rathaus", Severity.WARNING)
    assert found.summary == "Kündigungsfrist für Microsoft 365 A3 endet in 4 Tagen (19.01.2027)"
    assert found.evidence == (
        "Lizenzlaufzeit von Microsoft 365 A3 verlängert sich in 64 Tagen (20.03.2027)",
        "Zu tun: Zahl der Plätze prüfen; kündigen oder verlängern",
    )


def test_after_the_notice_it_renews_by_itself() -> None:
    found = the(near(40, language="en"))
    assert found.severity is Severity.INFO
    assert found.summary == "licence term of Microsoft 365 A3 renews in 40 days (2027-02-24)"
    assert found.evidence[0] == "last day to give notice of Microsoft 365 A3 passed 20 days ago (2026-12-26)"
    over = the(near(-3))
    assert over.severity is Severity.INFO
    assert over.summary == "Lizenzlaufzeit von Microsoft 365 A3 ist seit 3 Tagen verlängert (12.01.2027)"


def many(count: int, **keys: Any) -> dict[str, Any]:
    terms = {"seats": 1, "renews": "2027-01-25", **keys}
    return {f"l{number}": {"product": f"P{number}", **terms} for number in range(count)}


def test_licences_of_one_contract_and_day_are_one_alert() -> None:
    contract = {"land": {"provider": "Landesvertrag"}}
    one = Scene({"contracts": contract, "licences": many(10, contract="land", site="rathaus")}, language="de")
    found = the(one.finding("deadline_near"))
    assert (found.subject, found.site) == (Subject("licence", "l0"), "rathaus")
    assert found.summary == "Lizenzlaufzeit von P0, P1, P2 und 7 weitere endet in 10 Tagen (25.01.2027)"


def test_licences_of_other_contracts_sites_or_days_are_others() -> None:
    licences = {
        **{f"a{key}": one for key, one in many(2, site="rathaus").items()},
        **{f"b{key}": one for key, one in many(2, site="kreishaus").items()},
        **{f"c{key}": one for key, one in many(2, site="rathaus", renews="2027-01-26").items()},
        **{f"d{key}": one for key, one in many(2, site="rathaus", contract="land").items()},
    }
    judged = Scene({"contracts": {"land": {"provider": "L"}}, "licences": licences}).judge()
    found = [one.subject.id for one in judged.findings if one.rule == "deadline_near"]
    assert sorted(found) == ["al0", "bl0", "cl0", "dl0"]


@pytest.mark.parametrize(("days", "severity"), [(90, "info"), (30, "warning"), (7, "critical"), (-1, "critical")])
def test_without_notice_only_the_end_reminds(days: int, severity: str) -> None:
    found = the(near(days, None))
    assert found.severity is Severity(severity)
    assert found.evidence == ("Zu tun: verlängern oder ablösen",)


def test_what_is_far_off_or_has_no_end_is_no_finding() -> None:
    assert near(200) is None
    assert Scene({"licences": {"a3": {"product": "P", "notice": "60d"}}}).finding("deadline_near") is None


def test_a_name_of_its_own_is_used() -> None:
    assert the(near(20, None, name="Office der Schulen")).summary.startswith(
        "Lizenzlaufzeit von Office der Schulen endet"
    )


def test_page_api_and_calendar_list_both_days() -> None:
    one = scene(64)
    found = endings(one.inventory, one.settings, one.view(NOW))
    assert [(row["kind"], row["subject"], row["site"]) for row in api_rows(found)] == [
        ("licence_notice", "licence:a3", "rathaus"),
        ("licence_renewal", "licence:a3", "rathaus"),
    ]
    assert [row.kind for row in page_rows(found, Words("de"))] == [
        "Kündigungsfrist einer Lizenz",
        "Verlängerung einer Lizenz",
    ]
    calendar = make_calendar(found, NOW, one.inventory, one.settings).decode()
    assert "licence_notice-a3@" in calendar
    assert "licence_renewal-a3@" in calendar
