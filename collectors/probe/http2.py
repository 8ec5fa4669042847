"""One exchange over HTTP/2 (RFC 9113), by the library h2, which does no I/O of its own."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from time import perf_counter

from h2.config import H2Configuration
from h2.connection import H2Connection
from h2.errors import ErrorCodes
from h2.events import (
    ConnectionTerminated,
    DataReceived,
    Event,
    ResponseReceived,
    StreamEnded,
    StreamReset,
)
from h2.exceptions import ProtocolError
from h2.settings import SettingCodes, Settings
from hpack import HPACKError
from hyperframe.exceptions import HyperframeError
from yarl import URL

from collectors.probe.letter import Letter
from collectors.probe.parse import NotAnAnswerError
from collectors.probe.parse_body import MAX_BODY_BYTES, header_text
from collectors.probe.parse_http import Page, content_length
from collectors.probe.stream import Stream

MAX_FRAMES = 4000
"""So many frames of a server are worked on; a page of a megabyte has some hundred. Beyond them it is a flood."""
MAX_READ = 2**21
"""Bytes of a server that are read, frames and all: one that promises a frame without end is not waited for."""
PIECE = 4096
"""Bytes that are worked on at once: a flood of the smallest frames must not hold up the loop."""
WINDOW = 2**20 + 2**17
HEAD = 9
"""Bytes of a frame's header (RFC 9113, 4.1)."""

_SETTINGS: Mapping[SettingCodes, int] = {
    SettingCodes.ENABLE_PUSH: 0,
    SettingCodes.INITIAL_WINDOW_SIZE: WINDOW,
    SettingCodes.MAX_CONCURRENT_STREAMS: 1,
    SettingCodes.MAX_HEADER_LIST_SIZE: 65_536,
}
_CONFIG = H2Configuration(client_side=True, header_encoding=None)


class OlderWantedError(NotAnAnswerError):
    """The server asks for HTTP/1.1 (HTTP_1_1_REQUIRED; RFC 9113, 7)."""


async def exchange(
    stream: Stream, letter: Letter, headers: Mapping[str, str], seconds: float, *, follow: bool
) -> tuple[Page, float]:
    """Send the letter; return the answer and when it began (``perf_counter``).

    ``seconds``: how long each wait for data may take. ``follow``: of a redirect the body is not read.

    Raises:
        NotAnAnswerError: what comes is no HTTP/2, breaks off, or is a flood; OlderWantedError: it wants HTTP/1.1.
        OSError: the connection breaks; TimeoutError: nothing comes in time.
    """
    try:
        return await _Exchange(stream, letter, headers, follow=follow).run(seconds)
    except (ProtocolError, HPACKError, HyperframeError, ValueError) as error:
        raise NotAnAnswerError(f"no valid HTTP/2 answer ({type(error).__name__})") from None


