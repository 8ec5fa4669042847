"""Sites, rings, devices, links and who rents them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal, cast

from pydantic import BeforeValidator, Field, PlainSerializer, WithJsonSchema, model_validator

from config.address import Host, HostPort, IpLiteral, Url
from config.base import Id, Model, Text, is_mapping
from config.errors import Wrong, shown
from config.hours import When
from config.kinds import Params, lift_params
from config.ports import PortList
from config.units import (
    AntennaGain,
    Decibel,
    Distance,
    Duration,
    Frequency,
    Interval,
    Level,
    Modulation,
    RainRate,
    Rate,
    Ratio,
    ReceivedLevel,
)

CheckName = Literal["icmp", "snmp", "host", "scrape", "plugin", "nut", "redfish", "http", "tcp", "dns", "ntp", "tls"]
# these ask this machine or run a program; all others need to know where the device is
CHECKS_WITHOUT_ADDRESS: frozenset[str] = frozenset({"host", "plugin"})


class Site(Model):
    """A place: a town hall, an outstation, a school, a data centre."""

    name: Text | None = Field(default=None, description="Name for people; default: the id.")
    kind: Literal["office", "school", "datacentre", "mast", "other"] = Field(
        default="office", description="What it is."
    )
    core: bool = Field(default=False, description="Other sites need it where nothing says what they need.")
    external: bool = Field(default=False, description="Run by someone else.")
    latitude: float | None = Field(default=None, ge=-90, le=90, description="Degrees north.")
    longitude: float | None = Field(default=None, ge=-180, le=180, description="Degrees east.")
    needs: tuple[Id, ...] | None = Field(
        default=None, description="Sites it must reach to work; replaces `defaults.needs`."
    )
    paths_required: int = Field(default=1, ge=1, le=16, description="Ways that must lead to each site it needs.")
    demand: Rate | None = Field(default=None, description="Bit rate that it needs to work.")
    municipality: Id | None = Field(
        default=None, description="Whose it is, where several share one Ringwacht; default: `municipality.id`."
    )
    hotline: Text | None = Field(default=None, description="Telephone number to call about the site.")
    probe: Host | None = Field(
        default=None,
        description="Host that is pinged for latency, loss and jitter; default: a device there, or the probe of a link "
        "that leads there.",
    )


class Ring(Model):
    """Links that close a circle, so that the other direction carries when one section fails."""

    name: Text | None = Field(default=None, description="Name for people; default: the id.")
    protocol: Literal["erps", "mrp", "rstp", "mstp", "routed", "other"] = Field(
        default="other", description="What switches over: `erps` (ITU-T G.8032), `mrp` (IEC 62439-2), …"
    )
    rpl: Id | None = Field(default=None, description="Ring protection link: blocked while the ring is healthy.")
    convergence: Duration = Field(default=15.0, description="Time that a switch-over may take.")


class Device(Model):
    """A device that is polled. Besides these keys it has one for each kind of check, e.g. `scrape`."""

    site: Id = Field(description="Where it stands.")
    name: Text | None = Field(default=None, description="Name for people; default: the id.")
    address: HostPort | None = Field(default=None, description="Host and port; the port belongs to the first check.")
    role: Id | None = Field(
        default=None, description="Brings along the keys of `defaults.roles`, e.g. `switch`, `radio`, `ups`."
    )
    room: Id | None = Field(default=None, description="Room it stands in.")
    profile: Id = Field(default="auto", description="SNMP profile; `auto` recognises, `none` reads only `modules`.")
    modules: tuple[Id, ...] = Field(default=(), description="SNMP modules read besides the profile's.")
    credential: Id | None = Field(default=None, description="Credential it is polled with.")
    checks: tuple[CheckName, ...] | None = Field(
        default=None, description="Checks instead of those that follow from role, profile and address."
    )
    interval: Interval | None = Field(default=None, description="Time between polls; default: `defaults.interval`.")
    timeout: Interval | None = Field(default=None, description="Patience for one answer; default: `defaults.timeout`.")
    powered_by: tuple[Id, ...] = Field(default=(), description="Devices that feed it, e.g. its UPS.")
    access_ports: PortList | None = Field(
        default=None, description="Ports that desks are plugged into, e.g. `1-46`, `1-24,47`, `Gi1/0/1-48`."
    )
    when: When | None = Field(
        default=None,
        description="When it matters; default: equipment of schools and its likes in their hours, all else always.",
    )
    params: Params = Field(default_factory=dict, description="The keys of its kinds of check, validated.")

    _lift = model_validator(mode="before")(lift_params)

    @model_validator(mode="after")
    def _reachable(self) -> Device:
        for check in self.checks or ():
            if self.address is None and check not in CHECKS_WITHOUT_ADDRESS:
                raise Wrong(f"check {check} needs an address")
        if self.address is None and "ssh" in self.params:
            raise Wrong("ssh needs an address")
        return self


@dataclass(frozen=True, slots=True)
class End:
    """One end of a link: a site, a device there, a port of it (matched by ifName, then ifDescr, ifAlias, ifIndex)."""

    site: str
    device: str | None = None
    port: str | None = None

    def __str__(self) -> str:
        """Return it as the file writes it."""
        return self.site if self.device is None else f"{self.device}/{self.port}" if self.port else self.device


def split_end(text: str) -> tuple[str, str | None]:
    """Return the name and the port of ``site``, ``device`` or ``device/port``; the first slash separates."""
    name, slash, port = text.partition("/")
    return name, port if slash else None


def _parse_end(value: object) -> End:
    if isinstance(value, End):
        return value
    if not isinstance(value, str) or not value:
        raise Wrong(f"{shown(value)} is not a site, device or device/port")
    name, port = split_end(value)
    if port == "":
        raise Wrong(f"{shown(value)} has no port after the slash")
    return End(site=name, device=None, port=port)


LinkEnd = Annotated[
    End,
    BeforeValidator(_parse_end),
    PlainSerializer(str),
    WithJsonSchema({"title": "end", "type": "string", "examples": ["rathaus", "sw-1", "sw-1/49"]}),
]


class LinkProbe(Model):
    """A probe that measures this way alone."""

    icmp: Host = Field(description="Host that is pinged.")
    source: IpLiteral | None = Field(default=None, description="Address of this machine that the probe leaves from.")


class Throughput(Model):
    """A measurement of what a line delivers: a file is fetched, and sent, for a few seconds."""

    download: Url = Field(description="File that is fetched, at the far end or beyond; 10 seconds of it are enough.")
    upload: Url | None = Field(default=None, description="Address that takes what is sent there (POST).")
    source: IpLiteral | None = Field(default=None, description="Address of this machine that it leaves from.")
    interval: Interval = Field(default=86400.0, description="Time between measurements; at least an hour.")
    most: Annotated[int, Field(ge=1, le=4096)] = Field(
        default=256, description="Megabytes after which a measurement ends, each way."
    )


class Radio(Model):
    """What a radio hop was planned and commissioned for."""

    frequency: Frequency | None = Field(default=None, description="Carrier frequency.")
    distance: Distance | None = Field(default=None, description="Length of the hop.")
    polarisation: Literal["v", "h", "vh"] | None = Field(default=None, description="Polarisation; `vh`: both.")
    protection: Literal["none", "1+1", "2+0"] = Field(default="none", description="Carriers and what stands by.")
    commissioned_level: tuple[ReceivedLevel, ReceivedLevel] | None = Field(
        default=None, description="Received level at each end, as measured."
    )
    commissioned_transmit: tuple[Level, Level] | None = Field(
        default=None,
        description="Transmit level at each end; leave it out where the radios do not show theirs: without it no level "
        "could be judged.",
    )
    threshold: ReceivedLevel | None = Field(
        default=None, description="Received level at which the hop fails (BER 1e-6)."
    )
    fade_margin_required: Decibel | None = Field(default=None, description="Margin between level and threshold.")
    availability_required: Ratio | None = Field(
        default=None, description="Availability it was planned for (ITU-R P.530)."
    )
    antenna_gains: tuple[AntennaGain, AntennaGain] | None = Field(
        default=None,
        description="Antenna gain at each end; with frequency and distance it gives the level where none was measured.",
    )
    feeder_losses: tuple[Decibel, Decibel] | None = Field(
        default=None, description="Loss between radio and antenna at each end: waveguide, coupler, branching."
    )
    antenna_altitudes: tuple[Distance, Distance] | None = Field(
        default=None, description="Height of each antenna above the sea, for the prediction of multipath."
    )
    thresholds: Mapping[Modulation, ReceivedLevel] = Field(
        default_factory=dict[int, float],
        description="Threshold (BER 1e-6) by modulation, e.g. `{4QAM: -88dBm, 1024QAM: -65dBm}`.",
    )
    reference_modulation: Modulation | None = Field(
        default=None, description="Modulation it was planned to run in under a clear sky, e.g. `1024QAM`."
    )
    rain_rate: RainRate | None = Field(
        default=None, description="Rain rate exceeded in 0.01 % of the year (ITU-R P.837); default: 32 mm/h."
    )


class Link(Model):
    """A way between two places."""

    name: Text | None = Field(default=None, description="Name for people; default: the id.")
    kind: Literal["radio", "fibre", "copper", "leased", "mobile", "wlan", "vpn", "other"] = Field(
        description="What carries it."
    )
    ends: tuple[LinkEnd, LinkEnd] = Field(description="Site, device or device/port at each end.")
    ring: Id | None = Field(default=None, description="Ring it is a section of.")
    capacity: Rate | None = Field(default=None, description="Bit rate it can carry.")
    contract: Id | None = Field(default=None, description="Contract it is rented under.")
    circuit: Text | None = Field(default=None, description="The provider's name for it.")
    standby: bool = Field(default=False, description="Carries only when the others do not.")
    shared_risk: tuple[Id, ...] = Field(default=(), description="What it shares with other links: a mast, a duct.")
    probe: LinkProbe | None = Field(default=None, description="Probe of this way alone.")
    throughput: Throughput | None = Field(default=None, description="Measurement of the line rate it delivers.")
    radio: Radio | None = Field(default=None, description="Data of the radio hop.")

    @model_validator(mode="after")
    def _sensible(self) -> Link:
        if self.ends[0] == self.ends[1]:
            raise Wrong("both ends are the same")
        if self.radio is not None and self.kind != "radio":
            raise Wrong(f"a link of kind {self.kind} has no radio data")
        return self


class Partner(Model):
    """Who rents bandwidth on which links."""

    name: Text | None = Field(default=None, description="Name for people; default: the id.")
    site: Id | None = Field(default=None, description="Where it is connected.")
    rented: Rate | None = Field(default=None, description="Bit rate it pays for.")
    links: tuple[Id, ...] = Field(default=(), description="Links it uses.")
    saved_line_cost: float | None = Field(
        default=None, ge=0, description="Monthly cost of the line it would need otherwise."
    )


def resolve_ends(links: object, data: Mapping[str, Any]) -> object:
    """Return the raw links with each end's name told apart into site and device, as far as they are known."""
    if not is_mapping(links) or "devices" not in data:
        return links
    devices = cast("Mapping[str, Device]", data["devices"])
    return {name: _resolve_link(link, devices) for name, link in links.items()}


def _resolve_link(link: object, devices: Mapping[str, Device]) -> object:
    if not is_mapping(link):
        return link
    ends = link.get("ends")
    if not isinstance(ends, list | tuple):
        return link
    return {**link, "ends": [_resolve_end(end, devices) for end in cast("list[object]", ends)]}


def _resolve_end(end: object, devices: Mapping[str, Device]) -> object:
    if not isinstance(end, str):
        return end
    name, port = split_end(end)
    if name not in devices or port == "":
        return end
    return End(devices[name].site, name, port)
