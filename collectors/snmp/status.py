"""What a v1 or v2c answer without usable rows says; the engine does not tell an error from the end of the MIB. Pure."""

from __future__ import annotations

from collectors.snmp.ber import element

NO_ERROR, NO_SUCH_NAME = 0, 2


def ends_walk(datagram: bytes) -> bool:
    """Whether an answer in which the engine found no row of the subtree means that the walk is over.

    It does with noError and any variable binding (another subtree, endOfMibView) and with v1's noSuchName (RFC 1157
    section 4.1.3); it does not with tooBig or genErr, without bindings, or where it is encrypted and cannot be read.
    """
    try:
        _, message, _ = element(datagram, 0)
        _, version, at = element(message, 0)
        _, _, at = element(message, at)
        _, pdu, _ = element(message, at)
        _, _, at = element(pdu, 0)
        _, status, at = element(pdu, at)
        _, _, at = element(pdu, at)
        _, bindings, _ = element(pdu, at)
    except (IndexError, ValueError):
        return False
    error = int.from_bytes(status, "big")
    if version == b"\0":
        return error == NO_SUCH_NAME or (error == NO_ERROR and bool(bindings))
    return version == b"\1" and error == NO_ERROR and bool(bindings)
