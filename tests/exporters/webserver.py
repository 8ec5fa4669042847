"""A web server with something to show, and a client for it."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp

from agent.contract import AlertState, JobKey, JobState, MetricFamily, Reason, Subject, Target
from config.inventory import Device, Inventory
from exporters.prometheus.page import PrometheusPage
from exporters.web.connections import Connections
from exporters.web.server import WebServer
from tests.exporters.fakes import FakeCommands, make_alert, make_layout, make_snapshot, make_table

SPEED = MetricFamily("ifSpeed", "gauge", "Speed.", ("ifIndex",))


def make_commands() -> FakeCommands:
    device = Subject("device", "sw-1")
    job = JobState(
        JobKey(device, "snmp"),
        Target(device, "rathaus"),
        up=False,
        reason=Reason.TIMEOUT,
        failures=2,
        since=1_800_000_000.0,
        last_attempt=1_800_000_000.0,
        last_success=1_799_999_940.0,
    )
    snapshot = make_snapshot(
        make_table("sw-1", make_layout((SPEED, [(str(index),) for index in range(3000)])), list(range(3000))),
        alerts=(make_alert(), make_alert(rule="leak", state=AlertState.RESOLVED)),
        jobs=[job],
    )
    inventory = Inventory(devices={"sw-1": Device(site="rathaus"), "never-polled": Device(site="rathaus")})
    return FakeCommands(snapshot, inventory)


class Client:
    def __init__(self, url: str, port: int, session: aiohttp.ClientSession) -> None:
        self.url, self.port, self.session = url, port, session

    async def get(self, path: str, method: str = "GET", **headers: str) -> tuple[int, bytes, Any]:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        async with self.session.request(method, self.url + path, headers=named) as answer:
            return answer.status, await answer.read(), answer.headers

    async def json(self, path: str) -> Any:
        async with self.session.get(self.url + path) as answer:
            assert answer.status == 200
            return await answer.json()


@asynccontextmanager
async def serve(
    commands: FakeCommands, connections: Connections | None = None, host: str = "127.0.0.1"
) -> AsyncGenerator[Client]:
    server = WebServer(commands, PrometheusPage(), connections)
    await server.start(host, 0)
    try:
        async with aiohttp.ClientSession(auto_decompress=False) as session:
            yield Client(f"http://127.0.0.1:{server.port}", server.port, session)
    finally:
        await server.stop()
