"""Starts real servers for tests: free ports, readiness by polling, log capture, kill -9."""

from __future__ import annotations

import asyncio
import contextlib
import os
import random
import signal
import socket
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import yaml

READY_SECONDS = 30.0
POLL_SECONDS = 0.05


def free_port(kind: socket.SocketKind = socket.SOCK_STREAM, host: str = "127.0.0.1") -> int:
    """A port that nobody holds now, below the ephemeral range, so that no outgoing connection takes it meanwhile."""
    choice = random.SystemRandom()
    for _ in range(200):
        port = choice.randrange(15000, 32000)
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        with socket.socket(family, kind) as probe, contextlib.suppress(OSError):
            probe.bind((host, port))
            return port
    raise RuntimeError("no free port")


def write_yaml(path: Path, content: object) -> Path:
    """Writes a server's configuration, making its directory."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(yaml.safe_dump(content))
    return path


async def wait_until(ready: Callable[[], Awaitable[bool]], what: str, seconds: float = READY_SECONDS) -> None:
    """Polls until ``ready`` is true; raises AssertionError naming ``what`` after so many seconds."""
    try:
        async with asyncio.timeout(seconds):
            while not await ready():  # noqa: ASYNC110 - a server that starts has no event to wait for
                await asyncio.sleep(POLL_SECONDS)
    except TimeoutError:
        raise AssertionError(f"{what}: not within {seconds:g} s") from None


async def answers(url: str) -> bool:
    """Whether a GET of ``url`` answers 200."""
    timeout = aiohttp.ClientTimeout(total=2)
    try:
        async with aiohttp.ClientSession(timeout=timeout) as session, session.get(url) as response:
            return response.status == 200
    except (aiohttp.ClientError, TimeoutError):
        return False


async def accepts(port: int, host: str = "127.0.0.1") -> bool:
    """Whether something accepts TCP connections there."""
    try:
        _reader, writer = await asyncio.open_connection(host, port)
    except OSError:
        return False
    writer.close()
    await writer.wait_closed()
    return True


class ServerProcess:
    """One server process; stdout and stderr go to ``log_path``. It can be killed and started again."""

    def __init__(self, command: Sequence[str], log_path: Path, env: Mapping[str, str] | None = None) -> None:
        self.command = tuple(command)
        self.log_path = log_path
        self._env = {**os.environ, **env} if env else None
        self._process: asyncio.subprocess.Process | None = None

    @property
    def pid(self) -> int:
        """Process id of the running server."""
        assert self._process is not None, "not started"
        return self._process.pid

    @property
    def running(self) -> bool:
        """Whether it was started and has not ended."""
        return self._process is not None and self._process.returncode is None

    def log(self) -> str:
        """All that it wrote so far."""
        return self.log_path.read_text(errors="replace") if self.log_path.exists() else ""

    async def start(self, ready: Callable[[], Awaitable[bool]] | None = None, seconds: float = READY_SECONDS) -> None:
        """Starts it and waits until ``ready``; raises AssertionError with its log when it ends or stays silent."""
        with self.log_path.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                *self.command, stdin=asyncio.subprocess.DEVNULL, stdout=log, stderr=log, env=self._env
            )
        if ready is None:
            return

        async def ready_or_dead() -> bool:
            return not self.running or await ready()

        try:
            await wait_until(ready_or_dead, self.command[0], seconds)
        except AssertionError as error:
            await self.stop()
            raise AssertionError(f"{error}\n{self.log()}") from None
        assert self.running, f"{self.command[0]} ended with {self._process.returncode}\n{self.log()}"

    async def stop(self, sig: signal.Signals = signal.SIGTERM, seconds: float = 10.0) -> int:
        """Sends ``sig``, kills it after so many seconds, returns the exit code."""
        assert self._process is not None, "not started"
        if self._process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                self._process.send_signal(sig)
        try:
            async with asyncio.timeout(seconds):
                return await self._process.wait()
        except TimeoutError:
            self._process.kill()
            return await self._process.wait()

    async def kill(self) -> int:
        """kill -9."""
        return await self.stop(signal.SIGKILL)


@asynccontextmanager
async def serving(
    command: Sequence[str],
    log_path: Path,
    ready: Callable[[], Awaitable[bool]],
    env: Mapping[str, str] | None = None,
) -> AsyncGenerator[ServerProcess]:
    """A server that is ready inside the block and gone after it."""
    process = ServerProcess(command, log_path, env)
    await process.start(ready)
    try:
        yield process
    finally:
        await process.stop()
