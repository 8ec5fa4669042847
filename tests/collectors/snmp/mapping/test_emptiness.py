"""What it means that a table has no row: no such table, or nobody at the far end."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from tests.collectors.snmp.mapping.mapping import Mapping, entry


def test_a_fallback_for_devices_without_a_table_is_none_for_a_row_that_went() -> None:
    """A hop that is gone is not "port 1 up"."""
    found = Mapping("""
neutral:
- {family: ringwacht_radio_link_up, oid: $.1, map: {0: 1, 1: 0}, labels: {port: {part: 0}}}
- {family: ringwacht_radio_link_up, oid: $.9, map: {0: 1}, where: {column: $.1, empty: true}, labels: {port: "1"}}
""")
    assert found.of({"9.0": 0}) == {"radio_link_up 1": 1}
    assert found.of({"1.1": 0, "1.2": 0, "9.0": 0}) == {"radio_link_up 1": 1, "radio_link_up 2": 1}
    assert found.of({"1.2": 0, "9.0": 0}) == {"radio_link_up 2": 1}
    assert found.of({"1.1": 7, "9.0": 0}) == {}, "nor for a state that nobody knows"


def test_a_table_without_a_row_says_that_the_hop_is_down() -> None:
    found = Mapping("""
neutral:
- {family: ringwacht_radio_link_up, oid: $.1, map: {up: 1}, labels: {port: {ordinal: $.1}}}
- {family: ringwacht_radio_link_up, oid: $.1, empty: 0, labels: {port: "1"}}
""")
    assert found.of({"1.10.20": b"up"}) == {"radio_link_up 1": 1}
    assert found.of({}) == {"radio_link_up 1": 0}
    assert found.of({}, failed=("1",)) == {}, "a table that could not be read says nothing"
    assert found.of({"1.10.20": b"up"}) == {"radio_link_up 1": 1}


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("empty: 0, labels: {part: {part: 0}}", "empty needs labels that are texts"),
        ("where: {column: $.2, empty: true, match: x}", "empty goes with a column alone"),
    ],
)
def test_empty_is_refused_where_it_means_nothing(text: str, why: str) -> None:
    with pytest.raises(ValidationError, match=why):
        entry(text)
