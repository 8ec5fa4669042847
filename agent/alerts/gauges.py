"""What waits and whom it does not reach, in figures."""

from __future__ import annotations

from collections.abc import Iterable

from agent import families
from agent.contract import Telemetry
from agent.state.store import StateStore


def declare(store: StateStore, receivers: Iterable[str], telemetry: Telemetry, now: float) -> None:
    """Set the gauges of each receiver."""
    waiting = store.waiting()
    for receiver in receivers:
        pairs = (("receiver", receiver),)
        mine = [one.notification for one in waiting if one.notification.receiver == receiver]
        due = [one.due_at for one in mine]
        telemetry.set(families.OUTBOX, pairs, len(mine))
        telemetry.set(families.OUTBOX_OLDEST, pairs, max(0.0, now - min(due, default=now)))
        telemetry.set(families.RECEIVER_FAILING, pairs, float(receiver in store.troubles))
        success = store.last_success().get(receiver)
        if success is not None:
            telemetry.set(families.RECEIVER_SUCCESS, pairs, success)
