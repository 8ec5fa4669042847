"""A file system of its own for the state: really full, really read-only. Needs root, for the mount."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.chaos.watched import watched

UNWRITTEN = "state_not_written"
SIZE = 1 << 20


def mount(*arguments: str) -> bool:
    return subprocess.run(("mount", *arguments), check=False, capture_output=True).returncode == 0


@contextmanager
def mounted(at: Path) -> Generator[None]:
    """A small file system there."""
    at.mkdir(parents=True)
    assert mount("-t", "tmpfs", "-o", f"size={SIZE},mode=700", "tmpfs", str(at))
    try:
        yield
    finally:
        subprocess.run(("umount", "--lazy", str(at)), check=True)


def may_mount() -> bool:
    if os.geteuid() != 0:
        return False
    probe = ("unshare", "--mount", "mount", "-t", "tmpfs", "tmpfs", "/mnt")
    return subprocess.run(probe, check=False, capture_output=True).returncode == 0


def fill(path: Path) -> None:
    with path.open("wb", buffering=0) as file:
        while True:
            file.write(b"x" * 512)


pytestmark = [
    pytest.mark.integration,
    pytest.mark.skipif(not may_mount(), reason="this user may not mount; test_disk.py does without"),
]


async def test_on_a_full_file_system_alerts_flow_and_it_recovers_by_itself(tmp_path: Path) -> None:
    with mounted(tmp_path / "state"):
        async with watched(tmp_path) as here:
            filler = here.state / "filler"
            with pytest.raises(OSError, match="No space left"):
                fill(filler)
            here.silence("sw-1")
            await here.wait_told("sw-1")
            await here.daemon.wait_for_alert(UNWRITTEN, "daemon:ringwacht", "firing")
            filler.unlink()
            await here.wait_over(UNWRITTEN)
            await here.kill()
            await here.start()
            await here.wait_alert("sw-1", "firing")
            assert here.told("sw-1") == 1, "nothing twice"


async def test_on_a_read_only_file_system_it_starts_from_what_is_there_and_writes_when_it_can(tmp_path: Path) -> None:
    with mounted(tmp_path / "state"):
        async with watched(tmp_path) as here:
            here.silence("sw-1")
            before = await here.wait_alert("sw-1", "firing")
            await here.wait_told("sw-1")
            await here.kill()
            assert mount("-o", "remount,ro", str(here.state))
            await here.start()
            assert (await here.wait_alert("sw-1", "firing"))["id"] == before["id"]
            await here.daemon.wait_for_alert(UNWRITTEN, "daemon:ringwacht", "firing")
            here.silence("sw-2")
            await here.wait_told("sw-2")
            assert mount("-o", "remount,rw", str(here.state))
            await here.wait_over(UNWRITTEN)
            assert [here.told(name) for name in ("sw-1", "sw-2")] == [1, 1], "nothing twice"
