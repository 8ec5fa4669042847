from __future__ import annotations

from typing import Any

from agent.risk.hop.neighbours import neighbours, places
from config.inventory import Inventory


def inventory(**positions: tuple[float, float]) -> Inventory:
    sites: dict[str, Any] = {name: {} for name in ("a", "b", "c", "d", "e")}
    for name, (latitude, longitude) in positions.items():
        sites[name] = {"latitude": latitude, "longitude": longitude}
    links = {
        "ab": {"kind": "radio", "ends": ["a", "b"]},
        "bc": {"kind": "radio", "ends": ["b", "c"]},
        "de": {"kind": "radio", "ends": ["d", "e"]},
        "fibre": {"kind": "fibre", "ends": ["a", "d"]},
    }
    return Inventory.model_validate({"sites": sites, "links": links})


def test_hops_that_share_a_site_are_neighbours() -> None:
    assert list(neighbours(places(inventory()), "ab")) == ["bc"]


def test_hops_within_thirty_kilometres_are_neighbours() -> None:
    assert list(neighbours(places(inventory(a=(51.7, 8.0), d=(51.8, 8.2))), "ab")) == ["bc", "de"]
    assert list(neighbours(places(inventory(a=(51.7, 8.0), d=(51.7, 8.5))), "ab")) == ["bc"]
    assert list(neighbours(places(inventory(a=(48.1, 11.6), d=(51.8, 8.2))), "ab")) == ["bc"]
