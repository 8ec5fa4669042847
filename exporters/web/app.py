"""The aiohttp application: status page, metrics, API, health, reload."""

from __future__ import annotations

import asyncio
import json
import zlib
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor

from aiohttp import web
from aiohttp.typedefs import Middleware

from agent.contract import Commands
from exporters.prometheus.negotiation import OPENMETRICS, TEXT, accepts_gzip, wants_openmetrics
from exporters.prometheus.page import PrometheusPage
from exporters.web.acting import Acting
from exporters.web.api import alert_rows, device_rows
from exporters.web.assets import Assets
from exporters.web.calendar import Deadlines
from exporters.web.forms import Forms
from exporters.web.guards import add_security_headers, host_check, require_local_peer
from exporters.web.jsonpages import PAGES, JsonPages
from exporters.web.links import Links
from exporters.web.norms import Norms
from exporters.web.patience import PATIENCE, Patience
from exporters.web.ping import Pings
from exporters.web.register import Register
from exporters.web.services import Services
from exporters.web.sharing.commands import SharedCommands
from exporters.web.sharing.door import Door
from exporters.web.sharing.viewers import view_check
from exporters.web.status import StatusPage
from exporters.web.topology import Topologies
from exporters.web.worker import Worker

MAX_BODY_BYTES = 64 * 1024
_GZIP_STEP_BYTES = 512 * 1024  # large enough that the way to the thread and back does not count


def make_app(
    commands: Commands, page: PrometheusPage, listen_host: str = "127.0.0.1", *outer: Middleware
) -> web.Application:
    """Return the application; ``outer`` middlewares come before its own, ``listen_host`` decides on the Host check."""
    checks = (host_check(listen_host, commands.settings), view_check(commands.settings))
    app = web.Application(middlewares=[*outer, *checks], client_max_size=MAX_BODY_BYTES)
    commands = SharedCommands(commands)
    app[PATIENCE] = Patience()
    app.on_response_prepare.append(add_security_headers)
    worker = Worker()
    site = _Site(commands, page, worker)
    StatusPage(commands, worker).add_to(app)
    Deadlines(commands, worker).add_to(app)
    Register(commands, worker).add_to(app)
    Assets(commands, worker).add_to(app)
    Topologies(commands, worker).add_to(app)
    JsonPages(commands, worker, PAGES).add_to(app)
    Services(commands, worker).add_to(app)
    Norms(commands, worker).add_to(app)
    Acting(commands).add_to(app)
    Forms(commands, worker).add_to(app)
    Links(commands, worker).add_to(app)
    Pings(commands).add_to(app)
    Door(commands, worker).add_to(app)
    app.router.add_get("/metrics", site.metrics)
    app.router.add_get("/api/v1/alerts", site.alerts)
    app.router.add_get("/api/v1/devices", site.devices)
    app.router.add_get("/-/healthy", site.healthy)
    app.router.add_get("/-/ready", site.ready)
    app.router.add_post("/-/reload", site.reload)
    app.on_cleanup.extend((site.close, worker.close))
    return app


class _Site:
    """The handlers, and the thread that compresses."""

    def __init__(self, commands: Commands, page: PrometheusPage, worker: Worker) -> None:
        self._commands = commands
        self._worker = worker
        self._page = page
        self._thread = ThreadPoolExecutor(1, "gzip")

    async def close(self, _app: web.Application) -> None:
        self._thread.shutdown(wait=False, cancel_futures=True)

    async def metrics(self, request: web.Request) -> web.StreamResponse:
        openmetrics = wants_openmetrics(request.headers.get("Accept", ""))
        headers = {"Content-Type": OPENMETRICS if openmetrics else TEXT, "Vary": "Accept, Accept-Encoding"}
        gzip = accepts_gzip(request.headers.get("Accept-Encoding", ""))
        if gzip:
            headers["Content-Encoding"] = "gzip"
        response = web.StreamResponse(headers=headers)
        if request.method == "HEAD":
            return response
        chunks = self._page.stream(await self._commands.snapshot(), openmetrics)
        await response.prepare(request)
        async for chunk in _gzipped(chunks, self._thread) if gzip else chunks:
            await response.write(chunk)
        await response.write_eof()
        return response

    async def alerts(self, request: web.Request) -> web.Response:
        state = request.query.get("state", "standing")
        if state not in {"standing", "all"}:
            raise web.HTTPBadRequest(text="state: standing (pending and firing) or all\n")
        snapshot, settings, told = (
            await self._commands.snapshot(),
            self._commands.settings(),
            self._commands.on_call.told(),
        )
        text = await self._worker.make(
            lambda: json.dumps(alert_rows(snapshot, told, settings, resolved=state == "all"))
        )
        return web.json_response(text=text)

    async def devices(self, _request: web.Request) -> web.Response:
        snapshot, inventory = await self._commands.snapshot(), self._commands.inventory()
        text = await self._worker.make(lambda: json.dumps(device_rows(snapshot, inventory)))
        return web.json_response(text=text)

    async def healthy(self, _request: web.Request) -> web.Response:
        return web.Response(text="healthy\n")

    async def ready(self, _request: web.Request) -> web.Response:
        ready = self._commands.ready()
        return web.Response(text="ready\n" if ready else "not ready yet\n", status=200 if ready else 503)

    async def reload(self, request: web.Request) -> web.Response:
        require_local_peer(request)
        problem = await self._commands.reload()
        return web.Response(text="reloaded\n") if problem is None else web.Response(text=f"{problem}\n", status=500)


async def _gzipped(chunks: AsyncIterator[bytes], thread: ThreadPoolExecutor) -> AsyncIterator[bytes]:
    """Compress a page at level 1 off the loop; zlib lets the interpreter go meanwhile."""
    loop = asyncio.get_running_loop()
    packer = zlib.compressobj(1, zlib.DEFLATED, 16 + zlib.MAX_WBITS)  # 16: gzip's header and trailer (RFC 1952)
    step = bytearray()
    async for chunk in chunks:
        step += chunk
        if len(step) >= _GZIP_STEP_BYTES:
            yield await loop.run_in_executor(thread, packer.compress, bytes(step))
            step.clear()
    yield await loop.run_in_executor(thread, packer.compress, bytes(step)) + packer.flush()
