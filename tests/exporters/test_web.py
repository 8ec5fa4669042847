from __future__ import annotations

import asyncio
import gzip
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from agent.contract import AlertState, JobKey, JobState, MetricFamily, Reason, Subject, Target
from config.inventory import Device, Inventory
from exporters.prometheus.page import PrometheusPage
from exporters.web.connections import Connections
from exporters.web.guards import is_loopback
from exporters.web.server import WebError, WebServer
from tests.exporters.fakes import FakeCommands, make_alert, make_layout, make_snapshot, make_table
from tests.harness.process import free_port
from tests.harness.prometheus import prometheus, scrape_job

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


async def rest(reader: asyncio.StreamReader) -> bytes:
    """What comes until the connection ends, however it ends."""
    try:
        return await reader.read()
    except ConnectionResetError:
        return b""


async def test_metrics_in_both_formats_plain_and_compressed() -> None:
    async with serve(make_commands()) as client:
        status, plain, headers = await client.get("/metrics", Accept_Encoding="identity")
        assert status == 200
        assert headers["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
        assert "Content-Encoding" not in headers
        assert plain.count(b"\nifSpeed{") == 3000
        _, packed, headers = await client.get("/metrics", Accept_Encoding="gzip", Accept="application/openmetrics-text")
        assert headers["Content-Type"] == "application/openmetrics-text; version=1.0.0; charset=utf-8"
        assert headers["Content-Encoding"] == "gzip"
        assert gzip.decompress(packed) == plain + b"# EOF\n"


async def test_alerts_lists_what_stands_and_the_resolved_if_asked() -> None:
    async with serve(make_commands()) as client:
        assert await client.json("/api/v1/alerts") == [
            {
                "id": "link_down/link:rf-kh-wad",
                "rule": "link_down",
                "subject": "link:rf-kh-wad",
                "severity": "warning",
                "state": "firing",
                "summary": "Strecke ausgefallen",
                "cause": None,
                "since": "2027-01-15T08:00:00Z",
                "acknowledged_by": None,
            }
        ]
        assert [row["rule"] for row in await client.json("/api/v1/alerts?state=all")] == ["link_down", "leak"]
        assert (await client.get("/api/v1/alerts?state=nonsense"))[0] == 400


async def test_devices_lists_the_whole_inventory() -> None:
    async with serve(make_commands()) as client:
        assert await client.json("/api/v1/devices") == [
            {
                "name": "sw-1",
                "site": "rathaus",
                "state": "down",
                "reason": "timeout",
                "last_success": "2027-01-15T07:59:00Z",
            },
            {"name": "never-polled", "site": "rathaus", "state": "unknown", "reason": None, "last_success": None},
        ]


async def test_healthy_at_once_and_ready_when_it_is() -> None:
    commands = make_commands()
    commands.is_ready = False
    async with serve(commands) as client:
        assert (await client.get("/-/healthy"))[0] == 200
        assert (await client.get("/-/ready"))[0] == 503
        commands.is_ready = True
        assert (await client.get("/-/ready"))[0] == 200


async def test_reload_says_what_was_wrong() -> None:
    commands = make_commands()
    async with serve(commands) as client:
        assert (await client.get("/-/reload", "POST"))[0] == 200
        commands.problem = "ringwacht.yml:3:5: sites: unknown key"
        status, body, _ = await client.get("/-/reload", "POST")
        assert (status, body) == (500, b"ringwacht.yml:3:5: sites: unknown key\n")
        assert (await client.get("/-/reload"))[0] == 405
    assert commands.reloads == 2


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec_Fetch_Site": "cross-site"},
        {"Sec_Fetch_Site": "same-site"},
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
    ],
)
async def test_reload_is_not_for_pages_of_other_sites(headers: dict[str, str]) -> None:
    commands = make_commands()
    async with serve(commands) as client:
        assert (await client.get("/-/reload", "POST", **headers))[0] == 403
        own = {"Origin": client.url, "Sec_Fetch_Site": "same-origin"}
        assert (await client.get("/-/reload", "POST", **own))[0] == 200
    assert commands.reloads == 1


