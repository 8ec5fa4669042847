"""Does a device answer its probes as it should? Of services ``agent.risk.services`` says so."""

from __future__ import annotations

from collections.abc import Iterator

from agent.contract import Finding, FindingKey, JobState, Severity
from agent.risk.catalogue.devices import PROBE_FAILING
from agent.risk.rules import RULES
from agent.risk.services import PROBE_FAILURE, PROBE_SUCCESS
from agent.risk.sight import Outcome, Sight

PROBES = frozenset({"http", "tcp", "dns", "ntp"})


def judge_probes(sight: Sight) -> Iterator[Outcome]:
    """Yield ``probe_failing``, one for each device with all its checks that were answered, but not as expected.

    What is not answered at all is ``device_unreachable``.
    """
    for subject, jobs in sight.jobs.items():
        probes = [job for job in jobs if job.key.check in PROBES] if subject.kind == "device" else []
        if not probes:
            continue
        said = [f"{job.key.check}: {why}" for job in probes if (why := _what_is_wrong(sight, job)) is not None]
        if said:
            summary = sight.words.say("probe_failing", name=subject.id, why="; ".join(said))
            norm, site = RULES[PROBE_FAILING].norm, jobs[0].target.site
            yield Finding(PROBE_FAILING, subject, Severity.WARNING, summary, tuple(said), norm=norm, site=site)
        elif any(job.up is not True for job in probes):
            yield FindingKey(PROBE_FAILING, subject)


def _what_is_wrong(sight: Sight, job: JobState) -> str | None:
    """What the probe's last answer lacks, in words; None where it lacks nothing, or is not known."""
    harvest = job.reading.harvest if job.reading is not None else None
    if harvest is None:
        return None
    for column in harvest.layout.columns:
        if column.family.name == PROBE_SUCCESS and harvest.values[column.start] == 0:
            return harvest.facts.get(PROBE_FAILURE) or sight.words.say("answer_wrong")
    return None
