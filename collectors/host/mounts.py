"""Which filesystems are mounted, and what is said of each. No I/O, no clock."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from agent.layout import Sample
from collectors.host import families as f

# node_exporter's defaults (1.5): what is not a real filesystem.
IGNORED_MOUNTS = re.compile(r"^/(dev|proc|run|sys|mnt|media|var/lib/docker/.+|var/lib/containers/storage/.+)($|/)")
IGNORED_FILESYSTEMS = re.compile(
    r"^(autofs|binfmt_misc|bpf|cgroup2?|configfs|debugfs|devpts|devtmpfs|fusectl|hugetlbfs|iso9660|mqueue|nsfs|"
    r"overlay|proc|procfs|pstore|rpc_pipefs|securityfs|selinuxfs|squashfs|sysfs|tracefs)$"
)
# The kernel answers statfs(2) for these from memory, whatever happens to the disk.
NEVER_HANG = frozenset({"ext2", "ext3", "ext4", "ramfs", "tmpfs", "xfs"})
_OCTAL = re.compile(rb"\\([0-7]{3})")


class Mount(NamedTuple):
    """One mounted filesystem."""

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


class _Entry(NamedTuple):
    """One line of a mountinfo; ``root`` is what of the filesystem is mounted there."""

    number: str
    root: str
    mount: Mount
    own_readonly: bool


def mounts(text: bytes) -> tuple[Mount, ...]:
    """Return the filesystems of the machine's mountinfo (proc(5)) that node_exporter would show, each once."""
    return _shown(entry.mount for entry in _entries(text))


def own_mounts(text: bytes) -> tuple[Mount, ...]:
    """Return the machine's filesystems as far as our own mountinfo, which a sandbox may have changed, tells of them.

    A sandbox mounts all read-only: only the filesystem's own flag counts. It covers a directory with another, and
    shows parts of a filesystem at further places: what is covered is left out, and so is a part beside the whole.
    """
    top = {entry.mount.mountpoint: entry for entry in _entries(text)}.values()
    whole = {entry.number for entry in top if entry.root == "/"}
    return _shown(
        entry.mount._replace(readonly=entry.own_readonly)
        for entry in top
        if entry.root == "/" or entry.number not in whole
    )


def _entries(text: bytes) -> Iterator[_Entry]:
    for line in text.splitlines():
        place, _, kind = line.partition(b" - ")
        number, root, mountpoint, options = (_unescape(word) for word in place.split()[2:6])
        fstype, device, own_options = (_unescape(word) for word in kind.split(b" ")[:3])
        own_readonly = "ro" in own_options.split(",")
        mount = Mount(device, fstype, mountpoint, own_readonly or "ro" in options.split(","))
        yield _Entry(number, root, mount, own_readonly)


def _shown(found: Iterable[Mount]) -> tuple[Mount, ...]:
    shown: dict[tuple[str, str], Mount] = {}
    for mount in found:
        if not IGNORED_MOUNTS.match(mount.mountpoint) and not IGNORED_FILESYSTEMS.match(mount.fstype):
            shown.setdefault((mount.device, mount.mountpoint), mount)
    return tuple(shown.values())


def _unescape(word: bytes) -> str:
    plain = _OCTAL.sub(lambda match: bytes([int(match[1], 8) & 0xFF]), word)
    return plain.decode("utf-8", "surrogateescape")


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
