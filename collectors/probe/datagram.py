"""A datagram out, a datagram in: what ``dns`` and ``ntp`` have in common on the wire."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from time import perf_counter
from typing import Generic, NamedTuple, TypeVar

from agent.contract import BadReply, Unreachable
from agent.wire.failures import collect_error, describe
from collectors.probe.parse import NotAnAnswerError, ip_version

T = TypeVar("T")

MAX_DATAGRAM = 4096
MAX_STRAYS = 32
"""So many datagrams that answer nothing are dropped in one exchange, then it is given up: a flood costs little."""


class Answer(NamedTuple, Generic[T]):
    """What came, and how many seconds after the request it did."""

    value: T
    seconds: float


@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """A connected socket: the kernel drops what comes from elsewhere and tells of a closed port.

    Its own port is drawn anew with each line (RFC 5452, RFC 9109). A line serves one poll: libuv, below uvloop, stops
    watching a socket that once reported an error.
    """

    where: str
    sock: socket.socket

    async def exchange(self, request: bytes, read: Callable[[bytes], T], timeout_seconds: float) -> Answer[T]:
        """Send once and wait for what ``read`` makes something of; whatever raises NotAnAnswerError is passed over.

        Raises:
            Unreachable: nothing came, or the port is closed.
            BadReply: only datagrams came that answer nothing.
        """
        loop = asyncio.get_running_loop()
        why, strays = "", 0
        try:
            async with asyncio.timeout(timeout_seconds):
                sent = perf_counter()
                await loop.sock_sendall(self.sock, request)
                while strays < MAX_STRAYS:
                    datagram = await loop.sock_recv(self.sock, MAX_DATAGRAM + 1)
                    seconds = perf_counter() - sent
                    try:
                        return Answer(_readable(datagram, read), seconds)
                    except NotAnAnswerError as error:
                        why, strays = str(error), strays + 1
                    await asyncio.sleep(0)  # many may be waiting, and each takes long to read
        except TimeoutError:
            if not strays:
                raise Unreachable(f"{self.where}: no answer within {timeout_seconds:g} s") from None
        except OSError as error:
            raise collect_error(error, f"{self.where}: {describe(error)}") from None
        raise BadReply(f"{self.where}: {strays} datagrams came, none of them an answer; the last one: {why}")


def _readable(datagram: bytes, read: Callable[[bytes], T]) -> T:
    if len(datagram) > MAX_DATAGRAM:
        raise NotAnAnswerError(f"longer than {MAX_DATAGRAM} bytes")
    return read(datagram)


@contextmanager
def open_line(address: str, port: int, source: str | None = None) -> Generator[Line]:
    """Open a line to an IP literal. Raises Unreachable where there is no way, CannotCheck where this machine cannot."""
    where = f"{address} port {port}"
    family = socket.AF_INET6 if ip_version(address) == 6 else socket.AF_INET
    try:
        sock = socket.socket(family, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK | socket.SOCK_CLOEXEC)
    except OSError as error:
        raise collect_error(error, f"{where}: {describe(error)}") from None
    with sock:
        try:
            if source is not None:
                sock.bind((source, 0))
            sock.connect((address, port))  # a datagram socket: only notes the address
        except OSError as error:
            raise collect_error(error, f"{where}: {describe(error)}") from None
        yield Line(where, sock)
