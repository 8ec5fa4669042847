"""A small SNMP agent: a sorted table of objects, answered over UDP."""

from __future__ import annotations

import asyncio
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable
from typing import Generic, TypeVar, cast

from agent.demo import ber
from agent.demo.ber import Oid, Request

S = TypeVar("S")
# an encoded value that never changes, or a function of the state
Value = bytes | Callable[[S], bytes]

MAX_REPLY = 1472  # what fits one Ethernet frame; real agents cut a GETBULK there (RFC 3416, 4.2.3)
_OVERHEAD = 64  # message header beside the varbinds
_NO_SUCH_NAME = 2


class Table(Generic[S]):
    """The objects of one device in the order of their OIDs."""

    def __init__(self, objects: Iterable[tuple[Oid, Value[S]]]) -> None:
        ordered = sorted(objects, key=lambda item: item[0])
        self.oids = [oid for oid, _ in ordered]
        self._names = [ber.oid(oid) for oid in self.oids]
        self._values = [value for _, value in ordered]

    def find(self, oid: Oid) -> int | None:
        """Return the index of the object ``oid``, if there is one."""
        index = bisect_left(self.oids, oid)
        return index if index < len(self.oids) and self.oids[index] == oid else None

    def after(self, oid: Oid) -> int | None:
        """Return the index of the first object after ``oid``, or None at the end."""
        index = bisect_right(self.oids, oid)
        return index if index < len(self.oids) else None

    def value(self, index: int, state: S) -> bytes:
        """Return an object's encoded value."""
        value = self._values[index]
        return value if isinstance(value, bytes) else value(state)

    def varbind(self, index: int, state: S) -> bytes:
        """Return name and value of an object."""
        return ber.tlv(ber.SEQUENCE, self._names[index] + self.value(index, state))


def answer(datagram: bytes, table: Table[S], community: bytes, state: S) -> bytes | None:
    """Return the reply to a datagram; None where an agent keeps silent: no SNMP, or another community."""
    try:
        request = ber.parse_request(datagram)
    except ber.BadMessage:
        return None
    if request.community != community:
        return None
    if request.version == ber.V1:
        return _answer_v1(request, table, state)
    if request.kind == ber.GET_BULK:
        return ber.response(request, _bulk(request, table, state))
    one = _get if request.kind == ber.GET else _next
    return ber.response(request, [one(table, oid, state)[1] for oid in request.oids])


def _answer_v1(request: Request, table: Table[S], state: S) -> bytes:
    varbinds: list[bytes] = []
    for position, oid in enumerate(request.oids, 1):
        index = table.find(oid) if request.kind == ber.GET else table.after(oid)
        while index is not None and request.kind == ber.GET_NEXT and _is_counter64(table, index, state):
            index = table.after(table.oids[index])
        if index is None or _is_counter64(table, index, state):
            empty = [_missing(name, b"\x05\x00") for name in request.oids]
            return ber.response(request, empty, _NO_SUCH_NAME, position)
        varbinds.append(table.varbind(index, state))
    return ber.response(request, varbinds)


def _is_counter64(table: Table[S], index: int, state: S) -> bool:
    """Whether an object is of the type that SNMPv1 does not know (RFC 3584, 4.2.2.1)."""
    return table.value(index, state)[0] == ber.COUNTER64


def _bulk(request: Request, table: Table[S], state: S) -> list[bytes]:
    single, repeated = request.oids[: max(0, request.first)], request.oids[max(0, request.first) :]
    varbinds = [_next(table, oid, state)[1] for oid in single]
    room = MAX_REPLY - _OVERHEAD - sum(map(len, varbinds))
    for _ in range(request.second if repeated else 0):
        row = [_next(table, oid, state) for oid in repeated]
        room -= sum(len(varbind) for _, varbind in row)
        if room < 0 and varbinds:
            break
        varbinds += [varbind for _, varbind in row]
        if all(found is None for found, _ in row):
            break
        repeated = tuple(oid if found is None else found for oid, (found, _) in zip(repeated, row, strict=True))
    return varbinds


def _get(table: Table[S], oid: Oid, state: S) -> tuple[Oid | None, bytes]:
    index = table.find(oid)
    return (None, _missing(oid, ber.NO_SUCH_INSTANCE)) if index is None else (oid, table.varbind(index, state))


def _next(table: Table[S], oid: Oid, state: S) -> tuple[Oid | None, bytes]:
    index = table.after(oid)
    if index is None:
        return None, _missing(oid, ber.END_OF_MIB_VIEW)
    return table.oids[index], table.varbind(index, state)


def _missing(oid: Oid, why: bytes) -> bytes:
    return ber.varbind(oid, why)


class AgentProtocol(asyncio.DatagramProtocol, Generic[S]):
    """Answers what comes in, with the state of the moment; while that is None nothing gets through to the device."""

    def __init__(self, table: Table[S], community: bytes, state: Callable[[], S | None]) -> None:
        self._table, self._community, self._state = table, community, state
        self._transport: asyncio.DatagramTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the transport."""
        self._transport = cast(asyncio.DatagramTransport, transport)

    def datagram_received(self, data: bytes, addr: tuple[str | int, ...]) -> None:
        """Answer one request."""
        state = self._state()
        reply = None if state is None else answer(data, self._table, self._community, state)
        if reply is not None and self._transport is not None:
            self._transport.sendto(reply, addr)
