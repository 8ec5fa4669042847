"""The fast core against networkx: maximum flow, removal and components, cheapest ways, on random networks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from typing import Any

import networkx as nx
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.contract import Subject
from agent.risk.network.failure import Demand, Load, consequence, every_failure, loads
from agent.risk.network.ways import all_ways, parts, unreachable
from agent.risk.topology import Topology
from config.inventory import Inventory
from config.settings import Settings

MANY = 10_000  # a joint that cannot be cut


@st.composite
def counties(draw: st.DrawFn) -> dict[str, Any]:
    """Sites, radios and switches, links between any of them, parallel ones, standby, a ring's protection, masts."""
    count = draw(st.integers(2, 7))
    names = [f"s{number}" for number in range(count)]
    sites: dict[str, Any] = {name: {"core": draw(st.booleans())} for name in names}
    for name in draw(st.lists(st.sampled_from(names), max_size=2)):
        sites[name]["needs"] = draw(st.lists(st.sampled_from(names), max_size=3))
    devices: dict[str, Any] = {}
    for number in range(draw(st.integers(0, 5))):
        fed = draw(st.lists(st.sampled_from(sorted(devices)), max_size=2, unique=True)) if devices else []
        role, room = draw(st.sampled_from(["radio", "switch"])), draw(st.sampled_from([None, "r1"]))
        site = draw(st.sampled_from(names))
        devices[f"d{number}"] = {"site": site, "role": role, "powered_by": fed, "room": room}
    ends = st.lists(st.sampled_from([*names, *devices]), min_size=2, max_size=2, unique=True)
    links: dict[str, Any] = {}
    for number, pair in enumerate(draw(st.lists(ends, min_size=1, max_size=14))):
        shared = draw(st.lists(st.sampled_from(["m1", "m2"]), max_size=1))
        standby = draw(st.integers(0, 4)) == 0
        links[f"l{number}"] = {"kind": "fibre", "ends": pair, "shared_risk": shared, "standby": standby}
    protecting = draw(st.sampled_from(sorted(links)))
    links[protecting]["ring"] = "r"
    return {"sites": sites, "devices": devices, "links": links, "rings": {"r": {"rpl": protecting}}}


@st.composite
def cases(draw: st.DrawFn) -> tuple[Topology, frozenset[str], Load]:
    inventory = Inventory.model_validate(draw(counties()))
    topology = Topology.of(inventory, Settings())
    down = draw(st.frozensets(st.sampled_from(sorted(topology.links)), max_size=4))
    rates = st.builds(Demand, st.sampled_from([0.0, 10e6, 25e6, 100e6]), st.booleans())
    demand = draw(st.dictionaries(st.sampled_from(topology.sites), rates))
    capacity = draw(st.dictionaries(st.sampled_from(sorted(topology.links)), st.sampled_from([5e7, 1e8, 1e9])))
    return topology, down, Load(demand, capacity)


def edges_of(graph: nx.MultiGraph[Subject]) -> Iterator[tuple[Subject, Subject, str, str]]:
    for near, far, key in graph.edges(keys=True):
        yield near, far, str(key), str(graph.edges[near, far, key]["kind"])


def live(topology: Topology, down: AbstractSet[str]) -> nx.MultiGraph[Subject]:
    """The declared graph without power, and without what is down."""
    graph: nx.MultiGraph[Subject] = nx.MultiGraph()
    graph.add_nodes_from(node for node in topology.graph if node.kind != "power")
    for near, far, key, kind in edges_of(topology.graph):
        if kind != "feeds" and key not in down:
            graph.add_edge(near, far, key=key, kind=kind)
    return graph


def site(name: str) -> Subject:
    return Subject("site", name)


def reaches(graph: nx.MultiGraph[Subject], near: str, far: str) -> bool:
    return bool(nx.has_path(graph, site(near), site(far)))


def flow(topology: Topology, down: AbstractSet[str], near: str, far: str) -> int:
    network: nx.DiGraph[Subject] = nx.DiGraph()
    network.add_nodes_from(node for node in topology.graph)
    for one, other, _, kind in edges_of(live(topology, down)):
        for head, tail in ((one, other), (other, one)):
            have = network.edges[head, tail]["capacity"] if network.has_edge(head, tail) else 0
            network.add_edge(head, tail, capacity=have + (1 if kind == "link" else MANY))
    return round(float(nx.maximum_flow_value(network, site(near), site(far))))  # pyright: ignore[reportUnknownMemberType]


def without_site(topology: Topology, name: str) -> frozenset[str]:
    return frozenset(key for key, link in topology.links.items() if name in {end.site for end in link.ends})


def first_needs(topology: Topology, name: str) -> list[str]:
    own = topology.needs[name]
    whole = live(topology, frozenset())
    return [
        need
        for need in own
        if not reaches(whole, name, need)
        or all(reaches(live(topology, without_site(topology, gate)), name, need) for gate in own if gate != need)
    ]


def brute_ways(topology: Topology, name: str, down: AbstractSet[str]) -> int:
    graph, own = live(topology, down), topology.needs[name]
    if not own or not all(reaches(graph, name, need) for need in own):
        return 0
    return min(flow(topology, down, name, need) for need in first_needs(topology, name))


@settings(max_examples=60)
@given(cases())
def test_ways_are_the_maximum_flow_to_what_is_reached_first(case: tuple[Topology, frozenset[str], Load]) -> None:
    topology, down, _ = case
    expected = {name: brute_ways(topology, name, down) for name in topology.sites}
    assert all_ways(topology, down) == expected
    assert dict(all_ways(topology, down)) == expected


