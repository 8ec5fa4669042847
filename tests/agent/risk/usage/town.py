"""A town on a ring's spur, with a rented line, a radio hop and a partner, and the figures that are told of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.agent.risk.scene import Scene

LAB = {"address": "127.0.0.1"}
INVENTORY: Mapping[str, Any] = {
    "sites": {"core": {"core": True}, "town": {}, "farm": {}},
    "devices": {
        "core-sw": {"site": "core", **LAB},
        "town-sw": {"site": "town", **LAB},
        "farm-sw": {"site": "farm", **LAB},
    },
    "links": {
        "core-town": {"kind": "fibre", "ends": ["core-sw/1", "town-sw/1"], "capacity": "100Mbit/s"},
        "town-farm": {"kind": "fibre", "ends": ["town-sw/2", "farm-sw/1"]},
        "line": {"kind": "leased", "ends": ["core-sw/9", "farm"], "contract": "carrier", "circuit": "VDSL-4711"},
        "hop": {"kind": "radio", "ends": ["core-sw/8", "farm-sw/8"], "capacity": "400Mbit/s"},
    },
    "contracts": {
        "carrier": {"provider": "p", "bandwidth": {"down": "100Mbit/s", "up": "40Mbit/s"}, "monthly_cost": 320},
        "outsourcer": {"provider": "q", "monthly_cost": 2400},
    },
    "partners": {"gem": {"name": "Gemeinde", "site": "town", "rented": "50Mbit/s", "links": ["core-town"]}},
}
USED, UTILISATION = "ringwacht_link_usage_p95_bits_per_second", "ringwacht_link_utilisation_ratio"
PARTNER = "ringwacht_partner_usage_p95_bits_per_second"


def scene(language: str = "en", **sections: Any) -> Scene:
    return Scene({**INVENTORY, **sections}, language=language)


def figures(made: Scene, family: str) -> dict[tuple[str, ...], float]:
    return {one.labels: one.value for one in made.judge().measures if one.family.name == family}
