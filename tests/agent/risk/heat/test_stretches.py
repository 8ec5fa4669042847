from __future__ import annotations

import random

import pytest

from agent.risk.heat.stretches import cleaned, dying_down, last_break, last_course, straight

NOISE = 0.05


def course(*bends: tuple[float, float], until: float, noise: float = NOISE) -> list[tuple[float, float]]:
    """22 °C, and from each moment on so many K/min."""
    chance = random.Random(3)  # noqa: S311 - a course that can be played again
    value, slope = 22.0, 0.0
    points: list[tuple[float, float]] = []
    for at in range(0, int(until), 10):
        slope = next((to for since, to in reversed(bends) if at > since), 0.0)
        value += slope / 6
        points.append((float(at), value + chance.gauss(0, noise)))
    return points


def test_the_beginning_of_a_rise_is_found() -> None:
    points = course((600, 0.5), until=800)
    assert last_course(points, NOISE, 10)[0][0] == pytest.approx(600, abs=40)


def test_of_several_changes_the_last_one_counts() -> None:
    points = course((300, 0.5), (600, -0.5), (900, 0.5), until=1100)
    assert last_course(points, NOISE, 10)[0][0] == pytest.approx(900, abs=40)


def test_a_course_that_never_changed_is_whole() -> None:
    points = course((-1, 0.3), until=900)
    assert last_break(points, NOISE, 10) == 0
    assert last_course(points, NOISE, 10) == points
    assert straight(points, 2 * NOISE)


def test_a_bend_is_not_straight() -> None:
    assert not straight(course((600, 1.0), until=900), NOISE)


def test_single_outliers_go_and_steps_stay() -> None:
    points = [(10.0 * number, 22.0) for number in range(20)]
    spiky = [*points[:8], (80.0, 29.0), *points[9:]]
    assert cleaned(spiky, NOISE) == points
    stepped = [(at, value + (3 if at >= 100 else 0)) for at, value in points]
    assert cleaned(stepped, NOISE) == stepped


def test_a_rise_that_goes_on_is_told_from_one_that_ends() -> None:
    assert not dying_down(course((-1, 0.5), until=160), NOISE)
    assert dying_down(course((-1, 1.5), (110, -0.2), until=160), NOISE)
    assert dying_down([(0.0, 22.0), (10.0, 23.0)], NOISE)
