"""What may be done about alerts over the API: acknowledge, silence, and what was done and sent so far."""

from __future__ import annotations

import json
import math
from collections.abc import Awaitable, Callable, Mapping
from http import HTTPStatus

from aiohttp import web

from agent.contract import Commands, Deed, Refused, Sent, Silence, Tried
from config.errors import shown
from exporters.times import rfc3339
from exporters.web.api import Row, alert_row, moment
from exporters.web.guards import require_right
from exporters.web.orders import (
    AckOrder,
    AlarmTestOrder,
    Flaw,
    Flawed,
    SilenceOrder,
    TakeBackOrder,
    check_scope,
    read_order,
)

MAX_ROWS = 1000

STATUS: Mapping[str, HTTPStatus] = {
    "unknown": HTTPStatus.NOT_FOUND,
    "forbidden": HTTPStatus.FORBIDDEN,
    "no_role": HTTPStatus.FORBIDDEN,
    "conflict": HTTPStatus.CONFLICT,
    "gone": HTTPStatus.GONE,
    "too_soon": HTTPStatus.TOO_MANY_REQUESTS,
    "unavailable": HTTPStatus.SERVICE_UNAVAILABLE,
}

_Handler = Callable[[web.Request], Awaitable[Row | list[Row]]]


class Acting:
    """The handlers. JSON in, JSON out; a body that says another type is refused, since no form of a page can say it."""

    def __init__(self, commands: Commands) -> None:
        self._commands = commands

    def add_to(self, app: web.Application) -> None:
        """Add the routes."""
        alert, silence = "/api/v1/alerts/{id}", "/api/v1/silences/{id}"
        app.router.add_post(f"{alert}/ack", self._answer(self._acknowledge))
        app.router.add_post(f"{alert}/unack", self._answer(self._unacknowledge))
        app.router.add_get("/api/v1/silences", self._answer(self._silences, reads=True))
        app.router.add_post("/api/v1/silences", self._answer(self._silence))
        app.router.add_post(f"{silence}/expire", self._answer(self._unsilence))
        app.router.add_delete(silence, self._answer(self._unsilence))
        app.router.add_post("/api/v1/receivers/{name}/tests", self._answer(self._test))
        app.router.add_get("/api/v1/audit", self._answer(self._audit, reads=True))
        app.router.add_get("/api/v1/notifications", self._answer(self._notifications, reads=True))

    def _answer(self, work: _Handler, *, reads: bool = False) -> Callable[[web.Request], Awaitable[web.Response]]:
        async def handler(request: web.Request) -> web.Response:
            if not reads:
                require_right(request, self._commands.settings())
            try:
                return web.json_response(await work(request))
            except Refused as error:
                row = {"error": str(error), "kind": error.kind}
                wait = {} if error.seconds is None else {"Retry-After": str(math.ceil(error.seconds))}
                return web.json_response(row, status=STATUS[error.kind], headers=wait)
            except Flawed as error:
                problems = [one._asdict() for one in error.flaws]
                return web.json_response({"error": str(error), "problems": problems}, status=HTTPStatus.BAD_REQUEST)

        return handler

    async def _acknowledge(self, request: web.Request) -> Row:
        order, snapshot = read_order(await _body(request), AckOrder), await self._commands.snapshot()
        on_call = self._commands.on_call
        alert = await on_call.acknowledge(request.match_info["id"], order.by, order.end(snapshot.at), order.why)
        return alert_row(alert, on_call.told(), self._commands.settings(), snapshot.at)

    async def _unacknowledge(self, request: web.Request) -> Row:
        order, snapshot = read_order(await _body(request), TakeBackOrder), await self._commands.snapshot()
        on_call = self._commands.on_call
        alert = await on_call.unacknowledge(request.match_info["id"], order.by, order.why)
        return alert_row(alert, on_call.told(), self._commands.settings(), snapshot.at)

    async def _silence(self, request: web.Request) -> Row:
        order, snapshot = read_order(await _body(request), SilenceOrder), await self._commands.snapshot()
        check_scope(order.match, self._commands.inventory(), self._commands.settings())
        return silence_row(await self._commands.on_call.silence(order.silence(snapshot.at)))

    async def _unsilence(self, request: web.Request) -> Row:
        order = read_order(await _body(request), TakeBackOrder)
        return silence_row(await self._commands.on_call.unsilence(request.match_info["id"], order.by, order.why))

    async def _silences(self, _request: web.Request) -> list[Row]:
        return [silence_row(one) for one in self._commands.on_call.silences()]

    async def _test(self, request: web.Request) -> list[Row]:
        order = read_order(await _body(request), AlarmTestOrder)
        return [tried_row(one) for one in await self._commands.on_call.test(request.match_info["name"], order.by)]

    async def _audit(self, request: web.Request) -> list[Row]:
        return [deed_row(one) for one in await self._commands.on_call.deeds(_limit(request))]

    async def _notifications(self, request: web.Request) -> list[Row]:
        return [sent_row(one) for one in await self._commands.on_call.deliveries(_limit(request))]


def silence_row(silence: Silence) -> Row:
    """Return a silence for JSON."""
    return {
        "id": silence.id,
        "match": dict(silence.match.named),
        "by": silence.by,
        "reason": silence.reason,
        "start": rfc3339(silence.start),
        "until": rfc3339(silence.until),
        "mode": silence.mode,
    }


def tried_row(tried: Tried) -> Row:
    """Return what became of a test over one way for JSON; ``outcome``: delivered, refused, failed."""
    return {"receiver": tried.receiver, "url": tried.url, "outcome": tried.word, "why": tried.why}


def deed_row(deed: Deed) -> Row:
    """Return what somebody did for JSON."""
    return {
        "at": rfc3339(deed.at),
        "who": deed.who,
        "what": deed.what,
        "subject": deed.subject,
        "until": moment(deed.until),
        "why": deed.why,
    }


def sent_row(sent: Sent) -> Row:
    """Return how the delivery of a notification stands for JSON; ``outcome``: waiting, delivered, failed, withdrawn."""
    one = sent.notification
    return {
        "receiver": one.receiver,
        "alert": one.alert.id,
        "rule": one.alert.finding.rule,
        "subject": str(one.alert.finding.subject),
        "severity": one.alert.finding.severity.value,
        "state": one.alert.state.value,
        "reason": one.reason,
        "instead_of": one.instead_of,
        "digest": one.digest,
        "created_at": rfc3339(one.created_at),
        "not_before": rfc3339(one.not_before),
        "outcome": sent.outcome or "waiting",
        "attempts": one.attempts,
        "next_try": moment(sent.next_try if sent.outcome is None else None),
        "finished_at": moment(sent.finished_at),
        "why": sent.why,
    }


async def _body(request: web.Request) -> object:
    if request.content_type != "application/json":
        raise Flawed(Flaw("", "the body must be JSON", "send Content-Type: application/json"))
    try:
        found: object = json.loads(await request.read())
    except (ValueError, RecursionError):
        raise Flawed(Flaw("", "the body is no JSON")) from None
    return found


def _limit(request: web.Request) -> int:
    said = request.query.get("limit", "100")
    if not (said.isascii() and said.isdigit() and len(said) <= 4 and 0 < int(said) <= MAX_ROWS):
        raise Flawed(Flaw("limit", f"{shown(said)} is no number from 1 to {MAX_ROWS}"))
    return int(said)
