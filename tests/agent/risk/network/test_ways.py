from __future__ import annotations

from typing import Any

import pytest

from agent.risk.network.ways import all_ways, parts, unreachable, ways
from tests.agent.risk.county import COUNTY, county, topology

NONE: frozenset[str] = frozenset()


def test_the_ring_gives_two_ways_and_a_spur_one() -> None:
    assert all_ways(topology(), NONE) == {
        "kreishaus": 1,
        "rathaus": 2,
        "wadersloh": 2,
        "sassenberg": 2,
        "everswinkel": 1,
        "afg": 1,
        "rz": 1,
    }


@pytest.mark.parametrize(("down", "left"), [({"rf-kh-wad"}, 1), ({"rf-kh-wad", "rf-wad-sas"}, 0), ({"kh-rz"}, 0)])
def test_each_cut_costs_a_way_and_what_is_out_of_reach_all(down: set[str], left: int) -> None:
    assert ways(topology(), "wadersloh", down) == left


def test_a_site_that_needs_nothing_has_no_ways_to_count() -> None:
    assert ways(topology(needs=()), "kreishaus", NONE) == 0


def test_links_that_nothing_has_are_passed_over() -> None:
    assert ways(topology(), "wadersloh", {"long-gone"}) == 2


def test_what_is_out_of_reach_is_named() -> None:
    assert unreachable(topology(), {"rf-kh-wad", "rf-wad-sas"}) == {"wadersloh": ("kreishaus", "rz")}
    lost = unreachable(topology(), {"kh-rz"}, frozenset({"rz"}))
    assert "rz" not in lost
    assert lost["wadersloh"] == ("rz",)
    assert "afg" not in lost


def test_sites_hold_together_in_parts() -> None:
    assert parts(topology(), {"rf-kh-wad", "rf-sas-kh"}) == (
        ("kreishaus", "rathaus", "everswinkel", "afg", "rz"),
        ("wadersloh", "sassenberg"),
    )


def test_a_link_inside_a_site_to_its_radio_is_a_way_that_can_be_cut() -> None:
    devices: dict[str, Any] = {**COUNTY["devices"], "sw-wad": {"site": "wadersloh", "role": "switch"}}
    links: dict[str, Any] = {**COUNTY["links"], "lan": {"kind": "copper", "ends": ["rr-wad/9", "sw-wad/1"]}}
    one_cable = topology(county(devices=devices, links=links))
    assert ways(one_cable, "wadersloh", NONE) == 1
    assert ways(one_cable, "wadersloh", {"lan"}) == 0
    assert ways(one_cable, "sassenberg", {"lan"}) == 2
