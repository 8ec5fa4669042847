from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from agent.risk.network.verdicts import cut_off, cuts_of, patience, proved_up
from agent.risk.topology import Topology
from config.inventory import Inventory
from config.settings import Settings

# home - a - b - home is a ring, c hangs on b
NAMES = ("home-a", "a-b", "b-home", "b-c")


def topology(**sites: Mapping[str, Any]) -> Topology:
    places = {"home": {"core": True}, "a": {}, "b": {}, "c": {}, **sites}
    links = {name: {"kind": "fibre", "ends": name.split("-")} for name in NAMES}
    return Topology.of(Inventory.model_validate({"sites": places, "links": links}), Settings())


def test_the_cuts_of_a_site_are_those_that_took_a_way_from_it_the_newest_first() -> None:
    made = topology()
    assert cuts_of(made, "a", {"home-a": 1.0, "a-b": 2.0}) == ("a-b", "home-a")
    assert cuts_of(made, "b", {"home-a": 1.0, "a-b": 2.0}) == ("home-a",)  # the second one took nothing from it
    assert cuts_of(made, "b", {"home-a": 2.0, "a-b": 1.0}) == ("a-b",)
    assert cuts_of(made, "c", {"home-a": 1.0, "a-b": 2.0}) == ()


def test_a_site_is_cut_off_when_its_last_way_went() -> None:
    made = topology()
    assert cut_off(made, "home", {"home-a": 1.0}) == {}
    assert cut_off(made, "home", {"home-a": 5.0, "b-home": 3.0}) == {"a": 5.0, "b": 5.0, "c": 5.0}
    assert cut_off(made, "home", {"b-c": 7.0, "home-a": 9.0}) == {"c": 7.0}
    assert cut_off(made, None, {"b-c": 7.0}) == {}


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
