"""node_exporter's families that this collector yields: its names, types, labels and help, as of node_exporter 1.5."""

from __future__ import annotations

from agent.contract import MetricFamily, MetricType

DEVICE = ("device",)
MOUNT = ("device", "fstype", "mountpoint")
SENSOR = ("chip", "sensor")
SUPPLY = ("power_supply",)

CPU_SECONDS = MetricFamily("node_cpu_seconds_total", "counter", "Seconds the CPUs spent in each mode.", ("cpu", "mode"))
CPU_GUEST_SECONDS = MetricFamily(
    "node_cpu_guest_seconds_total",
    "counter",
    "Seconds the CPUs spent in guests (VMs) for each mode.",
    ("cpu", "mode"),
)
LOAD1 = MetricFamily("node_load1", "gauge", "1m load average.")
LOAD5 = MetricFamily("node_load5", "gauge", "5m load average.")
LOAD15 = MetricFamily("node_load15", "gauge", "15m load average.")
BOOT_TIME = MetricFamily("node_boot_time_seconds", "gauge", "Node boot time, in unixtime.")
TIME = MetricFamily("node_time_seconds", "gauge", "System time in seconds since epoch (1970).")
UNAME = MetricFamily(
    "node_uname_info",
    "gauge",
    "Labeled system information as provided by the uname system call.",
    ("domainname", "machine", "nodename", "release", "sysname", "version"),
)
USERS = MetricFamily("ringwacht_users_logged_in", "gauge", "Number of login sessions; who they are is not recorded.")

# The fields of /proc/meminfo that kernels since 4.19 have; "Active(anon)" is Active_anon.
MEMORY_BYTES = (
    *("MemTotal", "MemFree", "MemAvailable", "Buffers", "Cached", "SwapCached"),
    *("Active", "Inactive", "Active_anon", "Inactive_anon", "Active_file", "Inactive_file"),
    *("Unevictable", "Mlocked", "SwapTotal", "SwapFree", "Zswap", "Zswapped"),
    *("Dirty", "Writeback", "AnonPages", "Mapped", "Shmem", "KReclaimable"),
    *("Slab", "SReclaimable", "SUnreclaim", "KernelStack", "PageTables", "SecPageTables"),
    *("NFS_Unstable", "Bounce", "WritebackTmp", "CommitLimit", "Committed_AS", "VmallocTotal"),
    *("VmallocUsed", "VmallocChunk", "Percpu", "HardwareCorrupted", "AnonHugePages", "ShmemHugePages"),
    *("ShmemPmdMapped", "FileHugePages", "FilePmdMapped", "CmaTotal", "CmaFree", "Unaccepted"),
    *("Balloon", "Hugepagesize", "Hugetlb", "DirectMap4k", "DirectMap2M", "DirectMap4M"),
    *("DirectMap1G"),
)
MEMORY_PAGES = ("HugePages_Total", "HugePages_Free", "HugePages_Rsvd", "HugePages_Surp")
MEMORY = {
    field: MetricFamily(f"node_memory_{field}", "gauge", f"Memory information field {field}.")
    for field in (*(f"{field}_bytes" for field in MEMORY_BYTES), *MEMORY_PAGES)
}
VMSTAT = {
    field: MetricFamily(f"node_vmstat_{field}", "unknown", f"/proc/vmstat information field {field}.")
    for field in ("pswpin", "pswpout", "pgpgin", "pgpgout", "pgfault", "pgmajfault", "oom_kill")
}


def _disk(name: str, text: str, kind: MetricType = "counter") -> MetricFamily:
    return MetricFamily(f"node_disk_{name}", kind, text, DEVICE)


# Fields 4 to 20 of a line of /proc/diskstats (the kernel's iostats.rst), each with what its unit is divided by.
MILLISECONDS = 1000.0
SECTORS = 1 / 512
DISK: tuple[tuple[MetricFamily, float], ...] = (
    (_disk("reads_completed_total", "The total number of reads completed successfully."), 1),
    (_disk("reads_merged_total", "The total number of reads merged."), 1),
    (_disk("read_bytes_total", "The total number of bytes read successfully."), SECTORS),
    (_disk("read_time_seconds_total", "The total number of seconds spent by all reads."), MILLISECONDS),
    (_disk("writes_completed_total", "The total number of writes completed successfully."), 1),
    (_disk("writes_merged_total", "The number of writes merged."), 1),
    (_disk("written_bytes_total", "The total number of bytes written successfully."), SECTORS),
    (_disk("write_time_seconds_total", "This is the total number of seconds spent by all writes."), MILLISECONDS),
    (_disk("io_now", "The number of I/Os currently in progress.", "gauge"), 1),
    (_disk("io_time_seconds_total", "Total seconds spent doing I/Os."), MILLISECONDS),
    (_disk("io_time_weighted_seconds_total", "The weighted # of seconds spent doing I/Os."), MILLISECONDS),
    (_disk("discards_completed_total", "The total number of discards completed successfully."), 1),
    (_disk("discards_merged_total", "The total number of discards merged."), 1),
    (_disk("discarded_sectors_total", "The total number of sectors discarded successfully."), 1),
    (_disk("discard_time_seconds_total", "This is the total number of seconds spent by all discards."), MILLISECONDS),
    (_disk("flush_requests_total", "The total number of flush requests completed successfully"), 1),
    (
        _disk("flush_requests_time_seconds_total", "This is the total number of seconds spent by all flush requests."),
        MILLISECONDS,
    ),
)


