from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collectors.mdm.moments import moment

AT = 1_800_000_000.0  # 2027-01-15T08:00:00Z


@pytest.mark.parametrize(
    ("value", "zone"),
    [
        ("2027-01-15T08:00:00Z", None),
        ("2027-01-15T08:00:00.0000000Z", None),
        ("2027-01-15T09:00:00+01:00", None),
        ("2027-01-15T09:00:00.000+0100", None),
        ("2027-01-15 08:00", None),
        ("2027-01-15 08:00:00", "UTC"),
        ("2027-01-15 09:00:00.000000", "Europe/Berlin"),
        ("2027-01-15 09:00:00 Europe/Berlin", None),
        ("2027-01-15 03:00:00", "America/New_York"),
        ("2027-01-15 09:00:00", "+01:00"),
        (1_800_000_000, None),
        (1_800_000_000_000, None),
        ("1800000000000", None),
    ],
)
def test_one_moment_is_written_in_many_ways(value: object, zone: object) -> None:
    assert moment(value, zone) == AT


@pytest.mark.parametrize("value", ["0001-01-01T00:00:00Z", "1970-01-01 00:00:00", 0, "0", "1999-12-31T00:00:00Z"])
def test_what_lies_before_such_devices_means_never(value: object) -> None:
    assert moment(value) == 0.0


@pytest.mark.parametrize(
    "value",
    [
        *("", "gestern", "2027-13-01 00:00:00", "2027-02-30 00:00:00", "15.01.2027", True, None, [], -5, 1e18),
        *("2027-01-15 08:00:00 Europe/Nirgends", "2027-01-15 08:00:00 ../../etc/passwd", "2027-01-15 08:00:00 Europe"),
        float("nan"),
    ],
)
def test_what_is_no_moment_is_none(value: object) -> None:
    assert moment(value) is None


@given(st.none() | st.text() | st.floats() | st.integers(), st.none() | st.text() | st.integers())
def test_nothing_that_a_product_may_say_raises(value: object, zone: object) -> None:
    found = moment(value, zone)
    assert found is None or found >= 0
