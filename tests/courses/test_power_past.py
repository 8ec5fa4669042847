"""Courses of power in which what was before decides: late test flags, calibrations, restarts, what is not said."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import pytest

from agent import neutral
from agent.contract import MetricFamily
from agent.layout import Sample
from tests.courses.mains import DUE, POLL, USV, Mains, at_rest, house, on_battery
from tests.courses.stage import Told

STUCK = Told("firing", "warning", "ups_self_test_stuck", USV)


def says_otherwise(stage: Mains, change: Callable[[Sample], Sample | None]) -> None:
    """Let the UPS leave out, or change, what it says."""
    usual = stage.extra["usv"]

    def changed(_stage: object, _name: str) -> Iterable[Sample]:
        return [new for one in usual(stage, "usv") if (new := change(one)) is not None]

    stage.extra["usv"] = changed


def without(family: MetricFamily) -> Callable[[Sample], Sample | None]:
    return lambda one: None if one.family is family else one


@pytest.mark.parametrize("phase", range(0, 60, 5))
async def test_a_self_test_whose_flag_comes_half_a_minute_late_tells_nobody(phase: int) -> None:
    calm = house()
    minutely = {**calm, "devices": {"usv": {**calm["devices"]["usv"], "interval": "60s"}}}
    stage = Mains(minutely, poll=60.0)
    await stage.run(600 + phase)
    began = stage.clock.now()
    stage.testing = True

    def late(one: Sample) -> Sample:
        hidden = one.family is neutral.UPS_SELF_TEST_RUNNING and stage.clock.now() - began < 30
        return Sample(one.family, (), 0.0) if hidden else one

    says_otherwise(stage, late)
    await stage.run(180)
    stage.testing = False
    await stage.run(400)
    assert stage.told() == []


async def test_a_calibration_is_told_as_a_test_that_hangs_before_anybody_is_sent_to_shut_down() -> None:
    stage = await at_rest(house("5m"))
    stage.testing = True
    at, told = await stage.until_told(1800)
    assert told == [STUCK]
    more, told = await stage.until_told(300)
    assert told == [on_battery("warning")]
    at += more
    more, told = await stage.until_told(1800)
    assert told == [on_battery("critical")]
    assert at + more == pytest.approx(min(900 + 300, DUE - POLL), abs=POLL + 1)


async def test_an_outage_goes_on_while_the_ups_does_not_say_where_it_stands() -> None:
    stage = await at_rest(house())
    stage.out = True
    _, told = await stage.until_told(200)
    assert told == [on_battery("warning")]
    says_otherwise(stage, without(neutral.UPS_ON_BATTERY))
    await stage.run(900)
    assert stage.told() == []


async def test_a_restart_in_an_outage_repeats_nothing_and_keeps_its_beginning() -> None:
    stage = await at_rest(house("5m"))
    stage.out = True
    await stage.run(331)
    assert stage.told() == [on_battery("warning"), on_battery("critical")]
    since = stage.finding("ups_on_battery", USV).evidence[0].partition(" (")[0]
    await stage.restart(shift=3)
    await stage.run(45)
    found = stage.finding("ups_on_battery", USV)
    assert (found.severity.value, found.evidence[0].partition(" (")[0]) == ("critical", since)
    await stage.run(600)
    assert stage.told() == []


async def test_a_restart_while_the_flag_is_stuck_resolves_nothing() -> None:
    stage = await at_rest(house())
    stage.testing = True
    await stage.run(1000)
    assert stage.told() == [STUCK, on_battery("warning")]
    await stage.restart(shift=3)
    await stage.run(110)
    assert stage.told() == []
    assert {("ups_on_battery", USV), ("ups_self_test_stuck", USV)} <= stage.standing()


async def test_a_wait_is_over_when_it_is_and_not_a_poll_later() -> None:
    stage = await at_rest(house("100s"))
    stage.out = True
    stage.trap("usv")
    first, _ = await stage.until_told(200)
    more, told = await stage.until_told(200)
    assert told == [on_battery("critical")]
    assert first + more == pytest.approx(101, abs=1)
