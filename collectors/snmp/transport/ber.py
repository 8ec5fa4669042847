"""Elements of the Basic Encoding Rules as SNMP uses them (X.690, RFC 3417 section 8). Pure."""

from __future__ import annotations

_LONG = 0x80


def element(content: bytes, at: int) -> tuple[int, bytes, int]:
    """Return tag, content and end of the element at a place (BER definite form, X.690 section 8.1.3).

    Raises ValueError or IndexError where it is cut short, ValueError for the indefinite form (RFC 3417 section 8).
    """
    tag, size, at = content[at], content[at + 1], at + 2
    if size & _LONG:
        width = size & ~_LONG
        if not width:
            raise ValueError("indefinite length")
        size, at = int.from_bytes(content[at : at + width], "big"), at + width
    if at + size > len(content):
        raise ValueError("cut short")
    return tag, content[at : at + size], at + size


def content_of(around: bytes, at: int, expected: int) -> tuple[bytes, int]:
    """Return content and end of the element at a place, which must have this tag. Raises ValueError, IndexError."""
    tag, content, end = element(around, at)
    if tag != expected:
        raise ValueError(f"type {tag:#x} in place of {expected:#x}")
    return content, end


def number_of(octets: bytes) -> int:
    """Return a number of a message's frame, which must be sound; a fifth octet is a sign. Raises ValueError."""
    if not 1 <= len(octets) <= 5:
        raise ValueError("a number of the header is none")
    return int.from_bytes(octets, "big", signed=True)


def is_whole(datagram: bytes) -> bool:
    """Whether a datagram is a whole element that begins with a whole one; what is cut short cannot be read."""
    try:
        element(element(datagram, 0)[1], 0)
    except (IndexError, ValueError):
        return False
    return True
