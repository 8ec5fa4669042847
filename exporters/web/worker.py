"""One thread for what would hold up the loop: pages, calendars, long lists."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from aiohttp import web

T = TypeVar("T")


class Worker:
    """Makes answers one after the other; closed with the application."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1, "web")

    async def make(self, work: Callable[[], T]) -> T:
        """Return what the call returns, made in the thread."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)

    async def close(self, _app: web.Application) -> None:
        """Begin nothing more; does not wait."""
        self._thread.shutdown(wait=False, cancel_futures=True)
