"""One alert on a page of its own, and the forms by which its reader acknowledges and silences. No script is needed."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from http import HTTPStatus
from urllib.parse import parse_qsl
from zoneinfo import ZoneInfo

from aiohttp import web

from agent.contract import Alert, Commands, Refused, Silence
from config.errors import Wrong
from config.units import parse_datetime, parse_duration
from exporters.web.acting import STATUS
from exporters.web.alertlist import anchor_of
from exporters.web.answering import answer, wants_gzip
from exporters.web.guards import FORM_HEADERS, is_local_peer, require_local_peer
from exporters.web.handling import Reader, make_alert_page, match_of
from exporters.web.orders import parse_moment
from exporters.web.render import Pages
from exporters.web.worker import Worker

_MAX_FIELDS = 20

_Form = Mapping[str, str]


class Forms:
    """The handlers. What is sent is done, and the reader led back to the alert on the status page."""

    def __init__(self, commands: Commands, worker: Worker) -> None:
        self._commands = commands
        self._worker = worker
        self._pages = Pages()

    def add_to(self, app: web.Application) -> None:
        """Add the routes."""
        app.router.add_get("/alerts/{id}", self._alert)
        app.router.add_post("/alerts/{id}/ack", self._handler(self._acknowledge))
        app.router.add_post("/alerts/{id}/unack", self._handler(self._unacknowledge))
        app.router.add_post("/alerts/{id}/silence", self._handler(self._silence))
        app.router.add_post("/silences/{id}/end", self._handler(self._unsilence))

    async def _alert(self, request: web.Request) -> web.Response:
        return await self._show(request)

    def _handler(
        self, work: Callable[[str, _Form], Awaitable[None]]
    ) -> Callable[[web.Request], Awaitable[web.Response]]:
        async def handler(request: web.Request) -> web.Response:
            require_local_peer(request)
            if request.content_type != "application/x-www-form-urlencoded":
                raise web.HTTPUnsupportedMediaType
            form = _read(await request.read())
            name = request.match_info["id"]
            try:
                await work(name, form)
            except Refused as error:
                return await self._show(request, STATUS[error.kind], f"refused_{error.kind}", str(error))
            except Wrong as error:
                return await self._show(request, HTTPStatus.BAD_REQUEST, "flawed", str(error))
            raise web.HTTPSeeOther(f"/#{anchor_of(name)}" if request.path.startswith("/alerts/") else "/#silences")

        return handler

    async def _show(
        self, request: web.Request, status: HTTPStatus | None = None, problem: str = "", detail: str = ""
    ) -> web.Response:
        """Answer with the alert as it stands, and why what was asked for was not done."""
        reader, alert = await self._reader(is_local_peer(request)), await self._find(request.match_info["id"])
        said = reader.words.say(problem) if problem else ""
        gzip = wants_gzip(request)
        return await answer(
            self._worker,
            lambda: self._pages.alert(make_alert_page(alert, reader, said, detail), gzip),
            status=status or (HTTPStatus.NOT_FOUND if alert is None else HTTPStatus.OK),
            headers=FORM_HEADERS if reader.may_act else None,
        )

    async def _acknowledge(self, name: str, form: _Form) -> None:
        said, now = form.get("until", ""), (await self._commands.snapshot()).at
        until = None if not said else parse_moment(said) if "T" in said else now + parse_duration(said)
        await self._commands.on_call.acknowledge(name, form.get("by", ""), until, form.get("why", ""))

    async def _unacknowledge(self, name: str, form: _Form) -> None:
        await self._commands.on_call.unacknowledge(name, form.get("by", ""), form.get("why", ""))

    async def _silence(self, name: str, form: _Form) -> None:
        alert, reader = await self._find(name), await self._reader()
        if alert is None:
            raise Refused("unknown", "there is no such alert")
        match = match_of(form.get("scope", ""), alert.finding, reader)
        if match is None:
            raise Wrong("nothing is chosen")
        until = self._end(form, reader.now)
        wanted = Silence("", match, form.get("by", ""), form.get("why", ""), reader.now, until)
        await self._commands.on_call.silence(wanted)

    async def _unsilence(self, name: str, form: _Form) -> None:
        await self._commands.on_call.unsilence(name, form.get("by", ""), form.get("why", ""))

    def _end(self, form: _Form, now: float) -> float:
        """Return when a silence ends: a local time wins over how long. Raises Wrong."""
        if not form.get("at"):
            return now + parse_duration(form.get("for", ""))
        local: datetime = parse_datetime(form["at"])
        return local.replace(tzinfo=ZoneInfo(self._commands.settings().municipality.timezone)).timestamp()

    async def _find(self, name: str) -> Alert | None:
        return next((one for one in (await self._commands.snapshot()).alerts if one.id == name), None)

    async def _reader(self, may_act: bool = False) -> Reader:
        now = (await self._commands.snapshot()).at
        return Reader(self._commands.inventory(), self._commands.settings(), now, may_act)


def _read(body: bytes) -> _Form:
    """Return the fields of a form; of what is there twice the last."""
    try:
        return dict(parse_qsl(body.decode("utf-8", "replace"), max_num_fields=_MAX_FIELDS))
    except ValueError:
        raise web.HTTPBadRequest(text="More fields than any form here has.\n") from None
