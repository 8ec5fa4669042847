"""Does a device answer? Down = a failed poll and a failed confirmation; one that refuses us is reachable."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Literal

from agent.contract import Finding, FindingKey, JobState, Reason, Severity, Subject, harvests
from agent.layout import clean_text
from agent.risk.catalogue.daemon import CHECK_NOT_POSSIBLE, STATE_NOT_WRITTEN
from agent.risk.catalogue.devices import CREDENTIALS_REFUSED, DEVICE_UNREACHABLE
from agent.risk.rules import RULES
from agent.risk.sight import AT_ONCE, PING, PLUGIN, Outcome, Sight
from agent.risk.texts import MAX_QUOTE_BYTES, Words
from config.settings import Settings

DAEMON = Subject("daemon", "ringwacht")

# So many polls in a row must fail: the poll and its confirmation.
CONFIRMED = 2

# A check that last succeeded before the others failed speaks for the device only so long.
UNASKED_GRACE_SECONDS = 60.0

MAX_REMARKS = 10  # of one subject

OURS = frozenset({Reason.CONFIG, Reason.INTERNAL})  # says nothing about the target
ANSWERED = frozenset({Reason.AUTH, Reason.BAD_REPLY})  # failed, but something came back


@dataclass(frozen=True, slots=True)
class DeviceState:
    """Where a device stands, told from all its checks.

    ``since`` is when the newest of its failures began, ``last_success`` the newest success of any check (seconds since
    the epoch). ``detail`` lists each failed check with its detail or reason, for people.
    """

    state: Literal["up", "degraded", "down", "unknown"]
    reason: Reason | None = None
    detail: str = ""
    since: float | None = None
    last_success: float | None = None


@dataclass(frozen=True, slots=True)
class _Sorted:
    """A device's checks by what they say.

    ``unasked`` succeeded only before the others failed; ``ours`` this daemon could not perform.
    """

    failed: tuple[JobState, ...]
    refused: tuple[JobState, ...]
    answering: tuple[JobState, ...]
    unasked: tuple[JobState, ...]
    undecided: tuple[JobState, ...]
    ours: tuple[JobState, ...]

    @property
    def answers(self) -> bool:
        """Whether something came back from the device, if only a refusal."""
        return bool(self.answering or self.refused)


def confirmed_down(job: JobState) -> bool:
    """Whether poll and confirmation failed for a reason that lies with the target."""
    return job.up is False and job.failures >= CONFIRMED and job.reason not in OURS


def device_state(jobs: Iterable[JobState]) -> DeviceState:
    """Tell a device's state from the states of its jobs; ``down`` only if nothing of it answers."""
    known = tuple(jobs)
    last_success = max([job.last_success for job in known if job.last_success is not None], default=None)
    if known and all([job.up is True for job in known]):  # nearly all are so at nearly every look
        begin = min([job.since for job in _speaking(known) if job.since is not None], default=None)
        return DeviceState("up", None, "", begin, last_success)
    checks = _sort(known)
    bad = (*checks.failed, *checks.refused)
    if bad:
        newest = max(bad, key=lambda job: job.since or 0.0)
        state: Literal["degraded", "down", "unknown"] = "degraded"
        if not (checks.answers or checks.unasked):
            state = "unknown" if checks.undecided else "down"
        return DeviceState(state, newest.reason, _listed(bad), newest.since, last_success)
    if checks.answering:
        begin = min((job.since for job in checks.answering if job.since is not None), default=None)
        return DeviceState("up", None, "", begin, last_success)
    why = next((job for job in known if job.reason is not None), None)
    return DeviceState(
        "unknown", None if why is None else why.reason, "" if why is None else _quote(why), None, last_success
    )


def remarks(jobs: Iterable[JobState]) -> tuple[str, ...]:
    """Return what is missing from the fresh readings of these jobs, each ``check: remark``; at most ``MAX_REMARKS``."""
    said = (
        clean_text(f"{_name(job)}: {remark}", MAX_QUOTE_BYTES)
        for job in jobs
        for harvest in harvests((job,))
        for remark in harvest.partial
    )
    return tuple(islice(said, MAX_REMARKS))


def judge_reachability(sight: Sight) -> Iterator[Outcome | None]:
    """Yield ``device_unreachable`` and ``credentials_refused`` for devices, ``check_not_possible`` for the daemon."""
    for number, (subject, jobs) in enumerate(sight.jobs.items(), start=1):
        if subject.kind == "device" and any(job.up is not True for job in jobs):
            yield from _judge_device(sight, subject, jobs)
        if number % AT_ONCE == 0:
            yield None
    yield from _judge_daemon(sight)


def _judge_device(sight: Sight, subject: Subject, jobs: Sequence[JobState]) -> Iterator[Outcome]:
    checks = _sort(jobs)
    site = jobs[0].target.site
    evidence = tuple(f"{_name(job)}: {_quote(job)}" for job in (*checks.failed, *checks.refused))
    if checks.failed:
        yield _unreachable(sight.words, subject, checks, site, evidence)
    elif checks.undecided or _beyond_ping(checks.ours) or (checks.ours and not checks.answers):
        yield FindingKey(DEVICE_UNREACHABLE, subject)
    if checks.refused:
        summary = sight.words.say("refused", name=subject.id, failed=_names(checks.refused, sight.words))
        yield Finding(CREDENTIALS_REFUSED, subject, Severity.WARNING, summary, evidence, site=site)
    elif _beyond_ping((*checks.undecided, *checks.ours, *_speechless(checks.failed))):
        yield FindingKey(CREDENTIALS_REFUSED, subject)


