"""Echo requests over one shared socket, on gufo-ping's Rust core.

``gufo.ping.Ping`` itself is not used: a cancelled wait breaks its reader and with it everybody's pings, its reader is
never taken off the loop, its timeouts are of one length and late by up to as much again, and it takes "no route" for
silence (0.7.0).
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import TypeVar, cast

from gufo.ping import SelectionPolicy
from gufo.ping._fast import PS_IPV4, PS_IPV6, SocketWrapper
from gufo.ping.proto import SocketProto

from agent.contract import CannotCheck, CollectError
from agent.wire.failures import collect_error, describe
from collectors.probe.limits import HopLimits, Limits, restrict

NANOSECONDS = 1_000_000_000
NO_LIMITS = Limits()
# How long the Rust core remembers a request; longer than any poll waits.
FORGET_SECONDS = 60
NOT_PERMITTED = (
    "ICMP is not permitted: net.ipv4.ping_group_range does not include this process's group and it has no CAP_NET_RAW"
)

T = TypeVar("T")
IPv = int
OpenSocket = Callable[[IPv, str | None], SocketProto]


def open_socket(version: IPv, source: str | None) -> SocketProto:
    """Open an unprivileged ICMP socket, or a raw one where the process may. Raises OSError (PermissionError)."""
    family = PS_IPV6 if version == 6 else PS_IPV4
    sock = cast("SocketProto", SocketWrapper(family + SelectionPolicy.DGRAM_RAW, FORGET_SECONDS * NANOSECONDS, False))
    if source is not None:
        sock.bind(source)
    return sock


class Pinger:
    """Sends echo requests from one socket and tells the answers apart; belongs to one event loop.

    Where the Rust core fails, its state is unknown: who waits for an answer learns that it was not the target's fault,
    and the next request opens another socket.
    """

    def __init__(self, open_socket: Callable[[], SocketProto], version: IPv = 4) -> None:
        self._open = open_socket
        self._version = version
        self._limits = HopLimits()
        self._loop = asyncio.get_running_loop()
        self._waiting: dict[int, asyncio.Future[float]] = {}
        self._sock: SocketProto | None = self._started()

    async def ping(self, address: str, size: int, timeout_seconds: float) -> float | None:
        """Return the round-trip time in seconds, or None where no answer came in time.

        Raises:
            Unreachable: this machine knows no way there.
            CannotCheck: this machine may not send, or the Rust core failed.
        """
        self._sock = self._sock or self._started()
        session = self._guarded(partial(self._send, self._sock, address, size))
        waiting = self._waiting
        answer: asyncio.Future[float] = self._loop.create_future()
        waiting[session] = answer
        try:
            async with asyncio.timeout(timeout_seconds):
                return await answer
        except TimeoutError:
            self._read()  # lets the core forget what is long past
            return None
        finally:
            waiting.pop(session, None)

    def hop_limit(self, address: str) -> int | None:
        """Return the hop limit of the address's last answer, as far as it was seen."""
        return self._limits.of(address)

    def close(self) -> None:
        """Take the socket off the loop; it closes with its last reference."""
        self._limits.close()
        if self._sock is not None:
            self._loop.remove_reader(self._fd)
        self._sock = None

    def _started(self) -> SocketProto:
        sock = self._open()
        self._fd = sock.get_fd()
        self._limits.watch(sock, self._version)
        self._loop.add_reader(self._fd, self._read)
        return sock

    @staticmethod
    def _send(sock: SocketProto, address: str, size: int) -> int:
        try:
            return sock.send(sock.clean_ip(address) if ":" in address else address, size)
        except OSError as error:
            raise collect_error(error, f"{address}: echo request not sent: {describe(error)}") from None
        except ValueError:
            raise CannotCheck(f"{address} cannot be pinged") from None

    def _read(self) -> None:
        """Called by the loop, and so on behalf of nobody: raises nothing."""
        if self._sock is None:
            return
        self._limits.peek()
        with suppress(CannotCheck):  # those who wait have been told
            for session, nanoseconds in (self._guarded(self._sock.recv) or {}).items():
                answer = self._waiting.get(session)
                if answer is not None and not answer.done() and nanoseconds:
                    answer.set_result(nanoseconds / NANOSECONDS)

    def _guarded(self, call: Callable[[], T]) -> T:
        """Call the Rust core. Raises CannotCheck where it fails, and CollectError of the call itself."""
        try:
            return call()
        except (CollectError, KeyboardInterrupt, SystemExit):
            raise
        except BaseException as panic:  # noqa: BLE001 - a panic of the Rust core is no Exception; it is told to all who wait
            self.close()
            why = f"the ICMP engine failed ({type(panic).__name__}); another socket is opened"
            abandoned, self._waiting = self._waiting, {}
            for answer in abandoned.values():
                if not answer.done():
                    answer.set_exception(CannotCheck(why))
            raise CannotCheck(why) from None


class PingerShare:
    """Lends one pinger for each IP version, source address and set of limits to all collectors of a loop."""

    def __init__(self, open_socket: OpenSocket = open_socket) -> None:
        self._open = open_socket
        self._lent: dict[tuple[asyncio.AbstractEventLoop, IPv, str | None, Limits], tuple[Pinger, int]] = {}

    def borrow(self, version: IPv, source: str | None, limits: Limits = NO_LIMITS) -> Pinger:
        """Return the pinger, opened where nobody has it yet; give it back. Raises CannotCheck."""
        key = (asyncio.get_running_loop(), version, source, limits)
        if key in self._lent:
            pinger, borrowers = self._lent[key]
        else:
            pinger, borrowers = Pinger(partial(self._open_socket, version, source, limits), version), 0
        self._lent[key] = (pinger, borrowers + 1)
        return pinger

    def _open_socket(self, version: IPv, source: str | None, limits: Limits) -> SocketProto:
        try:
            sock = self._open(version, source)
            restrict(sock, version, limits)
        except PermissionError:
            raise CannotCheck(NOT_PERMITTED) from None
        except (OSError, NotImplementedError) as error:
            where = f" from {source}" if source is not None else ""
            raise CannotCheck(f"no ICMP socket{where}: {error}") from None
        return sock

    def give_back(self, version: IPv, source: str | None, limits: Limits = NO_LIMITS) -> None:
        """The borrower is done; the last one closes the socket."""
        key = (asyncio.get_running_loop(), version, source, limits)
        pinger, borrowers = self._lent.pop(key)
        if borrowers > 1:
            self._lent[key] = (pinger, borrowers - 1)
        else:
            pinger.close()