class _Exchange:
    """One request on the connection's first stream."""

    def __init__(self, stream: Stream, letter: Letter, headers: Mapping[str, str], *, follow: bool) -> None:
        self._stream = stream
        self._letter = letter
        self._headers = headers
        self._follow = follow
        self._connection = H2Connection(_CONFIG)
        self._connection.local_settings = Settings(client=True, initial_values={**_SETTINGS})
        self._left = letter.body
        self._frames = _Frames()
        self._read = 0
        self._page: Page | None = None
        self._answered = 0.0
        self._body = bytearray()
        self._done = False

    async def run(self, seconds: float) -> tuple[Page, float]:
        """Ask, and read until the answer is whole. Raises as ``exchange``."""
        self._ask()
        while not self._done:
            async with asyncio.timeout(seconds):
                data = await self._stream.read()
            if not data:
                raise NotAnAnswerError("connection closed before the answer was whole (HTTP/2)")
            self._read += len(data)
            if self._read > MAX_READ:
                raise NotAnAnswerError(f"more than {MAX_READ} bytes for one page (HTTP/2)")
            for start in range(0, len(data), PIECE):
                self._work_on(data[start : start + PIECE])
                await asyncio.sleep(0)
        if self._page is None:
            raise NotAnAnswerError("an answer without a status (HTTP/2)")
        cut = len(self._body) > MAX_BODY_BYTES
        page = self._page
        return Page(page.status, 2.0, page.headers, bytes(self._body[:MAX_BODY_BYTES]), cut), self._answered

    def _ask(self) -> None:
        self._connection.initiate_connection()
        self._connection.increment_flow_control_window(WINDOW)
        self._connection.send_headers(1, list(self._fields()), end_stream=not self._left)
        self._send_more()

    def _fields(self) -> Iterator[tuple[str, str]]:
        url = URL(self._letter.url)
        yield ":method", self._letter.method
        yield ":scheme", url.scheme
        yield ":authority", url.raw_authority
        yield ":path", url.raw_path_qs or "/"
        yield from self._headers.items()
        if self._left:
            yield "content-length", str(len(self._left))

    def _send_more(self) -> None:
        """Send what the server's window lets through (RFC 9113, 5.2)."""
        while self._left and not self._done:
            room = min(self._connection.local_flow_control_window(1), self._connection.max_outbound_frame_size)
            if room <= 0:
                break
            piece, self._left = self._left[:room], self._left[room:]
            self._connection.send_data(1, piece, end_stream=not self._left)
        self._stream.write(self._connection.data_to_send())

    def _work_on(self, data: bytes) -> None:
        if self._frames.count(data) > MAX_FRAMES:
            raise NotAnAnswerError(f"more than {MAX_FRAMES} HTTP/2 frames for one page")
        for event in self._connection.receive_data(data):
            if not self._done:
                self._take(event)
        self._send_more()

    def _take(self, event: Event) -> None:
        match event:
            case ResponseReceived():
                self._begin(event)
            case DataReceived():
                self._body += event.data
                self._connection.acknowledge_received_data(event.flow_controlled_length, 1)
                self._done = self._done or len(self._body) > MAX_BODY_BYTES
            case StreamEnded():
                self._done = True
            case StreamReset():
                self._done = self._may_end(event.error_code)
                if not self._done:
                    raise _broken("the server broke the answer off", event.error_code)
            case ConnectionTerminated() if event.error_code != ErrorCodes.NO_ERROR or not event.last_stream_id:
                raise _broken("the server ended the connection", event.error_code)
            case _:
                pass

    def _may_end(self, code: ErrorCodes | int | None) -> bool:
        """A server may answer early and want no more of us (RFC 9113, 8.1), or has said all that it promised."""
        if self._page is None:
            return False
        return code == ErrorCodes.NO_ERROR or len(self._body) == content_length(self._page)

    def _begin(self, event: ResponseReceived) -> None:
        fields = [(header_text(bytes(name)), header_text(bytes(value))) for name, value in event.headers]
        status = next((value for name, value in fields if name == ":status"), "")
        if not (len(status) == 3 and status.isascii() and status.isdigit()):
            raise NotAnAnswerError("an answer without a status (HTTP/2)")
        self._page = Page(int(status), 2.0, tuple(pair for pair in fields if not pair[0].startswith(":")))
        self._answered = perf_counter()
        self._done = self._follow and self._page.location is not None


class _Frames:
    """Counts frames as their bytes come: the library tells of most of them, but not of all."""

    def __init__(self) -> None:
        self._head = bytearray()
        self._skip = 0
        self._count = 0

    def count(self, data: bytes) -> int:
        """Return how many have begun with these bytes."""
        at = 0
        while at < len(data):
            if self._skip:
                step = min(self._skip, len(data) - at)
                self._skip -= step
            else:
                step = min(HEAD - len(self._head), len(data) - at)
                self._head += data[at : at + step]
                if len(self._head) == HEAD:
                    self._count, self._skip = self._count + 1, int.from_bytes(self._head[:3])
                    self._head.clear()
            at += step
        return self._count


def _broken(what: str, code: ErrorCodes | int | None) -> NotAnAnswerError:
    if code == ErrorCodes.HTTP_1_1_REQUIRED:
        return OlderWantedError("the server wants HTTP/1.1")
    name = code.name if isinstance(code, ErrorCodes) else f"code {code}"
    return NotAnAnswerError(f"{what} (HTTP/2, {name})")
