"""Conversations over TCP, and TLS that begins in the middle of one."""

from __future__ import annotations

import asyncio
import contextlib
import ssl
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from agent.contract import Harvest, Reason, Subject, Target, Unreachable
from agent.wire.trust import TrustShare
from agent.wire.wire import LocalWire
from collectors.probe import tcp
from collectors.probe.params import TcpParams
from collectors.probe.talk import MAX_LINE, MAX_LINES
from tests.collectors.probe.servers import Authority, raw_server, series, stays_silent

# What each server says, and what it waits for in between; TLS begins after the last.
SERVERS: Mapping[str, list[tuple[bytes, bytes]]] = {
    "smtp": [
        (b"220-mail.example\r\n220 ESMTP\r\n", b"EHLO ringwacht.invalid\r\n"),
        (b"250-mail.example\r\n250-STARTTLS\r\n250 8BITMIME\r\n", b"STARTTLS\r\n"),
        (b"220 go\r\n", b""),
    ],
    "imap": [(b"* OK IMAP4rev1\r\n", b"a STARTTLS\r\n"), (b"a OK begin\r\n", b"")],
    "pop3": [(b"+OK hello\r\n", b"STLS\r\n"), (b"+OK begin\r\n", b"")],
    "ftp": [(b"220 FTP\r\n", b"AUTH TLS\r\n"), (b"234 begin\r\n", b"")],
    "nntp": [(b"200 news\r\n", b"STARTTLS\r\n"), (b"382 begin\r\n", b"")],
    "sieve": [(b'"SIEVE" "fileinto"\r\nOK\r\n', b"STARTTLS\r\n"), (b"OK\r\n", b"")],
    "ldap": [
        (b"", b"\x30\x1d\x02\x01\x01\x77\x18\x80\x161.3.6.1.4.1.1466.20037"),
        (b"\x30\x84\0\0\0\x10\x02\x01\x01\x78\x84\0\0\0\x07\x0a\x01\0\x04\0\x04\0", b""),
    ],
    "postgres": [(b"", b"\0\0\0\x08\x04\xd2\x16\x2f"), (b"S", b"")],
    "xmpp": [
        (b"", b"version='1.0'>"),
        (b"<stream:stream><stream:features><starttls xmlns='x'/>", b"'urn:ietf:params:xml:ns:xmpp-tls'/>"),
        (b"<proceed xmlns='x'/>", b""),
    ],
}


@asynccontextmanager
async def speaks(said: list[tuple[bytes, bytes]], tls: ssl.SSLContext | None) -> AsyncGenerator[int]:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for line, request in said:
            writer.write(line)
            await reader.readuntil(request) if request else await writer.drain()
        if tls is not None:
            await writer.start_tls(tls)
        while await reader.read(1000):
            pass

    async with raw_server(talk) as port:
        yield port


async def connect(wire: LocalWire, port: int, seconds: float = 5, **params: Any) -> Harvest:
    target = Target(Subject("service", "mail"), host="127.0.0.1", port=port, timeout_seconds=seconds)
    return await tcp.make_spec(TrustShare()).build(target, TcpParams(**params), wire).collect()


@pytest.mark.parametrize("protocol", SERVERS)
async def test_tls_begins_in_each_protocols_way(wire: LocalWire, tmp_path: Path, protocol: str) -> None:
    authority = Authority()
    async with speaks(SERVERS[protocol], authority.serve(tmp_path, "127.0.0.1")) as port:
        got = series(await connect(wire, port, starttls=protocol, ca=authority.write(tmp_path / "ca.pem")))
    assert (got["probe_success",], got["ringwacht_probe_tls_verified",]) == (1, 1)
    assert got["ringwacht_probe_failed", "conversation"] == got["ringwacht_probe_failed", "certificate"] == 0
    assert {name for name, *_ in got} >= {
        *("probe_ssl_earliest_cert_expiry", "probe_tls_version_info"),
        *("probe_ssl_last_chain_info", "probe_ssl_last_chain_expiry_timestamp_seconds"),
    }


@pytest.mark.parametrize(("verify", "success"), [(None, 1), (True, 0)])
async def test_a_certificate_that_nobody_vouches_for_is_read_all_the_same(
    wire: LocalWire, tmp_path: Path, verify: bool | None, success: int
) -> None:
    async with speaks(SERVERS["smtp"], Authority().serve(tmp_path, "127.0.0.1")) as port:
        got = series(await connect(wire, port, starttls="smtp", verify=verify))
    assert (got["probe_success",], got["ringwacht_probe_tls_verified",]) == (success, 0)
    assert got["probe_ssl_earliest_cert_expiry",] > 0


