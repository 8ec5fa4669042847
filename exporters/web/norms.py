"""``GET /api/v1/norms``: the measurable requirements of norms, and what fulfils each now."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import NamedTuple

from aiohttp import web

from agent.alerts.normcase import Tellings, live_case, tellings_of
from agent.contract import AlarmTest, Commands, Snapshot
from agent.risk.norms.answer import judge_norms
from config.inventory import Inventory
from config.settings import Settings
from exporters.times import rfc3339
from exporters.web.guards import require_right
from exporters.web.worker import Worker


class _Asked(NamedTuple):
    """What an answer is made from. ``names_weak``: whether it may name devices that everybody could log in to."""

    snapshot: Snapshot
    inventory: Inventory
    settings: Settings
    tests: Mapping[str, AlarmTest]
    names_weak: bool

    def is_like(self, other: _Asked) -> bool:
        """Whether it was asked after the same look."""
        return (
            self.snapshot.house is not None
            and self.snapshot.house is other.snapshot.house
            and self.inventory is other.inventory
            and self.settings is other.settings
            and (self.tests, self.names_weak) == (other.tests, other.names_weak)
        )


class Norms:
    """The handler; all but the asking is done in the thread of the pages, once for each look."""

    def __init__(self, commands: Commands, worker: Worker) -> None:
        self._commands = commands
        self._worker = worker
        self._made: dict[bool, tuple[_Asked, str]] = {}
        self._tellings: tuple[Inventory, Settings, int, Tellings] | None = None

    def add_to(self, app: web.Application) -> None:
        """Add the route."""
        app.router.add_get("/api/v1/norms", self._norms)

    async def _norms(self, request: web.Request) -> web.Response:
        commands = self._commands
        may_know = _has_right(request, commands.settings())
        snapshot = await commands.snapshot()
        asked = _Asked(snapshot, commands.inventory(), commands.settings(), commands.on_call.tests(), may_know)
        return web.json_response(text=await self._worker.make(lambda: self._answer(asked)))

    def _answer(self, asked: _Asked) -> str:
        known = self._made.get(asked.names_weak)
        if known is None or not known[0].is_like(asked):
            known = self._made[asked.names_weak] = asked, self._make(asked)
        return known[1]

    def _make(self, asked: _Asked) -> str:
        told = self._told(asked.inventory, asked.settings, asked.snapshot.at)
        case = live_case(asked.snapshot, asked.inventory, asked.settings, asked.tests, told)
        table = judge_norms(replace(case, names_weak=asked.names_weak), rfc3339(asked.snapshot.at))
        return json.dumps(asdict(table), ensure_ascii=False)

    def _told(self, inventory: Inventory, settings: Settings, at: float) -> Tellings:
        known, hour = self._tellings, int(at // 3600)  # what is accepted ends with a day
        if known is None or known[0] is not inventory or known[1] is not settings or known[2] != hour:
            known = self._tellings = inventory, settings, hour, tellings_of(inventory, settings, at)
        return known[3]


def _has_right(request: web.Request, settings: Settings) -> bool:
    try:
        require_right(request, settings)
    except web.HTTPForbidden:
        return False
    return True
