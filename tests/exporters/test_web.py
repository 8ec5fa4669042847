from __future__ import annotations

import asyncio
import gzip
from dataclasses import replace
from pathlib import Path

import pytest

from agent.contract import Harvest, Reading
from exporters.prometheus.page import PrometheusPage
from exporters.web.api import device_rows
from exporters.web.connections import Connections
from exporters.web.server import WebError, WebServer
from tests.exporters.county import job, make_inventory, snapshot
from tests.exporters.fakes import make_layout
from tests.exporters.webserver import make_commands, serve
from tests.harness.process import free_port
from tests.harness.prometheus import prometheus, scrape_job


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


@pytest.mark.parametrize("path", ["/metrics", "/", "/static/page.css", "/api/v1/devices", "/-/ready"])
async def test_head_gets_the_headers_alone(path: str) -> None:
    async with serve(make_commands()) as client:
        answered, body, alone = await client.get(path, "HEAD")
        status, _, headers = await client.get(path)
    assert (answered, body) == (status, b"")
    framing = {"Transfer-Encoding": "chunked"} if path == "/metrics" else {}  # a HEAD's may be left out (RFC 9112, 6.1)
    assert {**alone, **framing, "Date": ""} == {**headers, "Date": ""}


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
                "acknowledged": None,
                "site": "wadersloh",
                "evidence": ["Port 1 ist aus"],
                "norm": None,
                "runbook": None,
                "muted": None,
                "work": None,
                "flaps": None,
                "milder_since": None,
                "good_since": None,
                "told": [],
                "untold": "no route matches",
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
                "partial": [],
                "engine": None,
                "profile": None,
            },
            {
                "name": "never-polled",
                "site": "rathaus",
                "state": "unknown",
                "reason": None,
                "last_success": None,
                "partial": [],
                "engine": None,
                "profile": None,
            },
        ]


def test_devices_tell_which_engine_and_profile_read_them() -> None:
    read = job("device", "sw-1")
    facts = {"snmp_engine": "pysnmp", "snmp_profile": "ceragon+entity", "sys_name": "sw"}
    reading = Reading(read.key, read.target, 1.0, 0.1, Harvest(make_layout(), (), facts))
    rows = device_rows(snapshot([replace(read, reading=reading), job("device", "sw-2")]), make_inventory())
    assert [(row["engine"], row["profile"]) for row in rows] == [("pysnmp", "ceragon+entity"), (None, None)]


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
