"""Courses of power in story time: outages with a falling runtime, self-tests, flicker, recharge, a UPS that is lost."""

from __future__ import annotations

import pytest

from agent import neutral
from agent.layout import Sample
from tests.courses.mains import DUE, POLL, UNREACHABLE, USV, Mains, at_rest, house, on_battery
from tests.courses.stage import Told


async def test_an_outage_of_half_an_hour_tells_a_warning_and_at_the_moment_of_shutdown_that_it_is_critical() -> None:
    stage = await at_rest(house())
    stage.out = True
    first, told = await stage.until_told(200)
    assert told == [on_battery("warning")]
    assert 60 <= first <= 60 + POLL + 1
    assert "begin the shutdown by " in stage.texts[0]
    more, told = await stage.until_told(1800)
    assert told == [on_battery("critical")]
    assert first + more == pytest.approx(DUE - POLL, abs=1)
    await stage.run(1800 - first - more)
    assert stage.told() == []
    assert "begin the shutdown now" in stage.summary("ups_on_battery", USV)
    stage.out = False
    back, told = await stage.until_told(200)
    assert told == [on_battery("critical", "resolved")]
    assert back <= 60 + POLL + 1


async def test_once_the_agreed_wait_is_over_it_is_critical_though_the_battery_lasts() -> None:
    stage = await at_rest(house("5m"))
    stage.out = True
    first, _ = await stage.until_told(200)
    more, told = await stage.until_told(600)
    assert told == [on_battery("critical")]
    assert 300 <= first + more <= 300 + POLL + 1
    assert "the agreed wait of 5 min is over" in stage.texts[0]


@pytest.mark.parametrize("step", [3600.0, -3600.0])
async def test_a_clock_that_is_set_ends_no_wait(step: float) -> None:
    stage = await at_rest(house("5m"))
    stage.out = True
    first, _ = await stage.until_told(200)
    stage.clock.step(step)
    stage.trap("usv")  # the stage plans its polls by the wall clock
    await stage.run(120)
    assert stage.told() == []
    more, told = await stage.until_told(600)
    assert told == [on_battery("critical")]
    assert 300 <= first + 120 + more <= 300 + POLL + 1


async def test_a_load_that_doubles_brings_the_moment_nearer() -> None:
    stage = await at_rest(house())
    stage.out = True
    await stage.run(300)
    assert stage.told() == [on_battery("warning")]
    stage.pace = 2.0  # 2400 s of the usual load are left: 1200 s, less than the reserve
    at, told = await stage.until_told(60)
    assert told == [on_battery("critical")]
    assert at <= POLL + 1


@pytest.mark.parametrize("seconds", [10, 300])
async def test_a_monthly_self_test_tells_nobody(seconds: int) -> None:
    stage = await at_rest(house("5m"))
    for _ in range(3):
        stage.testing = True
        await stage.run(seconds)
        stage.testing = False
        await stage.run(1800)
    assert stage.told() == []


async def test_a_test_flag_that_never_ends_is_told_and_the_mains_after_it_as_well() -> None:
    stage = await at_rest(house())
    stage.testing = True
    at, told = await stage.until_told(1800)
    assert 900 <= at <= 900 + POLL + 1
    assert told == [Told("firing", "warning", "ups_self_test_stuck", USV)]
    _, told = await stage.until_told(300)
    assert told == [on_battery("warning")]  # the UPS stays on battery: it is judged as what it is
    assert "has been testing itself for 16 min" in stage.texts[0]


async def test_an_outage_that_interrupts_a_test_is_told() -> None:
    stage = await at_rest(house())
    stage.testing = True
    await stage.run(120)
    stage.out, stage.testing = True, False
    at, told = await stage.until_told(200)
    assert told == [on_battery("warning")]
    assert at <= 60 + POLL + 1


async def test_a_mains_that_flickers_tells_nobody() -> None:
    stage = await at_rest(house("5m"))
    for _ in range(20):
        stage.out = True
        await stage.run(5)
        stage.out = False
        await stage.run(55)
    assert stage.told() == []


async def test_while_the_battery_charges_again_its_runtime_is_nobodys_business() -> None:
    stage = await at_rest(house("20m"))  # 44 of the 45 minutes are asked for
    stage.out = True
    await stage.run(600)
    stage.out = False
    await stage.run(1500)
    assert {one.rule for one in stage.told()} == {"ups_on_battery"}
    assert not {rule for rule, _ in stage.standing()} & {"ups_runtime_short", "ups_on_battery"}


async def test_a_ups_that_is_lost_in_an_outage_is_counted_on_and_told_at_its_moment() -> None:
    stage = await at_rest(house())
    stage.out = True
    first, _ = await stage.until_told(200)
    stage.dead.add("usv")
    second, told = await stage.until_told(300)
    assert told == [UNREACHABLE]
    third, told = await stage.until_told(1800)
    assert told == [on_battery("critical")]
    assert first + second + third == pytest.approx(DUE - POLL, abs=2)
    assert "does not answer" in stage.texts[0]
    await stage.run(3600, step=5)  # its battery is empty long since: nothing new can be said
    stage.dead.clear()
    stage.out = False
    await stage.run(300)
    assert {one.state for one in stage.told()} == {"resolved"}


async def test_where_no_client_would_shut_down_a_battery_that_never_sufficed_is_critical_at_once() -> None:
    stage = Mains(house("30m"), clients=0.0)  # 54 minutes are asked for, 45 are there
    await stage.run(1200)
    gaps = [Told("firing", "info", rule, USV) for rule in ("ups_runtime_short", "shutdown_clients_missing")]
    assert stage.told() == gaps
    stage.out = True
    await stage.run(200)
    told = stage.told()
    assert on_battery("critical") in told
    assert Told("firing", "warning", "shutdown_clients_missing", USV) in told
    assert "no computer is connected" in stage.summary("ups_on_battery", USV)


async def test_of_two_ups_the_one_that_is_out_is_told() -> None:
    other = {"site": "rathaus", "address": "127.0.0.1", "role": "ups", "room": "server", "interval": "30s"}
    server = {"site": "rathaus", "address": "127.0.0.1", "role": "server", "powered_by": ["usv", "usv-b"]}
    stage = Mains(house(devices={"usv-b": other, "srv": server}))
    stage.extra["usv-b"] = lambda _stage, _name: [
        Sample(neutral.UPS_ON_BATTERY, (), 0.0),
        Sample(neutral.UPS_RUNTIME, (), 7200.0),
    ]
    await stage.run(300)
    stage.out = True
    await stage.run(200)
    assert stage.told() == [on_battery("warning")]
    assert "lives on another feed: srv (usv-b)" in stage.finding("ups_on_battery", USV).evidence
