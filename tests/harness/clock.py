"""A clock that stands still until a test moves it."""

from __future__ import annotations

import asyncio
import heapq
import itertools

SETTLE_ROUNDS = 60


async def settle() -> None:
    """Let every task run until it waits for something that only time or the test brings."""
    for _ in range(SETTLE_ROUNDS):
        await asyncio.sleep(0)


class FakeClock:
    """Implements ``contract.Clock``; ``sleep`` returns when ``advance`` has come so far."""

    def __init__(self, now: float = 1_800_000_000.0, monotonic: float = 1000.0) -> None:
        self._wall_offset = now - monotonic
        self._monotonic = monotonic
        self._order = itertools.count()
        self._sleepers: list[tuple[float, int, asyncio.Future[None]]] = []

    def now(self) -> float:
        """Wall clock, seconds since the epoch."""
        return self._monotonic + self._wall_offset

    def monotonic(self) -> float:
        """Seconds that never step back."""
        return self._monotonic

    async def sleep(self, seconds: float) -> None:
        """Wait until the test has advanced so far."""
        if seconds <= 0:
            await asyncio.sleep(0)
            return
        woken: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._sleepers, (self._monotonic + seconds, next(self._order), woken))
        await woken

    async def advance(self, seconds: float) -> None:
        """Move on, stopping at each sleeper's moment so that things happen in their order."""
        end = self._monotonic + seconds
        await settle()
        while self._sleepers and self._sleepers[0][0] <= end:
            moment, _, woken = heapq.heappop(self._sleepers)
            if woken.done():
                continue
            self._monotonic = max(self._monotonic, moment)
            woken.set_result(None)
            await settle()
        self._monotonic = end
        await settle()

    def step(self, seconds: float) -> None:
        """Set the wall clock, as an administrator or NTP does; the monotonic one goes on."""
        self._wall_offset += seconds

    def jump(self, seconds: float) -> None:
        """Move on at once, as when the machine was suspended: nobody is woken on the way."""
        self._monotonic += seconds

    def step_wall(self, seconds: float) -> None:
        """Step the wall clock alone, as NTP does."""
        self._wall_offset += seconds
