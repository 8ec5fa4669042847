"""SNMPv3 messages as they lie on the wire: header, security parameters, reports (RFC 3412, RFC 3414). Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from collectors.snmp.transport.ber import content_of, element, number_of

AUTHENTICATED, ENCRYPTED, REPORTABLE = 1, 2, 4
"""Bits of msgFlags (RFC 3412 section 6.4)."""

SECURITY_LEVEL, TIME_WINDOW, USER_NAME, ENGINE_ID, DIGEST, DECRYPTION = 1, 2, 3, 4, 5, 6
"""The usmStats counters that a report carries, by their last sub-identifier (RFC 3414 section 5)."""

REFUSALS: Mapping[int, str] = {
    SECURITY_LEVEL: "security level: the device wants another one for this user (usmStatsUnsupportedSecLevels)",
    USER_NAME: "user: the device does not know it (usmStatsUnknownUserNames)",
    DIGEST: "authentication: wrong password or protocol (usmStatsWrongDigests)",
    DECRYPTION: "privacy: the device cannot decrypt us, wrong password or protocol (usmStatsDecryptionErrors)",
}
"""What a report that no second try can mend says to people."""
UNSETTLED: Mapping[int, str] = {
    TIME_WINDOW: "clock: the device says that we are outside its time window just after its clock was read "
    "(usmStatsNotInTimeWindows)",
    ENGINE_ID: "engine: the device does not know its own engine id just after it was read (usmStatsUnknownEngineIDs)",
}
"""What a report says that comes again after the clock and the engine were read anew."""

CANNOT_DECRYPT = "privacy: the device cannot decrypt our requests, wrong password or protocol"
"""What it means that a device keeps silent at one security level and answers one level lower."""
AUTHORIZATION_ERROR = 16
ACCESS = "access: the device refuses the user at this security level, or lets it read nothing (authorizationError)"
"""What the error-status of that name says (RFC 3416 section 3); gufo-snmp gives it no other words than a bad report."""

_SEQUENCE, _INTEGER, _OCTETS, _REPORT = 0x30, 0x02, 0x04, 0xA8
_VERSION_3 = 3
_CLOCK_LIMIT = 0x7FFFFFFF
_ENGINE_ID_OCTETS = 64
"""RFC 3411 allows 32; there are devices with more."""
_USM_STATS = bytes.fromhex("2b060106030f0101")
"""usmStats, 1.3.6.1.6.3.15.1.1."""


@dataclass(frozen=True, slots=True)
class Report:
    """A Report-PDU: which usmStats counter (0 where it is none of the six), and who sent it."""

    kind: int
    engine_id: bytes
    user: bytes

    @property
    def text(self) -> str:
        """What it says, for people."""
        return REFUSALS.get(self.kind) or UNSETTLED.get(self.kind) or "a report that is none of RFC 3414"


@dataclass(frozen=True, slots=True)
class Frame:
    """One message around its PDU. ``data`` is what lies in the ScopedPDU, or all of it while it is encrypted.

    ``digest_at`` is where the authentication parameters lie in the datagram; ``boots`` and ``seconds`` are the
    authoritative engine's.
    """

    message_id: int
    flags: int
    engine_id: bytes
    boots: int
    seconds: int
    user: bytes
    digest: bytes
    digest_at: int
    salt: bytes
    data: bytes
    encrypted: bool

    @property
    def report(self) -> Report | None:
        """The report in it; None for anything else, and while it is encrypted."""
        return None if self.encrypted else report_in(self, self.data)


def read_frame(datagram: bytes) -> Frame:
    """Return what a v3 datagram says. Raises ValueError where it is none."""
    try:
        return _frame(datagram)
    except IndexError:
        raise ValueError("cut short") from None


def read_report(datagram: bytes) -> Report | None:
    """Return the report in a datagram; None where it is anything else."""
    try:
        return read_frame(datagram).report
    except ValueError:
        return None


def _frame(datagram: bytes) -> Frame:
    message, end = content_of(datagram, 0, _SEQUENCE)
    version, at = content_of(message, 0, _INTEGER)
    if version != bytes((_VERSION_3,)):
        raise ValueError("not v3")
    header, at = content_of(message, at, _SEQUENCE)
    parameters, at = content_of(message, at, _OCTETS)
    inside = end - len(message) + at - len(parameters)
    tag, data, _ = element(message, at)
    message_id, flags = _header(header)
    engine_id, boots, seconds, user, digest, digest_at, salt = _parameters(parameters)
    return Frame(
        message_id, flags, engine_id, boots, seconds, user, digest, inside + digest_at, salt, data, tag == _OCTETS
    )


def _header(header: bytes) -> tuple[int, int]:
    message_id, at = content_of(header, 0, _INTEGER)
    _, at = content_of(header, at, _INTEGER)
    flags, _ = content_of(header, at, _OCTETS)
    if len(flags) != 1:
        raise ValueError("msgFlags are not one octet")
    return number_of(message_id), flags[0]


def _parameters(parameters: bytes) -> tuple[bytes, int, int, bytes, bytes, int, bytes]:
    fields, end = content_of(parameters, 0, _SEQUENCE)
    engine_id, at = content_of(fields, 0, _OCTETS)
    boots, at = content_of(fields, at, _INTEGER)
    seconds, at = content_of(fields, at, _INTEGER)
    user, at = content_of(fields, at, _OCTETS)
    digest, at = content_of(fields, at, _OCTETS)
    digest_at = end - len(fields) + at - len(digest)
    salt, _ = content_of(fields, at, _OCTETS)
    clock = number_of(boots), number_of(seconds)
    if min(clock) < 0 or max(clock) > _CLOCK_LIMIT or len(engine_id) > _ENGINE_ID_OCTETS:
        raise ValueError("engine id or clock are out of bounds")
    return engine_id, *clock, user, digest, digest_at, salt


def report_in(frame: Frame, scoped: bytes) -> Report | None:
    """Return the report in what lies in the ScopedPDU; None where it is a response or cannot be read."""
    try:
        tag, pdu, _ = element(scoped, scoped_pdu(scoped)[1])
        if tag != _REPORT:
            return None
        return Report(_counter(pdu), frame.engine_id, frame.user)
    except (IndexError, ValueError):
        return None


def scoped_pdu(data: bytes) -> tuple[bytes, int]:
    """Return the context name and where the PDU begins in what lies in a ScopedPDU. Raises ValueError, IndexError."""
    _, at = content_of(data, 0, _OCTETS)
    return content_of(data, at, _OCTETS)


def _counter(pdu: bytes) -> int:
    at = 0
    for _ in range(3):
        _, at = content_of(pdu, at, _INTEGER)
    bindings, _ = content_of(pdu, at, _SEQUENCE)
    binding, _ = content_of(bindings, 0, _SEQUENCE)
    _, name, _ = element(binding, 0)
    known = len(name) == len(_USM_STATS) + 2 and name.startswith(_USM_STATS) and name[-2] in {*REFUSALS, *UNSETTLED}
    return name[-2] if known else 0
