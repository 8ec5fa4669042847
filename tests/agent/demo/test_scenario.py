from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.demo.scenario import Scenario, What, story

ALL = story(Scenario.ALL)


def test_the_whole_story_plays_in_about_seven_minutes() -> None:
    assert 400 <= ALL.length <= 460


@pytest.mark.parametrize(
    ("scenario", "acts"),
    [
        (Scenario.NONE, []),
        (
            Scenario.RING,
            [What.RAIN, What.CUT, What.SECOND_CUT, What.SECOND_REPAIRED, What.REPAIRED, What.RECOVERED],
        ),
        (Scenario.POWER, [What.SELF_TEST, What.MAINS_LOST, What.MAINS_BACK, What.RECOVERED]),
        (Scenario.HEAT, [What.COOLING_LOST, What.WARM, What.HOT, What.COOLING_BACK, What.COOLED, What.RECOVERED]),
        (Scenario.ALL, [What.RAIN, What.CUT, What.MAINS_LOST, What.COOLING_LOST, What.HOT, What.RECOVERED]),
    ],
)
def test_events_come_in_order(scenario: Scenario, acts: list[What]) -> None:
    events = story(scenario).events
    assert [event.at for event in events] == sorted(event.at for event in events)
    assert [event.what for event in events if event.what in acts] == acts
    assert events[0].what is What.STARTED


def test_every_event_is_told_in_one_line() -> None:
    for event in ALL.events:
        assert event.text.isprintable()
        assert 10 < len(event.text) < 100


def test_the_manual_tells_the_same_story() -> None:
    manual = (Path(__file__).parents[3] / "docs/demo.md").read_text(encoding="utf-8")
    told = [int(row) for row in re.findall(r"^\| (\d+) \| (?:ring|power|heat|) ?\|", manual, re.MULTILINE)]
    assert told == [event.at for event in ALL.events if event.what is not What.STARTED]


def test_without_a_story_it_starts_once() -> None:
    assert [event.what for event in story(Scenario.NONE).between(-1, 1e6)] == [What.STARTED]


@given(cuts=st.lists(st.floats(0, 3 * ALL.length), max_size=30))
def test_however_often_one_looks_each_event_is_told_once(cuts: list[float]) -> None:
    looks = [-1.0, *sorted(cuts), 3 * ALL.length]
    told = [event for after, until in pairwise(looks) for event in ALL.between(after, until)]
    assert told == list(ALL.between(-1, 3 * ALL.length))
    assert len(told) == 3 * len(ALL.events) + 1
