"""The asset register with what was seen: /api/v1/assets, as JSON or CSV, a portion at a time off the loop."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress

from aiohttp import web

from agent.contract import Commands, Snapshot
from agent.risk.portions import portions
from config.inventory import Inventory
from exporters.web.api import Row
from exporters.web.assetrows import MATCHES, asset_rows, csv_of
from exporters.web.worker import Worker

_WHY_NOT = f"state: {', '.join(MATCHES)}; format: json or csv; excel: 1\n"


class Assets:
    """The handler."""

    def __init__(self, commands: Commands, worker: Worker) -> None:
        self._commands = commands
        self._worker = worker

    def add_to(self, app: web.Application) -> None:
        """Add the route."""
        app.router.add_get("/api/v1/assets", self._assets)

    async def _assets(self, request: web.Request) -> web.StreamResponse:
        """Answer with ``?format=``, only ``?site=`` and ``?state=`` (may be repeated); ``excel=1``: with a BOM."""
        asked, excel = request.query.get("format", "json"), request.query.get("excel", "0")
        states = frozenset(request.query.getall("state", ()))
        if asked not in {"json", "csv"} or excel not in {"0", "1"} or not states <= MATCHES:
            raise web.HTTPBadRequest(text=_WHY_NOT)
        is_wanted = _filter(frozenset(request.query.getall("site", ())), states)
        rows = self._rows(await self._commands.snapshot(), self._commands.inventory(), is_wanted)
        if asked == "json":
            return await self._stream(request, json_of(rows), {"Content-Type": "application/json; charset=utf-8"})
        headers = {
            "Content-Type": "text/csv; charset=utf-8",
            "Content-Disposition": 'attachment; filename="assets.csv"',
        }
        return await self._stream(request, csv_of(rows, excel=excel == "1"), headers)

    @staticmethod
    def _rows(snapshot: Snapshot, inventory: Inventory, is_wanted: Callable[[Row], bool]) -> Iterator[Row]:
        return filter(is_wanted, asset_rows(snapshot, inventory))

    async def _stream(self, request: web.Request, parts: Iterator[str], headers: dict[str, str]) -> web.StreamResponse:
        response = web.StreamResponse(headers=headers)
        chunks = ("".join(portion).encode() for portion in portions(parts))
        chunk = await self._worker.make(lambda: next(chunks, b""))  # a fault in the first one is an answer of its own
        with suppress(ConnectionResetError):  # who asked may have read enough
            await response.prepare(request)
            while chunk:
                await response.write(chunk)
                chunk = await self._worker.make(lambda: next(chunks, b""))
            await response.write_eof()
        return response


def _filter(sites: frozenset[str], states: frozenset[str]) -> Callable[[Row], bool]:
    return lambda row: (not sites or row["site"] in sites) and (not states or row["state"] in states)


def json_of(rows: Iterable[Row]) -> Iterator[str]:
    """Yield the text of a JSON list, row by row."""
    mark = "["
    for row in rows:
        yield f"{mark}{json.dumps(row, allow_nan=False)}"
        mark = ",\n"
    yield "[]" if mark == "[" else "]"
