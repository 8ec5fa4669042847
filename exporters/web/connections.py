"""Bounds on connections: how many, how long a request may take to arrive, how long its answer may take to leave.

aiohttp holds a connection that sends nothing, half a head or half a body for more than 95 s (facts, failures 3.10).
"""

from __future__ import annotations

import asyncio
from enum import Enum, auto
from typing import cast

from aiohttp import web
from aiohttp.typedefs import Handler

from exporters.web.ping import PATH

MAX_CONNECTIONS = 128
RECEIVE_SECONDS = 10.0
ANSWER_SECONDS = 60.0
IDLE_SECONDS = 120.0


class Phase(Enum):
    """Where a connection is between two requests."""

    IDLE = auto()
    RECEIVING = auto()
    ANSWERING = auto()
    CLOSED = auto()


class Connections:
    """Guards each connection of one server.

    Where all places are taken, the connection that has waited longest without a whole request makes room, so that
    slow ones never keep out those that ask at once.
    """

    def __init__(self, limit: int = MAX_CONNECTIONS, receive_seconds: float = RECEIVE_SECONDS) -> None:
        self._limit = limit
        self._seconds = {
            Phase.IDLE: IDLE_SECONDS,
            Phase.RECEIVING: receive_seconds,
            Phase.ANSWERING: ANSWER_SECONDS,
        }
        self._open: dict[asyncio.BaseTransport, _Guard] = {}
        self._waiting: dict[_Guard, None] = {}

    def guard(self, inner: asyncio.Protocol) -> asyncio.Protocol:
        """Return a protocol that stands before the server's own protocol of one connection."""
        return _Guard(self, inner)

    @web.middleware
    async def middleware(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Take in the whole body under the deadline, then give the answer its own."""
        guard = None if request.transport is None else self._open.get(request.transport)
        if guard is None:
            return await handler(request)
        try:
            await _take_in(request)
            guard.enter(Phase.ANSWERING)
            return await handler(request)
        finally:
            guard.enter(Phase.IDLE)

    def admit(self, transport: asyncio.BaseTransport, guard: _Guard) -> bool:
        """Take the connection in; False where every place is taken by one that is being answered."""
        if len(self._open) >= self._limit:
            longest = next(iter(self._waiting), None)
            if longest is None:
                return False
            longest.abort()
        self._open[transport] = guard
        return True

    def entered(self, guard: _Guard, phase: Phase) -> float:
        """Note the phase; return how many seconds it may last."""
        self._waiting.pop(guard, None)
        if phase is not Phase.ANSWERING:
            self._waiting[guard] = None
        return self._seconds[phase]

    def leave(self, transport: asyncio.BaseTransport, guard: _Guard) -> None:
        """Forget a connection."""
        self._open.pop(transport, None)
        self._waiting.pop(guard, None)


async def _take_in(request: web.Request) -> None:
    """Read the body; what a job sends along with its report (a log) is thrown away as it comes, however long it is.

    Raises 400 where it is not encoded as it says, 413 where it is longer than any that is read.
    """
    try:
        if request.path.startswith(f"{PATH}/"):
            async for _ in request.content.iter_any():
                pass
        else:
            await request.read()
    except web.RequestPayloadError as error:
        request.content.feed_eof()  # or aiohttp would wait for the rest, and log what it finds
        refused = web.HTTPBadRequest(text="The body is not encoded as its header says.\n")
        refused.force_close()
        raise refused from error


class _Guard(asyncio.Protocol):
    """Stands before aiohttp's protocol and aborts the connection when a phase lasts too long."""

    def __init__(self, connections: Connections, inner: asyncio.Protocol) -> None:
        self._connections = connections
        self._inner = inner
        self._admitted = False
        self._phase = Phase.CLOSED
        self._timer: asyncio.TimerHandle | None = None
        self._transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)  # uvloop's does not derive from it
        self._admitted = self._connections.admit(transport, self)
        if not self._admitted:
            self._transport.abort()
            return
        self._phase = Phase.RECEIVING
        self.enter(Phase.RECEIVING)
        self._inner.connection_made(transport)

    def data_received(self, data: bytes) -> None:
        if self._phase is Phase.CLOSED:
            return
        if self._phase is Phase.IDLE:
            self.enter(Phase.RECEIVING)
        self._inner.data_received(data)

    def eof_received(self) -> bool | None:
        return self._inner.eof_received() if self._admitted else None

    def pause_writing(self) -> None:
        self._inner.pause_writing()

    def resume_writing(self) -> None:
        self._inner.resume_writing()

    def connection_lost(self, exc: Exception | None) -> None:
        self._close()
        if self._admitted:
            self._inner.connection_lost(exc)

    def enter(self, phase: Phase) -> None:
        """Go on to a phase and its deadline; once closed, stay so."""
        if self._phase is Phase.CLOSED:
            return
        self._stop_timer()
        self._phase = phase
        seconds = self._connections.entered(self, phase)
        self._timer = asyncio.get_running_loop().call_later(seconds, self.abort)

    def abort(self) -> None:
        """Drop the connection now."""
        self._close()
        self._transport.abort()

    def _close(self) -> None:
        self._connections.leave(self._transport, self)
        self._stop_timer()
        self._phase = Phase.CLOSED

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
