"""What a v1 or v2c answer without usable rows says; the engine does not tell an error from the end of the MIB. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from agent.contract import BadReply
from collectors.snmp.transport.reply import ABSENT, Reply, read_header, read_reply

NO_ERROR, TOO_BIG, NO_SUCH_NAME, GEN_ERR = 0, 1, 2, 5
NAMES: Mapping[int, str] = {TOO_BIG: "tooBig", NO_SUCH_NAME: "noSuchName", GEN_ERR: "genErr"}
_V1 = 0


class ErrorStatus(BadReply):
    """The device answered with an error-status (RFC 3416 section 3); ``index`` counts variables from 1, 0 is none."""

    def __init__(self, status: int, index: int = 0) -> None:
        super().__init__(f"the device answers {NAMES.get(status, f'error-status {status}')}")
        self.status = status
        self.index = index


def ends_walk(reply: Reply) -> bool:
    """Whether an answer in which no row of the subtree was found means that the walk is over.

    It does with noError and any variable binding (another subtree, endOfMibView) and with v1's noSuchName (RFC 1157
    section 4.1.3); it does not with tooBig or genErr, or without bindings.
    """
    if reply.version == _V1 and reply.error_status == NO_SUCH_NAME:
        return True
    return reply.error_status == NO_ERROR and bool(reply.rows)


def check(reply: Reply) -> None:
    """Raise ErrorStatus where the answer carries one."""
    if reply.error_status != NO_ERROR:
        raise ErrorStatus(reply.error_status, reply.error_index)


def understood(datagram: bytes) -> Reply | None:
    """Return what a datagram says, or None where it is encrypted or no reply."""
    try:
        return read_reply(datagram)
    except ValueError:
        return None


def sent_id(datagram: bytes) -> int | None:
    """Return the request-id of a datagram, or None where it is no reply; its rows, however many, are not read (F15)."""
    try:
        return read_header(datagram).request_id
    except ValueError:
        return None


def named_absent(datagram: bytes) -> dict[str, None]:
    """Return the instances that an answer names without a value: noSuchObject, noSuchInstance, NULL (F27)."""
    reply = understood(datagram)
    if reply is None:
        return {}
    return dict.fromkeys(oid for oid, value in reply.rows if value is None or value in ABSENT)
