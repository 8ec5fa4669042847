"""A TCP or TLS connection, read as it comes and never further ahead than need be."""

from __future__ import annotations

import asyncio
from typing import Any, cast

MAX_AHEAD = 65_536
"""Bytes that wait to be read; beyond them the far side is made to wait."""


class Stream(asyncio.Protocol):
    """Bytes in order. May be handed over to another protocol, with all that has come and was not read."""

    transport: asyncio.Transport | None = None

    def __init__(self) -> None:
        self._waiting = bytearray()
        self._news = asyncio.Event()
        self._ended = False
        self._lost: Exception | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Called by the loop, or by who has finished the TLS handshake."""
        self.transport = cast("asyncio.Transport", transport)  # uvloop's own are none by their class

    def data_received(self, data: bytes) -> None:
        """Called by the loop."""
        self._waiting += data
        if len(self._waiting) > MAX_AHEAD and self.transport is not None:
            self.transport.pause_reading()
        self._news.set()

    def eof_received(self) -> None:
        """Called by the loop."""
        self._ended = True
        self._news.set()

    def connection_lost(self, exc: Exception | None) -> None:
        """Called by the loop."""
        self._ended, self._lost = True, exc
        self._news.set()

    async def read(self) -> bytes:
        """Return what has come, as soon as anything has; nothing at the end. Raises OSError."""
        await self._news.wait()
        data = bytes(self._waiting)
        self._waiting.clear()
        if self._ended:
            if not data and self._lost is not None:
                raise self._lost
            return data
        self._news.clear()
        if self.transport is not None:
            self.transport.resume_reading()
        return data

    def write(self, data: bytes) -> None:
        """Send."""
        if data and self.transport is not None and not self.transport.is_closing():
            self.transport.write(data)

    def fact(self, name: str) -> Any:
        """Return what the transport knows under a name, e.g. ``ssl_object``; None where it knows nothing."""
        return None if self.transport is None else self.transport.get_extra_info(name)

    @property
    def speaks_http2(self) -> bool:
        """Whether the TLS handshake has settled for HTTP/2 (RFC 9113, 3.2)."""
        tls = self.fact("ssl_object")
        return tls is not None and tls.selected_alpn_protocol() == "h2"

    def hand_over(self, protocol: asyncio.Protocol) -> None:
        """Let another protocol have the connection from here on."""
        if self.transport is None:
            raise ConnectionResetError("connection closed")
        self.transport.set_protocol(protocol)
        protocol.connection_made(self.transport)
        if self._waiting:
            protocol.data_received(bytes(self._waiting))
            self._waiting.clear()
            self.transport.resume_reading()
        if self._ended:
            protocol.eof_received()
            protocol.connection_lost(self._lost)

    def close(self) -> None:
        """Close in order: a reset would stand in the service's log."""
        if self.transport is not None:
            self.transport.close()
