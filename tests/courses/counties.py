"""The networks that the courses play in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def radio(site: str) -> Mapping[str, Any]:
    return {"site": site, "address": "127.0.0.1", "role": "radio"}


def hop(*ends: str, **keys: Any) -> Mapping[str, Any]:
    return {"kind": "radio", "ring": "sued", "ends": list(ends), "capacity": "400Mbit/s", **keys}


# Kreishaus - Wadersloh - Sassenberg - Kreishaus; a radio a hop and end, and something else at each outstation.
RING: Mapping[str, Any] = {
    "sites": {
        "kreishaus": {"name": "Kreishaus", "core": True},
        "wadersloh": {"name": "Wadersloh", "paths_required": 2, "demand": "60Mbit/s"},
        "sassenberg": {"name": "Sassenberg", "paths_required": 2, "demand": "60Mbit/s"},
    },
    "rings": {"sued": {"name": "Süd", "protocol": "erps", "rpl": "wad-sas", "convergence": "15s"}},
    "devices": {
        "rr-kh-a": radio("kreishaus"),
        "rr-kh-b": radio("kreishaus"),
        "rr-wad-a": radio("wadersloh"),
        "rr-wad-b": radio("wadersloh"),
        "sw-wad": {"site": "wadersloh", "address": "127.0.0.1", "role": "switch"},
        "rr-sas-a": radio("sassenberg"),
        "rr-sas-b": radio("sassenberg"),
        "sw-sas": {"site": "sassenberg", "address": "127.0.0.1", "role": "switch"},
    },
    "links": {
        "kh-wad": hop("rr-kh-a/1", "rr-wad-a/1"),
        "wad-sas": hop("rr-wad-b/1", "rr-sas-a/1"),
        "sas-kh": hop("rr-sas-b/1", "rr-kh-b/1"),
    },
}

# The ring, and a town hall with its own fibre and an LTE line that stands by, a spur behind Sassenberg, a data centre.
COUNTY: Mapping[str, Any] = {
    "sites": {
        **RING["sites"],
        "rathaus": {"name": "Rathaus", "paths_required": 2, "demand": "120Mbit/s"},
        "bauhof": {"name": "Bauhof"},
        "rz": {"name": "Rechenzentrum", "kind": "datacentre", "external": True},
    },
    "rings": RING["rings"],
    "devices": {
        **RING["devices"],
        "sw-kh": {"site": "kreishaus", "address": "127.0.0.1", "role": "switch"},
        "sw-rh": {"site": "rathaus", "address": "127.0.0.1", "role": "switch"},
        "fw-bauhof": {"site": "bauhof", "address": "127.0.0.1", "role": "firewall"},
    },
    "links": {
        **RING["links"],
        "rh-fibre": {"kind": "fibre", "ends": ["sw-rh/49", "sw-kh/1"], "capacity": "1Gbit/s"},
        "rh-lte": {
            "kind": "mobile",
            "ends": ["rathaus", "kreishaus"],
            "capacity": "50Mbit/s",
            "standby": True,
            "probe": {"icmp": "127.0.0.1"},
        },
        "bauhof-dsl": {"kind": "leased", "ends": ["fw-bauhof", "sassenberg"], "capacity": "100Mbit/s"},
        "kh-rz": {"kind": "leased", "ends": ["kreishaus", "rz"], "capacity": "1Gbit/s", "probe": {"icmp": "127.0.0.1"}},
    },
}

# A school that two providers connect, each way measured by a probe of its own.
TWO_PROVIDERS: Mapping[str, Any] = {
    "sites": {
        "kreishaus": {"name": "Kreishaus", "core": True},
        "schule": {"name": "Schule", "paths_required": 2},
    },
    "devices": {"sw-schule": {"site": "schule", "address": "127.0.0.1", "role": "switch"}},
    "links": {
        "provider-a": {
            "kind": "leased",
            "name": "Leitung A",
            "ends": ["schule", "kreishaus"],
            "probe": {"icmp": "127.0.0.2", "source": "127.0.0.1"},
        },
        "provider-b": {
            "kind": "leased",
            "name": "Leitung B",
            "ends": ["schule", "kreishaus"],
            "probe": {"icmp": "127.0.0.3", "source": "127.0.0.4"},
        },
    },
}
