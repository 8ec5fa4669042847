"""An HTTP sink on loopback that records what it receives and answers as told."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from tests.harness.process import free_port


@dataclass(frozen=True)
class Received:
    """One request."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes

    def json(self) -> Any:
        """The body as JSON."""
        return json.loads(self.body)


class Sink:
    """Answers every request with ``status``; ``requests`` holds what came, in order.

    ``gate`` is waited for and ``meanwhile`` is called before each answer.
    """

    def __init__(self, port: int) -> None:
        self.port = port
        self.url = f"http://127.0.0.1:{port}"
        self.status = 200
        self.requests: list[Received] = []
        self.gate = asyncio.Event()
        self.gate.set()
        self.meanwhile: Callable[[], None] = lambda: None
        self._arrived = asyncio.Condition()

    async def handle(self, request: web.Request) -> web.Response:
        """Records the request, then answers."""
        body = await request.read()
        async with self._arrived:
            self.requests.append(Received(request.method, request.path_qs, dict(request.headers), body))
            self._arrived.notify_all()
        await self.gate.wait()
        self.meanwhile()
        return web.Response(status=self.status)

    async def wait(self, count: int = 1, seconds: float = 30.0) -> list[Received]:
        """Waits until so many requests have come in all."""
        async with asyncio.timeout(seconds), self._arrived:
            await self._arrived.wait_for(lambda: len(self.requests) >= count)
        return self.requests


@asynccontextmanager
async def sink(port: int | None = None) -> AsyncGenerator[Sink]:
    """A running sink on a free or the given port."""
    here = Sink(port or free_port())
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", here.handle)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", here.port).start()
    try:
        yield here
    finally:
        await runner.cleanup()
