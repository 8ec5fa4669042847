from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from types import SimpleNamespace

import psutil
import pytest

from agent.contract import BadReply, Harvest, Subject, Target
from agent.wire.pools import Pools
from agent.wire.telemetry import MeterBook
from agent.wire.wire import LocalWire
from collectors.host import SPEC
from collectors.host.client import Roots, read_space
from collectors.host.collector import HostCollector, HostParams
from collectors.host.parse import Space
from tests.harness.clock import FakeClock

TARGET = Target(Subject("device", "local"), site="kreishaus", timeout_seconds=0.2)


@pytest.fixture
async def wire() -> AsyncIterator[LocalWire]:
    pools = Pools()
    wire = LocalWire(FakeClock(), MeterBook(), pools)
    yield wire
    await wire.close()
    pools.close()


def names(harvest: Harvest) -> set[str]:
    return {column.family.name for column in harvest.layout.columns}


def series(harvest: Harvest, family: str) -> dict[tuple[str, ...], float]:
    return {
        labels: harvest.values[column.start + index]
        for column in harvest.layout.columns
        if column.family.name == family
        for index, labels in enumerate(column.rows.values)
    }


async def test_this_machine_is_read_and_the_layout_stays(wire: LocalWire) -> None:
    collector = SPEC.build(TARGET, HostParams(), wire)
    first, second = await collector.collect(), await collector.collect()
    await collector.close()
    assert first.partial == ()
    assert first.layout is second.layout
    assert len(first.values) == first.layout.size
    assert {"node_cpu_seconds_total", "node_load1", "node_uname_info", "node_boot_time_seconds"} <= names(first)
    assert names(first) <= {family.name for family in SPEC.families}


async def test_only_the_number_of_users_is_told(wire: LocalWire, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(psutil, "users", lambda: [SimpleNamespace(name="canary"), SimpleNamespace(name="canary")])
    harvest = await HostCollector(TARGET, wire).collect()
    assert series(harvest, "ringwacht_users_logged_in") == {(): 2}
    assert "canary" not in repr([column.rows for column in harvest.layout.columns]) + repr(harvest.facts)


def raising(error: Exception) -> object:
    def call(*_args: object, **_options: object) -> object:
        raise error

    return call


async def test_a_part_that_fails_is_named_and_the_others_go_on(
    wire: LocalWire, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(psutil, "net_if_stats", raising(PermissionError("forbidden")))
    monkeypatch.setattr(psutil, "cpu_times", raising(NotImplementedError("no /proc/stat")))
    harvest = await HostCollector(TARGET, wire).collect()
    assert harvest.partial == ("cpu: no /proc/stat", "interfaces: forbidden")
    assert "node_network_up" not in names(harvest)
    assert {"node_load1", "node_network_receive_bytes_total"} <= names(harvest)


async def test_nothing_readable_is_an_error(wire: LocalWire, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("cpu_times", "disk_partitions", "boot_time", "disk_io_counters", "net_io_counters", "net_if_stats"):
        monkeypatch.setattr(psutil, name, raising(OSError("no /proc")))
    monkeypatch.setattr("os.getloadavg", raising(OSError("no /proc")))
    with pytest.raises(BadReply, match="no /proc"):
        await HostCollector(TARGET, wire, Roots(tmp_path, tmp_path)).collect()


class HangingMount:
    """``/hang`` does not answer until it is released; counts how often it was asked."""

    def __init__(self) -> None:
        self.released = threading.Event()
        self.asked = 0

    def __call__(self, mountpoint: str) -> Space:
        if mountpoint == "/hang":
            self.asked += 1
            self.released.wait()
        return Space(3, 2, 1, 0, 0)


def mounted(monkeypatch: pytest.MonkeyPatch, *mountpoints: str) -> None:
    found = [SimpleNamespace(device=f"dev{path}", mountpoint=path, fstype="nfs4", opts="rw") for path in mountpoints]

    def disk_partitions(all: bool) -> list[SimpleNamespace]:
        assert all
        return found

    monkeypatch.setattr(psutil, "disk_partitions", disk_partitions)


@pytest.fixture
def mounts(monkeypatch: pytest.MonkeyPatch) -> Iterator[HangingMount]:
    hanging = HangingMount()
    mounted(monkeypatch, "/hang", "/good")
    yield hanging
    hanging.released.set()


async def test_a_hanging_mount_holds_up_nothing_and_is_asked_once(wire: LocalWire, mounts: HangingMount) -> None:
    collector = HostCollector(TARGET, wire, read_space=mounts)
    first = await collector.collect()
    later = [await collector.collect() for _ in range(20)]  # more than the pool has threads
    assert first.partial == ("filesystem /hang: no answer in time",)
    assert {harvest.partial for harvest in later} == {("filesystem /hang: hangs since an earlier poll",)}
    for harvest in (first, later[-1]):
        assert series(harvest, "node_filesystem_size_bytes") == {("dev/good", "nfs4", "/good"): 3}
        assert series(harvest, "node_filesystem_device_error") == {
            ("dev/hang", "nfs4", "/hang"): 1,
            ("dev/good", "nfs4", "/good"): 0,
        }
    assert mounts.asked == 1
    await collector.close()


async def test_a_mount_that_came_back_is_asked_again(wire: LocalWire, mounts: HangingMount) -> None:
    collector = HostCollector(TARGET, wire, read_space=mounts)
    await collector.collect()
    mounts.released.set()
    async with asyncio.timeout(10):
        while (harvest := await collector.collect()).partial:
            pass
    assert len(series(harvest, "node_filesystem_size_bytes")) == 2
    assert mounts.asked == 2
    await collector.close()


async def test_a_mount_that_fails_says_why(wire: LocalWire, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    mounted(monkeypatch, str(tmp_path / "gone"))
    harvest = await HostCollector(TARGET, wire, read_space=read_space).collect()
    assert harvest.partial == (f"filesystem {tmp_path}/gone: No such file or directory",)


async def test_a_hostile_mount_point_stays_one_clean_label(wire: LocalWire, monkeypatch: pytest.MonkeyPatch) -> None:
    mounted(monkeypatch, '/x\n"} 1\x1b[2J')
    harvest = await HostCollector(TARGET, wire, read_space=lambda _: Space(1, 1, 1, 1, 1)).collect()
    ((_, _, mountpoint),) = series(harvest, "node_filesystem_size_bytes")
    assert mountpoint.isprintable()
