"""What a v1 or v2c answer without usable rows says; the engine does not tell an error from the end of the MIB. Pure."""

from __future__ import annotations

NO_ERROR, NO_SUCH_NAME = 0, 2
_LONG = 0x80


def ends_walk(datagram: bytes) -> bool:
    """Whether an answer in which the engine found no row of the subtree means that the walk is over.

    It does with noError and any variable binding (another subtree, endOfMibView) and with v1's noSuchName (RFC 1157
    section 4.1.3); it does not with tooBig or genErr, without bindings, or where it is encrypted and cannot be read.
    """
    try:
        _, message, _ = _element(datagram, 0)
        _, version, at = _element(message, 0)
        _, _, at = _element(message, at)
        _, pdu, _ = _element(message, at)
        _, _, at = _element(pdu, 0)
        _, status, at = _element(pdu, at)
        _, _, at = _element(pdu, at)
        _, bindings, _ = _element(pdu, at)
    except (IndexError, ValueError):
        return False
    error = int.from_bytes(status, "big")
    if version == b"\0":
        return error == NO_SUCH_NAME or (error == NO_ERROR and bool(bindings))
    return version == b"\1" and error == NO_ERROR and bool(bindings)


def _element(content: bytes, at: int) -> tuple[int, bytes, int]:
    """Return tag, content and end of the element at a place (BER definite form, X.690 section 8.1.3)."""
    tag, size, at = content[at], content[at + 1], at + 2
    if size & _LONG:
        width = size & ~_LONG
        size, at = int.from_bytes(content[at : at + width], "big"), at + width
    if at + size > len(content):
        raise ValueError("cut short")
    return tag, content[at : at + size], at + size
