"""How long the judgement of a large network takes: every way, every ring, every single failure with re-routing."""

from __future__ import annotations

import random
import time
from collections.abc import Mapping
from statistics import median
from typing import Any, NamedTuple

import networkx as nx

from agent import neutral
from agent.contract import Harvest, Job, JobKey, Reading, Subject, Target
from agent.engine.store import Store
from agent.layout import LayoutCache, Sample
from agent.risk.network.book import NetworkBook
from agent.risk.sight import Sight
from agent.risk.topology import Topology
from config.inventory import Inventory
from config.settings import Settings
from tests.agent.engine.fakes import FakeParams
from tests.agent.risk.scene import Windows

SITES, LINKS = 100, 400  # and a radio a site: 200 nodes
ROUNDS = 10
NOW = 1_800_000_000.0


class Times(NamedTuple):
    """CPU seconds of a look, median: the first, one after a cut, one at which nothing changed; and networkx's.

    ``peer`` takes each single element away and asks for the connected parts: no routes, no disjoint ways.
    """

    first: float
    changed: float
    same: float
    peer: float


def measure() -> Times:
    """Judge a ring of 100 sites with 300 further links between them; a radio a site tells of its hops."""
    inventory = Inventory.model_validate(_network())
    settings = Settings.model_validate({})
    firsts: list[float] = []
    changes: list[float] = []
    sames: list[float] = []
    for number in range(ROUNDS):
        county = _County(inventory, settings)
        firsts.append(county.look())
        county.cut(f"l{number}")
        changes.append(county.look())
        sames.append(county.look())
    return Times(median(firsts), median(changes), median(sames), _peer(Topology.of(inventory, settings)))


class _County:
    def __init__(self, inventory: Inventory, settings: Settings) -> None:
        self._inventory, self._settings = inventory, settings
        self._book, self._store = NetworkBook(), Store()
        self._caches: dict[str, LayoutCache] = {}
        self._down: set[str] = set()
        self._at = NOW
        for name, device in inventory.devices.items():
            target = Target(Subject("device", name), site=device.site)
            self._store.add(Job(JobKey(target.subject, "snmp"), "fake", target, FakeParams(), 60.0, 0.0, 180.0))
            self._poll(name)

    def cut(self, link: str) -> None:
        self._down.add(link)
        for end in self._inventory.links[link].ends:
            self._poll(str(end.device))

    def look(self) -> float:
        """Return the CPU seconds of one look."""
        self._at += 1.0
        began = time.process_time()
        sight = Sight.of(self._inventory, self._settings, self._store.view(self._at), Windows({}))
        for _ in self._book.look(sight):
            pass
        return time.process_time() - began

    def _poll(self, name: str) -> None:
        key = JobKey(Subject("device", name), "snmp")
        samples = [
            Sample(neutral.RADIO_LINK_UP, (str(end.port),), float(link not in self._down))
            for link, one in self._inventory.links.items()
            for end in one.ends
            if end.device == name
        ]
        harvest = Harvest(*self._caches.setdefault(name, LayoutCache()).arrange(samples))
        target = Target(key.subject, site=self._inventory.devices[name].site)
        self._store.record(Reading(key, target, self._at, 0.1, harvest), self._at)


def _network() -> Mapping[str, Any]:
    chance = random.Random(1)  # noqa: S311 - the same network in each run
    pairs = [(number, (number + 1) % SITES) for number in range(SITES)]
    pairs += [(one, other) for one, other in (chance.sample(range(SITES), 2) for _ in range(LINKS - SITES))]
    ends = [[f"r{one}/{2 * number}", f"r{other}/{2 * number + 1}"] for number, (one, other) in enumerate(pairs)]
    return {
        "sites": {f"s{number}": {"core": number == 0, "demand": "10Mbit/s"} for number in range(SITES)},
        "rings": {"ring": {"rpl": f"l{SITES // 2}"}},
        "devices": {f"r{number}": {"site": f"s{number}", "role": "radio"} for number in range(SITES)},
        "links": {
            f"l{number}": {
                "kind": "radio",
                "ends": pair,
                "capacity": "1Gbit/s",
                **({"ring": "ring"} if number < SITES else {}),
            }
            for number, pair in enumerate(ends)
        },
    }


def _peer(topology: Topology) -> float:
    """Return the CPU seconds in which networkx takes away each element and finds the connected parts."""
    ends = {name: (link.ends[0].site, link.ends[1].site) for name, link in topology.links.items()}
    began = time.process_time()
    for element in topology.elements:
        lost = topology.loss((element,)).links
        graph: nx.Graph[str] = nx.Graph()
        graph.add_nodes_from(topology.sites)
        graph.add_edges_from(pair for name, pair in ends.items() if name not in lost)
        _ = list(nx.connected_components(graph))
    return time.process_time() - began
