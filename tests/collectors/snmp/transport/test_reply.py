"""The lenient reader and the look-out for misread values: whatever the bytes, and value by value."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.demo import ber
from agent.demo.ber import Request
from collectors.snmp.oid import Value
from collectors.snmp.transport.reply import Mark, Reply, read_reply
from collectors.snmp.transport.status import understood
from collectors.snmp.transport.suspicious import suspicious
from tests.harness.snmp_agent import encode, numbers, varbind

NAME = "1.3.6.1.2.1.1.3.0"
ASKED = Request(ber.V2C, b"public", ber.GET, 77, 0, 0, ())


def answer(*values: bytes, name: str = NAME) -> bytes:
    return ber.response(ASKED, [varbind(name, value) for value in values])


def read(value: str) -> Value | Mark:
    """The value that an encoding, in hexadecimal, is read as."""
    ((name, found),) = read_reply(answer(bytes.fromhex(value))).rows
    assert name == NAME
    return found


ENCODINGS: list[tuple[str, Value | Mark]] = [
    ("41 04 ffffffff", 4294967295),
    ("41 04 80000000", 1 << 31),
    ("41 05 00ffffffff", 4294967295),
    ("41 01 ff", 255),
    ("42 01 ff", 255),
    ("42 02 80e8", 33000),
    ("43 04 ffffffff", 4294967295),
    ("46 08 ffffffffffffffff", (1 << 64) - 1),
    ("46 08 ffffffffffffeb0c", 18446744073709546252),
    ("46 09 00ffffffffffffffff", (1 << 64) - 1),
    ("47 04 ffffffff", 4294967295),
    ("02 01 ff", -1),
]
"""F19: without the leading zero, negative, or as they should be."""
INVALID = [
    "02 00",
    "41 00",
    "42 00",
    "43 00",
    "46 00",
    "02 14 7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f",
    "41 09 ffffffffffffffffff",
    "41 05 0102030405",
    "46 09 01ffffffffffffffff",
    "40 03 010203",
    "40 05 0102030405",
    "40 00",
]
"""F20, F28: no value of its type."""


@pytest.mark.parametrize(("encoding", "value"), ENCODINGS)
def test_f19_numbers_are_read_unsigned(encoding: str, value: Value) -> None:
    assert read(encoding) == value
    assert not suspicious(answer(bytes.fromhex(encoding))), "the fast engine reads it right"


@pytest.mark.parametrize("encoding", INVALID)
def test_f20_f28_a_value_that_is_none_is_marked_and_only_that_one(encoding: str) -> None:
    good = encode(7)
    datagram = answer(good, bytes.fromhex(encoding), good)
    assert [value for _, value in read_reply(datagram).rows] == [7, Mark.INVALID, 7]
    assert suspicious(datagram)


@pytest.mark.parametrize(
    ("encoding", "value"),
    [
        ("0500", None),
        ("8000", Mark.NO_SUCH_OBJECT),
        ("8100", Mark.NO_SUCH_INSTANCE),
        ("8200", Mark.END_OF_MIB_VIEW),
        ("44 07 9f780441b80000", bytes.fromhex("9f780441b80000")),
        ("40 04 c0000201", "192.0.2.1"),
        ("06 03 2b0601", "1.3.6.1"),
        ("06 00", Mark.INVALID),
        ("06 07 2b8fffffffffff", Mark.INVALID),
        ("0101ff", Mark.INVALID),
        ("04 81 03 616263", b"abc"),
    ],
)
def test_f27_each_type_is_told_apart(encoding: str, value: Value | Mark) -> None:
    assert read(encoding) == value


@pytest.mark.parametrize(
    "name", ["1.3.6.1.4.1.99999.1.4294967295", "2.100.3", "0.39.1", "1.3." + ".".join(["1"] * 100)]
)
def test_names_of_every_shape_are_read_and_looked_behind(name: str) -> None:
    assert read_reply(answer(encode(1), name=name)).rows == ((name, 1),)
    assert suspicious(answer(b"\x02\x00", name=name))
    assert not suspicious(answer(encode(1), name=name))


def test_a_name_that_is_none_costs_only_its_row() -> None:
    bad = ber.tlv(ber.SEQUENCE, b"\x06\x01\x80" + encode(1))
    rows = read_reply(ber.response(ASKED, [bad, varbind(NAME, encode(2))])).rows
    assert rows == (("", Mark.INVALID), (NAME, 2))


def test_long_forms_of_length_hide_nothing() -> None:
    inner = b"\x06\x81\x08" + ber.oid(numbers(NAME))[2:] + b"\x43\x00"
    for length in (b"\x81\x0e", b"\x82\x00\x0d", b"\x83\x00\x00\x0d", b"\x84\x00\x00\x00\x0d"):
        assert suspicious(b"\x30" + length + inner)


def test_the_frame_is_read_whole() -> None:
    reply = read_reply(ber.response(ASKED._replace(version=ber.V1), [varbind(NAME, b"\x05\x00")], 2, 1))
    assert reply == Reply(0, 77, 2, 1, ((NAME, None),), b"public")


@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(datagram: bytes) -> None:
    understood(datagram)  # only ValueError is caught there
    suspicious(datagram)


@given(st.binary(min_size=1, max_size=60), st.integers(0, 20))
def test_any_bytes_in_the_place_of_the_rows_are_read_or_refused(rows: bytes, cut: int) -> None:
    whole = ber.response(ASKED, [rows])
    understood(whole)
    understood(whole[: len(whole) - cut])


@given(st.lists(st.sampled_from([encode(-5), encode("text"), b"\x05\x00", b"\x40\x03abc", b"\x46\x00"]), max_size=6))
def test_every_truncation_is_refused_as_cut_short(values: list[bytes]) -> None:
    datagram = answer(*values)
    assert len(read_reply(datagram).rows) == len(values)
    for size in range(len(datagram)):
        with pytest.raises(ValueError, match=r"."):
            read_reply(datagram[:size])


@given(
    st.lists(
        st.tuples(
            st.lists(st.integers(0, (1 << 32) - 1), max_size=12),
            st.sampled_from(
                [b"\x02\x01\x05", b"\x04\x03\x02\x00\x30", b"\x43\x02\x02\x00", b"\x40\x04\x41\x00\x41\x00"]
            ),
        ),
        max_size=20,
    )
)
def test_sound_values_are_hardly_ever_suspected(rows: list[tuple[list[int], bytes]]) -> None:
    """What is suspected is read again, so a false find costs time only; what is missed would be believed."""
    bindings = [varbind(".".join(map(str, [1, 3, *name])), value) for name, value in rows]
    if suspicious(ber.response(ASKED, bindings)):
        assert any(len(name) > 2 for name, _ in rows), "only the numbers of a name can look like a row"
    assert suspicious(ber.response(ASKED, [*bindings, varbind(NAME, b"\x43\x00")]))
