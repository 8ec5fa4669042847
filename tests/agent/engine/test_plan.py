from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel

from agent.contract import JobKey, Subject
from agent.engine.plan import budget_seconds, make_plan, phase_seconds
from agent.risk.rules import RULE_OPTIONS
from collectors.nut.params import NutParams
from collectors.scrape.params import ScrapeParams
from config.inventory import Inventory
from config.loader import load
from tests.agent.engine.plans import (
    REFERENCE,
    SITES,
    SPECS,
    Expect,
    Http,
    Icmp,
    by_check,
    device,
    plan,
    settings,
    spec,
)


@pytest.mark.parametrize(
    ("keys", "checks"),
    [
        ({}, []),
        ({"address": "192.0.2.1"}, ["icmp"]),
        ({"address": "192.0.2.1", "credential": "lab"}, ["icmp", "snmp"]),
        ({"address": "192.0.2.1", "credential": "lab", "profile": "none"}, ["icmp"]),
        ({"address": "192.0.2.1", "credential": "lab", "profile": "none", "modules": ["if_mib"]}, ["icmp", "snmp"]),
        ({"address": "192.0.2.1", "credential": "lab", "checks": ["icmp"]}, ["icmp"]),
        ({"address": "192.0.2.1", "credential": "lab", "checks": []}, []),
        ({"address": "192.0.2.1", "checks": ["tcp", "tcp"]}, ["tcp"]),
        ({"checks": ["host"]}, ["host"]),
    ],
)
def test_checks_are_as_given_else_they_follow_from_the_address_and_the_credential(
    keys: dict[str, Any], checks: list[str]
) -> None:
    assert [one.key.check for one in device(**keys)] == checks


def test_the_port_belongs_to_the_first_check_that_uses_one() -> None:
    jobs = by_check(device(address="192.0.2.1:1161", credential="lab"))
    assert (jobs["icmp"].target.port, jobs["snmp"].target.port) == (None, 1161)
    jobs = by_check(device(address="192.0.2.1:8080", credential="lab", checks=["icmp", "tcp", "snmp"]))
    assert (jobs["icmp"].target.port, jobs["tcp"].target.port, jobs["snmp"].target.port) == (None, 8080, 161)


def test_a_role_brings_what_the_device_does_not_say() -> None:
    roles = {
        "ups": {
            "interval": "30s",
            "timeout": "2s",
            "profile": "ups-mib",
            "credential": "lab",
            "checks": ["snmp"],
            "modules": ["if_mib"],
        }
    }
    devices = {
        "a": {"site": "rathaus", "role": "ups", "room": "serverraum", "address": "192.0.2.1"},
        "b": {"site": "rathaus", "role": "ups", "address": "192.0.2.2", "interval": 10, "profile": "auto"},
        "c": {"site": "rathaus", "role": "other", "address": "192.0.2.3"},
    }
    got = {str(one.key): one for one in plan({"devices": devices}, roles=roles, interval=90).jobs}
    assert list(got) == ["device:a/snmp", "device:b/snmp", "device:c/icmp"]
    a, b, c = got.values()
    assert (a.interval_seconds, a.target.timeout_seconds, a.target.profile) == (30, 2, "ups-mib")
    assert (a.target.role, a.target.room, a.target.modules) == ("ups", "serverraum", ("if_mib",))
    assert a.target.credential is not None
    assert (b.interval_seconds, b.target.profile) == (10, "auto")
    assert (c.interval_seconds, c.target.profile, c.stale_after_seconds) == (90, "auto", 270)


