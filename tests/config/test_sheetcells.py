from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.sheetcells import FORMULA_MARKS, Cell, amount_of, amount_text, csv_line, day_of, harmless, text_of


@pytest.mark.parametrize(
    ("cell", "amount"),
    [
        ("389,00", 389.0),
        ("389,00 €", 389.0),
        ("1.234,50", 1234.5),
        ("1.234.567", 1234567.0),
        ("1.234", 1234.0),
        ("1,234.50", 1234.5),
        ("1,234,567", 1234567.0),
        ("EUR 1 234,5", 1234.5),
        ("1'234,50", 1234.5),
        ("389,-", 389.0),
        ("389.5", 389.5),
        (" ", None),
        (389.999, 390.0),
        (12, 12.0),
    ],
)
def test_amounts_in_german_and_english(cell: Cell, amount: float | None) -> None:
    assert amount_of(cell) == amount


@pytest.mark.parametrize("cell", ["1,234", "1.23.4", "-5", "viel", "1e5", "12,34,5", "1" * 20, float("nan"), -1.0, "³"])
def test_what_is_no_amount_or_may_be_two_is_refused(cell: Cell) -> None:
    with pytest.raises(ValueError, match=r"^$"):
        amount_of(cell)


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        ("30/06/2027", date(2027, 6, 30)),
        ("1/2/27", date(2027, 2, 1)),
        ("15.03.98", date(1998, 3, 15)),
        ("46203", date(2026, 6, 30)),
        (46203.0, date(2026, 6, 30)),
        (datetime(2027, 6, 30, 12, tzinfo=UTC), date(2027, 6, 30)),
        (date(2027, 6, 30), date(2027, 6, 30)),
    ],
)
def test_days_as_programs_and_people_write_them(cell: Cell, day: date) -> None:
    assert day_of(cell) == day


@pytest.mark.parametrize("cell", ["1.2/2027", "99999", "2021", date(1979, 1, 1)])
def test_what_is_no_day_is_refused(cell: Cell) -> None:
    with pytest.raises(ValueError, match=r"^$"):
        day_of(cell)


@pytest.mark.parametrize(("cell", "text"), [(100123.0, "100123"), (9.7, "9.7"), (None, ""), (" a\n b ", "a b")])
def test_texts(cell: Cell, text: str) -> None:
    assert text_of(cell) == text


@given(st.text(max_size=30) | st.sampled_from([f"{mark}cmd|' /C calc'!A0" for mark in FORMULA_MARKS]))
def test_no_text_is_a_formula_and_all_come_back(text: str) -> None:
    plain = text_of(text)
    assert not harmless(plain).startswith(FORMULA_MARKS)
    assert text_of(harmless(plain)) == plain


def test_a_line_of_csv_holds_no_formula() -> None:
    assert csv_line(["=1+1", "a;b", ""]) == '\'=1+1;"a;b";\n'
    assert csv_line(["a", "b"], "\r\n") == "a;b\r\n"


@given(st.integers(0, 10**10))
def test_an_amount_comes_back(cents: int) -> None:
    assert amount_of(amount_text(cents / 100)) == cents / 100
