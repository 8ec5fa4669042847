"""Holds a conversation over a connection: waits for lines, answers, begins TLS."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Iterator, Sequence
from time import perf_counter
from typing import NamedTuple

from agent.contract import Unreachable
from agent.layout import clean_text
from collectors.probe.connect import describe_peer, start_tls
from collectors.probe.dialogues import Step
from collectors.probe.parse import Peer
from collectors.probe.regex import BytesRegex, Found
from collectors.probe.stream import Stream
from collectors.probe.trace import Listener, say

MAX_LINES = 2000
MAX_LINE = 65_536
MAX_BYTES = 4096
"""So much is heard before what is waited for: lines, bytes of one, and bytes where no lines are waited for."""
MAX_SHOWN = 200


class SaidOtherwiseError(Exception):
    """The server does not say what is waited for; the text says which turn, and quotes nothing."""


class Security(NamedTuple):
    """How TLS begins: with which authorities, for which host, and why they could not be asked, if so."""

    context: ssl.SSLContext
    host: str
    distrust: str | None = None
    goes_on: bool = True


class Talk:
    """One conversation. ``stream`` is the connection as it then stands; ``peer`` who answered over TLS."""

    def __init__(self, stream: Stream, where: str, seconds: float, trace: Listener | None) -> None:
        self.stream = stream
        self.peer: Peer | None = None
        self.tls_seconds = 0.0
        self._where = where
        self._seconds = seconds
        self._trace = trace
        self._heard = bytearray()
        self._silent = True
        self._counted = 0

    async def hold(self, steps: Sequence[Step], security: Security | None) -> None:
        """Say and hear all of it; where ``security`` says so, no more than up to TLS.

        Raises:
            SaidOtherwiseError: a turn waits in vain.
            Unreachable: the server says nothing at all.
            OSError: the connection breaks, or TLS fails (ssl.SSLCertVerificationError: nobody vouches for it).
        """
        for step in steps:
            found = None if step.expect is None else await self._await(step, step.expect)
            self.stream.write(step.answer(found))
            if step.starttls and security is not None:
                await self._secure(security, step.name)
                if not security.goes_on:
                    return

    async def _await(self, step: Step, expect: BytesRegex) -> Found:
        """Return the match in the first line, or the bytes, that have one."""
        while True:
            for text in self._lines(step.name) if step.lines else self._bytes():
                if (found := expect.search(text)) is not None:
                    if not step.lines:
                        self._heard.clear()
                    return found
                if step.refuses is not None and step.refuses.search(text) is not None:
                    raise SaidOtherwiseError(step.why)
            if len(self._heard) > (MAX_LINE if step.lines else MAX_BYTES):
                raise SaidOtherwiseError(f"what {step.name} expects did not come, but far too much else")
            if not await self._hear(step.name) and not self._finish():
                raise SaidOtherwiseError(f"the connection was closed before what {step.name} expects came")

    def _lines(self, name: str) -> Iterator[bytes]:
        """Take the whole lines that are there, one by one."""
        while (end := self._heard.find(b"\n")) >= 0:
            self._counted += 1
            if self._counted > MAX_LINES:
                raise SaidOtherwiseError(f"what {name} expects did not come in {MAX_LINES} lines")
            line = bytes(self._heard[:end]).removesuffix(b"\r")
            del self._heard[: end + 1]
            say(self._trace, f"{self._where} < {_shown(line)}")
            yield line

    def _bytes(self) -> Iterator[bytes]:
        if self._heard:
            yield bytes(self._heard)

    def _finish(self) -> bool:
        """At the end of the connection what is left is a line as well; return whether there was one."""
        if not self._heard or self._heard.endswith(b"\n"):
            return False
        self._heard += b"\n"
        return True

    async def _hear(self, name: str) -> bool:
        """Wait for more; return whether anything came."""
        try:
            async with asyncio.timeout(self._seconds):
                data = await self.stream.read()
        except TimeoutError:
            if self._silent:
                raise Unreachable(f"{self._where}: says nothing within {self._seconds:g} s") from None
            raise SaidOtherwiseError(f"what {name} expects did not come within {self._seconds:g} s") from None
        self._heard += data
        self._silent = self._silent and not data
        return bool(data)

    async def _secure(self, security: Security, name: str) -> None:
        transport = self.stream.transport
        if self._heard or transport is None:
            # said in the clear by who knows whom, to be taken for something said over TLS
            raise SaidOtherwiseError(f"more came than {name} expects before TLS began")
        started = perf_counter()
        context, host, distrust, _ = security
        self.stream, secured = await start_tls(transport, context, host, self._seconds, Stream)
        self.tls_seconds = perf_counter() - started
        self.peer = describe_peer(secured.get_extra_info("ssl_object"), distrust)


def _shown(line: bytes) -> str:
    return clean_text(line[:MAX_SHOWN].decode("utf-8", "replace"))
