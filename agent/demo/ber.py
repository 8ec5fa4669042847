"""SNMP v1/v2c messages as bytes (RFC 1157, RFC 3416; BER after X.690), as much as an agent needs.

Written out by hand because the simulator shares its machine with the daemon that it shows: pysnmp's encoder takes 37 µs
a value, this one a tenth of that.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

Oid = tuple[int, ...]

INTEGER, OCTET_STRING, NULL, OBJECT_IDENTIFIER, SEQUENCE = 0x02, 0x04, 0x05, 0x06, 0x30
IP_ADDRESS, COUNTER32, GAUGE32, TIMETICKS, COUNTER64 = 0x40, 0x41, 0x42, 0x43, 0x46
NO_SUCH_OBJECT, NO_SUCH_INSTANCE, END_OF_MIB_VIEW = b"\x80\x00", b"\x81\x00", b"\x82\x00"
GET, GET_NEXT, RESPONSE, GET_BULK, TRAP = 0xA0, 0xA1, 0xA2, 0xA5, 0xA7
V1, V2C = 0, 1

_SHORT = 0x80  # lengths below it are one byte


class BadMessage(ValueError):
    """The bytes are not an SNMP v1 or v2c message."""


class Request(NamedTuple):
    """A GET, GETNEXT or GETBULK. For a GETBULK ``first`` is non-repeaters and ``second`` max-repetitions."""

    version: int
    community: bytes
    kind: int
    request_id: int
    first: int
    second: int
    oids: tuple[Oid, ...]


def tlv(tag: int, content: bytes) -> bytes:
    """Return tag, definite length, content."""
    size = len(content)
    if size < _SHORT:
        return bytes((tag, size)) + content
    width = (size.bit_length() + 7) // 8
    return bytes((tag, _SHORT | width)) + size.to_bytes(width, "big") + content


def integer(value: int, tag: int = INTEGER) -> bytes:
    """Return an integer in two's complement; also serves the unsigned types, whose content is encoded alike."""
    return tlv(tag, value.to_bytes(value.bit_length() // 8 + 1, "big", signed=True))


def octets(value: str | bytes) -> bytes:
    """Return an octet string; text as UTF-8."""
    return tlv(OCTET_STRING, value.encode() if isinstance(value, str) else value)


def oid(value: Oid) -> bytes:
    """Return an object identifier of at least two arcs."""
    content = bytearray()
    for arc in (value[0] * 40 + value[1], *value[2:]):
        groups = [arc & 0x7F]
        while arc := arc >> 7:
            groups.append(arc & 0x7F | _SHORT)
        content.extend(reversed(groups))
    return tlv(OBJECT_IDENTIFIER, bytes(content))


def response(request: Request, varbinds: Sequence[bytes], error: int = 0, index: int = 0) -> bytes:
    """Return the response to ``request``; ``varbinds`` are whole (name, value) sequences."""
    head = integer(request.request_id) + integer(error) + integer(index)
    return _message(request.version, request.community, RESPONSE, head, varbinds)


def trap(community: bytes, request_id: int, varbinds: Sequence[bytes]) -> bytes:
    """Return an SNMPv2-Trap-PDU in a v2c message; the first two ``varbinds`` must be sysUpTime.0 and snmpTrapOID.0."""
    return _message(V2C, community, TRAP, integer(request_id) + integer(0) + integer(0), varbinds)


def varbind(name: Oid, value: bytes) -> bytes:
    """Return an encoded value with its name."""
    return tlv(SEQUENCE, oid(name) + value)


def _message(version: int, community: bytes, kind: int, head: bytes, varbinds: Sequence[bytes]) -> bytes:
    body = head + tlv(SEQUENCE, b"".join(varbinds))
    return tlv(SEQUENCE, integer(version) + octets(community) + tlv(kind, body))


def parse_request(datagram: bytes) -> Request:
    """Return the request in ``datagram``. Raises BadMessage."""
    try:
        return _request(datagram)
    except (ValueError, IndexError) as error:
        raise BadMessage(f"not an SNMP request: {error}") from error


def _request(datagram: bytes) -> Request:
    (_, message), *_ = _elements(datagram)
    (_, version), (_, community), (kind, body) = _elements(message)
    (_, request_id), (_, first), (_, second), (_, varbinds) = _elements(body)
    if _signed(version) not in {V1, V2C} or kind not in {GET, GET_NEXT, GET_BULK}:
        raise ValueError("version or PDU not served")
    oids = tuple(_name(varbind) for _, varbind in _elements(varbinds))
    return Request(_signed(version), community, kind, _signed(request_id), _signed(first), _signed(second), oids)


def _elements(content: bytes) -> Iterator[tuple[int, bytes]]:
    at = 0
    while at < len(content):
        tag, size, at = content[at], content[at + 1], at + 2
        if size & _SHORT:
            width = size & 0x7F
            size, at = int.from_bytes(content[at : at + width], "big"), at + width
        if at + size > len(content):
            raise ValueError("cut short")
        yield tag, content[at : at + size]
        at += size


def _signed(content: bytes) -> int:
    return int.from_bytes(content, "big", signed=True)


def _name(varbind: bytes) -> Oid:
    tag, content = next(_elements(varbind), (NULL, b""))
    if tag != OBJECT_IDENTIFIER or not content:
        raise ValueError("a name is missing")
    arcs: list[int] = []
    arc = 0
    for byte in content:
        arc = arc << 7 | byte & 0x7F
        if not byte & _SHORT:
            arcs.append(arc)
            arc = 0
    first = min(arcs[0] // 40, 2)
    return (first, arcs[0] - first * 40, *arcs[1:])
