from __future__ import annotations

from itertools import pairwise
from math import pi, sin
from typing import Any

import pytest

from agent.contract import Severity
from agent.risk.catalogue.rooms import CLIMATE_BEYOND_NORM
from tests.agent.risk.room.watch import HUMIDITY, TEMPERATURE, Watched
from tests.agent.risk.scene import the

HOUR = 3600.0


def day(made: Watched, celsius: float, ratio: float = 0.45, hours: float = 54, swing: float = 0.0) -> set[bool]:
    """Live so long around these values; return whether the gap stood in the last half of it, at each poll."""
    stood: set[bool] = set()
    begun = made.now
    while made.now < begun + hours * HOUR:
        now = celsius + swing * sin(2 * pi * (made.now - begun) / 1800)
        made.after(300).says({(TEMPERATURE, "t"): round(now, 1), (HUMIDITY, "h"): ratio})
        if made.now > begun + hours * HOUR / 2:
            stood.add(made.finding(CLIMATE_BEYOND_NORM) is not None)
    return stood


def test_a_summer_above_the_advice_is_one_standing_gap() -> None:
    made = Watched()
    assert day(made, 25.8, swing=1.5) == {True}  # the compressor cycles around it
    found = the(made.finding(CLIMATE_BEYOND_NORM))
    assert found.severity is Severity.INFO
    assert found.evidence == ("Mean of 2 days: 25.8 °C, advised at most 25 °C (BSI GEB.10.1.2)",)


def test_a_room_below_the_advice_may_cycle_above_it() -> None:
    assert day(Watched(), 24.2, swing=1.5) == {False}


def test_moist_air_too() -> None:
    made = Watched()
    assert day(made, 22.0, 0.63) == {True}
    assert the(made.finding(CLIMATE_BEYOND_NORM)).evidence[0].startswith("Humidity, mean of 2 days: 63%")


def test_nothing_is_known_before_some_hours_nor_near_the_bound() -> None:
    made = Watched()
    day(made, 27.0, hours=23)
    assert made.unknown(CLIMATE_BEYOND_NORM)
    near = Watched()
    day(near, 24.8)
    assert near.finding(CLIMATE_BEYOND_NORM) is None
    assert near.unknown(CLIMATE_BEYOND_NORM)


def test_a_gap_of_a_room_without_humidity_ends() -> None:
    made = Watched()
    for celsius, days in ((27.0, 2), (22.0, 6)):
        for _ in range(days * 96):
            made.reads(celsius, seconds=900)
    assert made.finding(CLIMATE_BEYOND_NORM) is None
    assert not made.unknown(CLIMATE_BEYOND_NORM)


def test_a_mean_of_a_sensor_that_is_silent_says_nothing_of_today() -> None:
    made = Watched()
    day(made, 27.0)
    assert made.after(3600).look().finding(CLIMATE_BEYOND_NORM)
    made.after(1).says({})
    assert made.finding(CLIMATE_BEYOND_NORM) is None
    assert made.unknown(CLIMATE_BEYOND_NORM)


def test_neither_a_day_nor_a_weekend_begins_or_ends_the_gap() -> None:
    made = Watched()
    stood: list[bool] = []
    for quarter in range(21 * 96):
        weekend = quarter // 96 % 7 >= 5
        made.reads(round(25 + 2.5 * sin(2 * pi * quarter / 96) - 1.5 * weekend, 1), seconds=900)
        stood.append(made.finding(CLIMATE_BEYOND_NORM) is not None)
        if made.unknown(CLIMATE_BEYOND_NORM) and len(stood) > 1:
            stood[-1] = stood[-2]  # neither begins nor ends
    assert sum(a != b for a, b in pairwise(stood)) <= 2


@pytest.mark.parametrize(
    "room",
    [{"kind": "plant"}, {"limits": {"temperature": {"warning": "24C", "critical": "28C"}}}],
)
def test_where_the_own_limit_is_stricter_or_none_is_advised_there_is_no_gap(room: dict[str, Any]) -> None:
    assert day(Watched(room), 26.0) == {False}
