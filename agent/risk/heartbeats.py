"""Do jobs that report by themselves report in time, and well? Was the restore tested?

The age of a report is told from the moments that the check read, not from when it read them: a poll that succeeds says
only that the state can be read.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from agent.contract import Finding, FindingKey, MetricFamily, Severity, Subject
from agent.families import (
    HEARTBEAT_AWAITED,
    HEARTBEAT_END,
    HEARTBEAT_EXIT,
    HEARTBEAT_GOOD,
    HEARTBEAT_LISTENING,
    HEARTBEAT_START,
    HEARTBEAT_SUCCESS,
)
from agent.risk.backups import judge_size
from agent.risk.catalogue.heartbeats import (
    HEARTBEAT_FAILED,
    HEARTBEAT_MISSING,
    HEARTBEAT_OVERDUE,
    RESTORE_TEST_DUE,
)
from agent.risk.reachability import DeviceState
from agent.risk.retests import Retest, judge_retest
from agent.risk.sight import Outcome, Sight
from config.heartbeats import Heartbeat
from config.inventory import Service

_RULES = (HEARTBEAT_MISSING, HEARTBEAT_FAILED, HEARTBEAT_OVERDUE)


@dataclass(frozen=True, slots=True)
class Job:
    """What is known of one job at one look; times in seconds since the epoch, None for what never was.

    ``listening_since``: since when this daemon has been able to take its reports without a break. ``patient_since``:
    the first start of a daemon after the success was expected, or when the clock was last set, if that was later.
    """

    terms: Heartbeat
    now: float
    awaited_since: float
    listening_since: float
    patient_since: float
    succeeded_at: float | None
    ended_at: float | None
    good: bool
    exit_code: float | None
    running_since: float | None

    @property
    def failed(self) -> bool:
        """Whether its last end was a failure."""
        return self.ended_at is not None and not self.good

    @property
    def overdue(self) -> bool:
        """Whether a run lasts too long."""
        begun, longest = self.running_since, self.terms.longest
        return begun is not None and longest is not None and self.now >= begun + longest

    @property
    def expected_at(self) -> float:
        """When the next success is expected, without grace."""
        return (self.awaited_since if self.succeeded_at is None else self.succeeded_at) + self.terms.every

    @property
    def due(self) -> float:
        """When a success is missed. A run that began before may last as long as it may; a later one is not waited for.

        So a job that hangs each night is missed all the same.
        """
        due, begun, longest = self.expected_at + self.terms.grace, self.running_since, self.terms.longest
        return max(due, begun + longest) if begun is not None and longest is not None and begun <= due else due

    @property
    def state(self) -> Literal["up", "down", "unknown"]:
        """Where it stands; who never reported success is not up."""
        if self.failed or self.overdue or (self.now >= self.due and not self.perhaps_unheard):
            return "down"
        return "unknown" if self.succeeded_at is None or self.now >= self.due else "up"

    @property
    def perhaps_unheard(self) -> bool:
        """Whether the report may have come while nobody listened: the job has one grace from when somebody does again.

        Of starts and breaks after the first one that is never more than one more ``every``, or a daemon that keeps
        restarting would never miss anybody.
        """
        grace = self.terms.grace
        return self.now < max(
            self.patient_since + grace, min(self.listening_since + grace, self.due + self.terms.every)
        )


def judge_heartbeats(sight: Sight) -> Iterator[Outcome]:
    """Yield at most one of missing, failed and overdue for each job, but failed beside overdue; and restore tests."""
    for name, service in sight.inventory.services.items():
        if service.heartbeat is None:
            continue
        subject = Subject("service", name)
        job = job_of(sight, subject, service.heartbeat)
        if job is None:
            yield from (FindingKey(rule, subject) for rule in _RULES)
        else:
            yield from _of_job(_Teller(sight, subject, service), job)
        yield from judge_size(sight, subject, service.heartbeat, known=job is not None and job.succeeded_at is not None)
        yield from _restore(sight, subject, service, service.heartbeat)


def heartbeat_state(sight: Sight, subject: Subject, known: DeviceState) -> DeviceState:
    """Return how a service stands by its job's own word; as ``known`` where no job reports for it."""
    service = sight.inventory.services.get(subject.id)
    terms = None if service is None else service.heartbeat
    job = None if terms is None else job_of(sight, subject, terms)
    if service is None or job is None:
        return known
    detail = _Teller(sight, subject, service).success(job)
    return DeviceState(job.state, None, "" if job.state == "up" else detail, None, job.succeeded_at)


