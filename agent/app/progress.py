"""Does each part of the daemon get on with its work? What does not is named, for the dead man's switch."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import NamedTuple

from agent.app.judging import JUDGE_BUDGET_SECONDS, Judge
from agent.app.outside import Relay
from agent.contract import AlertState, Clock, Sent, Severity
from agent.engine.engine import Engine
from agent.state.store import StateStore

# Longer than any of them takes when it works, however large the inventory; short beside a reaction time.
SCHEDULER_SECONDS = 60.0
JUDGEMENT_SECONDS = 2 * JUDGE_BUDGET_SECONDS
OUTBOX_SECONDS = 300.0
UNDELIVERED_SECONDS = 600.0


class Progress(NamedTuple):
    """How long each part has made none, in seconds. That of the loop is the very call that asks.

    ``undelivered``: how long a critical alert of which nobody has heard has been waiting.
    """

    scheduler: float
    judgement: float
    outbox: float = 0.0
    undelivered: float = 0.0

    @classmethod
    def of(cls, engine: Engine, judge: Judge, relay: Relay, store: StateStore, clock: Clock) -> Progress:
        """Ask the parts."""
        now = clock.monotonic()
        undelivered = undelivered_seconds(store.waiting(), store.heard(), clock.now())
        return cls(engine.behind_seconds(), now - judge.judged_at, now - relay.progressed_at, undelivered)


def undelivered_seconds(waiting: Iterable[Sent], heard: Collection[tuple[str, str]], now: float) -> float:
    """Return how long the critical alert that fires and that nobody has heard of waits; 0 where there is none.

    ``heard``: alert and receiver of each message that one way at least took. What was refused waits on, here or at the
    fallback. ``now`` in seconds since the epoch.
    """
    known = {alert for alert, _ in heard}
    due = (
        one.notification.not_before
        for one in waiting
        if one.notification.alert.state is AlertState.FIRING
        and one.notification.alert.finding.severity is Severity.CRITICAL
        and one.notification.alert.id not in known
    )
    return max(0.0, now - min(due, default=now))


def stuck(progress: Progress) -> Iterator[str]:
    """Yield the parts that hang."""
    limits = Progress(SCHEDULER_SECONDS, JUDGEMENT_SECONDS, OUTBOX_SECONDS, UNDELIVERED_SECONDS)
    for name, seconds, limit in zip(Progress._fields, progress, limits, strict=True):
        if seconds > limit:
            yield name
