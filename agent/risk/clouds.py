"""Does a cloud service itself report a fault of what the tenant has there?

It knows no product: it reads the families and the issues that say it of any.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from typing import NamedTuple

from agent.contract import Finding, FindingKey, Severity, Subject, harvests
from agent.estate import CloudIssue
from agent.risk.catalogue.licences import CLOUD_SERVICE_DEGRADED
from agent.risk.sight import Outcome, Sight
from config.inventory import Source

CLOUD_STATUS = "ringwacht_cloud_service_status"
CLOUD_OPEN_ISSUES = "ringwacht_cloud_service_open_issues"
INCIDENT = "incident"

# Worst first. A word that is not among them, "unknown" too, says nothing.
FAULTS = ("interrupted", "degraded", "recovering", "investigating")
INTERRUPTED, HEALTHY = FAULTS[0], "operational"
ISSUES_TOLD = 3
_YEAR_9999 = 253_370_764_800.0


class Fault(NamedTuple):
    """A service of a cloud that has a fault: the subject of its finding, its name there, and its state."""

    subject: Subject
    service: str
    state: str


def judge_clouds(sight: Sight) -> Iterator[Outcome | None]:
    """Yield ``cloud_service_degraded`` for each service of a source that has a fault."""
    for name, source in sight.inventory.sources.items():
        if source.cloud is not None and "health" in source.read:
            yield from _judge(sight, Subject("source", name), source)
            yield None


def cloud_subject(source: str, service: str) -> Subject:
    """Return what a finding about one service is about: ``source:m365/Exchange Online``, as a match can name it."""
    return Subject("source", f"{source}/{service.replace(':', ' ')}")


def _judge(sight: Sight, whole: Subject, source: Source) -> Iterator[Outcome]:
    states = _states(sight, whole)
    if not states:
        yield FindingKey(CLOUD_SERVICE_DEGRADED, whole)  # stands for all its services
        return
    told = _issues(sight, whole)
    advised = None if told is None else _only_advised(sight, whole)
    for service, state in states.items():
        subject = cloud_subject(whole.id, service)
        severity = _severity(source, service, state, advised)
        if severity is not None:
            yield _finding(sight, Fault(subject, service, state), severity, told or (), source)
        elif state != HEALTHY:
            yield FindingKey(CLOUD_SERVICE_DEGRADED, subject)


def _states(sight: Sight, subject: Subject) -> dict[str, str]:
    """Return the state of each service, as it is said."""
    found = (series.labels for series in sight.view.series(CLOUD_STATUS, subject) if series.value == 1)
    return {labels.get("service", ""): labels.get("status", "") for labels in found}


def _severity(source: Source, service: str, state: str, advised: AbstractSet[str] | None) -> Severity | None:
    """Return how bad it is; None where it is good or cannot be told. ``advised``: None where issues were not read."""
    if state == INTERRUPTED:
        important = service.casefold() in {one.casefold() for one in source.important}
        return Severity.CRITICAL if important else Severity.WARNING
    if state not in FAULTS or advised is None:
        return None
    return Severity.INFO if service.casefold() in advised else Severity.WARNING


def _only_advised(sight: Sight, subject: Subject) -> AbstractSet[str]:
    """Return the names, folded, of services about which advisories alone are open: worth no more than a note."""
    advisories, incidents = set[str](), set[str]()
    for series in sight.view.series(CLOUD_OPEN_ISSUES, subject):
        if series.value > 0:
            kind = incidents if series.labels.get("classification") == INCIDENT else advisories
            kind.add(series.labels.get("service", "").casefold())
    return advisories - incidents


def _finding(sight: Sight, fault: Fault, severity: Severity, told: Sequence[CloudIssue], source: Source) -> Finding:
    words = sight.words
    state = words.say(f"cloud_is_{fault.state}")
    key = "cloud_advised" if severity is Severity.INFO else "cloud_fault"
    summary = words.say(key, name=fault.subject.id.partition("/")[0], service=fault.service, state=state)
    evidence: list[str] = []
    for issue in [one for one in told if one.service.casefold() == fault.service.casefold()][:ISSUES_TOLD]:
        evidence.append(_issue(sight, issue))
        if issue.impact:
            evidence.append(words.say("cloud_impact", impact=issue.impact))
    return Finding(CLOUD_SERVICE_DEGRADED, fault.subject, severity, summary, tuple(evidence), site=source.site)


def _issue(sight: Sight, issue: CloudIssue) -> str:
    began = issue.began_at
    if began is None or not 0 <= began < _YEAR_9999:
        return sight.words.say("cloud_incident", title=issue.title)
    return sight.words.say("cloud_incident_since", title=issue.title, when=sight.moment(began))


def _issues(sight: Sight, subject: Subject) -> tuple[CloudIssue, ...] | None:
    """Return what the last reading says of open issues; None: they were not read."""
    said = (harvest.issues for harvest in harvests(sight.jobs.get(subject, ())))
    return next((issues for issues in said if issues is not None), None)
