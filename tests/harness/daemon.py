"""The daemon as a user starts it: a configuration in a folder, ``ringwacht run`` as a process of its own."""

from __future__ import annotations

import sys
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp

from tests.harness.process import ServerProcess, answers, free_port, wait_until, write_yaml

COMMAND = (sys.executable, "-P", "-m", "agent")


class Ringwacht:
    """A daemon that can be killed and started again on the same folder and port."""

    def __init__(self, directory: Path, config: Mapping[str, Any], env: Mapping[str, str] | None = None) -> None:
        self.directory = directory
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.write(config)
        self.process = ServerProcess((*COMMAND, "run", str(directory)), directory / "ringwacht.log", env)

    def write(self, config: Mapping[str, Any]) -> None:
        """Writes (anew) the configuration; where it listens is ours."""
        write_yaml(self.directory / "ringwacht.yml", {"web": {"listen": f"127.0.0.1:{self.port}"}, **config})

    async def start(self) -> None:
        """Starts it (again) and waits until it is ready."""

        async def ready() -> bool:
            return await answers(f"{self.url}/-/ready")

        await self.process.start(ready)

    async def get(self, path: str) -> Any:
        """The JSON at a path of the API."""
        async with aiohttp.ClientSession() as session, session.get(self.url + path) as response:
            assert response.status == 200, await response.text()
            return await response.json()

    async def metrics(self, accept: str = "*/*") -> str:
        """The page at /metrics, in the format asked for."""
        headers = {"Accept": accept}
        async with aiohttp.ClientSession() as session, session.get(f"{self.url}/metrics", headers=headers) as response:
            return await response.text()

    async def reload(self) -> tuple[int, str]:
        """POST /-/reload: status and text."""
        async with aiohttp.ClientSession() as session, session.post(f"{self.url}/-/reload") as response:
            return response.status, await response.text()

    async def wait_for_line(self, start: str, seconds: float = 30.0) -> str:
        """Waits until a line of /metrics begins so, and returns it."""
        found: list[str] = []

        async def there() -> bool:
            found[:] = [line for line in (await self.metrics()).splitlines() if line.startswith(start)]
            return bool(found)

        await wait_until(there, f"metric {start}", seconds)
        return found[0]

    async def wait_for_alert(self, rule: str, subject: str, state: str, seconds: float = 30.0) -> dict[str, Any]:
        """Waits until /api/v1/alerts lists it in this state."""
        found: list[dict[str, Any]] = []

        async def there() -> bool:
            alerts: list[dict[str, Any]] = await self.get("/api/v1/alerts")
            wanted = (rule, subject, state)
            found[:] = [one for one in alerts if (one["rule"], one["subject"], one["state"]) == wanted]
            return bool(found)

        await wait_until(there, f"alert {rule} {subject} {state}", seconds)
        return found[0]


@asynccontextmanager
async def ringwacht(directory: Path, config: Mapping[str, Any]) -> AsyncGenerator[Ringwacht]:
    """A running daemon; it is stopped by SIGTERM after the block."""
    daemon = Ringwacht(directory, config)
    await daemon.start()
    try:
        yield daemon
    finally:
        await daemon.process.stop()
