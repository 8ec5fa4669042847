"""Starts and stops the web server."""

from __future__ import annotations

import asyncio
import errno
import socket

from aiohttp import web

from agent.contract import Commands
from exporters.prometheus.page import PrometheusPage
from exporters.web.app import make_app
from exporters.web.connections import Connections

SHUTDOWN_SECONDS = 1.0

_WHY = {
    errno.EADDRINUSE: "is in use by another program",
    errno.EACCES: "needs a right that this user lacks (ports below 1024 do)",
    errno.EADDRNOTAVAIL: "cannot be had: the address is none of this machine's",
}


class WebError(Exception):
    """The server cannot listen; the text is one line for the operator."""


class WebServer:
    """Serves one application on one address."""

    def __init__(self, commands: Commands, page: PrometheusPage, connections: Connections | None = None) -> None:
        self._commands = commands
        self._page = page
        self._connections = connections or Connections()
        self._runner: web.AppRunner | None = None
        self._server: asyncio.Server | None = None

    @property
    def port(self) -> int:
        """The port that it listens on. Raises RuntimeError before ``start``."""
        if self._server is None:
            raise RuntimeError("not started")
        port: int = self._server.sockets[0].getsockname()[1]
        return port

    async def start(self, host: str, port: int) -> None:
        """Listen; port 0 is any free one. Raises WebError."""
        app = make_app(self._commands, self._page, host, self._connections.middleware)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=SHUTDOWN_SECONDS)
        await runner.setup()
        inner = runner.server
        if inner is None:
            raise RuntimeError("aiohttp set up no server")
        loop = asyncio.get_running_loop()
        try:
            self._server = await loop.create_server(lambda: self._connections.guard(inner()), host, port)
        except OSError as error:
            await runner.cleanup()
            raise WebError(f"port {port} on {host} {_why(error)}") from error
        self._runner = runner

    async def stop(self) -> None:
        """Stop listening, let answers under way end, close what is open."""
        if self._server is not None:
            self._server.close()
        if self._runner is not None:
            await self._runner.cleanup()
        self._server = self._runner = None


def _why(error: OSError) -> str:
    if isinstance(error, socket.gaierror):
        return "cannot be had: the name of the host is unknown"
    return _WHY.get(error.errno or 0, f"cannot be had: {error.strerror or error}")
