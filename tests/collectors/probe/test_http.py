from __future__ import annotations

import asyncio
import gzip
import socket
from collections.abc import AsyncIterator
from functools import partial
from typing import Any

import pytest
from aiohttp import web

from agent.contract import BadReply, CannotCheck, Collector, Harvest, Reason, Subject, Target, Traceable, Unreachable
from agent.wire.trust import Trust, TrustShare, load_trust
from agent.wire.wire import LocalWire
from collectors.probe import http
from collectors.probe.families import HTTP_FAMILIES
from collectors.probe.http import RedirectRefusedError, Visitor
from collectors.probe.letter import write
from collectors.probe.params import HttpParams
from collectors.probe.parse import Hop
from collectors.probe.parse_body import MAX_BODY_BYTES
from tests.collectors.probe.servers import local_wire, raw_server, says, series, stays_silent, web_server
from tests.harness.process import free_port

TARGET = Target(Subject("service", "portal"), timeout_seconds=5)
IMPATIENT = Target(Subject("service", "portal"), timeout_seconds=0.1)


@pytest.fixture
async def wire() -> AsyncIterator[LocalWire]:
    async with local_wire() as wire:
        yield wire


def build(wire: LocalWire, url: str, target: Target = TARGET, **params: Any) -> Collector:
    return http.make_spec(TrustShare()).build(target, HttpParams(url=url, **params), wire)


async def fetch(wire: LocalWire, port: int, path: str = "/", **params: Any) -> Harvest:
    return await build(wire, f"http://127.0.0.1:{port}{path}", **params).collect()


async def hello(_request: web.Request) -> web.Response:
    return web.Response(text="<h1>Serviceportal</h1>", content_type="text/html")


async def test_a_good_page(wire: LocalWire) -> None:
    async with web_server(hello) as port:
        harvest = await fetch(wire, port, expect={"status": 200, "text": "Serviceportal"})
    got = series(harvest)
    assert got["probe_success",] == 1
    assert got["probe_http_status_code",] == 200
    assert got["probe_http_version",] == 1.1
    assert got["probe_http_content_length",] == got["probe_http_uncompressed_body_length",] == 22
    assert got["probe_http_ssl",] == got["probe_http_redirects",] == got["probe_failed_due_to_regex",] == 0
    assert got["probe_ip_protocol",] == 4
    phases = [got["probe_http_duration_seconds", name] for name in ("resolve", "connect", "processing", "transfer")]
    assert all(seconds >= 0 for seconds in phases)
    assert sum(phases) <= got["probe_duration_seconds",]
    assert got["probe_http_duration_seconds", "tls"] == 0
    assert not {name for name, *_ in got if "ssl_" in name or "tls_" in name}
    assert {name for name, *_ in got} <= {family.name for family in HTTP_FAMILIES}
    assert harvest.facts == {}


async def test_the_trace_tells_each_phase(wire: LocalWire) -> None:
    told: list[str] = []
    async with web_server(hello) as port:
        collector = build(wire, f"http://127.0.0.1:{port}/")
        assert isinstance(collector, Traceable)
        collector.trace = told.append
        await collector.collect()
    begun = [line.rsplit(":", 1)[0] for line in told]
    hop = "127.0.0.1 (127.0.0.1)"
    assert begun == [f"{hop} resolve", f"{hop} connect", f"{hop} tls", "status 200 processing", "status 200 transfer"]


async def test_an_unchanged_page_rebuilds_nothing(wire: LocalWire) -> None:
    async with web_server(hello) as port:
        collector = build(wire, f"http://127.0.0.1:{port}/")
        assert (await collector.collect()).layout is (await collector.collect()).layout


async def status_of_path(request: web.Request) -> web.Response:
    return web.Response(status=int(request.path[1:]))


