"""The only module that asks the system for the time."""

from __future__ import annotations

import asyncio
import time


class SystemClock:
    """Implements ``contract.Clock``."""

    def now(self) -> float:
        """Wall clock, seconds since the epoch (UTC)."""
        return time.time()  # noqa: TID251 - this is the module that may

    def monotonic(self) -> float:
        """Seconds that never step back."""
        return time.monotonic()  # noqa: TID251 - this is the module that may

    async def sleep(self, seconds: float) -> None:
        """Wait."""
        await asyncio.sleep(seconds)
