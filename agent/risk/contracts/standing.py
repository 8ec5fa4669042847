"""How a service or a link that is followed stands at this look, since when, and who is to blame. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from agent.contract import Finding, JobState, Subject
from agent.estate import Standing
from agent.layout import clean_text
from agent.risk.catalogue.heartbeats import HEARTBEAT_FAILED, HEARTBEAT_MISSING, HEARTBEAT_OVERDUE
from agent.risk.catalogue.links import LINK_DOWN
from agent.risk.catalogue.services import PLUGIN_FAILING, SERVICE_FAILING
from agent.risk.contracts.owed import is_theirs, provider_of
from agent.risk.contracts.work import planned_by
from agent.risk.network.wishes import probes_of
from agent.risk.reachability import OURS
from agent.risk.services import service_state
from agent.risk.sight import Sight

MOST_WHY = 300  # bytes that are kept of why

TELLING = frozenset({
    SERVICE_FAILING,
    PLUGIN_FAILING,
    HEARTBEAT_MISSING,
    HEARTBEAT_FAILED,
    HEARTBEAT_OVERDUE,
    LINK_DOWN,
})  # fmt: skip

State = Literal["up", "down", "degraded", "unknown"]


class Stand(NamedTuple):
    """``standing``: for the account; None: a verdict waits, or cannot be had. ``since``: seconds since the epoch."""

    state: State
    standing: Standing | None
    since: float | None = None
    why: str = ""
    cause: Subject | None = None


UNKNOWN = Stand("unknown", None)


@dataclass(frozen=True, slots=True)
class Failures:
    """What was found at this look of services and links; ``causes``: of anything that was found."""

    sight: Sight
    found: Mapping[Subject, Finding]
    causes: Mapping[Subject, Subject]

    @classmethod
    def of(cls, sight: Sight, findings: Sequence[Finding]) -> Failures:
        """Gather them: of several about one thing the first one speaks."""
        found: dict[Subject, Finding] = {}
        for one in findings:
            if one.rule in TELLING:
                found.setdefault(one.subject, one)
        causes = {one.subject: one.cause for one in reversed(findings) if one.cause is not None}
        return cls(sight, found, causes)

    def stand(self, subject: Subject, failing_since: float | None) -> Stand:
        """Tell how it stands; ``failing_since``: since when it is known to fail, if it already did."""
        finding = self.found.get(subject)
        if subject.kind == "link":
            return self._link(subject, finding, failing_since)
        jobs = self.sight.jobs.get(subject, ())
        heartbeat = self.sight.inventory.services[subject.id].heartbeat is not None
        if finding is None and not heartbeat:
            return _of_jobs(jobs)
        known = service_state(self.sight, subject)
        if finding is not None and (finding.rule != PLUGIN_FAILING or known.state == "down"):
            return self._failed(finding, _begin(jobs, self.sight.view.now), failing_since)
        if known.state == "unknown":
            return UNKNOWN
        return Stand(known.state, "up", None, known.detail)

    def _link(self, subject: Subject, finding: Finding | None, failing_since: float | None) -> Stand:
        verdict = self.sight.network.links.get(subject.id)
        if verdict is None or verdict.state.state == "unknown":
            return UNKNOWN
        state = verdict.state
        if state.state != "down":
            return Stand(state.state, "up", state.since, state.reason)
        if verdict.off:
            return Stand("down", "planned", state.since, _short(state.reason))
        if finding is None:
            return Stand("down", None, state.since, _short(state.reason))
        begin = _begin(tuple(probes_of(self.sight, subject.id)), state.since or self.sight.view.now)
        return self._failed(finding, begin, failing_since)

    def _failed(self, finding: Finding, begin: float, failing_since: float | None) -> Stand:
        """Tell whose fault it is: planned work comes first, then what caused it at the far end of the chain.

        What began during work that is over by now was planned until then.
        """
        since = failing_since or begin
        causes = tuple(self._chain(finding))
        why = _short(finding.summary)
        work = planned_by(self.sight, finding, causes, since)
        if work is not None and (failing_since is None or self.sight.view.now < work.until):
            return Stand("down", "planned", since, _short(work.name), finding.cause)
        since = since if work is None else max(since, work.until)
        provider = provider_of(self.sight.inventory, finding.subject)
        if causes and not is_theirs(self.sight, causes[-1], provider):
            return Stand("down", "upstream", since, why, causes[-1])
        return Stand("down", "down", since, why, finding.cause)

    def _chain(self, finding: Finding) -> Iterator[Subject]:
        """Yield the cause, the cause of that, and so on, each once."""
        seen, cause = {finding.subject}, finding.cause
        while cause is not None and cause not in seen:
            yield cause
            seen.add(cause)
            cause = self.causes.get(cause)


def _of_jobs(jobs: Collection[JobState]) -> Stand:
    """A service of which nothing bad is found is up where all its checks say so now; else it is not known yet."""
    if not jobs or any(job.up is not True or job.reading is None for job in jobs):
        return UNKNOWN
    return Stand("up", "up", min((job.since for job in jobs if job.since is not None), default=None))


def _begin(jobs: Collection[JobState], noted: float) -> float:
    """When the newest failure of its checks began; when it was noted, where the checks work and say that it fails."""
    begins = (job.since for job in jobs if job.up is False and job.reason not in OURS and job.since is not None)
    return min(max(begins, default=noted), noted)


def _short(text: str) -> str:
    return clean_text(text, MOST_WHY)