@pytest.mark.parametrize(
    ("status", "wanted", "success"), [(500, None, 0), (204, None, 1), (404, 404, 1), (200, 404, 0), (302, None, 0)]
)
async def test_the_status_must_be_the_expected_one(
    wire: LocalWire, status: int, wanted: int | None, success: int
) -> None:
    async with web_server(status_of_path) as port:
        harvest = await fetch(wire, port, f"/{status}", expect={"status": wanted})
    got = series(harvest)
    assert got["probe_success",] == success
    assert got["probe_http_status_code",] == status
    assert got["ringwacht_probe_failed", "status"] == 1 - success
    assert bool(harvest.facts.get("probe_failure")) != bool(success)


async def test_a_missing_text_fails(wire: LocalWire) -> None:
    async with web_server(hello) as port:
        harvest = await fetch(wire, port, expect={"text": "Wartungsarbeiten"})
    got = series(harvest)
    assert got["probe_success",] == 0
    assert got["probe_failed_due_to_regex",] == got["ringwacht_probe_failed", "text"] == 1
    assert got["ringwacht_probe_failed", "status"] == 0
    assert harvest.facts == {"probe_failure": "expected text not found"}


async def huge(_request: web.Request) -> web.Response:
    return web.Response(body=b"start" + b"x" * 5_000_000 + b"end")


@pytest.mark.parametrize(("text", "success"), [("start", 1), ("end", 0)])
async def test_a_huge_page_is_read_up_to_a_limit(wire: LocalWire, text: str, success: int) -> None:
    async with web_server(huge) as port:
        got = series(await fetch(wire, port, expect={"text": text}))
    assert got["probe_success",] == success
    assert got["probe_http_uncompressed_body_length",] == MAX_BODY_BYTES
    assert got["probe_http_content_length",] == 5_000_008


async def compressed(_request: web.Request) -> web.Response:
    return web.Response(body=gzip.compress("Bürgerbüro".encode("latin-1")), headers={
        "Content-Encoding": "gzip", "Content-Type": "text/html; charset=iso-8859-1"
    })  # fmt: skip


async def test_a_page_that_is_compressed_unasked_is_understood(wire: LocalWire) -> None:
    async with web_server(compressed) as port:
        assert series(await fetch(wire, port, expect={"text": "Bürgerbüro"}))["probe_success",] == 1


async def test_no_cookie_and_no_credential_is_sent(wire: LocalWire) -> None:
    seen: list[web.Request] = []

    async def cookie(request: web.Request) -> web.Response:
        seen.append(request)
        response = web.Response()
        response.set_cookie("session", "1")
        return response

    async with web_server(cookie) as port:
        collector = build(wire, f"http://127.0.0.1:{port}/")
        await collector.collect()
        await collector.collect()
    assert [request.cookies for request in seen] == [{}, {}]
    assert all("Authorization" not in request.headers for request in seen)
    assert seen[0].headers["User-Agent"] == "Ringwacht"


def redirecting(location: str) -> Any:
    async def handler(request: web.Request) -> web.Response:
        if request.path == "/end":
            return web.Response(text="there")
        return web.Response(status=302, headers={"Location": location})

    return handler


async def test_a_redirect_is_followed(wire: LocalWire) -> None:
    async with web_server(redirecting("/end")) as port:
        got = series(await fetch(wire, port, expect={"text": "there"}))
    assert (got["probe_success",], got["probe_http_redirects",], got["probe_http_status_code",]) == (1, 1, 200)


async def test_a_redirect_is_the_answer_where_it_is_not_followed(wire: LocalWire) -> None:
    async with web_server(redirecting("/end")) as port:
        got = series(await fetch(wire, port, follow_redirects=False, expect={"status": 302}))
    assert (got["probe_success",], got["probe_http_redirects",], got["probe_http_status_code",]) == (1, 0, 302)


@pytest.mark.parametrize(
    ("location", "hops"),
    [("/again", 5), ("file:///etc/passwd", 0), ("http://[", 0), ("ftp://127.0.0.1/", 0), ("http://u:p@127.0.0.1/", 0)],
)
async def test_a_redirect_that_leads_nowhere_fails(wire: LocalWire, location: str, hops: int) -> None:
    async with web_server(redirecting(location)) as port:
        harvest = await fetch(wire, port)
    got = series(harvest)
    assert (got["probe_success",], got["ringwacht_probe_failed", "redirect"]) == (0, 1)
    assert got["probe_http_redirects",] == hops
    assert got["probe_http_status_code",] == 302
    assert location not in harvest.facts["probe_failure"]


