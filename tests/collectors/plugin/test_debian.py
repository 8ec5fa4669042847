"""Debian's monitoring-plugins against servers on loopback."""

from __future__ import annotations

import asyncio
import struct
from asyncio.subprocess import PIPE
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import cast

import pytest
from aiohttp import web

from agent.engine.clock import SystemClock
from agent.families import PLUGIN_ERRORS, PLUGIN_OUTPUT
from tests.collectors.plugin.lab import Bench, status, values
from tests.harness.daemon import COMMAND
from tests.harness.process import free_port, write_yaml

pytestmark = pytest.mark.integration

PLUGINS = "/usr/lib/nagios/plugins"
HOST = ("-H", "127.0.0.1")


@asynccontextmanager
async def talking(greeting: bytes, answer: bytes = b"") -> AsyncGenerator[int]:
    """A TCP server that greets, and answers each line."""

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(greeting)
        while await reader.readline():
            writer.write(answer)
        writer.close()

    server = await asyncio.start_server(talk, "127.0.0.1", 0)
    async with server:
        yield server.sockets[0].getsockname()[1]


async def test_check_tcp(bench: Bench) -> None:
    async with talking(b"") as port:
        harvest = await bench.run(f"{PLUGINS}/check_tcp", *HOST, "-p", port)
    assert status(harvest) == 0
    assert harvest.facts[PLUGIN_OUTPUT].startswith("TCP OK - ")
    assert not harvest.partial
    assert 0 < values(harvest)["time", "seconds"] < 10
    refused = await bench.run(f"{PLUGINS}/check_tcp", *HOST, "-p", free_port())
    assert status(refused) == 2
    assert "refused" in refused.facts[PLUGIN_OUTPUT]


async def test_check_smtp_and_ldap_by_hand(bench: Bench) -> None:
    async with talking(b"220 mail ESMTP\r\n", b"250 ok\r\n") as port:
        harvest = await bench.run(f"{PLUGINS}/check_smtp", *HOST, "-p", port)
        assert (status(harvest), harvest.facts[PLUGIN_OUTPUT][:7]) == (0, "SMTP OK")
    assert ("time", "seconds") in values(harvest)
    async with talking(b"no mail server\r\n", b"what?\r\n") as port:
        assert status(await bench.run(f"{PLUGINS}/check_smtp", *HOST, "-p", port, "-t", 2)) != 0


async def test_check_http(bench: Bench) -> None:
    async def page(_request: web.Request) -> web.Response:
        return web.Response(text="Serviceportal")

    application = web.Application()
    application.router.add_get("/", page)
    runner = web.AppRunner(application)
    await runner.setup()
    port = free_port()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    try:
        good = await bench.run(f"{PLUGINS}/check_http", *HOST, "-p", port, "-s", "Serviceportal")
        bad = await bench.run(f"{PLUGINS}/check_http", *HOST, "-p", port, "-s", "Bürgeramt", "-u", "/nowhere")
    finally:
        await runner.cleanup()
    assert (status(good), status(bad)) == (0, 2)
    assert {label for label, _ in values(good)} >= {"time", "size"}
    assert values(good)["size", "bytes"] > 13
    assert "404" in bad.facts[PLUGIN_OUTPUT]


