"""Servers on loopback for the probes: HTTP with and without TLS, an authority of our own, and bad ones."""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import ipaddress
import socket
import ssl
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

from aiohttp import web
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from agent.contract import Harvest
from agent.wire.pools import Pools
from agent.wire.telemetry import MeterBook
from agent.wire.wire import LocalWire
from tests.harness.clock import FakeClock

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
Talk = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]

NOW = dt.datetime.now(dt.UTC).replace(microsecond=0)  # noqa: TID251  the TLS library asks the system, too
DAY = dt.timedelta(days=1)
NAMES: Mapping[str, str] = {"www.example": "127.0.0.1", "other.example": "127.0.0.1"}


def lookup(host: str) -> tuple[str, ...]:
    if host not in NAMES:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
    return (NAMES[host],)


@asynccontextmanager
async def local_wire() -> AsyncGenerator[LocalWire]:
    pools = Pools()
    wire = LocalWire(FakeClock(), MeterBook(), pools, lookup)
    yield wire
    await wire.close()
    pools.close()


def series(harvest: Harvest) -> dict[tuple[str, ...], float]:
    """``(family, label values...) -> value``."""
    return {
        (column.family.name, *labels): harvest.values[column.start + index]
        for column in harvest.layout.columns
        for index, labels in enumerate(column.rows.values)
    }


class Authority:
    """A certificate authority and, below it, whatever is asked for."""

    def __init__(
        self, name: str = "Test CA", parent: Authority | None = None, expires: dt.datetime = NOW + 300 * DAY
    ) -> None:
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        self._parent = parent
        signer = parent or self
        self._certificate = (
            self._builder(self._name, self._key, expires)
            .issuer_name(signer._name)
            .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
            .sign(signer._key, hashes.SHA256())
        )

    def write(self, path: Path) -> Path:
        path.write_bytes(self._certificate.public_bytes(serialization.Encoding.PEM))
        return path

    def serve(self, folder: Path, *names: str, expires: dt.datetime = NOW + 90 * DAY) -> ssl.SSLContext:
        """A server's context with a certificate for the names, and the intermediate where there is one."""
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, names[0])])
        leaf = (
            self._builder(subject, key, expires)
            .issuer_name(self._name)
            .add_extension(x509.SubjectAlternativeName([general_name(name) for name in names]), critical=False)
            .sign(self._key, hashes.SHA256())
        )
        chain = [leaf, self._certificate] if self._parent is not None else [leaf]
        pem = b"".join(certificate.public_bytes(serialization.Encoding.PEM) for certificate in chain)
        secret = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        path = folder / f"{names[0]}.pem"
        path.write_bytes(pem + secret)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(path)
        return context

    @staticmethod
    def _builder(subject: x509.Name, key: ec.EllipticCurvePrivateKey, expires: dt.datetime) -> x509.CertificateBuilder:
        return (
            x509.CertificateBuilder()
            .subject_name(subject)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(NOW - 400 * DAY)
            .not_valid_after(expires)
        )


def general_name(name: str) -> x509.GeneralName:
    with contextlib.suppress(ValueError):
        return x509.IPAddress(ipaddress.ip_address(name))
    return x509.DNSName(name)


@asynccontextmanager
async def web_server(handler: Handler, tls: ssl.SSLContext | None = None) -> AsyncGenerator[int]:
    """An HTTP server that answers everything by ``handler``; yields its port."""
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", handler)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0, ssl_context=tls)
    await site.start()
    yield int(runner.addresses[0][1])
    await runner.cleanup()


@asynccontextmanager
async def raw_server(talk: Talk, tls: ssl.SSLContext | None = None) -> AsyncGenerator[int]:
    """A TCP server that does what ``talk`` says, then closes; yields its port."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            await talk(reader, writer)
        writer.transport.abort()

    server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=tls)
    async with server:
        yield int(server.sockets[0].getsockname()[1])


async def says(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, answer: bytes) -> None:
    """Wait for a request's end, answer, and close in order."""
    await reader.readuntil(b"\r\n\r\n")
    writer.write(answer)
    await writer.drain()
    writer.close()
    await writer.wait_closed()


async def stays_silent(reader: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> None:
    while await reader.read(65536):
        pass
