"""Reads resources, several at once, in the time that a poll has; what there was no time for is taken from before."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Collection, Iterable
from functools import partial
from typing import NamedTuple

from agent.contract import CollectError, Unreachable, Wire
from collectors.redfish.client import Client, Question
from collectors.redfish.limits import AT_ONCE, KEPT_SECONDS, MAX_REFUSED, MAX_RESOURCES, MAX_TOTAL_BYTES
from collectors.redfish.reduce import Reduced, reduced
from collectors.redfish.resource import Resource, ResourceError, decode
from collectors.redfish.session import Session
from collectors.redfish.walk import Enough, Missing

INLINE_BYTES = 32 * 1024
REQUEST_SHARE = 0.6  # of the time for all: one resource that hangs must not take it all
NOT_THERE = frozenset({404, 405, 410, 501})
NO_TIME = "the time for one poll is used up"
REFUSED = frozenset({401, 403})


class Late(Enough):
    """The time for one poll is used up."""


class Silent(Missing):
    """One resource is not answered in time."""


class _Kept(NamedTuple):
    found: Reduced | None
    at: float


class Time(NamedTuple):
    """How long may be read: until when (time of the loop), and how long for one resource."""

    until: float
    longest: float

    @classmethod
    def before(cls, until: float) -> Time:
        """Return the time from now on."""
        return cls(until, (until - _now()) * REQUEST_SHARE)


class Memory:
    """What was read of one controller, by path, with the time of the loop; what is only known of was never read."""

    def __init__(self) -> None:
        self._kept: dict[str, _Kept] = {}

    def oldest_first(self) -> list[str]:
        """Return the paths in the order in which they are worth reading; of equals as they were come upon."""
        return sorted(self._kept, key=lambda path: self._kept[path].at)

    def put(self, path: str, found: Reduced | None, at: float) -> None:
        """Keep what was read."""
        self._kept[path] = _Kept(found, at)

    def want(self, path: str) -> None:
        """Have a path read first at the next poll."""
        self._kept.setdefault(path, _Kept(None, -math.inf))

    def recent(self, path: str, now: float) -> _Kept | None:
        """Return what was read not long ago."""
        kept = self._kept.get(path)
        return kept if kept is not None and now - kept.at <= KEPT_SECONDS else None

    def keep_only(self, paths: Collection[str]) -> None:
        """Forget what no link leads to any more."""
        self._kept = {path: kept for path, kept in self._kept.items() if path in paths}


class Reader:
    """The reading of one poll. ``fresh``: how many resources were read, ``old``: how many are from earlier polls.

    ``late``: how many were not answered in time, ``refused``: how many were not for this login.
    """

    def __init__(self, client: Client, session: Session, wire: Wire, memory: Memory, time: Time) -> None:
        self._client = client
        self._session = session
        self._wire = wire
        self._memory = memory
        self._time = time
        self._slots = asyncio.Semaphore(AT_ONCE)
        self._decoding = asyncio.Lock()  # a body grows to many times its size for that moment
        self._tasks: dict[str, asyncio.Task[Reduced | Missing | Enough | None]] = {}
        self._bytes = 0
        self.refused = self.fresh = self.old = self.late = 0

    def ahead(self, paths: Iterable[str]) -> None:
        """Begin to read what will be asked for."""
        for path in paths:
            if path not in self._tasks and len(self._tasks) < MAX_RESOURCES:
                self._tasks[path] = asyncio.create_task(self._outcome(path))

    async def get(self, path: str) -> Reduced | None:
        """Return one resource, None where there is none. Raises Missing, Enough."""
        self.ahead((path,))
        task = self._tasks.get(path)
        found = Enough(f"more than {MAX_RESOURCES} resources") if task is None else await task
        if isinstance(found, Late | Silent):
            self.late += 1
            kept = self._memory.recent(path, _now())
            if kept is not None:
                self.old += 1
                return kept.found
            self._memory.want(path)
        if isinstance(found, Missing | Enough):
            raise found
        return found

    async def stop(self) -> None:
        """Give up what is still being read."""
        for task in self._tasks.values():
            task.cancel()
        if self._tasks:
            await asyncio.wait(self._tasks.values())

    async def _outcome(self, path: str) -> Reduced | Missing | Enough | None:
        """Return what became of it: nobody may ask for it."""
        try:
            async with self._slots:
                found = await self._read(path)
        except (Missing, Enough) as error:
            return error
        self._memory.put(path, found, _now())
        self.fresh += 1
        return found

    async def _read(self, path: str) -> Reduced | None:
        now = _now()
        if now >= self._time.until:
            raise Late(NO_TIME)
        if self.refused >= (1 if self._session.is_basic and not self.fresh else MAX_REFUSED):
            raise Enough("the login is not accepted any more")
        try:
            question = Question("GET", path, self._session.headers)
            answer = await self._client.ask(question, min(self._time.until, now + self._time.longest))
        except Unreachable as error:
            raise (Late(NO_TIME) if _now() >= self._time.until else Silent(error.detail)) from None
        except CollectError as error:
            raise Missing(error.detail) from None
        return await self._understood(answer.status, answer.body)

    async def _understood(self, status: int, body: bytes) -> Reduced | None:
        if status in NOT_THERE:
            return None
        if status == 401 or (status in REFUSED and self._session.is_basic):
            self.refused += 1  # each of these may count as a failed login
        if status != 200:
            raise Missing(f"status {status}")
        self._bytes += len(body)
        if self._bytes > MAX_TOTAL_BYTES:
            raise Enough(f"more than {MAX_TOTAL_BYTES} bytes")
        try:
            async with self._decoding:
                return reduced(await decoded(body, self._wire))
        except ResourceError as error:
            raise Missing(str(error)) from None


async def decoded(body: bytes, wire: Wire) -> Resource:
    """Return what a body holds; a large one is decoded off the loop. Raises ResourceError."""
    call = partial(decode, body)
    return call() if len(body) <= INLINE_BYTES else await wire.blocking("parse", call)


def _now() -> float:
    return asyncio.get_running_loop().time()
