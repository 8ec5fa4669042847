from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collectors.host import families as f
from collectors.host import parse
from collectors.host.parse import Timex
from collectors.host.tables import Block, Numbers, Pick, Table, block, table
from tests.collectors.host import machine

Values = Mapping[tuple[str, tuple[str, ...]], float]

STAT = machine.STAT.replace("cpu1", "cpu3").encode()
DISKSTATS = machine.DISKSTATS.encode()
NET_DEV = machine.NET_DEV.encode()


def values(found: Block) -> Values:
    named = ((family.name, labels) for family, labels in found.series)
    return dict(zip(named, found.values, strict=True))


def read(picks: Iterable[Pick], found: Table) -> Values:
    return values(Numbers(lambda _: picks, may_be_empty=True).read(found))


def test_every_family_is_declared_once() -> None:
    names = [family.name for family in f.FAMILIES]
    declared = [family for family in vars(f).values() if isinstance(family, type(f.LOAD1))]
    assert len(names) == len(set(names))
    assert {family.name for family in declared} <= set(names)


def test_cpus_keep_their_numbers_and_user_time_includes_guest_time() -> None:
    cpus, _totals = parse.split_stat(STAT)
    got = read(parse.cpu(cpus), cpus)
    assert {labels[0] for _name, labels in got} == {"0", "3"}
    assert got["node_cpu_seconds_total", ("0", "user")] == 5
    assert got["node_cpu_seconds_total", ("3", "steal")] == 0.01
    assert got["node_cpu_guest_seconds_total", ("0", "user")] == 3
    assert got["node_cpu_guest_seconds_total", ("0", "nice")] == 0.05
    assert len(got) == 2 * parse.CPU_SERIES


def test_the_machine_s_totals() -> None:
    _cpus, totals = parse.split_stat(STAT)
    assert read(parse.totals(totals), totals) == {
        ("node_intr_total", ()): 12345,
        ("node_context_switches_total", ()): 678,
        ("node_boot_time_seconds", ()): 1700000000,
        ("node_forks_total", ()): 99,
        ("node_procs_running", ()): 2,
        ("node_procs_blocked", ()): 1,
    }


@pytest.mark.parametrize("text", [b"", b"cpu 1 2\ncpu0 1\n", b"intr\n"])
def test_a_stat_that_is_none_is_an_error(text: bytes) -> None:
    def parse_all() -> None:
        cpus, totals = parse.split_stat(text)
        read(parse.cpu(cpus), cpus)
        read(parse.totals(totals), totals)

    with pytest.raises((ValueError, IndexError)):
        parse_all()


def test_memory_is_in_bytes_and_huge_pages_are_counted() -> None:
    found = parse.split_memory(b"MemTotal:  16 kB\nActive(anon): 3 kB\nOdd: 1 kB\nHugePages_Total: 7\n")
    assert read(parse.memory(found), found) == {
        ("node_memory_MemTotal_bytes", ()): 16384,
        ("node_memory_Active_anon_bytes", ()): 3072,
        ("node_memory_HugePages_Total", ()): 7,
    }


def test_vmstat_counts_pages() -> None:
    found = table(b"pswpin 3\npswpout 0\nnr_free_pages 9\n")
    assert read(parse.vmstat(found), found) == {("node_vmstat_pswpin", ()): 3, ("node_vmstat_pswpout", ()): 0}


@pytest.mark.parametrize(
    ("name", "shown"),
    [("sda", True), ("nvme0n1", True), ("dm-0", True), ("sda1", False), ("nvme0n1p2", False), ("loop3", False)],
)
def test_partitions_and_loop_devices_are_no_disks(name: str, shown: bool) -> None:
    found = table(DISKSTATS.replace(b"sda1", b"other").replace(b"sda", name.encode()), name=2)
    assert any(labels == (name,) for _family, labels in read(parse.disks(found), found)) == shown


def test_disks_are_in_bytes_and_seconds() -> None:
    found = table(DISKSTATS, name=2)
    got = {name.removeprefix("node_disk_"): value for (name, _labels), value in read(parse.disks(found), found).items()}
    assert len(got) == len(f.DISK)
    assert (got["reads_completed_total"], got["reads_merged_total"], got["read_bytes_total"]) == (10, 11, 12 * 512)
    assert (got["read_time_seconds_total"], got["write_time_seconds_total"]) == (1.5, 2.5)
    assert (got["io_now"], got["io_time_seconds_total"], got["io_time_weighted_seconds_total"]) == (3, 3.5, 4.5)
    assert (got["discarded_sectors_total"], got["discard_time_seconds_total"]) == (32, 5.5)
    assert (got["flush_requests_total"], got["flush_requests_time_seconds_total"]) == (40, 6.5)


