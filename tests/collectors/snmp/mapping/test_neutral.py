"""What a profile's entries make of a device's objects: values, rows, labels, states, registers."""

from __future__ import annotations

from math import inf

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collectors.snmp.mapping.convert import reading
from collectors.snmp.oid import Value
from tests.collectors.snmp.mapping.mapping import Mapping, entry

KEY = "hardware_temperature_celsius"


def values(text: str, *raw: Value) -> list[float | None]:
    """What the entry makes of each raw value."""
    return [entry(text).of({"1.0": one}).get(f"{KEY} ") for one in raw]


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        (7, 7),
        (-4.5, -4.5),
        (b"-45.3 dBm", -45.3),
        (b"  23,5", 23.5),
        (b"35 C/95 F", 35),
        (b"+12V\0\0", 12),
        (b"99%", 99),
        (b"\x9f\x78\x04\x41\xb8\x00\x00", 23),
        (b"invalid", None),
        (b"", None),
        (b"-", None),
        (b"10:30:00", None),
        (b"1.2.3", None),
        (b"1,234.5", None),
        (b"192.0.2.7", None),
        (b"12345678901234567890", None),
        (b"1e2", 100),
        (b"1e999", None),
        (None, None),
        ("1.3.6.1", None),
        (float("nan"), None),
        (inf, None),
    ],
)
def test_texts_count_as_the_number_they_begin_with(raw: Value, value: float | None) -> None:
    assert values("", raw) == [value]


@given(st.binary(max_size=40))
def test_any_octets_are_a_number_or_nothing(raw: bytes) -> None:
    found = reading(raw)
    assert found is None or abs(found) < inf


def test_scale_and_offset() -> None:
    assert values("scale: 0.1, offset: -100", 2315, b"1000 x") == [131.5, 0]


def test_sentinels_are_raw_and_bounds_are_results() -> None:
    text = "scale: 0.1, absent: [32767, -1, n/a, 0], between: [-40, 125]"
    assert values(text, 32767, b"32767", b"-1", b"n/a", b" n/a ", 0, 1251, 1250, -400, -401) == [
        *(None for _ in range(7)),
        125,
        -40,
        None,
    ]


def test_maps_name_numbers_and_texts() -> None:
    text = "map: {1: 1, 2: 0, ok: 1, '1.3.6.1.9': 0.5}, absent: [ko]"
    assert values(text, 1, 2, 3, b"ok", b"OK", b"2", b"1 (up)", "1.3.6.1.9", None) == [
        1,
        0,
        None,
        1,
        None,
        0,
        1,
        0.5,
        None,
    ]


def test_a_mapped_value_may_be_what_is_a_sentinel_when_raw() -> None:
    assert values("map: {1: 0, 0: 5}, absent: [0]", 0, 1) == [None, 0]


def test_above() -> None:
    assert values("above: 10", 10, 11, b"12 A", b"none") == [0, 1, 1, None]


def test_milliwatts_become_dbm() -> None:
    assert values("scale: 0.001, log: true", 1000, 10, 0, -5) == [0, -20, None, None]


def test_a_column_scales_each_row() -> None:
    found = entry("scale_column: $.2, labels: {part: {part: 0}}").of(
        {"1.1": 2315, "1.2": 7, "1.3": 5, "1.4": 6, "2.1": -100, "2.2": 10, "2.3": 0}
    )
    assert found == {f"{KEY} 1": 23.15, f"{KEY} 2": 70, f"{KEY} 3": 5}, "the fourth row has no scale"


def test_powers_scale_as_entity_sensors_do() -> None:
    """As in RFC 3433: entPhySensorScale units(9), milli(8); entPhySensorPrecision decimals."""
    powers = "[{column: $.2, base: 1000, offset: -9}, {column: $.3, base: 0.1}]"
    text = f"powers: {powers}, labels: {{part: {{part: 0}}}}, offset: 1"
    rows: dict[str, Value] = {"1.1": 235, "1.2": 23500, "1.3": 5, "1.4": 5}
    rows |= {"2.1": 9, "2.2": 8, "2.4": 9000, "3.1": 1, "3.2": 0, "3.3": 0, "3.4": 0}
    assert entry(text).of(rows) == {f"{KEY} 1": 24.5, f"{KEY} 2": 24.5}


