"""A small county to judge: a radio ring, a spur, a fibre with a standby, a data centre behind the core."""

from __future__ import annotations

from typing import Any

from agent.risk.network.failure import Demand, Load
from agent.risk.topology import Topology
from config.inventory import Inventory
from config.settings import Settings

MBIT = 1e6

COUNTY: dict[str, Any] = {
    "sites": {
        "kreishaus": {"core": True},
        "rathaus": {"paths_required": 2, "demand": "120Mbit/s"},
        "wadersloh": {"paths_required": 2, "demand": "60Mbit/s"},
        "sassenberg": {"paths_required": 2, "demand": "60Mbit/s"},
        "everswinkel": {},
        "afg": {"needs": ["kreishaus"]},
        "rz": {"external": True},
    },
    "rings": {"sued": {"rpl": "rf-wad-sas"}},
    "devices": {
        "rr-kh-a": {"site": "kreishaus", "role": "radio", "powered_by": ["usv"]},
        "rr-kh-b": {"site": "kreishaus", "role": "radio", "powered_by": ["usv"]},
        "rr-wad": {"site": "wadersloh", "role": "radio"},
        "rr-sas": {"site": "sassenberg", "role": "radio"},
        "usv": {"site": "kreishaus", "role": "ups"},
        "sw": {"site": "rathaus", "role": "switch", "room": "r1"},
        "srv": {"site": "rathaus", "role": "server", "room": "r1"},
    },
    "rooms": {"r1": {"site": "rathaus"}},
    "links": {
        "rf-kh-wad": {"kind": "radio", "ring": "sued", "ends": ["rr-kh-a/1", "rr-wad/1"], "capacity": "400Mbit/s",
                      "shared_risk": ["mast"]},
        "rf-wad-sas": {"kind": "radio", "ring": "sued", "ends": ["rr-wad/2", "rr-sas/1"], "capacity": "200Mbit/s",
                       "shared_risk": ["mast"]},
        "rf-sas-kh": {"kind": "radio", "ring": "sued", "ends": ["rr-sas/2", "rr-kh-b/1"], "capacity": "400Mbit/s"},
        "ev-vdsl": {"kind": "leased", "ends": ["everswinkel", "kreishaus"], "capacity": "100Mbit/s",
                    "contract": "vdsl", "shared_risk": ["duct"]},
        "rh-fibre": {"kind": "fibre", "ends": ["sw/49", "kreishaus"], "capacity": "1Gbit/s"},
        "rh-lte": {"kind": "mobile", "ends": ["rathaus", "kreishaus"], "capacity": "50Mbit/s", "standby": True,
                   "contract": "lte"},
        "afg-fibre": {"kind": "fibre", "ends": ["afg", "kreishaus"]},
        "kh-rz": {"kind": "leased", "ends": ["kreishaus", "rz"], "capacity": "1Gbit/s"},
    },
    "contracts": {"vdsl": {"provider": "Carrier"}, "lte": {"provider": "Carrier"}},
}  # fmt: skip


def county(**changes: Any) -> Inventory:
    return Inventory.model_validate({**COUNTY, **changes})


def topology(inventory: Inventory | None = None, needs: tuple[str, ...] = ("kreishaus", "rz")) -> Topology:
    return Topology.of(inventory or county(), Settings.model_validate({"defaults": {"needs": needs}}))


def declared_load(inventory: Inventory | None = None) -> Load:
    inventory = inventory or county()
    demand = {name: Demand(site.demand, True) for name, site in inventory.sites.items() if site.demand}
    return Load(demand, {name: link.capacity for name, link in inventory.links.items() if link.capacity})