def test_an_old_kernel_s_disks_have_fewer_columns() -> None:
    found = table(b" 8 0 sda 10 11 12 1500 20 21 22 2500 3 3500 4500\n", name=2)
    assert len(read(parse.disks(found), found)) == 11


def test_loopback_has_no_traffic() -> None:
    found = parse.split_traffic(NET_DEV)
    got = read(parse.traffic(found), found)
    assert {labels for _name, labels in got} == {("eth0",)}
    assert got["node_network_receive_errs_total", ("eth0",)] == 3
    assert got["node_network_transmit_bytes_total", ("eth0",)] == 9
    assert got["node_network_transmit_drop_total", ("eth0",)] == 12
    assert got["node_network_transmit_compressed_total", ("eth0",)] == 16


def test_one_line_files() -> None:
    assert list(parse.load(b"0.50 1.25 2.00 1/87 4242\n").values) == [0.5, 1.25, 2]
    assert values(parse.open_files(b"1216\t0\t9223372036854775807\n")) == {
        ("node_filefd_allocated", ()): 1216,
        ("node_filefd_maximum", ()): 2**63,
    }
    with pytest.raises(ValueError, match="shorter"):
        parse.load(b"0.50\n")


@pytest.mark.parametrize(("status", "offset"), [(0, 0.0015), (parse.STA_NANO, 0.0000015)])
def test_the_clock_s_offset_is_in_seconds(status: int, offset: float) -> None:
    got = values(block(parse.timex(Timex(parse.TIME_ERROR, status, 1500, 16_000_000, 2_000))))
    assert got == {
        ("node_timex_offset_seconds", ()): offset,
        ("node_timex_maxerror_seconds", ()): 16,
        ("node_timex_estimated_error_seconds", ()): 0.002,
        ("node_timex_sync_status", ()): 0,
    }
    assert values(block(parse.timex(Timex(0, 0, 0, 0, 0))))["node_timex_sync_status", ()] == 1


def test_the_operating_system() -> None:
    text = b'NAME="Debian GNU/Linux"\nVERSION_ID=\'12.5\'\n# note\n\nID=debian\nHOME_URL="x"\nVERSION="12 (\\"b\\")"\n'
    got = values(parse.operating_system(text))
    (info,) = (labels for name, labels in got if name == "node_os_info")
    named = dict(zip(f.OS_FIELDS, info, strict=True))
    assert {name: value for name, value in named.items() if value} == {
        "id": "debian",
        "name": "Debian GNU/Linux",
        "version": '12 ("b")',
        "version_id": "12.5",
    }
    assert got["node_os_version", ("debian", "", "Debian GNU/Linux")] == 12.5


def test_a_rolling_release_has_no_version() -> None:
    assert {name for name, _labels in values(parse.operating_system(b"ID=arch\n"))} == {"node_os_info"}
    with pytest.raises(ValueError, match="closing"):
        parse.operating_system(b'NAME="never ends\n')


def cpu_block(*times: float) -> Block:
    cpus, _ = parse.split_stat(STAT)
    series = Numbers(parse.cpu).read(cpus).series
    return Block(series[: len(times)], list(times))


def times(idle: float, user: float = 0.0) -> list[float]:
    """One CPU's times in the order of the series."""
    return [user, 0.0, 0.0, idle, *([0.0] * (parse.CPU_SERIES - 4))]


def test_a_cpu_that_was_offline_counts_afresh() -> None:
    now = cpu_block(*times(97, user=1))
    assert parse.never_back(cpu_block(*times(100, user=50)), now) == now


def test_another_number_of_cpus_counts_afresh() -> None:
    now = cpu_block(*times(9), *times(1))
    assert parse.never_back(cpu_block(*times(10)), now) == now


seconds = st.floats(min_value=0, max_value=1e9)


@given(idle=seconds, before=seconds, now=seconds, shrinks=st.floats(min_value=0, max_value=2.9))
def test_a_small_step_back_is_held(idle: float, before: float, now: float, shrinks: float) -> None:
    got = parse.never_back(cpu_block(*times(idle + 3, before)), cpu_block(*times(idle + 3 - shrinks, now)))
    assert got.values[parse.IDLE] == idle + 3
    assert got.values[0] == max(before, now)


@given(st.binary(max_size=400))
def test_garbage_is_an_error_or_numbers(text: bytes) -> None:
    def split_cpus(raw: bytes) -> Table:
        return parse.split_stat(raw)[0]

    for split, picks in (
        (split_cpus, parse.cpu),
        (parse.split_memory, parse.memory),
        (parse.split_memory, parse.vmstat),
        (parse.split_traffic, parse.traffic),
    ):
        try:
            found = split(text)
            got = Numbers(picks).read(found)
        except (ValueError, IndexError):
            continue
        assert len(got.series) == len(got.values)


def test_this_machine_s_files_are_read() -> None:
    found = table(Path("/proc/diskstats").read_bytes(), name=2)
    assert read(parse.disks(found), found)
