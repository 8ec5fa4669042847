"""A real Alertmanager (Debian's) on a free port; by default its webhook receiver goes nowhere."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp

from tests.harness.process import ServerProcess, answers, free_port, wait_until, write_yaml


class Alertmanager:
    """A server that can be killed and started again on the same port and storage; ``config`` is used as it is."""

    def __init__(
        self,
        directory: Path,
        port: int,
        webhook: str | None = None,
        config: Path | None = None,
        cluster: tuple[str, str] | None = None,
    ) -> None:
        self.url = f"http://127.0.0.1:{port}"
        directory.mkdir(parents=True, exist_ok=True)
        receiver: dict[str, Any] = {"name": "sink"}
        if webhook is not None:
            receiver["webhook_configs"] = [{"url": webhook, "send_resolved": True}]
        route = {"receiver": "sink", "group_by": ["..."], "group_wait": "0s", "group_interval": "1s"}
        path = config or write_yaml(directory / "alertmanager.yml", {"route": route, "receivers": [receiver]})
        command = [
            "prometheus-alertmanager",
            f"--config.file={path}",
            f"--web.listen-address=127.0.0.1:{port}",
            f"--storage.path={directory / 'data'}",
            *_clustered(cluster),
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

    async def peers(self) -> int:
        """How many members its cluster has, itself included: ``GET /api/v2/status``."""
        async with aiohttp.ClientSession() as session, session.get(f"{self.url}/api/v2/status") as response:
            status: dict[str, Any] = await response.json()
            return len(status["cluster"].get("peers") or ())

    async def wait_for(self, present: bool = True, seconds: float = 30.0, **labels: str) -> list[dict[str, Any]]:
        """Waits until an alert with these labels is there (or gone) and returns the matching ones."""
        matching: list[dict[str, Any]] = []

        async def as_wanted() -> bool:
            matching[:] = [alert for alert in await self.alerts() if labels.items() <= alert["labels"].items()]
            return bool(matching) is present

        await wait_until(as_wanted, f"alert {labels} {'there' if present else 'gone'}", seconds)
        return matching


def _clustered(cluster: tuple[str, str] | None) -> tuple[str, ...]:
    """``cluster``: its own address and that of another member."""
    if cluster is None:
        return ("--cluster.listen-address=",)
    own, other = cluster
    return (f"--cluster.listen-address={own}", f"--cluster.peer={other}")


@asynccontextmanager
async def alertmanagers(directory: Path) -> AsyncGenerator[tuple[Alertmanager, Alertmanager]]:
    """Two running members of one cluster."""
    one, other = (f"127.0.0.1:{free_port()}" for _ in range(2))
    pair = (
        Alertmanager(directory / "one", free_port(), cluster=(one, other)),
        Alertmanager(directory / "other", free_port(), cluster=(other, one)),
    )
    try:
        for server in pair:
            await server.start()
        yield pair
    finally:
        for server in pair:
            await server.process.stop()


@asynccontextmanager
async def alertmanager(
    directory: Path, webhook: str | None = None, config: Path | None = None
) -> AsyncGenerator[Alertmanager]:
    """A running Alertmanager; ``webhook`` is the URL of a ``tests.harness.sink``, ``config`` a file instead."""
    server = Alertmanager(directory, free_port(), webhook, config)
    await server.start()
    try:
        yield server
    finally:
        await server.process.stop()
