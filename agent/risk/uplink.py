"""Is it the daemon that is cut off? Then it says so, once, and nothing about those that it cannot reach.

The gateway and the references of ``uplink:`` are polled like everything else. While all of them are silent and nothing
at another site answers either, the connection is down: whatever does not answer is unknown, what does is judged by its
answer. When it comes back, a verdict waits for a poll that was made since. And a failure counts only once something
beyond has answered after it began: so no device is blamed in the seconds in which the gateway was not yet asked.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from agent.contract import (
    Column,
    Finding,
    FindingKey,
    JobKey,
    JobState,
    Reading,
    Reason,
    Series,
    Severity,
    Subject,
    View,
)
from agent.layout import samples_of
from agent.risk.catalogue.daemon import UPLINK_DOWN
from agent.risk.reachability import DAEMON, confirmed_down
from agent.risk.texts import Words
from config.settings import Settings

State = Literal["unguarded", "undecided", "works", "deaf", "down"]

LOCAL = frozenset({"host"})  # checks that need no connection
HEARSAY = frozenset(
    {"host", "plugin"}
)  # their result is no answer of a target: a plug-in also says that nobody answers
PACE_SECONDS = 5.0  # what is silent is tried so often, whatever the slow lane says
MAX_REPOLLS = 100  # at one look; the next one wishes for more


@dataclass(frozen=True, slots=True)
class Outlook:
    """What may be believed at the moment: ``view`` is the store's, without the failures that prove nothing.

    ``deaf``: gateway and references are silent although others beyond answer; ``unguarded``: they cannot be asked.
    ``silent``: those that do not answer.
    """

    state: State
    view: View
    silent: tuple[JobState, ...] = ()
    repoll: frozenset[JobKey] = frozenset()


@dataclass(frozen=True, slots=True)
class _Connection:
    """Times in seconds since the epoch. ``proven_at``: when something beyond last answered.

    ``since``: while down, when the last of the uplink's hosts fell silent; else when it began to answer.
    """

    state: State
    since: float
    proven_at: float

    def believes(self, job: JobState) -> bool:
        """Whether what the job says is about its target, and not about the way to it."""
        asked = job.last_attempt is not None and job.last_attempt >= self.since
        if self.state == "down":
            return job.up is True and asked and job.key.check not in HEARSAY
        return job.up is not False or (asked and job.since is not None and self.proven_at > job.since)


def look_out(view: View, settings: Settings) -> Outlook:
    """Return what may be believed; without ``uplink:`` that is everything."""
    if settings.uplink is None:
        return Outlook("works", view)
    jobs = [_in_time(job, view.now) for job in view.jobs()]
    uplink = [job for job in jobs if job.key.subject.kind == "uplink"]
    if not uplink:
        return Outlook("works", view)
    others = [job for job in jobs if job.key.subject.kind != "uplink" and job.key.check not in LOCAL]
    beyond = [job for job in others if job.key.check not in HEARSAY and _is_beyond(job, settings.uplink.site)]
    connection = _connection(uplink, beyond)
    if connection.state == "unguarded":
        return Outlook("unguarded", view)
    doubted = [job for job in others if not connection.believes(job)]
    hidden = {job.key: replace(job, up=None, reason=None, detail="", failures=0, reading=None) for job in doubted}
    return Outlook(
        connection.state,
        _Doubting(view, hidden) if hidden else view,
        tuple(job for job in uplink if job.up is False),
        frozenset(_wishes(connection, uplink, doubted, view.now)),
    )


def _in_time(job: JobState, now: float) -> JobState:
    """Return the job with what lies in the future taken for long ago: the clock has stepped back since."""
    times = (job.since, job.last_attempt, job.last_success)
    if all(at is None or at <= now for at in times):
        return job
    since, last_attempt, last_success = (0.0 if at is not None and at > now else at for at in times)
    return replace(job, since=since, last_attempt=last_attempt, last_success=last_success)


def _is_beyond(job: JobState, site: str) -> bool:
    """Whether its target stands at another site; what is at no site may run on this very machine."""
    return job.target.site is not None and job.target.site != site


def judge_uplink(outlook: Outlook, words: Words) -> Iterator[Finding | FindingKey]:
    """Yield ``uplink_down`` about the daemon itself."""
    if outlook.state in {"undecided", "unguarded"}:
        yield FindingKey(UPLINK_DOWN, DAEMON)
    elif outlook.state != "works":
        names = words.joined([job.key.subject.id for job in outlook.silent])
        severity = Severity.CRITICAL if outlook.state == "down" else Severity.WARNING
        summary = words.say(f"uplink_{outlook.state}", names=names)
        evidence = tuple(f"{job.key.subject.id}: {job.detail or words.reason(job.reason)}" for job in outlook.silent)
        yield Finding(UPLINK_DOWN, DAEMON, severity, summary, evidence)


def _connection(uplink: Iterable[JobState], beyond: Iterable[JobState]) -> _Connection:
    able = [job for job in uplink if job.reason is not Reason.CONFIG]
    if not able:
        return _Connection("unguarded", 0.0, 0.0)  # not permitted to ping: a finding of its own says so
    silence = max((job.since or 0.0 for job in able), default=0.0)
    answering = [job for job in beyond if job.up is True and (job.last_success or 0.0) > silence]
    proven_at = max((job.last_success or 0.0 for job in (*able, *beyond)), default=0.0)
    up = [job for job in able if job.up is True]
    if up:
        return _Connection("works", _begin(up), proven_at)
    if not all(confirmed_down(job) for job in able):
        return _Connection("undecided", 0.0, proven_at)
    if answering:
        return _Connection("deaf", _begin(answering), proven_at)
    return _Connection("down", silence, proven_at)


def _begin(answering: Iterable[JobState]) -> float:
    """When the one that answers for the longest began to."""
    return min(job.since or 0.0 for job in answering)


def _wishes(
    connection: _Connection, uplink: Iterable[JobState], doubted: Iterable[JobState], now: float
) -> Iterator[JobKey]:
    """Ask the uplink again where a verdict waits for it; once it answers, ask those whose failures are old."""
    unproven = [job.since for job in doubted if job.since is not None and job.since >= connection.proven_at]
    newest = max(unproven, default=0.0)
    for job in uplink:
        asked = job.last_attempt or 0.0
        if (connection.state in {"down", "deaf"} and now - asked >= PACE_SECONDS) or asked < newest:
            yield job.key
    if connection.state in {"works", "deaf"}:
        old = (job.key for job in doubted if (job.last_attempt or 0.0) < connection.since)
        yield from (key for key, _ in zip(old, range(MAX_REPOLLS), strict=False))


class _Doubting:
    """Implements ``contract.View``: another view with some jobs unknown and their series withheld."""

    def __init__(self, view: View, hidden: Mapping[JobKey, JobState]) -> None:
        self.now = view.now
        self._view = view
        self._hidden = hidden

    def jobs(self, subject: Subject | None = None) -> Iterable[JobState]:
        return [self._hidden.get(job.key, job) for job in self._view.jobs(subject)]

    def series(self, family: str, subject: Subject | None = None) -> Iterator[Series]:
        for reading, column in self.columns(family, subject):
            yield from samples_of(reading, column)

    def families(self) -> Iterable[str]:
        return self._view.families()

    def columns(self, family: str, subject: Subject | None = None) -> Iterator[tuple[Reading, Column]]:
        for reading, column in self._view.columns(family, subject):
            if reading.key not in self._hidden:
                yield reading, column