@pytest.mark.parametrize(
    ("host", "local"),
    [
        ("127.0.0.1", True),
        ("127.9.9.9", True),
        ("::1", True),
        ("::ffff:127.0.0.1", True),
        ("localhost", True),
        ("192.0.2.1", False),
        ("::ffff:192.0.2.1", False),
        ("", False),
        ("evil.example", False),
    ],
)
def test_only_loopback_is_local(host: str, local: bool) -> None:
    assert is_loopback(host) is local


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("localhost:9595", 200),
        ("LOCALHOST", 200),
        ("127.0.0.1", 200),
        ("[::1]:9595", 200),
        ("evil.example", 403),
        ("evil.example:9595", 403),
        ("127.0.0.1.evil.example", 403),
        ("[nonsense", 403),
    ],
)
async def test_another_name_is_refused_on_loopback(host: str, status: int) -> None:
    async with serve(make_commands()) as client:
        assert (await client.get("/-/healthy", Host=host))[0] == status


async def test_any_name_is_answered_where_others_may_reach_us() -> None:
    async with serve(make_commands(), host="0.0.0.0") as client:
        assert (await client.get("/-/healthy", Host="monitoring.example"))[0] == 200


@pytest.mark.parametrize("path", ["/", "/metrics", "/api/v1/alerts", "/nowhere", "/-/reload"])
async def test_every_answer_carries_the_security_headers_and_no_banner(path: str) -> None:
    async with serve(make_commands()) as client:
        _, _, headers = await client.get(path)
        assert headers["Content-Security-Policy"].startswith("default-src 'none'")
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Cache-Control"] == "no-store"
        assert "Server" not in headers


async def test_a_large_body_is_refused() -> None:
    commands = make_commands()
    async with serve(commands) as client, client.session.post(f"{client.url}/-/reload", data=b"x" * 100_000) as answer:
        assert answer.status == 413
    assert commands.reloads == 0


@pytest.mark.parametrize(
    "sent", [b"", b"GET / HT", b"POST /-/reload HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\nhalf"]
)
async def test_a_request_that_does_not_arrive_is_dropped(sent: bytes) -> None:
    commands = make_commands()
    async with serve(commands, Connections(receive_seconds=0.05)) as client:
        reader, writer = await asyncio.open_connection("127.0.0.1", client.port)
        writer.write(sent)
        assert await rest(reader) == b""
        writer.close()
        assert (await client.get("/-/healthy"))[0] == 200
    assert commands.reloads == 0


async def test_the_second_request_of_a_connection_has_a_deadline_of_its_own() -> None:
    async with serve(make_commands(), Connections(receive_seconds=0.05)) as client:
        reader, writer = await asyncio.open_connection("127.0.0.1", client.port)
        writer.write(b"GET /-/healthy HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert (await reader.readuntil(b"healthy\n")).startswith(b"HTTP/1.1 200")
        writer.write(b"GET /-/hea")
        assert await rest(reader) == b""
        writer.close()


async def test_slow_connections_make_room_for_one_that_asks_at_once() -> None:
    async with serve(make_commands(), Connections(limit=3)) as client:
        slow = [await asyncio.open_connection("127.0.0.1", client.port) for _ in range(20)]
        for _reader, writer in slow:
            writer.write(b"GET / HT")
        for _ in range(5):
            assert (await client.get("/-/healthy"))[0] == 200
        for _reader, writer in slow:
            writer.close()


async def test_a_port_in_use_is_one_clear_line() -> None:
    port = free_port()
    first = WebServer(make_commands(), PrometheusPage())
    await first.start("127.0.0.1", port)
    second = WebServer(make_commands(), PrometheusPage())
    with pytest.raises(WebError, match=f"^port {port} on 127.0.0.1 is in use by another program$"):
        await second.start("127.0.0.1", port)
    await second.stop()
    await first.stop()
    await second.start("127.0.0.1", port)
    await second.stop()


async def test_an_address_that_is_not_ours_is_one_clear_line() -> None:
    server = WebServer(make_commands(), PrometheusPage())
    with pytest.raises(WebError, match="none of this machine's"):
        await server.start("192.0.2.1", free_port())


@pytest.mark.integration
async def test_a_real_prometheus_takes_every_series(tmp_path: Path) -> None:
    async with serve(make_commands()) as client:
        job = scrape_job("ringwacht", f"127.0.0.1:{client.port}")
        async with prometheus(tmp_path, [job]) as server:
            (count,) = await server.wait_for('count(ifSpeed{device="sw-1", instance="sw-1", site="rathaus"})')
            assert count.value == 3000
            (finding,) = await server.wait_for("ringwacht_finding")
            assert finding.labels["subject"] == "link:rf-kh-wad"
            assert (await server.wait_for("up"))[0].value == 1
