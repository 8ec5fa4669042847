"""Courses drawn at random of ways that fail, hang for a while, refuse and work again, of reloads and restarts."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest

from agent.contract import AlertState, Rejected
from tests.agent.alerts.handlings import make_handling
from tests.agent.alerts.post import DOWN, Desk, Fallible, alert, finish

COURSES = 12
STEPS = 40


class Course:
    """A receiver with two ways; ``decided``: what was posted, in order."""

    def __init__(self, directory: Path, seed: int) -> None:
        self.random = Random(seed)  # noqa: S311 - a course that can be repeated
        self.directory = directory
        self.ways = {"1": Fallible(), "2": Fallible()}
        for way in self.ways.values():
            way.down = None
        self.desk = self._desk()
        self.decided: list[tuple[str, str]] = []
        self.firing: list[str] = []

    def _desk(self) -> Desk:
        return Desk(self.directory, {"on-call": self.ways}, make_handling(messages=1000))

    async def run(self) -> None:
        running = self.desk.start()
        for number in range(STEPS):
            what = self.random.random()
            if what < 0.3:
                self.firing.append(f"a{number}")
                await self._post(f"a{number}", AlertState.FIRING)
            elif what < 0.45 and self.firing:
                await self._post(self.firing.pop(self.random.randrange(len(self.firing))), AlertState.RESOLVED)
            elif what < 0.8:
                self.random.choice(list(self.ways.values())).down = self.random.choice([None, DOWN, Rejected("401")])
            elif what < 0.9:
                await finish(self.desk, running)
                await self.desk.store.close()
                before, self.desk = self.desk, self._desk()
                self.desk.alerts = before.alerts
                await self.desk.clock.advance(before.clock.monotonic() - self.desk.clock.monotonic())
                running = self.desk.start()
            await self.desk.clock.advance(self.random.choice([0.0, 1.0, 30.0, 400.0, 4000.0]))
        for way in self.ways.values():
            way.down = None
        await self.desk.clock.advance(4000.0)
        await finish(self.desk, running)

    async def _post(self, name: str, state: AlertState) -> None:
        self.decided.append((name, state.value))
        await self.desk.post(alert(name, state), "on-call")


@pytest.mark.parametrize("seed", range(COURSES))
async def test_every_way_gets_everything_once_and_in_order_but_what_was_over_before_it_was_taken(
    tmp_path: Path, seed: int
) -> None:
    course = Course(tmp_path, seed)
    await course.run()
    assert course.desk.open() == []
    heard = {pair for way in course.ways.values() for pair in _told(way)}
    for way in course.ways.values():
        told = _told(way)
        assert len(told) == len(set(told)), "nothing twice"
        assert {(name, "firing") for name in course.firing} <= set(told), "what stands is known everywhere"
        for name, state in told:
            if state == "resolved":
                assert (name, "firing") in heard, "no end without a beginning"
                assert (name, "firing") not in told[told.index((name, state)) :]
    for name, state in course.decided:
        assert state == "firing" or ((name, state) in heard) == ((name, "firing") in heard)


def _told(way: Fallible) -> list[tuple[str, str]]:
    return [(one.alert.id, one.alert.state.value) for one in way.got]
