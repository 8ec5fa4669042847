"""A county whose sites stand on a ring, and what was judged of it: closed, open, cut in two, unverified."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any, Literal

from agent.contract import (
    Consequence,
    ElementState,
    JobState,
    LinkVerdict,
    Network,
    RingVerdict,
    SiteVerdict,
    Snapshot,
    Subject,
)
from config.inventory import Inventory
from config.settings import Settings
from exporters.web.network import NetworkView
from tests.exporters.county import NOW, job, make_settings, page, snapshot

NAMES: Mapping[str, str] = {
    "kreishaus": "Kreishaus",
    "nordheim": "Rathaus Nordheim",
    "ostfeld": "Jobcenter Ostfeld",
    "suedhagen": "Bauhof Südhagen",
    "westerloh": "Gemeinschaftsgrundschule Westerloh am Kanal",
}
Verdict = Literal["ok", "redundancy_lost", "isolated", "unverified"]


def ring_inventory(names: Mapping[str, str] = NAMES, **sections: Any) -> Inventory:
    """A ring over these sites in their order; the first is the core. Each has a switch; one spur hangs off the core."""
    circle = [*names, next(iter(names))]
    links: dict[str, Any] = {
        f"rf-{number}": {"kind": "radio", "ring": "sued", "ends": list(ends), "capacity": "400Mbit/s"}
        for number, ends in enumerate(pairwise(circle), start=1)
    }
    links["kh-rz"] = {"kind": "leased", "ends": ["kreishaus", "rz"], "name": "Kreishaus–Rechenzentrum"}
    sites = {site: {"name": name, "core": site == "kreishaus"} for site, name in names.items()}
    given: dict[str, Any] = {
        "sites": {**sites, "rz": {"name": "Rechenzentrum", "external": True}},
        "rings": {"sued": {"name": "Richtfunkring Süd", "protocol": "erps"}},
        "devices": {f"sw-{site}": {"site": site, "address": "192.0.2.1"} for site in (*names, "rz")},
        "links": links,
    }
    return Inventory.model_validate({**given, **sections})


def link(inventory: Inventory, name: str, state: str = "up", **more: Any) -> LinkVerdict:
    first, last = (end.site for end in inventory.links[name].ends)
    known: Any = state
    return LinkVerdict(name, (first, last), ElementState(known, f"{name}: so", NOW - 720), capacity=400e6, **more)


def site(name: str, state: Verdict = "ok", paths: int = 2, **more: Any) -> SiteVerdict:
    given: dict[str, Any] = {"paths_possible": paths, "paths_designed": 2, "paths_required": 2, **more}
    return SiteVerdict(name, state, ("kreishaus",), paths, **given)


def ring_network(inventory: Inventory, links: Sequence[LinkVerdict] = (), **more: Any) -> Network:
    """Everything up but these links; ``more``: parts of ``Network`` that are given whole."""
    names = [name for name, one in inventory.links.items() if one.ring == "sued"]
    judged = {name: link(inventory, name) for name in inventory.links} | {one.id: one for one in links}
    others = [name for name in inventory.sites if name not in {"kreishaus", "rz"}]
    core = SiteVerdict("kreishaus", "ok", paths_required=1)
    spur = site("rz", "ok", 1, paths_designed=1, paths_required=1)
    given: dict[str, Any] = {
        "links": judged,
        "sites": {"kreishaus": core, **{name: site(name) for name in others}, "rz": spur},
        "rings": {"sued": RingVerdict("sued", True, tuple(names))},
        "failures": (Consequence((Subject("link", "rf-1"),), worst=("rf-2", 0.4)),),
        "site_utilisation": dict.fromkeys(others, 0.4),
    }
    return Network(NOW - 1, **{**given, **more})


def up_jobs(inventory: Inventory) -> list[JobState]:
    return [job("device", name, site=device.site) for name, device in inventory.devices.items()]


def judged(inventory: Inventory, network: Network, **more: Any) -> Snapshot:
    return snapshot(up_jobs(inventory), network=network, **more)


def section(
    network: Network, inventory: Inventory, language: Literal["de", "en"] = "de", settings: Settings | None = None
) -> NetworkView:
    """What the page shows of this network."""
    shown = page(judged(inventory, network), inventory, settings or make_settings(language)).network
    assert shown is not None
    return shown


# --- the states that a person meets ----------------------------------------------------------------------------------


def closed(inventory: Inventory) -> Network:
    """All is well; the last section is blocked, as a healthy ring has it. The core and its line are weak by design."""
    blocked = link(inventory, "rf-3", blocked=True)
    weak = (Consequence((Subject("link", "kh-rz"),), ("rz",)), Consequence((Subject("site", "kreishaus"),), ("rz",)))
    return ring_network(inventory, [blocked], weaknesses=weak, failures=weak)


def opened(inventory: Inventory) -> Network:
    """One section is cut, one is weak."""
    cut, weak = link(inventory, "rf-1", "down"), link(inventory, "rf-4", "degraded")
    names = [name for name, one in inventory.links.items() if one.ring == "sued"]
    ring = RingVerdict(
        "sued", False, tuple(names), ("rf-1",), NOW - 720, 95_000.0, protocol=("rr-kreishaus-a 1: protection",)
    )
    lost = {
        name: site(name, "redundancy_lost", 1, cuts=(Subject("link", "rf-1"),))
        for name in inventory.sites
        if name not in {"kreishaus", "rz"}
    }
    others = {
        "kreishaus": SiteVerdict("kreishaus", "ok"),
        "rz": site("rz", "ok", 1, paths_designed=1, paths_required=1),
    }
    every = tuple(lost)
    failures = (
        Consequence((Subject("link", names[-1]),), every),
        Consequence((Subject("link", "rf-2"),), every[:1], worst=("rf-3", 0.55)),
        Consequence((Subject("device", f"sw-{every[-1]}"),), (), worst=("rf-4", 0.93)),
        Consequence((Subject("link", "kh-rz"),), ("rz",)),
    )
    return ring_network(
        inventory,
        [cut, weak],
        rings={"sued": ring},
        sites={**lost, **others},
        failures=failures,
        weaknesses=(Consequence((Subject("link", "kh-rz"),), ("rz",)),),
        site_utilisation=dict.fromkeys(every, 0.93),
    )


def isolated(inventory: Inventory) -> Network:
    """Two sections are cut: the first site after the core is cut off."""
    names = [name for name, one in inventory.links.items() if one.ring == "sued"]
    cuts = (Subject("link", "rf-2"), Subject("link", "rf-1"))
    lonely, *others = [name for name in inventory.sites if name not in {"kreishaus", "rz"}]
    ring = RingVerdict("sued", False, tuple(names), ("rf-1", "rf-2"), NOW - 720, 720.0, ((lonely,),))
    lost = {name: site(name, "redundancy_lost", 1, cuts=cuts) for name in others}
    gone = site(lonely, "isolated", 0, unreachable=("kreishaus",), silent_since=NOW - 180, cuts=cuts)
    sites = {
        "kreishaus": SiteVerdict("kreishaus", "ok"),
        lonely: gone,
        **lost,
        "rz": site("rz", "unverified", 0, paths_possible=1, paths_designed=1, paths_required=1),
    }
    unknown = link(inventory, "rf-3", "unknown")
    cut = [link(inventory, name, "down") for name in ("rf-1", "rf-2")]
    return ring_network(inventory, [*cut, unknown], rings={"sued": ring}, sites=sites, failures=())
