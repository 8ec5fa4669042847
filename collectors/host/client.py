"""Reads this machine, blocking, as text from /proc and /sys: each file once, nothing else.

psutil counts the sessions only. It sums up what node_exporter tells apart (its ``cached`` memory includes slab, its
``isup`` is a flag and not the operational state), and costs several times as much.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import psutil

from agent.layout import Sample, clean_text
from collectors.host import families as f
from collectors.host import parse
from collectors.host.hardware import raid
from collectors.host.mounts import NEVER_HANG, Mount, Space, filesystem, mounts, own_mounts
from collectors.host.sysfs import Sysfs, read_file
from collectors.host.tables import Block, Numbers, Remembered, block, table
from collectors.host.timex import Timekeeper

# What the files and psutil raise; NotImplementedError (a RuntimeError) where the kernel lacks a file.
FAILURES = (OSError, RuntimeError, ValueError, LookupError, psutil.Error)


@dataclass(frozen=True, slots=True)
class Roots:
    """Where the kernel's file systems are, and the file that names the operating system."""

    proc: Path = Path("/proc")
    sys: Path = Path("/sys")
    os_release: Path = Path("/etc/os-release")


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What one look brought. ``mounts`` are yet to be asked; ``partial`` names the parts that failed, and why."""

    blocks: tuple[Block, ...]
    mounts: tuple[Mount, ...]
    partial: tuple[str, ...]


def read_space(mountpoint: str) -> Space:
    """Ask one filesystem. Never returns while a network filesystem's server is gone. Raises OSError."""
    found = os.statvfs(mountpoint)
    unit = found.f_frsize
    return Space(
        found.f_blocks * unit, found.f_bfree * unit, found.f_bavail * unit, float(found.f_files), float(found.f_ffree)
    )


class HostReader:
    """Reads this machine, and keeps from look to look what does not change: names, and what they stand for."""

    def __init__(self, roots: Roots, ask: Callable[[str], Space] = read_space) -> None:
        self._proc = str(roots.proc)
        self._os_release = str(roots.os_release)
        self._ask = ask
        self._sysfs = Sysfs(str(roots.sys))
        self._timekeeper = Timekeeper()
        self._cpus, self._totals = Numbers(parse.cpu), Numbers(parse.totals)
        self._last_cpus = Block()
        self._memory, self._vmstat = Numbers(parse.memory), Numbers(parse.vmstat)
        self._disks, self._traffic = Numbers(parse.disks, may_be_empty=True), Numbers(parse.traffic, may_be_empty=True)
        self._host_mounts = Remembered(mounts)
        self._own_mounts = Remembered(own_mounts)
        self._system = Remembered(parse.operating_system)
        self._raid = Remembered(raid)
        self._parts = self._all_parts()

    def _all_parts(self) -> Mapping[str, Callable[[], Block]]:
        return {
            "cpu": self._read_stat,
            "system": self._read_system,
            "operating system": lambda: self._system.read(read_file(self._os_release)),
            "clock": self._read_clock,
            "load": lambda: parse.load(self._file("loadavg")),
            "open files": lambda: parse.open_files(self._file("sys/fs/file-nr")),
            "connections": self._read_conntrack,
            "memory": lambda: self._memory.read(parse.split_memory(self._file("meminfo"))),
            "vmstat": lambda: self._vmstat.read(table(self._file("vmstat"))),
            "disk": lambda: self._disks.read(table(self._file("diskstats"), name=2)),
            "raid": self._read_raid,
            "traffic": lambda: self._traffic.read(parse.split_traffic(self._file("net/dev"))),
            "interfaces": self._sysfs.read_interfaces,
            "bonds": self._sysfs.read_bonds,
            "sensors": self._sysfs.read_sensors,
            "power supply": self._sysfs.read_power_supplies,
        }

    def read(self) -> Snapshot:
        """Read all but the filesystems that may hang. A part that fails is named in ``partial``; the others go on."""
        partial: list[str] = []
        blocks: list[Block] = []
        found: tuple[Mount, ...] = ()
        for part, read in self._parts.items():
            try:
                blocks.append(read())
            except FAILURES as error:
                partial.append(clean_text(f"{part}: {error}"))
        partial += map(clean_text, self._sysfs.silent())
        try:
            found = self._read_mounts()
        except FAILURES as error:
            partial.append(clean_text(f"filesystem: {error}"))
        blocks.append(self._read_spaces(found, partial))
        return Snapshot(tuple(blocks), tuple(one for one in found if one.fstype not in NEVER_HANG), tuple(partial))

    def _file(self, path: str) -> bytes:
        return read_file(f"{self._proc}/{path}")

    def _read_stat(self) -> Block:
        cpus, totals = parse.split_stat(self._file("stat"))
        held = self._last_cpus = parse.never_back(self._last_cpus, self._cpus.read(cpus))
        rest = self._totals.read(totals)
        return Block(held.series + rest.series, [*held.values, *rest.values])

    def _read_system(self) -> Block:
        uname = os.uname()
        domain = self._file("sys/kernel/domainname").decode("utf-8", "replace").strip()
        labels = (domain, uname.machine, uname.nodename, uname.release, uname.sysname, uname.version)
        # The machine's clock is what is measured here; the daemon's own notion of time stays in agent.engine.clock.
        now = time.clock_gettime(time.CLOCK_REALTIME)
        sessions = len(psutil.users())
        return block((Sample(f.UNAME, labels, 1), Sample(f.TIME, (), now), Sample(f.USERS, (), sessions)))

    def _read_clock(self) -> Block:
        try:
            return block(parse.timex(self._timekeeper.read()))
        except PermissionError:  # a sandbox forbids the call for good: nothing of the machine is amiss
            return Block()

    def _read_conntrack(self) -> Block:
        try:
            words = [self._file(f"sys/net/netfilter/nf_conntrack_{name}") for name in ("count", "max")]
        except FileNotFoundError:  # no packet filter that follows connections
            return Block()
        return parse.numbers((f.CONNTRACK_ENTRIES, f.CONNTRACK_LIMIT), words)

    def _read_raid(self) -> Block:
        try:
            return self._raid.read(self._file("mdstat"))
        except FileNotFoundError:  # no software RAID
            return Block()

    def _read_mounts(self) -> tuple[Mount, ...]:
        """Return the machine's mounts, or, where a sandbox hides them, our own view of them."""
        try:
            return self._host_mounts.read(self._file("1/mountinfo"))
        except (FileNotFoundError, PermissionError):
            return self._own_mounts.read(self._file("self/mountinfo"))

    def _read_spaces(self, found: tuple[Mount, ...], partial: list[str]) -> Block:
        samples: list[Sample] = []
        for mount in found:
            if mount.fstype in NEVER_HANG:
                space: Space | None = None
                try:
                    space = self._ask(mount.mountpoint)
                except OSError as error:
                    partial.append(clean_text(f"filesystem {mount.mountpoint}: {error.strerror or error}"))
                samples += filesystem(mount, space)
        return block(samples)