class NtpServer(asyncio.DatagramProtocol):
    """Answers as stratum 2 with the time of this machine (RFC 5905, figure 8)."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        moment = SystemClock().now()
        now = struct.pack(">II", int(moment) + 2_208_988_800, int(moment % 1 * 2**32))
        head = struct.pack(">BBbbII4s", 0b00_100_100, 2, 6, -20, 0, 0, b"\x7f\0\0\1")
        cast("asyncio.DatagramTransport", self.transport).sendto(head + now + data[40:48] + now + now, addr)


async def test_check_ntp_time(bench: Bench) -> None:
    loop = asyncio.get_running_loop()
    transport, _ = await loop.create_datagram_endpoint(NtpServer, ("127.0.0.1", 0))
    port = transport.get_extra_info("sockname")[1]
    try:
        harvest = await bench.run(f"{PLUGINS}/check_ntp_time", *HOST, "-p", port, "-w", 60, "-c", 120)
    finally:
        transport.close()
    assert status(harvest) == 0, harvest.facts
    assert abs(values(harvest)["offset", "seconds"]) < 60
    silent = await bench.run(f"{PLUGINS}/check_ntp_time", *HOST, "-p", free_port(), "-t", 1)
    assert status(silent) in {2, 3}


async def test_checks_of_this_machine(bench: Bench, tmp_path: Path) -> None:
    disk = await bench.run(f"{PLUGINS}/check_disk", "-w", "0%", "-c", "0%", "-p", str(tmp_path))
    assert status(disk) == 0, disk.facts
    assert {unit for _, unit in values(disk)} == {"bytes"}
    load = await bench.run(f"{PLUGINS}/check_load", "-w", "9000,9000,9000", "-c", "9999,9999,9999")
    assert {label for label, _ in values(load)} == {"load1", "load5", "load15"}
    assert status(load) == 0
    assert status(await bench.run(f"{PLUGINS}/check_procs", "-w", "1000000:")) == 1
    (tmp_path / "old").write_text("x")
    aged = await bench.run(f"{PLUGINS}/check_file_age", "-f", str(tmp_path / "old"))
    assert (status(aged), values(aged)["size", "bytes"]) == (0, 1)


@pytest.mark.parametrize(
    ("state", "text"), [(0, "OK: hi"), (1, "WARNING: hi"), (2, "CRITICAL: hi"), (3, "UNKNOWN: hi")]
)
async def test_check_dummy(bench: Bench, state: int, text: str) -> None:
    harvest = await bench.run(f"{PLUGINS}/check_dummy", state, "hi")
    assert (status(harvest), harvest.facts) == (state, {PLUGIN_OUTPUT: text})


async def test_a_wrong_call_is_unknown_and_quoted(bench: Bench) -> None:
    harvest = await bench.run(f"{PLUGINS}/check_tcp", "--no-such-option")
    assert status(harvest) == 3
    assert "unrecognized option" in harvest.facts[PLUGIN_ERRORS]


async def test_a_plug_in_around_a_plug_in(bench: Bench) -> None:
    harvest = await bench.run(f"{PLUGINS}/negate", "-o", "CRITICAL", f"{PLUGINS}/check_dummy", 0, "open")
    assert (status(harvest), harvest.facts[PLUGIN_OUTPUT]) == (2, "OK: open")


async def test_tls_with_one_who_does_not_speak_it(bench: Bench) -> None:
    async with talking(b"not TLS at all\r\n") as port:
        harvest = await bench.run(f"{PLUGINS}/check_tcp", *HOST, "-p", port, "-S", "-t", 3)
    assert status(harvest) in {2, 3}


async def test_ringwacht_collect_debug(tmp_path: Path) -> None:
    plugin = {"command": [f"{PLUGINS}/check_dummy", 1, "so so|a=5ms"]}
    write_yaml(tmp_path / "ringwacht.yml", {"sites": {"a": {}}, "services": {"s": {"plugin": plugin, "site": "a"}}})
    argv = (*COMMAND, "collect", str(tmp_path), "s", "--debug")
    process = await asyncio.create_subprocess_exec(*argv, stdout=PIPE, stderr=PIPE)
    said, told = (text.decode() for text in await process.communicate())
    assert process.returncode == 0, told
    assert 'ringwacht_plugin_status{service="s",instance="s",site="a"} 1' in said
    assert 'label="a",unit="seconds"} 0.005' in said
    assert f"  run {PLUGINS}/check_dummy 1 'so so|a=5ms'\n" in told
    assert "  exit status 1 (WARNING); " in told
    assert "  output: WARNING: so so|a=5ms\n" in told