def test_links_and_services_are_jobs_with_their_own_keys() -> None:
    links = {
        "lte": {
            "kind": "mobile",
            "ends": ["rathaus", "kreishaus"],
            "probe": {"icmp": "192.0.2.9", "source": "192.0.2.1"},
        },
        "fibre": {"kind": "fibre", "ends": ["rathaus", "kreishaus"], "probe": {"icmp": "192.0.2.8"}},
        "silent": {"kind": "fibre", "ends": ["rathaus", "kreishaus"]},
    }
    services = {
        "portal": {"url": "https://192.0.2.7/", "expect": {"status": 200}, "interval": 30, "site": "rathaus"},
        "plain": {"url": "http://192.0.2.7/"},
        "dms": {"tcp": "192.0.2.6:8080"},
    }
    got = {str(one.key): one for one in plan({"links": links, "services": services}).jobs}
    assert list(got) == [
        "link:fibre/icmp",
        "link:lte/icmp",
        "service:dms/tcp",
        "service:plain/http",
        "service:portal/http",
        "site:kreishaus/icmp",
    ]
    assert got["link:lte/icmp"].params == Icmp(source="192.0.2.1")
    assert got["link:fibre/icmp"].params == Icmp()
    assert got["link:lte/icmp"].target.host == "192.0.2.9"
    assert got["link:lte/icmp"].target.labels == (("link", "lte"), ("instance", "lte"), ("site", "rathaus"))
    assert (got["service:dms/tcp"].target.host, got["service:dms/tcp"].target.port) == ("192.0.2.6", 8080)
    assert got["service:dms/tcp"].target.labels == (("service", "dms"), ("instance", "dms"))
    assert got["service:portal/http"].params == Http(url="https://192.0.2.7/", expect=Expect(status=(200,)))
    assert got["service:portal/http"].interval_seconds == 30
    assert got["service:plain/http"].params == Http(url="http://192.0.2.7/")


def test_what_no_collector_can_do_yet_is_unsupported_with_one_warning_each() -> None:
    got = plan(
        {
            "devices": {"a": {"site": "rathaus", "address": "192.0.2.1", "checks": ["scrape", "icmp"]}},
            "services": {"names": {"dns": {"server": "192.0.2.5", "query": "rathaus.example"}}},
        }
    )
    assert [str(one.key) for one in got.jobs] == ["device:a/icmp"]
    assert [str(key) for key in got.unsupported] == ["device:a/scrape", "service:names/dns"]
    assert got.warnings == (
        "device:a/scrape: check scrape has no collector yet; it is not polled",
        "service:names/dns: check dns has no collector yet; it is not polled",
    )


def test_a_role_that_brings_checks_to_a_device_without_address_is_told() -> None:
    got = plan({"devices": {"a": {"site": "rathaus", "role": "switch"}}}, roles={"switch": {"checks": ["icmp"]}})
    assert got.jobs == ()
    assert got.warnings == ("device:a/icmp: check icmp needs an address; it is not polled",)


def test_parameters_of_a_check_that_is_not_made_are_told(tmp_path: Path) -> None:
    a = "{site: rathaus, address: 192.0.2.1, nut: {name: usv1}}"
    b = "{site: rathaus, address: 192.0.2.2, nut: {name: usv1}, checks: [nut]}"
    (tmp_path / "ringwacht.yml").write_text(f"sites: {{rathaus: {{}}}}\ndevices: {{a: {a}, b: {b}}}\n")
    loaded = load(tmp_path, {"nut": NutParams}, RULE_OPTIONS)
    got = make_plan(loaded.inventory, loaded.settings, {**SPECS, "nut": spec("nut", NutParams)})
    assert got.warnings == ("device:a/nut: has nut: {…} and no nut among its checks; it is not polled",)


def test_a_check_whose_required_keys_are_missing_is_told() -> None:
    got = plan({"devices": {"a": {"site": "rathaus", "address": "192.0.2.1", "checks": ["http"]}}})
    assert got.warnings == ("device:a/http: check http needs http: {url: …}; it is not polled",)


def test_a_collectors_own_keys_come_from_the_device_then_its_role() -> None:
    got = Inventory.model_validate({"sites": SITES, "devices": {"a": {"site": "rathaus", "address": "192.0.2.1"}}})
    own = got.devices["a"].model_copy(update={"params": {"icmp": Icmp(count=5)}})
    (one,) = make_plan(got.model_copy(update={"devices": {"a": own}}), settings(), SPECS).jobs
    assert one.params == Icmp(count=5)


NAMES = st.lists(st.text("abcdefghij-0123456789", min_size=1, max_size=8), min_size=1, max_size=30, unique=True)


@given(NAMES, st.randoms(use_true_random=False))
def test_the_plan_does_not_depend_on_the_order_of_the_file(names: list[str], shuffle: random.Random) -> None:
    devices = {name: {"site": "rathaus", "address": "192.0.2.1"} for name in names}
    shuffled = dict(shuffle.sample(list(devices.items()), len(devices)))
    assert plan({"devices": devices}) == plan({"devices": shuffled})


