"""A real Alertmanager (Debian's) on a free port; by default its webhook receiver goes nowhere."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp

from tests.harness.process import ServerProcess, answers, free_port, wait_until, write_yaml


class Alertmanager:
    """A server that can be killed and started again on the same port and storage."""

    def __init__(self, directory: Path, port: int, webhook: str | None = None) -> None:
        self.url = f"http://127.0.0.1:{port}"
        receiver: dict[str, Any] = {"name": "sink"}
        if webhook is not None:
            receiver["webhook_configs"] = [{"url": webhook, "send_resolved": True}]
        route = {"receiver": "sink", "group_by": ["..."], "group_wait": "0s", "group_interval": "1s"}
        path = write_yaml(directory / "alertmanager.yml", {"route": route, "receivers": [receiver]})
        command = [
            "prometheus-alertmanager",
            f"--config.file={path}",
            f"--web.listen-address=127.0.0.1:{port}",
            f"--storage.path={directory / 'data'}",
            "--cluster.listen-address=",
        ]
        self.process = ServerProcess(command, directory / "alertmanager.log")

    async def start(self) -> None:
        """Starts it (again) and waits until it is ready."""
        await self.process.start(self._ready)

    async def _ready(self) -> bool:
        return await answers(f"{self.url}/-/ready")

    async def alerts(self) -> list[dict[str, Any]]:
        """What it holds as active: ``GET /api/v2/alerts``."""
        async with aiohttp.ClientSession() as session, session.get(f"{self.url}/api/v2/alerts") as response:
            found: list[dict[str, Any]] = await response.json()
            return found

    async def wait_for(self, present: bool = True, seconds: float = 30.0, **labels: str) -> list[dict[str, Any]]:
        """Waits until an alert with these labels is there (or gone) and returns the matching ones."""
        matching: list[dict[str, Any]] = []

        async def as_wanted() -> bool:
            matching[:] = [alert for alert in await self.alerts() if labels.items() <= alert["labels"].items()]
            return bool(matching) is present

        await wait_until(as_wanted, f"alert {labels} {'there' if present else 'gone'}", seconds)
        return matching


@asynccontextmanager
async def alertmanager(directory: Path, webhook: str | None = None) -> AsyncGenerator[Alertmanager]:
    """A running Alertmanager; ``webhook`` is the URL of a ``tests.harness.sink``."""
    server = Alertmanager(directory, free_port(), webhook)
    await server.start()
    try:
        yield server
    finally:
        await server.process.stop()