def test_conditions_choose_rows() -> None:
    rows: dict[str, Value] = {"1.1.1": 11, "1.1.2": 12, "1.2.1": 21, "1.2.2": 22}
    rows |= {"2.1.1": b"air", "2.1.2": b"water", "2.2.1": b"air", "3.1": 1, "3.2": 2}
    by_index = "labels: {part: {index: dotted}}, where: "
    chosen = {
        "{column: $.2, match: ^air$}": {"1.1", "2.1"},
        "{column: $.2, match: ^air$, not: true}": {"1.2"},
        "{column: $.2, match: ^air$, missing: true}": {"1.1", "2.1", "2.2"},
        "{column: $.2, match: ^air$, not: true, missing: true}": {"1.2", "2.2"},
        "{column: $.3, first: 1, match: ^2$}": {"2.1", "2.2"},
        "{column: $.3, parts: [1], match: ^2$}": {"1.2", "2.2"},
        "{column: $.3, parts: [4], match: .}": set[str](),
        "{index: '^1\\.'}": {"1.1", "1.2"},
        "{index: '^1\\.', not: true}": {"2.1", "2.2"},
        "[{index: '^1'}, {column: $.2, match: a}]": {"1.1", "1.2"},
        "[{index: '^1'}, {column: $.2, match: w}]": {"1.2"},
    }
    for where, expected in chosen.items():
        assert {key.split()[-1] for key in entry(by_index + where).of(rows)} == expected, where


def test_a_scalar_chooses_rows() -> None:
    on_battery = entry("where: {column: $.9, first: 0, match: ^2$}, labels: {part: {part: 0}}")
    assert on_battery.of({"1.4": 5, "9.0": 2}) == {f"{KEY} 4": 5}
    assert on_battery.of({"1.4": 5, "9.0": 3}) == {}


LABELS: dict[str, list[str | None]] = {
    "{column: $.2}": ["", "row b", None],
    "{column: $.2, else: none}": ["none", "row b", "none"],
    "{column: $.2, else: {index: dotted}}": ["1.7", "row b", "3.7"],
    "{column: $.2, else: [slot, {part: 0}]}": ["slot 1", "row b", "slot 3"],
    "{column: $.3, first: 1}": [None, "x", "y"],
    "{column: $.3, parts: [1]}": ["z", "z", "z"],
    "{column: $.3, via: $.4}": ["x", None, "y"],
    "{column: $.4, map: {2: east, 3: west}}": ["east", None, "west"],
    "{column: $.4, map: {2: east}, else: other}": ["east", "other", "other"],
    "[fan, {part: -1}]": ["fan 7", "fan 7", "fan 7"],
    "{part: 2}": [None, None, None],
    "{part: 0, map: {1: A}}": ["A", None, None],
    "{ordinal: $.2, match: row}": [None, "1", None],
    "{ordinal: $.2, match: nothing, fallback: $.4}": ["1", None, "2"],
    "{ordinal: $.3, first: 1}": [None, "1", "2"],
    "tx": ["tx", "tx", "tx"],
}


@pytest.mark.parametrize("source", LABELS)
def test_labels(source: str) -> None:
    columns: dict[str, Value] = {"2.1.7": b" ", "2.2.7": b"row b\0", "3.2": b"x", "3.3": b"y", "3.7": b"z"}
    columns |= {"4.1.7": 2, "4.3.7": 3}
    found = [set(entry(f"labels: {{part: {source}}}").of({f"1.{row}.7": row} | columns)) for row in (1, 2, 3)]
    assert found == [{f"{KEY} {label}"} if label is not None else set[str]() for label in LABELS[source]]


