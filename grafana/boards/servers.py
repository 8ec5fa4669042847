"""Which server lacks what: processor, memory, disk, time? For those who run them; node_exporter's names throughout."""

from __future__ import annotations

from grafana_foundation_sdk.builders import statetimeline, table, timeseries
from grafana_foundation_sdk.builders.dashboard import Dashboard, Row

from agent import families
from collectors.probe import families as probe
from grafana import states
from grafana.catalogue import known
from grafana.panels import Column, Says, as_bar, falling, graph, grid, in_unit, timeline
from grafana.parts import Ask, board, values_of
from grafana.query import SITE, increase, of, rate

# The machine is `instance`: on disks and interfaces node_exporter's own `device` stands in the place of ours.
_AT = (SITE, 'instance=~"$server"')
_BY = "by (instance, site)"
_ON_MOUNT = "by (instance, site, mountpoint)"
_YEAR = 365 * 86400
_FULL = states.steps(states.GREEN, (0.8, states.ORANGE), (0.9, states.RED))


def _now(name: str, *matchers: str) -> str:
    return of(known(name), *matchers, *_AT)


def _pace(name: str, *matchers: str) -> str:
    return rate(known(name), *matchers, *_AT)


def _mode(mode: str) -> str:
    return _pace("node_cpu_seconds_total", f'mode="{mode}"')


_IDLE = 'mode="idle"'
_BUSY = f"1 - avg {_BY} ({_mode('idle')})"
_LOAD = f"sum {_BY} ({_now('node_load5')}) / count {_BY} ({_now('node_cpu_seconds_total', _IDLE)})"
_MEMORY = f"1 - {_now('node_memory_MemAvailable_bytes')} / {_now('node_memory_MemTotal_bytes')}"
_FREE = _now("node_filesystem_avail_bytes")
_USED = f"1 - {_FREE} / {_now('node_filesystem_size_bytes')}"
_UPTIME = f"{_now('node_time_seconds')} - {_now('node_boot_time_seconds')}"


def make() -> Dashboard:
    """Return the board."""
    server = values_of("server", "Server", "instance", of(known("node_filesystem_size_bytes"), SITE))
    return (
        board("ringwacht-servers", "Servers, whether measured by Ringwacht itself or by an exporter it reads.", server)
        .with_row(Row("All servers"))
        .with_panel(_servers())
        .with_row(Row("Processor and memory"))
        .with_panel(_cpu())
        .with_panel(_waiting())
        .with_panel(_load())
        .with_panel(_memory())
        .with_panel(_swap())
        .with_panel(_killed())
        .with_row(Row("Disks"))
        .with_panel(_filesystems())
        .with_panel(_fill())
        .with_panel(_throughput())
        .with_panel(_busy_disks())
        .with_panel(_disk_delay())
        .with_row(Row("Network and time"))
        .with_panel(_network())
        .with_panel(_network_errors())
        .with_panel(_uptime())
        .with_row(Row("Plug-ins and clocks"))
        .with_panel(_plugins())
        .with_panel(_clocks())
        .with_panel(_kept())
    )


def _servers() -> table.Panel:
    says = Says(
        "Servers",
        "One row a server; the file system is the fullest that it has, the load that of 5 minutes per core.",
        width=24,
    )
    bar = as_bar(_FULL)
    columns = (
        Column("instance", "Server"),
        Column("site", "Site"),
        Column("Value #A", "Processor", bar),
        Column("Value #B", "Load per core"),
        Column("Value #C", "Memory", bar),
        Column("Value #D", "Fullest file system", bar),
        Column("Value #E", "Up for", (in_unit("s"),)),
    )
    asks = [Ask(f"max {_BY} ({value})") for value in (_BUSY, _LOAD, _MEMORY, _USED, _UPTIME)]
    return grid(says, columns, *asks).sort_by([falling("Fullest file system")])


def _cpu() -> timeseries.Panel:
    says = Says("Processor in use", "All cores together; what is not idle is in use.", "percentunit")
    return graph(says, Ask(_BUSY, "{{instance}}")).min(0).max(1)


def _waiting() -> timeseries.Panel:
    says = Says(
        "Waiting and stolen",
        "Waiting: idle because a disk is slow. Stolen: the hypervisor gave the time to another machine.",
        "percentunit",
    )
    return graph(
        says,
        Ask(f"avg {_BY} ({_mode('iowait')})", "{{instance}} waiting"),
        Ask(f"avg {_BY} ({_mode('steal')})", "{{instance}} stolen"),
    ).min(0)


def _load() -> timeseries.Panel:
    says = Says("Load per core", "Processes that run or want to, over 5 minutes. Above 1 they wait for each other.")
    return graph(says, Ask(_LOAD, "{{instance}}")).min(0)


def _memory() -> timeseries.Panel:
    says = Says(
        "Memory in use", "What is not available to programs; the file cache counts as available.", "percentunit"
    )
    return graph(says, Ask(_MEMORY, "{{instance}}")).min(0).max(1)


def _swap() -> timeseries.Panel:
    says = Says("Swap in use", "A little is normal. Growth means that memory is short.", "bytes")
    used = f"{_now('node_memory_SwapTotal_bytes')} - {_now('node_memory_SwapFree_bytes')}"
    return graph(says, Ask(used, "{{instance}}")).min(0)


