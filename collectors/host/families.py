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

# The fields of /proc/meminfo that boards and rules use; those in kB there are bytes here.
MEMORY_FIELDS = (
    "MemTotal",
    "MemFree",
    "MemAvailable",
    "Buffers",
    "Cached",
    "SwapCached",
    "SwapTotal",
    "SwapFree",
    "Active",
    "Inactive",
    "Dirty",
    "Writeback",
    "AnonPages",
    "Mapped",
    "Shmem",
    "Slab",
    "SReclaimable",
    "SUnreclaim",
    "KernelStack",
    "PageTables",
    "CommitLimit",
    "Committed_AS",
)
MEMORY = {
    field: MetricFamily(f"node_memory_{field}_bytes", "gauge", f"Memory information field {field}_bytes.")
    for field in MEMORY_FIELDS
}
VMSTAT = {
    field: MetricFamily(f"node_vmstat_{field}", "unknown", f"/proc/vmstat information field {field}.")
    for field in ("pswpin", "pswpout", "pgpgin", "pgpgout", "pgfault", "pgmajfault", "oom_kill")
}


def _disk(name: str, text: str) -> MetricFamily:
    return MetricFamily(f"node_disk_{name}_total", "counter", text, DEVICE)


DISK_READS = _disk("reads_completed", "The total number of reads completed successfully.")
DISK_WRITES = _disk("writes_completed", "The total number of writes completed successfully.")
DISK_READ_BYTES = _disk("read_bytes", "The total number of bytes read successfully.")
DISK_WRITTEN_BYTES = _disk("written_bytes", "The total number of bytes written successfully.")
DISK_READ_TIME = _disk("read_time_seconds", "The total number of seconds spent by all reads.")
DISK_WRITE_TIME = _disk("write_time_seconds", "This is the total number of seconds spent by all writes.")
DISK_READS_MERGED = _disk("reads_merged", "The total number of reads merged.")
DISK_WRITES_MERGED = _disk("writes_merged", "The number of writes merged.")
DISK_IO_TIME = _disk("io_time_seconds", "Total seconds spent doing I/Os.")


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


# psutil's field of an interface -> family.
NETWORK = {
    field: _network(f"{name}_total", "counter", f"Network device statistic {name}.")
    for field, name in (
        ("bytes_recv", "receive_bytes"),
        ("packets_recv", "receive_packets"),
        ("errin", "receive_errs"),
        ("dropin", "receive_drop"),
        ("bytes_sent", "transmit_bytes"),
        ("packets_sent", "transmit_packets"),
        ("errout", "transmit_errs"),
        ("dropout", "transmit_drop"),
    )
}
NETWORK_UP = _network("up", "gauge", "Value is 1 if operstate is 'up', 0 otherwise.")
NETWORK_MTU = _network("mtu_bytes", "gauge", "Network device property: mtu_bytes")
NETWORK_SPEED = _network("speed_bytes", "gauge", "Network device property: speed_bytes")

HWMON_TEMP = MetricFamily("node_hwmon_temp_celsius", "gauge", "Hardware monitor for temperature (input)", SENSOR)
HWMON_FAN = MetricFamily(
    "node_hwmon_fan_rpm", "gauge", "Hardware monitor for fan revolutions per minute (input)", SENSOR
)
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

FAMILIES: tuple[MetricFamily, ...] = (
    *(CPU_SECONDS, CPU_GUEST_SECONDS, LOAD1, LOAD5, LOAD15, BOOT_TIME, TIME, UNAME, USERS),
    *MEMORY.values(),
    *VMSTAT.values(),
    *(DISK_READS, DISK_WRITES, DISK_READ_BYTES, DISK_WRITTEN_BYTES, DISK_READ_TIME, DISK_WRITE_TIME),
    *(DISK_READS_MERGED, DISK_WRITES_MERGED, DISK_IO_TIME),
    *(FS_SIZE, FS_FREE, FS_AVAIL, FS_FILES, FS_FILES_FREE, FS_READONLY, FS_ERROR),
    *NETWORK.values(),
    *(NETWORK_UP, NETWORK_MTU, NETWORK_SPEED),
    *(HWMON_TEMP, HWMON_FAN, HWMON_CHIP, HWMON_LABEL, POWER_CAPACITY, POWER_ONLINE),
)
