"""Does a cloud service report a fault, and are the sources read?"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from agent.alerts.lifecycle import Policy, step
from agent.contract import AlertState, Finding, Harvest, JobState, Layout, Reading, Reason, Severity, Subject
from agent.estate import CloudIssue
from tests.agent.risk.scene import NOW, Scene, failed, job, the, unpolled

SOURCES = {
    "m365": {"cloud": "microsoft365", "tenant": "t", "credential": "c", "site": "rathaus"},
    "mdm": {"mdm": "relution", "url": "https://mdm.example/api", "credential": "c"},
}
STATUS, ISSUES = "ringwacht_cloud_service_status", "ringwacht_cloud_service_open_issues"
RULE = "cloud_service_degraded"
MAIL, TEAMS = "Exchange Online", "Microsoft Teams"


def says(issues: tuple[CloudIssue, ...] | None = None) -> JobState:
    one = job("source:m365", "microsoft365")
    reading = Reading(one.key, one.target, NOW, 0.1, Harvest(Layout(), (), issues=issues))
    return replace(one, reading=reading)


def scene(
    states: dict[str, str],
    language: str = "en",
    issues: tuple[CloudIssue, ...] | None = (),
    important: tuple[str, ...] = (),
    **counts: int,
) -> Scene:
    sources = {**SOURCES, "m365": {**SOURCES["m365"], "important": important}}
    one = Scene({"sources": sources}, language=language).jobs(says(issues))
    for service, state in states.items():
        for other in ("operational", "degraded", "interrupted", "unknown", state):
            one.shows(STATUS, "source:m365", float(other == state), service=service, status=other)
    for classification, count in counts.items():
        one.shows(ISSUES, "source:m365", count, service=TEAMS, classification=classification)
    return one


def found(*args: Any, **keys: Any) -> Finding | None:
    return scene(*args, **keys).finding(RULE)


def test_a_tenant_without_a_fault_is_no_finding() -> None:
    one = scene({MAIL: "operational", TEAMS: "operational"})
    assert one.finding(RULE) is None
    assert not one.unverified(RULE, "source:m365")


def test_each_service_that_has_a_fault_is_a_finding() -> None:
    judged = scene({MAIL: "degraded", TEAMS: "interrupted", "Viva": "operational"}, "de").judge()
    one, other = [finding for finding in judged.findings if finding.rule == RULE]
    assert (one.subject, one.site, one.severity) == (Subject("source", f"m365/{MAIL}"), "rathaus", Severity.WARNING)
    assert (one.summary, other.summary) == (
        "m365: Exchange Online eingeschränkt",
        "m365: Microsoft Teams ausgefallen",
    )


@pytest.mark.parametrize(
    ("important", "severity"), [((), "warning"), ((MAIL,), "warning"), (("microsoft TEAMS",), "critical")]
)
def test_an_interruption_is_critical_where_the_service_is_important(important: tuple[str, ...], severity: str) -> None:
    assert the(found({TEAMS: "interrupted"}, important=important)).severity is Severity(severity)


def test_a_service_whose_name_holds_a_colon_can_be_named_by_a_match() -> None:
    assert the(found({"a:b/c": "degraded"})).subject == Subject("source", "m365/a b/c")


@pytest.mark.parametrize("state", ["degraded", "recovering", "investigating"])
@pytest.mark.parametrize(
    ("counts", "severity"),
    [
        ({}, "warning"),
        ({"incident": 1, "advisory": 2}, "warning"),
        ({"incident": 0, "advisory": 0}, "warning"),
        ({"incident": 0, "advisory": 2}, "info"),
    ],
)
@pytest.mark.parametrize("name", [TEAMS, TEAMS.upper()])
def test_advisories_alone_are_a_note(state: str, counts: dict[str, int], severity: str, name: str) -> None:
    assert the(found({name: state, MAIL: "operational"}, **counts)).severity is Severity(severity)


def test_advisories_of_another_service_are_no_excuse() -> None:
    assert the(found({MAIL: "degraded"}, incident=0, advisory=1)).severity is Severity.WARNING


def test_without_the_issues_it_is_not_known_how_bad_a_fault_is() -> None:
    one = scene({TEAMS: "degraded", MAIL: "operational"}, issues=None)
    assert one.finding(RULE) is None
    assert one.unverified(RULE, f"source:m365/{TEAMS}")
    assert not one.unverified(RULE, f"source:m365/{MAIL}")
    assert the(found({TEAMS: "interrupted"}, issues=None)).severity is Severity.WARNING


def test_what_the_cloud_says_is_quoted() -> None:
    issues = (
        CloudIssue(TEAMS, "incident", "Calls drop", "No calls.", NOW),
        CloudIssue(MAIL, "advisory", "Other", "", None),
    )
    one = the(found({TEAMS: "degraded"}, issues=issues))
    assert one.summary == "m365: Microsoft Teams degraded"
    assert one.evidence == ("Calls drop (since 2027-01-15 09:00)", "effect: No calls.")


@pytest.mark.parametrize("began_at", [1e300, -1.0, float("nan")])
def test_what_is_said_amiss_does_no_harm(began_at: float) -> None:
    one = the(found({TEAMS: "degraded"}, issues=(CloudIssue(TEAMS, "incident", "{x}", "\x1b[2J", began_at),)))
    assert one.evidence[0] == "{x}"
    assert "\x1b" not in "".join(one.evidence)


def test_a_word_of_the_cloud_that_nobody_knows_holds_the_alert_of_its_service_only() -> None:
    one = scene({MAIL: "operational", TEAMS: "unknown"})
    assert one.finding(RULE) is None
    assert one.unverified(RULE, f"source:m365/{TEAMS}")
    assert not one.unverified(RULE, "source:m365")


def test_without_its_health_nothing_is_known_of_any_service() -> None:
    assert Scene({"sources": SOURCES}).unverified(RULE, "source:m365")
    policy = Policy.of(Scene().settings, {})
    firing = step({}, scene({TEAMS: "interrupted"}).judge(), replace(policy, rule_hold={RULE: 0.0}), NOW).alerts
    dark = step(firing, Scene({"sources": SOURCES}).judge(), policy, NOW + 9e5).alerts
    assert {one.state for key, one in dark.items() if key.rule == RULE} == {AlertState.FIRING}
    again = step(dark, scene({TEAMS: "operational"}).judge(), policy, NOW + 9e5).alerts
    after = step(again, scene({TEAMS: "operational"}).judge(), policy, NOW + 9.1e5).alerts
    assert {one.state for key, one in after.items() if key.rule == RULE} == {AlertState.RESOLVED}


def test_health_that_is_not_read_is_not_judged() -> None:
    sources = {"m365": {**SOURCES["m365"], "read": ["seats"]}}
    one = Scene({"sources": sources})
    assert not one.unverified(RULE, "source:m365")


@pytest.mark.parametrize(("source", "waits"), [("m365", False), ("mdm", True)])
def test_a_cloud_that_is_read_in_part_keeps_nothing_back_of_versions(source: str, *, waits: bool) -> None:
    one = Scene({"sources": SOURCES}).jobs(job(f"source:{source}", "x", partial=("a permission is missing",)))
    assert any(key.rule.startswith("support_") for key in one.judge().unverified) is waits


# --- sources that are not read ---------------------------------------------------------------------------------------


def late(name: str, reason: Reason = Reason.TIMEOUT, hours: float = 4.0, detail: str = "") -> JobState:
    return replace(failed(f"source:{name}", "x", reason, detail=detail), last_success=NOW - hours * 3600)


def unread(*jobs: JobState, language: str = "en") -> Finding | None:
    return Scene({"sources": SOURCES}, language=language).jobs(*jobs).finding("source_unreadable")


def test_a_refused_credential_is_a_warning() -> None:
    one = the(unread(late("m365", Reason.AUTH, detail="invalid_client"), language="de"))
    assert (one.severity, one.summary) == (Severity.WARNING, "m365: Zugangsdaten abgewiesen (invalid_client)")


def test_sources_of_one_credential_that_is_refused_are_one_finding() -> None:
    made = Scene({"sources": SOURCES}, language="de").jobs(
        late("m365", Reason.AUTH, detail="invalid_client"), late("mdm", Reason.AUTH, detail="status 401")
    )
    one = the(made.finding("source_unreadable"))
    assert (one.subject, one.site) == (Subject("source", "m365"), "rathaus")
    assert one.summary == "m365 und mdm: Zugangsdaten abgewiesen (invalid_client)"
    assert one.evidence == ("m365: invalid_client", "mdm: status 401")
    assert made.unverified("source_unreadable", "source:mdm")


@pytest.mark.parametrize(
    ("interval", "hours", "stands"),
    [("30m", 2.9, False), ("30m", 3, True), ("24h", 25, False), ("24h", 71, False), ("24h", 72, True)],
)
def test_a_source_is_late_after_some_hours_and_some_of_its_intervals(interval: str, hours: float, stands: bool) -> None:
    sources = {"mdm": {**SOURCES["mdm"], "interval": interval}}
    made = Scene({"sources": sources}).jobs(late("mdm", hours=hours))
    assert (made.finding("source_unreadable") is not None) is stands
    assert made.unverified("source_unreadable", "source:mdm") is not stands


def test_a_source_that_was_never_read_is_late_since_it_began_to_fail() -> None:
    began = replace(failed("source:mdm", "mdm", since=NOW - 4 * 3600), last_success=None)
    assert unread(began) is not None
    assert unread(replace(began, since=NOW - 3600)) is None


def test_a_source_that_does_not_answer_is_a_note() -> None:
    one = the(unread(late("mdm", detail="mdm.example:443: no answer in time"), language="de"))
    assert one.severity is Severity.INFO
    assert one.summary.startswith("mdm lässt sich nicht lesen: ")


@pytest.mark.parametrize(
    "one", [unpolled("source:m365", "microsoft365"), failed("source:m365", "x", Reason.CONFIG, since=NOW - 1e6)]
)
def test_what_was_not_asked_yet_or_cannot_be_is_not_known(one: JobState) -> None:
    made = Scene({"sources": SOURCES}).jobs(one)
    assert made.finding("source_unreadable") is None
    assert made.unverified("source_unreadable", "source:m365")


def test_a_source_that_is_read_is_no_finding() -> None:
    assert unread(says()) is None
