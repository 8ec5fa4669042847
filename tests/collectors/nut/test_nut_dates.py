from __future__ import annotations

from datetime import UTC, datetime

import pytest

from collectors.nut.dates import read_day

NOW = datetime(2026, 9, 21, tzinfo=UTC).timestamp()


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("2023/05/01", (2023, 5, 1)),
        ("2023-05-01", (2023, 5, 1)),
        ("2023.5.1", (2023, 5, 1)),
        ("2023-05-01 14:30", (2023, 5, 1, 14, 30)),
        ("2023-05-01T14:30:59", (2023, 5, 1, 14, 30, 59)),
        ("2023-05-01T14:30:59Z", (2023, 5, 1, 14, 30, 59)),
        ("2023-05-01 14:30:59.25", (2023, 5, 1, 14, 30, 59)),
        ("20230501", (2023, 5, 1)),
        ("01.05.2023", (2023, 5, 1)),
        ("31.12.23", (2023, 12, 31)),  # 2031 is still to come
        ("1.5.23", (2023, 5, 1)),
        ("05/31/23", (2023, 5, 31)),
        ("31/05/2023", (2023, 5, 31)),
        ("05/05/2023", (2023, 5, 5)),
        ("05/05/05", (2005, 5, 5)),
        ("10/17/96", (1996, 10, 17)),
    ],
)
def test_a_date_that_can_be_read_in_one_way_only(text: str, wanted: tuple[int, ...]) -> None:
    year, month, day, *time = wanted
    hour, minute, second = (*time, 0, 0, 0)[:3]
    assert read_day(text, NOW) == datetime(year, month, day, hour, minute, second, tzinfo=UTC).timestamp()


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("01/05/23", "may be several dates"),
        ("01/05/2023", "may be several dates"),
        ("23/05/01", "may be several dates"),  # the 1st of May 2023, or the 23rd of May 2001
        ("23.05.01", "may be several dates"),
        ("01.05.23", "may be several dates"),
        ("01052023", "is no date"),
        ("2023/13/01", "is no date"),
        ("2023/02/30", "is no date"),
        ("2023-05-01 25:00", "is no date"),
        ("0000-00-00", "is no date"),
        ("not set", "is no date"),
        ("2023", "is no date"),
        ("٢٠٢٣/٠٥/٠١", "is no date"),
        ("2026/12/31", "is a date in the future"),
        ("1970/01/01", "is a date before"),
    ],
)
def test_what_is_no_date_or_several_is_refused(text: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        read_day(text, NOW)


def test_a_clock_that_is_ahead_by_a_time_zone_is_no_future() -> None:
    assert read_day("2026-09-21 12:00", NOW) > NOW
