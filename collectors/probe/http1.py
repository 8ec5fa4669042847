"""One exchange over HTTP/1.1 (RFC 9112), by aiohttp, on a connection that is already there."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from time import perf_counter
from typing import TYPE_CHECKING, cast

import aiohttp
from aiohttp.client_proto import ResponseHandler

from agent.contract import CannotCheck
from collectors.probe.letter import Letter
from collectors.probe.parse import NotAnAnswerError
from collectors.probe.parse_body import MAX_BODY_BYTES, header_text
from collectors.probe.parse_http import Page
from collectors.probe.stream import Stream

if TYPE_CHECKING:
    from aiohttp.client import ClientTimeout
    from aiohttp.client_reqrep import ClientRequest
    from aiohttp.http_parser import RawResponseMessage
    from aiohttp.streams import StreamReader
    from aiohttp.tracing import Trace

MAX_INTERIM = 16
"""Answers 1xx before the final one (RFC 9110, 15.2)."""
MAX_HEAD_BYTES = 2**20
PIECE = 16_384
"""Bytes that are worked on at once before the final answer has begun: small answers take long for their size."""


class Handler(ResponseHandler):
    """aiohttp's, but a server that is never done with its preliminary answers is given up."""

    _interim = 0
    _before = 0
    _final = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Called with the connection; it may be closed already, of which uvloop knows no socket to set options of."""
        self.transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        """Called by the loop; by aiohttp with nothing, to go on."""
        if self._final or not data:
            super().data_received(data)
            return
        for start in range(0, len(data), PIECE):
            piece = data[start : start + PIECE]
            self._before += len(piece)
            super().data_received(piece)
            if self._is_flooded():
                self.set_exception(aiohttp.ClientPayloadError("too much before the answer"))
                if self.transport is not None:
                    self.transport.close()
                return

    def feed_data(self, data: tuple[RawResponseMessage, StreamReader], size: int = 0) -> None:
        """Called by aiohttp for each answer's head."""
        preliminary = 100 <= data[0].code < 200 and data[0].code != 101
        self._interim += preliminary
        self._final = self._final or not preliminary
        if not self._is_flooded():
            super().feed_data(data, size)

    def _is_flooded(self) -> bool:
        return not self._final and (self._interim > MAX_INTERIM or self._before > MAX_HEAD_BYTES)


class HandedConnector(aiohttp.BaseConnector):
    """Gives aiohttp the connections that are opened for it; ``keep``: one is used again where the server lets it."""

    def __init__(self, connect: Callable[[], Awaitable[Stream]], *, keep: bool = False) -> None:
        super().__init__(force_close=not keep)
        self._connect = connect

    async def _create_connection(
        self,
        req: ClientRequest,
        traces: list[Trace],
        timeout: ClientTimeout,  # noqa: ASYNC109
    ) -> ResponseHandler:
        handler = Handler(loop=self._loop)
        (await self._connect()).hand_over(handler)
        return handler


async def exchange(
    stream: Stream, letter: Letter, headers: Mapping[str, str], seconds: float, *, follow: bool
) -> tuple[Page, float]:
    """Send the letter; return the answer and when it began (``perf_counter``).

    ``seconds``: how long each wait for data may take. ``follow``: of a redirect the body is not read.

    Raises:
        NotAnAnswerError: what comes is no HTTP, or breaks off. Nothing of it is quoted: it may be a banner, or worse.
        CannotCheck: the URL cannot be asked for.
        TimeoutError: nothing comes in time.
    """
    try:
        async with (
            _session(stream, seconds) as session,
            session.request(
                letter.method, letter.url, headers=headers, data=letter.body or None, allow_redirects=False
            ) as response,
        ):
            answered = perf_counter()
            page = describe_page(response)
            if follow and page.location is not None:
                return page, answered
            body, cut = await read_body(response.content)
            return describe_page(response, body, cut=cut), answered
    except aiohttp.InvalidURL:
        raise CannotCheck("url: cannot be asked for") from None
    except TimeoutError:  # aiohttp's own are client errors as well
        raise
    except aiohttp.ClientError as error:
        raise NotAnAnswerError(f"no valid HTTP answer ({type(error).__name__})") from None


def _session(stream: Stream, seconds: float) -> aiohttp.ClientSession:
    async def connect() -> Stream:
        return stream

    return aiohttp.ClientSession(
        connector=HandedConnector(connect),
        cookie_jar=aiohttp.DummyCookieJar(),
        timeout=aiohttp.ClientTimeout(total=None, sock_read=seconds),
        auto_decompress=False,
        skip_auto_headers=("Content-Type",),
    )


async def read_body(stream: aiohttp.StreamReader) -> tuple[bytes, bool]:
    """Return the body up to ``MAX_BODY_BYTES``, and whether it was cut there."""
    body = bytearray()
    async for chunk in stream.iter_any():
        body += chunk
        if len(body) > MAX_BODY_BYTES:
            return bytes(body[:MAX_BODY_BYTES]), True
    return bytes(body), False


def describe_page(response: aiohttp.ClientResponse, body: bytes = b"", *, cut: bool = False) -> Page:
    """Return the answer as plain values."""
    version = response.version
    return Page(
        status=response.status,
        version=version.major + version.minor / 10 if version is not None else 0.0,
        headers=tuple((name.lower(), plain_text(value)) for name, value in response.headers.items()),
        body=body,
        cut=cut,
    )


def plain_text(value: str) -> str:
    """Return a header's value as what it means: aiohttp leaves bytes that are no UTF-8 as lone surrogates."""
    return value if value.isascii() else header_text(value.encode("utf-8", "surrogateescape"))
