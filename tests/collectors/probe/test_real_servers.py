"""The checks ``dns`` and ``ntp`` against NSD and chronyd."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from agent.contract import CollectorSpec, Harvest, Subject, Target
from agent.engine.clock import SystemClock
from agent.wire.pools import Pools
from agent.wire.telemetry import MeterBook
from agent.wire.trust import TrustShare
from agent.wire.wire import LocalWire
from collectors.probe import dns, ntp
from collectors.probe.params import NtpParams
from config.dns import DnsParams
from tests.collectors.probe.real import MANY, name_server, time_server
from tests.collectors.probe.servers import series

pytestmark = pytest.mark.integration

DEVICE = Subject("device", "srv")


async def collect(spec: CollectorSpec, params: Any, port: int) -> Harvest:
    pools = Pools()
    wire = LocalWire(SystemClock(), MeterBook(), pools)
    try:
        return await spec.build(Target(DEVICE, host="127.0.0.1", port=port), params, wire).collect()
    finally:
        await wire.close()
        pools.close()


QUESTIONS: list[dict[str, Any]] = [
    {"expect": ["192.0.2.80"], "authoritative": True, "recursion": False},
    {"type": "AAAA", "expect": ["2001:db8:0::80"]},
    {"type": "MX", "expect": ["10 mail.rathaus.example."]},
    {"type": "TXT", "expect": ["v=spf1 mx -all"]},
    {"type": "CAA", "expect": ['0 issue "ca.example; policy=ev"']},
    {"type": "NS", "expect": ["NS1.rathaus.example"]},
    {"query": "www.rathaus.example", "expect": ["192.0.2.80"]},
    {"query": "www.rathaus.example", "type": "CNAME", "expect": ["rathaus.example"]},
    {"query": "_ldap._tcp.rathaus.example", "type": "SRV", "expect": ["0 100 389 dc1.rathaus.example"]},
    {"query": "nix.rathaus.example", "rcode": "NXDOMAIN"},
    {"query": "anderswo.example", "rcode": "REFUSED"},
]


async def test_a_name_server(tmp_path: Path) -> None:
    async with name_server(tmp_path) as port:
        for question in QUESTIONS:
            for transport in ("udp", "tcp"):
                raw = {"query": "rathaus.example", "transport": transport, **question}
                harvest = await collect(dns.make_spec(TrustShare()), DnsParams.model_validate(raw), port)
                assert series(harvest)["probe_success",] == 1, (raw, harvest.facts)


async def test_the_serial_and_an_answer_too_long_for_a_datagram(tmp_path: Path) -> None:
    async with name_server(tmp_path) as port:
        zone = await collect(dns.make_spec(TrustShare()), DnsParams(query="rathaus.example", type="SOA"), port)
        assert series(zone)["probe_dns_serial",] == 2026112201
        many = DnsParams(query="viele.rathaus.example", expect=("198.51.100.1", f"198.51.100.{MANY}"))
        harvest = await collect(dns.make_spec(TrustShare()), many, port)
    assert (harvest.facts, series(harvest)["probe_dns_answer_rrs",]) == ({}, MANY)


async def test_a_time_server(tmp_path: Path) -> None:
    async with time_server(tmp_path) as port:
        harvest = await collect(ntp.make_spec(), NtpParams(count=4), port)
    got = series(harvest)
    assert (got["probe_success",], got["probe_ntp_stratum",], got["probe_ntp_leap",]) == (1, 3, 0)
    # both are this machine's clock
    assert abs(got["probe_ntp_offset_seconds",]) <= got["probe_ntp_rtt_seconds",] / 2 + 1e-3


async def test_a_time_server_that_is_not_synchronised(tmp_path: Path) -> None:
    async with time_server(tmp_path, more="") as port:
        harvest = await collect(ntp.make_spec(), NtpParams(), port)
    assert series(harvest)["probe_success",] == 0
    assert harvest.facts["probe_failure"] == "the server's clock is not synchronised (leap 3, stratum 0)"
