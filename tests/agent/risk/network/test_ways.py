from __future__ import annotations

from typing import Any

import pytest

from agent.risk.network.ways import all_ways, parts, unreachable
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
    assert all_ways(topology(), down)["wadersloh"] == left


def test_a_site_that_needs_nothing_has_no_ways_to_count() -> None:
    assert all_ways(topology(needs=()), NONE)["kreishaus"] == 0


def test_links_that_nothing_has_are_passed_over() -> None:
    assert all_ways(topology(), {"long-gone"})["wadersloh"] == 2


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
    assert all_ways(one_cable, NONE)["wadersloh"] == 1
    assert all_ways(one_cable, {"lan"})["wadersloh"] == 0
    assert all_ways(one_cable, {"lan"})["sassenberg"] == 2
