"""Who is told: an HTTP server that keeps account of every parcel, and now and then refuses one."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from random import Random

from aiohttp import web

REFUSES = 0.1
SLOWEST_SECONDS = 0.01


@dataclass(frozen=True)
class Reception:
    """A parcel that was taken. ``contents``: key, alert id and state of each of its notifications."""

    run: int
    receiver: str
    parcel: str
    contents: tuple[tuple[str, str, str], ...]


@dataclass
class Receiver:
    """``taken``: what was accepted, in order; ``refused`` counts what was answered with 503."""

    random: Random
    url: str = ""
    taken: list[Reception] = field(default_factory=list[Reception])
    refused: int = 0

    async def handle(self, request: web.Request) -> web.Response:
        said = await request.json()
        await asyncio.sleep(self.random.uniform(0, SLOWEST_SECONDS))
        if self.random.random() < REFUSES:
            self.refused += 1
            return web.Response(status=503)
        contents = tuple((key, alert, state) for key, alert, state in said["contents"])
        self.taken.append(Reception(said["run"], said["receiver"], said["parcel"], contents))
        return web.Response()


@asynccontextmanager
async def receiving(seed: int) -> AsyncGenerator[Receiver]:
    """A receiver on a free port."""
    receiver = Receiver(Random(seed))  # noqa: S311 - a course that can be repeated
    app = web.Application()
    app.router.add_post("/", receiver.handle)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    host, port = runner.addresses[0][:2]
    receiver.url = f"http://{host}:{port}/"
    try:
        yield receiver
    finally:
        await runner.cleanup()
