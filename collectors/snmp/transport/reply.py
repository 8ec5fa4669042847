"""A reply as the compatible engine reads it: leniently, one bad value costs only itself (F18 to F21, F28). Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from typing import NamedTuple

from collectors.snmp.oid import Value
from collectors.snmp.transport.ber import content_of, element, number_of


class Mark(Enum):
    """What stands in a row in place of a value."""

    NO_SUCH_OBJECT = "noSuchObject"
    NO_SUCH_INSTANCE = "noSuchInstance"
    END_OF_MIB_VIEW = "endOfMibView"
    INVALID = "invalid"
    """Not a value of its type: an integer of no octets or too many, an address not of four, an unknown type."""


ABSENT = frozenset({Mark.NO_SUCH_OBJECT, Mark.NO_SUCH_INSTANCE, Mark.END_OF_MIB_VIEW})
Row = tuple[str, Value | Mark]
"""OID as dotted decimals without a leading dot (empty where it is none), and its value; None stands for NULL."""


@dataclass(frozen=True, slots=True)
class Reply:
    """One Response-PDU (RFC 1157 section 4.1.2, RFC 3416 section 3); ``rows`` in the order of the datagram.

    ``version`` is 0 for v1, 1 for v2c, 3 for v3, as on the wire; ``community`` is empty under v3.
    """

    version: int
    request_id: int
    error_status: int
    error_index: int
    rows: tuple[Row, ...]
    community: bytes = b""


_RESPONSE = 0xA2
_V1, _V2C = 0, 1
_SEQUENCE, _INTEGER, _OID = 0x30, 0x02, 0x06
_FIRST_ARC_LIMIT = 80
_SUB_IDENTIFIERS = 128
_UINT32 = 0xFFFFFFFF


class Header(NamedTuple):
    """What tells whose answer a datagram is; of ``pdu`` the error-status follows at ``at``."""

    version: int
    community: bytes
    request_id: int
    pdu: bytes
    at: int


def read_reply(datagram: bytes) -> Reply:
    """Return what a v1 or v2c datagram says. Raises ValueError where it is no such reply; never anything else.

    Takes time linear in its length.
    """
    return read_rows(read_header(datagram))


def read_header(datagram: bytes) -> Header:
    """Return whose answer a v1 or v2c datagram is, in the same time however long it is. Raises as ``read_reply``."""
    try:
        message = content_of(datagram, 0, _SEQUENCE)[0]
        version, at = content_of(message, 0, _INTEGER)
        _, community, at = element(message, at)
        number = number_of(version)
        if number not in {_V1, _V2C}:
            raise ValueError("neither v1 nor v2c")
        return _header(message, at, number, community)
    except IndexError:
        raise ValueError("cut short") from None


def read_rows(header: Header) -> Reply:
    """Return all that a datagram says. Raises as ``read_reply``."""
    try:
        return _reply(header)
    except IndexError:
        raise ValueError("cut short") from None


def read_pdu(message: bytes, at: int, version: int) -> Reply:
    """Return the Response-PDU at a place of a message. Raises ValueError, IndexError where there is none."""
    return _reply(_header(message, at, version, b""))


def _header(message: bytes, at: int, version: int, community: bytes) -> Header:
    pdu = content_of(message, at, _RESPONSE)[0]
    request_id, at = content_of(pdu, 0, _INTEGER)
    return Header(version, community, number_of(request_id), pdu, at)


def _reply(header: Header) -> Reply:
    status, at = content_of(header.pdu, header.at, _INTEGER)
    index, at = content_of(header.pdu, at, _INTEGER)
    rows = _rows(content_of(header.pdu, at, _SEQUENCE)[0])
    return Reply(header.version, header.request_id, number_of(status), number_of(index), rows, header.community)


def _rows(bindings: bytes) -> tuple[Row, ...]:
    rows: list[Row] = []
    at = 0
    while at < len(bindings):
        tag, binding, at = element(bindings, at)
        rows.append(_row(binding) if tag == _SEQUENCE else ("", Mark.INVALID))
    return tuple(rows)


def _row(binding: bytes) -> Row:
    try:
        name, at = content_of(binding, 0, _OID)
        oid = _dotted(name)
    except (IndexError, ValueError):
        return "", Mark.INVALID
    try:
        tag, content, end = element(binding, at)
        if end != len(binding):
            return oid, Mark.INVALID
        return oid, _READERS.get(tag, _invalid)(content)
    except (IndexError, ValueError):
        return oid, Mark.INVALID


@lru_cache(maxsize=4096)
def _dotted(content: bytes) -> str:
    """Return an OID in dotted form (X.690 section 8.19). Raises ValueError where it is none (RFC 2578 section 3.5)."""
    if not content or content[-1] & 0x80 or len(content) > 5 * _SUB_IDENTIFIERS:
        raise ValueError("no object identifier")
    numbers: list[int] = []
    number = 0
    for octet in content:
        number = number << 7 | octet & 0x7F
        if number > _UINT32 + _FIRST_ARC_LIMIT:
            raise ValueError("a sub-identifier of more than 32 bits")
        if octet < 0x80:
            numbers.append(number)
            number = 0
    first = min(numbers[0] // 40, 2)
    return ".".join(map(str, (first, numbers[0] - 40 * first, *numbers[1:])))


def _signed(content: bytes) -> Value | Mark:
    """Up to 64 bits: some agents write an unsigned number as an INTEGER."""
    return int.from_bytes(content, "big", signed=True) if 1 <= len(content) <= 8 else Mark.INVALID


def _unsigned(bits: int) -> Callable[[bytes], Value | Mark]:
    """Read unsigned, also where the leading zero octet is missing (F19)."""
    octets = bits // 8

    def read(content: bytes) -> Value | Mark:
        if len(content) == octets + 1 and content[0] == 0:
            content = content[1:]
        return int.from_bytes(content, "big") if 1 <= len(content) <= octets else Mark.INVALID

    return read


def _octets(content: bytes) -> Value | Mark:
    return content


def _address(content: bytes) -> Value | Mark:
    return ".".join(map(str, content)) if len(content) == 4 else Mark.INVALID


def _identifier(content: bytes) -> Value | Mark:
    return _dotted(content)


def _invalid(_content: bytes) -> Value | Mark:
    return Mark.INVALID


def _always(value: Value | Mark) -> Callable[[bytes], Value | Mark]:
    return lambda _content: value


_READERS: Mapping[int, Callable[[bytes], Value | Mark]] = {
    _INTEGER: _signed,
    0x04: _octets,
    0x05: _always(None),
    _OID: _identifier,
    0x40: _address,
    0x41: _unsigned(32),  # Counter32
    0x42: _unsigned(32),  # Gauge32, Unsigned32
    0x43: _unsigned(32),  # TimeTicks
    0x44: _octets,  # Opaque; texts.real reads the floats in it
    0x45: _octets,  # NsapAddress (RFC 1442)
    0x46: _unsigned(64),  # Counter64
    0x47: _unsigned(32),  # UInteger32 (RFC 1442)
    0x80: _always(Mark.NO_SUCH_OBJECT),
    0x81: _always(Mark.NO_SUCH_INSTANCE),
    0x82: _always(Mark.END_OF_MIB_VIEW),
}
