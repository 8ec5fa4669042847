"""How fast: pauses after failures, and how many messages a receiver may get. Pure."""

from __future__ import annotations

from collections.abc import Iterable

FIRST_PAUSE_SECONDS = 5.0
LONGEST_PAUSE_SECONDS = 300.0
LONGEST_ASKED_SECONDS = 3600.0  # no receiver may ask for more patience than this
JITTER = 0.2  # so that those who failed together do not come back together


def pause_after(failures: int, asked_seconds: float, luck: float = 0.5) -> float:
    """Return seconds until the next try after so many failures before this one.

    Doubled each time, capped, up to a fifth more or less by ``luck`` (0 to 1); never less than asked for.
    """
    backoff = min(LONGEST_PAUSE_SECONDS, FIRST_PAUSE_SECONDS * 2.0 ** min(failures, 16))
    return max(jittered(backoff, luck), min(asked_seconds, LONGEST_ASKED_SECONDS))


def jittered(seconds: float, luck: float) -> float:
    """Return it up to a fifth more or less, by ``luck`` (0 to 1)."""
    return seconds * (1.0 - JITTER + 2.0 * JITTER * luck)


def tokens_left(taken_at: Iterable[float], messages: int, per: float, now: float) -> float:
    """Return how many messages a receiver may get now: a bucket of ``messages`` that fills within ``per`` seconds.

    ``taken_at``: when it took one, oldest first; what lies in the future, since the clock stepped back, does not count.
    """
    left, last = float(messages), float("-inf")
    for at in taken_at:
        if at <= now:
            left = min(float(messages), left + (at - last) * messages / per) - 1.0
            last = at
    return min(float(messages), left + (now - last) * messages / per)


def token_in(left: float, messages: int, per: float) -> float:
    """Return the seconds until one message may go."""
    return max(0.0, (1.0 - left) * per / messages)
