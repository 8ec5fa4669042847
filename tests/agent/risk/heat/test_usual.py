from __future__ import annotations

import pytest

from agent.risk.heat.usual import MINUTES, SLOTS, Usual
from tests.courses.climate import Course, saw_tooth

HOUR = 3600.0


def lived(course: Course, hours: float, usual: Usual | None = None, start: float = 0.0) -> Usual:
    usual = usual or Usual()
    for number in range(int(hours * 360)):
        at = start + 10.0 * number
        usual.note(at, course(at), (course(at + 5) - course(at - 5)) / 10)
    return usual


def test_nothing_seen_is_nothing_known() -> None:
    assert Usual().before(0, 0.1) is None
    assert lived(saw_tooth(900, 2, 0.5), 0.5).before(0.5 * HOUR, 0.1) is None


def test_a_steady_room_is_known_after_a_quarter_of_an_hour() -> None:
    envelope = lived(lambda _: 22.0, 0.3).before(0.3 * HOUR, 0.1)
    assert envelope is not None
    assert envelope.swing == pytest.approx(0, abs=1e-9)
    assert envelope.slope == float("inf")  # how steeply it may rise is not known yet


def test_the_swing_of_a_compressor_is_learned() -> None:
    envelope = lived(saw_tooth(900, 2, 0.5), 3).before(3 * HOUR, 0.1)
    assert envelope is not None
    assert envelope.swing == pytest.approx(2, abs=0.3)
    assert envelope.slope * 60 == pytest.approx(2 / 7.5, rel=0.1)
    assert envelope.lowest < 0.3
    assert envelope.top > 1.6


def test_a_door_in_a_few_half_hours_of_the_day_is_not_usual() -> None:
    def course(at: float) -> float:
        return 22.0 + (3.0 if at % (6 * HOUR) < 120 else 0.0)

    envelope = lived(course, 24).before(24 * HOUR, 0.1)
    assert envelope is not None
    assert envelope.swing < 0.5


def test_what_is_spoiled_or_torn_by_a_gap_is_not_learned() -> None:
    usual = lived(lambda _: 22.0, 2)
    for number in range(1, 360):
        usual.spoil()
        usual.note(2 * HOUR + 10.0 * number, 22.0 + number / 60, 1 / 600)
    envelope = usual.before(3 * HOUR, 0.1)
    assert envelope is not None
    assert envelope.slope == pytest.approx(0)
    usual.forget(slot_only=True)
    assert usual.before(3 * HOUR, 0.1) is not None
    usual.forget(slot_only=False)
    assert usual.before(3 * HOUR, 0.1) is None


def test_memory_is_bounded() -> None:
    usual = lived(lambda _: 22.0, 40)
    assert usual.size == SLOTS + MINUTES
