"""Reads /sys, blocking: interfaces, bonds, sensors, power supplies."""

from __future__ import annotations

import contextlib
import errno
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from collectors.host.hardware import Bond, Hwmon, Interface, bonds, interfaces, is_read, power_supplies, sensors
from collectors.host.tables import Block, block

CHUNK_BYTES = 65536
PAGE_BYTES = 4096
NO_SPEED = -1
ASLEEP = frozenset({errno.EAGAIN, errno.ENODATA, errno.ENETDOWN})  # so drivers say it: a disk spun down, a radio off
NO_INTERFACE = frozenset({errno.ENOENT, errno.ENODEV, errno.ENOTDIR})  # it vanished, or is the file bonding_masters


def read_file(path: str) -> bytes:
    """Return a file of /proc or /sys. Raises OSError."""
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        text = os.read(descriptor, CHUNK_BYTES)
        while more := os.read(descriptor, CHUNK_BYTES):
            text += more
    finally:
        os.close(descriptor)
    return text


def _attribute(path: str) -> bytes:
    """Return a file of /sys: at most a page, and in one piece (the kernel's sysfs.rst). Raises OSError."""
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        return os.read(descriptor, PAGE_BYTES)
    finally:
        os.close(descriptor)


def _word(path: str) -> str:
    return _attribute(path).decode("utf-8", "replace").strip()


def _names(folder: str) -> list[str]:
    """Return what is in a folder of /sys/class; a machine without such things has no folder."""
    try:
        return sorted(os.listdir(folder))
    except FileNotFoundError:
        return []


class _Files:
    """Files of one thing that may not be readable; keeps which of them were."""

    def __init__(self, names: Iterable[str]) -> None:
        self._names = tuple(names)
        self._answered: set[str] = set()
        self.silent: tuple[str, ...] = ()

    def read(self, folder: str) -> Mapping[str, str]:
        """Return the text of those that can be read; ``silent`` are those that could be, and are not asleep."""
        texts: dict[str, str] = {}
        silent: list[str] = []
        for name in self._names:
            try:
                texts[name] = _word(f"{folder}/{name}")
            except OSError as error:
                if name in self._answered and error.errno not in ASLEEP:
                    silent.append(name)
        self._answered.update(texts)
        self.silent = tuple(silent)
        return texts


@dataclass(frozen=True, slots=True)
class _Chip:
    """What stays of a chip: its name, its labels and limits, and its sensors."""

    hwmon: Hwmon
    inputs: _Files


class Sysfs:
    """/sys; keeps what is known of the chips for as long as they stay."""

    def __init__(self, root: str) -> None:
        self._class = f"{root}/class"
        self._chips: Mapping[tuple[str, str], _Chip] = {}
        self._supplies: Mapping[str, _Files] = {}

    def read_interfaces(self) -> Block:
        """Each interface's operational state, MTU and speed. Raises OSError."""
        found: dict[str, Interface] = {}
        for name in sorted(os.listdir(f"{self._class}/net")):
            try:
                found[name] = _interface(f"{self._class}/net/{name}")
            except OSError as error:
                if error.errno not in NO_INTERFACE:
                    raise
        return block(interfaces(found))

    def read_bonds(self) -> Block:
        """Each bonding interface's slaves. Raises OSError, ValueError."""
        try:
            masters = _word(f"{self._class}/net/bonding_masters").split()
        except FileNotFoundError:  # no bonding
            return Block()
        return block(bonds({master: self._bond(f"{self._class}/net/{master}") for master in masters}))

    def _bond(self, folder: str) -> Bond:
        slaves = _word(f"{folder}/bonding/slaves").split()
        return Bond(len(slaves), sum(_link_up(folder, slave) for slave in slaves))

    def read_sensors(self) -> Block:
        """Each chip's temperatures and fans."""
        folder = f"{self._class}/hwmon"
        places = [(name, os.readlink(f"{folder}/{name}")) for name in _names(folder)]
        known = self._chips
        self._chips = {place: known.get(place) or _chip(f"{folder}/{place[0]}") for place in places}
        return block(sensors(_read_chip(f"{folder}/{place[0]}", self._chips[place]) for place in places))

    def read_power_supplies(self) -> Block:
        """Each supply's charge, and whether mains are there."""
        folder = f"{self._class}/power_supply"
        known = self._supplies
        self._supplies = {name: known.get(name) or _Files(("capacity", "online")) for name in _names(folder)}
        return block(power_supplies({name: files.read(f"{folder}/{name}") for name, files in self._supplies.items()}))

    def silent(self) -> Iterator[str]:
        """Yield which sensors and supplies answered at an earlier look and could not be read at the last one.

        One that never could is none that the machine has: some drivers list what is not wired.
        """
        sensors = [f"{place[0]} {name}" for place, chip in self._chips.items() for name in chip.inputs.silent]
        supplies = [f"{supply} {name}" for supply, files in self._supplies.items() for name in files.silent]
        for part, lost in (("sensors", sensors), ("power supply", supplies)):
            if lost:
                yield f"{part}: {len(lost)} cannot be read any more: {', '.join(lost)}"


def _interface(folder: str) -> Interface:
    up = _attribute(f"{folder}/operstate") == b"up\n"
    return Interface(up, int(_attribute(f"{folder}/mtu")), _speed(folder))


def _speed(folder: str) -> int:
    try:
        return int(_attribute(f"{folder}/speed"))
    except OSError:  # EINVAL: down, or virtual
        return NO_SPEED


def _link_up(folder: str, slave: str) -> bool:
    for link in (f"lower_{slave}", f"slave_{slave}"):  # the latter before Linux 3.13
        with contextlib.suppress(FileNotFoundError):
            return _word(f"{folder}/{link}/bonding_slave/mii_status") == "up"
    return False


def _chip(folder: str) -> _Chip:
    names = [name for name in _names(folder) if name.startswith(("temp", "fan"))]
    device = f"{folder}/device"
    bus = f"{device}/subsystem"
    hwmon = Hwmon(
        name=_word(f"{folder}/name"),
        bus=os.path.basename(os.path.realpath(bus)) if os.path.exists(bus) else "",
        device=os.path.basename(os.path.realpath(device)) if os.path.exists(device) else "",
        files=_Files(name for name in names if is_read(name, now=False)).read(folder),
    )
    return _Chip(hwmon, _Files(name for name in names if is_read(name, now=True)))


def _read_chip(folder: str, chip: _Chip) -> Hwmon:
    return chip.hwmon._replace(files={**chip.hwmon.files, **chip.inputs.read(folder)})