@pytest.mark.parametrize(
    ("kind", "index", "label"),
    [
        ("text", "3.97.98.99", "abc"),
        ("text", "97.98.99", "abc"),
        ("text", "300", None),
        ("mac", "0.17.34.171.205.239", "00:11:22:AB:CD:EF"),
        ("mac", "6.0.17.34.171.205.239", "00:11:22:AB:CD:EF"),
        ("mac", "5.0.94.16.0.9", "05:00:5E:10:00:09"),
        ("ipv4", "192.0.2.7.5", "192.0.2.7"),
        ("ipv4", "192.0.2", None),
        ("ipv4", "192.0.2.777", None),
        ("dotted", "3.97", "3.97"),
    ],
)
def test_an_index_is_a_label(kind: str, index: str, label: str | None) -> None:
    found = entry(f"labels: {{part: {{index: {kind}}}}}").of({f"1.{index}": 1})
    assert found == ({} if label is None else {f"{KEY} {label}": 1})


def test_a_part_of_an_index_is_decoded() -> None:
    found = entry("labels: {part: {index: mac, first: 6}}").of({"1.6.0.94.16.0.9.1": 1})
    assert found == {f"{KEY} 06:00:5E:10:00:09": 1}
    assert entry("labels: {part: {index: dotted, parts: [1, 9]}}").of({"1.7.8": 1}) == {}


def test_groups_of_the_first_condition() -> None:
    text = "where: {column: $.2, match: '^(\\w+)\\.Value$'}, labels: {part: [{group: 1}, {group: 9}]}"
    assert entry(text).of({"1.1": 5, "1.2": 6, "2.1": b"Fan.Value", "2.2": b"Fan.Set"}) == {f"{KEY} Fan": 5}


def test_the_profiles_labels_serve_entries_that_have_none() -> None:
    text = "labels: {part: {part: 0}}\nneutral:\n"
    text += "- {family: ringwacht_hardware_temperature_celsius, oid: $.1}\n"
    text += "- {family: ringwacht_hardware_ok, oid: $.1, map: {5: 1}, labels: {part: whole}}\n"
    assert Mapping(text).of({"1.3": 5}) == {f"{KEY} 3": 5, "hardware_ok whole": 1}


def test_a_room_is_the_devices() -> None:
    text = "neutral: [{family: ringwacht_sensor_leak, oid: $.1, labels: {sensor: {part: 0}}}]"
    assert Mapping(text, room="keller").of({"1.1": 0}) == {"sensor_leak keller 1": 0}


@pytest.mark.parametrize(("how", "value"), [("max", 30), ("min", 10), ("sum", 60), ("count", 3)])
def test_rows_of_equal_labels_become_one(how: str, value: float) -> None:
    rows: dict[str, Value] = {"1.1": 10, "1.2": 30, "1.3": 20, "1.4": b"n/a"}
    assert entry(f"reduce: {how}").of(rows) == {f"{KEY} ": value}
    by_unit = entry(f"reduce: {how}, labels: {{part: {{part: 0}}}}").of({"1.1.1": 10, "1.1.2": 10, "1.2.1": 5})
    assert by_unit == {f"{KEY} 1": {"sum": 20, "count": 2}.get(how, 10), f"{KEY} 2": {"count": 1}.get(how, 5)}


UP = "where: {column: $.1, match: ^1$}, reduce: count"
TUNNELS = f"neutral: [{{family: ringwacht_vpn_tunnels_up, oid: $.1, {UP}}}]"


def test_no_row_that_counts_is_nought_and_no_column_is_nothing() -> None:
    tunnels = Mapping(TUNNELS)
    assert tunnels.of({"1.1": 1, "1.2": 1, "1.3": 2}) == {"vpn_tunnels_up": 2}
    assert tunnels.of({"1.1": 2, "1.2": 2, "1.3": 2}) == {"vpn_tunnels_up": 0}
    assert tunnels.of({"2.1": 2}) == {}
    assert entry("reduce: sum, where: {index: ^9}").of({"1.1": 2}) == {}