def _killed() -> timeseries.Panel:
    says = Says("Processes killed for want of memory", "Any is one too many: the kernel's log says which.")
    return graph(says, Ask(increase(known("node_vmstat_oom_kill"), *_AT), "{{instance}}")).min(0).decimals(0)


def _filesystems() -> table.Panel:
    says = Says(
        "File systems",
        "Full in: at the pace of the last six hours; a year means that it does not fill. "
        "Inodes: of the files that it can hold; some file systems do not count them.",
        width=14,
    )
    falls = f"-deriv({_FREE}[6h])"
    full_in = f"clamp_max({_FREE} / clamp_min({falls}, 1), {_YEAR})"
    inodes = f"1 - {_now('node_filesystem_files_free')} / ({_now('node_filesystem_files')} > 0)"
    bar = as_bar(_FULL)
    columns = (
        Column("instance", "Server"),
        Column("mountpoint", "Mounted at"),
        Column("Value #A", "Used", bar),
        Column("Value #B", "Free", (in_unit("bytes"),)),
        Column("Value #C", "Full in", (in_unit("s"),)),
        Column("Value #D", "Inodes used", bar),
    )
    asks = [Ask(f"max {_ON_MOUNT} ({value})") for value in (_USED, _FREE, full_in, inodes)]
    return grid(says, columns, *asks).sort_by([falling("Used")])


def _fill() -> timeseries.Panel:
    says = Says("File systems in use", "Saw teeth are clean-ups; a line that only rises has an end.", "percentunit", 10)
    return graph(says, Ask(_USED, "{{instance}} {{mountpoint}}")).min(0).max(1)


def _throughput() -> timeseries.Panel:
    says = Says("Disk throughput", "Read is drawn upwards, written downwards.", "Bps")
    return (
        graph(
            says,
            Ask(_pace("node_disk_read_bytes_total"), "{{instance}} {{device}} read"),
            Ask(_pace("node_disk_written_bytes_total"), "{{instance}} {{device}} written"),
        )
        .override_by_query("B", states.downwards())
        .axis_centered_zero(True)
    )


def _busy_disks() -> timeseries.Panel:
    says = Says("Disk in use", "Share of time in which at least one request was under way.", "percentunit")
    return graph(says, Ask(_pace("node_disk_io_time_seconds_total"), "{{instance}} {{device}}")).min(0)


def _disk_delay() -> timeseries.Panel:
    says = Says("Time per request", "Mean of reads and of writes; nothing where there was none.", "s")
    read = f"{_pace('node_disk_read_time_seconds_total')} / {_pace('node_disk_reads_completed_total')}"
    write = f"{_pace('node_disk_write_time_seconds_total')} / {_pace('node_disk_writes_completed_total')}"
    return graph(says, Ask(read, "{{instance}} {{device}} read"), Ask(write, "{{instance}} {{device}} write")).min(0)


def _network() -> timeseries.Panel:
    says = Says("Network", "Received is drawn upwards, sent downwards; without the loopback.", "bps")
    outside = 'device!="lo"'
    return (
        graph(
            says,
            Ask(f"{_pace('node_network_receive_bytes_total', outside)} * 8", "{{instance}} {{device}} received"),
            Ask(f"{_pace('node_network_transmit_bytes_total', outside)} * 8", "{{instance}} {{device}} sent"),
        )
        .override_by_query("B", states.downwards())
        .axis_centered_zero(True)
    )


def _network_errors() -> timeseries.Panel:
    says = Says("Network errors and drops", "Packets each second, all interfaces of a server together.", "pps")
    lost = {
        "errors in": "node_network_receive_errs_total",
        "errors out": "node_network_transmit_errs_total",
        "drops in": "node_network_receive_drop_total",
        "drops out": "node_network_transmit_drop_total",
    }
    asks = [Ask(f"sum {_BY} ({_pace(name)})", f"{{{{instance}}}} {title}") for title, name in lost.items()]
    return graph(says, *asks).min(0)


def _uptime() -> timeseries.Panel:
    says = Says("Up for", "A fall to zero is a restart.", "s")
    return graph(says, Ask(_UPTIME, "{{instance}}")).min(0)


def _plugins() -> statetimeline.Panel:
    says = Says("Plug-ins", "What each monitoring plug-in says of the device or service that it checks.", width=8)
    return timeline(says, states.plugin_words(), Ask(of(families.PLUGIN_STATUS, SITE), "{{instance}}"))


def _clocks() -> timeseries.Panel:
    says = Says(
        "Clocks",
        "How far each clock is off: by NTP, seen from the machine on which Ringwacht runs, and as each server itself "
        "reckons. Kerberos refuses more than five minutes; logs that are to be compared need less than a second.",
        "s",
        8,
    )
    return graph(
        says,
        Ask(of(probe.NTP_OFFSET, SITE), "{{instance}} (NTP)"),
        Ask(_now("node_timex_offset_seconds"), "{{instance}} (own)"),
    )


def _kept() -> statetimeline.Panel:
    says = Says("Clock kept", "Whether the server says that its clock follows a reliable one.", width=8)
    meanings = states.words({1: ("kept", states.GREEN), 0: ("drifts", states.ORANGE)})
    return timeline(says, meanings, Ask(_now("node_timex_sync_status"), "{{instance}}"))
