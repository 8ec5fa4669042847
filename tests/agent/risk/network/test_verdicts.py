from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from agent.risk.network.cuts import MAX_STEPS, Cuts
from agent.risk.network.verdicts import cut_off, patience, proved_up
from agent.risk.network.ways import all_ways
from agent.risk.topology import Topology
from config.inventory import Inventory
from config.settings import Settings

# home - a - b - home is a ring, c hangs on b
NAMES = ("home-a", "a-b", "b-home", "b-c")


def topology(**sites: Mapping[str, Any]) -> Topology:
    places = {"home": {"core": True}, "a": {}, "b": {}, "c": {}, **sites}
    links = {name: {"kind": "fibre", "ends": name.split("-")} for name in NAMES}
    return Topology.of(Inventory.model_validate({"sites": places, "links": links}), Settings())


def cuts(down: dict[str, float]) -> Cuts:
    made = topology()
    found = Cuts(made)
    for _ in found.follow(down, all_ways(made, frozenset())):
        pass
    return found


def test_the_cuts_of_a_site_are_those_that_took_a_way_from_it_the_newest_first() -> None:
    assert cuts({"home-a": 1.0, "a-b": 2.0}).of == {"a": ("a-b", "home-a"), "b": ("home-a",)}
    assert cuts({"home-a": 2.0, "a-b": 1.0}).of == {"a": ("home-a", "a-b"), "b": ("a-b",)}


def test_what_was_worked_out_is_kept_while_its_links_stay_down() -> None:
    found = cuts({"home-a": 1.0})
    designed = all_ways(found.topology, frozenset())
    assert len(list(found.follow({"home-a": 1.0}, designed))) == 0
    assert len(list(found.follow({"home-a": 1.0, "b-c": 2.0}, designed))) == 1
    assert found.of["c"] == ("b-c",)
    assert len(list(found.follow({"b-c": 2.0}, designed))) == 1
    assert found.of == {"c": ("b-c",)}


def test_of_very_many_failures_only_the_newest_are_told_apart() -> None:
    names = [f"l{number}" for number in range(MAX_STEPS + 5)]
    links = {name: {"kind": "fibre", "ends": ["home", "a"]} for name in names}
    declared = {"sites": {"home": {"core": True}, "a": {}}, "links": links}
    made = Topology.of(Inventory.model_validate(declared), Settings())
    found = Cuts(made)
    down: dict[str, float] = {name: float(at) for at, name in enumerate(names)}
    assert len(list(found.follow(down, all_ways(made, frozenset())))) == MAX_STEPS
    assert found.of["a"] == tuple(reversed(names[5:]))


def test_a_site_is_cut_off_when_its_last_way_went() -> None:
    made = topology()
    assert cut_off(made, "home", {"home-a"}) == frozenset()
    assert cut_off(made, "home", {"home-a", "b-home"}) == {"a", "b", "c"}
    assert cut_off(made, "home", {"b-c", "home-a"}) == {"c"}
    assert cut_off(made, None, {"b-c"}) == frozenset()


def test_what_answers_proves_the_only_way_to_it() -> None:
    made = topology()
    assert proved_up(made, "home", {"home-a"}, NAMES[1:], {"a"}) == {"a-b", "b-home"}
    assert proved_up(made, "home", set(), NAMES, {"a", "c"}) == {"b-c"}
    assert proved_up(made, "home", set(), NAMES, set()) == frozenset()
    assert proved_up(made, "home", {"b-c"}, NAMES[:3], {"c"}) == frozenset()  # it answers by a way that is not declared


def test_only_who_depends_on_a_ring_waits_for_it() -> None:
    links = {name: {"kind": "fibre", "ends": name.split("-")} for name in (*NAMES, "home-d")}
    places = {"home": {"core": True}, "a": {}, "b": {}, "c": {}, "d": {}}
    made = Topology.of(Inventory.model_validate({"sites": places, "links": links}), Settings())
    assert patience(made, "home", {"ring": (frozenset(NAMES[:3]), 15.0)}) == {"a": 15.0, "b": 15.0, "c": 15.0}
