"""What the stand-ins of device managements have in common: a fleet, and ways to misbehave."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web

CANARY = "KANARIENVOGEL"
Raw = dict[str, Any]


class Management:
    """Answers from ``devices``, each edited by ``edit``, unless something else is to be answered first.

    ``first``: statuses with headers that the next requests get instead. ``hold``: requests wait until ``released``.
    ``padding``: bytes of blanks within an answer. ``cut``: the body breaks off after so many bytes. ``asked``: methods
    and paths with queries, in their order.
    """

    def __init__(self, devices: list[Raw]) -> None:
        self.devices = devices
        self.edit: Callable[[Raw], Any] = dict
        self.first: list[tuple[int, Mapping[str, str]]] = []
        self.hold = False
        self.holding = asyncio.Event()
        self.released = asyncio.Event()
        self.padding = 0
        self.cut: int | None = None
        self.raw: bytes | None = None
        self.asked: list[str] = []

    def edited(self) -> list[Any]:
        """The devices as they are told."""
        return [self.edit(one) for one in self.devices]

    async def trouble(self, request: web.Request) -> web.StreamResponse | None:
        """What is answered instead, or None."""
        self.asked.append(f"{request.method} {request.path_qs}")
        if self.hold:
            self.holding.set()
            await self.released.wait()
        if self.first:
            status, headers = self.first.pop(0)
            return web.Response(status=status, headers=headers, text=f"{CANARY} says no")
        return None if self.raw is None else web.Response(body=self.raw)

    async def answer(self, request: web.Request, told: Mapping[str, Any]) -> web.StreamResponse:
        """Send an answer, padded or cut off where that is asked for."""
        body = web.json_response(told).body
        assert isinstance(body, bytes)
        body = body[:1] + b" " * self.padding + body[1:]
        if self.cut is None:
            return web.Response(body=body, content_type="application/json")
        answer = web.StreamResponse(headers={"Content-Length": str(len(body))})
        await answer.prepare(request)
        await answer.write(body[: self.cut])
        if request.transport is not None:
            request.transport.close()
        return answer


@asynccontextmanager
async def served(
    management: Management, routes: list[web.RouteDef], tls: ssl.SSLContext | None = None
) -> AsyncGenerator[str]:
    """Serve it on loopback; yields where."""
    app = web.Application()
    app.add_routes(routes)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0, ssl_context=tls)
    await site.start()
    try:
        yield f"{'http' if tls is None else 'https'}://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        management.released.set()
        await runner.cleanup()
