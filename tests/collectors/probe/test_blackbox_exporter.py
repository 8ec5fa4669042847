"""The same targets asked by blackbox_exporter (Debian's): names, types, help and label sets agree, values are alike."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from prometheus_client import Metric
from prometheus_client.parser import text_string_to_metric_families

from agent.contract import Collector, CollectorSpec, Harvest, Subject, Target, Unreachable
from collectors.probe.specs import make_specs
from tests.collectors.probe.real import MANY, name_server
from tests.collectors.probe.servers import Authority, local_wire, raw_server, series, stays_silent, web_server
from tests.harness.process import answers, free_port, serving, write_yaml

pytestmark = pytest.mark.integration

SERVICE = Subject("service", "portal")
# What it says and we do not: the hash of the address and the TTL, details of the verified chain.
NOT_OURS = {
    "probe_ip_addr_hash",
    "probe_icmp_reply_hop_limit",
    "probe_ssl_last_chain_info",
    "probe_ssl_last_chain_expiry_timestamp_seconds",
}
# How long something took differs from look to look.
MEASURED = ("_seconds",)
LAX = {"preferred_ip_protocol": "ip4", "tls_config": {"insecure_skip_verify": True}}


def dns_module(query: str, kind: str = "A", **more: Any) -> dict[str, Any]:
    asked = {"query_name": query, "query_type": kind, "preferred_ip_protocol": "ip4", **more}
    return {"prober": "dns", "dns": asked}


MODULES = {
    "icmp": {"prober": "icmp", "icmp": {"preferred_ip_protocol": "ip4"}},
    "tcp": {"prober": "tcp", "tcp": {"preferred_ip_protocol": "ip4"}},
    "tls": {"prober": "tcp", "tcp": {**LAX, "tls": True}},
    "http": {"prober": "http", "http": LAX},
    "text": {"prober": "http", "http": {**LAX, "fail_if_body_not_matches_regexp": ["Wartung"]}},
    "dns": dns_module("rathaus.example"),
    "soa": dns_module("rathaus.example", "SOA"),
    "soa_of_alias": dns_module("www.rathaus.example", "SOA"),
    "nothing": dns_module("nix.rathaus.example"),
    "lacking": dns_module("rathaus.example", validate_answer_rrs={"fail_if_not_matches_regexp": [".*192.0.2.81"]}),
    "datagram": dns_module("viele.rathaus.example"),
    "stream": dns_module("viele.rathaus.example", transport_protocol="tcp"),
}


class Blackbox:
    def __init__(self, url: str) -> None:
        self.url = url

    async def probe(self, module: str, target: str) -> list[Metric]:
        query = {"module": module, "target": target}
        async with aiohttp.ClientSession() as session, session.get(f"{self.url}/probe", params=query) as response:
            return list(text_string_to_metric_families(await response.text()))


@asynccontextmanager
async def blackbox(folder: Path) -> AsyncGenerator[Blackbox]:
    address = f"127.0.0.1:{free_port()}"
    config = write_yaml(folder / "blackbox.yml", {"modules": MODULES})
    command = ["prometheus-blackbox-exporter", f"--config.file={config}", f"--web.listen-address={address}"]
    async with serving(command, folder / "blackbox.log", lambda: answers(f"http://{address}/-/healthy")):
        yield Blackbox(f"http://{address}")


async def collect(kind: str, params: Mapping[str, Any], port: int | None = None) -> Harvest:
    spec: CollectorSpec = next(spec for spec in make_specs() if spec.kind == kind)
    target = Target(SERVICE, host="127.0.0.1", port=port)
    async with local_wire() as wire:
        collector: Collector = spec.build(target, spec.params.model_validate(params), wire)
        try:
            return await collector.collect()
        finally:
            await collector.close()


def theirs(metrics: list[Metric]) -> dict[tuple[str, ...], float]:
    return {
        (sample.name, *(value for _, value in sorted(sample.labels.items()))): float(sample.value)
        for metric in metrics
        for sample in metric.samples
        if sample.name not in NOT_OURS
    }


def assert_alike(harvest: Harvest, metrics: list[Metric]) -> None:
    got = {key: value for key, value in series(harvest).items() if key[0].startswith("probe_")}
    want = theirs(metrics)
    assert got.keys() == want.keys()
    for key, value in want.items():
        if not key[0].endswith(MEASURED):
            assert got[key] == value, key
        else:
            assert 0 <= got[key] < 5, key
    declared = {column.family.name: column.family for column in harvest.layout.columns}
    for metric in metrics:
        if metric.name in declared:
            family = declared[metric.name]
            assert (family.type, family.help) == (metric.type, metric.documentation)
            assert all(set(sample.labels) == set(family.labels) for sample in metric.samples)


async def portal(request: web.Request) -> web.Response:
    match request.path:
        case "/moved":
            return web.Response(status=302, headers={"Location": "/"})
        case "/broken":
            return web.Response(status=500, text="broken")
        case _:
            return web.Response(text="Serviceportal")


@pytest.mark.parametrize(
    ("module", "path", "expect"),
    [
        ("http", "/", {}),
        ("http", "/moved", {}),
        ("http", "/broken", {}),
        ("text", "/", {"text": "Wartung"}),
    ],
)
@pytest.mark.parametrize("secure", [False, True])
async def test_a_page(tmp_path: Path, module: str, path: str, expect: Mapping[str, str], secure: bool) -> None:
    context = Authority().serve(tmp_path, "127.0.0.1") if secure else None
    async with blackbox(tmp_path) as peer, web_server(portal, context) as port:
        url = f"http{'s' if secure else ''}://127.0.0.1:{port}{path}"
        metrics = await peer.probe(module, url)
        assert_alike(await collect("http", {"url": url, "expect": expect}), metrics)


@pytest.mark.parametrize(("module", "secure"), [("tcp", False), ("tls", True)])
async def test_a_port(tmp_path: Path, module: str, secure: bool) -> None:
    context = Authority().serve(tmp_path, "127.0.0.1") if secure else None
    async with blackbox(tmp_path) as peer, raw_server(stays_silent, context) as port:
        metrics = await peer.probe(module, f"127.0.0.1:{port}")
        assert_alike(await collect("tcp", {"tls": secure}, port), metrics)


@pytest.mark.parametrize(
    ("module", "params"),
    [
        ("dns", {"query": "rathaus.example"}),
        ("soa", {"query": "rathaus.example", "type": "SOA"}),
        ("soa_of_alias", {"query": "www.rathaus.example", "type": "SOA"}),
        ("nothing", {"query": "nix.rathaus.example"}),
        ("lacking", {"query": "rathaus.example", "expect": ["192.0.2.81"]}),
        ("stream", {"query": "viele.rathaus.example", "transport": "tcp"}),
    ],
)
async def test_a_name_server(tmp_path: Path, module: str, params: Mapping[str, Any]) -> None:
    async with blackbox(tmp_path) as peer, name_server(tmp_path) as port:
        metrics = await peer.probe(module, f"127.0.0.1:{port}")
        assert_alike(await collect("dns", params, port), metrics)


async def test_of_an_answer_too_long_for_a_datagram_it_sees_nothing(tmp_path: Path) -> None:
    async with blackbox(tmp_path) as peer, name_server(tmp_path) as port:
        metrics = theirs(await peer.probe("datagram", f"127.0.0.1:{port}"))
        assert (metrics["probe_success",], metrics["probe_dns_answer_rrs",]) == (1, 0)
        harvest = await collect("dns", {"query": "viele.rathaus.example"}, port)
    assert series(harvest)["probe_dns_answer_rrs",] == MANY


async def test_an_echo(tmp_path: Path) -> None:
    async with blackbox(tmp_path) as peer:
        metrics = await peer.probe("icmp", "127.0.0.1")
    if not theirs(metrics)["probe_success",]:
        pytest.skip("this machine does not let us ping")
    assert_alike(await collect("icmp", {}), metrics)


async def test_where_it_says_only_failure_we_say_why(tmp_path: Path) -> None:
    port = free_port()
    async with blackbox(tmp_path) as peer:
        assert theirs(await peer.probe("tcp", f"127.0.0.1:{port}"))["probe_success",] == 0
    with pytest.raises(Unreachable, match="refused"):
        await collect("tcp", {}, port)
