"""How many wrong secrets are answered: one-time links, tokens of jobs and of the API."""

from __future__ import annotations

import asyncio

from aiohttp import web

WRONG_AT_ONCE = 20
WRONG_PER_SECOND = 0.2
RETRY_SECONDS = 60


class Patience:
    """How many wrong ones are answered as such: a token bucket. Right ones never ask it: nobody locks them out."""

    def __init__(self, at_once: float = WRONG_AT_ONCE, per_second: float = WRONG_PER_SECOND) -> None:
        self._left = self._most = at_once
        self._per_second = per_second
        self._at = 0.0

    def allows(self, now: float) -> bool:
        """Whether one more is answered at this moment (seconds of any clock that never steps back)."""
        self._left = min(self._most, self._left + (now - self._at) * self._per_second)
        self._at = now
        if self._left < 1:
            return False
        self._left -= 1
        return True


PATIENCE = web.AppKey("patience", Patience)


def count_wrong(request: web.Request) -> None:
    """Count a secret that proved to be wrong; raise 429 where there were too many."""
    if not request.app[PATIENCE].allows(asyncio.get_running_loop().time()):
        text, headers = "Too many wrong tries; try again later.\n", {"Retry-After": f"{RETRY_SECONDS}"}
        raise web.HTTPTooManyRequests(text=text, headers=headers)
