"""One job as the scheduler sees it: when it is due, and on which lane."""

from __future__ import annotations

import asyncio
import math
from dataclasses import dataclass

from agent.contract import Collector, Job, JobState, LabelPairs, Reading, Reason

FIRST_ROUND_SECONDS = 60.0
SLOW_PACE_SECONDS = 60.0
SILENT_AFTER = 3
SILENT = frozenset({Reason.TIMEOUT, Reason.UNREACHABLE})
CONFIRMED = SILENT | {Reason.REFUSED}
MAX_DOUBLINGS = 16
EARLY_SECONDS = 0.001  # timers of the loop have a resolution of 1 ms


@dataclass(slots=True, eq=False)
class Entry:
    """A job, its collector and its times on the monotonic clock. ``due`` is the next start, ``asked`` the present one.

    Main lane: due on the grid ``base + k * interval``. Slow lane: the pace doubles from the interval up to a minute.
    ``begun`` is when the last poll began: whoever asks, the next one begins no sooner than ``earliest``.
    """

    job: Job
    collector: Collector
    base: float
    due: float = math.inf
    asked: float = math.inf
    slow: bool = False
    tries: int = 0
    queued: bool = False
    again: bool = False
    closed: bool = False
    begun: float = -math.inf
    task: asyncio.Task[Reading | None] | None = None

    @property
    def busy(self) -> bool:
        """Whether a poll runs or waits for a slot."""
        return self.queued or self.task is not None

    @property
    def is_spared(self) -> bool:
        """Whether the target must not be asked often."""
        return self.job.least_interval_seconds > 0

    @property
    def earliest(self) -> float:
        """The first moment at which the target may be polled again."""
        return self.begun + self.job.least_interval_seconds + EARLY_SECONDS if self.is_spared else -math.inf

    @property
    def labels(self) -> LabelPairs:
        """Labels of the job's own meters."""
        return (*self.job.target.labels, ("check", self.job.key.check))

    @property
    def pace_seconds(self) -> float:
        """Seconds between two starts on the present lane."""
        interval = self.job.interval_seconds
        if not self.slow:
            return interval
        return min(interval * 2.0 ** min(self.tries, MAX_DOUBLINGS), max(SLOW_PACE_SECONDS, interval))

    def missed(self, now: float) -> int:
        """Return how many whole starts were passed over since it was due."""
        return max(0, int((now - self.due) / self.pace_seconds))

    def following(self, now: float) -> float:
        """Return the start after the present one: in the future, so that nothing is ever caught up."""
        after = max(now, self.due) if math.isfinite(self.due) else now
        if self.slow:
            return after + self.pace_seconds
        interval = self.job.interval_seconds
        return self.base + (math.floor((after - self.base) / interval + 1e-6) + 1) * interval


def first_start(job: Job, now: float) -> float:
    """Return when a new job is first polled: by its phase, but within the first minute whatever its interval."""
    return now + job.phase_seconds * min(1.0, FIRST_ROUND_SECONDS / job.interval_seconds)


def is_silent(state: JobState) -> bool:
    """Whether the target has stopped answering, so that it belongs on the slow lane."""
    return state.failures >= SILENT_AFTER and state.reason in SILENT


def needs_confirmation(state: JobState) -> bool:
    """Whether this is the first failure of a kind that one lost packet can cause."""
    return state.failures == 1 and state.reason in CONFIRMED
