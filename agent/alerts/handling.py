"""What of the settings decides how messages leave, and who is told in whose place. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from agent.alerts.rota import Rota
from agent.alerts.routing import message_key, route_of
from agent.contract import Notification, Sent, Trouble
from config.settings import Settings

Whom = Callable[[str, float], Sequence[str]]  # (receiver, when) -> who is meant by it then: those on duty, or itself

Redirect = Callable[[Notification, float], Sequence[str]]  # who is told by the routes of today


@dataclass(frozen=True, slots=True)
class Fallback:
    """Who is told as well when a receiver has not been reached for ``after`` seconds."""

    to: str
    after: float


@dataclass(frozen=True, slots=True)
class Handling:
    """Waits, limits and fallbacks; times in seconds.

    ``whom`` expands receivers that stand for whoever has duty. ``redirect`` names who is told by the routes of today of
    what is addressed to a receiver that is gone.
    """

    group_wait: float
    messages: int
    per: float
    fallbacks: Mapping[str, Fallback]
    whom: Whom
    redirect: Redirect

    @classmethod
    def of(cls, settings: Settings, rota: Callable[[], Rota]) -> Handling:
        """Return it as configured; ``rota`` returns who has duty when, as last read."""
        alerting = settings.alerting
        fallbacks = {
            name: Fallback(one.fallback, one.fallback_after)
            for name, one in alerting.receivers.items()
            if one.fallback is not None
        }
        limit = alerting.rate_limit

        def whom(receiver: str, now: float) -> Sequence[str]:
            return rota().resolve(receiver, now)

        def redirect(notification: Notification, now: float) -> Sequence[str]:
            finding = notification.alert.finding
            route = route_of(finding, settings)
            return () if route is None else rota().told_of(finding, route.receivers, now)

        return cls(alerting.group_wait, limit.messages, limit.per, fallbacks, whom, redirect)


def readdressed(notification: Notification, receiver: str, now: float, instead_of: str | None) -> Notification:
    """Return the same message to someone else; its key is the one that routing would have given it."""
    alert = notification.alert
    again = notification.key.removeprefix(message_key(alert, notification.receiver))
    return replace(
        notification,
        key=message_key(alert, receiver) + again,
        receiver=receiver,
        not_before=max(notification.created_at, min(notification.not_before, now)),
        attempts=0,
        instead_of=instead_of,
    )


def stand_ins(entry: Sent, trouble: Trouble | None, handling: Handling, now: float) -> Iterator[Notification]:
    """Yield what the fallback is told, because the receiver of a message that is due has not been reached for long."""
    notification = entry.notification
    fallback = handling.fallbacks.get(notification.receiver)
    if fallback is None or trouble is None:
        return
    if trouble.for_good or now - trouble.since >= fallback.after:
        for receiver in handling.whom(fallback.to, now):
            if receiver != notification.receiver:
                yield readdressed(notification, receiver, now, notification.receiver)


def redirected(entry: Sent, handling: Handling, now: float) -> tuple[Notification, ...]:
    """Return the message to whoever is meant now, because its receiver has no way of its own (any more)."""
    notification = entry.notification
    meant = [one for one in handling.whom(notification.receiver, now) if one != notification.receiver]
    receivers = meant or handling.redirect(notification, now)
    return tuple(readdressed(notification, one, now, notification.instead_of) for one in dict.fromkeys(receivers))
