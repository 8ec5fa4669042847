"""Entries that are moments: dates as texts, and times back from the poll."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from collectors.snmp.oid import Value
from tests.collectors.snmp.mapping.mapping import TABLE, Mapping, Rows

AT = "ups_self_test_timestamp_seconds"
MOMENT = f"family: ringwacht_{AT}, oid: $.1"


def moment(keys: str) -> Mapping:
    return Mapping(f"neutral: [{{{MOMENT}, {keys}}}]")


@pytest.mark.parametrize(
    ("raw", "at"),
    [
        (b"31.05.2023", 1_685_491_200),
        (b"2023-05-31 00:00:05\0", 1_685_491_205),
        (b"05/31/2023", None),
        (b"", None),
        (b"\xff\xff", None),
        (1_685_491_200, None),
    ],
)
def test_the_first_pattern_that_fits_counts(raw: Value, at: float | None) -> None:
    assert moment("dates: ['%d.%m.%Y', '%Y-%m-%d %H:%M:%S']").of({"1.0": raw}, now=1_700_000_000).get(AT) == at


def test_a_date_that_lies_more_than_a_day_ahead_is_refused_until_then() -> None:
    mapping, at = moment("dates: ['%Y-%m-%d']"), 1_685_491_200
    early = mapping.arranger.arrange([Rows([f"{TABLE}.1.0"], [b"2023-05-31"])], frozenset(), at - 86_401)
    assert (len(early.values), early.dropped) == (0, {"implausible": 1})
    assert early.refusals == (f"ringwacht_{AT}: 1.68549e+09 is no value of it",)
    assert mapping.of({"1.0": b"2023-05-31"}, now=at - 86_400) == {AT: at}


def test_a_pattern_that_is_none_is_refused() -> None:
    with pytest.raises(ValidationError, match="is no pattern of strptime"):
        moment("dates: ['%Q']")


def test_a_time_back_from_the_poll_goes_with_the_poll() -> None:
    """The objects stay as they are, and the layout with them; the moment is not the same one."""
    mapping = moment("scale: 0.01, plus: [{column: $.2, scale: -1}], ago: true")
    rows: dict[str, Value] = {"1.0": 500, "2.0": 1500}
    first, later = mapping.harvest(rows, now=1000.4), mapping.harvest(rows, now=1060.4)
    assert (first.values, later.values) == ([990.0], [1050.0])
    assert first.layout is later.layout


def test_what_lies_ahead_was_not() -> None:
    mapping = moment("plus: [{column: $.2, scale: -1}], ago: true")
    assert mapping.of({"1.0": 20, "2.0": 10}, now=1000.0) == {}
    assert mapping.of({"1.0": 10, "2.0": 10}, now=1000.0) == {AT: 1000}
    assert mapping.of({"1.0": 10}, now=1000.0) == {}
