from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509

from agent.demo import portal

NOW = datetime.now(UTC).timestamp()  # noqa: TID251  OpenSSL compares with the machine's clock


@pytest.fixture
def papers(tmp_path: Path) -> portal.Papers:
    papers = portal.issue("127.0.0.1", NOW)
    for name, content in papers._asdict().items():
        (tmp_path / name).write_bytes(content)
    return papers


@pytest.fixture
async def port(papers: portal.Papers, tmp_path: Path) -> AsyncIterator[int]:
    context = portal.server_context(tmp_path / "certificate", tmp_path / "key")
    server = await asyncio.start_server(portal.serve, "127.0.0.1", 0, ssl=context)
    async with server:
        yield server.sockets[0].getsockname()[1]


async def fetch(port: int, context: ssl.SSLContext, request: bytes) -> bytes:
    reader, writer = await asyncio.open_connection("127.0.0.1", port, ssl=context)
    writer.write(request)
    reply = await reader.read()
    writer.close()
    await writer.wait_closed()
    return reply


async def test_the_page_is_served_to_who_trusts_the_authority(port: int, tmp_path: Path) -> None:
    trusting = ssl.create_default_context(cafile=tmp_path / "authority")
    head, _, body = (await fetch(port, trusting, b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")).partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200 OK")
    assert f"Content-Length: {len(body)}".encode() in head
    assert b"Serviceportal" in body


async def test_head_has_no_body(port: int, tmp_path: Path) -> None:
    trusting = ssl.create_default_context(cafile=tmp_path / "authority")
    reply = await fetch(port, trusting, b"HEAD / HTTP/1.1\r\nHost: x\r\n\r\n")
    assert reply.endswith(b"\r\n\r\n")


async def test_who_does_not_know_the_authority_does_not_trust_it(port: int) -> None:
    with pytest.raises(ssl.SSLCertVerificationError):
        await fetch(port, ssl.create_default_context(), b"")


async def test_a_client_that_says_nothing_and_goes_does_no_harm(port: int, tmp_path: Path) -> None:
    trusting = ssl.create_default_context(cafile=tmp_path / "authority")
    _, writer = await asyncio.open_connection("127.0.0.1", port, ssl=trusting)
    writer.close()
    await writer.wait_closed()
    assert b"200 OK" in await fetch(port, trusting, b"GET / HTTP/1.1\r\n\r\n")


def test_the_certificate_lasts_long_enough_not_to_alert(papers: portal.Papers) -> None:
    certificate = x509.load_pem_x509_certificate(papers.certificate)
    issued = datetime.fromtimestamp(NOW, UTC)
    assert certificate.not_valid_before_utc < issued
    assert certificate.not_valid_after_utc - issued > timedelta(days=60)
    certificate.verify_directly_issued_by(x509.load_pem_x509_certificate(papers.authority))
