"""A whole failure of the cooling on the stage: exactly what is told, and that all of it ends."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping
from typing import Any

import pytest

from agent import neutral
from agent.layout import Sample
from tests.courses.stage import ALERTING, Stage, Told

ROOM = "room:serverraum"
CONTACT = {"klima/Input 1": {"contact": "cooling_fault"}}


def house(sensors: Mapping[str, Any]) -> Mapping[str, Any]:
    return {
        "sites": {"rathaus": {"name": "Rathaus", "core": True}},
        "rooms": {
            "serverraum": {
                "site": "rathaus",
                "expected": [],
                "cooling_units": 1,
                "limits": {"temperature": {"warning": "27C", "critical": "32C"}},
                "sensors": sensors,
            }
        },
        "devices": {"klima": {"site": "rathaus", "address": "127.0.0.1", "role": "sensor", "room": "serverraum"}},
    }


class Cooling(Stage):
    """A room that warms by ``slope`` (K/min) while the cooling is lost; ``leak``: water is on its floor.

    ``contact``: whether the unit says that it failed.
    """

    def __init__(self, *, contact: bool, slope: float = 1 / 3) -> None:
        super().__init__(house(CONTACT if contact else {}), {"alerting": ALERTING}, 10.0)
        self.lost = self.leak = False
        self.slope = slope
        self.celsius = 22.0
        self._contact = contact
        self._now = self.clock.monotonic()
        self._chance = random.Random(5)  # noqa: S311 - a course that can be played again
        self.extra["klima"] = lambda _stage, _name: self._says()

    async def _second(self) -> None:
        now = self.clock.monotonic()
        lasted, self._now = now - self._now, now
        self.celsius += lasted * (self.slope / 60 if self.lost else (22.0 - self.celsius) / 300)
        await super()._second()

    def _says(self) -> Iterable[Sample]:
        seen = round(self.celsius + self._chance.gauss(0, 0.05), 1)
        yield Sample(neutral.SENSOR_TEMPERATURE, ("", "Rack"), seen)
        if self._contact:
            yield Sample(neutral.SENSOR_CONTACT_ALARM, ("", "Input 1"), float(self.lost))
        yield Sample(neutral.SENSOR_LEAK, ("", "Floor"), float(self.leak))

    async def until(self, celsius: float) -> None:
        """Let time pass until the room is so warm."""
        while self.celsius < celsius:
            await self.run(5, 5.0)


async def at_rest(*, contact: bool) -> Cooling:
    stage = Cooling(contact=contact)
    await stage.run(1200, 5.0)
    assert stage.told() == []
    return stage


def told(rule: str, severity: str, state: str = "firing") -> Told:
    return Told(state, severity, rule, ROOM)


OVERHEATING, TOO_HOT = "room_overheating", "temperature_high"


async def test_without_a_contact_it_is_told_within_minutes_then_that_it_is_urgent_and_that_the_limit_is_passed() -> (
    None
):
    stage = await at_rest(contact=False)
    stage.lost = True
    await stage.run(200)
    assert stage.told() == [told(OVERHEATING, "warning")]
    await stage.until(31.0)
    assert stage.told() == [told(OVERHEATING, "critical")]
    assert (TOO_HOT, ROOM) not in stage.standing()  # the warning limit is no news of its own
    await stage.until(33.0)
    assert stage.told() == [told(TOO_HOT, "critical")]
    assert " rises 0.3" in stage.finding(TOO_HOT, ROOM).evidence[-1]
    stage.lost = False
    await stage.run(2400, 5.0)
    assert sorted((one.state, one.rule) for one in stage.told()) == [("resolved", OVERHEATING), ("resolved", TOO_HOT)]
    assert stage.standing() == set()


async def test_with_a_contact_the_failure_is_told_first_and_all_of_it_ends() -> None:
    stage = await at_rest(contact=True)
    stage.lost = True
    await stage.until(33.0)
    first, *rest = stage.told()
    assert first.rule == "cooling_failed"
    assert rest == [told(OVERHEATING, "warning"), told(OVERHEATING, "critical"), told(TOO_HOT, "critical")]
    stage.lost = False
    await stage.run(2400, 5.0)
    assert {one.rule for one in stage.told() if one.state == "resolved"} == {"cooling_failed", OVERHEATING, TOO_HOT}
    assert stage.standing() == set()


async def test_what_else_happens_in_the_room_speaks_for_nothing_of_it() -> None:
    stage = await at_rest(contact=False)
    stage.leak = stage.lost = True
    await stage.until(33.0)
    rules = [(one.rule, one.severity) for one in stage.told()]
    assert rules == [("leak", "critical"), (OVERHEATING, "warning"), (OVERHEATING, "critical"), (TOO_HOT, "critical")]


async def test_a_room_that_stays_warm_without_running_away_is_told_of_by_its_limit() -> None:
    stage = await at_rest(contact=False)
    stage.lost = True
    await stage.until(28.0)
    stage.told()
    stage.slope = 0.0
    await stage.run(1800, 5.0)
    assert {(one.state, one.rule) for one in stage.told()} == {("firing", TOO_HOT), ("resolved", OVERHEATING)}


@pytest.mark.parametrize("after", [100, 600])
async def test_a_restart_in_the_middle_ends_nothing_and_tells_nothing_twice(after: float) -> None:
    stage = await at_rest(contact=False)
    stage.lost = True
    await stage.run(after)
    before = stage.told()
    await stage.restart()
    await stage.until(33.0)
    rules = [(one.state, one.rule, one.severity) for one in (*before, *stage.told())]
    assert len(set(rules)) == len(rules)
    assert {state for state, _, _ in rules} == {"firing"}
    assert ("firing", OVERHEATING, "critical") in rules
    assert rules[-1] == ("firing", TOO_HOT, "critical")


@pytest.mark.parametrize("step", [-3600.0, -7.0])
async def test_a_clock_that_is_set_back_hides_no_failure(step: float) -> None:
    stage = await at_rest(contact=False)
    stage.lost = True
    await stage.run(60)
    stage.clock.step(step)
    stage.trap("klima")  # the stage plans its polls by the wall clock
    await stage.run(150)
    assert stage.told() == [told(OVERHEATING, "warning")]


async def test_a_sensor_that_falls_silent_in_the_middle_ends_nothing() -> None:
    stage = await at_rest(contact=False)
    stage.lost = True
    await stage.run(300)
    stage.told()
    stage.dead = {"klima"}
    await stage.run(1800, 5.0)
    assert OVERHEATING not in {one.rule for one in stage.told()}
