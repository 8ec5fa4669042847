"""How long to wait for a server that is busy or fails for now, and when to give up (RFC 6585; RFC 9110 10.2.3)."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Awaitable, Callable, Mapping
from email.utils import parsedate_to_datetime
from typing import TypeVar

from agent.contract import BadReply

T = TypeVar("T")
Sleep = Callable[[float], Awaitable[None]]

BUSY = frozenset({429, 503})
FIRST_PAUSE_SECONDS = 2.0
LONGEST_PAUSE_SECONDS = 60.0
MOST_TRIES = 8


class Busy(BadReply):
    """The server is busy, or fails by its own fault; ``after_seconds``: when to come again, None: it does not say."""

    def __init__(self, place: str, status: int, after_seconds: float | None = None) -> None:
        later = "" if after_seconds is None else f", may be asked again in {math.ceil(after_seconds)} s"
        super().__init__(f"{place}: {'too busy' if status in BUSY else 'fails'} (status {status}){later}")
        self.place = place
        self.status = status
        self.after_seconds = after_seconds


def is_passing(status: int) -> bool:
    """Whether the same request may do well later: too many of them, or a fault of the server's own."""
    return status == 429 or status >= 500


def retry_after(headers: Mapping[str, str], now: float) -> float | None:
    """Return the seconds that ``Retry-After`` names, as such or as a date; None where it holds neither.

    ``now``: seconds since the epoch.
    """
    text = headers.get("Retry-After", "").strip()
    if text.isascii() and text.isdigit() and len(text) < 10:
        return float(text)
    try:
        return max(0.0, parsedate_to_datetime(text).timestamp() - now)
    except (ValueError, OverflowError):
        return None


async def patiently(ask: Callable[[], Awaitable[T]], until: float, sleep: Sleep = asyncio.sleep) -> T:
    """Ask until the server is not busy any more; ``until`` is a time of the loop.

    It waits longer each time, and as long as the server says: one that says "at once" is not believed. Raises Busy
    where that is longer than there is time, and whatever ``ask`` raises.
    """
    pause, tries = FIRST_PAUSE_SECONDS, 1
    while True:
        try:
            return await ask()
        except Busy as busy:
            wait = max(pause, busy.after_seconds or 0.0)
            if tries >= MOST_TRIES or asyncio.get_running_loop().time() + wait >= until:
                raise
        await sleep(wait)
        pause, tries = min(2 * pause, LONGEST_PAUSE_SECONDS), tries + 1
