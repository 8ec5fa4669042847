"""One datagram out, the first one in that is taken for its answer. I/O only."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

DATAGRAM = 65536
AT_ONCE = 8
"""Datagrams read before the event loop goes on with other devices, whatever is thrown at us (F15)."""


def opened_for(host: str) -> socket.socket:
    """Return a socket that hears everybody, of the family of ``host``, an IP literal. Raises OSError."""
    opened = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_DGRAM)
    opened.setblocking(False)
    return opened


def connected(host: str, port: int) -> socket.socket:
    """Return a socket that hears this peer alone, and of its closed port; ``host`` is an IP literal. Raises OSError."""
    opened = opened_for(host)
    try:
        opened.connect((host, port))
    except OSError:
        opened.close()
        raise
    return opened


async def exchange(opened: socket.socket, out: bytes, take: Callable[[bytes], T | None], patience_seconds: float) -> T:
    """Send, then return the first thing that ``take`` makes of a datagram. Raises TimeoutError, OSError."""
    return await exchange_among(
        opened, lambda: opened.send(out), lambda came, _host, _port: take(came), patience_seconds
    )


async def exchange_among(
    opened: socket.socket, send: Callable[[], object], take: Callable[[bytes, str, int], T | None], patience: float
) -> T:
    """As ``exchange``, over a socket that hears others too: ``take`` is told the sender's address and port."""
    loop = asyncio.get_running_loop()
    future: asyncio.Future[T] = loop.create_future()
    loop.add_reader(opened, _read, opened, take, future)
    try:
        send()
        async with asyncio.timeout(patience):
            return await future
    finally:
        loop.remove_reader(opened)


def _read(opened: socket.socket, take: Callable[[bytes, str, int], T | None], future: asyncio.Future[T]) -> None:
    for _ in range(AT_ONCE):
        if future.done():
            return
        try:
            datagram, source = opened.recvfrom(DATAGRAM)
        except BlockingIOError:
            return
        except OSError as error:
            future.set_exception(error)
            return
        taken = take(datagram, str(source[0]).partition("%")[0], source[1])
        if taken is not None:
            future.set_result(taken)
