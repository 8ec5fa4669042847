"""From the kernel's files of numbers (proc(5)) to node_exporter's series. No I/O, no clock."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from agent.contract import MetricFamily
from agent.layout import Sample
from collectors.host import families as f
from collectors.host.tables import Block, Pick, Table, block, table

# node_exporter's defaults (1.5): what is not a disk, and an interface without traffic of interest.
IGNORED_DISKS = re.compile(r"^(ram|loop|fd|(h|s|v|xv)d[a-z]|nvme\d+n\d+p)\d+$")
IGNORED_TRAFFIC = re.compile(r"^lo$")

USER_HZ = 100  # the kernel's unit towards programs, whatever its own
CPU_MODES = ("user", "nice", "system", "idle", "iowait", "irq", "softirq", "steal")
GUEST_MODES = ("user", "nice")
CPU_SERIES = len(CPU_MODES) + len(GUEST_MODES)
IDLE = CPU_MODES.index("idle")
CPU_RESET_SECONDS = 3.0
KILOBYTES = 1 / 1024

STA_NANO = 0x2000  # linux/timex.h
TIME_ERROR = 5


class Timex(NamedTuple):
    """What adjtimex(2) says of the clock: its state and flags, the offset in µs or ns, both errors in µs."""

    state: int
    status: int
    offset: int
    maxerror: int
    esterror: int


def label(word: bytes) -> str:
    """Return a name of the kernel's; what is no UTF-8 is made clean with all other labels."""
    return word.decode("utf-8", "surrogateescape")


def split_stat(text: bytes) -> tuple[Table, Table]:
    """Split /proc/stat into its CPUs and its totals; of the interrupts, which may be thousands, only the sum."""
    cpus, _, rest = text.partition(b"intr ")
    interrupts, _, rest = rest.partition(b"\n")
    totals = b"intr %s\n%s" % (interrupts.partition(b" ")[0], rest.partition(b"softirq")[0])
    return table(cpus), table(totals)


def cpu(found: Table) -> Iterator[Pick]:
    """CPU seconds by mode; the kernel's user already includes guest, as in node_exporter."""
    for row, name in enumerate(found.names):
        number = label(name.removeprefix(b"cpu"))
        if number:  # the first row is the sum
            at = row * found.width + 1
            for column, mode in enumerate(CPU_MODES):
                yield Pick(f.CPU_SECONDS, (number, mode), at + column, USER_HZ)
            for column, mode in enumerate(GUEST_MODES, len(CPU_MODES)):
                yield Pick(f.CPU_GUEST_SECONDS, (number, mode), at + column, USER_HZ)


def never_back(previous: Block, current: Block) -> Block:
    """Return the CPU times of all CPUs such that no mode steps back, as node_exporter does.

    The kernel's idle and iowait seconds may shrink a little (proc(5)), which a rate() would take for a restart. Where
    idle shrinks by 3 s or more the CPU was taken offline and came back: it counts afresh, as do all where another CPU
    came or went.
    """
    if previous.series != current.series:
        return current
    values: list[float] = []
    for at in range(0, len(current.values), CPU_SERIES):
        before, now = previous.values[at : at + CPU_SERIES], current.values[at : at + CPU_SERIES]
        values += now if now[IDLE] <= before[IDLE] - CPU_RESET_SECONDS else map(max, before, now)
    return Block(current.series, values)


def totals(found: Table) -> Iterator[Pick]:
    """What /proc/stat counts for the whole machine."""
    for row, name in enumerate(found.names):
        if family := f.STAT.get(label(name)):
            yield Pick(family, (), row * found.width + 1)


def split_memory(text: bytes) -> Table:
    """Split /proc/meminfo; psutil's own figures differ (its ``cached`` includes reclaimable slab)."""
    return table(text.replace(b" kB", b""))


def memory(found: Table) -> Iterator[Pick]:
    """Bytes, and the huge pages' numbers."""
    for row, name in enumerate(found.names):
        field = re.sub(r"\((.*)\)", r"_\1", label(name).removesuffix(":"))
        unit = "" if field in f.MEMORY_PAGES else "_bytes"
        if family := f.MEMORY.get(field + unit):
            yield Pick(family, (), row * found.width + 1, KILOBYTES if unit else 1)


def vmstat(found: Table) -> Iterator[Pick]:
    """/proc/vmstat: pages, not bytes."""
    for row, name in enumerate(found.names):
        if family := f.VMSTAT.get(label(name)):
            yield Pick(family, (), row * found.width + 1)


def disks(found: Table) -> Iterator[Pick]:
    """/proc/diskstats: sectors of 512 bytes, times in milliseconds. Kernels before 5.5 know fewer columns."""
    for row, name in enumerate(found.names):
        device = label(name)
        if not IGNORED_DISKS.match(device):
            at = row * found.width + 3
            for column, (family, divisor) in enumerate(f.DISK[: found.width - 3]):
                yield Pick(family, (device,), at + column, divisor)


def split_traffic(text: bytes) -> Table:
    """Split /proc/net/dev, whose first two lines are headings."""
    return table(text.split(b"\n", 2)[2])


def traffic(found: Table) -> Iterator[Pick]:
    """Errors and drops as /proc/net/dev counts them."""
    for row, name in enumerate(found.names):
        device = label(name).removesuffix(":")
        if not IGNORED_TRAFFIC.match(device):
            at = row * found.width + 1
            for column, family in enumerate(f.NETWORK):
                yield Pick(family, (device,), at + column)


def load(text: bytes) -> Block:
    """/proc/loadavg."""
    return numbers((f.LOAD1, f.LOAD5, f.LOAD15), text.split()[:3])


def open_files(text: bytes) -> Block:
    """/proc/sys/fs/file-nr: allocated, free (always 0), maximum."""
    return numbers((f.FILES_ALLOCATED, f.FILES_MAXIMUM), text.split()[::2])


def numbers(families: Sequence[MetricFamily], words: Sequence[bytes]) -> Block:
    """Return one number for each family. Raises ValueError where there are more or fewer."""
    return block(Sample(family, (), float(word)) for family, word in zip(families, words, strict=True))


def timex(found: Timex) -> Iterator[Sample]:
    """What the kernel knows of the clock's error."""
    yield Sample(f.TIMEX_OFFSET, (), found.offset / (1e9 if found.status & STA_NANO else 1e6))
    yield Sample(f.TIMEX_MAXERROR, (), found.maxerror / 1e6)
    yield Sample(f.TIMEX_ESTIMATED, (), found.esterror / 1e6)
    yield Sample(f.TIMEX_SYNC, (), float(found.state != TIME_ERROR))


def operating_system(text: bytes) -> Block:
    """os-release(5). Raises ValueError where a quote does not end."""
    fields = dict.fromkeys(f.OS_FIELDS, "")
    for line in text.decode("utf-8", "replace").splitlines():
        name, equals, value = line.strip().partition("=")
        if equals and name.lower() in fields:
            fields[name.lower()] = "".join(shlex.split(value)[:1])
    samples = [Sample(f.OS_INFO, tuple(fields.values()), 1)]
    if version := re.match(r"\d+\.?\d*", fields["version_id"]):
        labels = tuple(fields[name] for name in f.OS_VERSION.labels)
        samples.append(Sample(f.OS_VERSION, labels, float(version.group())))
    return block(samples)
