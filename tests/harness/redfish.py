"""A management controller for tests that keeps sessions."""

from __future__ import annotations

import asyncio
import itertools
import ssl
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from typing import Literal

from aiohttp import web

from tests.harness.mockups import ROOT, Tree

USER, PASSWORD = "ringwacht", "bmcpass123"


class Controller:
    """A controller with a table of sessions; its answers can be made slow, wrong, or cut off.

    ``open``: the sessions that nobody ended. ``hold``: GETs of these paths wait until ``released``. ``raw``: bodies
    and statuses that are answered instead. ``login``: what is answered to a login instead. ``cut_login``: the body of
    that answer is cut off or never ends. ``logouts``: statuses that are answered to logouts first. ``seconds``: what
    each answer takes. ``basic``: logins at each request are accepted beside sessions. ``open_paths``: what may be read
    without a login.
    """

    def __init__(self, tree: Tree, most_sessions: int = 4) -> None:
        self.tree = tree
        self.most_sessions = most_sessions
        self.open: dict[str, str] = {}
        self.ended = 0
        self.asked: list[str] = []
        self.passwords_seen = 0
        self.hold: set[str] = set()
        self.hold_login = False
        self.hold_logout = False
        self.basic = False
        self.holding = asyncio.Event()
        self.released = asyncio.Event()
        self.raw: dict[str, tuple[int, bytes]] = {}
        self.login: web.Response | None = None
        self.cut_login: Literal["cut", "endless"] | None = None
        self.logouts: list[int] = []
        self.seconds = 0.0
        self.busiest = 0
        self.open_paths = {ROOT}
        self.sessions = True
        self._busy = 0
        self._numbers = itertools.count(1)

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """Answer anything, after a while; even to one who does not wait for it."""
        self._busy += 1
        self.busiest = max(self.busiest, self._busy)
        try:
            await request.read()
            return await asyncio.shield(asyncio.create_task(self._slowly(request)))
        finally:
            self._busy -= 1

    async def _slowly(self, request: web.Request) -> web.StreamResponse:
        await asyncio.sleep(self.seconds)
        path = request.raw_path.rstrip("/")
        self.asked.append(f"{request.method} {path}")
        if request.method == "POST":
            return await self._log_in(request)
        if request.method == "DELETE":
            if self.hold_logout:
                await self.released.wait()
            return self._log_out(request, path)
        if path in self.hold:
            self.holding.set()
            await self.released.wait()
        if path not in self.open_paths and not self._is_known(request):
            return web.Response(status=401)
        if path in self.raw:
            status, body = self.raw[path]
            return web.Response(status=status, body=body)
        return web.json_response(self.tree[path]) if path in self.tree else web.Response(status=404)

    def _is_known(self, request: web.Request) -> bool:
        if self.sessions and not (self.basic and "Authorization" in request.headers):
            return request.headers.get("X-Auth-Token") in self.open.values()
        return request.headers.get("Authorization", "").startswith("Basic ")

    async def _log_in(self, request: web.Request) -> web.StreamResponse:
        if self.hold_login:
            self.holding.set()
            await self.released.wait()
        if self.login is not None:
            return self.login if self.cut_login is None else await self._cut(request, self.login)
        if not self.sessions:
            return web.Response(status=404)
        given: Mapping[str, str] = await request.json()
        self.passwords_seen += 1
        if (given["UserName"], given["Password"]) != (USER, PASSWORD):
            return web.Response(status=401)
        if len(self.open) >= self.most_sessions:
            said = [{"MessageId": "Base.1.8.SessionLimitExceeded", "Message": "The session limit is exceeded."}]
            return web.json_response({"error": {"@Message.ExtendedInfo": said}}, status=503)
        return self.new_session(b'{"Name": "Session"}')

    async def _cut(self, request: web.Request, login: web.Response) -> web.StreamResponse:
        """Send the headers of an answer and the beginning of a body."""
        answer = web.StreamResponse(status=login.status, headers={**login.headers, "Content-Length": "500"})
        await answer.prepare(request)
        await answer.write(b"{")
        if self.cut_login == "endless":
            await self.released.wait()
        elif request.transport is not None:
            request.transport.close()
        return answer

    def new_session(self, body: bytes) -> web.Response:
        """Make a session and the answer that tells of it."""
        number = next(self._numbers)
        path, token = f"{ROOT}/SessionService/Sessions/{number}", f"token-{number}"
        self.open[path] = token
        return web.Response(status=201, body=body, headers={"X-Auth-Token": token, "Location": path})

    def _log_out(self, request: web.Request, path: str) -> web.StreamResponse:
        if self.logouts:
            return web.Response(status=self.logouts.pop(0))
        if request.headers.get("X-Auth-Token") != self.open.get(path):
            return web.Response(status=401)
        del self.open[path]
        self.ended += 1
        return web.Response(status=204)


@asynccontextmanager
async def served(controller: Controller, tls: ssl.SSLContext | None = None) -> AsyncGenerator[int]:
    """Serve a controller on loopback; yields its port."""
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", controller.answer)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0, ssl_context=tls)
    await site.start()
    try:
        yield int(runner.addresses[0][1])
    finally:
        controller.released.set()
        await runner.cleanup()
