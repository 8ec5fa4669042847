"""Bounded pools of threads for blocking libraries, so that none of them ever holds up the loop or the exit.

``concurrent.futures.ThreadPoolExecutor`` joins its threads when the interpreter ends: one hung ``statfs`` on a dead NFS
mount would hold up the stop of the daemon. These threads are daemons, which the interpreter does not wait for.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from queue import SimpleQueue
from threading import Thread
from types import MappingProxyType
from typing import Any, TypeVar

from agent.contract import CannotCheck

T = TypeVar("T")

SIZES: Mapping[str, int] = MappingProxyType(
    {
        "psutil": 2,
        "statfs": 8,
        "dns": 4,
        "apprise": 32,
        "plugin": 8,
        "parse": 2,
        "sqlite": 1,
        "ssh": 32,
        "git": 1,
        "default": 4,
    }
)
MAX_WAITING = 1000

_Work = tuple["Future[Any]", Callable[[], Any]]


class Pool:
    """At most ``size`` threads, started as they are needed, and at most ``max_waiting`` calls before them."""

    def __init__(self, name: str, size: int, max_waiting: int = MAX_WAITING) -> None:
        self._name = name
        self._size = size
        self._max_waiting = max_waiting
        self._threads = 0
        self._work: SimpleQueue[_Work | None] = SimpleQueue()

    async def run(self, call: Callable[[], T]) -> T:
        """Return what the call returns, or raise what it raises. A cancelled wait takes the call out, once begun not.

        Raises:
            CannotCheck: too many calls wait, because every thread of the pool hangs.
        """
        if self._work.qsize() >= self._max_waiting:
            raise CannotCheck(f"{self._max_waiting} calls wait for the {self._size} threads of pool {self._name}")
        done: Future[T] = Future()
        self._work.put((done, call))
        if self._threads < self._size:
            self._threads += 1
            Thread(target=_work_off, args=(self._work,), name=f"{self._name}-{self._threads}", daemon=True).start()
        return await asyncio.wrap_future(done)

    def close(self) -> None:
        """Tell each thread to end after what was queued before; does not wait."""
        for _ in range(self._threads):
            self._work.put(None)


def _work_off(work: SimpleQueue[_Work | None]) -> None:
    while (item := work.get()) is not None:
        done, call = item
        if not done.set_running_or_notify_cancel():
            continue
        try:
            done.set_result(call())
        except BaseException as error:  # noqa: BLE001 - carried to the caller, who awaits it; nothing is handled here
            done.set_exception(error)
        del item, done, call  # an idle thread keeps nothing alive


class Pools:
    """The named pools. A name that is not in ``sizes`` is a programming error (KeyError)."""

    def __init__(self, sizes: Mapping[str, int] = SIZES) -> None:
        self._pools = {name: Pool(name, size) for name, size in sizes.items()}

    async def blocking(self, pool: str, call: Callable[[], T]) -> T:
        """Run a blocking call in the named pool; see ``Pool.run``."""
        return await self._pools[pool].run(call)

    def close(self) -> None:
        """Let the threads end; does not wait for a hung one."""
        for pool in self._pools.values():
            pool.close()
