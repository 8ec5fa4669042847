"""Two municipalities in one inventory, and one look at all of it. Every name of the second one holds ``FOREIGN``."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable
from pathlib import Path

from agent.contract import (
    Alert,
    AlertState,
    ElementState,
    Finding,
    FunctionState,
    House,
    JobKey,
    JobState,
    Leg,
    Limits,
    LinkVerdict,
    Network,
    RiskFigure,
    RoomState,
    Severity,
    SiteVerdict,
    Snapshot,
    Subject,
    Target,
)
from agent.estate import ClassroomState, ContractState, Estate, FleetState, LicenceState, ServiceState, Version
from config.loader import Loaded, load
from tests.harness.fakes import FakeView

NOW = 1_800_000_000.0
FOREIGN = "zyx"
OWN_TOKEN, FOREIGN_TOKEN, WHOLE_TOKEN = "the-token-of-adorf", "the-token-of-zyxdorf", "the-token-of-all"

_TEXT = """
municipality: {id: kreis, name: Kreis Musterland, timezone: Europe/Berlin, language: en}
web: {token: {file: whole}}
municipalities:
  adorf: {name: Gemeinde Adorf, token: {file: own}}
  zyxdorf: {name: Gemeinde Zyxdorf, token: {file: foreign}}
sites:
  kreishaus: {core: true}
  a-rathaus: {municipality: adorf, needs: [kreishaus, zyx-rathaus]}
  a-schule: {municipality: adorf, kind: school}
  zyx-rathaus: {municipality: zyxdorf, latitude: 51.5, longitude: 7.5}
  drueben: {name: Zyx drueben, municipality: zyxdorf}
credentials:
  backup: {ssh: {username: u, password: {file: own}, known_hosts: own}}
  mdm: {token: {file: own}}
sources:
  mdm: {mdm: jamf_school, url: "https://mdm.example/api", credential: mdm, locations: {"1": a-schule, "2": zyx-rathaus}}
devices:
  a-switch: {site: a-rathaus, address: 192.0.2.1, checks: [icmp], ssh: {credential: backup, type: cisco_ios}}
  zyx-switch: {site: zyx-rathaus, address: 192.0.2.2, checks: [icmp], ssh: {credential: backup, type: cisco_ios}}
  zyx-drueben: {site: drueben, address: 192.0.2.4, checks: [icmp]}
  kh-zyx-switch: {site: kreishaus, address: 192.0.2.3, checks: [icmp]}
links:
  a-kh: {kind: fibre, ends: [a-switch, kreishaus], contract: carrier}
  a-nach-drueben: {kind: fibre, ends: [a-switch, zyx-drueben/2]}
  zyx-kh: {kind: fibre, ends: [zyx-switch, kreishaus], contract: carrier}
rooms:
  a-server: {site: a-rathaus}
  zyx-server: {site: zyx-rathaus}
services:
  a-seite: {url: "https://a.example/", site: a-rathaus, contract: a-host, depends_on: [zyx-seite, a-kh]}
  zyx-seite: {url: "https://zyx.example/", site: zyx-rathaus, contract: zyx-host}
functions:
  a-amt: {primary: a-seite, standby: [a-kh]}
  zyx-amt: {primary: zyx-seite}
contracts:
  carrier: {provider: Netz, monthly_cost: 4711, ends: 2030-01-01}
  a-host: {provider: Haus, monthly_cost: 1234, ends: 2030-02-01}
  zyx-host: {provider: Zyxhaus, monthly_cost: 99, ends: 2030-03-01}
deadlines:
  a-frist: {expires: 2027-06-01, site: a-schule}
  zyx-frist: {expires: 2027-06-01, site: zyx-rathaus}
licences:
  a-office: {product: Office, site: a-rathaus, seats: 10, used: 3}
  zyx-office: {product: Office, site: zyx-rathaus, seats: 10, used: 3}
fleets:
  a-tablets: {site: a-schule, kind: tablet}
  zyx-tablets: {site: zyx-rathaus, kind: tablet}
assets: [assets.csv]
alerting:
  accept: [{match: {link: zyx-kh}, until: 2030-01-01, reason: zyxdorf baut um}]
