from __future__ import annotations

from collections.abc import Iterable, Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st
from psutil import cpu_times, disk_partitions

from agent.layout import Sample
from collectors.host import families as f
from collectors.host import parse
from collectors.host.parse import Hwmon, Interface, Mount, Space

Values = Mapping[tuple[str, tuple[str, ...]], float]


def values(samples: Iterable[Sample]) -> Values:
    return {(sample.family.name, sample.labels): sample.value for sample in samples}


def test_every_family_is_declared_once() -> None:
    names = [family.name for family in f.FAMILIES]
    declared = [family for family in vars(f).values() if isinstance(family, type(f.LOAD1))]
    assert len(names) == len(set(names))
    assert {family.name for family in declared} <= set(names)


def test_memory_is_in_bytes() -> None:
    got = values(parse.memory("MemTotal:  16 kB\nCached: 3 kB\nSReclaimable: 0 kB\nHugePages_Total: 7\nMemFree:\n"))
    assert got == {
        ("node_memory_MemTotal_bytes", ()): 16384,
        ("node_memory_Cached_bytes", ()): 3072,
        ("node_memory_SReclaimable_bytes", ()): 0,
    }


def test_vmstat_counts_pages() -> None:
    assert values(parse.vmstat("pswpin 3\npswpout 0\nnr_free_pages 9\n")) == {
        ("node_vmstat_pswpin", ()): 3,
        ("node_vmstat_pswpout", ()): 0,
    }


@pytest.mark.parametrize(
    ("name", "shown"),
    [("sda", True), ("nvme0n1", True), ("dm-0", True), ("sda1", False), ("nvme0n1p2", False), ("loop3", False)],
)
def test_partitions_and_loop_devices_are_no_disks(name: str, shown: bool) -> None:
    counters: dict[str, float] = dict.fromkeys(
        (
            *("read_count", "write_count", "read_bytes", "write_bytes", "read_time", "write_time"),
            *("read_merged_count", "write_merged_count", "busy_time"),
        ),
        1500.0,
    )
    got = values(parse.disks({name: counters}))
    assert bool(got) == shown
    if shown:
        assert got["node_disk_io_time_seconds_total", (name,)] == 1.5
        assert got["node_disk_read_bytes_total", (name,)] == 1500


def test_loopback_has_no_traffic_but_is_an_interface() -> None:
    fields = dict.fromkeys(f.NETWORK, 5.0)
    got = values([*parse.traffic({"lo": fields, "eth0": fields}), *parse.interfaces({"lo": Interface(False, 9, 0)})])
    assert ("node_network_receive_bytes_total", ("lo",)) not in got
    assert got["node_network_transmit_drop_total", ("eth0",)] == 5
    assert got["node_network_up", ("lo",)] == 0
    assert ("node_network_speed_bytes", ("lo",)) not in got


def test_speed_is_bytes_per_second() -> None:
    got = values(parse.interfaces({"eth0": Interface(up=True, mtu=1500, speed=1000)}))
    assert got["node_network_speed_bytes", ("eth0",)] == 125_000_000


class Partition:
    def __init__(self, device: str, mountpoint: str, fstype: str, opts: str) -> None:
        self.device, self.mountpoint, self.fstype, self.opts = device, mountpoint, fstype, opts


def test_pseudo_filesystems_are_left_out() -> None:
    found = parse.mounts(
        [
            Partition("/dev/sda1", "/", "ext4", "rw,relatime"),
            Partition("/dev/sda1", "/", "ext4", "rw"),
            Partition("/dev/sdb1", "/srv", "xfs", "ro,relatime"),
            Partition("/dev/sdc1", "/media/stick", "vfat", "rw"),
            Partition("proc", "/proc", "proc", "rw"),
            Partition("overlay", "/srv/x", "overlay", "rw"),
            Partition("nas:/data", "/data", "nfs4", "rw,errors=remount-ro"),
            Partition("tmpfs", "/tmp", "tmpfs", "rw"),
            Partition("tmpfs", "/running", "tmpfs", "rw"),
        ]
    )
    assert found == (
        Mount("/dev/sda1", "ext4", "/", readonly=False),
        Mount("/dev/sdb1", "xfs", "/srv", readonly=True),
        Mount("nas:/data", "nfs4", "/data", readonly=False),
        Mount("tmpfs", "tmpfs", "/tmp", readonly=False),
        Mount("tmpfs", "tmpfs", "/running", readonly=False),
    )
    assert isinstance(parse.mounts(disk_partitions(all=True)), tuple)


