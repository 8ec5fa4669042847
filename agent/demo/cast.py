"""Who is in the simulated county: four sites on a radio ring, their switches, the UPS and the climate sensor."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Site:
    """One place of the ring."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Hop:
    """One radio hop: the ``b`` radio of its first site faces the ``a`` radio of its second."""

    id: str
    ends: tuple[Site, Site]
    level_dbm: float
    tx_khz: int

    @property
    def radios(self) -> tuple[str, str]:
        """Device names of its two radios."""
        return f"rr-{self.ends[0].id}-b", f"rr-{self.ends[1].id}-a"

    @property
    def name(self) -> str:
        """Both sites, as people say it."""
        return f"{self.ends[0].name}–{self.ends[1].name}"


@dataclass(frozen=True, slots=True)
class Switch:
    """One switch; its last port is the uplink."""

    id: str
    site: Site
    ports: int


@dataclass(frozen=True, slots=True)
class Device:
    """One simulated SNMP agent and the loopback address that is its own where the system has it."""

    id: str
    host: str


KREISHAUS = Site("kreishaus", "Kreishaus")
NORDHEIM = Site("nordheim", "Nordheim")
OSTFELD = Site("ostfeld", "Ostfeld")
SUEDHAGEN = Site("suedhagen", "Südhagen")
SITES = (KREISHAUS, NORDHEIM, OSTFELD, SUEDHAGEN)

HOPS = (
    Hop("rf-kh-no", (KREISHAUS, NORDHEIM), -38.0, 17_727_500),
    Hop("rf-no-os", (NORDHEIM, OSTFELD), -41.0, 17_837_500),
    Hop("rf-os-su", (OSTFELD, SUEDHAGEN), -39.0, 17_947_500),
    Hop("rf-su-kh", (SUEDHAGEN, KREISHAUS), -43.0, 18_057_500),
)
FADED_HOP, CUT_HOP = HOPS[0], HOPS[1]

SWITCHES = (
    Switch("sw-kreishaus-1", KREISHAUS, 48),
    Switch("sw-nordheim-1", NORDHEIM, 24),
    Switch("sw-ostfeld-1", OSTFELD, 24),
)
UPS = "usv-kreishaus"
CLIMATE = "klima-kreishaus"
PORTAL = "serviceportal"

RADIOS = tuple(sorted(radio for hop in HOPS for radio in hop.radios))
DEVICES = (
    *(Device(radio, f"127.0.1.{11 + index}") for index, radio in enumerate(RADIOS)),
    *(Device(switch.id, f"127.0.1.{31 + index}") for index, switch in enumerate(SWITCHES)),
    Device(UPS, "127.0.1.41"),
    Device(CLIMATE, "127.0.1.42"),
)
