"""The declared network with what was judged of it, and what-if: ``/api/v1/topology`` and ``/api/v1/whatif``."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any

from aiohttp import web
from multidict import MultiMapping

from agent.contract import Commands, Network, UnknownElement
from agent.risk.network.failure_answer import Case, answer, demand_of, elements, ranked
from agent.risk.topology import Topology, element_of
from config.errors import shown
from config.inventory import Inventory
from exporters.times import rfc3339
from exporters.web.worker import Worker

_KEYS = frozenset({"fail", "demand", "all"})
_YES = frozenset({"1", "true"})

# A JSON object.
_Object = dict[str, Any]


class Topologies:
    """The two pages of the API; the graph is built once for each configuration."""

    def __init__(self, commands: Commands, worker: Worker) -> None:
        self._commands = commands
        self._worker = worker
        self._built: tuple[Inventory, Topology] | None = None

    def add_to(self, app: web.Application) -> None:
        """Register the routes."""
        app.router.add_get("/api/v1/topology", self._topology)
        app.router.add_get("/api/v1/whatif", self._what_if)

    def case(self) -> Case:
        """Return what a what-if starts from now."""
        inventory = self._commands.inventory()
        if self._built is None or self._built[0] is not inventory:
            self._built = (inventory, Topology.of(inventory, self._commands.settings()))
        return Case.live(inventory, self._built[1], self._commands.network())

    async def _topology(self, _request: web.Request) -> web.Response:
        inventory, network = self._commands.inventory(), self._commands.network()
        return await self._answer(lambda: topology_rows(self.case(), inventory, network))

    async def _what_if(self, request: web.Request) -> web.Response:
        query = request.query
        return await self._answer(lambda: what_if(self.case(), query))

    async def _answer(self, make: Callable[[], _Object]) -> web.Response:
        """Make an answer off the loop: it takes some milliseconds, every single failure of a large network a second."""
        try:
            text = await self._worker.make(lambda: json.dumps(make()))
        except UnknownElement as error:
            return web.json_response({"error": str(error)}, status=400)
        return web.json_response(text=text)


def what_if(case: Case, query: MultiMapping[str]) -> _Object:
    """Answer ``fail=…&fail=…&demand=site=rate``, or ``all=1``. Raises UnknownElement for whatever is wrong."""
    for key in query:
        if key not in _KEYS:
            raise UnknownElement(f"{key}: not asked for here; there are fail, demand and all")
    failed = [element_of(text) for text in query.getall("fail", [])]
    case = case.with_demand(demand_of(case.topology, query.getall("demand", [])))
    if _asks_all(query):
        if failed:
            raise UnknownElement("all=1 is about every single failure: leave out fail")
        return asdict(ranked(case))
    if not failed:
        raise UnknownElement("nothing fails: say fail=kind:id, or all=1")
    return asdict(answer(case, failed))


def _asks_all(query: MultiMapping[str]) -> bool:
    said = query.getall("all", [])
    for value in said:
        if value not in _YES:
            raise UnknownElement(f"all={shown(value)}: write all=1, or leave it out")
    return bool(said)


def topology_rows(case: Case, inventory: Inventory, network: Network) -> _Object:
    """Return sites, links, rings and elements, with what was judged of them; null is not known yet."""
    return {
        "at": rfc3339(network.at),
        "sites": _sites(case, inventory, network),
        "links": _links(inventory, network),
        "rings": _rings(inventory, network),
        "elements": [one._asdict() for one in elements(case)],
    }


def _sites(case: Case, inventory: Inventory, network: Network) -> Mapping[str, _Object]:
    rows: dict[str, _Object] = {}
    for name, site in inventory.sites.items():
        verdict = network.sites.get(name)
        rows[name] = {
            "name": site.name or name,
            "needs": list(case.topology.needs[name]),
            "state": None if verdict is None else verdict.state,
            "paths": None if verdict is None else verdict.paths,
            "paths_possible": None if verdict is None else verdict.paths_possible,
            "paths_designed": None if verdict is None else verdict.paths_designed,
            "paths_required": site.paths_required,
            "unreachable": [] if verdict is None else list(verdict.unreachable),
        }
    return rows


def _links(inventory: Inventory, network: Network) -> Mapping[str, _Object]:
    rows: dict[str, _Object] = {}
    for name, link in inventory.links.items():
        verdict = network.links.get(name)
        since = None if verdict is None else verdict.state.since
        rows[name] = {
            "name": link.name or name,
            "kind": link.kind,
            "ends": [str(end) for end in link.ends],
            "sites": [end.site for end in link.ends],
            "ring": link.ring,
            "standby": link.standby,
            "state": "unknown" if verdict is None else verdict.state.state,
            "reason": "" if verdict is None else verdict.state.reason,
            "since": None if since is None else rfc3339(since),
            "blocked": verdict is not None and verdict.blocked,
            "off": verdict is not None and verdict.off,
            "capacity_bits_per_second": link.capacity if verdict is None else verdict.capacity,
            "load_bits_per_second": None if verdict is None else verdict.load,
        }
    return rows


def _rings(inventory: Inventory, network: Network) -> Mapping[str, _Object]:
    rows: dict[str, _Object] = {}
    for name, ring in inventory.rings.items():
        verdict = network.rings.get(name)
        since = None if verdict is None else verdict.open_since
        rows[name] = {
            "name": ring.name or name,
            "links": [link for link, one in inventory.links.items() if one.ring == name],
            "closed": None if verdict is None else verdict.closed,
            "cuts": [] if verdict is None else list(verdict.cuts),
            "open_since": None if since is None else rfc3339(since),
            "open_seconds_total": None if verdict is None else verdict.open_seconds_total,
            "segments": [] if verdict is None else [list(segment) for segment in verdict.segments],
            "protocol": [] if verdict is None else list(verdict.protocol),
        }
    return rows