def test_a_filesystem_that_does_not_answer_says_only_that() -> None:
    mount = Mount("nas:/data", "nfs4", "/data", readonly=False)
    labels = ("nas:/data", "nfs4", "/data")
    assert values(parse.filesystem(mount, None)) == {
        ("node_filesystem_device_error", labels): 1,
        ("node_filesystem_readonly", labels): 0,
    }
    got = values(parse.filesystem(mount, Space(5, 4, 3, 2, 1)))
    assert got["node_filesystem_device_error", labels] == 0
    assert [got[f"node_filesystem_{name}", labels] for name in ("size_bytes", "free_bytes", "avail_bytes")] == [5, 4, 3]
    assert [got[f"node_filesystem_{name}", labels] for name in ("files", "files_free")] == [2, 1]


@pytest.mark.parametrize(
    ("hwmon", "chip"),
    [
        (Hwmon("coretemp", "platform", "coretemp.0", {}), "platform_coretemp_0"),
        (Hwmon("nvme", "pci", "0000:01:00.0", {}), "pci_0000:01:00_0"),
        (Hwmon("acpitz", "", "", {}), "acpitz"),
        (Hwmon("drivetemp", "", "target0:0:0", {}), "target0:0:0"),
    ],
)
def test_chips_are_named_as_node_exporter_names_them(hwmon: Hwmon, chip: str) -> None:
    assert parse.chip_name(hwmon) == chip


def test_a_sensor_that_gives_no_number_is_absent() -> None:
    files = {"temp1_input": "45500", "temp1_label": "Package id 0", "temp2_input": "", "fan1_input": "1200"}
    assert values(parse.sensors([Hwmon("k10temp", "pci", "x", files)])) == {
        ("node_hwmon_chip_names", ("pci_x", "k10temp")): 1,
        ("node_hwmon_temp_celsius", ("pci_x", "temp1")): 45.5,
        ("node_hwmon_sensor_label", ("pci_x", "Package id 0", "temp1")): 1,
        ("node_hwmon_fan_rpm", ("pci_x", "fan1")): 1200,
    }


def test_power_supplies() -> None:
    assert values(
        parse.power_supplies({"BAT0": {"capacity": "87"}, "AC": {"online": "0"}, "odd": {"online": "?"}})
    ) == {
        ("node_power_supply_capacity", ("BAT0",)): 87,
        ("node_power_supply_online", ("AC",)): 0,
    }


def test_user_time_includes_guest_time() -> None:
    times = {**cpu_times()._asdict(), "user": 9.0, "guest": 4.0, "guest_nice": 1.0}
    got = values(parse.cpu([times]))
    assert got["node_cpu_seconds_total", ("0", "user")] == 9
    assert got["node_cpu_guest_seconds_total", ("0", "user")] == 4
    assert got["node_cpu_guest_seconds_total", ("0", "nice")] == 1


def test_a_cpu_that_was_offline_counts_afresh() -> None:
    assert parse.never_back(({"idle": 100.0, "user": 50.0},), ({"idle": 97.0, "user": 1.0},)) == (
        {"idle": 97.0, "user": 1.0},
    )


def test_another_number_of_cpus_counts_afresh() -> None:
    now = ({"idle": 9.0}, {"idle": 1.0})
    assert parse.never_back(({"idle": 10.0},), now) == now


seconds = st.floats(min_value=0, max_value=1e9)


@given(idle=seconds, before=seconds, now=seconds, shrinks=st.floats(min_value=0, max_value=2.9))
def test_a_small_step_back_is_held(idle: float, before: float, now: float, shrinks: float) -> None:
    (got,) = parse.never_back(({"idle": idle + 3, "user": before},), ({"idle": idle + 3 - shrinks, "user": now},))
    assert got["idle"] == idle + 3
    assert got["user"] == max(before, now)
