"""The demo's ring, watched by a real daemon: what people are told, in which order, and how soon."""

from __future__ import annotations

from pathlib import Path

import pytest

from agent.demo.scenario import Scenario, What
from tests.harness.county import LATE, Play, Told, until, watched
from tests.harness.sink import sink

pytestmark = pytest.mark.integration
PLAY = Play(Scenario.RING, speed=2.0)
FAST_INTERVAL = 1.0  # seconds between two polls of a radio at this speed

FADE = Told("INFO", "radio_fading", "link:rf-kh-no")
CUT = Told("WARNING", "link_down", "link:rf-no-os")
CUT_OFF = Told("CRITICAL", "site_isolated", "site:ostfeld")


async def test_each_fault_is_told_once_and_within_five_seconds(tmp_path: Path) -> None:
    async with sink() as receiver, watched(tmp_path, receiver, PLAY) as course:
        await until(course, What.RECOVERED)
    assert list(course) == [
        What.STARTED,
        What.RAIN,
        FADE,
        What.RAIN_OVER,
        FADE._replace(kind="RESOLVED"),
        What.CUT,
        CUT,
        What.SECOND_CUT,
        CUT_OFF,
        What.SECOND_REPAIRED,
        CUT_OFF._replace(kind="RESOLVED"),
        What.REPAIRED,
        CUT._replace(kind="RESOLVED"),
        What.RECOVERED,
    ]
    for cut, told in ((What.CUT, CUT), (What.SECOND_CUT, CUT_OFF)):
        assert course.at(told) - course.at(cut) + LATE < 5
    assert "the ring carries over Bauhof Südhagen" in course.texts[CUT]
    assert "Ostfeld is cut off" in course.texts[CUT_OFF]


async def test_without_traps_a_cut_is_told_one_interval_later_at_most(tmp_path: Path) -> None:
    async with sink() as receiver, watched(tmp_path, receiver, PLAY._replace(traps=False)) as course:
        await until(course, CUT)
    assert [one for one in course if isinstance(one, Told)] == [FADE, FADE._replace(kind="RESOLVED"), CUT]
    assert course.at(CUT) - course.at(What.CUT) + LATE < FAST_INTERVAL + 5
