"""What an exporter cannot read is not all clear. Limits and texts: ``test_services``."""

from __future__ import annotations

import math

import pytest

from agent.risk.catalogue.servers import FILESYSTEM_FILLING, FILESYSTEM_FULL
from tests.agent.risk.scene import Scene, job

SERVER = "device:srv"
BOTH = (FILESYSTEM_FULL, FILESYSTEM_FILLING)


def volume(made: Scene, mount: str, free: float, fstype: str = "ext4") -> Scene:
    made.shows("node_filesystem_size_bytes", SERVER, 100.0, mountpoint=mount, fstype=fstype)
    return made.shows("node_filesystem_avail_bytes", SERVER, free, mountpoint=mount, fstype=fstype)


def errors(made: Scene, mount: str, value: float = 1.0, fstype: str = "ext4", readonly: float = 0.0) -> Scene:
    made.shows("node_filesystem_readonly", SERVER, readonly, mountpoint=mount, fstype=fstype)
    return made.shows("node_filesystem_device_error", SERVER, value, mountpoint=mount, fstype=fstype)


def scene() -> Scene:
    return volume(Scene().jobs(job(SERVER, "scrape")), "/", 90.0)


def unverified(made: Scene) -> bool:
    said = {made.unverified(rule, SERVER) for rule in BOTH}
    assert len(said) == 1
    return said.pop()


def test_a_file_system_that_cannot_be_read_may_be_the_full_one() -> None:
    assert unverified(errors(scene(), "/srv"))
    alone = errors(Scene().jobs(job(SERVER, "scrape")), "/srv")
    assert unverified(alone)
    assert alone.judge().findings == ()


@pytest.mark.parametrize(
    ("mount", "value", "fstype", "readonly"),
    [
        ("/srv", 0.0, "ext4", 0.0),
        ("/", 1.0, "ext4", 0.0),
        ("/media/cd", 1.0, "ext4", 1.0),
        ("/snap/core", 1.0, "squashfs", 0.0),
        ("/run/user/1000/doc", 1.0, "fuse.portal", 0.0),
    ],
)
def test_what_can_be_read_or_is_not_judged_anyway_is_no_doubt(
    mount: str, value: float, fstype: str, readonly: float
) -> None:
    assert not unverified(errors(scene(), mount, value, fstype, readonly))


def test_a_value_that_is_missing_beside_an_error_is_a_doubt() -> None:
    assert unverified(errors(volume(scene(), "/srv", math.nan), "/srv"))


def test_what_is_found_stands_whatever_else_cannot_be_read() -> None:
    made = errors(volume(scene(), "/var", 1.0), "/srv")
    assert made.finding(FILESYSTEM_FULL) is not None
    assert not made.unverified(FILESYSTEM_FULL, SERVER)
    assert made.unverified(FILESYSTEM_FILLING, SERVER)


def test_a_mount_point_that_two_checks_show_is_one() -> None:
    made = volume(volume(scene(), "/var", 1.0), "/var", 1.0)
    found = made.finding(FILESYSTEM_FULL)
    assert found is not None
    assert len(found.evidence) == 1
