"""Debian's node_exporter: its page arrives whole, and once known only its values are read."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import pytest
from prometheus_client.parser import text_string_to_metric_families

from agent.contract import MetricFamily, Traceable
from tests.collectors.probe.servers import local_wire
from tests.collectors.scrape.lab import Values, build, families, series
from tests.harness.process import answers, free_port, serving

pytestmark = pytest.mark.integration

# What stands still while a machine runs.
STEADY = ("node_uname_info", "node_os_info", "node_dmi_info", "node_memory_MemTotal_bytes", "node_boot_time_seconds")
OWN = ("go_", "promhttp_", "process_")


@asynccontextmanager
async def node_exporter(tmp_path: Path, *flags: str) -> AsyncGenerator[int]:
    port = free_port()
    (tmp_path / "prints.prom").write_text('windows_printqueue_jobs{queue="Bürgerbüro"} 3\n', encoding="utf-8")
    command = ["prometheus-node-exporter", f"--web.listen-address=127.0.0.1:{port}", "--log.level=error"]
    command += [f"--collector.textfile.directory={tmp_path}", "--no-collector.systemd", *flags]
    async with serving(command, tmp_path / "log", lambda: answers(f"http://127.0.0.1:{port}/metrics")):
        yield port


async def theirs(port: int) -> tuple[Values, dict[str, tuple[str, str]]]:
    """Their values by the names on the page, and type and help of each of their families."""
    url = f"http://127.0.0.1:{port}/metrics"
    async with aiohttp.ClientSession() as session, session.get(url) as response:
        text = await response.text()
    names = {line.partition(" ")[0].partition("{")[0] for line in text.splitlines()}
    found: dict[tuple[str, frozenset[tuple[str, str]]], float] = {}
    declared: dict[str, tuple[str, str]] = {}
    for metric in text_string_to_metric_families(text):
        for sample in metric.samples:
            # the client's parser adds the `_total` that an inherited counter lacks
            name = sample.name if sample.name in names else sample.name.removesuffix("_total")
            found[name, frozenset(pair for pair in sample.labels.items() if pair[1])] = float(sample.value)
            declared[name] = (metric.type, metric.documentation)
    return found, declared


def kept(values: Values) -> Values:
    return {name: value for name, value in values.items() if not name[0].startswith(OWN)}


def shown(family: MetricFamily) -> tuple[str, str]:
    return family.type, family.help


async def test_the_page_arrives_whole(tmp_path: Path) -> None:
    async with node_exporter(tmp_path) as port, local_wire() as wire:
        collector = build(wire, port, preset="node_exporter")
        harvest = await collector.collect()
        values, declared = await theirs(port)
        await collector.close()
    ours, wanted = series(harvest), kept(values)
    assert ours.keys() == wanted.keys()
    assert len(ours) > 200
    assert harvest.partial == ()
    assert [name for name in ours if name[0] in STEADY and ours[name] != wanted[name]] == []
    assert {name for name, _ in ours} & set(STEADY) >= {"node_uname_info", "node_boot_time_seconds"}
    assert ours["windows_printqueue_jobs", frozenset({("queue", "Bürgerbüro")})] == 3
    plain = {name: family for name, family in families(harvest).items() if declared[name][0] in {"counter", "gauge"}}
    assert {name: shown(family) for name, family in plain.items()} == {name: declared[name] for name in plain}


async def test_a_collector_that_fails_is_named_and_what_the_machine_lacks_is_not(tmp_path: Path) -> None:
    nobody = f"--collector.supervisord.url=http://127.0.0.1:{free_port()}/RPC2"
    async with node_exporter(tmp_path, "--collector.supervisord", nobody) as port, local_wire() as wire:
        collector = build(wire, port, allow=["node_load1", "node_scrape_collector_success"])
        harvest = await collector.collect()
        await collector.close()
    lacks = [name for name, value in series(harvest).items() if name[0] != "node_load1" and value == 0]
    assert len(lacks) > 1
    assert harvest.partial == ("failed in the exporter: supervisord",)


async def test_a_known_page_has_only_its_values_read(tmp_path: Path) -> None:
    async with node_exporter(tmp_path) as port, local_wire() as wire:
        collector = build(wire, port, preset="node_exporter")
        told: list[str] = []
        assert isinstance(collector, Traceable)
        collector.trace = told.append
        harvests = [await collector.collect() for _ in range(5)]
        values, _ = await theirs(port)
        await collector.close()
    layouts = {id(harvest.layout) for harvest in harvests}
    assert len(layouts) <= 2  # the first page of a fresh exporter may lack what counts its own scrapes
    assert not [line for line in told[-2:] if "anew" in line]
    counters = [name for name in kept(values) if name[0] == "node_cpu_seconds_total"]
    read = [series(harvest) for harvest in harvests]
    for name in counters:
        track = [one[name] for one in read] + [values[name]]
        assert track == sorted(track)
