"""Which host is pinged for a site."""

from __future__ import annotations

from typing import Any, cast

from agent.engine.plan import make_plan
from config.inventory import Inventory
from config.settings import Settings
from tests.agent.engine.plans import (
    SITES,
    SPECS,
    Icmp,
    plan,
    settings,
)


def hosts(inventory: dict[str, Any], **more: Any) -> dict[str, tuple[str | None, Icmp]]:
    """Who is pinged for which site, and how."""
    parsed = Inventory.model_validate({"sites": SITES, **inventory})
    jobs = make_plan(parsed, settings().model_copy(update=more), SPECS).jobs
    sites = (one for one in jobs if one.key.subject.kind == "site")
    return {one.key.subject.id: (one.target.host, cast("Icmp", one.params)) for one in sites}


def at(site: str, host: str, **keys: Any) -> dict[str, Any]:
    return {"site": site, "address": f"192.0.2.{host}", **keys}


TEN = Icmp(count=10, spread=2)


def test_a_site_is_measured_by_a_series_of_ten_pings_over_two_seconds() -> None:
    devices = {"sw-2": at("kreishaus", "2", interval=10, timeout=1)}
    (job,) = [one for one in plan({"devices": devices}).jobs if one.key.subject.kind == "site"]
    assert (str(job.key), job.kind, job.params) == ("site:kreishaus/icmp", "icmp", TEN)
    assert (job.target.host, job.interval_seconds, job.target.timeout_seconds) == ("192.0.2.2", 60, 5)
    assert job.target.site == "kreishaus"
    assert job.target.labels == (("site", "kreishaus"), ("instance", "kreishaus"))


def test_of_a_sites_devices_the_one_nearest_to_the_way_in_is_pinged() -> None:
    devices = {
        "ups": at("kreishaus", "1", role="ups"),
        "ap": at("kreishaus", "2", role="ap"),
        "radio": at("kreishaus", "3", role="radio"),
        "sw-1": at("kreishaus", "4", role="switch"),
        "sw-2": at("kreishaus", "5", role="switch"),
        "fw": at("kreishaus", "6", role="firewall", checks=["tcp"]),
        "router": {"site": "kreishaus", "role": "router"},
    }
    for gone, host in (("", "4"), ("sw-1", "5"), ("sw-2", "3"), ("radio", "1"), ("ups", "2")):
        devices.pop(gone, None)
        assert hosts({"devices": devices}) == {"kreishaus": (f"192.0.2.{host}", TEN)}
    del devices["ap"]
    assert hosts({"devices": devices}) == {}


def test_the_site_where_the_daemon_stands_is_measured_only_if_it_names_a_host() -> None:
    devices = {"sw-1": at("rathaus", "1"), "sw-2": at("kreishaus", "2")}
    assert set(hosts({"devices": devices})) == {"kreishaus"}
    assert set(hosts({"devices": devices}, uplink=None)) == {"kreishaus", "rathaus"}
    local = {"local": {"site": "kreishaus", "checks": ["host"]}}
    assert set(hosts({"devices": {**devices, **local}}, uplink=None)) == {"rathaus"}
    sites: dict[str, Any] = {"rathaus": {"probe": "192.0.2.9"}, "kreishaus": {"probe": "kh.example"}}
    assert hosts({"sites": sites, "devices": devices}) == {
        "rathaus": ("192.0.2.9", TEN),
        "kreishaus": ("kh.example", TEN),
    }


def test_a_site_without_a_device_is_measured_over_the_link_that_leads_there() -> None:
    ends = ["kreishaus", "rathaus"]
    links = {
        "lte": {"kind": "mobile", "ends": ends, "standby": True, "probe": {"icmp": "192.0.2.1", "source": "192.0.2.7"}},
        "bound": {"kind": "leased", "ends": ends, "probe": {"icmp": "192.0.2.2", "source": "192.0.2.8"}},
        "fibre": {"kind": "fibre", "ends": ends, "probe": {"icmp": "192.0.2.3"}},
        "silent": {"kind": "fibre", "ends": ends},
    }
    assert hosts({"links": links}) == {"kreishaus": ("192.0.2.3", TEN)}
    del links["fibre"]
    assert hosts({"links": links}) == {"kreishaus": ("192.0.2.2", Icmp(source="192.0.2.8", count=10, spread=2))}
    del links["bound"]
    assert hosts({"links": links}) == {"kreishaus": ("192.0.2.1", Icmp(source="192.0.2.7", count=10, spread=2))}
    assert hosts({"links": links}, uplink=None) == {}, "which end is the far one is not known"
    assert set(hosts({"links": links, "devices": {"ups": at("kreishaus", "5")}})) == {"kreishaus"}


def test_a_link_between_two_other_sites_measures_neither() -> None:
    sites: dict[str, Any] = {**SITES, "schule": {}}
    links = {"far": {"kind": "fibre", "ends": ["kreishaus", "schule"], "probe": {"icmp": "192.0.2.1"}}}
    assert hosts({"sites": sites, "links": links}) == {}


def test_what_a_device_sets_for_its_ping_holds_for_its_site() -> None:
    parsed = Inventory.model_validate({"sites": SITES, "devices": {"sw": at("kreishaus", "2")}})
    own = parsed.devices["sw"].model_copy(update={"params": {"icmp": Icmp(count=3, source="192.0.2.7")}})
    jobs = make_plan(parsed.model_copy(update={"devices": {"sw": own}}), settings(), SPECS).jobs
    assert [one.params for one in jobs] == [
        Icmp(count=3, source="192.0.2.7"),
        Icmp(count=10, spread=2, source="192.0.2.7"),
    ]


def test_the_uplink_is_pinged_every_ten_seconds_each_host_once() -> None:
    settings = Settings.model_validate(
        {"uplink": {"site": "rathaus", "gateway": "192.0.2.1", "references": ["192.0.2.2", "192.0.2.1"]}}
    )
    jobs = make_plan(Inventory(), settings, SPECS).jobs
    assert [(str(one.key), one.target.host, one.interval_seconds) for one in jobs] == [
        ("uplink:192.0.2.1/icmp", "192.0.2.1", 10.0),
        ("uplink:192.0.2.2/icmp", "192.0.2.2", 10.0),
    ]
    assert jobs[0].target.labels == (("uplink", "192.0.2.1"), ("instance", "192.0.2.1"), ("site", "rathaus"))
