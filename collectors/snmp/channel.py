"""One non-blocking socket of the engine: a datagram out, a datagram in. I/O only."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from socket import MSG_PEEK
from socket import socket as PlainSocket
from typing import TypeVar, cast

from gufo.snmp._fast import (
    SnmpAuthError,
    SnmpDecodeError,
    SnmpError,
    SnmpV1ClientSocket,
    SnmpV2cClientSocket,
    SnmpV3ClientSocket,
)

from agent.contract import BadReply, Unreachable
from agent.wire.failures import collect_error, describe
from collectors.snmp.status import ends_walk

T = TypeVar("T")
Socket = SnmpV1ClientSocket | SnmpV2cClientSocket | SnmpV3ClientSocket

DATAGRAM = 65536
GARBAGE_PATIENCE_SECONDS = 0.3
"""How long to wait for the true answer after one that cannot be decoded: a forgery, or too large to decode."""


class Refused(Exception):
    """SNMPv3: the device answered with a report instead of data (RFC 3414 section 3.2)."""


class Channel:
    """Exchanges one datagram for one over a socket; the reader is registered for the socket's life.

    ``broken`` is set once the engine panicked: its state is then unknown and the channel is to be replaced.
    """

    def __init__(self, socket: Socket) -> None:
        self.socket = socket
        self.broken = False
        self._fd = socket.get_fd()
        self._peek = PlainSocket(fileno=os.dup(self._fd))
        self._peek.setblocking(False)
        self._loop = asyncio.get_running_loop()
        self._receive: Callable[[], object] | None = None
        self._future: asyncio.Future[object] | None = None
        self._garbled: SnmpDecodeError | None = None
        self._loop.add_reader(self._fd, self._on_readable)

    async def exchange(self, send: Callable[[], None], receive: Callable[[], T], patience_seconds: float) -> T:
        """Send once and wait for the answer. Raises Unreachable, Refused, BadReply, CannotCheck.

        An answer without rows is ``[None]`` where it ends a walk, ``[]`` where it is an error or cannot be told.
        """
        self._future = future = self._loop.create_future()
        self._receive, self._garbled = receive, None
        timer = self._loop.call_later(patience_seconds, self._expire, future)
        try:
            send()
            return cast("T", await future)
        except OSError as error:
            raise collect_error(error, describe(error)) from error
        except SnmpAuthError as error:
            raise Refused(str(error)) from error
        except SnmpError as error:
            raise BadReply(f"the engine refuses the answer: {error}") from error
        finally:
            timer.cancel()
            self._future = self._receive = None

    def close(self) -> None:
        """Release the reader; the socket closes when the engine's object goes."""
        self._loop.remove_reader(self._fd)
        self._peek.close()

    def _expire(self, future: asyncio.Future[object]) -> None:
        if future.done():
            return
        if self._garbled is None:
            future.set_exception(Unreachable("no answer"))
        else:
            future.set_exception(BadReply(f"the answer cannot be decoded ({self._garbled})"))

    def _on_readable(self) -> None:
        future, receive = self._future, self._receive
        waiting = future is not None and receive is not None and not future.done()
        try:
            datagram = self._peek.recv(DATAGRAM, MSG_PEEK if waiting else 0)  # unasked for: it came too late
        except BlockingIOError:
            return
        except OSError as error:
            self._listen_again()
            if future is not None and waiting:
                future.set_exception(error)
            return
        if future is not None and receive is not None and waiting:
            self._take(datagram, future, receive)

    def _listen_again(self) -> None:
        """Register the reader anew: libuv, below uvloop, stops watching a socket that once reported an error."""
        self._loop.remove_reader(self._fd)
        self._loop.add_reader(self._fd, self._on_readable)

    def _take(self, datagram: bytes, future: asyncio.Future[object], receive: Callable[[], object]) -> None:
        try:
            future.set_result(receive())
        except BlockingIOError:
            return  # the engine dropped a late or foreign answer
        except StopAsyncIteration:
            future.set_result([None] if ends_walk(datagram) else [])
        except SnmpDecodeError as error:
            self._await_better(error, future)
        except (SnmpError, OSError) as error:
            future.set_exception(error)
        except (KeyboardInterrupt, SystemExit):
            raise
        except BaseException as panic:  # noqa: BLE001 - F18: malformed BER makes the Rust core panic, which is no Exception
            self.broken = True
            future.set_exception(BadReply(f"malformed answer ({type(panic).__name__} in the decoder)"))

    def _await_better(self, error: SnmpDecodeError, future: asyncio.Future[object]) -> None:
        if self._garbled is None:
            self._loop.call_later(GARBAGE_PATIENCE_SECONDS, self._expire, future)
        self._garbled = error