def _filesystem(name: str, text: str) -> MetricFamily:
    return MetricFamily(f"node_filesystem_{name}", "gauge", text, MOUNT)


FS_SIZE = _filesystem("size_bytes", "Filesystem size in bytes.")
FS_FREE = _filesystem("free_bytes", "Filesystem free space in bytes.")
FS_AVAIL = _filesystem("avail_bytes", "Filesystem space available to non-root users in bytes.")
FS_FILES = _filesystem("files", "Filesystem total file nodes.")
FS_FILES_FREE = _filesystem("files_free", "Filesystem total free file nodes.")
FS_READONLY = _filesystem("readonly", "Filesystem read-only status.")
FS_ERROR = _filesystem("device_error", "Whether an error occurred while getting statistics for the given device.")


def _network(name: str, kind: MetricType, text: str) -> MetricFamily:
    return MetricFamily(f"node_network_{name}", kind, text, DEVICE)


# The 16 counters of a line of /proc/net/dev, in its order.
NETWORK = tuple(
    _network(f"{name}_total", "counter", f"Network device statistic {name}.")
    for name in (
        *("receive_bytes", "receive_packets", "receive_errs", "receive_drop"),
        *("receive_fifo", "receive_frame", "receive_compressed", "receive_multicast"),
        *("transmit_bytes", "transmit_packets", "transmit_errs", "transmit_drop"),
        *("transmit_fifo", "transmit_colls", "transmit_carrier", "transmit_compressed"),
    )
)
NETWORK_UP = _network("up", "gauge", "Value is 1 if operstate is 'up', 0 otherwise.")
NETWORK_MTU = _network("mtu_bytes", "gauge", "Network device property: mtu_bytes")
NETWORK_SPEED = _network("speed_bytes", "gauge", "Network device property: speed_bytes")

HWMON_TEMP = MetricFamily("node_hwmon_temp_celsius", "gauge", "Hardware monitor for temperature (input)", SENSOR)
HWMON_FAN = MetricFamily(
    "node_hwmon_fan_rpm", "gauge", "Hardware monitor for fan revolutions per minute (input)", SENSOR
)
HWMON_TEMP_MAX = MetricFamily("node_hwmon_temp_max_celsius", "gauge", "Hardware monitor for temperature (max)", SENSOR)
HWMON_TEMP_CRIT = MetricFamily(
    "node_hwmon_temp_crit_celsius", "gauge", "Hardware monitor for temperature (crit)", SENSOR
)
HWMON_TEMP_CRIT_ALARM = MetricFamily(
    "node_hwmon_temp_crit_alarm_celsius", "gauge", "Hardware monitor for temperature (crit_alarm)", SENSOR
)
HWMON_TEMP_ALARM = MetricFamily("node_hwmon_temp_alarm", "gauge", "Hardware sensor alarm status (temp)", SENSOR)
HWMON_TEMP_FAULT = MetricFamily("node_hwmon_temp_fault", "gauge", "Hardware sensor fault status (temp)", SENSOR)
HWMON_FAN_ALARM = MetricFamily("node_hwmon_fan_alarm", "gauge", "Hardware sensor alarm status (fan)", SENSOR)
HWMON_FAN_FAULT = MetricFamily("node_hwmon_fan_fault", "gauge", "Hardware sensor fault status (fan)", SENSOR)
HWMON_CHIP = MetricFamily(
    "node_hwmon_chip_names", "gauge", "Annotation metric for human-readable chip names", ("chip", "chip_name")
)
HWMON_LABEL = MetricFamily(
    "node_hwmon_sensor_label", "gauge", "Label for given chip and sensor", ("chip", "label", "sensor")
)
POWER_CAPACITY = MetricFamily(
    "node_power_supply_capacity", "gauge", "capacity value of /sys/class/power_supply/<power_supply>.", SUPPLY
)
POWER_ONLINE = MetricFamily(
    "node_power_supply_online", "gauge", "online value of /sys/class/power_supply/<power_supply>.", SUPPLY
)

