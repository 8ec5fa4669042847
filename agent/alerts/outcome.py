"""What becomes of a message after a try, and when one that is refused is let go."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace

from agent.alerts.line import Line
from agent.contract import AlertState, Delivered, Delivery, Notification, Sent

# An end that is refused is of no use later: then a look at the page tells more.
REFUSED_END_SECONDS = 86400.0

NOBODY_HEARD = "over before anybody heard of it"


def is_of_use(notification: Notification, heard: Collection[tuple[str, str]]) -> bool:
    """Whether its receiver can make sense of it: of an end only who has heard of the beginning."""
    firing = notification.alert.state is not AlertState.RESOLVED
    return firing or (notification.alert.id, notification.receiver) in heard


def after(entry: Sent, way: str, outcome: Delivery, next_try: float, now: float) -> Sent:
    """Return the entry after a try over one way. Times are seconds since the epoch."""
    if isinstance(outcome, Delivered):
        return replace(entry, taken=(*entry.taken, way), taken_at=now if entry.taken_at is None else entry.taken_at)
    notification = replace(entry.notification, attempts=entry.notification.attempts + 1)
    return replace(entry, notification=notification, next_try=next_try, why=outcome.why)


def let_go(lines: Sequence[Line], waiting: Sequence[Sent], heard: Collection[tuple[str, str]], now: float) -> None:
    """Let each way give up what it refuses once that is over, and all ways the end of what nobody heard of.

    ``waiting``: for the receiver whose ways these are, in the order in which it was decided.
    """
    over = {one.notification.alert.id for one in waiting if _is_end(one)}
    for line in lines:
        line.give_up(_refused(line, waiting, over, now))
    begun = {one.notification.alert.id for one in waiting if not _is_end(one) and _is_awaited(one, lines)}
    for one in waiting:
        if one.notification.alert.id not in begun and not is_of_use(one.notification, heard):
            for line in lines:
                line.give_up((one,))


def _refused(line: Line, waiting: Sequence[Sent], over: Collection[str], now: float) -> Iterator[Sent]:
    for one in waiting:
        if line.has_refused(one):
            old = now - one.notification.created_at > REFUSED_END_SECONDS
            if old if _is_end(one) else one.notification.alert.id in over:
                yield one


def _is_end(entry: Sent) -> bool:
    return entry.notification.alert.state is AlertState.RESOLVED


def _is_awaited(entry: Sent, lines: Sequence[Line]) -> bool:
    return any(line.awaits(entry) for line in lines)
