"""Microsoft Graph for tests: gives tokens, serves collections in pages, and behaves as badly as it is told to."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web

CLIENT, SECRET = "11111111-2222-3333-4444-555555555555", "canary-client-secret"
VERSION = "/v1.0"
TOKEN_PATH = "/tenant/oauth2/v2.0/token"


class Tenant:
    """``collections``: objects by path. ``page``: objects a page.

    ``answers``: what is answered to a path first, in this order, instead. ``bodies``: what a path answers always.
    ``links``: what stands as link to the next page instead. ``hold``: paths whose answer never comes. ``good``: how
    many requests a token is good for; None: for all.
    """

    def __init__(self, collections: Mapping[str, Sequence[Mapping[str, Any]]]) -> None:
        self.collections = dict(collections)
        self.page = 100
        self.answers: defaultdict[str, list[web.Response]] = defaultdict(list)
        self.bodies: dict[str, bytes] = {}
        self.links: dict[str, Any] = {}
        self.hold: set[str] = set()
        self.good: int | None = None
        self.expires_in: int = 3600
        self.tokens = 0
        self.asked: list[str] = []
        self.queries: list[Mapping[str, str]] = []
        self.released = asyncio.Event()
        self._left: dict[str, float] = {}

    async def token(self, request: web.Request) -> web.Response:
        """Give a token to the one application that there is (RFC 6749 4.4)."""
        form = await request.post()
        if self.answers[TOKEN_PATH]:
            return self.answers[TOKEN_PATH].pop(0)
        if (form.get("client_id"), form.get("client_secret")) != (CLIENT, SECRET):
            said = f"AADSTS7000215: Invalid client secret provided: {form.get('client_secret')!r}"
            return web.json_response({"error": "invalid_client", "error_description": said}, status=401)
        self.tokens += 1
        token = f"token-{self.tokens}"
        self._left[token] = float("inf") if self.good is None else self.good
        return web.json_response({"token_type": "Bearer", "expires_in": self.expires_in, "access_token": token})

    async def collection(self, request: web.Request) -> web.StreamResponse:
        """Answer a page."""
        path = request.path.removeprefix(VERSION)
        self.asked.append(path)
        self.queries.append(dict(request.query))
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        if self._left.get(token, 0) <= 0:
            return web.json_response({"error": {"code": "InvalidAuthenticationToken"}}, status=401)
        self._left[token] -= 1
        if path in self.hold:
            await self.released.wait()
        if self.answers[path]:
            return self.answers[path].pop(0)
        if path in self.bodies:
            return web.Response(body=self.bodies[path], content_type="application/json")
        if path not in self.collections:
            return web.Response(status=404)
        return web.json_response(self._page(request, path))

    def _page(self, request: web.Request, path: str) -> Mapping[str, Any]:
        start = int(request.query.get("$skiptoken", "0"))
        objects = self.collections[path]
        found: dict[str, Any] = {"value": list(objects[start : start + self.page])}
        if path in self.links:
            found["@odata.nextLink"] = self.links[path]
        elif start + self.page < len(objects):
            found["@odata.nextLink"] = str(request.url.update_query({"$skiptoken": start + self.page}))
        return found


def forbidden() -> web.Response:
    """What is answered where a permission is missing."""
    return web.json_response({"error": {"code": "Authorization_RequestDenied", "message": "canary"}}, status=403)


def busy(retry_after: str | None, status: int = 429) -> web.Response:
    """What is answered where too much was asked."""
    return web.Response(status=status, headers={} if retry_after is None else {"Retry-After": retry_after})


@asynccontextmanager
async def served(tenant: Tenant) -> AsyncGenerator[str]:
    """Serve a tenant on loopback; yields its origin."""
    app = web.Application()
    app.router.add_post(TOKEN_PATH, tenant.token)
    app.router.add_get(VERSION + "/{path:.*}", tenant.collection)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        tenant.released.set()
        await runner.cleanup()
