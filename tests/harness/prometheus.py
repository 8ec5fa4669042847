"""A real Prometheus (Debian's) that scrapes on loopback, and a helper for queries."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, NamedTuple

import aiohttp

from tests.harness.process import ServerProcess, answers, free_port, serving, wait_until, write_yaml


class Result(NamedTuple):
    """One series of an instant query's answer."""

    labels: dict[str, str]
    value: float


class Prometheus:
    """A running server; ``query`` is PromQL's instant query."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.process: ServerProcess

    async def get(self, path: str, **params: str) -> Any:
        """The ``data`` of an API answer."""
        async with aiohttp.ClientSession() as session, session.get(self.url + path, params=params) as response:
            answer: Any = await response.json()
            assert answer["status"] == "success", answer
            return answer["data"]

    async def query(self, expression: str) -> list[Result]:
        """Instant query; a scalar comes back as one series without labels."""
        data = await self.get("/api/v1/query", query=expression)
        if data["resultType"] == "scalar":
            return [Result({}, float(data["result"][1]))]
        return [Result(row["metric"], float(row["value"][1])) for row in data["result"]]

    async def wait_for(self, expression: str, seconds: float = 30.0) -> list[Result]:
        """Repeats the query until it yields something."""
        found: list[Result] = []

        async def yields() -> bool:
            found[:] = await self.query(expression)
            return bool(found)

        await wait_until(yields, f"query {expression}", seconds)
        return found


def scrape_job(job: str, *targets: str, **more: Any) -> dict[str, Any]:
    """One entry of ``scrape_configs``; targets are ``host:port``."""
    return {"job_name": job, "honor_labels": True, "static_configs": [{"targets": list(targets)}], **more}


@asynccontextmanager
async def prometheus(
    directory: Path, scrape_configs: Sequence[Mapping[str, Any]], interval: str = "1s", **config: Any
) -> AsyncGenerator[Prometheus]:
    """A server on a free port; ``config`` adds sections such as ``rule_files`` or ``alerting``."""
    times = {"scrape_interval": interval, "scrape_timeout": interval, "evaluation_interval": interval}
    whole = {"global": times, "scrape_configs": [dict(job) for job in scrape_configs], **config}
    path = write_yaml(directory / "prometheus.yml", whole)
    port = free_port()
    server = Prometheus(f"http://127.0.0.1:{port}")
    command = [
        "prometheus",
        f"--config.file={path}",
        f"--storage.tsdb.path={directory / 'tsdb'}",
        f"--web.listen-address=127.0.0.1:{port}",
        "--rules.alert.resend-delay=1s",  # what fires before it has found the Alertmanagers is lost for so long
    ]

    async def ready() -> bool:
        return await answers(f"{server.url}/-/ready")

    async with serving(command, directory / "prometheus.log", ready) as server.process:
        yield server
