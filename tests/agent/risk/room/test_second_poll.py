"""Through store, desk and lifecycle: a jump is polled again at once, a fire pages, a spike does not."""

from __future__ import annotations

from collections.abc import Iterator

from agent import neutral
from agent.layout import Sample
from tests.courses.stage import ALERTING, Stage, Told

INVENTORY = {
    "sites": {"rathaus": {"core": True}},
    "rooms": {"raum": {"site": "rathaus", "expected": ["temperature"]}},
    "devices": {"klima": {"site": "rathaus", "address": "127.0.0.1", "role": "sensor", "room": "raum"}},
}


class Course:
    """A temperature that changes once, for a while or for good."""

    def __init__(self) -> None:
        self.polls_left = 0
        self.celsius = 22.0

    def jump(self, celsius: float, polls: int) -> None:
        self.celsius, self.polls_left = celsius, polls

    def says(self, _stage: Stage, _device: str) -> Iterator[Sample]:
        self.polls_left -= 1
        yield Sample(neutral.SENSOR_TEMPERATURE, ("", "t"), self.celsius if self.polls_left >= 0 else 22.0)


async def lived(course: Course) -> Stage:
    stage = Stage(INVENTORY, {"alerting": {**ALERTING, "rules": {"temperature_high": {"hold": "0s"}}}}, interval=60.0)
    stage.extra["klima"] = course.says
    await stage.run(300)
    return stage


async def test_a_spike_of_one_reading_is_polled_again_at_once_and_told_to_nobody() -> None:
    course = Course()
    stage = await lived(course)
    course.jump(60.0, polls=1)
    before = stage.polls
    await stage.run(61)
    assert stage.polls - before == 2
    await stage.run(300)
    assert stage.told() == []


async def test_a_fire_is_told_within_two_seconds_of_the_poll_that_saw_it() -> None:
    course = Course()
    stage = await lived(course)
    course.jump(60.0, polls=1000)
    while ("temperature_high", "room:raum") not in stage.standing():
        await stage.run(1)
        assert stage.polls < 20
    assert stage.polls == 7  # five minutes of polls, the one that saw it, and the one that was wished for
    await stage.run(2)
    assert Told("firing", "critical", "temperature_high", "room:raum") in stage.told()