def _beyond_ping(jobs: Iterable[JobState]) -> bool:
    """Whether one of them is more than a ping, which proves neither that a device works nor that it lets us in."""
    return any(job.key.check != PING for job in jobs)


def _speechless(failed: Iterable[JobState]) -> Iterator[JobState]:
    """Those that did not answer at all: who answers nonsense has let us in."""
    return (job for job in failed if job.reason is not Reason.BAD_REPLY)


def _unreachable(
    words: Words, subject: Subject, checks: _Sorted, site: str | None, evidence: tuple[str, ...]
) -> Outcome:
    norm = RULES[DEVICE_UNREACHABLE].norm
    answering = tuple(job for job in (*checks.answering, *checks.refused) if job not in checks.failed)
    failed = words.joined([f"{_name(job)} ({words.reason(job.reason)})" for job in checks.failed])
    severity = Severity.WARNING
    if answering:
        said = words.say("partly", name=subject.id, answering=_names(answering, words), failed=failed)
    elif checks.answering:
        said = words.say("useless", name=subject.id, failed=_why_useless(checks.failed, words))
    elif checks.unasked:
        said = words.say("no_answer_yet", name=subject.id, failed=failed, unasked=_names(checks.unasked, words))
    elif checks.undecided:
        return FindingKey(DEVICE_UNREACHABLE, subject)
    else:
        severity = Severity.CRITICAL
        listed = ", ".join(f"{_name(job)}: {words.reason(job.reason)}" for job in checks.failed)
        said = words.say("unreachable", name=subject.id, failed=listed)
    return Finding(DEVICE_UNREACHABLE, subject, severity, said, evidence, norm=norm, site=site)


def _why_useless(failed: Iterable[JobState], words: Words) -> str:
    """The reason in words, with the detail where there is one: it says what is wrong with the answer."""
    listed = ((_name(job), words.reason(job.reason), job.detail) for job in failed)
    return ", ".join(": ".join(text for text in texts if text) for texts in listed)


def _judge_daemon(sight: Sight) -> Iterator[Outcome]:
    """One finding however many checks this daemon cannot perform."""
    jobs = [job for states in sight.jobs.values() for job in states if job.up is not True and job.reason in OURS]
    if jobs:
        first = jobs[0]
        why = first.detail or sight.words.reason(first.reason)
        said = sight.words.say("not_possible", count=len(jobs), check=_name(first), detail=why)
        listed = tuple(f"{job.key}: {_quote(job)}" for job in jobs[:20])
        norm = RULES[CHECK_NOT_POSSIBLE].norm
        yield Finding(CHECK_NOT_POSSIBLE, DAEMON, Severity.WARNING, said, listed, norm=norm)
    elif any(job.up is None for states in sight.jobs.values() for job in states):
        yield FindingKey(CHECK_NOT_POSSIBLE, DAEMON)


def _sort(jobs: Iterable[JobState]) -> _Sorted:
    known = tuple(jobs)
    usable = [job for job in known if job.reason not in OURS]
    failed = tuple(job for job in usable if confirmed_down(job) and job.reason is not Reason.AUTH)
    current = [job for job in usable if job not in failed and not _outdated(job, failed)]
    refused = tuple(job for job in current if job.up is False and job.reason is Reason.AUTH)
    speaking = _speaking(known)
    rest = [job for job in current if job not in refused and job in speaking]
    succeeded = [job for job in rest if job.up is True]
    unasked = tuple(job for job in succeeded if _older(job, failed))
    answering = [job for job in succeeded if job not in unasked]
    answering += [job for job in failed if job.reason in ANSWERED and job in speaking]
    return _Sorted(
        failed=failed,
        refused=refused,
        answering=tuple(answering),
        unasked=unasked,
        undecided=tuple(job for job in rest if job.up is not True),
        ours=tuple(job for job in known if job.reason in OURS),
    )


def _speaking(known: Sequence[JobState]) -> Sequence[JobState]:
    """Those whose result is an answer of the device. A plug-in's word is its own: it also says that nobody answers."""
    return [job for job in known if job.key.check != PLUGIN] or known


def _older(job: JobState, failed: Iterable[JobState]) -> bool:
    """Whether the job was last tried before all of these failed."""
    begins = [other.since for other in failed if other.since is not None]
    return bool(begins) and (job.last_attempt is None or job.last_attempt < min(begins))


def _outdated(job: JobState, failed: Iterable[JobState]) -> bool:
    """Whether another check has been failing for long while this one was not asked."""
    return any(
        other.since is not None
        and other.last_attempt is not None
        and other.last_attempt - other.since >= UNASKED_GRACE_SECONDS
        and _older(job, (other,))
        for other in failed
    )


def _name(job: JobState) -> str:
    """The check as every text calls it."""
    return "ping" if job.key.check == PING else job.key.check


def _names(jobs: Iterable[JobState], words: Words) -> str:
    return words.joined(list(dict.fromkeys(_name(job) for job in jobs)))


def _reason(job: JobState) -> str:
    return "" if job.reason is None else job.reason.value


def _listed(jobs: Iterable[JobState]) -> str:
    return ", ".join(f"{_name(job)}: {_quote(job)}" for job in jobs)


def _quote(job: JobState) -> str:
    return clean_text(job.detail or _reason(job), MAX_QUOTE_BYTES)


def state_not_written(settings: Settings) -> Finding:
    """Return the finding about the daemon itself: what it decides is not on disk."""
    words = Words(settings.municipality.language)
    return Finding(STATE_NOT_WRITTEN, DAEMON, Severity.WARNING, words.say("state_not_written"))
