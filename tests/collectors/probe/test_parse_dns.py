"""Reading DNS answers: against dnspython's own reader, and on bytes that mean harm."""

from __future__ import annotations

import struct

import dns.message
import pytest
from hypothesis import given
from hypothesis import strategies as st

from collectors.probe.parse import NotAnAnswerError
from collectors.probe.parse_dns import MAX_DECODED, Query, Reply, failures, make_query, read
from config.dns import DnsParams, RecordType
from tests.collectors.probe.datagrams import answer_to

TYPES: tuple[RecordType, ...] = ("A", "AAAA", "CAA", "CNAME", "MX", "NS", "PTR", "SOA", "SRV", "TXT")
RECORDS = [
    "rathaus.example. 300 IN A 192.0.2.80",
    "rathaus.example. 300 IN MX 10 mail.rathaus.example.",
    "rathaus.example. 300 IN SOA ns1.example. hostmaster.example. 7 3600 900 604800 300",
    'rathaus.example. 300 IN CAA 0 issue "ca.example; policy=ev"',
    "_ldap._tcp.rathaus.example. 300 IN SRV 0 100 389 dc1.rathaus.example.",
    'rathaus.example. 300 IN TXT "v=spf1" "\\195\\188"',
]


def query(kind: RecordType = "A") -> Query:
    return make_query(DnsParams(query="rathaus.example", type=kind))


def reply(asked: Query, counts: tuple[int, int, int], rest: bytes, flags: int = 0x8180) -> bytes:
    return struct.pack("!HHHHHH", 7, flags, 1, *counts) + asked.question + rest


def pointer(position: int) -> bytes:
    """What stands for a name that was written there already."""
    return struct.pack("!H", 0xC000 | position)


def read_or_refuse(wire: bytes, asked: Query) -> Reply | None:
    try:
        return read(wire, asked, 7)
    except NotAnAnswerError:
        return None


@given(st.sets(st.sampled_from(RECORDS)), st.sets(st.sampled_from(RECORDS)), st.sampled_from(TYPES))
def test_the_counts_are_dnspythons(answers: set[str], extra: set[str], kind: RecordType) -> None:
    asked = query(kind)
    wire = answer_to(asked.numbered(7), *answers, extra=extra).to_wire()
    peer = dns.message.from_wire(wire, one_rr_per_rrset=True)
    got = read(wire, asked, 7)
    assert (got.answers, got.authority, got.additional) == (len(peer.answer), len(peer.authority), len(peer.additional))
    assert len(got.records) == sum(f" {kind} " in record for record in answers)
    assert (got.serial == 7) == (kind == "SOA" and bool(got.records))


@given(st.text(), st.sampled_from(TYPES))
def test_any_name_is_asked_for_or_refused(text: str, kind: RecordType) -> None:
    try:
        wire = make_query(DnsParams(query=text, type=kind)).numbered(7)
    except ValueError:  # pydantic's is one
        return
    assert dns.message.from_wire(wire).question[0].rdtype.name == kind


@given(st.binary(max_size=600))
def test_any_bytes(wire: bytes) -> None:
    read_or_refuse(wire, query())


@given(
    st.sampled_from(TYPES),
    st.tuples(*[st.integers(0, 0xFFFF)] * 3),
    st.lists(st.binary(max_size=80) | st.integers(0, 200).map(pointer)),
)
def test_any_records_after_the_right_question(
    kind: RecordType, counts: tuple[int, int, int], rest: list[bytes]
) -> None:
    read_or_refuse(reply(query(kind), counts, b"".join(rest)), query(kind))


@given(st.sampled_from(TYPES), st.binary(max_size=120), st.integers(0, 40))
def test_any_data_of_a_record(kind: RecordType, data: bytes, lie: int) -> None:
    asked = query(kind)
    head = b"\xc0\x0c" + struct.pack("!HHIH", asked.kind, 1, 60, max(0, len(data) - lie))
    got = read_or_refuse(reply(asked, (1, 0, 0), head + data), asked)
    assert got is None or len(got.records) == 1


@given(st.sets(st.sampled_from(RECORDS), min_size=1), st.sampled_from(TYPES), st.data())
def test_any_byte_of_a_good_answer_changed(answers: set[str], kind: RecordType, data: st.DataObject) -> None:
    asked = query(kind)
    wire = bytearray(answer_to(asked.numbered(7), *answers).to_wire())
    for _ in range(3):
        wire[data.draw(st.integers(0, len(wire) - 1))] = data.draw(st.integers(0, 255))
    read_or_refuse(bytes(wire), asked)


@pytest.mark.parametrize("step", [0, 2])
def test_a_name_that_points_to_itself(step: int) -> None:
    asked = query("CNAME")
    at = 12 + len(asked.question) + 12  # where the data of the first record begins
    looped = b"\xc0\x0c" + struct.pack("!HHIH", 5, 1, 60, 4) + pointer(at + step) + pointer(at)
    assert read_or_refuse(reply(asked, (1, 0, 0), looped), asked) is None


def test_a_long_answer_is_walked_over_not_decoded() -> None:
    asked = query()
    count = 1000
    one = b"\xc0\x0c" + struct.pack("!HHIH", 1, 1, 60, 4) + b"\xc0\x00\x02\x01"
    got = read(reply(asked, (count, 0, 0), one * count), asked, 7)
    assert (got.answers, len(got.records)) == (count, MAX_DECODED)


def test_an_answer_in_another_case_is_ours() -> None:
    asked = query()
    wire = answer_to(asked.numbered(7)).to_wire().replace(b"rathaus", b"RatHaus")
    assert read(wire, asked, 7).rcode == "NOERROR"


def test_a_code_without_a_name_is_a_number() -> None:
    got = read(reply(query(), (0, 0, 0), b"", flags=0x8189), query(), 7)
    assert failures(got, DnsParams(query="rathaus.example")) == {"rcode": "response code 9, not NOERROR"}
