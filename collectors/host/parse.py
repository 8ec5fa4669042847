"""From what psutil, /proc and /sys said to node_exporter's samples. No I/O, no clock."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple, Protocol

from agent.layout import Sample
from collectors.host import families as f

Fields = Mapping[str, float]

# node_exporter's defaults (1.5): what is not a disk, a real filesystem or an interface with traffic.
IGNORED_DISKS = re.compile(r"^(ram|loop|fd|(h|s|v|xv)d[a-z]|nvme\d+n\d+p)\d+$")
IGNORED_MOUNTS = re.compile(r"^/(dev|proc|run|sys|mnt|media|var/lib/docker/.+|var/lib/containers/storage/.+)($|/)")
IGNORED_FILESYSTEMS = re.compile(
    r"^(autofs|binfmt_misc|bpf|cgroup2?|configfs|debugfs|devpts|devtmpfs|fusectl|hugetlbfs|iso9660|mqueue|nsfs|"
    r"overlay|proc|procfs|pstore|rpc_pipefs|securityfs|selinuxfs|squashfs|sysfs|tracefs)$"
)
IGNORED_TRAFFIC = re.compile(r"^lo$")

CPU_MODES = ("user", "nice", "system", "idle", "iowait", "irq", "softirq", "steal")
GUEST_MODES = {"user": "guest", "nice": "guest_nice"}
CPU_RESET_SECONDS = 3.0
MILLISECONDS = 1000


class Mount(NamedTuple):
    """One mounted filesystem, as in /proc/self/mounts."""

    device: str
    fstype: str
    mountpoint: str
    readonly: bool


class Space(NamedTuple):
    """What statvfs(3) says of a filesystem: bytes and inodes."""

    size: float
    free: float
    avail: float
    files: float
    files_free: float


class Interface(NamedTuple):
    """What an interface is, apart from its traffic; speed in Mbit/s, 0 where the driver does not know it."""

    up: bool
    mtu: int
    speed: int


class Hwmon(NamedTuple):
    """One directory of /sys/class/hwmon: which device, and the text of its ``*_input`` and ``*_label`` files."""

    name: str
    bus: str
    device: str
    files: Mapping[str, str]


class Partition(Protocol):
    """psutil's ``sdiskpart``."""

    @property
    def device(self) -> str: ...  # noqa: D102
    @property
    def mountpoint(self) -> str: ...  # noqa: D102
    @property
    def fstype(self) -> str: ...  # noqa: D102
    @property
    def opts(self) -> str: ...  # noqa: D102


def never_back(previous: tuple[Fields, ...], current: tuple[Fields, ...]) -> tuple[Fields, ...]:
    """Return the CPU times of all CPUs such that no mode steps back, as node_exporter does.

    The kernel's idle and iowait seconds may shrink a little (proc(5)), which a rate() would take for a restart. Where
    idle shrinks by 3 s or more the CPU was taken offline and came back: it counts afresh.
    """
    if len(previous) != len(current):
        return current
    return tuple(
        now
        if now["idle"] <= before["idle"] - CPU_RESET_SECONDS
        else {mode: max(value, before.get(mode, 0.0)) for mode, value in now.items()}
        for before, now in zip(previous, current, strict=True)
    )


def cpu(times: Iterable[Fields]) -> Iterator[Sample]:
    """CPU seconds by mode; /proc/stat's user already includes guest, as in node_exporter."""
    for number, fields in enumerate(times):
        for mode in CPU_MODES:
            yield Sample(f.CPU_SECONDS, (str(number), mode), fields[mode])
        for mode, field in GUEST_MODES.items():
            yield Sample(f.CPU_GUEST_SECONDS, (str(number), mode), fields[field])


def memory(text: str) -> Iterator[Sample]:
    """The /proc/meminfo text; psutil's own figures differ (its ``cached`` includes reclaimable slab)."""
    for line in text.splitlines():
        name, _, rest = line.partition(":")
        words = rest.split()
        if (family := f.MEMORY.get(name)) and words:
            yield Sample(family, (), float(words[0]) * (1024 if words[1:] == ["kB"] else 1))


def vmstat(text: str) -> Iterator[Sample]:
    """The /proc/vmstat text: pages, not bytes."""
    for line in text.splitlines():
        name, _, value = line.partition(" ")
        if family := f.VMSTAT.get(name):
            yield Sample(family, (), float(value))


