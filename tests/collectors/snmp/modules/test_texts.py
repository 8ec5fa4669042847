"""What parts of an index, octets and texts are shown as, and which numbers are read from them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collectors.snmp.modules.dates import date_and_time, ntp_timestamp, parsed_time
from collectors.snmp.modules.module import Index, RegexExtract
from collectors.snmp.modules.numbers import extract
from collectors.snmp.modules.texts import real, show, subtype, take_index
from collectors.snmp.oid import Value

INDEXES = st.lists(st.integers(0, 5), min_size=1, max_size=3).map(lambda parts: ".".join(map(str, parts)))


@pytest.mark.parametrize(
    ("index", "parts", "label", "taken"),
    [
        (Index(labelname="i"), (7, 8), "7", 1),
        (Index(labelname="i", type="EnumAsInfo", enum_values={7: "seven"}), (7,), "seven", 1),
        (Index(labelname="i", type="EnumAsInfo", enum_values={7: "seven"}), (8, 7), "8", 1),
        (Index(labelname="i", type="DisplayString"), (2, 97, 98, 9), b"ab", 3),
        (Index(labelname="i", type="DisplayString", implied=True), (97, 98), b"ab", 2),
        (Index(labelname="i", type="OctetString", fixed_size=2), (1, 255, 9), "0x01FF", 2),
        (Index(labelname="i", type="IpAddr"), (10, 0, 0, 1, 9), "10.0.0.1", 4),
        (Index(labelname="i", type="InetAddress"), (1, 4, 10, 0, 0, 1, 9), "10.0.0.1", 6),
        (Index(labelname="i", type="InetAddressMissingSize"), (1, 10, 0, 0, 1), "10.0.0.1", 5),
        (Index(labelname="i", type="InetAddress"), (16, 2, 97, 98, 9), "0x10026162", 4),
        (Index(labelname="i", type="InetAddressMissingSize"), (16, 97, 98), "0x106162", 3),
        (Index(labelname="i", type="LldpPortId"), (5, 2, 97, 98, 9), b"ab", 4),
        (Index(labelname="i", type="LldpPortId"), (3, 6, 0, 1, 2, 3, 4, 255, 9), "00:01:02:03:04:FF", 8),
        (Index(labelname="i", type="EnumAsInfo", enum_values={7: ""}), (7, 8), "", 1),
        (Index(labelname="i", type="InetAddressIPv6"), (254, 128, *[0] * 13, 1), f"FE80:{'0000:' * 6}0001", 16),
    ],
)  # fmt: skip
def test_parts_of_an_index(index: Index, parts: tuple[int, ...], label: str | bytes, taken: int) -> None:
    assert take_index(index, parts) == (label, parts[:taken], parts[taken:])


@given(st.sampled_from(["gauge", "DisplayString", "InetAddress", "InetAddressMissingSize", "PhysAddress48"]), INDEXES)
def test_any_index_gives_a_label_or_is_refused(kind: str, index: str) -> None:
    parts = tuple(map(int, index.split(".")))
    try:
        _, used, rest = take_index(Index(labelname="i", type=kind), parts)
    except ValueError:
        return
    assert (*used, *rest)[: len(parts)] == parts
    assert not any((*used, *rest)[len(parts) :])


@pytest.mark.parametrize(
    ("value", "number"),
    [
        (bytes.fromhex("9f780441b80000"), 23.0),
        (bytes.fromhex("9f7804"), None),
        (b"23,5", 23.5),
        (b"-5.0", -5.0),
        (b"N/A", None),
        (b"", None),
        (b"nan", None),
        (7, 7),
    ],
)
def test_floats(value: Value, number: float | None) -> None:
    """F21."""
    assert real(value) == number


def test_dates() -> None:
    assert date_and_time(bytes([7, 0xEA, 11, 22, 12, 30, 0, 0, 0x2B, 1, 0])) == 1795347000
    assert date_and_time(bytes([7, 0xEA, 11, 22, 11, 30, 0, 0])) == 1795347000
    assert date_and_time(bytes([7, 0xEA, 13, 22, 11, 30, 0, 0])) is None
    assert date_and_time(bytes([7, 0xEA, 11, 22, 11, 30, 60, 9])) == 1795347060  # a leap second
    assert date_and_time(bytes([7, 0xEA, 11, 22, 11, 30, 61, 0])) is None
    assert date_and_time(bytes([7, 0xEA, 11, 22, 12, 30, 0, 0, 0x3F, 1, 0])) is None
    assert date_and_time(b"?") is None
    assert ntp_timestamp(b"\xee\xad\x50\xb8\x80\x00\x00\x00") == 1795347000
    assert ntp_timestamp(b"?") is None
    assert parsed_time("2026-11-22 12:30:00 +0100", "%F %T %z") == 1795347000
    assert parsed_time("22.11.26 11:30", "%d.%m.%y %R") == 1795347000
    assert parsed_time("never", "%F") is None


def test_extract_knows_go_templates() -> None:
    assert extract([RegexExtract(regex="x", value="1"), RegexExtract(regex="(\\d)(\\d)", value="$2.${1}")], "47") == 7.4
    assert extract([RegexExtract(regex="y")], "x") is None
    assert extract([RegexExtract(regex="(?P<n>.*)x(y)?", value="${n}$2$9")], "1.5x") == 1.5
    assert extract([RegexExtract(regex=".*", value="_10"), RegexExtract(regex=".*", value=" 2")], "x") is None
    assert extract([RegexExtract(regex="(.*)")], "1_0.5_0e1_0") == 10.5e10
    assert extract([RegexExtract(regex="(.*)")], "1__0") is None
    assert extract([RegexExtract(regex="(.*)")], "0x_1.8p1_0") == 1536
    assert extract([RegexExtract(regex="(.*)")], "0x1p3") == 8
    assert extract([RegexExtract(regex="(.*)")], "Inf") is None


def test_shown_addresses() -> None:
    assert show(b"\x0a\x00\x00\x01", "InetAddressIPv4") == "10.0.0.1"
    assert show(b"\x0a\x00\x00", "InetAddressIPv4") == "10.0.0.0"
    assert show(b"", "PhysAddress48") == "00:00:00:00:00:00"
    assert show(b"\x0a\x00\x00\x01", subtype("InetAddress", 1)) == "10.0.0.1"
    assert show(b"\x0a\x00\x00\x01", subtype("InetAddress", None)) == "0x0A000001"
    assert show(b"\x9f\x78\x04\x41\xb8\x00\x00", "DisplayString") == "23"
    assert show(1e-7, "gauge") == "0.0000001"
    assert show("10.0.0.1", "IpAddr") == "10.0.0.1"
