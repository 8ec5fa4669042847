"""The same machine asked by node_exporter (Debian's): names, types, help, label sets and values agree."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Container, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import pytest
from prometheus_client import Metric
from prometheus_client.parser import text_string_to_metric_families

from agent.contract import Harvest, MetricFamily, Subject, Target
from agent.wire.pools import Pools
from agent.wire.telemetry import MeterBook
from agent.wire.wire import LocalWire
from collectors.host.client import Roots
from collectors.host.collector import HostCollector
from collectors.host.families import FAMILIES
from tests.collectors.host import machine
from tests.harness.clock import FakeClock
from tests.harness.process import answers, free_port, serving

pytestmark = pytest.mark.integration

TARGET = Target(Subject("device", "local"))
Series = dict[tuple[str, tuple[tuple[str, str], ...]], float]

# Gauges that move between two looks, and how far they may be apart; what is not named here lies between two looks.
MOVING = {
    "node_memory_": 8 * 2**20,
    "node_load": 0.5,
    "node_filesystem_": 8 * 2**20,
    "node_filefd_allocated": 100,
    "node_nf_conntrack_entries": 100,
    "node_procs_": 20,
    "node_disk_io_now": 20,
    "node_timex_": 0.01,
}
# The kernel's idle and iowait seconds may step back, which node_exporter holds from its own start on.
STEPS_BACK_SECONDS = 3.0
ROUNDING = 1e-6
LOOKS = 20


@asynccontextmanager
async def node_exporter(tmp_path: Path, *options: str) -> AsyncGenerator[str]:
    address = f"127.0.0.1:{free_port()}"
    url = f"http://{address}/metrics"
    command = ["prometheus-node-exporter", f"--web.listen-address={address}", "--log.level=error", *options]
    async with serving(command, tmp_path / "node_exporter.log", lambda: answers(url)):
        yield url


async def scrape(url: str) -> list[Metric]:
    async with aiohttp.ClientSession() as session, session.get(url) as response:
        return list(text_string_to_metric_families(await response.text()))


async def collect(roots: Roots | None = None) -> Harvest:
    pools = Pools()
    collector = HostCollector(TARGET, LocalWire(FakeClock(), MeterBook(), pools), roots)
    try:
        return await collector.collect()
    finally:
        await collector.close()
        pools.close()


def ours(harvest: Harvest) -> Series:
    return {
        (column.family.name, tuple(sorted(zip(column.rows.names, labels, strict=True)))): harvest.values[
            column.start + index
        ]
        for column in harvest.layout.columns
        for index, labels in enumerate(column.rows.values)
    }


def theirs(metrics: Sequence[Metric]) -> Series:
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): float(sample.value)
        for metric in metrics
        for sample in metric.samples
    }


def families(harvest: Harvest) -> dict[str, MetricFamily]:
    return {c.family.name: c.family for c in harvest.layout.columns if c.family.name.startswith("node_")}


def slack(name: str, labels: tuple[tuple[str, str], ...]) -> float:
    if name == "node_cpu_seconds_total" and dict(labels)["mode"] in {"idle", "iowait"}:
        return STEPS_BACK_SECONDS
    return next((width for prefix, width in MOVING.items() if name.startswith(prefix)), ROUNDING)


def apart(before: Series, got: Series, after: Series) -> dict[object, tuple[float, float, float]]:
    """Our values that do not lie between those that node_exporter gave before and after."""
    return {
        key: (before[key], got[key], after[key])
        for key in got
        if not min(before[key], after[key]) - slack(*key) <= got[key] <= max(before[key], after[key]) + slack(*key)
    }


def comparable(metrics: Sequence[Metric], names: Container[str]) -> Series:
    """A speed that the driver does not know is -1 Mbit/s there, and absent here."""
    known = theirs(metrics).items()
    return {
        key: value for key, value in known if key[0] in names and not (key[0].endswith("speed_bytes") and value < 0)
    }


async def test_this_machine(tmp_path: Path) -> None:
    wrong: dict[object, tuple[float, float, float]] = {}
    async with node_exporter(tmp_path) as url:
        for _ in range(LOOKS):  # a busy machine may move more than that between two looks, but not each time
            before, harvest, after = await scrape(url), await collect(), await scrape(url)
            names = families(harvest)
            got = {key: value for key, value in ours(harvest).items() if key[0] in names}
            assert got.keys() == comparable(before, names).keys() == comparable(after, names).keys()
            if not (wrong := apart(comparable(before, names), got, comparable(after, names))):
                break
    assert not wrong


def types_and_help(metrics: Sequence[Metric], harvest: Harvest) -> None:
    text = {metric.name: (metric.type, metric.documentation) for metric in metrics}
    for name, family in families(harvest).items():
        assert text[name.removesuffix("_total") if family.type == "counter" else name] == (family.type, family.help)


async def test_types_and_help_are_theirs(tmp_path: Path) -> None:
    async with node_exporter(tmp_path) as url:
        types_and_help(await scrape(url), await collect())


# What a machine of files cannot stand in for; the machine that runs the tests has all of it.
LIVE = (
    *("node_filesystem_", "node_os_", "node_timex_"),
    *("node_time_seconds", "node_uname_info", "ringwacht_users_logged_in"),
)
SYNTHETIC = (
    *("bonding", "conntrack", "cpu", "diskstats", "filefd", "hwmon", "loadavg", "mdadm", "meminfo", "netclass"),
    *("netdev", "powersupplyclass", "stat", "vmstat"),
)


async def test_a_machine_of_files_that_has_everything(tmp_path: Path) -> None:
    roots = Roots(machine.procfs(tmp_path / "proc"), machine.sysfs(tmp_path / "sys"))
    async with node_exporter(
        tmp_path,
        f"--path.procfs={roots.proc}",
        f"--path.sysfs={roots.sys}",
        "--no-collector.netdev.netlink",
        "--collector.disable-defaults",
        *(f"--collector.{name}" for name in SYNTHETIC),
    ) as url:
        metrics, harvest = await scrape(url), await collect(roots)
    async with node_exporter(tmp_path) as url:
        live = [metric for metric in await scrape(url) if metric.name.startswith(LIVE)]
    got = {key: value for key, value in ours(harvest).items() if not key[0].startswith(LIVE)}
    names = {name for name, _labels in got}
    assert harvest.partial == ()
    types_and_help([*metrics, *live], harvest)
    assert got == comparable(metrics, names)
    assert names == {family.name for family in FAMILIES if not family.name.startswith(LIVE)}


async def test_every_other_family_is_compared_on_this_machine() -> None:
    shown = families(await collect())
    live = {family.name for family in FAMILIES if family.name.startswith(LIVE)} - {"ringwacht_users_logged_in"}
    assert live <= shown.keys()
