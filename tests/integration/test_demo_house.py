"""The demo's server room, watched by a real daemon over SNMP and NUT: what people are told, in which order, when."""

from __future__ import annotations

from pathlib import Path

import pytest

from agent.demo.scenario import Scenario, What
from tests.harness.county import Course, Play, Told, until, watched
from tests.harness.sink import sink

pytestmark = pytest.mark.integration
POWER, HEAT = Play(Scenario.POWER, speed=4.0, about="usv-serverraum"), Play(Scenario.HEAT, speed=3.0)
ROOM_UPS = Told("WARNING", "ups_on_battery", "device:usv-serverraum")
SHUTDOWN = ROOM_UPS._replace(kind="CRITICAL (worse)")


def after(course: Course, play: Play, what: What, told: Told) -> float:
    """Seconds of the story from what happened until it was told."""
    return (course.at(told) - course.at(what)) * play.speed


async def test_an_outage_is_told_with_the_moment_of_the_shutdown_and_a_self_test_not_at_all(tmp_path: Path) -> None:
    resolved = ROOM_UPS._replace(kind="RESOLVED")
    async with sink() as receiver, watched(tmp_path, receiver, POWER) as course:
        await until(course, resolved)
    assert [one for one in course if isinstance(one, Told)] == [ROOM_UPS, SHUTDOWN, resolved]
    # held for 5 s of the story; polls of 1 s are 4 s of it, and the way to the receiver is not shortened
    assert 5 < after(course, POWER, What.MAINS_LOST, ROOM_UPS) < 40
    # the agreed wait of 30 s is over, or 30 s of runtime are left of 80 s at the latest
    assert 28 < after(course, POWER, What.MAINS_LOST, SHUTDOWN) < 60
    assert 5 < after(course, POWER, What.MAINS_BACK, ROOM_UPS._replace(kind="RESOLVED")) < 45
    assert "begin the shutdown by" in course.texts[ROOM_UPS]
    assert "begin the shutdown now" in course.texts[SHUTDOWN]


COOLING = Told("CRITICAL", "cooling_failed", "room:serverraum")
AHEAD = Told("CRITICAL", "room_overheating", "room:serverraum")
HOT = Told("CRITICAL", "temperature_high", "room:serverraum")


async def test_a_cooling_failure_is_told_by_its_contact_then_by_the_minutes_left_then_at_the_limit(
    tmp_path: Path,
) -> None:
    async with sink() as receiver, watched(tmp_path, receiver, HEAT) as course:
        await until(course, HOT)
    assert [one for one in course if isinstance(one, Told)] == [COOLING, AHEAD, HOT]
    assert 0 < after(course, HEAT, What.COOLING_LOST, COOLING) < 30
    assert 10 < after(course, HEAT, What.COOLING_LOST, AHEAD) < 46, "before any limit is passed, at 47 s"
    assert course.at(AHEAD) < course.at(What.WARM)
    assert 120 < after(course, HEAT, What.COOLING_LOST, HOT) < 165, "at 32 °C, passed after 127 s"
    assert "at 32.0 °C in" in course.texts[AHEAD]
