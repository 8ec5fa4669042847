"""Where the temperature of a room goes: the way to its limits, past them, and its direction."""

from __future__ import annotations

import math
from typing import Literal

import pytest

from agent.contract import Course, Limits, Remaining
from exporters.web.figures import Figure
from exporters.web.trend import trend
from tests.exporters.housecounty import LIMITS, figure, house, room, tile, words

NEVER = math.inf
ZERO = Remaining(0.0, 0.0, 0.0)


def shown(course: Course | None, language: Literal["de", "en"] = "de", limits: Limits = LIMITS) -> Figure:
    return trend(course, limits, None if course is None else course.level, words(language))


def course(
    level: float = 24.0,
    slope: float | None = 0.004,
    error: float | None = 0.0002,
    warning: Remaining | None = None,
    critical: Remaining | None = None,
    *,
    why: str = "",
) -> Course:
    return Course("serverraum", "klima/a", level, slope, error, warning, critical, why)


def told(one: Figure) -> tuple[str, ...]:
    """What it says: large, marked, small."""
    mark = () if one.mark is None else (one.mark.word,)
    return tuple(text.replace("\u00a0", " ") for text in (one.text, *mark, *one.notes))


def test_a_significant_trend_tells_the_minutes_to_each_limit_with_their_band() -> None:
    rising = course(24.0, 0.004, 0.0002, Remaining(750, 600, 930), Remaining(2000, 1500, NEVER))
    assert told(shown(rising)) == (
        "12 min",
        "steigt um 0,24 K/min",
        "Warnung 27,0 °C in 12 min (10 min bis 15 min)",
        "kritisch 32,0 °C in 33 min (frühestens in 25 min)",
    )
    mark = shown(rising).mark
    assert mark is not None
    assert mark.tone == "warning"
    assert told(shown(rising, "en"))[2] == "warning 27.0 °C in 12 min (10 min to 15 min)"


def test_far_off_is_told_in_days_that_stand_alone() -> None:
    slow = course(22.0, 1e-3, 1e-5, None, Remaining(172_800, 172_800, 259_200))
    assert (told(shown(slow))[0], told(shown(slow))[2]) == ("2 Tage", "kritisch 32,0 °C in 2 Tagen (2 Tage bis 3 Tage)")


def test_a_limit_that_may_never_be_reached_is_told_with_the_earliest_moment() -> None:
    perhaps = course(26.0, 0.001, 0.0001, Remaining(NEVER, 900, NEVER), Remaining(NEVER, 2400, NEVER))
    assert told(shown(perhaps)) == (
        "frühestens in 15 min",
        "steigt um 0,06 K/min",
        "Warnung 27,0 °C frühestens in 15 min",
        "kritisch 32,0 °C frühestens in 40 min",
    )


@pytest.mark.parametrize("ways", [(None, None), (ZERO, ZERO)])
@pytest.mark.parametrize(
    ("slope", "said", "tone"),
    [(0.005, "steigt um 0,30 K/min", "critical"), (-0.005, "fällt um 0,30 K/min", None), (1e-5, "kein Trend", None)],
)
def test_above_the_critical_limit_it_is_exceeded_and_has_a_direction(
    ways: tuple[Remaining | None, Remaining | None], slope: float, said: str, tone: str | None
) -> None:
    over = shown(course(34.0, slope, 1e-4, *ways))
    assert told(over) == ("überschritten", said)
    assert (None if over.mark is None else over.mark.tone) == tone


def test_above_the_only_limit_there_is_a_rise_is_a_warning() -> None:
    over = shown(course(30.0), limits=Limits(warning=28.0))
    assert (over.text, over.mark and over.mark.tone) == ("überschritten", "warning")


def test_above_the_warning_limit_the_way_to_the_critical_one_counts() -> None:
    over = course(28.0, 0.004, 0.0002, ZERO, Remaining(1000, 800, 1200))
    assert told(shown(over)) == (
        "16 min",
        "steigt um 0,24 K/min",
        "Warnung 27,0 °C überschritten",
        "kritisch 32,0 °C in 16 min (13 min bis 20 min)",
    )
    assert told(shown(course(28.0, -0.004))) == ("fällt um 0,24 K/min", "Warnung 27,0 °C überschritten")


@pytest.mark.parametrize(
    ("slope", "error", "text"),
    [
        (0.004, 0.0002, "steigt um 0,24 K/min"),
        (-0.004, 0.0002, "fällt um 0,24 K/min"),
        (0.004, None, "steigt um 0,24 K/min"),
        (0.004, 0.0014, "kein Trend"),
        (1e-6, 1e-9, "kein Trend"),
        (None, None, "kein Trend"),
        (math.nan, 0.1, "kein Trend"),
    ],
)
def test_without_a_limit_near_its_direction_is_told_unless_that_is_within_its_error(
    slope: float | None, error: float | None, text: str
) -> None:
    calm = shown(course(24.0, slope, error))
    assert (told(calm), calm.plain, calm.mark) == ((text,), True, None)


def test_what_cannot_be_judged_is_unknown_and_its_headline_is_the_reason() -> None:
    few = shown(course(24.0, None, None, why="zu wenige Messwerte (3)"))
    assert told(few) == ("zu wenige Werte", "noch nicht beurteilt", "zu wenige Messwerte (3)")
    unsure = shown(course(24.4, why="steigt; was hier üblich ist, ist noch nicht bekannt"))
    assert told(unsure) == (
        "steigt um 0,24 K/min",
        "noch nicht beurteilt",
        "steigt; was hier üblich ist, ist noch nicht bekannt",
    )
    assert {one.mark and one.mark.tone for one in (few, unsure)} == {"unknown"}
    assert shown(course(24.4, 1e-6, why="?")).text == "nicht zu beurteilen"


def test_a_room_without_a_course_says_so() -> None:
    assert figure(tile(house(courses={})), "room_trend").text == "nicht zu beurteilen"
    assert figure(tile(house(rooms={"serverraum": room(temperatures=())}, courses={})), "room_trend").plain