@settings(max_examples=60)
@given(cases())
def test_parts_are_the_components(case: tuple[Topology, frozenset[str], Load]) -> None:
    topology, down, _ = case
    components = nx.connected_components(live(topology, down))
    expected = {frozenset(node.id for node in part if node.kind == "site") for part in components}
    assert {frozenset(part) for part in parts(topology, down)} == expected - {frozenset()}


def missing(topology: Topology, down: AbstractSet[str], gone: Iterable[str]) -> dict[str, tuple[str, ...]]:
    graph = live(topology, down)
    found: dict[str, tuple[str, ...]] = {}
    for name in set(topology.sites).difference(gone):
        lacks = tuple(need for need in topology.needs[name] if need in gone or not reaches(graph, name, need))
        if lacks:
            found[name] = lacks
    return found


@settings(max_examples=60)
@given(cases())
def test_what_is_unreachable_is_in_another_component(case: tuple[Topology, frozenset[str], Load]) -> None:
    topology, down, _ = case
    assert unreachable(topology, down) == missing(topology, down, ())


def weight(topology: Topology, key: str) -> int:
    """Standby links last, then the protection link (the only one with a ring here); more than 14 hops there are not."""
    link = topology.links[key]
    return 10_000 if link.standby else 101 if link.ring is not None else 1


def merged(topology: Topology, down: AbstractSet[str]) -> tuple[nx.MultiGraph[str], dict[Subject, str]]:
    """Return the links between what no link separates, and the name of the node that each site and device is in."""
    graph = live(topology, down)
    joined: nx.Graph[Subject] = nx.Graph()
    joined.add_nodes_from(graph)
    joined.add_edges_from((one, other) for one, other, _, kind in edges_of(graph) if kind == "joined")
    name_of = {node: str(min(part)) for part in nx.connected_components(joined) for node in part}
    whole: nx.MultiGraph[str] = nx.MultiGraph()
    whole.add_nodes_from(name_of.values())
    for one, other, key, kind in edges_of(graph):
        if kind == "link" and name_of[one] != name_of[other]:
            whole.add_edge(name_of[one], name_of[other], key=key, weight=weight(topology, key))
    return whole, name_of


def walked(topology: Topology, down: AbstractSet[str], near: str, far: str) -> list[str]:
    """Walk the cheapest way, at each node over the first link of those that begin one; empty where there is none."""
    whole, name_of = merged(topology, down)
    target, here = name_of[site(far)], name_of[site(near)]
    cost = nx.single_source_dijkstra_path_length(whole, target)
    way: list[str] = []
    while here in cost and here != target:
        steps = [
            (list(topology.links).index(str(key)), str(tail))
            for tail, keys in whole.adj[here].items()
            for key in keys
            if cost[tail] + weight(topology, str(key)) == cost[here]
        ]
        number, here = min(steps)
        way.append(list(topology.links)[number])
    return way


def brute_loads(topology: Topology, load: Load, down: AbstractSet[str]) -> dict[str, float]:
    carried: dict[str, float] = {}
    for name, demand in load.demand.items():
        for key in walked(topology, down, name, topology.needs[name][0]) if topology.needs[name] else []:
            counts = demand.declared or not topology.links[key].standby
            carried[key] = carried.get(key, 0.0) + (demand.bits_per_second if counts else 0.0)
    return {key: rate for key, rate in carried.items() if rate}


def brute_by_site(
    topology: Topology, load: Load, down: AbstractSet[str], used: Mapping[str, float]
) -> dict[str, float]:
    found: dict[str, float] = {}
    for name, demand in load.demand.items():
        if demand.bits_per_second and topology.needs[name]:
            way = walked(topology, down, name, topology.needs[name][0])
            found.update({name: max(used[key] for key in way if key in used)} if used.keys() & set(way) else {})
    return found


@settings(max_examples=60)
@given(cases())
def test_loads_follow_the_cheapest_ways(case: tuple[Topology, frozenset[str], Load]) -> None:
    topology, down, load = case
    assert loads(topology, load, down) == brute_loads(topology, load, down)


@settings(max_examples=60)
@given(cases())
def test_every_failure_is_what_removing_it_by_hand_leaves(case: tuple[Topology, frozenset[str], Load]) -> None:
    topology, down, load = case
    before = missing(topology, down, ())
    found = [one for one in every_failure(topology, load, down) if one is not None]
    assert [one.failed for one in found] == [(element,) for element in topology.elements]
    for one in found:
        loss = topology.loss(one.failed)
        cut = missing(topology, down | loss.links, loss.sites)
        assert set(one.isolated) == cut.keys() - before.keys()
        carried = brute_loads(topology, load, down | loss.links)
        expected = {key: rate / load.capacity[key] for key, rate in carried.items() if key in load.capacity}
        assert one.utilisation == expected
        assert (one.worst[1] if one.worst else None) == max(expected.values(), default=None)
        assert one.by_site == brute_by_site(topology, load, down | loss.links, expected)
        whole = consequence(topology, load, down, one.failed)
        assert (whole.isolated, whole.utilisation, whole.by_site) == (one.isolated, one.utilisation, one.by_site)
        assert whole.paths == all_ways(topology, down | loss.links)


@settings(max_examples=60)
@given(cases(), st.data())
def test_several_failures_together_are_what_removing_all_leaves(
    case: tuple[Topology, frozenset[str], Load], data: st.DataObject
) -> None:
    topology, down, load = case
    failed = data.draw(st.lists(st.sampled_from(topology.elements), min_size=1, max_size=4))
    loss = topology.loss(failed)
    found = consequence(topology, load, down, failed)
    assert (
        set(found.isolated)
        == missing(topology, down | loss.links, loss.sites).keys() - missing(topology, down, ()).keys()
    )
    carried = brute_loads(topology, load, down | loss.links)
    assert found.utilisation == {
        key: rate / load.capacity[key] for key, rate in carried.items() if key in load.capacity
    }
