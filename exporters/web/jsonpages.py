"""Pages of the API that are one object of JSON, made from a snapshot and the configuration."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping

from aiohttp import web

from agent.contract import Commands, Snapshot
from config.inventory import Inventory
from config.settings import Settings
from exporters.web.api import Row
from exporters.web.backups import backups_row
from exporters.web.classrooms import classrooms_row
from exporters.web.contracts import contracts_row
from exporters.web.fleets import fleets_row
from exporters.web.house import functions_row, risk_row, rooms_row
from exporters.web.licences import licences_row
from exporters.web.services import services_row
from exporters.web.worker import Worker

Make = Callable[[Snapshot, Inventory, Settings], Row]


def _unset(make: Callable[[Snapshot, Inventory], Row]) -> Make:
    """Return what makes a page on which no setting bears."""
    return lambda snapshot, inventory, _settings: make(snapshot, inventory)


# By path.
PAGES: Mapping[str, Make] = {
    "/api/v1/backups": _unset(backups_row),
    "/api/v1/classrooms": _unset(classrooms_row),
    "/api/v1/contracts": _unset(contracts_row),
    "/api/v1/fleets": fleets_row,
    "/api/v1/functions": _unset(functions_row),
    "/api/v1/licences": licences_row,
    "/api/v1/risk": _unset(risk_row),
    "/api/v1/rooms": _unset(rooms_row),
    "/api/v1/services": _unset(services_row),
}


class JsonPages:
    """The handlers; the rows are made in the thread of the pages. What is no number in a row is refused: status 500."""

    def __init__(self, commands: Commands, worker: Worker, pages: Mapping[str, Make]) -> None:
        self._commands = commands
        self._worker = worker
        self._pages = pages

    def add_to(self, app: web.Application) -> None:
        """Register the routes."""
        for path, make in self._pages.items():
            app.router.add_get(path, self._answer(make))

    def _answer(self, make: Make) -> Callable[[web.Request], Awaitable[web.Response]]:
        async def answer(_request: web.Request) -> web.Response:
            snapshot = await self._commands.snapshot()
            inventory, settings = self._commands.inventory(), self._commands.settings()
            text = await self._worker.make(lambda: json.dumps(make(snapshot, inventory, settings), allow_nan=False))
            return web.json_response(text=text)

        return answer