"""
_ASSETS = """asset_tag;kind;model;site;warranty_until
A-1;tablet;iPad;a-schule;2029-01-01
ZYX-1;tablet;zyxPad;zyx-rathaus;2029-01-02
ZYX-2;tablet;zyxPad;;2029-01-03
"""


def load_towns(folder: Path) -> Loaded:
    """Return the configuration of both."""
    (folder / "ringwacht.yml").write_text(textwrap.dedent(_TEXT))
    (folder / "assets.csv").write_text(_ASSETS)
    for name, text in (("whole", WHOLE_TOKEN), ("own", OWN_TOKEN), ("foreign", FOREIGN_TOKEN)):
        (folder / name).write_text(text)
    return load(folder / "ringwacht.yml", {}, {})


def look() -> Snapshot:
    """Return a snapshot in which something is said of everything."""
    return Snapshot(
        NOW,
        FakeView(_jobs(("device", "a-switch"), ("device", "zyx-switch"), ("device", "kh-zyx-switch"))),
        (),
        tuple(_alerts()),
        (),
        _network(),
        (),
        _house(),
        _estate(),
    )


def _jobs(*subjects: tuple[str, str]) -> Iterable[JobState]:
    for kind, name in subjects:
        subject = Subject("device" if kind == "device" else "service", name)
        yield JobState(JobKey(subject, "icmp"), Target(subject, "a-rathaus"), up=True, last_success=NOW)


def _alerts() -> Iterable[Alert]:
    found = (
        (Subject("link", "a-kh"), "a-rathaus", "a is cut"),
        (Subject("device", "kh-zyx-switch"), "a-rathaus", "if it fails, zyx-rathaus is cut off as well"),
        (Subject("contract", "carrier"), None, "carrier missed: zyx-kh"),
        (Subject("device", "zyx-switch"), "zyx-rathaus", "zyx is silent"),
        (Subject("group", "provider/Zyx"), None, "zyx provider"),
        (Subject("daemon", "ringwacht"), None, "zyx is watched badly"),
    )
    for subject, site, text in found:
        evidence = ("zyx-switch/2: no light", "a-switch: no light")
        cause = Subject("link", "zyx-kh")
        finding = Finding("device_unreachable", subject, Severity.WARNING, text, evidence, cause, site=site)
        yield Alert(f"id-{subject.id}", finding, AlertState.FIRING, NOW, NOW)


def _network() -> Network:
    up = ElementState("up")
    links = {name: LinkVerdict(name, ("kreishaus", f"{name}-end"), up) for name in ("a-kh", "zyx-kh")}
    sites = {name: SiteVerdict(name, "ok") for name in ("kreishaus", "a-rathaus", "a-schule", "zyx-rathaus")}
    return Network(NOW, links, {"a-switch": up, "zyx-switch": up}, sites)


def _house() -> House:
    rooms = {name: RoomState(name, Limits()) for name in ("a-server", "zyx-server")}
    functions = {
        name: FunctionState(name, "redundant", Leg(Subject("service", f"{name}-leg"), "up"))
        for name in ("a-amt", "zyx-amt")
    }
    risks = tuple(
        RiskFigure(scope, 50.0) for scope in (None, Subject("room", "a-server"), Subject("room", "zyx-server"))
    )
    return House(NOW, rooms, functions=functions, risks=risks)


def _estate() -> Estate:
    return Estate(
        NOW,
        services={name: ServiceState(name, "up") for name in ("a-seite", "zyx-seite")},
        contracts={name: ContractState(name) for name in ("carrier", "a-host", "zyx-host")},
        fleets={name: FleetState(name, 5) for name in ("a-tablets", "zyx-tablets")},
        licences={name: LicenceState(name, 10, 3) for name in ("a-office", "zyx-office")},
        classrooms=(ClassroomState(None, "zyx-101", "zyx-rathaus", (), wanted=True),),
        versions=(
            Version("a-schule", "tablet", "iPadOS", "18", 5),
            Version("zyx-rathaus", "tablet", "zyxOS", "1", 5),
            Version(None, "tablet", "zyxOS", "2", 5),
        ),
    )
