from __future__ import annotations

import asyncio
import importlib
from typing import Any

import pytest
from gufo.snmp.aio import SnmpSession
from hypothesis import given
from hypothesis import strategies as st

from agent.demo import ber
from agent.demo.snmp_agent import MAX_REPLY, AgentProtocol, Table, answer

v2c: Any = importlib.import_module("pysnmp.proto.api.v2c")
v1: Any = importlib.import_module("pysnmp.proto.api.v1")
decoder: Any = importlib.import_module("pyasn1.codec.ber.decoder")
encoder: Any = importlib.import_module("pyasn1.codec.ber.encoder")

BASE: ber.Oid = (1, 3, 6, 1, 4, 1, 99)
TABLE: Table[int] = Table(
    [
        ((*BASE, 2, 0), ber.octets("second")),
        ((*BASE, 1, 0), lambda state: ber.integer(state)),
        *(((*BASE, 3, row), ber.integer(row, ber.COUNTER64)) for row in range(1, 201)),
        ((*BASE, 4, 0), ber.octets("last")),
    ]
)
STATE = 42


def ask(kind: str, *names: ber.Oid, repetitions: int = 0, community: str = "public", api: Any = v2c) -> Any:
    """The response PDU, or None where the agent keeps silent."""
    message, pdu = api.Message(), getattr(api, kind)()
    api.apiMessage.set_defaults(message)
    api.apiMessage.set_community(message, community)
    bulk = kind == "GetBulkRequestPDU"
    (api.apiBulkPDU if bulk else api.apiPDU).set_defaults(pdu)
    api.apiPDU.set_varbinds(pdu, [(name, api.null) for name in names])
    if bulk:
        api.apiBulkPDU.set_non_repeaters(pdu, 0)
        api.apiBulkPDU.set_max_repetitions(pdu, repetitions)
    api.apiMessage.set_pdu(message, pdu)
    reply = answer(bytes(encoder.encode(message)), TABLE, b"public", STATE)
    if reply is None:
        return None
    assert len(reply) <= MAX_REPLY
    response, rest = decoder.decode(reply, asn1Spec=api.Message())
    assert not rest
    assert api.apiPDU.get_request_id(api.apiMessage.get_pdu(response)) == api.apiPDU.get_request_id(pdu)
    return api.apiMessage.get_pdu(response)


def varbinds(pdu: Any, api: Any = v2c) -> list[tuple[ber.Oid, Any]]:
    return [(tuple(name), value) for name, value in api.apiPDU.get_varbinds(pdu)]


def test_get_reads_constants_and_the_state() -> None:
    (_, text), (_, number) = varbinds(ask("GetRequestPDU", (*BASE, 2, 0), (*BASE, 1, 0)))
    assert bytes(text) == b"second"
    assert int(number) == STATE


def test_get_of_what_is_not_there() -> None:
    ((name, value),) = varbinds(ask("GetRequestPDU", (*BASE, 9)))
    assert name == (*BASE, 9)
    assert value.tagSet == v2c.NoSuchInstance().tagSet


def test_getnext_walks_every_object_once_in_order_and_then_ends() -> None:
    seen: list[ber.Oid] = []
    at: ber.Oid = (1, 3)
    while True:
        ((name, value),) = varbinds(ask("GetNextRequestPDU", at))
        if value.tagSet == v2c.EndOfMibView().tagSet:
            break
        assert name > at
        seen.append(name)
        at = name
    assert seen == TABLE.oids


@given(repetitions=st.integers(0, 2**31 - 1), start=st.sampled_from([(1, 3), *TABLE.oids]))
def test_getbulk_gives_what_follows_and_never_more_than_a_frame(repetitions: int, start: ber.Oid) -> None:
    got = varbinds(ask("GetBulkRequestPDU", start, repetitions=repetitions))
    names = [name for name, value in got if value.tagSet != v2c.EndOfMibView().tagSet]
    index = TABLE.after(start)
    expected = [] if index is None else TABLE.oids[index : index + len(names)]
    assert names == expected
    assert len(got) <= repetitions
    assert got or not repetitions


def test_getbulk_of_several_columns_goes_row_by_row() -> None:
    got = varbinds(ask("GetBulkRequestPDU", (*BASE, 3), (*BASE, 2), repetitions=2))
    assert [name for name, _ in got] == [(*BASE, 3, 1), (*BASE, 2, 0), (*BASE, 3, 2), (*BASE, 3, 1)]


def test_a_wrong_community_meets_silence() -> None:
    assert ask("GetRequestPDU", (*BASE, 1, 0), community="private") is None


def test_snmp_v1_never_sees_a_counter64_and_ends_with_no_such_name() -> None:
    ((name, _),) = varbinds(ask("GetNextRequestPDU", (*BASE, 2, 0), api=v1), v1)
    assert name == (*BASE, 4, 0)
    pdu = ask("GetNextRequestPDU", (*BASE, 4, 0), api=v1)
    assert (int(v1.apiPDU.get_error_status(pdu)), int(v1.apiPDU.get_error_index(pdu))) == (2, 1)


async def test_while_nothing_gets_through_to_it_a_device_is_silent() -> None:
    state: list[int | None] = [None]
    agent = AgentProtocol(TABLE, b"public", lambda: state[0])
    loop = asyncio.get_running_loop()
    transport, _ = await loop.create_datagram_endpoint(lambda: agent, ("127.0.0.1", 0))
    host, port = transport.get_extra_info("sockname")
    try:
        async with SnmpSession(host, port=port, community="public", timeout=0.2) as client:
            with pytest.raises(TimeoutError):
                await client.get(".".join(map(str, (*BASE, 1, 0))))
            state[0] = STATE
            assert await client.get(".".join(map(str, (*BASE, 1, 0)))) == STATE
    finally:
        transport.close()


@pytest.mark.parametrize("datagram", [b"", b"\x30", b"\x30\x80", b"\x30\x84\xff\xff\xff\xff", b"\xa0" * 2000])
def test_noise_meets_silence(datagram: bytes) -> None:
    assert answer(datagram, TABLE, b"public", STATE) is None
