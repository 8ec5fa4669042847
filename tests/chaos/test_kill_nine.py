"""kill -9 at random moments, again and again: nothing that was decided, acknowledged or silenced is lost."""

from __future__ import annotations

import asyncio
import shutil
import sqlite3
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from agent.state.files import FILE_NAME
from tests.chaos.invariants import faults, repeats
from tests.chaos.killer import Course, kill_over_and_over

pytestmark = pytest.mark.integration

KILLS = 200


@pytest.fixture(scope="module")
def short(tmp_path_factory: pytest.TempPathFactory) -> Course:
    """A few kills, whose account is then tampered with."""
    return asyncio.run(kill_over_and_over(tmp_path_factory.mktemp("short"), runs=12, seed=3))


async def test_whenever_it_is_killed_nothing_is_lost_and_only_what_was_under_way_comes_twice(tmp_path: Path) -> None:
    course = await kill_over_and_over(tmp_path, KILLS, seed=1)
    assert faults(course) == []
    assert course.kills == KILLS
    receivers = {one.receiver for one in course.taken}
    assert repeats(course) <= KILLS * len(receivers), "one message can be under way to each receiver"
    said = Counter(one["what"] for one in course.journal)
    assert min(said["decided"], said["did"]) > KILLS, "it was under load"
    assert {one.receiver for one in course.taken} == {"on-call", "it"}


def test_the_account_of_a_short_course_is_in_order(short: Course) -> None:
    assert faults(short) == []


def without_a_message(course: Course) -> Course:
    key = course.taken[0].contents[0][0]
    return replace(course, taken=[one for one in course.taken if key not in {known for known, _, _ in one.contents}])


def with_one_sent_again(course: Course) -> Course:
    first = course.taken[0]
    return replace(course, taken=[*course.taken[:2], first, *course.taken[2:]])


def backwards(course: Course) -> Course:
    return replace(course, taken=list(reversed(course.taken)))


def with_one_that_was_never_decided(course: Course) -> Course:
    stranger = replace(course.taken[0], contents=(("a:firing:it", "a", "firing"),))
    return replace(course, taken=[*course.taken, stranger])


def with_a_decision_more(course: Course) -> Course:
    lost = {"what": "decided", "id": "x", "state": "firing", "severity": "critical", "muted": None}
    return replace(course, journal=[*course.journal, lost])


def with_a_state_more(course: Course) -> Course:
    return replace(course, journal=[*course.journal, {"what": "stood", "subject": "link:x", "at": 1.0}])


def with_a_deed_more(course: Course) -> Course:
    return replace(course, journal=[*course.journal, {"what": "did", "deed": "ack", "on": "x", "by": "it"}])


def with_a_silence_that_is_gone(course: Course) -> Course:
    starts = [number for number, one in enumerate(course.journal) if one["what"] == "open"]
    deed = {"what": "did", "deed": "silence", "on": "x", "by": "it", "until": 1e12}
    return replace(course, journal=[*course.journal[: starts[-1]], deed, *course.journal[starts[-1] :]])


def ended_by_itself(course: Course) -> Course:
    return replace(course, exits=[1, *course.exits[1:]])


@pytest.mark.parametrize(
    ("tampered", "fault"),
    [
        (without_a_message, "never taken"),
        (with_one_sent_again, "was sent again"),
        (backwards, "out of order"),
        (with_one_that_was_never_decided, "never decided"),
        (with_a_decision_more, "lost: "),
        (with_a_state_more, "lost: "),
        (with_a_deed_more, "not in the audit"),
        (with_a_silence_that_is_gone, "after the start"),
        (ended_by_itself, "ended by itself"),
    ],
)
def test_the_account_would_show(short: Course, tampered: Callable[[Course], Course], fault: str) -> None:
    assert any(fault in one for one in faults(tampered(short)))


def test_the_account_would_show_a_transition_that_the_file_lost(short: Course, tmp_path: Path) -> None:
    copied = shutil.copytree(short.state, tmp_path / "state")
    handed_on = next(one for one in short.journal if one["what"] == "decided")
    with closing(sqlite3.connect(copied / FILE_NAME)) as file:
        file.execute("DELETE FROM transitions WHERE alert_id = :id AND state = :state", handed_on)
        file.commit()
    assert any("lost: " in one for one in faults(replace(short, state=copied)))
