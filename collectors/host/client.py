"""Reads this machine, blocking: psutil where its figures are node_exporter's, /proc and /sys where they are not.

psutil sums up what node_exporter tells apart (its ``cached`` memory includes slab, ``isup`` is a flag and not the
operational state, its sensors have no chip path), so memory, vmstat, operstate and sensors are read as text.
"""

from __future__ import annotations

import contextlib
import functools
import os
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import psutil

from agent.layout import Sample
from collectors.host import families as f
from collectors.host import parse
from collectors.host.parse import Fields, Hwmon, Interface, Mount, Space

T = TypeVar("T")

MAX_FILE_BYTES = 256
# What psutil and the files raise; NotImplementedError (a RuntimeError) where the kernel lacks a file.
FAILURES = (OSError, RuntimeError, ValueError, LookupError, psutil.Error)


@dataclass(frozen=True, slots=True)
class Roots:
    """Where the kernel's file systems are; psutil reads its own /proc."""

    proc: Path = Path("/proc")
    sys: Path = Path("/sys")


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What one look brought. ``cpu`` is handed in at the next; ``partial`` names the parts that failed, and why."""

    samples: tuple[Sample, ...]
    cpu: tuple[Fields, ...]
    mounts: tuple[Mount, ...]
    partial: tuple[str, ...]


def read_host(roots: Roots, previous_cpu: tuple[Fields, ...]) -> Snapshot:
    """Read everything but the filesystems' sizes. A part that fails is named in ``partial``; the others go on."""
    partial: list[str] = []
    cpu = _attempt("cpu", lambda: parse.never_back(previous_cpu, read_cpu()), partial)
    mounts = _attempt("filesystem", lambda: parse.mounts(psutil.disk_partitions(all=True)), partial)
    samples = list(parse.cpu(cpu))
    for part, read in PARTS.items():
        samples += _attempt(part, functools.partial(read, roots), partial)
    return Snapshot(tuple(samples), cpu, mounts, tuple(partial))


def _attempt(part: str, read: Callable[[], Iterable[T]], partial: list[str]) -> tuple[T, ...]:
    try:
        return tuple(read())
    except FAILURES as error:
        partial.append(f"{part}: {error}")
        return ()


def read_cpu() -> tuple[Fields, ...]:
    """CPU times of each CPU, in seconds by mode."""
    return tuple(times._asdict() for times in psutil.cpu_times(percpu=True))


def read_space(mountpoint: str) -> Space:
    """Ask one filesystem. Never returns while a network filesystem's server is gone. Raises OSError."""
    found = os.statvfs(mountpoint)
    unit = found.f_frsize
    return Space(
        found.f_blocks * unit, found.f_bfree * unit, found.f_bavail * unit, float(found.f_files), float(found.f_ffree)
    )


def _system(roots: Roots) -> Iterable[Sample]:
    load = os.getloadavg()
    for family, value in zip((f.LOAD1, f.LOAD5, f.LOAD15), load, strict=True):
        yield Sample(family, (), value)
    yield Sample(f.BOOT_TIME, (), psutil.boot_time())
    # The machine's clock is what is measured here; the daemon's own notion of time stays in agent.engine.clock.
    yield Sample(f.TIME, (), time.clock_gettime(time.CLOCK_REALTIME))
    yield Sample(f.USERS, (), len(psutil.users()))
    uname = os.uname()
    domain = _text(roots.proc / "sys/kernel/domainname")
    labels = (domain, uname.machine, uname.nodename, uname.release, uname.sysname, uname.version)
    yield Sample(f.UNAME, labels, 1)


def _disks(_roots: Roots) -> Iterable[Sample]:
    counters = psutil.disk_io_counters(perdisk=True, nowrap=False)
    return parse.disks({name: fields._asdict() for name, fields in counters.items()})


def _traffic(_roots: Roots) -> Iterable[Sample]:
    counters = psutil.net_io_counters(pernic=True, nowrap=False)
    return parse.traffic({name: fields._asdict() for name, fields in counters.items()})


def _interfaces(roots: Roots) -> Iterable[Sample]:
    found: dict[str, Interface] = {}
    for name, stats in psutil.net_if_stats().items():
        try:
            up = _text(roots.sys / "class/net" / name / "operstate") == "up"
        except FileNotFoundError:
            continue  # it vanished meanwhile
        found[name] = Interface(up, stats.mtu, stats.speed)
    return parse.interfaces(found)


def _sensors(roots: Roots) -> Iterable[Sample]:
    return parse.sensors([_hwmon(path) for path in sorted((roots.sys / "class/hwmon").glob("*"))])


def _hwmon(path: Path) -> Hwmon:
    files = (
        *path.glob("temp*_input"),
        *path.glob("fan*_input"),
        *path.glob("temp*_label"),
        *path.glob("fan*_label"),
    )
    device = path / "device"
    there = device.exists()
    return Hwmon(
        name=_text(path / "name"),
        bus=(device / "subsystem").resolve().name if (device / "subsystem").exists() else "",
        device=device.resolve().name if there else "",
        files=_texts(files),
    )


def _power_supplies(roots: Roots) -> Iterable[Sample]:
    supplies = sorted((roots.sys / "class/power_supply").glob("*"))
    return parse.power_supplies({path.name: _texts((path / "capacity", path / "online")) for path in supplies})


def _texts(paths: Iterable[Path]) -> Mapping[str, str]:
    """The files that can be read; a sensor that is asleep answers with an error and is absent."""
    texts: dict[str, str] = {}
    for path in paths:
        with contextlib.suppress(OSError):
            texts[path.name] = _text(path)
    return texts


def _text(path: Path) -> str:
    with path.open("rb") as file:
        return file.read(MAX_FILE_BYTES).decode("utf-8", "replace").strip()


PARTS: Mapping[str, Callable[[Roots], Iterable[Sample]]] = {
    "system": _system,
    "memory": lambda roots: parse.memory((roots.proc / "meminfo").read_text("utf-8", "replace")),
    "vmstat": lambda roots: parse.vmstat((roots.proc / "vmstat").read_text("utf-8", "replace")),
    "disk": _disks,
    "traffic": _traffic,
    "interfaces": _interfaces,
    "sensors": _sensors,
    "power supply": _power_supplies,
}