@pytest.mark.parametrize(
    ("protocol", "said", "why"),
    [
        ("smtp", [b"554-no\r\n554 spam\r\n"], "the server refuses to talk"),
        ("smtp", [b"220 x\r\n", b"250-x\r\n250 8BITMIME\r\n"], None),
        ("smtp", [b"220 x\r\n", b"250 STARTTLS\r\n", b"454 not now\r\n"], None),
        ("imap", [b"* OK x\r\n", b"a BAD x\r\n"], None),
        ("pop3", [b"+OK x\r\n", b"-ERR x\r\n"], None),
        ("ftp", [b"220 x\r\n", b"500 x\r\n"], None),
        ("nntp", [b"200 x\r\n", b"500 x\r\n"], None),
        ("sieve", [b"OK\r\n", b"NO\r\n"], None),
        ("postgres", [b"N"], None),
        ("ldap", [b"\x30\x0c\x02\x01\x01\x78\x07\x0a\x01\x02\x04\0\x04\0"], None),
        ("xmpp", [b"<stream:stream><stream:features></stream:features>"], None),
    ],
)
async def test_a_server_that_will_not_begin_tls_is_told_at_once(
    wire: LocalWire, protocol: str, said: list[bytes], why: str | None
) -> None:
    async def refuse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for line in said:
            writer.write(line)
            await reader.read(1000)
        await stays_silent(reader, writer)

    async with raw_server(refuse) as port:
        harvest = await connect(wire, port, 600, starttls=protocol)
    assert harvest.facts["probe_failure"] == (why or "the server does not offer STARTTLS")


async def test_nothing_is_said_before_the_greeting_is_over(wire: LocalWire, tmp_path: Path) -> None:
    tls, early = Authority().serve(tmp_path, "127.0.0.1"), b""

    async def postscreen(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal early
        writer.write(b"220-mail.example\r\n")
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(0.1):
                early = await reader.read(1000)
        for line in (b"220 mail.example\r\n", b"250 STARTTLS\r\n"):
            writer.write(line)
            await reader.read(1000)
        writer.write(b"220\r\n")
        await writer.start_tls(tls)
        await reader.read()

    async with raw_server(postscreen) as port:
        assert series(await connect(wire, port, starttls="smtp"))["probe_success",] == 1
    assert early == b""


async def test_what_was_said_in_the_clear_is_not_taken_for_said_over_tls(wire: LocalWire, tmp_path: Path) -> None:
    said = [*SERVERS["pop3"][:-1], (b"+OK begin\r\n+OK injected\r\n", b"")]
    async with speaks(said, Authority().serve(tmp_path, "127.0.0.1")) as port:
        harvest = await connect(wire, port, starttls="pop3")
    assert harvest.facts["probe_failure"] == "more came than STARTTLS expects before TLS began"


@pytest.mark.parametrize(
    ("turns", "why"),
    [
        ([{"expect": "hello, ([0-9]+)", "send": "got ${1}"}, {"expect": "^GOT 4711$"}, {"expect": "^last$"}], None),
        ([{"send": "x"}, {"expect": "^X$"}], None),
        ([{"expect": "(?:(r)|(s))eady", "send": "$$${2}$1"}, {"expect": r"^\$R$"}], None),
        ([{"send": "x"}, {"expect": "^never"}], "the connection was closed before what turn 2 expects came"),
    ],
)
async def test_a_conversation(wire: LocalWire, turns: list[dict[str, str]], why: str | None) -> None:
    async def server(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"hello, 4711\nready\n")
        writer.write((await reader.readline()).upper() + b"last")
        await writer.drain()
        writer.write_eof()
        await reader.read()

    async with raw_server(server) as port:
        harvest = await connect(wire, port, conversation=turns)
    got = series(harvest)
    assert harvest.facts.get("probe_failure") == why
    assert got["probe_success",] == (why is None)
    assert got["probe_failed_due_to_regex",] == got["ringwacht_probe_failed", "conversation"] == (why is not None)


async def test_silence_is_a_timeout_and_half_a_talk_a_failure(wire: LocalWire) -> None:
    async with raw_server(stays_silent) as port:
        with pytest.raises(Unreachable) as caught:
            await connect(wire, port, 0.05, conversation=[{"expect": "x"}])
    assert caught.value.reason is Reason.TIMEOUT

    async def begins(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 \n")
        await stays_silent(reader, writer)

    async with raw_server(begins) as port:
        harvest = await connect(wire, port, 0.05, conversation=[{"expect": "x"}])
    assert harvest.facts["probe_failure"] == "what turn 1 expects did not come within 0.05 s"


@pytest.mark.parametrize("much", [b"x" * (MAX_LINE + 1), b"\n" * (MAX_LINES + 1)])
async def test_who_talks_without_end_is_cut_short(wire: LocalWire, much: bytes) -> None:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(much)
        await stays_silent(reader, writer)

    async with raw_server(talk) as port:
        harvest = await connect(wire, port, conversation=[{"expect": "^y"}])
    assert series(harvest)["probe_success",] == 0
