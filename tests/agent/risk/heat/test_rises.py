from __future__ import annotations

import pytest

from agent.risk.heat.rises import Climb, climbs, habit, turn_of
from tests.courses.climate import saw_tooth

MINUTE = 60.0


def minutes(until: float, period: float = 900.0, height: float = 2.0) -> list[tuple[float, float]]:
    course = saw_tooth(period, height, 0.5)
    return [(at * MINUTE, course(at * MINUTE)) for at in range(int(until / MINUTE))]


def test_rises_are_counted_from_fall_to_fall() -> None:
    points = [(0.0, 20.0), (1.0, 21.0), (2.0, 20.9), (3.0, 22.0), (4.0, 21.0), (5.0, 20.5), (6.0, 21.5)]
    assert list(climbs(points, 0.5)) == [Climb((0.0, 20.0), (3.0, 22.0)), Climb((5.0, 20.5), (6.0, 21.5))]
    assert list(climbs([], 0.5)) == []


def test_a_compressor_has_a_habit_and_a_steady_room_has_none() -> None:
    usual = habit(minutes(4000), turn_of(2.0, 0.1))
    assert usual is not None
    assert usual.longest == pytest.approx(450, abs=MINUTE)
    assert usual.since == pytest.approx(3600, abs=MINUTE)
    assert habit(minutes(2000), 0.6) is None  # too few falls
    falling = habit(minutes(4500), 0.6)
    assert falling is not None
    assert falling.since == pytest.approx(4500, abs=2 * MINUTE)  # what rises now has just begun
    assert habit([(at * MINUTE, 22.0) for at in range(120)], 0.3) is None


def test_of_many_rises_the_longest_may_have_been_a_load() -> None:
    long = [(at, value + (2.0 if at > 3000 else 0.0)) for at, value in minutes(7 * 900 + 400)]
    usual = habit(long, 0.6)
    assert usual is not None
    assert usual.longest < 600


def test_a_fall_is_more_than_noise_and_steps_of_the_sensor() -> None:
    assert turn_of(0.0, 0.1) == 0.3
    assert turn_of(0.0, 1.0) == 1.2
    assert turn_of(3.0, 0.1) == pytest.approx(0.9)
