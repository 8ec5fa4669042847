"""How messages leave in tests: as a daemon does that nobody configured, but for what a test says."""

from __future__ import annotations

from collections.abc import Mapping

from agent.alerts.handling import Fallback, Handling, Redirect, Whom
from agent.contract import Notification


def itself(receiver: str, _now: float) -> tuple[str, ...]:
    return (receiver,)


def nobody(_notification: Notification, _now: float) -> tuple[str, ...]:
    return ()


def even() -> float:
    """Jitter that is always the same."""
    return 0.5


def make_handling(
    *,
    group_wait: float = 5.0,
    messages: int = 10,
    per: float = 600.0,
    fallbacks: Mapping[str, Fallback] | None = None,
    whom: Whom = itself,
    redirect: Redirect = nobody,
) -> Handling:
    return Handling(group_wait, messages, per, {} if fallbacks is None else fallbacks, whom, redirect)
