"""systemd's watchdog is fed for as long as judgement works, and starves when it hangs."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from agent.app.daemon import Daemon
from agent.contract import OwnSeries, Transition
from tests.harness.clock import FakeClock
from tests.harness.process import free_port, write_yaml

PERIOD_SECONDS = 60
READY, ALIVE, STOPPING = b"READY=1", b"WATCHDOG=1", b"STOPPING=1"


@pytest.fixture
def systemd(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[socket.socket]:
    """The other end of NOTIFY_SOCKET."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.bind(str(tmp_path / "notify"))
        listening.setblocking(False)
        monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "notify"))
        monkeypatch.setenv("WATCHDOG_USEC", str(PERIOD_SECONDS * 1_000_000))
        yield listening


def heard(systemd: socket.socket) -> list[bytes]:
    words: list[bytes] = []
    with contextlib.suppress(BlockingIOError):
        while True:
            words.append(systemd.recv(4096))
    return words


@pytest.fixture
def judging(monkeypatch: pytest.MonkeyPatch) -> asyncio.Event:
    """Judgement hangs while this is not set."""
    works = asyncio.Event()

    async def look(*_args: object) -> tuple[Transition, ...]:
        await works.wait()
        return ()

    monkeypatch.setattr("agent.app.daemon.Desk.look", look)
    return works


def no_series(_process: object) -> tuple[OwnSeries, ...]:
    return ()


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def daemon(
    tmp_path: Path, clock: FakeClock, systemd: socket.socket, judging: asyncio.Event, monkeypatch: pytest.MonkeyPatch
) -> Daemon:
    del systemd, judging  # they must be there first
    monkeypatch.setattr("agent.app.daemon.version", str)  # both read files that never hang, which the guard forbids
    monkeypatch.setattr("agent.app.daemon.OwnProcess.series", no_series)
    config: dict[str, object] = {
        "web": {"listen": f"127.0.0.1:{free_port()}"},
        "sites": {"rathaus": {"name": "Rathaus"}},
        "devices": {"printer": {"site": "rathaus", "checks": list[str]()}},
    }
    return Daemon(write_yaml(tmp_path / "ringwacht.yml", config), clock)


@pytest.fixture
async def running(daemon: Daemon, systemd: socket.socket) -> AsyncIterator[list[bytes]]:
    """What systemd heard while the daemon came up."""
    stop = asyncio.Event()
    task = asyncio.create_task(daemon.run(stop))
    word = await asyncio.wait_for(asyncio.get_running_loop().sock_recv(systemd, 4096), 10)
    yield [word]
    stop.set()
    await task
    assert heard(systemd)[-1] == STOPPING


async def test_a_judgement_that_hangs_starves_the_watchdog(
    running: list[bytes], clock: FakeClock, systemd: socket.socket, judging: asyncio.Event
) -> None:
    assert running == [READY]
    await clock.advance(0)
    assert heard(systemd) == [ALIVE]
    await clock.advance(PERIOD_SECONDS / 2)
    assert heard(systemd) == [ALIVE]
    await clock.advance(10 * PERIOD_SECONDS)
    assert heard(systemd) == []
    judging.set()
    await clock.advance(PERIOD_SECONDS / 2)
    assert heard(systemd) == [ALIVE]


async def test_what_hangs_is_named_for_the_dead_man_s_switch(
    daemon: Daemon, running: list[bytes], clock: FakeClock, judging: asyncio.Event
) -> None:
    assert running == [READY]
    assert (await daemon.snapshot()).stuck == ()
    await clock.advance(2 * PERIOD_SECONDS)
    assert (await daemon.snapshot()).stuck == ("judgement",)
    judging.set()
    await clock.advance(5)
    assert (await daemon.snapshot()).stuck == ()
