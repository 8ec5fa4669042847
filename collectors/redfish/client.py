"""One conversation with a controller over HTTP: few connections, no redirects, no cookies, bounded. I/O only."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import aiohttp
from yarl import URL

from agent.contract import BadReply, Unreachable
from agent.wire.http import bracketed, explain_http, read_bounded
from collectors.redfish.limits import AT_ONCE, MAX_BODY_BYTES
from collectors.redfish.peek import fingerprint_at

TRUST_HINT = "set `redfish: {fingerprint: …}` once it was compared, or `ca`"
Heard = Callable[[int, Mapping[str, str]], None]
"""Is told of status and headers (names in any case) as soon as they came: the body may never come."""

Listener = Callable[[str], None]

HEADERS = {
    "User-Agent": "Ringwacht",
    "Accept": "application/json",
    "OData-Version": "4.0",
    "Accept-Encoding": "identity",
}


@dataclass(frozen=True, slots=True)
class Door:
    """Where a controller is spoken to: its address, how it is called, and how TLS is spoken (None: plain HTTP)."""

    address: str
    host: str
    port: int
    tls: ssl.SSLContext | aiohttp.Fingerprint | None

    @property
    def place(self) -> str:
        """Host and port as a URL and the Host header write them."""
        return f"{bracketed(self.host)}:{self.port}"

    def url(self, path: str) -> URL:
        """The URL of a path of the service, which stays as the controller wrote it."""
        scheme = "http" if self.tls is None else "https"
        return URL(f"{scheme}://{bracketed(self.address)}:{self.port}{path}", encoded=True)


class Question(NamedTuple):
    """What is asked: ``payload`` is sent as JSON."""

    method: str
    path: str
    headers: Mapping[str, str]
    payload: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What came: the status, the headers (names in any case), the body, whole."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class Client:
    """The connections of one poll; ``connect_seconds`` is for TCP and TLS, ``tell`` hears of each answer."""

    def __init__(self, door: Door, connect_seconds: float, tell: Listener) -> None:
        self.place = door.place
        self._tell = tell
        self._door = door
        self._connect_seconds = connect_seconds
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=AT_ONCE),
            cookie_jar=aiohttp.DummyCookieJar(),
            timeout=aiohttp.ClientTimeout(total=None, connect=connect_seconds),
            auto_decompress=False,
            headers={**HEADERS, "Host": door.place},
        )

    async def ask(self, question: Question, until: float, heard: Heard | None = None) -> Answer:
        """Ask once; it has to be answered before ``until`` (time of the loop), whatever the status.

        Raises:
            Unreachable: nothing answers in time.
            BadReply: what answers is no HTTP, too large, or not trusted.
            CannotCheck: this machine cannot connect anywhere.
        """
        try:
            async with asyncio.timeout_at(until):
                answer = await self._ask(question, heard)
        except TimeoutError:
            raise Unreachable(f"{self.place}: no answer in time") from None
        except aiohttp.ServerFingerprintMismatch as error:
            raise BadReply(f"{self.place}: the certificate is another one: {readable(error.got)}") from None
        except aiohttp.ClientConnectorCertificateError as error:
            hint = f"{TRUST_HINT}; SHA-256 fingerprint {await self._fingerprint()}"
            raise explain_http(error, self.place, hint) from None
        except aiohttp.ClientError as error:
            raise explain_http(error, self.place) from None
        self._tell(f"{question.method} {question.path}: status {answer.status}, {len(answer.body)} bytes")
        return answer

    async def _ask(self, question: Question, heard: Heard | None) -> Answer:
        door = self._door
        async with self._session.request(
            question.method,
            door.url(question.path),
            headers=question.headers,
            json=question.payload,
            allow_redirects=False,
            ssl=True if door.tls is None else door.tls,
            server_hostname=None if door.tls is None else door.host,
        ) as response:
            if heard is not None:
                heard(response.status, response.headers)
            return Answer(response.status, response.headers, await self._body(response))

    async def _body(self, response: aiohttp.ClientResponse) -> bytes:
        too_large = BadReply(f"{self.place}: an answer is larger than {MAX_BODY_BYTES} bytes")
        return await read_bounded(response, MAX_BODY_BYTES, too_large)

    async def _fingerprint(self) -> str:
        """Return the fingerprint of the certificate that is shown there; nothing is sent."""
        shown = await fingerprint_at(self._door.address, self._door.port, self._connect_seconds)
        return "unknown" if shown is None else readable(shown)

    async def close(self) -> None:
        """Close the connection."""
        await self._session.close()


def readable(digest: bytes) -> str:
    """Return a fingerprint as openssl writes it."""
    return digest.hex(":").upper()
