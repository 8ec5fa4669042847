"""Who asks, and what is answered: everything, one municipality's share, or nothing."""

from __future__ import annotations

import hmac
import re
from collections.abc import Callable
from contextvars import ContextVar
from typing import NamedTuple

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from config.settings import Settings
from exporters.web.guards import bearer_of, is_local_peer
from exporters.web.patience import count_wrong

COOKIE = "ringwacht-view"
DOOR = "/view"

# Whose share is asked for; None: everything. Set for the time of a request.
MUNICIPALITY: ContextVar[str | None] = ContextVar("municipality", default=None)

# What a municipality may read. Everything else belongs to those who run this Ringwacht.
SHARED = frozenset(
    {
        "/",
        "/deadlines.ics",
        "/api/v1/alerts",
        "/api/v1/assets",
        "/api/v1/backups",
        "/api/v1/classrooms",
        "/api/v1/contracts",
        "/api/v1/deadlines",
        "/api/v1/devices",
        "/api/v1/fleets",
        "/api/v1/functions",
        "/api/v1/licences",
        "/api/v1/rooms",
        "/api/v1/services",
    }
)
# Of one thing, which the handler finds or not.
_OF_ONE = re.compile(r"/api/v1/(services|links)/[^/]+/history|/runbooks/[^/]+")
# What tells nothing about anybody, or asks for a secret of its own.
_OPEN = ("/-/", "/a/", "/ping/", "/static/", f"{DOOR}/")


class Viewer(NamedTuple):
    """Who asks. ``municipality`` of None sees everything, if ``known``."""

    known: bool
    municipality: str | None = None


EVERYTHING, NOBODY = Viewer(known=True), Viewer(known=False)


def viewer_of(request: web.Request, settings: Settings) -> Viewer:
    """Tell who asks: by the token of the header, by that of the cookie, by the machine. Raises 429, 403.

    Where no municipality has a token there is nothing to keep apart: whoever reaches the server sees everything.
    """
    given, kept = bearer_of(request), request.cookies.get(COOKIE)
    for token in (given, kept):
        if token and (found := holder_of(token, settings)) is not None:
            return found
    if not any(one.token is not None for one in settings.municipalities.values()):
        return EVERYTHING
    if given is not None:
        count_wrong(request)
        return NOBODY
    # Who comes through a proxy that says nothing of itself looks like this machine.
    return EVERYTHING if settings.web.external_url is None and is_local_peer(request) else NOBODY


def holder_of(token: str, settings: Settings) -> Viewer | None:
    """Return who holds a token; None: nobody. Every known one is compared, so that time tells nothing."""
    found: Viewer | None = None
    if settings.web.token is not None and _same(token, settings.web.token.get_secret_value()):
        found = EVERYTHING
    for name, one in settings.municipalities.items():
        if one.token is not None and _same(token, one.token.get_secret_value()):
            found = found or Viewer(known=True, municipality=name)
    return found


def _same(given: str, wanted: str) -> bool:
    return hmac.compare_digest(*(text.strip().encode("utf-8", "surrogateescape") for text in (given, wanted)))


def may_act(request: web.Request) -> bool:
    """Whether the reader of a page may acknowledge and silence by its forms."""
    return MUNICIPALITY.get() is None and is_local_peer(request)


def view_check(settings: Callable[[], Settings]) -> Middleware:
    """Answer each request with what its viewer may see; browsers that show no token are asked for it."""

    @web.middleware
    async def check(request: web.Request, handler: Handler) -> web.StreamResponse:
        if request.path == DOOR or request.path.startswith(_OPEN):
            return await handler(request)
        viewer = viewer_of(request, settings())
        if not viewer.known:
            raise _unknown(request)
        if viewer.municipality is None:
            return await handler(request)
        if request.method not in {"GET", "HEAD"} or not _is_shared(request.path):
            raise web.HTTPForbidden(text="The token of a municipality does not show this.\n")
        mark = MUNICIPALITY.set(viewer.municipality)
        try:
            return await handler(request)
        finally:
            MUNICIPALITY.reset(mark)

    return check


def _is_shared(path: str) -> bool:
    return path in SHARED or _OF_ONE.fullmatch(path) is not None


def _unknown(request: web.Request) -> web.HTTPException:
    if request.path == "/" or request.path.startswith("/runbooks/"):
        return web.HTTPSeeOther(DOOR)
    return web.HTTPUnauthorized(text="A token is needed.\n", headers={"WWW-Authenticate": 'Bearer realm="ringwacht"'})
