"""How a page is fetched: patience, credentials, certificates, and one connection for all polls."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from pydantic import SecretStr

from agent.contract import (
    AuthFailed,
    BadReply,
    CannotCheck,
    Harvest,
    ParamError,
    Reason,
    Target,
    Traceable,
    Unreachable,
)
from agent.wire.wire import LocalWire
from config.settings import Credential, HttpCredential
from tests.collectors.probe.servers import Authority, local_wire, raw_server, says, stays_silent, web_server
from tests.collectors.scrape.lab import OPENMETRICS, SPEC, SUBJECT, build, key, page, poll, series, serving_text
from tests.harness.process import free_port

LOGIN = Credential(http=HttpCredential(username="ringwacht", password=SecretStr("gehéim")))
TOKEN = Credential(token=SecretStr("tok-geheim"))


@pytest.fixture
async def wire() -> AsyncIterator[LocalWire]:
    async with local_wire() as wire:
        yield wire


async def asked(credential: Credential | None = None, **params: Any) -> tuple[web.Request, Harvest]:
    """The request that a poll sends, and what it brings."""
    seen: list[web.Request] = []

    async def answer(request: web.Request) -> web.Response:
        seen.append(request)
        return web.Response(text="a 1\n")

    async with web_server(answer) as port:
        harvest = await poll(port, credential=credential, **params)
    [request] = seen
    return request, harvest


async def test_a_request_says_what_is_understood() -> None:
    request, harvest = await asked(path="/pve?target=192.0.2.1&cluster=1")
    assert request.path_qs == "/pve?target=192.0.2.1&cluster=1"
    assert request.headers["Accept"].startswith("text/plain;version=0.0.4,application/openmetrics-text")
    assert request.headers["Accept-Encoding"] == "identity"
    assert request.headers["X-Prometheus-Scrape-Timeout-Seconds"] == "27"
    assert request.headers["Host"].startswith("127.0.0.1:")
    assert "Authorization" not in request.headers
    assert series(harvest) == {key("a"): 1}


async def test_credentials() -> None:
    basic, _ = await asked(LOGIN)
    assert basic.headers["Authorization"] == "Basic " + base64.b64encode("ringwacht:gehéim".encode()).decode()
    bearer, _ = await asked(TOKEN)
    assert bearer.headers["Authorization"] == "Bearer tok-geheim"


@pytest.mark.parametrize("status", [401, 403])
async def test_refused_credentials(status: int) -> None:
    async def answer(_request: web.Request) -> web.Response:
        return web.Response(status=status, text="geheim?")

    async with web_server(answer) as port:
        with pytest.raises(AuthFailed) as caught:
            await poll(port, credential=TOKEN)
    assert caught.value.detail == f"127.0.0.1:{port}: status {status}"


async def test_redirects_are_not_followed() -> None:
    seen: list[str] = []

    async def answer(request: web.Request) -> web.Response:
        seen.append(request.path)
        raise web.HTTPFound("/elsewhere")

    async with web_server(answer) as port:
        with pytest.raises(BadReply, match="status 302: redirects are not followed"):
            await poll(port)
    assert seen == ["/metrics"]


@pytest.mark.parametrize("status", [204, 404, 500, 503])
async def test_any_other_status_is_no_page(status: int) -> None:
    async def answer(_request: web.Request) -> web.Response:
        return web.Response(status=status)

    async with web_server(answer) as port:
        with pytest.raises(BadReply, match=f"status {status}$"):
            await poll(port)


async def test_one_connection_for_all_polls_and_values_only(wire: LocalWire) -> None:
    peers: set[object] = set()

    async def answer(request: web.Request) -> web.Response:
        assert request.transport is not None
        peers.add(request.transport.get_extra_info("peername"))
        polls[0] += 1
        return web.Response(text=f"# TYPE a gauge\na {polls[0]}\nb 2\n")

    polls = [0]
    async with web_server(answer) as port:
        collector = build(wire, port)
        told: list[str] = []
        assert isinstance(collector, Traceable)
        collector.trace = told.append
        first, second = await collector.collect(), await collector.collect()
        await collector.close()
        await collector.close()
    assert len(peers) == 1
    assert second.layout is first.layout
    assert [list(harvest.values) for harvest in (first, second)] == [[1, 2], [2, 2]]
    assert told == ["23 bytes, text", "2 series of 2 families"] * 2


async def test_a_connection_that_the_exporter_closed_is_opened_again(wire: LocalWire) -> None:
    polls = [0]

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        polls[0] += 1
        await says(reader, writer, b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\na 1\n")

    async with raw_server(talk) as port:
        collector = build(wire, port)
        for _ in range(3):
            assert list((await collector.collect()).values) == [1]
        await collector.close()
    assert polls == [3]


async def test_openmetrics_is_told_by_its_content_type() -> None:
    async with serving_text(page("openmetrics"), OPENMETRICS) as port:
        assert series(await poll(port))[key("http_requests_total", code="200")] == 1027
    async with serving_text("a 1\n", OPENMETRICS) as port:
        with pytest.raises(BadReply, match="ends without # EOF"):
            await poll(port)


async def test_a_byte_order_mark_and_latin_1_are_read_over() -> None:
    async with serving_text('\ufeff# TYPE a gauge\na{b="Büro"} 1\n') as port:
        assert series(await poll(port)) == {key("a", b="Büro"): 1}
    async with serving_text('a{b="Büro"} 1\n'.encode("latin-1")) as port:
        assert series(await poll(port)) == {key("a", b="B\ufffdro"): 1}


async def test_a_closed_port() -> None:
    with pytest.raises(Unreachable) as caught:
        await poll(free_port())
    assert caught.value.reason is Reason.REFUSED


async def test_silence_is_a_timeout(wire: LocalWire) -> None:
    async with raw_server(stays_silent) as port:
        target = Target(SUBJECT, host="127.0.0.1", port=port, timeout_seconds=0.05, budget_seconds=0.1)
        collector = SPEC.build(target, SPEC.params(), wire)
        with pytest.raises(Unreachable) as caught:
            await collector.collect()
        await collector.close()
    assert caught.value.reason is Reason.TIMEOUT


@pytest.mark.parametrize(
    "answer", [b"", b"SSH-2.0-OpenSSH_9.2\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\na 1\n"]
)
async def test_what_speaks_no_http_or_breaks_off(answer: bytes) -> None:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await says(reader, writer, answer)

    async with raw_server(talk) as port:
        with pytest.raises(BadReply, match=r"no valid HTTP answer \(\w+\)") as caught:
            await poll(port)
    assert "SSH" not in caught.value.detail


async def test_certificates(tmp_path: Path, wire: LocalWire) -> None:
    authority = await asyncio.to_thread(Authority)
    ca = authority.write(tmp_path / "ca.pem")

    async def answer(_request: web.Request) -> web.Response:
        return web.Response(text="a 1\n")

    async with web_server(answer, authority.serve(tmp_path, "www.example")) as port:
        with pytest.raises(BadReply, match=r"certificate: .*`ca` names an own authority"):
            await poll(port, scheme="https")
        with pytest.raises(BadReply, match="certificate: IP address mismatch"):
            await poll(port, scheme="https", ca=ca)
        assert series(await poll(port, scheme="https", verify=False)) == {key("a"): 1}
        named = build(wire, port, host="www.example", scheme="https", ca=ca)
        assert series(await named.collect()) == {key("a"): 1}
        await named.close()
        ca.write_text("no certificate")
        with pytest.raises(CannotCheck, match="ca "):
            await poll(port, scheme="https", ca=ca)


async def test_plain_http_on_a_tls_port_and_the_reverse(tmp_path: Path) -> None:
    authority = await asyncio.to_thread(Authority)

    async def answer(_request: web.Request) -> web.Response:
        return web.Response(text="a 1\n")

    async with web_server(answer) as port:
        with pytest.raises(BadReply, match="TLS handshake failed"):
            await poll(port, scheme="https")
    async with web_server(answer, authority.serve(tmp_path, "127.0.0.1")) as port:
        with pytest.raises(BadReply):
            await poll(port)


def test_a_scrape_needs_a_host(wire: LocalWire) -> None:
    with pytest.raises(ParamError, match="needs a host"):
        SPEC.build(Target(SUBJECT, port=9100), SPEC.params(), wire)


async def test_no_error_shows_a_secret() -> None:
    async def echo(request: web.Request) -> web.Response:
        return web.Response(text=f"{request.headers['Authorization']}\n")

    async with web_server(echo) as port:
        with pytest.raises(BadReply) as caught:
            await poll(port, credential=TOKEN)
    assert caught.value.detail == "line 1 is no sample"


async def test_an_error_shows_what_came_instead() -> None:
    async with serving_text("<!DOCTYPE html>\n<html>", "text/html") as port:
        with pytest.raises(BadReply) as caught:
            await poll(port)
    assert caught.value.detail == "line 1 is no sample: '<!DOCTYPE html>'"
