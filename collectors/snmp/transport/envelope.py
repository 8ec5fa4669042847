"""SNMPv3 requests as bytes, by pysnmp's codec (RFC 3412 section 6, RFC 3414 section 2.4). Pure.

pysnmp is imported at the first use, which takes a tenth of a second: ``load`` does it, in a thread.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import Any

from collectors.snmp.transport.request import Asked, make_pdu

MAX_SIZE = 65507
"""msgMaxSize: what fits into a UDP datagram."""
_USM = 3
_VERSION_3 = 3


@dataclass(frozen=True, slots=True)
class Envelope:
    """What is written around a ScopedPDU; ``boots`` and ``seconds`` are the authoritative engine's clock."""

    message_id: int
    flags: int
    engine_id: bytes = b""
    boots: int = 0
    seconds: int = 0
    user: bytes = b""
    digest_octets: int = 0
    salt: bytes = b""


def load() -> None:
    """Import pysnmp's codec; takes a tenth of a second the first time, so call it in a thread."""
    for name in ("pysnmp.proto.api.v2c", "pysnmp.proto.mpmod.rfc3412", "pyasn1.codec.ber.decoder"):
        _module(name)


def scoped_request(asked: Asked, request_id: int, engine_id: bytes, context: bytes) -> bytes:
    """Return the ScopedPDU of a request, in the context of that name."""
    pdu = make_pdu(_module("pysnmp.proto.api.v2c"), request_id, asked)
    scoped = _module("pysnmp.proto.mpmod.rfc3412").ScopedPDU()
    scoped["contextEngineId"] = engine_id
    scoped["contextName"] = context
    scoped.setComponentByName("data")["data"].setComponentByType(
        pdu.tagSet, pdu, verifyConstraints=False, matchTags=False, matchConstraints=False
    )
    return _encoded(scoped)


def sealed(envelope: Envelope, scoped: bytes, *, encrypted: bool) -> bytes:
    """Return the message around an encoded ScopedPDU, or around an encrypted one; its digest is zero octets as yet."""
    whole = _module("pysnmp.proto.mpmod.rfc3412").SNMPv3Message()
    whole["msgVersion"] = _VERSION_3
    header = whole.setComponentByName("msgGlobalData")["msgGlobalData"]
    header["msgID"] = envelope.message_id
    header["msgMaxSize"] = MAX_SIZE
    header["msgFlags"] = bytes((envelope.flags,))
    header["msgSecurityModel"] = _USM
    whole["msgSecurityParameters"] = _security(envelope)
    data = whole.setComponentByName("msgData")["msgData"]
    if encrypted:
        data["encryptedPDU"] = scoped
    else:
        data["plaintext"] = _decoded(scoped)
    return _encoded(whole)


def _security(envelope: Envelope) -> bytes:
    parameters = _module("pysnmp.proto.secmod.rfc3414.service").UsmSecurityParameters()
    parameters["msgAuthoritativeEngineId"] = envelope.engine_id
    parameters["msgAuthoritativeEngineBoots"] = envelope.boots
    parameters["msgAuthoritativeEngineTime"] = envelope.seconds
    parameters["msgUserName"] = envelope.user
    parameters["msgAuthenticationParameters"] = bytes(envelope.digest_octets)
    parameters["msgPrivacyParameters"] = envelope.salt
    return _encoded(parameters)


def _encoded(value: Any) -> bytes:
    return bytes(_module("pyasn1.codec.ber.encoder").encode(value))


def _decoded(scoped: bytes) -> Any:
    specification = _module("pysnmp.proto.mpmod.rfc3412").ScopedPDU()
    return _module("pyasn1.codec.ber.decoder").decode(scoped, asn1Spec=specification)[0]


@cache
def _module(name: str) -> Any:
    import_module("pysnmp.proto.secmod.rfc3414.service")  # first, because its modules import each other
    return import_module(name)
