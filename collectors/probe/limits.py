"""What gufo-ping's sockets do not do themselves: send whole or not at all, and tell of how far an answer came."""

from __future__ import annotations

import os
import socket
import struct
from contextlib import suppress
from typing import NamedTuple

from gufo.ping.proto import SocketProto

from config.address import parse_ip

MAX_KNOWN = 65_536
# <linux/in.h>, <linux/in6.h>; the socket module has no names for them
IP_MTU_DISCOVER, IPV6_MTU_DISCOVER, PMTUDISC_PROBE = 10, 23, 3
IP_RECVTTL = 12
ECHO_REPLY, ECHO_REPLY_V6 = 0, 129
_PEEKED = 64


class Limits(NamedTuple):
    """How far a request may go: hops, None as the system has it; and whether routers may cut it up."""

    ttl: int | None = None
    dont_fragment: bool = False


def restrict(sock: SocketProto, version: int, limits: Limits) -> None:
    """Set the limits on a socket. Raises OSError."""
    if limits.ttl is not None:
        if version == 6:
            sock.set_unicast_hops(limits.ttl)
        else:
            sock.set_ttl(limits.ttl)
    if limits.dont_fragment:
        with _twin(sock, version) as twin:
            if version == 6:
                twin.setsockopt(socket.IPPROTO_IPV6, IPV6_MTU_DISCOVER, PMTUDISC_PROBE)
            else:
                twin.setsockopt(socket.IPPROTO_IP, IP_MTU_DISCOVER, PMTUDISC_PROBE)


def _twin(sock: SocketProto, version: int) -> socket.socket:
    """Another descriptor of the same socket. Raises OSError."""
    return _opened(os.dup(sock.get_fd()), version)


def _opened(descriptor: int, version: int) -> socket.socket:
    # said to be non-blocking, as it is: without asking the system
    family = socket.AF_INET6 if version == 6 else socket.AF_INET
    return socket.socket(family, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK, 0, descriptor)


class HopLimits:
    """The hop limits (IPv4: TTL) of answers, by address: of those that were the first to be read.

    The Rust core reads answers without it; here each time the first that waits is looked at and left where it is. On a
    busy socket some are missed, so the last one known of an address is kept.
    """

    def __init__(self) -> None:
        self._descriptor: int | None = None  # no socket: it closes when this does, and without a word
        self._version = 4
        self._known: dict[str, int] = {}

    def watch(self, sock: SocketProto, version: int) -> None:
        """Ask the kernel for hop limits from now on; where it has none, nothing is known."""
        self.close()
        with suppress(OSError), _twin(sock, version) as twin:
            if version == 6:
                twin.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_RECVHOPLIMIT, 1)
            else:
                twin.setsockopt(socket.IPPROTO_IP, IP_RECVTTL, 1)
            self._descriptor, self._version = twin.detach(), version

    def peek(self) -> None:
        """Look at the answer that is read next."""
        if self._descriptor is None:
            return
        twin = _opened(self._descriptor, self._version)
        with suppress(OSError, struct.error, IndexError):
            data, extra, _flags, sender = twin.recvmsg(_PEEKED, 128, socket.MSG_PEEK | socket.MSG_DONTWAIT)
            limit = next((struct.unpack_from("i", value)[0] for _, _, value in extra if len(value) >= 4), None)
            if limit is not None and _is_answer(data, self._version) and len(self._known) < MAX_KNOWN:
                self._known[str(sender[0]).partition("%")[0]] = limit
        twin.detach()

    def of(self, address: str) -> int | None:
        """The hop limit with which the last answer that was seen came; None where none was."""
        ip = parse_ip(address.partition("%")[0])
        return None if ip is None else self._known.get(str(ip))

    def close(self) -> None:
        """Watch no more."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def __del__(self) -> None:
        """The Rust core's socket closes with its last reference; so does this one."""
        self.close()


def _is_answer(data: bytes, version: int) -> bool:
    """Whether it is an echo reply: a raw IPv4 socket yields the IP header as well, and other people's packets."""
    if version == 6:
        return data[0] == ECHO_REPLY_V6
    start = (data[0] & 15) * 4 if data[0] >> 4 == 4 else 0
    return data[start] == ECHO_REPLY
