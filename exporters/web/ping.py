"""/ping/<service>: jobs that report by themselves call here; backup appliances can often do no more than call a URL."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from aiohttp import web

from agent.contract import Commands, HeartbeatSignal, Refused
from exporters.web.guards import bearer_of
from exporters.web.patience import count_wrong

PATH = "/ping"
RETRY_SECONDS = 30
MAX_EXIT_CODE = 255

MAX_SIZE_BYTES = 10**18  # an exabyte

_EXIT_CODE = re.compile(r"[0-9]{1,3}", re.ASCII)
_SIZE = re.compile(r"[0-9]{1,19}", re.ASCII)


class Report(NamedTuple):
    """What an address says."""

    signal: HeartbeatSignal
    exit_code: int | None = None
    size_bytes: int | None = None


def report_of(what: str) -> Report | None:
    """Return what the part after the service's name says: nothing, ``start``, ``fail`` or an exit code; else None."""
    if what == "start":
        return Report("start")
    if what == "fail":
        return Report("fail")
    if what == "":
        return Report("success")
    if _EXIT_CODE.fullmatch(what) is None or int(what) > MAX_EXIT_CODE:
        return None
    return Report("success" if int(what) == 0 else "fail", int(what))


def size_of(given: Sequence[str], report: Report) -> int | None:
    """Return the bytes that ``size`` says, None where it is left out. Raises ValueError, for people.

    Passed over where the job begins or has failed: a failure must not be lost for what a script adds to each call.
    """
    if not given or report.signal != "success":
        return None
    if len(given) > 1 or _SIZE.fullmatch(given[0]) is None or int(given[0]) > MAX_SIZE_BYTES:
        raise ValueError("size is a whole number of bytes without a unit, once, e.g. ?size=123456789")
    return int(given[0])


class Pings:
    """Hands reports to the daemon; what is sent along (a log) is passed over, however long it is."""

    def __init__(self, commands: Commands) -> None:
        self._commands = commands

    def add_to(self, app: web.Application) -> None:
        """Add GET, HEAD and POST."""
        for path in (f"{PATH}/{{service}}", f"{PATH}/{{service}}/{{what}}"):
            app.router.add_get(path, self.ping)
            app.router.add_post(path, self.ping)

    async def ping(self, request: web.Request) -> web.Response:
        """Take one report; 200 only once it is kept."""
        report = report_of(request.match_info.get("what", ""))
        if report is None:
            raise web.HTTPNotFound(text="/ping/<service>, then nothing, /start, /fail or an exit code from 0 to 255.\n")
        try:
            report = report._replace(size_bytes=size_of(request.query.getall("size", ()), report))
        except ValueError as wrong:
            raise web.HTTPBadRequest(text=f"{wrong}\n") from wrong
        await self._hand_on(request, report)
        return web.Response(text="OK\n")

    async def _hand_on(self, request: web.Request, report: Report) -> None:
        try:
            await self._commands.report(request.match_info["service"], _token(request), *report)
        except Refused as refused:
            if refused.kind == "unavailable":
                headers = {"Retry-After": f"{RETRY_SECONDS}"}
                raise web.HTTPServiceUnavailable(text=f"{refused}\n", headers=headers) from refused
            count_wrong(request)
            raise web.HTTPForbidden(text=f"{refused}\n") from refused


def _token(request: web.Request) -> str:
    """Return the token of the header, else of the address: some can only call a URL."""
    given = bearer_of(request)
    return request.query.get("token", "") if given is None else given
