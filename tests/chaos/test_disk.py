"""A disk that is full, fails or is read-only, and files that are damaged: the real daemon goes on, and says so."""

from __future__ import annotations

import os
import resource
import sqlite3
from collections.abc import Callable, Generator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from agent.state.files import FILE_NAME
from tests.chaos.watched import Watched, watched

pytestmark = pytest.mark.integration

UNWRITTEN = "state_not_written"


@contextmanager
def failing_writes(here: Watched) -> Generator[None]:
    """Every write past the first kilobytes of a file fails, as on a full or broken disk (EFBIG; SQLite: I/O error)."""
    pid = here.daemon.process.pid
    _, hard = resource.prlimit(pid, resource.RLIMIT_FSIZE)
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (1024, hard))
    try:
        yield
    finally:
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (hard, hard))


async def test_while_nothing_can_be_written_alerts_flow_from_memory_and_nothing_comes_twice(tmp_path: Path) -> None:
    async with watched(tmp_path) as here:
        here.silence("sw-1")
        await here.wait_told("sw-1")
        with failing_writes(here):
            here.silence("sw-2")
            await here.wait_told("sw-2")
            here.answer("sw-1")
            await here.wait_told("sw-1", 2)
            await here.daemon.wait_for_alert(UNWRITTEN, "daemon:ringwacht", "firing")
        here.silence("sw-3")
        await here.wait_told("sw-3")
        await here.wait_over(UNWRITTEN)
        before = await here.wait_alert("sw-2", "firing")
        await here.kill()
        await here.start()
        after = await here.wait_alert("sw-2", "firing")
        assert (after["id"], after["since"]) == (before["id"], before["since"]), "what memory held is in the file"
        here.answer("sw-2", "sw-3")
        await here.wait_told("sw-2", 2)
        await here.wait_told("sw-3", 2)
        assert [here.told(name) for name in ("sw-1", "sw-2", "sw-3")] == [2, 2, 2], "nothing lost, nothing twice"


def truncated(path: Path) -> None:
    os.truncate(path, 6000)


def emptied(path: Path) -> None:
    os.truncate(path, 0)


def with_pages_of_noise(path: Path) -> None:
    size = path.stat().st_size
    with path.open("r+b") as file:
        for offset in range(4096, size, 4096):
            file.seek(offset)
            file.write(b"\xde\xad" * 2048)


def with_another_header(path: Path) -> None:
    with path.open("r+b") as file:
        file.write(b"not a database at all")


def damaged(path: Path, how: Callable[[Path], None]) -> None:
    """Move all of the write-ahead log into the file, then damage it."""
    with closing(sqlite3.connect(path)) as file:
        file.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    for side in ("-wal", "-shm"):
        path.with_name(path.name + side).unlink(missing_ok=True)
    how(path)


@pytest.mark.parametrize("how", [truncated, emptied, with_pages_of_noise, with_another_header])
async def test_a_damaged_file_is_kept_aside_and_told_and_alerts_flow(
    tmp_path: Path, how: Callable[[Path], None]
) -> None:
    async with watched(tmp_path) as here:
        here.silence("sw-1")
        await here.wait_told("sw-1")
        await here.kill()
        damaged(here.state / FILE_NAME, how)
        await here.start()
        assert list(here.state.glob(f"{FILE_NAME}.damaged-*")), "the damaged file is kept"
        await here.daemon.wait_for_alert("state_damaged", "daemon:ringwacht", "firing")
        await here.wait_alert("sw-1", "firing")
        here.silence("sw-2")
        await here.wait_told("sw-2")


async def test_noise_in_the_write_ahead_log_loses_nothing_that_is_in_the_file(tmp_path: Path) -> None:
    async with watched(tmp_path) as here:
        here.silence("sw-1")
        await here.wait_told("sw-1")
        await here.kill()
        with (here.state / f"{FILE_NAME}-wal").open("ab") as log:
            log.write(os.urandom(9000))
        before = here.told("sw-1")
        await here.start()
        await here.wait_alert("sw-1", "firing")
        here.silence("sw-2")
        await here.wait_told("sw-2")
        assert here.told("sw-1") == before, "it is known that it was told"
        assert not list(here.state.glob("*damaged*"))