STATES = (
    "neutral: [{family: ringwacht_ring_protocol_state, oid: $.1, labels: {ring_port: {part: 0}}, "
    "states: {1: disabled, 2: blocking, 5: forwarding, 6: disabled, idle: idle}}]"
)


def test_states() -> None:
    found = Mapping(STATES).of({"1.7": 2, "1.8": 6, "1.9": 4, "1.10": b"idle"})
    assert {key for key, value in found.items() if value} == {
        "ring_protocol_state 7 blocking",
        "ring_protocol_state 8 disabled",
        "ring_protocol_state 10 idle",
    }
    assert len(found) == 12  # the row with an unknown state has none


def test_bits() -> None:
    bits = "{0: lowPaper, 1: noPaper, 9: doorOpen, 10: doorOpen}"
    text = f"neutral: [{{family: ringwacht_printer_error, oid: $.1, bits: {bits}}}]"
    assert Mapping(text).of({"1.1": b"\x40\x20"}) == {
        "printer_error lowPaper": 0,
        "printer_error noPaper": 1,
        "printer_error doorOpen": 1,
    }
    assert set(Mapping(text).of({"1.1": b""}).values()) == {0}
    assert Mapping(text).of({"1.1": 64}) == {}


def test_the_first_entry_with_a_value_wins() -> None:
    text = "neutral:\n- {family: ringwacht_ups_on_battery, oid: $.1, map: {3: 0, 5: 1}}\n"
    text += "- {family: ringwacht_ups_on_battery, oid: $.2, above: 0}\n"
    mapping = Mapping(text)
    assert mapping.of({"1.0": 3, "2.0": 60}) == {"ups_on_battery": 0}
    assert mapping.of({"1.0": 1, "2.0": 60}) == {"ups_on_battery": 1}
    assert mapping.of({"2.0": 0}) == {"ups_on_battery": 0}


def test_what_could_not_be_read_is_not_taken_from_elsewhere() -> None:
    """The later entry is for devices without the object; one that failed to tell has no value in this poll."""
    text = "neutral:\n- {family: ringwacht_ups_on_battery, oid: $.1, map: {3: 0, 5: 1}}\n"
    text += "- {family: ringwacht_ups_on_battery, oid: $.2, above: 0}\n- {family: ringwacht_ups_load_ratio, oid: $.3}\n"
    assert Mapping(text).of({"2.0": 60, "3.0": 1}, failed=("1",)) == {"ups_load_ratio": 1}


def test_the_layout_stays_though_other_rows_count() -> None:
    mapping = Mapping(TUNNELS)
    first = mapping.harvest({"1.1": 1, "1.2": 1})
    second = mapping.harvest({"1.1": 1, "1.2": 2})
    assert (first.values, second.values) == ([2], [1])
    assert second.layout is first.layout


def test_the_layout_stays_while_only_values_change() -> None:
    text = "labels: {part: {column: $.2}}, where: {column: $.3, match: ^1$}, scale_column: $.4"
    mapping = entry(text)
    rows: dict[str, Value] = {"1.1": 5, "1.2": 6, "2.1": b"a", "2.2": b"b", "3.1": 1, "3.2": 1, "4.1": -10, "4.2": 1}
    first = mapping.harvest(rows)
    assert mapping.harvest(rows | {"1.1": 7}).layout is first.layout
    changes: list[dict[str, Value]] = [{"2.1": b"c"}, {"3.1": 2}]
    for change in changes:
        changed = mapping.harvest(rows | change)
        assert changed.layout is not first.layout
    assert mapping.of(rows | {"4.1": 10}) == {f"{KEY} a": 50, f"{KEY} b": 6}
