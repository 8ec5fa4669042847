"""Entries that reckon with other columns: sums, quotients, numbers that wrapped, means."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from collectors.snmp.oid import Value
from tests.collectors.snmp.mapping.mapping import Mapping as Mapped
from tests.collectors.snmp.mapping.mapping import Rows, profile

FREE = "family: ringwacht_storage_free_bytes, oid: $.1, labels: {volume: {part: 0}}"


def of(keys: str, rows: Mapping[str, Value]) -> dict[str, float]:
    return Mapped(f"neutral: [{{{FREE}, {keys}}}]").of(dict(rows))


def test_free_is_size_less_used_in_the_rows_units() -> None:
    rows = {"1.1": 100, "1.2": 50, "2.1": 30, "2.2": 50, "3.1": 4096, "3.2": 1}
    keys = "plus: [{column: $.2, scale: -1}], scale_column: $.3"
    assert of(keys, rows) == {"storage_free_bytes 1": 70 * 4096, "storage_free_bytes 2": 0}


def test_a_sum_of_several_columns_is_scaled_as_a_whole() -> None:
    rows = {"1.1": 1, "2.1": 10, "3.1": 100}
    assert of("plus: [{column: $.2}, {column: $.3}], scale: 1024, offset: 1", rows) == {
        "storage_free_bytes 1": 111 * 1024 + 1
    }


def test_a_row_that_lacks_a_term_is_absent_and_the_next_entry_counts() -> None:
    text = f"neutral: [{{{FREE}, plus: [{{column: $.2}}]}}, {{{FREE}, scale: 10}}]"
    assert Mapped(text).of({"1.1": 1, "1.2": 2, "2.1": 5}) == {"storage_free_bytes 1": 6, "storage_free_bytes 2": 20}


def test_a_column_that_the_device_does_not_have() -> None:
    assert of("plus: [{column: $.2}]", {"1.1": 1}) == {}
    assert of("per: {column: $.2}", {"1.1": 1}) == {}


@pytest.mark.parametrize("whole", [0, -2, -1, b"none"])
def test_nothing_is_a_part_of_nothing(whole: Value) -> None:
    assert of("per: {column: $.2}", {"1.1": 5, "2.1": whole}) == {}


def test_what_is_left_of_a_container_that_fills() -> None:
    rows = {"1.1": 40, "1.2": -3, "2.1": 50, "2.2": 50}
    assert of("per: {column: $.2}, absent: [-3], scale: -1, offset: 1", rows) == {"storage_free_bytes 1": 0.2}


def test_numbers_that_wrapped_at_32_bits() -> None:
    rows = {"1.1": -1294967296, "1.2": 5, "2.1": -1794967296, "2.2": 1}
    assert of("unsigned: true, plus: [{column: $.2, scale: -1}]", rows) == {
        "storage_free_bytes 1": 500_000_000,
        "storage_free_bytes 2": 4,
    }
    assert of("unsigned: true", {"1.1": -(2**31) - 1}) == {}, "no wrapped number of 32 bits, and nothing has so little"


def test_a_term_of_another_row() -> None:
    rows = {"1.1": 1, "1.2": 2, "2.0": 100, "3.1": 7, "3.2": 9, "4.7": 10, "4.9": 20}
    assert of("plus: [{column: $.2, first: 0}]", rows) == {"storage_free_bytes 1": 101, "storage_free_bytes 2": 102}
    assert of("plus: [{column: $.4, via: $.3}]", rows) == {"storage_free_bytes 1": 11, "storage_free_bytes 2": 22}


def test_terms_may_change_and_the_layout_stays() -> None:
    mapping = Mapped(f"neutral: [{{{FREE}, plus: [{{column: $.2, scale: -1}}]}}]")
    first, second = mapping.harvest({"1.1": 100, "2.1": 30}), mapping.harvest({"1.1": 100, "2.1": 31})
    assert first.layout is second.layout
    assert (list(first.values), list(second.values)) == ([70], [69])


def test_a_factor_beside_that_changes_its_row_is_seen() -> None:
    mapping = Mapped(f"neutral: [{{{FREE}, plus: [{{column: $.4, via: $.3}}]}}]")
    assert mapping.of({"1.1": 1, "3.1": 7, "4.7": 10, "4.9": 20}) == {"storage_free_bytes 1": 11}
    assert mapping.of({"1.1": 1, "3.1": 9, "4.7": 10, "4.9": 20}) == {"storage_free_bytes 1": 21}


def test_terms_lie_in_another_walk() -> None:
    mapping = Mapped(f"neutral: [{{{FREE}, plus: [{{column: $.2}}]}}]")
    walks = [Rows(["1.3.9.1.1.1"], [5]), Rows(["1.3.9.1.2.1"], [6])]
    assert mapping.arranger.arrange(walks).values == [11]


def test_the_mean_of_all_rows() -> None:
    text = "neutral: [{family: ringwacht_processor_load_ratio, oid: $.1, scale: 0.01, reduce: mean, between: [0, 1]}]"
    assert Mapped(text).of({"1.1": 10, "1.2": 20, "1.3": 250}) == {"processor_load_ratio": 0.15}


def test_a_term_needs_a_column() -> None:
    with pytest.raises(ValueError, match="plus and per need a column"):
        profile(f"neutral: [{{{FREE}, per: {{first: 0}}}}]")
