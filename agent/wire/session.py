"""A session with a web interface that wants a credential: whom it believes, how names are looked up, where it goes."""

from __future__ import annotations

import socket
import ssl

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from yarl import URL

from agent.contract import Wire
from config.address import parse_ip

HEADERS = {"User-Agent": "Ringwacht", "Accept": "application/json", "Accept-Encoding": "identity"}


def may_carry_secrets(url: str) -> bool:
    """Whether a credential may be sent there: by TLS, or to this machine itself, where nobody listens in between."""
    parts = URL(url)
    host = parts.host or ""
    ip = parse_ip(host)
    return parts.scheme == "https" or host.casefold() == "localhost" or (ip is not None and ip.is_loopback)


def open_session(wire: Wire, tls: ssl.SSLContext | None, connect_seconds: float) -> aiohttp.ClientSession:
    """Return a session of one connection without cookies and proxies; ``tls`` None: plain HTTP is all that is spoken.

    ``connect_seconds``: for TCP and TLS. The caller bounds the time of an answer and its size, and follows no redirect.
    """
    return aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=1, ssl=True if tls is None else tls, resolver=_WireResolver(wire)),
        cookie_jar=aiohttp.DummyCookieJar(),
        timeout=aiohttp.ClientTimeout(total=None, sock_connect=connect_seconds),
        auto_decompress=False,
        headers=HEADERS,
    )


class _WireResolver(AbstractResolver):
    """Looks names up as all collectors do: in the daemon's own pool, with its cache."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """Return the one address. Raises Unreachable, CannotCheck."""
        address = await self._wire.resolve(host)
        found = socket.AF_INET6 if ":" in address else socket.AF_INET
        return [ResolveResult(hostname=host, host=address, port=port, family=found, proto=0, flags=0)]

    async def close(self) -> None:
        """Keep what belongs to the daemon."""
