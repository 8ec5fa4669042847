from __future__ import annotations

import contextlib
import importlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.demo import ber

# The other side of every assertion: pysnmp's own codec.
v2c: Any = importlib.import_module("pysnmp.proto.api.v2c")
codec: Any = importlib.import_module("pyasn1.codec.ber.decoder")
encoder: Any = importlib.import_module("pyasn1.codec.ber.encoder")

oids = st.tuples(st.integers(0, 1), st.integers(0, 39), *[st.integers(0, 2**32 - 1)] * 2) | st.lists(
    st.integers(0, 2**32 - 1), max_size=20
).map(lambda arcs: (1, 3, 6, *arcs))


def request_bytes(kind: str, names: list[ber.Oid], community: str = "public", repetitions: int = 7) -> bytes:
    message, pdu = v2c.Message(), getattr(v2c, kind)()
    v2c.apiMessage.set_defaults(message)
    v2c.apiMessage.set_community(message, community)
    bulk = kind == "GetBulkRequestPDU"
    (v2c.apiBulkPDU if bulk else v2c.apiPDU).set_defaults(pdu)
    v2c.apiPDU.set_varbinds(pdu, [(name, v2c.null) for name in names])
    if bulk:
        v2c.apiBulkPDU.set_non_repeaters(pdu, 1)
        v2c.apiBulkPDU.set_max_repetitions(pdu, repetitions)
    v2c.apiMessage.set_pdu(message, pdu)
    return bytes(encoder.encode(message))


def decoded(reply: bytes) -> list[tuple[ber.Oid, Any]]:
    message, rest = codec.decode(reply, asn1Spec=v2c.Message())
    assert not rest
    pdu = v2c.apiMessage.get_pdu(message)
    return [(tuple(name), value) for name, value in v2c.apiPDU.get_varbinds(pdu)]


@given(names=st.lists(oids, min_size=1, max_size=5))
def test_a_request_of_pysnmp_is_read(names: list[ber.Oid]) -> None:
    request = ber.parse_request(request_bytes("GetBulkRequestPDU", names))
    assert request.oids == tuple(names)
    assert (request.version, request.community, request.kind) == (ber.V2C, b"public", ber.GET_BULK)
    assert (request.first, request.second) == (1, 7)


@given(
    name=oids,
    number=st.integers(-(2**31), 2**31 - 1),
    counter=st.integers(0, 2**64 - 1),
    text=st.binary(max_size=400),
)
def test_a_response_is_read_by_pysnmp(name: ber.Oid, number: int, counter: int, text: bytes) -> None:
    request = ber.parse_request(request_bytes("GetRequestPDU", [name]))
    values = [
        ber.integer(number),
        ber.integer(counter, ber.COUNTER64),
        ber.integer(counter % 2**32, ber.COUNTER32),
        ber.integer(counter % 2**32, ber.GAUGE32),
        ber.integer(counter % 2**32, ber.TIMETICKS),
        ber.octets(text),
        ber.oid(name),
    ]
    reply = ber.response(request, [ber.tlv(ber.SEQUENCE, ber.oid(name) + value) for value in values])
    read = decoded(reply)
    assert [oid for oid, _ in read] == [name] * len(values)
    kinds = ["Integer", "Counter64", "Counter32", "Gauge32", "TimeTicks", "OctetString", "ObjectIdentifier"]
    assert [type(value).__name__.removesuffix("32") for _, value in read] == [kind.removesuffix("32") for kind in kinds]
    assert [int(value) for _, value in read[:5]] == [number, counter, *[counter % 2**32] * 3]
    assert bytes(read[5][1]) == text
    assert tuple(read[6][1]) == name


@given(datagram=st.binary(max_size=200))
def test_noise_is_refused_and_nothing_else_happens(datagram: bytes) -> None:
    with pytest.raises(ber.BadMessage):
        ber.parse_request(datagram)


@given(cut=st.integers(0, 60), junk=st.integers(0, 255), at=st.integers(0, 60))
def test_a_damaged_request_is_refused_or_read(cut: int, junk: int, at: int) -> None:
    datagram = bytearray(request_bytes("GetRequestPDU", [(1, 3, 6, 1, 2, 1, 1, 1, 0)]))
    datagram[at % len(datagram)] = junk
    with contextlib.suppress(ber.BadMessage):
        ber.parse_request(bytes(datagram[: len(datagram) - cut]))
