"""The handlers of the status page. What it takes to make the page happens off the loop."""

from __future__ import annotations

from aiohttp import web

from agent.contract import Commands, Snapshot
from agent.risk.deadlines import endings
from agent.risk.texts import Words
from config.inventory import Inventory
from config.settings import Settings
from exporters.web.answering import answer, wants_gzip
from exporters.web.calendar import page_rows
from exporters.web.guards import FORM_HEADERS
from exporters.web.page import Given, Look, make_page
from exporters.web.render import STATIC, Body, Pages
from exporters.web.runbooks import PATH as RUNBOOKS
from exporters.web.runbooks import make_runbook
from exporters.web.sharing.viewers import may_act
from exporters.web.worker import Worker


class StatusPage:
    """``/``, the runbooks that it leads to, and what they need under ``/static/``."""

    def __init__(self, commands: Commands, worker: Worker) -> None:
        self._commands = commands
        self._worker = worker
        self._pages = Pages()

    def add_to(self, app: web.Application) -> None:
        """Add the routes."""
        app.router.add_get("/", self._index)
        app.router.add_get(f"{RUNBOOKS}/{{rule}}", self._runbook)
        app.router.add_get("/static/{name}", self._static)

    async def _index(self, request: web.Request) -> web.Response:
        """Answer with the page; ``open=all`` unfolds everything, ``refresh=off`` lets it stand still."""
        look = Look(request.query.get("open") == "all", request.query.get("refresh") != "off")
        snapshot = await self._commands.snapshot()
        inventory, settings, gzip = self._commands.inventory(), self._commands.settings(), wants_gzip(request)
        silences, acts = tuple(self._commands.on_call.silences()), may_act(request)

        def make() -> Body:
            given = _given(snapshot, inventory, settings)._replace(silences=silences, may_act=acts)
            return self._pages.render(make_page(given, look), gzip)

        return await answer(self._worker, make, headers=FORM_HEADERS if acts else None)

    async def _runbook(self, request: web.Request) -> web.Response:
        """Answer with what to do about a rule's alerts; 404 where no rule has the name."""
        inventory, settings, gzip = self._commands.inventory(), self._commands.settings(), wants_gzip(request)
        runbook = make_runbook(request.match_info["rule"], inventory, settings)
        return await answer(
            self._worker, lambda: self._pages.runbook(runbook, gzip), status=200 if runbook.known else 404
        )

    async def _static(self, request: web.Request) -> web.Response:
        name, gzip = request.match_info["name"], wants_gzip(request)
        if name not in STATIC:
            raise web.HTTPNotFound
        return await answer(self._worker, lambda: self._pages.static(name, gzip), content_type=STATIC[name])


def _given(snapshot: Snapshot, inventory: Inventory, settings: Settings) -> Given:
    rows = page_rows(endings(inventory, settings, snapshot.view), Words(settings.municipality.language))
    return Given(snapshot, inventory, settings, rows)
