"""The probes on the loop that the daemon runs on: its transports are not asyncio's own."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path

import pytest
import uvloop
from aiohttp import web

from agent.contract import BadReply, Harvest, Layout, Subject, Target
from agent.wire.trust import TrustShare
from agent.wire.wire import LocalWire
from collectors.probe import parse_throughput, throughput
from config.network import Throughput
from tests.collectors.probe.servers import Authority, local_wire, raw_server, series, stays_silent, web_server
from tests.collectors.probe.test_dns_records import answer, ask
from tests.collectors.probe.test_http2 import Served, fetch, hello, server
from tests.collectors.probe.test_tcp_talk import SERVERS, connect, speaks
from tests.collectors.probe.test_throughput import endless

Poll = Callable[[LocalWire, Path], Awaitable[Harvest]]


def tls(folder: Path) -> ssl.SSLContext:
    return Authority().serve(folder, "127.0.0.1")


async def large(_request: web.Request) -> web.Response:
    return web.Response(text="x" * 900_000 + "end")


async def http(wire: LocalWire, _folder: Path) -> Harvest:
    async with web_server(large) as port:
        return await fetch(wire, f"http://127.0.0.1:{port}/", expect={"text": "end"})


async def https(wire: LocalWire, folder: Path) -> Harvest:
    async with web_server(large, tls(folder)) as port:
        return await fetch(wire, f"https://127.0.0.1:{port}/", expect={"text": "end", "tls": True})


async def http_2(wire: LocalWire, folder: Path) -> Harvest:
    async def much(served: Served) -> None:
        await served.answer([(":status", "200")], b"x" * 900_000)

    async with server(folder, much) as (port, _):
        return await fetch(wire, f"https://127.0.0.1:{port}/", expect={"http_version": 2})


async def untrusted(wire: LocalWire, folder: Path) -> Harvest:
    async with server(folder, hello) as (port, _):
        return await fetch(wire, f"https://www.example:{port}/", verify=False)


async def tcp(wire: LocalWire, folder: Path) -> Harvest:
    async with raw_server(stays_silent, tls(folder)) as port:
        return await connect(wire, port, tls=True)


async def smtp(wire: LocalWire, folder: Path) -> Harvest:
    async with speaks(SERVERS["smtp"], tls(folder)) as port:
        return await connect(wire, port, starttls="smtp")


async def postgres(wire: LocalWire, folder: Path) -> Harvest:
    async with speaks(SERVERS["postgres"], tls(folder)) as port:
        return await connect(wire, port, starttls="postgres")


async def dns_over_tls(wire: LocalWire, folder: Path) -> Harvest:
    async with raw_server(answer, tls(folder)) as port:
        return await ask(wire, port)


def run(poll: Poll, folder: Path) -> Harvest:
    async def once() -> Harvest:
        async with local_wire() as wire:
            return await poll(wire, folder)

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(once())


POLLS: Mapping[str, Poll] = {
    poll.__name__: poll for poll in (http, https, http_2, untrusted, tcp, smtp, postgres, dns_over_tls)
}


@pytest.mark.parametrize("poll", POLLS.values(), ids=POLLS.keys())
def test_a_poll(poll: Poll, tmp_path: Path) -> None:
    assert series(run(poll, tmp_path))["probe_success",] == 1


def test_a_server_that_closes_at_once_is_a_bad_reply(tmp_path: Path) -> None:
    async def closed(wire: LocalWire, _folder: Path) -> Harvest:
        async def close(_reader: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> None:
            """Say nothing."""

        async with raw_server(close) as port:
            with pytest.raises(BadReply):
                await fetch(wire, f"http://127.0.0.1:{port}/")
            return Harvest(Layout(), ())

    run(closed, tmp_path)


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_measurement(scheme: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parse_throughput, "LONGEST_SECONDS", 1.7)

    async def measure(wire: LocalWire, folder: Path) -> Harvest:
        share = TrustShare()
        lent = await share.borrow(None, wire)
        lent.strict.check_hostname, lent.strict.verify_mode = False, ssl.CERT_NONE
        async with web_server(endless, tls(folder) if scheme == "https" else None) as port:
            asked = Throughput(download=f"{scheme}://127.0.0.1:{port}/", most=4096)
            return await throughput.make_spec(share).build(Target(Subject("link", "lte")), asked, wire).collect()

    assert {way for _, way in series(run(measure, tmp_path))} == {"down"}
