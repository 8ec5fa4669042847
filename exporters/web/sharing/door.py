"""``/view``: where a browser shows the token of its municipality, once, and puts it down again."""

from __future__ import annotations

from http import HTTPStatus

from aiohttp import web

from agent.contract import Commands
from exporters.web.answering import answer, wants_gzip
from exporters.web.guards import FORM_HEADERS, require_same_origin
from exporters.web.patience import count_wrong
from exporters.web.render import Pages
from exporters.web.sharing.page import make_view_page
from exporters.web.sharing.viewers import COOKIE, DOOR, holder_of
from exporters.web.worker import Worker

_LONGEST_TOKEN = 1000


class Door:
    """The handlers."""

    def __init__(self, commands: Commands, worker: Worker) -> None:
        self._commands = commands
        self._worker = worker
        self._pages = Pages()

    def add_to(self, app: web.Application) -> None:
        """Add the routes."""
        app.router.add_get(DOOR, self._ask)
        app.router.add_post(DOOR, self._enter)
        app.router.add_post(f"{DOOR}/leave", self._leave)

    async def _ask(self, request: web.Request) -> web.Response:
        return await self._show(request, wrong=False)

    async def _enter(self, request: web.Request) -> web.Response:
        """Keep a right token in a cookie that no script reads and no other site sends."""
        require_same_origin(request)
        given = (await request.post()).get("token")
        token = given.strip() if isinstance(given, str) else ""
        if not 0 < len(token) <= _LONGEST_TOKEN or holder_of(token, self._commands.settings()) is None:
            count_wrong(request)
            return await self._show(request, wrong=True)
        response = _home()
        secure = request.secure or request.headers.get("X-Forwarded-Proto", "") == "https"
        response.set_cookie(COOKIE, token, httponly=True, samesite="Strict", secure=secure, path="/")
        return response

    async def _leave(self, request: web.Request) -> web.Response:
        require_same_origin(request)
        response = _home()
        response.del_cookie(COOKIE, path="/")
        return response

    async def _show(self, request: web.Request, *, wrong: bool) -> web.Response:
        town, gzip = self._commands.settings().municipality, wants_gzip(request)
        held = COOKIE in request.cookies
        page = make_view_page(town, wrong=wrong, held=held)
        status = HTTPStatus.FORBIDDEN if wrong else HTTPStatus.OK
        return await answer(self._worker, lambda: self._pages.view(page, gzip), status=status, headers=FORM_HEADERS)


def _home() -> web.Response:
    return web.Response(status=HTTPStatus.SEE_OTHER, headers={"Location": "/"})