def job_of(sight: Sight, subject: Subject, terms: Heartbeat) -> Job | None:
    """Return what is known of a service's job; None where the state is not read."""
    awaited = _value(sight, HEARTBEAT_AWAITED, subject)
    since = [job.since or 0.0 for job in sight.jobs.get(subject, ()) if job.up is True]
    if awaited is None or not since:
        return None
    return Job(
        terms,
        sight.view.now,
        awaited,
        max(since),
        max(_value(sight, HEARTBEAT_LISTENING, subject) or 0.0, sight.stepped_at),
        _value(sight, HEARTBEAT_SUCCESS, subject),
        _value(sight, HEARTBEAT_END, subject),
        _value(sight, HEARTBEAT_GOOD, subject) == 1,
        _value(sight, HEARTBEAT_EXIT, subject),
        _value(sight, HEARTBEAT_START, subject),
    )


def _value(sight: Sight, family: MetricFamily, subject: Subject) -> float | None:
    return next((series.value for series in sight.view.series(family.name, subject)), None)


def _of_job(teller: _Teller, job: Job) -> Iterator[Outcome]:
    if job.failed:
        yield teller.failed(job)
    if job.overdue:
        yield teller.overdue(job)
    if job.now >= job.due and not (job.failed or job.overdue):
        yield FindingKey(HEARTBEAT_MISSING, teller.subject) if job.perhaps_unheard else teller.missing(job)


@dataclass(frozen=True, slots=True)
class _Teller:
    """Puts findings about one job into words."""

    sight: Sight
    subject: Subject
    service: Service

    def missing(self, job: Job) -> Finding:
        words = self.sight.words
        key, since = "heartbeat_missing", job.succeeded_at
        if since is None:
            key, since = "heartbeat_never", job.awaited_since
        every = words.duration(job.terms.every)
        summary = words.say(key, name=self._name, since=self.sight.moment(since), every=every)
        grace = (words.say("heartbeat_grace", grace=words.duration(job.terms.grace)),) if job.terms.grace else ()
        return self._finding(HEARTBEAT_MISSING, summary, (*grace, *self._running(job)))

    def failed(self, job: Job) -> Finding:
        words, at = self.sight.words, self.sight.moment(job.ended_at or job.now)
        if job.exit_code is None:
            summary = words.say("heartbeat_failed", name=self._name, at=at)
        else:
            summary = words.say("heartbeat_failed_code", name=self._name, at=at, code=words.figure(job.exit_code))
        return self._finding(HEARTBEAT_FAILED, summary, (self.success(job), *self._running(job)))

    def overdue(self, job: Job) -> Finding:
        words = self.sight.words
        since = self.sight.moment(job.running_since or job.now)
        longest = words.duration(job.terms.longest or 0.0)
        summary = words.say("heartbeat_overdue", name=self._name, since=since, longest=longest)
        return self._finding(HEARTBEAT_OVERDUE, summary, (self.success(job),))

    @property
    def _name(self) -> str:
        return self.sight.name(self.subject)

    def success(self, job: Job) -> str:
        """Say when it last succeeded."""
        if job.succeeded_at is None:
            return self.sight.words.say("heartbeat_no_success")
        return self.sight.words.say("heartbeat_last_success", at=self.sight.moment(job.succeeded_at))

    def _running(self, job: Job) -> Iterator[str]:
        if job.running_since is not None:
            yield self.sight.words.say("heartbeat_runs", since=self.sight.moment(job.running_since))

    def _finding(self, rule: str, summary: str, evidence: tuple[str, ...]) -> Finding:
        severity = Severity.CRITICAL if self.service.critical else Severity.WARNING
        return Finding(rule, self.subject, severity, summary, evidence, site=self.service.site)


def _restore(sight: Sight, subject: Subject, service: Service, terms: Heartbeat) -> Iterator[Finding]:
    """Yield ``restore_test_due`` where a restore must be tested soon, or should have been."""
    if terms.restore_every is not None:
        name, tested, every = sight.name(subject), terms.restore_tested, terms.restore_every
        test = Retest(RESTORE_TEST_DUE, "restore", subject, name, service.site, tested, every)
        yield from judge_retest(sight, test)
