from __future__ import annotations

from pathlib import Path

import pytest

from agent.layout import Sample
from collectors.host import mounts as m
from collectors.host.mounts import Mount, Space


def line(device: str, mountpoint: str, fstype: str, options: str = "rw", *, own: str = "rw", root: str = "/") -> str:
    return (
        f"36 35 {device.replace('/', '')}:0 {root} {mountpoint} {options} shared:1 master:2 - {fstype} {device} {own}\n"
    )


def values(mount: Mount, space: Space | None) -> dict[str, float]:
    found: list[Sample] = list(m.filesystem(mount, space))
    assert {sample.labels for sample in found} == {(mount.device, mount.fstype, mount.mountpoint)}
    return {sample.family.name.removeprefix("node_filesystem_"): sample.value for sample in found}


def test_pseudo_filesystems_are_left_out() -> None:
    text = "".join(
        (
            line("/dev/sda1", "/", "ext4", "rw,relatime"),
            line("/dev/sda1", "/", "ext4"),
            line("/dev/sdb1", "/srv", "xfs", "ro,relatime"),
            line("/dev/sdc1", "/media/stick", "vfat"),
            line("proc", "/proc", "proc"),
            line("overlay", "/srv/x", "overlay"),
            line("nas:/data", "/data", "nfs4", "rw,relatime", own="rw,errors=remount-ro"),
            line("tmpfs", "/tmp", "tmpfs"),
            line("tmpfs", "/running", "tmpfs"),
        )
    )
    assert m.mounts(text.encode()) == (
        Mount("/dev/sda1", "ext4", "/", readonly=False),
        Mount("/dev/sdb1", "xfs", "/srv", readonly=True),
        Mount("nas:/data", "nfs4", "/data", readonly=False),
        Mount("tmpfs", "tmpfs", "/tmp", readonly=False),
        Mount("tmpfs", "tmpfs", "/running", readonly=False),
    )


def test_a_sandbox_that_sees_everything_read_only_says_nothing_of_the_machine() -> None:
    text = (line("/dev/sda1", "/", "ext4", "ro,relatime") + line("/dev/sdb1", "/srv", "ext4", "ro", own="ro")).encode()
    assert [mount.readonly for mount in m.mounts(text)] == [True, True]
    assert [mount.readonly for mount in m.own_mounts(text)] == [False, True]


def test_what_a_sandbox_covers_or_shows_again_is_left_out() -> None:
    text = "".join(
        (
            line("/dev/sda1", "/", "ext4", "ro"),
            line("tmpfs", "/run", "tmpfs", "ro"),
            line("/dev/sdb1", "/home", "ext4"),
            line("tmpfs", "/home", "tmpfs", "ro", root="/systemd/inaccessible/dir"),  # ProtectHome=yes
            line("/dev/sda1", "/tmp", "ext4", root="/tmp/systemd-private-x/tmp"),  # PrivateTmp=yes
            line("/dev/sda1", "/var/lib/ringwacht", "ext4", root="/var/lib/private/ringwacht"),  # StateDirectory=
            line("/dev/sdc1", "/srv", "btrfs", root="/@srv"),  # a subvolume, whose whole is mounted nowhere
        )
    )
    assert [mount.mountpoint for mount in m.own_mounts(text.encode())] == ["/", "/srv"]


def test_a_filesystem_that_the_kernel_made_read_only_is_so() -> None:
    assert m.mounts(line("/dev/sda1", "/", "ext4", "rw", own="ro,errors=remount-ro").encode())[0].readonly


def test_blanks_in_names_are_unescaped() -> None:
    (mount,) = m.mounts(line(r"//nas/my\040files", r"/data/my\040files\134x", "cifs").encode())
    assert (mount.device, mount.mountpoint) == ("//nas/my files", "/data/my files\\x")


def test_this_machine_s_mounts() -> None:
    assert "/" in {mount.mountpoint for mount in m.mounts(Path("/proc/self/mountinfo").read_bytes())}
    with pytest.raises(ValueError, match="not enough values"):
        m.mounts(b"nothing of the kind\n")


def test_a_filesystem_that_does_not_answer_says_only_that() -> None:
    mount = Mount("nas:/data", "nfs4", "/data", readonly=False)
    assert values(mount, None) == {"device_error": 1, "readonly": 0}
    assert values(mount, Space(5, 4, 3, 2, 1)) == {
        **{"device_error": 0, "readonly": 0},
        **{"size_bytes": 5, "free_bytes": 4, "avail_bytes": 3, "files": 2, "files_free": 1},
    }
