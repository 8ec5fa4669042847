"""What do monitoring plug-ins say of what they check?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Literal

from agent.contract import Finding, FindingKey, JobState, Severity, Subject
from agent.families import (
    PLUGIN_BEYOND,
    PLUGIN_DETAILS,
    PLUGIN_ERRORS,
    PLUGIN_EXIT,
    PLUGIN_OUTPUT,
    PLUGIN_STATUS,
    PLUGIN_WORDS,
)
from agent.risk.catalogue.services import PLUGIN_FAILING
from agent.risk.rules import RULES
from agent.risk.sight import PLUGIN, Outcome, Sight

CRITICAL, UNKNOWN = PLUGIN_WORDS.index("CRITICAL"), PLUGIN_WORDS.index("UNKNOWN")
Told = Literal["degraded", "down", "unknown"]
_STATES: Mapping[int, Told] = {1: "degraded", CRITICAL: "down", UNKNOWN: "unknown"}


def judge_plugins(sight: Sight) -> Iterator[Outcome]:
    """Yield ``plugin_failing`` where a plug-in says WARNING, CRITICAL or UNKNOWN.

    Only by a poll that succeeded: one that failed is ``service_failing`` or ``device_unreachable``, and what the
    plug-in said before it is not current.
    """
    statuses = {target.subject: _status(value) for target, value in sight.values(PLUGIN_STATUS.name)}
    for subject, jobs in sight.jobs.items():
        for job in jobs:
            if job.key.check != PLUGIN:
                continue
            if job.up is not True or subject not in statuses:
                yield FindingKey(PLUGIN_FAILING, subject)
            elif statuses[subject] != 0:
                yield _failing(sight, job, statuses[subject])


def told_state(sight: Sight, subject: Subject) -> Told | None:
    """Return how what a plug-in checks stands by the plug-in's word; None where it says OK, or there is none."""
    statuses = [_status(series.value) for series in sight.view.series(PLUGIN_STATUS.name, subject)]
    return _STATES.get(max(statuses, default=0))


def _status(value: float) -> int:
    """What is no status of a plug-in is UNKNOWN."""
    return int(value) if value in range(len(PLUGIN_WORDS)) else UNKNOWN


def _failing(sight: Sight, job: JobState, status: int) -> Finding:
    words, subject = sight.words, job.key.subject
    facts = _facts(job)
    output = facts.get(PLUGIN_OUTPUT) or words.say("plugin_silent")
    summary = words.say("plugin", name=sight.name(subject), status=PLUGIN_WORDS[status], output=output)
    evidence = [words.say("plugin_status", value=status)]
    if PLUGIN_EXIT in facts:
        evidence.append(words.say("plugin_exit", value=facts[PLUGIN_EXIT]))
    evidence += [facts[name] for name in (PLUGIN_BEYOND, PLUGIN_ERRORS, PLUGIN_DETAILS) if name in facts]
    norm = RULES[PLUGIN_FAILING].norm
    severity = _severity(sight, subject, status)
    return Finding(PLUGIN_FAILING, subject, severity, summary, tuple(evidence), norm=norm, site=job.target.site)


def _severity(sight: Sight, subject: Subject, status: int) -> Severity:
    """CRITICAL is critical, but for a service whose failure the configuration does not call critical."""
    service = sight.inventory.services.get(subject.id) if subject.kind == "service" else None
    harmless = service is not None and not service.critical
    return Severity.CRITICAL if status == CRITICAL and not harmless else Severity.WARNING


def _facts(job: JobState) -> Mapping[str, str]:
    harvest = job.reading.harvest if job.reading is not None else None
    return {} if harvest is None else harvest.facts
