"""Jobs of the checks ``dns`` and ``ntp``, with the collectors' own keys."""

from __future__ import annotations

from typing import Any

from agent.contract import Job
from agent.engine.plan import make_plan
from collectors.probe.params import NtpParams
from collectors.probe.specs import make_specs
from config.address import Address
from config.dns import DnsParams
from config.inventory import Inventory
from config.kinds import Kinds
from config.settings import Settings

SPECS = {spec.kind: spec for spec in make_specs()}


def jobs(**inventory: Any) -> dict[str, Job]:
    kinds = Kinds.of({kind: spec.params for kind, spec in SPECS.items()}, {})
    loaded = Inventory.model_validate({"sites": {"rathaus": {}}, **inventory}, context=kinds)
    return {str(one.key): one for one in make_plan(loaded, Settings(), SPECS).jobs}


def test_a_device_is_asked_at_its_own_address() -> None:
    got = jobs(
        devices={
            "dc-1": {
                "site": "rathaus",
                "address": "192.0.2.10",
                "checks": ["icmp", "dns", "ntp"],
                "dns": {"query": "rathaus.example", "type": "SOA"},
                "ntp": {"count": 4},
            },
            "gps": {"site": "rathaus", "address": "192.0.2.11:1123", "checks": ["ntp"]},
        }
    )
    names, time = got["device:dc-1/dns"], got["device:dc-1/ntp"]
    assert (names.target.host, names.target.port) == ("192.0.2.10", 53)
    assert names.params == DnsParams(query="rathaus.example", type="SOA")
    assert (time.target.port, time.params) == (123, NtpParams(count=4))
    assert got["device:gps/ntp"].target.port == 1123


def test_a_service_names_its_server() -> None:
    asked = {"server": "192.0.2.53:5353", "query": "rathaus.example", "expect": ["192.0.2.80"]}
    got = jobs(services={"namen": {"dns": asked}, "zeit": {"ntp": "192.0.2.5"}, "gps": {"ntp": "[2001:db8::5]:1123"}})
    assert got["service:namen/dns"].params == DnsParams(
        server=Address("192.0.2.53", 5353), query="rathaus.example", expect=("192.0.2.80",)
    )
    zeit, gps = got["service:zeit/ntp"].target, got["service:gps/ntp"].target
    assert (zeit.host, zeit.port, gps.host, gps.port) == ("192.0.2.5", 123, "2001:db8::5", 1123)
