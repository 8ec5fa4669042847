"""The compatible exchange of v1 and v2c: own socket, requests by pysnmp's codec, replies read by ours. I/O only.

Slower than gufo-snmp and harder to upset: it reads answers of any size, passes over garbage, keeps one request-id over
retries so that a late answer counts (F13), and can take answers from other addresses (F12) or with half an id (F14).
"""

from __future__ import annotations

import secrets
import socket
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from ipaddress import ip_address
from typing import NamedTuple

from agent.wire.failures import collect_error, describe
from collectors.snmp.transport import datagrams
from collectors.snmp.transport.budget import Patience
from collectors.snmp.transport.exchange import Kind, Offload, on_the_spot
from collectors.snmp.transport.reply import Reply
from collectors.snmp.transport.request import Asked, Encode, load_codec
from collectors.snmp.transport.sieve import VERSIONS, Expected, Sieve
from config.address import Address

SILENCES = 2
"""Unanswered requests to a device that never answered, after which all are heard: who answers in its place? (F12)"""


@dataclass(frozen=True, slots=True)
class Manners:
    """What is special about how a device answers.

    ``accept_from`` are further addresses that are believed, ``any_source`` believes all; ``wide`` listens to all
    until the device answered, to say who does, and believes none of them.
    """

    accept_from: tuple[str, ...] = ()
    any_source: bool = False
    request_id_bits: int = 32
    wide: bool = False


class _Request(NamedTuple):
    asked: Asked
    request_id: int
    datagram: bytes


class Plain:
    """An Exchange with one device; its host is an IP literal, ``offload`` loads the codec."""

    def __init__(
        self, address: Address, version: str, community: bytes, manners: Manners, offload: Offload = on_the_spot
    ) -> None:
        self._offload = offload
        self.engine_id = ""
        self.resyncs = Counter[str]()
        self._peer = (address.host, address.port or 161)
        self._version = version
        self._community = community
        self._manners = manners
        self._last_id = secrets.randbits(manners.request_id_bits - 1)
        self._encode: Encode | None = None
        self._pending: _Request | None = None
        self._socket: socket.socket | None = None
        self._connected = False
        self._proven = False
        self._silences = SILENCES if manners.wide else 0
        self._sources = _sources(address.host, manners)

    async def ask(self, kind: Kind, oids: Sequence[str], repetitions: int, patience: Patience) -> Reply:
        """Send once and wait for the answer. Raises Unreachable, BadReply, CannotCheck."""
        request = self._pending = await self._request(Asked(kind, tuple(oids), repetitions))
        try:
            reply = await self._answer(self._open(), request, patience.seconds)
        except OSError as error:
            raise collect_error(error, describe(error)) from error
        self._pending, self._proven = None, True
        return reply

    def begin_poll(self) -> None:
        """Take no answer to what an earlier poll asked from now on: the values would be of that time."""
        self._pending = None

    def close(self) -> None:
        """Release the socket; the next request opens another."""
        if self._socket is not None:
            self._socket.close()
        self._socket = None

    async def _request(self, asked: Asked) -> _Request:
        """Return the request; the same one, id and all, where it was not answered the last time (F13)."""
        if self._pending is not None and self._pending.asked == asked:
            return self._pending
        if self._encode is None:
            await self._offload(load_codec)
            self._encode = load_codec()
        self._last_id = self._last_id % ((1 << self._manners.request_id_bits - 1) - 1) + 1
        return _Request(asked, self._last_id, self._encode(self._version, self._community, self._last_id, asked))

    def _open(self) -> socket.socket:
        """Return the socket: connected, so that a closed port is heard of, unless others may or must be heard."""
        curious = not self._proven and self._silences >= SILENCES
        connect = not (curious or self._manners.accept_from or self._manners.any_source)
        if self._socket is not None and self._connected == connect:
            return self._socket
        self.close()
        self._socket = datagrams.connected(*self._peer) if connect else datagrams.opened_for(self._peer[0])
        self._connected = connect
        return self._socket

    async def _answer(self, opened: socket.socket, request: _Request, patience_seconds: float) -> Reply:
        version = VERSIONS[self._version]
        sieve = Sieve(Expected(version, self._community, request.request_id, self._peer[1], self._sources))
        send = partial(opened.send, request.datagram)
        if not self._connected:
            send = partial(opened.sendto, request.datagram, self._peer)
        try:
            return await datagrams.exchange_among(opened, send, sieve.take, patience_seconds)
        except TimeoutError:
            self._silences += 1
            raise sieve.failure() from None


def _sources(host: str, manners: Manners) -> frozenset[str] | None:
    if manners.any_source:
        return None
    return frozenset(str(ip_address(address.partition("%")[0])) for address in (host, *manners.accept_from))
