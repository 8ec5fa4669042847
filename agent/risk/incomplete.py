"""Who is read only in part? While that is so, other alerts about it may neither open nor end."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from agent.contract import Finding, FindingKey, JobState, Severity, Subject
from agent.risk.catalogue.devices import READING_INCOMPLETE
from agent.risk.reachability import remarks
from agent.risk.sight import AT_ONCE, Outcome, Sight


def judge_incomplete(sight: Sight) -> Iterator[Outcome | None]:
    """Yield ``reading_incomplete`` where a check that succeeds says what is missing; unverified where one failed."""
    for number, (subject, jobs) in enumerate(sight.jobs.items(), start=1):
        if subject in sight.dark:
            partial = [job for job in jobs if job.up is True and _count(job)]
            yield _finding(sight, subject, partial) if partial else FindingKey(READING_INCOMPLETE, subject)
        if number % AT_ONCE == 0:
            yield None


def _finding(sight: Sight, subject: Subject, jobs: Sequence[JobState]) -> Finding:
    said, words = remarks(jobs), sight.words
    beyond = sum(map(_count, jobs)) - len(said)
    summary = words.say("incomplete", name=sight.name(subject), remark=said[0])
    if len(said) > 1:
        summary = words.say("more", text=summary, count=len(said) - 1 + beyond)
    evidence = (*said, words.say("further", count=beyond)) if beyond else said
    return Finding(READING_INCOMPLETE, subject, Severity.INFO, summary, evidence, site=jobs[0].target.site)


def _count(job: JobState) -> int:
    harvest = None if job.reading is None else job.reading.harvest
    return 0 if harvest is None else len(harvest.partial)
