"""The county of the false-alarm day: the ring and its lines, a server room, a power supply, two services."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from tests.courses.counties import COUNTY
from tests.courses.stage import ALERTING

RADIO: Mapping[str, Any] = {
    "frequency": "18GHz",
    "distance": "12km",
    "polarisation": "v",
    "commissioned_level": ["-38dBm", "-38dBm"],
    "commissioned_transmit": ["20dBm", "20dBm"],
    "threshold": "-78dBm",
    "fade_margin_required": "25dB",
    "reference_modulation": "1024QAM",
}
SITES: Mapping[str, Any] = {
    **COUNTY["sites"],
    "rathaus": {"name": "Rathaus", "paths_required": 2},
    "gymnasium": {"name": "Gymnasium"},
}
DEVICES: Mapping[str, Any] = {
    **COUNTY["devices"],
    "sw-gym": {"site": "gymnasium", "address": "127.0.0.1", "role": "switch"},
    "ap-gym": {"site": "gymnasium", "address": "127.0.0.1"},
    "srv-rh": {"site": "rathaus", "address": "127.0.0.1", "role": "server"},
    "ups-1": {"site": "kreishaus", "address": "127.0.0.1", "role": "ups", "room": "serverraum"},
    "sensor-1": {"site": "kreishaus", "address": "127.0.0.1", "role": "sensor", "room": "serverraum"},
}
PING: Mapping[str, Any] = {"icmp": "127.0.0.1"}
LINKS: Mapping[str, Any] = {
    **COUNTY["links"],
    **{name: {**COUNTY["links"][name], "radio": RADIO} for name in ("kh-wad", "wad-sas", "sas-kh")},
    "gym-fibre": {"kind": "fibre", "ends": ["sw-gym/1", "sw-kh/2"], "capacity": "1Gbit/s"},
    "gym-dsl": {"kind": "leased", "ends": ["gymnasium", "kreishaus"], "capacity": "1Gbit/s", "probe": PING},
}
DAY: Mapping[str, Any] = {
    "sites": SITES,
    "rings": COUNTY["rings"],
    "devices": DEVICES,
    "links": LINKS,
    "rooms": {
        "serverraum": {
            "site": "kreishaus",
            "limits": {"temperature": {"warning": "27°C", "critical": "32°C"}},
            "shutdown_time": "10m",
        }
    },
    "services": {
        "portal": {"url": "https://portal.example", "site": "kreishaus", "critical": True},
        "lernen": {"url": "https://lernen.example", "site": "gymnasium", "when": "school_hours"},
    },
}


def settings_of(begin: datetime) -> Mapping[str, Any]:
    """The settings for the 24 hours after ``begin``, with the work that is announced for them."""

    def at(hours: float) -> str:
        moment = datetime.fromtimestamp(begin.timestamp() + hours * 3600, begin.tzinfo)
        return moment.strftime("%Y-%m-%dT%H:%M")

    work = {"name": "New antenna at Sassenberg", "match": {"link": "wad-sas"}, "from": at(13), "until": at(14)}
    update = {"name": "Firmware of the switch", "match": {"site": "rathaus"}, "from": at(5), "until": at(5.5)}
    return {
        "municipality": {"language": "en", "holidays": "DE-NW", "school_holidays": "DE-NW"},
        "uplink": {"site": "kreishaus", "gateway": "127.0.0.1"},
        "alerting": {**ALERTING, "maintenance": [work, update]},
    }
