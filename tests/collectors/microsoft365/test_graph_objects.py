"""Whatever Graph says, something bounded and clean comes of it, and what was odd is counted."""

from __future__ import annotations

from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.layout import clean_text
from collectors.microsoft365 import parse

NOW = 1_800_000_000.0
KEYS = ("service", "id", "status", "classification", "title", "impactDescription", "startDateTime")
SKU_KEYS = ("skuPartNumber", "prepaidUnits", "consumedUnits")
SCALARS = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(), st.lists(st.integers(), max_size=2)
)
UNITS = st.dictionaries(st.sampled_from(("enabled", "warning", "suspended")), SCALARS)


def objects(*keys: str) -> st.SearchStrategy[list[dict[str, Any]]]:
    return st.lists(st.dictionaries(st.sampled_from(keys), st.one_of(SCALARS, UNITS)), max_size=5)


@given(objects(*KEYS))
def test_any_health_and_issue_is_read_without_a_fault(rows: list[dict[str, Any]]) -> None:
    odd = parse.Oddities("x")
    slim = [parse.slim(row, KEYS) for row in rows]
    found = parse.health(slim, odd)
    assert set(found.values()) <= set(parse.STATES)
    issues = parse.issues(slim, NOW, odd)
    assert all(one.began_at is None or 0 <= one.began_at <= NOW for one in issues)
    texts = [text for one in issues for text in (one.service, one.title, one.impact)]
    assert all(text == clean_text(text, parse.MAX_IMPACT_BYTES) for text in texts)
    assert all(line.isprintable() for line in odd.remarks())


@given(objects(*SKU_KEYS))
def test_any_product_is_counted_or_left_out(rows: list[dict[str, Any]]) -> None:
    found = parse.seats([parse.slim(row, SKU_KEYS) for row in rows], parse.Oddities("x"))
    assert all(count >= 0 for one in found.values() for count in one)


JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text()),
    lambda inner: st.one_of(st.lists(inner), st.dictionaries(st.sampled_from((*parse.UNITS, "x")), inner)),
)


@given(st.dictionaries(st.sampled_from((*SKU_KEYS, "posts")), JSON))
def test_of_an_object_nothing_stays_but_texts_and_numbers(row: dict[str, Any]) -> None:
    kept = parse.slim(row, SKU_KEYS)
    assert set(kept) <= set(SKU_KEYS)
    for value in kept.values():
        numbers: dict[str, Any] = cast("dict[str, Any]", value) if isinstance(value, dict) else {"": value}
        assert set(numbers) <= {"", *parse.UNITS}
        assert all(isinstance(one, str) or abs(one) <= parse.MOST_SEATS for one in numbers.values())


def test_what_nests_and_what_is_long_is_dropped_or_cut() -> None:
    row: dict[str, Any] = {
        "skuPartNumber": "x" * 10**6,
        "consumedUnits": [[1] * 1000],
        "prepaidUnits": {"enabled": 7, "warning": {}},
    }
    assert parse.slim(row, SKU_KEYS) == {"skuPartNumber": "x" * parse.MAX_CHARACTERS, "prepaidUnits": {"enabled": 7}}


def test_seats_that_are_locked_out_are_suspended() -> None:
    units = {"enabled": 10, "warning": 0, "suspended": 3, "lockedOut": 4}
    rows = [{"skuPartNumber": "A", "prepaidUnits": units, "consumedUnits": 12}]
    assert parse.seats(rows, parse.Oddities("x"))["A"].suspended == 7


@pytest.mark.parametrize("value", [True, -1, 1.5, "7", None, 10**12, float("nan"), float("inf")])
def test_what_is_no_number_of_seats_is_not_counted(value: object) -> None:
    odd = parse.Oddities("subscribedSkus")
    assert parse.seats([{"skuPartNumber": "A", "prepaidUnits": {"enabled": value}, "consumedUnits": 1}], odd) == {}
    assert odd.fields["enabled"] == 1


def test_seats_in_grace_can_be_used_and_those_suspended_cannot() -> None:
    units = {"enabled": 10, "warning": 5.0, "suspended": 3}
    rows = [{"skuPartNumber": "A", "prepaidUnits": units, "consumedUnits": 12}] * 2
    assert parse.seats(rows, parse.Oddities("x")) == {"A": parse.Seats(30, 24, 10, 6)}


def test_of_two_words_about_one_service_the_graver_counts() -> None:
    rows = [{"service": "Mail", "status": word} for word in ("serviceInterruption", "restoringService", "new")]
    assert parse.health(rows, parse.Oddities("x")) == {"Mail": "interrupted"}


def test_an_issue_without_a_classification_is_taken_as_an_incident() -> None:
    odd = parse.Oddities("issues")
    (one,) = parse.issues([{"service": "Mail", "title": "x", "startDateTime": "soon"}], NOW, odd)
    assert (one.classification, one.began_at) == ("incident", None)
    assert list(odd.remarks()) == [
        "issues: classification is missing or cannot be understood (1 times)",
        "issues: startDateTime is missing or cannot be understood (1 times)",
    ]


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("2027-01-15T07:00:00Z", NOW - 3600),
        ("2027-01-15T07:00:00.1234567+00:00", NOW - 3599.876544),
        ("2999-01-01", NOW),
    ],
)
def test_a_beginning_that_lies_ahead_is_now(text: str, at: float) -> None:
    (one,) = parse.issues([{"service": "Mail", "title": "x", "startDateTime": text}], NOW, parse.Oddities("x"))
    assert one.began_at == pytest.approx(at)


def test_more_than_anybody_has_is_bounded_and_said() -> None:
    odd = parse.Oddities("x")
    rows = [{"service": f"S{number}", "status": "resolved"} for number in range(parse.MAX_SERVICES + 5)]
    assert len(parse.health(rows, odd)) == parse.MAX_SERVICES
    assert list(odd.remarks()) == ["x: 5 entries are too many and left out"]
