"""Interfaces, bonds, sensors, power supplies and RAID arrays as the kernel tells of them. No I/O, no clock."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise
from typing import NamedTuple

from agent.contract import MetricFamily
from agent.layout import Sample
from collectors.host import families as f
from collectors.host.tables import Block, block

MEGABITS = 1e6 / 8
MD_STATES = ("active", "inactive", "recovering", "resync", "check")

# What a chip's files mean: family, and the unit of the file. The kernel's flags are 0 or 1; that node_exporter divides
# one of them by a thousand as well is kept, so that boards and rules find what they know.
_SENSORS: Mapping[tuple[str, str], tuple[MetricFamily, float]] = {
    ("temp", "input"): (f.HWMON_TEMP, 1000),
    ("temp", "max"): (f.HWMON_TEMP_MAX, 1000),
    ("temp", "crit"): (f.HWMON_TEMP_CRIT, 1000),
    ("temp", "crit_alarm"): (f.HWMON_TEMP_CRIT_ALARM, 1000),
    ("temp", "alarm"): (f.HWMON_TEMP_ALARM, 1),
    ("temp", "fault"): (f.HWMON_TEMP_FAULT, 1),
    ("fan", "input"): (f.HWMON_FAN, 1),
    ("fan", "alarm"): (f.HWMON_FAN_ALARM, 1),
    ("fan", "fault"): (f.HWMON_FAN_FAULT, 1),
}
_CHANGES = frozenset({"input", "alarm", "crit_alarm", "fault"})
_MD_DISKS = re.compile(r"(\d+) blocks .*\[(\d+)/(\d+)\] \[[U_]+\]")
_MD_DONE = re.compile(r"\((\d+)/\d+\)")


class Interface(NamedTuple):
    """What an interface is, apart from its traffic; speed in Mbit/s, 0 or less where the driver does not know it."""

    up: bool
    mtu: int
    speed: int


class Hwmon(NamedTuple):
    """One directory of /sys/class/hwmon: which device, and the text of its files: input, label, limits, flags."""

    name: str
    bus: str
    device: str
    files: Mapping[str, str]


class Bond(NamedTuple):
    """A bonding interface: how many interfaces it has, and over how many it can send."""

    slaves: int
    active: int


def interfaces(found: Mapping[str, Interface]) -> Iterator[Sample]:
    """Up, MTU and speed. A speed that the driver does not know is absent (node_exporter 1.5 says -125000)."""
    for device, interface in found.items():
        yield Sample(f.NETWORK_UP, (device,), float(interface.up))
        yield Sample(f.NETWORK_MTU, (device,), interface.mtu)
        if interface.speed > 0:
            yield Sample(f.NETWORK_SPEED, (device,), interface.speed * MEGABITS)


def bonds(found: Mapping[str, Bond]) -> Iterator[Sample]:
    """Bonding interfaces: fewer active than there are slaves means that a cable or a switch is gone."""
    for master, bond in found.items():
        yield Sample(f.BONDING_SLAVES, (master,), bond.slaves)
        yield Sample(f.BONDING_ACTIVE, (master,), bond.active)


def chip_name(hwmon: Hwmon) -> str:
    """node_exporter's ``chip``: bus and device where there is one, else the driver's name."""
    parts = (_metric_word(hwmon.bus), _metric_word(hwmon.device))
    if all(parts):
        return "_".join(parts)
    return parts[1] or _metric_word(hwmon.name)


def _metric_word(text: str) -> str:
    return re.sub(r"[^a-z0-9:_]", "_", text.lower()).strip("_")


def is_read(file: str, *, now: bool) -> bool:
    """Whether a chip's file is read: at each look (``now``) or once, as what stays."""
    sensor, _, kind = file.partition("_")
    known = (sensor.rstrip("0123456789"), kind)
    return (kind == "label" or known in _SENSORS) and (kind in _CHANGES) is now


def sensors(chips: Iterable[Hwmon]) -> Iterator[Sample]:
    """Temperatures (millidegrees in sysfs) and fans, limits and flags; what is no number is absent."""
    for hwmon in chips:
        chip = chip_name(hwmon)
        yield Sample(f.HWMON_CHIP, (chip, hwmon.name), 1)
        for file, text in sorted(hwmon.files.items()):
            sensor, _, kind = file.partition("_")
            known = _SENSORS.get((sensor.rstrip("0123456789"), kind))
            if kind == "label":
                yield Sample(f.HWMON_LABEL, (chip, text, sensor), 1)
            elif known is not None and (value := _number(text)) is not None:
                family, unit = known
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


def raid(text: bytes) -> Block:
    """/proc/mdstat, each array as node_exporter's reader counts it. Raises ValueError, IndexError where it is none."""
    lines = text.decode("utf-8", "replace").splitlines()
    starts = [number for number, line in enumerate(lines) if re.match(r"md\S* : ", line)]
    return block(sample for start, end in pairwise([*starts, len(lines)]) for sample in _array(lines[start:end]))


def _array(lines: list[str]) -> Iterator[Sample]:
    device, _, state = lines[0].split()[:3]
    size = float(lines[1].split()[0])
    required, active = _disks(lines, state)
    doing, done = _doing(lines[2:])
    failed, spare = lines[0].count("(F)"), lines[0].count("(S)")
    for name, count in (("active", active), ("failed", failed), ("spare", spare)):
        yield Sample(f.MD_DISKS, (device, name), count)
    yield Sample(f.MD_REQUIRED, (device,), required)
    for name in MD_STATES:
        yield Sample(f.MD_STATE, (device, name), float(name == (doing or state)))
    yield Sample(f.MD_BLOCKS, (device,), size)
    yield Sample(f.MD_SYNCED, (device,), size if done is None else done)


def _disks(lines: list[str], state: str) -> tuple[int, int]:
    """Disks that the array wants, and those that work. RAID 0 and linear do without a count: all work, or none."""
    if "raid0" in lines[0] or "linear" in lines[0]:
        return lines[0].count("["), lines[0].count("[")
    if state == "inactive":
        return 0, 0
    counts = _MD_DISKS.search(lines[1])
    if counts is None:
        raise ValueError(f"no count of disks in {lines[1]!r}")
    return int(counts[2]), int(counts[3])


def _doing(lines: Iterable[str]) -> tuple[str, float | None]:
    """What the array is busy with, if anything, and the blocks that are done."""
    for line in lines:
        for word, state in (("recovery", "recovering"), ("resync", "resync"), ("check", "check")):
            if word in line:
                done = _MD_DONE.search(line)
                return state, float(done[1]) if done else 0.0
    return "", None
