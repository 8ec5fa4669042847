"""Services for programs: ``/api/v1/services``, and what a service or link went through: ``…/{name}/history``.

Rows are pure functions; null is not known. Units stand in the names; times are RFC 3339 in UTC.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from typing import Literal
from zoneinfo import ZoneInfo

from aiohttp import web

from agent.contract import Commands, Refused, Snapshot, Subject
from agent.estate import MOST_CHANGES, Account, Estate, ServiceState, StateChange
from config.inventory import Inventory
from exporters.times import rfc3339
from exporters.web.api import Row, moment
from exporters.web.figures import instant
from exporters.web.worker import Worker

Kind = Literal["service", "link"]


class Services:
    """The page of the API about the past of what is used, which is read from the state's file."""

    def __init__(self, commands: Commands, worker: Worker) -> None:
        self._commands = commands
        self._worker = worker

    def add_to(self, app: web.Application) -> None:
        """Register the route."""
        app.router.add_get("/api/v1/{kind:services|links}/{name}/history", self._history)

    async def _history(self, request: web.Request) -> web.Response:
        kind: Kind = "service" if request.match_info["kind"] == "services" else "link"
        name, inventory = request.match_info["name"], self._commands.inventory()
        zone = ZoneInfo(self._commands.settings().municipality.timezone)
        start, end = (_asked(request, key, zone) for key in ("from", "until"))
        if start >= end:
            raise web.HTTPBadRequest(text="from must be before until\n")
        try:
            found = await self._commands.history(Subject(kind, name), start, end)
        except Refused as error:
            raise web.HTTPServiceUnavailable(text=f"{error}\n") from error
        if not found and name not in (inventory.services if kind == "service" else inventory.links):
            raise web.HTTPNotFound(text=f"there is no such {kind}\n")
        subject = Subject(kind, name)
        text = await self._worker.make(lambda: json.dumps(history_row(subject, start, end, found), allow_nan=False))
        return web.json_response(text=text)


def _asked(request: web.Request, key: str, zone: ZoneInfo) -> float:
    """Return a moment of the query: a local day, or a time with its offset. Raises HTTPBadRequest."""
    text = request.query.get(key, "").replace(" ", "+")  # a plus of an offset that was not escaped
    try:
        read = datetime.fromisoformat(text) if "T" in text else datetime.combine(date.fromisoformat(text), time())
        at = instant((read if read.tzinfo is not None else read.replace(tzinfo=zone)).timestamp())
    except (ValueError, OverflowError):
        at = None
    if at is None:
        raise web.HTTPBadRequest(text=f"{key}: a day, 2026-01-31, or a time, 2026-01-31T08:00:00Z\n")
    return at


def history_row(subject: Subject, start: float, end: float, found: Sequence[StateChange]) -> Row:
    """Return the changes of a period; where it has more than one answer holds, ``next``: from when to ask again."""
    truncated = len(found) >= MOST_CHANGES
    return {
        "subject": str(subject),
        "from": rfc3339(start),
        "until": rfc3339(end),
        "truncated": truncated,
        "next": rfc3339(found[-1].at, "milliseconds") if truncated else None,
        "changes": changes(found),
    }


def services_row(snapshot: Snapshot, inventory: Inventory) -> Row:
    """Return every service of the inventory: its state since when, last changes, account, contract and needs."""
    estate = snapshot.estate or Estate(0.0)
    services = [
        {
            "id": name,
            "name": service.name or name,
            "site": service.site,
            "contract": service.contract,
            "critical": service.critical,
            "when": service.when,
            "depends_on": list(service.depends_on),
            **_service(estate.services.get(name)),
        }
        for name, service in inventory.services.items()
    ]
    return {"at": judged_at(snapshot), "services": services}


def _service(state: ServiceState | None) -> Row:
    if state is None:
        return {"state": "unknown", "since": None, "detail": "", "month": None, "year": None, "history": []}
    return {
        "state": state.state,
        "since": moment(state.since),
        "detail": state.detail,
        "month": None if state.month is None else account_row(state.month),
        "year": None if state.year is None else account_row(state.year),
        "history": changes(state.history),
    }


def account_row(account: Account) -> Row:
    """Return an account."""
    return {
        "from": rfc3339(account.start),
        "until": rfc3339(account.end),
        "service_seconds": account.service_seconds,
        "up_seconds": account.up_seconds,
        "down_seconds": account.down_seconds,
        "planned_seconds": account.planned_seconds,
        "upstream_seconds": account.upstream_seconds,
        "blind_seconds": account.blind_seconds,
        "availability_ratio": account.availability,
        "budget_remaining_seconds": account.budget_seconds,
    }


def judged_at(snapshot: Snapshot) -> str | None:
    """Return when it was judged."""
    return moment(None if snapshot.estate is None else snapshot.estate.at)


def changes(found: Iterable[StateChange]) -> Sequence[Row]:
    """Return changes of state in their order."""
    return [
        {
            "at": rfc3339(one.at, "milliseconds"),
            "state": one.state,
            "why": one.why,
            "cause": None if one.cause is None else str(one.cause),
        }
        for one in found
    ]
