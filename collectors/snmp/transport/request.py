"""Requests of v1 and v2c as bytes, by pysnmp's codec: numeric OIDs only, no MIB is ever read. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from collectors.snmp.oid import parts
from collectors.snmp.transport.exchange import Kind


class Asked(NamedTuple):
    """What a request asks for; equal ones are the same question."""

    kind: Kind
    oids: tuple[str, ...]
    repetitions: int


Encode = Callable[[str, bytes, int, Asked], bytes]
"""Version (``1``, ``2c``), community, request-id and question to a datagram."""


def load_codec() -> Encode:
    """Return the encoder; importing pysnmp's takes some 50 ms the first time, so call it in a thread."""
    from pyasn1.codec.ber import encoder
    from pysnmp.proto.api import v1, v2c

    codec: Any = encoder

    def encode(version: str, community: bytes, request_id: int, asked: Asked) -> bytes:
        api: Any = v1 if version == "1" else v2c
        message = api.Message()
        api.apiMessage.set_defaults(message)
        api.apiMessage.set_community(message, community)
        api.apiMessage.set_pdu(message, make_pdu(api, request_id, asked))
        return bytes(codec.encode(message))

    return encode


def make_pdu(api: Any, request_id: int, asked: Asked) -> Any:
    """Return pysnmp's PDU of a question; ``api`` is its module of the version (v3: v2c's)."""
    kinds = {"get": "GetRequestPDU", "next": "GetNextRequestPDU", "bulk": "GetBulkRequestPDU"}
    pdu = getattr(api, kinds[asked.kind])()
    functions = api.apiBulkPDU if asked.kind == "bulk" else api.apiPDU
    functions.set_defaults(pdu)
    functions.set_request_id(pdu, request_id)
    if asked.kind == "bulk":
        functions.set_non_repeaters(pdu, 0)
        functions.set_max_repetitions(pdu, asked.repetitions)
    functions.set_varbinds(pdu, _names(api, asked.oids))
    return pdu


def _names(api: Any, oids: Sequence[str]) -> list[tuple[tuple[int, ...], Any]]:
    return [(parts(oid), api.Null("")) for oid in oids]
