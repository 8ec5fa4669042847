"""Is it the daemon that is cut off? Then it says so, once, and nothing about those that it cannot reach.

The gateway and the references of ``uplink:`` are polled like everything else. While all of them are silent the
connection is down: everything is unknown but what targets at the daemon's own site have answered since. When it is
back, each verdict waits for a poll that was made since. And at any time a failure counts only once gateway or reference
have answered after it: so no device is blamed in the seconds in which they were not yet asked.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from agent.contract import (
    Column,
    Finding,
    FindingKey,
    JobKey,
    JobState,
    Reading,
    Series,
    Severity,
    Subject,
    View,
)
from agent.families import PLUGIN_STATUS
from agent.layout import samples_of
from agent.risk.catalogue.daemon import UPLINK_DOWN
from agent.risk.reachability import ANSWERED, DAEMON, OURS, confirmed_down
from agent.risk.sight import HEARTBEAT, PLUGIN
from agent.risk.texts import Words
from config.settings import Settings

State = Literal["unguarded", "undecided", "works", "down"]

LOCAL = frozenset({"host"})  # checks that need no connection
PACE_SECONDS = 5.0  # a connection that is down is tried so often, whatever the slow lane says
MAX_REPOLLS = 100  # at one look; the next one wishes for more


@dataclass(frozen=True, slots=True)
class Outlook:
    """What may be believed at the moment: ``view`` is the store's, without what proves nothing.

    ``unguarded``: this daemon is not able to ask gateway and references. ``silent``: those that do not answer.
    ``beyond``: how many targets at other sites answered although the connection is down by their word. ``stepped_at``:
    when the clock was last set by much, or the machine stood still.
    """

    state: State
    view: View
    silent: tuple[JobState, ...] = ()
    beyond: int = 0
    repoll: frozenset[JobKey] = frozenset()
    stepped_at: float = 0.0


class Guard:
    """Remembers when the connection went and came back; one for the life of the daemon, asked at each look.

    Times in seconds since the epoch. ``proven``: bad news of which it is known that it is not the connection's.
    """

    def __init__(self) -> None:
        self._asked_at = 0.0
        self._forget()

    def _forget(self) -> None:
        self._cut_at: float | None = None
        self._restored_at = 0.0
        self._proven: dict[JobKey, object] = {}

    def look(self, view: View, settings: Settings) -> Outlook:
        """Return what may be believed; without ``uplink:`` that is everything."""
        hosts = [job for job in view.jobs() if job.key.subject.kind == "uplink"]
        if settings.uplink is None or not hosts:
            self._forget()
            return Outlook("works", view)
        uplink = [_in_time(job, view.now) for job in hosts]
        state = self._advance(uplink, view.now)
        if state == "unguarded":
            return Outlook(state, view)
        others = [_in_time(job, view.now) for job in view.jobs() if _is_remote(job)]
        proven_at = max(job.last_success or 0.0 for job in uplink)
        doubted = self._doubted(others, settings.uplink.site, proven_at)
        hidden = {job.key: replace(job, up=None, reason=None, detail="", failures=0, reading=None) for job in doubted}
        return Outlook(
            state,
            _Doubting(view, hidden) if hidden else view,
            tuple(job for job in uplink if job.up is not True),
            sum(_answered_since(job, self._cut_at) for job in others if job.target.site != settings.uplink.site),
            frozenset(self._wishes(uplink, doubted, view.now)),
        )

    def _advance(self, uplink: Sequence[JobState], now: float) -> State:
        """Take note of where the connection stands."""
        if now < self._asked_at:  # the clock stepped back
            self._restored_at = 0.0
            self._cut_at = None if self._cut_at is None else min(self._cut_at, now)
        self._asked_at = now
        able = [job for job in uplink if job.last_success is not None or job.reason not in OURS]
        if not able:
            self._forget()
            return "unguarded"
        up = [job for job in able if job.up is True]
        if up:
            if self._cut_at is not None:
                self._restored_at, self._cut_at = min(job.since or 0.0 for job in up), None
            return "works"
        if self._cut_at is None and all(_is_silent(job) for job in able):
            self._cut_at = max(job.since or 0.0 for job in able)
            self._proven.clear()
        return "undecided" if self._cut_at is None else "down"

    def _doubted(self, others: Iterable[JobState], site: str, proven_at: float) -> list[JobState]:
        if self._cut_at is not None:
            return [job for job in others if job.target.site != site or not _answered_since(job, self._cut_at)]
        proven: dict[JobKey, object] = {}
        doubted: list[JobState] = []
        for job in others:
            news = _bad_news(job)
            if job.last_attempt is not None and job.last_attempt < self._restored_at:
                doubted.append(job)
            elif news is not None:
                if self._proven.get(job.key) == news or proven_at >= _end(job):
                    proven[job.key] = news
                else:
                    doubted.append(job)
        self._proven = proven
        return doubted

    def _wishes(self, uplink: Iterable[JobState], doubted: Sequence[JobState], now: float) -> Iterator[JobKey]:
        """Ask the uplink where a verdict waits for it; once it is back, ask those that were not asked since."""
        if self._cut_at is not None:
            yield from (job.key for job in uplink if now - (job.last_attempt or 0.0) >= PACE_SECONDS)
            return
        waiting = max((_end(job) for job in doubted if _bad_news(job) is not None), default=0.0)
        yield from (job.key for job in uplink if (job.last_attempt or 0.0) < waiting)
        old = (job.key for job in doubted if (job.last_attempt or 0.0) < self._restored_at)
        yield from (key for key, _ in zip(old, range(MAX_REPOLLS), strict=False))


def judge_uplink(outlook: Outlook, words: Words) -> Iterator[Finding | FindingKey]:
    """Yield ``uplink_down`` about the daemon itself."""
    if outlook.state == "down":
        summary = words.say("uplink_down", names=words.joined([job.key.subject.id for job in outlook.silent]))
        evidence = [f"{job.key.subject.id}: {job.detail or words.reason(job.reason)}" for job in outlook.silent]
        if outlook.beyond:
            evidence.append(words.say("uplink_others_answer", count=outlook.beyond))
        yield Finding(UPLINK_DOWN, DAEMON, Severity.CRITICAL, summary, tuple(evidence))
    elif outlook.state != "works":
        yield FindingKey(UPLINK_DOWN, DAEMON)


def _is_remote(job: JobState) -> bool:
    return job.key.subject.kind != "uplink" and job.key.check not in LOCAL


def _is_silent(job: JobState) -> bool:
    """Whether it does not answer; also where asking itself fails by now, because address or route are gone."""
    return confirmed_down(job) or (job.reason in OURS and job.last_success is not None)


def _answered_since(job: JobState, cut_at: float | None) -> bool:
    """Whether the target itself answered during the cut.

    A plug-in's word is its own, it also says that nobody does; a job that reports by itself is not even asked.
    """
    if cut_at is None or job.key.check in {PLUGIN, HEARTBEAT}:
        return False
    return job.up is True and job.last_attempt is not None and job.last_attempt >= cut_at


def _bad_news(job: JobState) -> object:
    """Return what is bad and may be the connection's fault, the same for as long as it is the same; else None."""
    if confirmed_down(job) and job.reason not in ANSWERED:
        return job.since
    if job.key.check == PLUGIN and job.up is True:
        return _plugin_status(job) or None
    return None


def _plugin_status(job: JobState) -> float:
    harvest = job.reading.harvest if job.reading is not None else None
    columns = harvest.layout.columns if harvest is not None else ()
    places = (column.start for column in columns if column.family.name == PLUGIN_STATUS.name)
    return next((harvest.values[place] for place in places), 0.0) if harvest is not None else 0.0


def _end(job: JobState) -> float:
    """When the last poll ended: an answer of the gateway while it ran says nothing of its end."""
    return (job.last_attempt or 0.0) + (job.duration_seconds or 0.0)


def _in_time(job: JobState, now: float) -> JobState:
    """Return the job with what lies in the future taken for long ago: the clock has stepped back since."""
    times = (job.since, job.last_attempt, job.last_success)
    if all(at is None or at <= now for at in times):
        return job
    since, last_attempt, last_success = (0.0 if at is not None and at > now else at for at in times)
    return replace(job, since=since, last_attempt=last_attempt, last_success=last_success)


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
