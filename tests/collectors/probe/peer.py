"""Debian's prometheus-blackbox-exporter, and how its answers are compared with ours."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
from prometheus_client import Metric
from prometheus_client.parser import text_string_to_metric_families

from agent.contract import Collector, CollectorSpec, Harvest, Subject, Target
from collectors.probe.specs import make_specs
from tests.collectors.probe.servers import local_wire, series
from tests.harness.process import answers, free_port, serving, write_yaml

SERVICE = Subject("service", "portal")
# Of a chain that nobody has verified it says the year 1, and we say nothing.
CHAIN_EXPIRY = "probe_ssl_last_chain_expiry_timestamp_seconds"
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
async def blackbox(folder: Path, **more: Any) -> AsyncGenerator[Blackbox]:
    address = f"127.0.0.1:{free_port()}"
    config = write_yaml(folder / "blackbox.yml", {"modules": {**MODULES, **more}})
    command = ["prometheus-blackbox-exporter", f"--config.file={config}", f"--web.listen-address={address}"]
    async with serving(command, folder / "blackbox.log", lambda: answers(f"http://{address}/-/healthy")):
        yield Blackbox(f"http://{address}")


async def collect(kind: str, params: Mapping[str, Any], port: int | None = None, credential: Any = None) -> Harvest:
    spec: CollectorSpec = next(spec for spec in make_specs() if spec.kind == kind)
    target = Target(SERVICE, host="127.0.0.1", port=port, credential=credential)
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
        if not (sample.name == CHAIN_EXPIRY and sample.value < 0)
    }


def assert_alike(harvest: Harvest, metrics: list[Metric]) -> None:
    got = {key: value for key, value in series(harvest).items() if key[0].startswith("probe_")}
    want = theirs(metrics)
    assert got.keys() == want.keys()
    for key, value in want.items():
        if not key[0].endswith(MEASURED) or "timestamp" in key[0]:
            assert got[key] == value, key
        else:
            assert 0 <= got[key] < 5, key
    declared = {column.family.name: column.family for column in harvest.layout.columns}
    for metric in metrics:
        if metric.name in declared:
            family = declared[metric.name]
            assert (family.type, family.help) == (metric.type, metric.documentation)
            assert all(set(sample.labels) == set(family.labels) for sample in metric.samples)
