"""Who is in the simulated county: four sites on a radio ring, their switches, two UPS and the climate sensor."""

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
    """One switch; its last port is the uplink, the two before it lead to the radios ``a`` and ``b`` of its site."""

    id: str
    site: Site
    ports: int

    @property
    def radio_ports(self) -> tuple[tuple[int, str], ...]:
        """Number of the port and name of the radio behind it."""
        return tuple((self.ports - 2 + index, f"rr-{self.site.id}-{side}") for index, side in enumerate("ab"))


@dataclass(frozen=True, slots=True)
class Device:
    """One simulated SNMP agent, where it stands, and the loopback address that is its own where the system has it."""

    id: str
    host: str
    site: Site


KREISHAUS = Site("kreishaus", "Kreishaus")
NORDHEIM = Site("nordheim", "Nordheim")
OSTFELD = Site("ostfeld", "Ostfeld")
SUEDHAGEN = Site("suedhagen", "Südhagen")
SITES = (KREISHAUS, NORDHEIM, OSTFELD, SUEDHAGEN)  # once round the ring, as HOPS lead
REMOTE_SITES = SITES[1:]

HOPS = (
    Hop("rf-kh-no", (KREISHAUS, NORDHEIM), -38.0, 17_727_500),
    Hop("rf-no-os", (NORDHEIM, OSTFELD), -41.0, 17_837_500),
    Hop("rf-os-su", (OSTFELD, SUEDHAGEN), -39.0, 17_947_500),
    Hop("rf-su-kh", (SUEDHAGEN, KREISHAUS), -43.0, 18_057_500),
)
FADED_HOP, CUT_HOP, SECOND_CUT_HOP = HOPS[:3]
PROTECTION_HOP = HOPS[2]  # the ring protection link: blocked while every hop carries
CUT_OFF = OSTFELD  # what the two cuts leave without a way

SWITCHES = (
    Switch("sw-kreishaus-1", KREISHAUS, 48),
    Switch("sw-nordheim-1", NORDHEIM, 24),
    Switch("sw-ostfeld-1", OSTFELD, 24),
)
UPS = "usv-kreishaus"
ROOM_UPS, NUT_UPS = "usv-serverraum", "ups1"  # what it is called here, and by its NUT server
CLIMATE = "klima-kreishaus"
PORTAL = "serviceportal"

RADIOS = {radio: (hop, end) for hop in HOPS for end, radio in enumerate(hop.radios)}
DEVICES = (
    *(
        Device(radio, f"127.0.1.{11 + index}", RADIOS[radio][0].ends[RADIOS[radio][1]])
        for index, radio in enumerate(sorted(RADIOS))
    ),
    *(Device(switch.id, f"127.0.1.{31 + index}", switch.site) for index, switch in enumerate(SWITCHES)),
    Device(UPS, "127.0.1.41", KREISHAUS),
    Device(CLIMATE, "127.0.1.42", KREISHAUS),
)
