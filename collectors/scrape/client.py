"""Fetches a page over HTTP: one connection that is kept between polls, no redirects, no cookies, bounded."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Mapping
from dataclasses import dataclass

import aiohttp

from agent.contract import AuthFailed, BadReply, Unreachable
from agent.wire.http import bracketed, explain_http, read_bounded

# Text first: every counter keeps the name that its exporter gave it, and what is read need not be as strict.
ACCEPT = "text/plain;version=0.0.4,application/openmetrics-text;version=1.0.0;q=0.5,*/*;q=0.1"
KEEP_ALIVE_SECONDS = 600.0


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked for: scheme, host as configured, port and path; patience in seconds; the size that is too much."""

    scheme: str
    host: str
    port: int
    path: str
    connect_seconds: float
    total_seconds: float
    max_bytes: int

    @property
    def place(self) -> str:
        """Host and port as a URL and the Host header write them."""
        return f"{bracketed(self.host)}:{self.port}"

    def url(self, address: str) -> str:
        """The URL at an address."""
        return f"{self.scheme}://{bracketed(address)}:{self.port}{self.path}"


@dataclass(frozen=True, slots=True)
class Answer:
    """A page as it came."""

    body: bytes
    openmetrics: bool


class Client:
    """One exporter's connection. ``authorization`` are the headers that log in; nothing quotes them.

    ``anonymous``: there are none, so that a page cannot hold their echo.
    """

    def __init__(self, request: Request, authorization: Mapping[str, str]) -> None:
        self.anonymous = not authorization
        self._request = request
        self._headers = {
            **authorization,
            "Host": request.place,
            "User-Agent": "Ringwacht",
            "Accept": ACCEPT,
            "Accept-Encoding": "identity",
            "X-Prometheus-Scrape-Timeout-Seconds": f"{request.total_seconds:g}",
        }
        self._session: aiohttp.ClientSession | None = None

    async def fetch(self, address: str, trust: ssl.SSLContext | None) -> Answer:
        """Fetch the page from this address, over TLS where ``trust`` is given.

        Raises:
            Unreachable: nothing answers in time.
            AuthFailed: the credential is refused or missing.
            BadReply: what answers is no page, too large, or does not end.
            CannotCheck: this machine cannot connect anywhere.
        """
        place = self._request.place
        body = bytearray()
        try:
            async with asyncio.timeout(self._request.total_seconds):
                return await self._ask(address, trust, body)
        except TimeoutError:
            if body:
                raise BadReply(
                    f"{place}: the page did not end within {self._request.total_seconds:g} s ({len(body)} bytes came)"
                ) from None
            raise Unreachable(f"{place}: no answer in time") from None
        except aiohttp.ClientError as error:
            raise explain_http(error, place) from None

    async def _ask(self, address: str, trust: ssl.SSLContext | None, body: bytearray) -> Answer:
        session = self._session = self._session or _open_session(self._request.connect_seconds)
        async with session.get(
            self._request.url(address),
            headers=self._headers,
            allow_redirects=False,
            ssl=trust or True,
            server_hostname=self._request.host if trust is not None else None,
        ) as response:
            _check(response, self._request)
            page = await read_bounded(response, self._request.max_bytes, _too_large(self._request), body)
            return Answer(page, response.content_type == "application/openmetrics-text")

    async def close(self) -> None:
        """Close the connection."""
        if self._session is not None:
            await self._session.close()


def _open_session(connect_seconds: float) -> aiohttp.ClientSession:
    return aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=1, keepalive_timeout=KEEP_ALIVE_SECONDS),
        cookie_jar=aiohttp.DummyCookieJar(),
        timeout=aiohttp.ClientTimeout(total=None, sock_connect=connect_seconds),
        auto_decompress=False,
    )


def _check(response: aiohttp.ClientResponse, request: Request) -> None:
    """Raise where the head of the answer says already that there is no page."""
    place, status = request.place, response.status
    if status in {401, 403}:
        raise AuthFailed(f"{place}: status {status}")
    if 300 <= status < 400:
        raise BadReply(f"{place}: status {status}: redirects are not followed, set the path")
    if status != 200:
        raise BadReply(f"{place}: status {status}")
    if response.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise BadReply(f"{place}: answers compressed, which was not asked for")
    if response.content_length is not None and response.content_length > request.max_bytes:
        raise _too_large(request)


def _too_large(request: Request) -> BadReply:
    return BadReply(f"{request.place}: the page is larger than max_bytes ({request.max_bytes})")
