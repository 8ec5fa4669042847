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
from collectors.snmp.transport.ber import is_whole
from collectors.snmp.transport.budget import Patience
from collectors.snmp.transport.sieve import SHORT_ID, Undecodable, shortened_id
from collectors.snmp.transport.status import ErrorStatus, ends_walk, sent_id, understood
from collectors.snmp.transport.suspicious import suspicious
from collectors.snmp.transport.v3frame import Report, read_report

T = TypeVar("T")
Socket = SnmpV1ClientSocket | SnmpV2cClientSocket | SnmpV3ClientSocket

DATAGRAM = 65536
GARBAGE_PATIENCE_SECONDS = 0.3
"""How long to wait for the true answer after one that is no SNMP message, so perhaps a forgery (F15)."""


class Refused(Exception):
    """SNMPv3: the device answered with a report instead of data (RFC 3414 section 3.2).

    ``report`` is None where the answer is not authentic, or the report is encrypted.
    """

    def __init__(self, report: Report | None) -> None:
        super().__init__("an answer that is not authentic" if report is None else report.text)
        self.report = report


class Channel:
    """Exchanges one datagram for one over a socket; the reader is registered for the socket's life.

    ``broken`` is set once the engine panicked: its state is then unknown and the channel is to be replaced.
    ``heeds`` says of a report that does not fit the request (F35) whether it ends the exchange all the same.
    ``datagram`` is the last answer that was taken, as it came. After an answer that came later than its request was
    waited for, each is waited for twice as long, until one comes in time: the device is but slow (F13).
    """

    def __init__(self, socket: Socket) -> None:
        self.socket = socket
        self.broken = False
        self.datagram = b""
        self.heeds: Callable[[Report], bool] | None = None
        self._plain = not isinstance(socket, SnmpV3ClientSocket)
        self._late = self._shortened = self._dropped = self._behind = self._slow = self._extended = False
        self._fd = socket.get_fd()
        self._peek = PlainSocket(fileno=os.dup(self._fd))
        self._peek.setblocking(False)
        self._loop = asyncio.get_running_loop()
        self._receive: Callable[[], object] | None = None
        self._future: asyncio.Future[object] | None = None
        self._garbled = ""
        self._report: Report | None = None
        self._loop.add_reader(self._fd, self._on_readable)

    async def exchange(self, send: Callable[[], None], receive: Callable[[], T], patience: Patience) -> T:
        """Send once and wait for the answer.

        Raises Unreachable, Refused, Undecodable, ErrorStatus, BadReply, CannotCheck.

        An answer without rows is ``[None]`` where it ends a walk, ``[]`` where an error cannot be told (v3).
        """
        self._future = future = self._loop.create_future()
        self._receive, self._garbled, self._report = receive, "", None
        self._late = self._shortened = self._dropped = self._extended = False
        timer = self._loop.call_later(patience.seconds, self._grow_impatient, future, patience)
        try:
            send()
            return cast("T", await future)
        except OSError as error:
            raise collect_error(error, describe(error)) from error
        except SnmpAuthError as error:
            raise Refused(self._report) from error
        except SnmpError as error:
            raise BadReply(f"the engine refuses the answer: {error}") from error
        finally:
            timer.cancel()
            self._future = self._receive = None

    def close(self) -> None:
        """Release the reader; the socket closes when the engine's object goes."""
        self._loop.remove_reader(self._fd)
        self._peek.close()

    def _grow_impatient(self, future: asyncio.Future[object], patience: Patience) -> None:
        """Wait as long again, once, within the limit, if the device is but slow: an earlier answer came late (F13)."""
        if (self._late or self._slow) and not future.done():
            self._extended = True
            self._loop.call_later(patience.doubled().seconds - patience.seconds, self._expire, future)
        else:
            self._expire(future)

    def _expire(self, future: asyncio.Future[object]) -> None:
        if future.done():
            return
        if self._shortened:
            future.set_exception(shortened_id())
        elif self._dropped:
            future.set_exception(Undecodable("the device answers, and it is not taken for an answer to us"))
        elif not self._garbled:
            self._behind = True
            hint = "" if self._report is None else f"; a report that does not fit it says {self._report.text}"
            future.set_exception(Unreachable(f"no answer{hint}"))
        else:
            future.set_exception(Undecodable(f"the answer cannot be decoded ({self._garbled})"))

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
        if future is None or receive is None or not waiting:
            self._slow |= self._behind
        elif is_whole(datagram):
            self._take(datagram, future, receive)
        else:  # the Rust core would panic, and each time say so on stderr (F18)
            self._peek.recv(DATAGRAM)
            self._await_better("cut short", datagram, future)

    def _listen_again(self) -> None:
        """Register the reader anew: libuv, below uvloop, stops watching a socket that once reported an error."""
        self._loop.remove_reader(self._fd)
        self._loop.add_reader(self._fd, self._on_readable)

    def _take(self, datagram: bytes, future: asyncio.Future[object], receive: Callable[[], object]) -> None:
        try:
            self._accept(receive(), datagram, future)
        except BlockingIOError:
            self._pass_over(datagram, future)
        except StopAsyncIteration:
            self._accept([], datagram, future)
        except SnmpDecodeError as error:
            self._await_better(str(error) or "malformed", datagram, future)
        except SnmpAuthError as error:
            self._report = read_report(datagram)
            future.set_exception(error)
        except (SnmpError, OSError) as error:
            future.set_exception(error)
        except (KeyboardInterrupt, SystemExit):
            raise
        except BaseException as panic:  # noqa: BLE001 - F18: malformed BER makes the Rust core panic, which is no Exception
            self.broken = True
            future.set_exception(Undecodable(f"malformed answer ({type(panic).__name__} in the decoder)"))

    def _accept(self, answer: object, datagram: bytes, future: asyncio.Future[object]) -> None:
        """Take what the engine read, unless the datagram says otherwise; encrypted ones say nothing."""
        self.datagram, self._behind, self._slow = datagram, False, self._extended
        if not self._plain:
            future.set_result(answer)
        elif suspicious(datagram):
            future.set_exception(Undecodable("the answer holds a value that is none of its type"))
        elif answer:
            future.set_result(answer)
        else:
            self._explain(answer, datagram, future)

    @staticmethod
    def _explain(answer: object, datagram: bytes, future: asyncio.Future[object]) -> None:
        """Tell an error from the end of a walk; the engine gives for both ``[]`` of a walk and ``{}`` of a get."""
        reply = understood(datagram)
        if reply is not None and answer == [] and ends_walk(reply):
            future.set_result([None])
        elif reply is not None and reply.error_status:
            future.set_exception(ErrorStatus(reply.error_status, reply.error_index))
        else:
            future.set_result(answer)

    def _pass_over(self, datagram: bytes, future: asyncio.Future[object]) -> None:
        """Take no notice of an answer that the engine dropped as late or foreign, unless it is a report to be heeded.

        The engine drops reports of another engine id or without the user's name, too: a swapped device sends these.
        """
        if not self._plain:
            self._pass_over_secure(datagram, future)
        elif (request_id := sent_id(datagram)) is not None:
            self._late = True
            self._shortened = 0 < request_id <= SHORT_ID  # the engine's own ids hardly ever are that small (F14)

    def _pass_over_secure(self, datagram: bytes, future: asyncio.Future[object]) -> None:
        """The engine also drops what it decrypted and could not read: it cannot be told from what came late."""
        report = self._report = read_report(datagram) or self._report
        self._late |= self._behind
        if report is None:
            self._dropped |= not self._behind
        elif self.heeds is not None and self.heeds(report):
            future.set_exception(Refused(report))

    def _await_better(self, error: str, datagram: bytes, future: asyncio.Future[object]) -> None:
        """Give up at once on what may be the answer, after a while on what is none: the true one may yet come (F15)."""
        first, self._garbled = not self._garbled, error
        if self._plain and sent_id(datagram) is not None:
            self._expire(future)
        elif first:
            self._loop.call_later(GARBAGE_PATIENCE_SECONDS, self._expire, future)
