"""Are the sources read? What they would tell is unknown otherwise, and unknown is silent."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from agent.contract import Finding, FindingKey, JobState, Reason, Severity, Subject
from agent.layout import clean_text
from agent.risk.catalogue.licences import SOURCE_UNREADABLE
from agent.risk.reachability import OURS
from agent.risk.sight import Outcome, Sight
from agent.risk.texts import MAX_QUOTE_BYTES

LATE_SECONDS = 3 * 3600.0
LATE_POLLS = 3
"""Without a reading for so long, both: a poll or two that fail are the usual trouble of the internet."""


def judge_sources(sight: Sight) -> Iterator[Outcome | None]:
    """Yield ``source_unreadable`` for each source that is late for a reason that is not this daemon's own.

    Sources of one credential that is refused are one finding, about the first of them.
    """
    refused: dict[str, list[tuple[Subject, JobState]]] = {}
    for name, source in sight.inventory.sources.items():
        subject = Subject("source", name)
        jobs = sight.jobs.get(subject, ())
        late = next((job for job in jobs if _is_late(job, source.interval, sight.view.now)), None)
        if late is not None and late.reason is Reason.AUTH:
            refused.setdefault(source.credential, []).append((subject, late))
        elif late is not None:
            why = ": ".join(filter(None, (sight.words.reason(late.reason), late.detail)))
            summary = sight.words.say("source_silent", why=why, name=name)
            yield Finding(SOURCE_UNREADABLE, subject, Severity.INFO, summary, site=source.site)
        elif any(job.up is not True for job in jobs):
            yield FindingKey(SOURCE_UNREADABLE, subject)
        yield None
    for them in refused.values():
        yield from _refused(sight, them)


def _is_late(job: JobState, interval: float, now: float) -> bool:
    """Whether it failed since its last reading, and that is long ago; where there was none, since it began to fail."""
    last = job.since if job.last_success is None else job.last_success
    failed = job.up is False and job.reason not in OURS and last is not None
    return failed and last is not None and now - last >= max(LATE_SECONDS, LATE_POLLS * interval)


def _refused(sight: Sight, them: Sequence[tuple[Subject, JobState]]) -> Iterator[Outcome]:
    (subject, job), *others = them
    names = sight.words.joined([one.id for one, _ in them])
    summary = sight.words.say("source_refused", detail=job.detail, name=names)
    evidence = tuple(clean_text(f"{one.id}: {state.detail}", MAX_QUOTE_BYTES) for one, state in them) if others else ()
    site = sight.inventory.sources[subject.id].site
    yield Finding(SOURCE_UNREADABLE, subject, Severity.WARNING, summary, evidence, site=site)
    for one, _ in others:
        yield FindingKey(SOURCE_UNREADABLE, one)  # told by the first
