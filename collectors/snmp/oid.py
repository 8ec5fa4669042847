"""Object identifiers as the engine writes them: dotted decimals without a leading dot. Pure."""

from __future__ import annotations

from collections.abc import Iterable

Value = int | float | str | bytes | None
"""What the engine reads: numbers, octet strings as bytes, OIDs and IP addresses as text, None for no value."""

SYS_DESCR = "1.3.6.1.2.1.1.1.0"
SYS_OBJECT_ID = "1.3.6.1.2.1.1.2.0"
SYS_UPTIME = "1.3.6.1.2.1.1.3.0"
SYS_NAME = "1.3.6.1.2.1.1.5.0"
SYS_LOCATION = "1.3.6.1.2.1.1.6.0"


def plain(value: Value) -> str:
    """Return the text of a value for matching; octets as UTF-8."""
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else "" if value is None else str(value)


def parts(oid: str) -> tuple[int, ...]:
    """Return the sub-identifiers; their order is the MIB's (lexicographic on numbers, RFC 3416 section 4.2.2)."""
    return tuple(map(int, oid.split("."))) if oid else ()


def is_under(oid: str, root: str) -> bool:
    """Whether ``oid`` is ``root`` or lies in its subtree."""
    return oid == root or oid.startswith(root + ".")


def outermost(roots: Iterable[str]) -> tuple[str, ...]:
    """Return the roots that lie under no other, in the order given, each once."""
    unique = tuple(dict.fromkeys(roots))
    return tuple(root for root in unique if not any(root != other and is_under(root, other) for other in unique))


def not_increasing(root: str, oid: str, before: str) -> str:
    """Return what is told of a walk that goes back or stands still, with a word to search for (F01)."""
    return f"{root}: oid_not_increasing: the walk does not increase: {oid} after {before}"


def encoded_size(oid: str, value: Value) -> int:
    """Estimate from above how many bytes a variable binding takes on the wire (BER, X.690)."""
    if isinstance(value, bytes):
        payload = len(value) + 2
    elif isinstance(value, str):
        payload = len(value) // 2 + 1
    elif isinstance(value, int):
        payload = value.bit_length() // 8 + 2
    else:
        payload = 8
    return len(oid) // 2 + payload + 7