BONDING_SLAVES = MetricFamily(
    "node_bonding_slaves", "gauge", "Number of configured slaves per bonding interface.", ("master",)
)
BONDING_ACTIVE = MetricFamily(
    "node_bonding_active", "gauge", "Number of active slaves per bonding interface.", ("master",)
)

MD = ("device",)
MD_DISKS = MetricFamily("node_md_disks", "gauge", "Number of active/failed/spare disks of device.", ("device", "state"))
MD_REQUIRED = MetricFamily("node_md_disks_required", "gauge", "Total number of disks of device.", MD)
MD_STATE = MetricFamily("node_md_state", "gauge", "Indicates the state of md-device.", ("device", "state"))
MD_BLOCKS = MetricFamily("node_md_blocks", "gauge", "Total number of blocks on device.", MD)
MD_SYNCED = MetricFamily("node_md_blocks_synced", "gauge", "Number of blocks synced on device.", MD)

# Lines of /proc/stat behind the CPUs'.
STAT = {
    "intr": MetricFamily("node_intr_total", "counter", "Total number of interrupts serviced."),
    "ctxt": MetricFamily("node_context_switches_total", "counter", "Total number of context switches."),
    "btime": BOOT_TIME,
    "processes": MetricFamily("node_forks_total", "counter", "Total number of forks."),
    "procs_running": MetricFamily("node_procs_running", "gauge", "Number of processes in runnable state."),
    "procs_blocked": MetricFamily(
        "node_procs_blocked", "gauge", "Number of processes blocked waiting for I/O to complete."
    ),
}
FILES_ALLOCATED = MetricFamily("node_filefd_allocated", "gauge", "File descriptor statistics: allocated.")
FILES_MAXIMUM = MetricFamily("node_filefd_maximum", "gauge", "File descriptor statistics: maximum.")
CONNTRACK_ENTRIES = MetricFamily(
    "node_nf_conntrack_entries", "gauge", "Number of currently allocated flow entries for connection tracking."
)
CONNTRACK_LIMIT = MetricFamily("node_nf_conntrack_entries_limit", "gauge", "Maximum size of connection tracking table.")

TIMEX_OFFSET = MetricFamily(
    "node_timex_offset_seconds", "gauge", "Time offset in between local system and reference clock."
)
TIMEX_MAXERROR = MetricFamily("node_timex_maxerror_seconds", "gauge", "Maximum error in seconds.")
TIMEX_ESTIMATED = MetricFamily("node_timex_estimated_error_seconds", "gauge", "Estimated error in seconds.")
TIMEX_SYNC = MetricFamily(
    "node_timex_sync_status", "gauge", "Is clock synchronized to a reliable server (1 = yes, 0 = no)."
)

OS_FIELDS = (
    *("build_id", "id", "id_like", "image_id", "image_version", "name", "pretty_name"),
    *("variant", "variant_id", "version", "version_codename", "version_id"),
)
OS_INFO = MetricFamily(
    "node_os_info", "gauge", f"A metric with a constant '1' value labeled by {', '.join(OS_FIELDS)}.", OS_FIELDS
)
OS_VERSION = MetricFamily(
    "node_os_version", "gauge", "Metric containing the major.minor part of the OS version.", ("id", "id_like", "name")
)

FAMILIES: tuple[MetricFamily, ...] = (
    *(CPU_SECONDS, CPU_GUEST_SECONDS, LOAD1, LOAD5, LOAD15, TIME, UNAME, OS_INFO, OS_VERSION, USERS),
    *STAT.values(),
    *(FILES_ALLOCATED, FILES_MAXIMUM, CONNTRACK_ENTRIES, CONNTRACK_LIMIT),
    *(TIMEX_OFFSET, TIMEX_MAXERROR, TIMEX_ESTIMATED, TIMEX_SYNC),
    *MEMORY.values(),
    *VMSTAT.values(),
    *(family for family, _divisor in DISK),
    *(MD_DISKS, MD_REQUIRED, MD_STATE, MD_BLOCKS, MD_SYNCED),
    *(FS_SIZE, FS_FREE, FS_AVAIL, FS_FILES, FS_FILES_FREE, FS_READONLY, FS_ERROR),
    *NETWORK,
    *(NETWORK_UP, NETWORK_MTU, NETWORK_SPEED, BONDING_SLAVES, BONDING_ACTIVE),
    *(HWMON_TEMP, HWMON_TEMP_MAX, HWMON_TEMP_CRIT, HWMON_TEMP_CRIT_ALARM, HWMON_TEMP_ALARM, HWMON_TEMP_FAULT),
    *(HWMON_FAN, HWMON_FAN_ALARM, HWMON_FAN_FAULT, HWMON_CHIP, HWMON_LABEL, POWER_CAPACITY, POWER_ONLINE),
)
