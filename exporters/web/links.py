"""The one-time links of messages: they work from a telephone, without a login, through a proxy.

A GET changes nothing, since messengers fetch what they are sent to show a preview of it; the button sends a POST.
The address is the secret: whoever has it may use it, once.
"""

from __future__ import annotations

from http import HTTPStatus

from aiohttp import web

from agent.contract import Alert, Commands, Refused
from exporters.web.acting import STATUS
from exporters.web.answering import answer, wants_gzip
from exporters.web.guards import LINK_HEADERS
from exporters.web.handling import Reader, make_link_page
from exporters.web.patience import count_wrong
from exporters.web.render import Pages
from exporters.web.words import Tone
from exporters.web.worker import Worker

PATH = "/a"


class Links:
    """The handlers."""

    def __init__(self, commands: Commands, worker: Worker) -> None:
        self._commands = commands
        self._worker = worker
        self._pages = Pages()

    def add_to(self, app: web.Application) -> None:
        """Add the routes."""
        app.router.add_get(f"{PATH}/{{token}}", self._ask)
        app.router.add_post(f"{PATH}/{{token}}", self._use)

    async def _ask(self, request: web.Request) -> web.Response:
        try:
            alert = self._commands.on_call.claimed(request.match_info["token"])
        except Refused as error:
            return await self._refused(request, error)
        return await self._show(request, "open", alert.finding.severity.value, alert)

    async def _use(self, request: web.Request) -> web.Response:
        try:
            alert = await self._commands.on_call.redeem(request.match_info["token"])
        except Refused as error:
            return await self._refused(request, error)
        return await self._show(request, "done", "ok", alert)

    async def _refused(self, request: web.Request, error: Refused) -> web.Response:
        if error.kind == "forbidden":
            count_wrong(request)
        now = (await self._commands.snapshot()).at
        mark = None if error.alert is None else error.alert.acknowledged
        if mark is not None and mark.holds(now):  # pressed twice: what was asked for is so
            return await self._show(request, "done", "ok", error.alert)
        return await self._show(request, error.kind, "unknown", status=STATUS[error.kind])

    async def _show(
        self, request: web.Request, key: str, tone: Tone, alert: Alert | None = None, status: int = HTTPStatus.OK
    ) -> web.Response:
        now = (await self._commands.snapshot()).at
        reader, gzip = Reader(self._commands.inventory(), self._commands.settings(), now), wants_gzip(request)
        return await answer(
            self._worker,
            lambda: self._pages.link(make_link_page(key, tone, reader, alert), gzip),
            status=status,
            headers=LINK_HEADERS,
        )