def disks(counters: Mapping[str, Fields]) -> Iterator[Sample]:
    """Samples of psutil's disk_io_counters: bytes, and times in milliseconds."""
    for device, c in counters.items():
        if IGNORED_DISKS.match(device):
            continue
        labels = (device,)
        yield Sample(f.DISK_READS, labels, c["read_count"])
        yield Sample(f.DISK_WRITES, labels, c["write_count"])
        yield Sample(f.DISK_READ_BYTES, labels, c["read_bytes"])
        yield Sample(f.DISK_WRITTEN_BYTES, labels, c["write_bytes"])
        yield Sample(f.DISK_READ_TIME, labels, c["read_time"] / MILLISECONDS)
        yield Sample(f.DISK_WRITE_TIME, labels, c["write_time"] / MILLISECONDS)
        yield Sample(f.DISK_READS_MERGED, labels, c["read_merged_count"])
        yield Sample(f.DISK_WRITES_MERGED, labels, c["write_merged_count"])
        yield Sample(f.DISK_IO_TIME, labels, c["busy_time"] / MILLISECONDS)


def traffic(counters: Mapping[str, Fields]) -> Iterator[Sample]:
    """Samples of psutil's net_io_counters; errors and drops as /proc/net/dev counts them."""
    for device, fields in counters.items():
        if not IGNORED_TRAFFIC.match(device):
            for field, family in f.NETWORK.items():
                yield Sample(family, (device,), fields[field])


def interfaces(found: Mapping[str, Interface]) -> Iterator[Sample]:
    """Up, MTU and speed. A speed that the driver does not know is absent (node_exporter 1.5 says -125000)."""
    for device, interface in found.items():
        yield Sample(f.NETWORK_UP, (device,), float(interface.up))
        yield Sample(f.NETWORK_MTU, (device,), interface.mtu)
        if interface.speed > 0:
            yield Sample(f.NETWORK_SPEED, (device,), interface.speed * 1e6 / 8)


def mounts(partitions: Iterable[Partition]) -> tuple[Mount, ...]:
    """The filesystems that node_exporter would show, each mount point once (the first, as node_exporter)."""
    found: dict[tuple[str, str], Mount] = {}
    for p in partitions:
        if not IGNORED_MOUNTS.match(p.mountpoint) and not IGNORED_FILESYSTEMS.match(p.fstype):
            mount = Mount(p.device, p.fstype, p.mountpoint, "ro" in p.opts.split(","))
            found.setdefault((p.device, p.mountpoint), mount)
    return tuple(found.values())


def filesystem(mount: Mount, space: Space | None) -> Iterator[Sample]:
    """One filesystem; without ``space`` it could not be asked, and only that is said."""
    labels = (mount.device, mount.fstype, mount.mountpoint)
    yield Sample(f.FS_ERROR, labels, float(space is None))
    yield Sample(f.FS_READONLY, labels, float(mount.readonly))
    if space is not None:
        yield Sample(f.FS_SIZE, labels, space.size)
        yield Sample(f.FS_FREE, labels, space.free)
        yield Sample(f.FS_AVAIL, labels, space.avail)
        yield Sample(f.FS_FILES, labels, space.files)
        yield Sample(f.FS_FILES_FREE, labels, space.files_free)


def chip_name(hwmon: Hwmon) -> str:
    """node_exporter's ``chip``: bus and device where there is one, else the driver's name."""
    parts = (_metric_word(hwmon.bus), _metric_word(hwmon.device))
    if all(parts):
        return "_".join(parts)
    return parts[1] or _metric_word(hwmon.name)


def _metric_word(text: str) -> str:
    return re.sub(r"[^a-z0-9:_]", "_", text.lower()).strip("_")


def sensors(chips: Iterable[Hwmon]) -> Iterator[Sample]:
    """Temperatures (millidegrees in sysfs) and fans; a sensor that gives no number is absent."""
    for hwmon in chips:
        chip = chip_name(hwmon)
        yield Sample(f.HWMON_CHIP, (chip, hwmon.name), 1)
        for file, text in sorted(hwmon.files.items()):
            sensor, _, kind = file.partition("_")
            if kind == "label":
                yield Sample(f.HWMON_LABEL, (chip, text, sensor), 1)
            elif (value := _number(text)) is not None:
                family, unit = (f.HWMON_TEMP, 1000) if sensor.startswith("temp") else (f.HWMON_FAN, 1)
                yield Sample(family, (chip, sensor), value / unit)


def power_supplies(found: Mapping[str, Mapping[str, str]]) -> Iterator[Sample]:
    """Charge of batteries in percent, and whether mains are there."""
    for supply, files in found.items():
        for file, family in (("capacity", f.POWER_CAPACITY), ("online", f.POWER_ONLINE)):
            if (value := _number(files.get(file, ""))) is not None:
                yield Sample(family, (supply,), value)


def _number(text: str) -> float | None:
    try:
        return float(int(text))
    except ValueError:
        return None
