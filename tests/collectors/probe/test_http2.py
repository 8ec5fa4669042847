"""HTTP/2 against servers by hypercorn's sans-I/O library, well-behaved ones and others."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from h2.config import H2Configuration
from h2.connection import H2Connection
from h2.errors import ErrorCodes
from h2.events import DataReceived, RequestReceived, StreamEnded
from hyperframe.frame import ContinuationFrame, HeadersFrame, PingFrame, SettingsFrame

from agent.contract import BadReply, Harvest, Subject, Target, Unreachable
from agent.wire.trust import TrustShare
from agent.wire.wire import LocalWire
from collectors.probe import http
from collectors.probe.params import HttpParams
from collectors.probe.parse_body import MAX_BODY_BYTES
from tests.collectors.probe.servers import Authority, raw_server, says, series, web_server

Fields = list[tuple[str, str]]
Respond = Callable[["Served"], Awaitable[None]]
TARGET = Target(Subject("service", "portal"), timeout_seconds=5)


class Served:
    """One request over HTTP/2, and how to answer it."""

    def __init__(self, connection: H2Connection, writer: asyncio.StreamWriter, fields: Fields) -> None:
        self.connection = connection
        self.writer = writer
        self.fields = dict(fields)
        self.body = b""

    async def answer(self, fields: Fields, body: bytes = b"") -> None:
        """Answer whole, as far as the window lets it."""
        self.connection.send_headers(1, fields, end_stream=not body)
        while body:
            room = min(self.connection.local_flow_control_window(1), self.connection.max_outbound_frame_size)
            piece, body = body[:room], body[room:]
            self.connection.send_data(1, piece, end_stream=not body)
            if room == len(piece) and not self.connection.local_flow_control_window(1):
                break
        self.flush()

    def flush(self) -> None:
        """Send what waits."""
        self.writer.write(self.connection.data_to_send())


@asynccontextmanager
async def server(folder: Path, respond: Respond) -> AsyncGenerator[tuple[int, Authority]]:
    authority = Authority()
    context = authority.serve(folder, "127.0.0.1", "www.example", "other.example")
    context.set_alpn_protocols(["h2"])

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connection = H2Connection(H2Configuration(client_side=False, header_encoding="utf-8"))
        connection.initiate_connection()
        writer.write(connection.data_to_send())
        served: Served | None = None
        while data := await reader.read(65536):
            for event in connection.receive_data(data):
                if isinstance(event, RequestReceived):
                    fields = [(str(name), str(value)) for name, value in event.headers]
                    served = Served(connection, writer, fields)
                elif isinstance(event, DataReceived) and served is not None:
                    served.body += event.data
                    connection.acknowledge_received_data(event.flow_controlled_length, 1)
                elif isinstance(event, StreamEnded) and served is not None:
                    await respond(served)
            writer.write(connection.data_to_send())

    async with raw_server(talk, context) as port:
        yield port, authority


async def fetch(wire: LocalWire, url: str, **params: Any) -> Harvest:
    settings = HttpParams(url=url, **params)
    return await http.make_spec(TrustShare()).build(TARGET, settings, wire).collect()


async def hello(served: Served) -> None:
    await served.answer([(":status", "200"), ("last-modified", "Wed, 21 Oct 2015 07:28:00 GMT")], b"Serviceportal")


async def test_a_page_over_http_2(wire: LocalWire, tmp_path: Path) -> None:
    async with server(tmp_path, hello) as (port, authority):
        expect = {"text": "portal", "http_version": 2, "tls": True, "headers": {"Last-Modified": "2015"}}
        ca = authority.write(tmp_path / "ca.pem")
        got = series(await fetch(wire, f"https://www.example:{port}/a?b=c", ca=ca, expect=expect))
    assert got["probe_success",] == 1
    assert got["probe_http_version",] == 2
    assert got["probe_http_last_modified_timestamp_seconds",] == 1445412480
    assert got["probe_http_uncompressed_body_length",] == 13
    assert got["probe_http_duration_seconds", "processing"] >= 0
    assert ("probe_ssl_last_chain_expiry_timestamp_seconds",) in got


async def test_http_2_is_not_offered_where_it_is_not_wanted(wire: LocalWire, tmp_path: Path) -> None:
    async def page(_request: web.Request) -> web.Response:
        return web.Response(text="one")

    context = Authority().serve(tmp_path, "127.0.0.1")
    context.set_alpn_protocols(["h2", "http/1.1"])
    async with web_server(page, context) as port:
        got = series(await fetch(wire, f"https://127.0.0.1:{port}/", http2=False, expect={"http_version": 1.1}))
    assert (got["probe_http_version",], got["probe_success",]) == (1.1, 1)


async def test_what_is_sent_arrives_whole(wire: LocalWire, tmp_path: Path) -> None:
    seen: list[Served] = []

    async def take(served: Served) -> None:
        seen.append(served)
        await served.answer([(":status", "201")])

    async with server(tmp_path, take) as (port, _):
        asked = {"method": "POST", "body": "x" * 65_536, "headers": {"X-Town": "Telgte"}}
        got = series(await fetch(wire, f"https://127.0.0.1:{port}/a%20b?q=1", **asked))
    assert got["probe_success",] == 1
    fields = seen[0].fields
    assert (fields[":method"], fields[":path"], fields["x-town"]) == ("POST", "/a%20b?q=1", "Telgte")
    assert len(seen[0].body) == 65_536


async def test_a_huge_page_is_read_up_to_a_limit(wire: LocalWire, tmp_path: Path) -> None:
    async def huge(served: Served) -> None:
        await served.answer([(":status", "200")], b"x" * 1_150_000)

    async with server(tmp_path, huge) as (port, _):
        got = series(await fetch(wire, f"https://127.0.0.1:{port}/"))
    assert got["probe_http_uncompressed_body_length",] == MAX_BODY_BYTES


async def test_a_redirect_leads_from_http_2_to_http_1(wire: LocalWire, tmp_path: Path) -> None:
    async def plain(_request: web.Request) -> web.Response:
        return web.Response(text="there")

    async with web_server(plain) as end:

        async def lead(served: Served) -> None:
            await served.answer([(":status", "302"), ("location", f"http://127.0.0.1:{end}/")], b"moved")

        async with server(tmp_path, lead) as (port, _):
            got = series(await fetch(wire, f"https://127.0.0.1:{port}/", expect={"tls": True}))
    assert (got["probe_http_version",], got["probe_http_redirects",], got["probe_http_ssl",]) == (1.1, 1, 0)
    assert got["ringwacht_probe_failed", "tls"] == 1


RAW: Mapping[str, bytes] = {
    "unknown": b"\0\0\0\xf0\0\0\0\0\0" * 60_000,  # frames of a type that nobody knows
    "garbage": b"canary" * 400_000,
}


def frames(kind: str) -> bytes:
    match kind:
        case "settings":
            return SettingsFrame(0, settings={3: 100}).serialize() * 60_000
        case "ping":
            return PingFrame(0, opaque_data=b"12345678").serialize() * 60_000
        case "continuation":
            head = HeadersFrame(1, data=b"\x88")
            return head.serialize() + ContinuationFrame(1, data=b"\x00\x01a\x01b").serialize() * 60_000
        case "headers":
            much = b"\x88" + b"\x00\x01a\x7f\x80\x7f" + b"b" * 16_000
            return HeadersFrame(1, data=much, flags=["END_HEADERS"]).serialize() * 200
        case "early":
            return HeadersFrame(7, data=b"\x88", flags=["END_HEADERS"]).serialize()
        case _:
            return RAW[kind]


@pytest.mark.parametrize("kind", ["settings", "ping", "continuation", "headers", "early", *RAW])
async def test_a_flood_is_given_up(wire: LocalWire, tmp_path: Path, kind: str) -> None:
    async def flood(served: Served) -> None:
        served.writer.write(frames(kind))

    async with server(tmp_path, flood) as (port, _):
        with pytest.raises(BadReply) as caught:
            await fetch(wire, f"https://127.0.0.1:{port}/")
    assert "canary" not in str(caught.value)


@pytest.mark.parametrize("how", ["reset", "goaway", "close"])
async def test_an_answer_that_breaks_off_is_a_bad_reply(wire: LocalWire, tmp_path: Path, how: str) -> None:
    async def break_off(served: Served) -> None:
        if how == "reset":
            served.connection.reset_stream(1, 2)
        elif how == "goaway":
            served.connection.close_connection(1)
        served.flush()
        if how == "close":
            served.writer.close()

    async with server(tmp_path, break_off) as (port, _):
        with pytest.raises(BadReply):
            await fetch(wire, f"https://127.0.0.1:{port}/")


@pytest.mark.parametrize("how", ["reset", "goaway"])
async def test_a_server_that_wants_http_1_gets_it(wire: LocalWire, tmp_path: Path, how: str) -> None:
    """It speaks both, and finds out only from the request that it must not be HTTP/2."""
    context = Authority().serve(tmp_path, "127.0.0.1")
    context.set_alpn_protocols(["h2", "http/1.1"])

    async def either(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if writer.get_extra_info("ssl_object").selected_alpn_protocol() != "h2":
            await says(reader, writer, b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello")
            return
        connection = H2Connection(H2Configuration(client_side=False))
        connection.initiate_connection()
        while data := await reader.read(65536):
            if any(isinstance(event, RequestReceived) for event in connection.receive_data(data)):
                code = ErrorCodes.HTTP_1_1_REQUIRED
                connection.reset_stream(1, code) if how == "reset" else connection.close_connection(code)
            writer.write(connection.data_to_send())

    async with raw_server(either, context) as port:
        got = series(await fetch(wire, f"https://127.0.0.1:{port}/", expect={"text": "hello"}))
    assert (got["probe_http_version",], got["probe_success",], got["probe_http_redirects",]) == (1.1, 1, 0)


async def test_a_page_that_is_whole_may_be_called_off(wire: LocalWire, tmp_path: Path) -> None:
    async def call_off(served: Served) -> None:
        served.connection.send_headers(1, [(":status", "200"), ("content-length", "5")])
        served.connection.send_data(1, b"hello")
        served.connection.reset_stream(1, ErrorCodes.CANCEL)
        served.flush()

    async with server(tmp_path, call_off) as (port, _):
        assert series(await fetch(wire, f"https://127.0.0.1:{port}/", expect={"text": "hello"}))["probe_success",] == 1


@pytest.mark.parametrize("piece", [b"HTTP/1.1 102 P\r\n\r\n" * 1000, b"HTTP/1.1 103 E\r\nLink: <x>\r\n\r\n"])
async def test_preliminary_answers_without_end_are_given_up(wire: LocalWire, piece: bytes) -> None:
    async def flood(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        while True:
            writer.write(piece)
            await writer.drain()

    async with raw_server(flood) as port:
        with pytest.raises(BadReply, match="no valid HTTP answer"):
            await fetch(wire, f"http://127.0.0.1:{port}/")


async def test_a_preliminary_answer_is_passed_over(wire: LocalWire) -> None:
    said = b"HTTP/1.1 103 E\r\nLink: <x>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"
    async with raw_server(lambda reader, writer: says(reader, writer, said)) as port:
        assert series(await fetch(wire, f"http://127.0.0.1:{port}/", expect={"text": "hello"}))["probe_success",] == 1


async def test_silence_is_a_timeout(wire: LocalWire, tmp_path: Path) -> None:
    async def nothing(_served: Served) -> None:
        return

    async with server(tmp_path, nothing) as (port, _):
        target = Target(Subject("service", "portal"), timeout_seconds=0.2)
        collector = http.make_spec(TrustShare()).build(target, HttpParams(url=f"https://127.0.0.1:{port}/"), wire)
        with pytest.raises(Unreachable, match="no answer in time"):
            await collector.collect()