@given(st.text(max_size=30), st.floats(0.1, 1e6))
def test_a_phase_lies_within_the_interval_and_stays(name: str, interval: float) -> None:
    key = JobKey(Subject("device", name), "icmp")
    assert 0 <= phase_seconds(key, interval) < interval
    assert phase_seconds(key, interval) == phase_seconds(key, interval)


def test_phases_are_the_same_in_every_run_and_spread() -> None:
    phases = [phase_seconds(JobKey(Subject("device", f"sw-{n}"), "snmp"), 60.0) for n in range(1000)]
    assert phases[0] == pytest.approx(16.379246, abs=1e-6)
    seconds = [sum(second <= phase < second + 1 for phase in phases) for second in range(60)]
    assert min(seconds) > 0
    assert max(seconds) < 40


@given(st.floats(0.1, 1e6), st.floats(0.1, 1e6))
def test_a_budget_is_below_the_interval_and_holds_one_timeout_where_that_fits(interval: float, timeout: float) -> None:
    budget = budget_seconds(interval, timeout)
    assert 0 < budget < interval
    assert budget >= min(timeout, 0.95 * interval)
    assert budget <= max(25.0, timeout)


def test_the_budget_of_usual_intervals() -> None:
    assert [budget_seconds(interval, 5.0) for interval in (10, 30, 60, 300)] == [8.0, 24.0, 25.0, 25.0]
    assert budget_seconds(60, 40.0) == 40.0
    assert budget_seconds(5, 5.0) == 4.75


def test_a_timeout_is_never_longer_than_the_budget() -> None:
    (one,) = device(address="192.0.2.1", interval=5, timeout=20)
    assert one.target.timeout_seconds == one.target.budget_seconds == 4.75


def test_the_plan_of_the_reference_configuration(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RINGWACHT_SSH_PASSWORD", "secret")
    params: dict[str, type[BaseModel]] = {
        "nut": NutParams,
        "scrape": ScrapeParams,
        **{one.kind: one.params for one in SPECS.values()},
    }
    loaded = load(REFERENCE, params, RULE_OPTIONS)
    got = make_plan(loaded.inventory, loaded.settings, SPECS)
    jobs = {str(one.key): one for one in got.jobs}
    devices = ("rr-kreishaus-a", "rr-kreishaus-b", "rr-wadersloh", "rr-sassenberg", "sw-rathaus-1", "usv-kreishaus")
    for name in (*devices, "pdu-kreishaus", "klima-rathaus"):
        icmp, snmp = jobs.pop(f"device:{name}/icmp"), jobs.pop(f"device:{name}/snmp")
        assert (icmp.target.port, snmp.target.port) == (None, 1161)
        assert snmp.target.credential.snmp is not None
    assert sorted(jobs) == [
        "device:fw-everswinkel/icmp",
        "device:local/host",
        "link:afg-fibre/icmp",
        "link:kh-citeq/icmp",
        "link:rh-lte/icmp",
        "service:dms/tcp",
        "service:iserv/http",
        "service:serviceportal/http",
        "site:afg/icmp",
        "site:everswinkel/icmp",
        "site:rathaus/icmp",
        "site:rz-citeq/icmp",
        "site:sassenberg/icmp",
        "site:wadersloh/icmp",
        "uplink:127.0.0.1/icmp",
    ]
    assert [str(key) for key in got.unsupported] == [
        "device:ldap-rathaus/plugin",
        "device:srv-fach-1/scrape",
        "device:srv-fach-1-bmc/redfish",
        "device:usv-rathaus/nut",
        "projector:afg-r101/projector",
        "service:backup-nacht/heartbeat",
        "service:dns-intern/dns",
        "source:jamf-afg/mdm",
    ]
    assert len(got.warnings) == len(got.unsupported)
    by_key = {str(one.key): one for one in got.jobs}
    assert by_key["device:klima-rathaus/snmp"].interval_seconds == 10
    assert by_key["device:klima-rathaus/snmp"].target.room == "serverraum"
    assert by_key["device:usv-kreishaus/snmp"].interval_seconds == 30
    assert by_key["device:usv-kreishaus/snmp"].target.role == "ups"
    assert by_key["device:pdu-kreishaus/snmp"].target.modules == ("if_mib",)
    assert by_key["device:pdu-kreishaus/snmp"].target.credential.snmp.version == "3"
    assert by_key["service:serviceportal/http"].interval_seconds == 30
    assert all(one.target.budget_seconds < one.interval_seconds for one in got.jobs)
