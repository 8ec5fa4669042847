"""When a night is, also when the clocks change; and who is due."""

from __future__ import annotations

from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

import pytest

from agent.app.nights import last_night, nightly

BERLIN = ZoneInfo("Europe/Berlin")
AT = time(2, 30)


def epoch(text: str) -> float:
    return datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()


@pytest.mark.parametrize(
    ("now", "night"),
    [
        ("2027-01-10T12:00", "2027-01-10T01:30"),
        ("2027-01-10T01:29", "2027-01-09T01:30"),
        ("2027-07-10T00:30", "2027-07-10T00:30"),
        ("2027-03-28T01:29", "2027-03-27T01:30"),  # 02:30 is left out: 03:30 summer time counts
        ("2027-03-28T01:30", "2027-03-28T01:30"),
        ("2027-10-31T00:30", "2027-10-31T00:30"),  # 02:30 comes twice: the first counts
        ("2027-10-31T01:30", "2027-10-31T00:30"),
    ],
)
def test_the_last_night(now: str, night: str) -> None:
    assert last_night(epoch(now), AT, BERLIN) == epoch(night)


def test_what_is_due_is_handed_over_each_time_it_is_asked() -> None:
    due, handed = [False], [0]

    def hand_over() -> None:
        handed[0] += 1

    scheduler = nightly(lambda: due[0], hand_over)
    scheduler.run_pending()
    due[0] = True
    scheduler.run_pending()
    scheduler.run_pending()
    assert handed == [2]
