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
from collectors.host.mounts import Space
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


def proc(folder: Path, mountinfo: str = "", *without: str) -> Roots:
    """This machine's /proc with other mounts, and without some of its files."""
    folder.mkdir()
    for path in Path("/proc").iterdir():
        if path.name not in (*without, "1", "self"):
            (folder / path.name).symlink_to(path)
    (folder / "1").mkdir()
    (folder / "1/mountinfo").write_text(mountinfo, encoding="utf-8")
    return Roots(proc=folder)


async def test_a_part_that_fails_is_named_and_the_others_go_on(wire: LocalWire, tmp_path: Path) -> None:
    roots = proc(tmp_path / "proc", "", "stat", "vmstat", "meminfo")
    (roots.proc / "meminfo").write_text("no such thing\n")
    collector = HostCollector(TARGET, wire, Roots(roots.proc, tmp_path / "sys"))
    harvest = await collector.collect()
    assert [part.partition(":")[0] for part in harvest.partial] == ["cpu", "memory", "vmstat", "interfaces"]
    assert "No such file" in harvest.partial[0]
    assert not {"node_cpu_seconds_total", "node_network_up", "node_vmstat_pgfault"} & names(harvest)
    assert {"node_load1", "node_network_receive_bytes_total"} <= names(harvest)


async def test_what_the_kernel_s_files_hold_is_told_clean_and_short(wire: LocalWire, tmp_path: Path) -> None:
    roots = proc(tmp_path / "proc", "", "mdstat")
    (roots.proc / "mdstat").write_text(f"md0 : active raid1 x\n1000 blocks \u202e{'x' * 5000}\n", encoding="utf-8")
    harvest = await HostCollector(TARGET, wire, roots).collect()
    (said,) = (part for part in harvest.partial if part.startswith("raid"))
    assert len(said.encode()) <= 256
    assert said.isprintable()


async def test_nothing_readable_is_an_error(wire: LocalWire, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("collectors.host.timex.Timekeeper.read", raising(OSError("no clock")))
    with pytest.raises(BadReply, match="No such file"):
        await HostCollector(TARGET, wire, Roots(tmp_path, tmp_path, tmp_path / "os-release")).collect()


def raising(error: Exception) -> object:
    def call(*_args: object) -> object:
        raise error

    return call


async def test_a_sandbox_without_the_clock_takes_nothing_else_away(
    wire: LocalWire, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("collectors.host.timex.Timekeeper.read", raising(PermissionError("forbidden")))
    harvest = await HostCollector(TARGET, wire).collect()
    assert harvest.partial == ()
    assert "node_timex_sync_status" not in names(harvest)


async def test_a_sandbox_that_hides_the_first_process_leaves_our_own_mounts(wire: LocalWire, tmp_path: Path) -> None:
    roots = proc(tmp_path / "proc")
    (roots.proc / "1/mountinfo").unlink()
    (roots.proc / "self").mkdir()
    (roots.proc / "self/mountinfo").write_text("1 1 8:1 / / ro shared:1 - ext4 /dev/sda1 rw\n")
    harvest = await HostCollector(TARGET, wire, roots).collect()
    assert series(harvest, "node_filesystem_readonly") == {("/dev/sda1", "ext4", "/"): 0}
    assert series(harvest, "node_filesystem_size_bytes")


async def test_a_cpu_s_idle_time_never_steps_back(wire: LocalWire, tmp_path: Path) -> None:
    roots = proc(tmp_path / "proc", "", "stat")
    stat = "cpu  0 0 0 {0} 0 0 0 0 0 0\ncpu0 0 0 0 {0} 0 0 0 0 0 0\nintr 1 1\nctxt 1\n"
    collector, seen = HostCollector(TARGET, wire, roots), list[float]()
    for idle in (500, 490, 510):
        (roots.proc / "stat").write_text(stat.format(idle))
        seen.append(series(await collector.collect(), "node_cpu_seconds_total")["0", "idle"])
    assert seen == [5, 5, 5.1]


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


def mounted(folder: Path, *mountpoints: str, fstype: str = "nfs4") -> Roots:
    lines = (f"1 1 0:1 / {path} rw - {fstype} dev{path} rw\n" for path in mountpoints)
    return proc(folder, "".join(lines))


@pytest.fixture
def mounts() -> Iterator[HangingMount]:
    hanging = HangingMount()
    yield hanging
    hanging.released.set()


async def test_a_hanging_mount_holds_up_nothing_and_is_asked_once(
    wire: LocalWire, mounts: HangingMount, tmp_path: Path
) -> None:
    collector = HostCollector(TARGET, wire, mounted(tmp_path / "proc", "/hang", "/good"), mounts)
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


async def test_a_mount_that_came_back_is_asked_again(wire: LocalWire, mounts: HangingMount, tmp_path: Path) -> None:
    collector = HostCollector(TARGET, wire, mounted(tmp_path / "proc", "/hang", "/good"), mounts)
    await collector.collect()
    mounts.released.set()
    async with asyncio.timeout(10):
        while (harvest := await collector.collect()).partial:
            pass
    assert len(series(harvest, "node_filesystem_size_bytes")) == 2
    assert mounts.asked == 2
    await collector.close()


@pytest.mark.parametrize("fstype", ["nfs4", "ext4"])
async def test_a_mount_that_fails_says_why(wire: LocalWire, tmp_path: Path, fstype: str) -> None:
    roots = mounted(tmp_path / "proc", str(tmp_path / "gone"), fstype=fstype)
    harvest = await HostCollector(TARGET, wire, roots, read_space).collect()
    assert harvest.partial == (f"filesystem {tmp_path}/gone: No such file or directory",)
    assert list(series(harvest, "node_filesystem_device_error").values()) == [1]


async def test_a_hostile_mount_point_stays_one_clean_label(wire: LocalWire, tmp_path: Path) -> None:
    roots = mounted(tmp_path / "proc", r'/x\012"}\0401' + "\x1b[2J")
    harvest = await HostCollector(TARGET, wire, roots, lambda _: Space(1, 1, 1, 1, 1)).collect()
    ((_, _, mountpoint),) = series(harvest, "node_filesystem_size_bytes")
    assert mountpoint.isprintable()
