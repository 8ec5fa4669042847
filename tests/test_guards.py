"""The guards of conftest.py and pyproject.toml bite."""

from __future__ import annotations

import asyncio
import os
import socket
import sys
import time
from pathlib import Path
from types import ModuleType

import pytest
from blockbuster import BlockingError

import agent


@pytest.fixture
def offender() -> ModuleType:
    """A module whose code claims to stand in the agent package, and sleeps."""
    module = ModuleType("offender")
    module.__dict__["time"] = time
    source = "def wait():\n    time.sleep(0.001)\n"
    path = Path(agent.__path__[0], "offender.py")
    exec(compile(source, str(path), "exec"), module.__dict__)  # noqa: S102  the only way to stand in that file
    return module


async def test_a_blocking_call_of_ours_on_the_loop_raises(offender: ModuleType) -> None:
    with pytest.raises(BlockingError):
        offender.wait()


async def test_a_blocking_call_in_a_thread_is_allowed(offender: ModuleType) -> None:
    await asyncio.to_thread(offender.wait)


async def test_a_test_may_block(tmp_path: Path) -> None:
    time.sleep(0.001)  # noqa: ASYNC251  that is what is tested
    (tmp_path / "file").write_text("x", encoding="utf-8")


@pytest.mark.filterwarnings("ignore:A test tried to use socket")
def test_sockets_reach_loopback_only() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.connect(("127.0.3.7", 9))
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe, pytest.raises(RuntimeError, match=r"192\.0\.2\.1"):
        probe.connect(("192.0.2.1", 9))


@pytest.mark.skipif(sys.platform == "win32", reason="no Unix sockets")
async def test_unix_sockets_work(tmp_path: Path) -> None:
    path = str(tmp_path / "socket")
    server = await asyncio.start_unix_server(lambda _reader, writer: writer.close(), path)
    async with server:
        reader, writer = await asyncio.open_unix_connection(path)
        assert await reader.read() == b""
        writer.close()
        await writer.wait_closed()


def test_the_environment_is_clean() -> None:
    assert not [name for name in os.environ if name.startswith("RINGWACHT_")]