async def test_a_redirect_from_outside_to_this_machine_is_refused(wire: LocalWire) -> None:
    params = HttpParams(url="http://other.example:8080/")
    trust = load_trust(None)

    async def older() -> Trust:
        return trust

    visitor = Visitor(params, wire, trust, older, 5, [Hop("www.example", "192.0.2.1", {})])
    with pytest.raises(RedirectRefusedError, match="not followed from outside"):
        await visitor._fetch(write(params.url, params, None))  # pyright: ignore[reportPrivateUsage]


async def test_a_server_that_stays_silent_is_a_timeout(wire: LocalWire) -> None:
    async with raw_server(stays_silent) as port:
        with pytest.raises(Unreachable) as caught:
            await build(wire, f"http://127.0.0.1:{port}/", IMPATIENT).collect()
    assert caught.value.reason is Reason.TIMEOUT


async def test_a_body_that_stops_is_a_timeout(wire: LocalWire) -> None:
    async def stall(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")
        await stays_silent(reader, writer)

    async with raw_server(stall) as port:
        with pytest.raises(Unreachable) as caught:
            await build(wire, f"http://127.0.0.1:{port}/", IMPATIENT).collect()
    assert caught.value.reason is Reason.TIMEOUT


@pytest.mark.parametrize(
    "answer",
    [
        b"SSH-2.0-canary\r\n\r\n",
        b"\x00\xff" * 100,
        b"HTTP/1.1 abc canary\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\ncanary\r\n",
        b"HTTP/1.1 200 OK\r\nX: " + b"canary" * 100_000 + b"\r\n\r\n",
        b"",
    ],
)
async def test_what_is_no_http_is_a_bad_reply_that_quotes_nothing(wire: LocalWire, answer: bytes) -> None:
    async with raw_server(partial(says, answer=answer)) as port:
        with pytest.raises(BadReply) as caught:
            await fetch(wire, port)
    assert "canary" not in str(caught.value)


async def test_a_reset_is_a_bad_reply(wire: LocalWire) -> None:
    async def reset(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        sock = writer.get_extra_info("socket")
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\0\0\0\0\0\0\0")

    async with raw_server(reset) as port:
        with pytest.raises(BadReply):
            await fetch(wire, port)


async def test_a_closed_port_is_refused(wire: LocalWire) -> None:
    with pytest.raises(Unreachable) as caught:
        await fetch(wire, free_port())
    assert caught.value.reason is Reason.REFUSED


async def test_a_name_that_does_not_resolve_is_unreachable(wire: LocalWire) -> None:
    with pytest.raises(Unreachable) as caught:
        await build(wire, "http://gone.example/").collect()
    assert caught.value.reason is Reason.UNREACHABLE


async def test_a_cancelled_poll_leaves_nothing_open(wire: LocalWire) -> None:
    accepted, closed = asyncio.Event(), asyncio.Event()

    async def watch(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        accepted.set()
        await stays_silent(reader, writer)
        closed.set()

    async with raw_server(watch) as port:
        poll = asyncio.create_task(fetch(wire, port))
        await accepted.wait()
        poll.cancel()
        with pytest.raises(asyncio.CancelledError):
            await poll
        await closed.wait()


async def test_the_url_holds_no_secret_and_bad_params_are_refused() -> None:
    with pytest.raises(ValueError, match="url"):
        HttpParams(url="https://user:secret@127.0.0.1/")
    with pytest.raises(ValueError, match="colour"):
        HttpParams.model_validate({"url": "http://127.0.0.1/", "colour": 1})


async def test_unreadable_authorities_are_our_own_trouble(wire: LocalWire, tmp_path: Any) -> None:
    empty = tmp_path / "ca.pem"
    empty.write_text("no certificate")
    async with web_server(hello) as port:
        with pytest.raises(CannotCheck, match="ca"):
            await fetch(wire, port, ca=empty)
