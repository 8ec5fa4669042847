"""Courses of lines: standby, two providers, the data centre that everybody needs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.courses.counties import COUNTY, TWO_PROVIDERS
from tests.courses.stage import Stage, Told


async def quiet(inventory: Mapping[str, Any], settings: Mapping[str, Any] | None = None) -> Stage:
    stage = Stage(inventory, settings)
    await stage.run(900, step=5)
    stage.told()
    return stage


async def test_lte_takes_over_for_the_fibre_and_would_not_carry_what_the_town_hall_needs() -> None:
    stage = await quiet(COUNTY)
    stage.down.add("rh-fibre")
    await stage.run(120)
    told = stage.told()
    assert told[0] == Told("firing", "warning", "link_down", "link:rh-fibre")
    assert stage.summary("link_down", "link:rh-fibre") == (
        "link Rathaus–Kreishaus (rh-fibre) is down; other ways carry; Rathaus now has one way"
    )
    assert stage.summary("failover_overload", "link:rh-lte") == (
        "link Rathaus–Kreishaus (rh-lte) now carries 120 Mbit/s of 50 Mbit/s (240%)"
    )
    await stage.run(900)
    assert told + stage.told() == [Told("firing", "warning", "link_down", "link:rh-fibre")]


async def test_before_anything_fails_it_is_said_that_lte_would_not_carry_enough() -> None:
    stage = Stage(COUNTY)
    await stage.run(900, step=5)
    assert Told("firing", "warning", "failover_overload", "link:rh-lte") in stage.told()
    assert stage.summary("failover_overload", "link:rh-lte").startswith("if link Rathaus–Kreishaus (rh-fibre) fails,")


async def test_the_line_to_the_data_centre_is_told_once_and_not_by_each_site_that_needs_it() -> None:
    stage = await quiet(COUNTY, {"defaults": {"needs": ["kreishaus", "rz"]}})
    stage.down.add("kh-rz")
    await stage.run(120)
    assert stage.told() == [Told("firing", "critical", "site_isolated", "site:rz")]
    assert stage.network.sites["rathaus"].unreachable == ("rz",)


async def test_of_two_providers_each_way_is_measured_by_its_own_probe() -> None:
    stage = await quiet(TWO_PROVIDERS)
    stage.down.add("provider-a")
    await stage.run(70)
    assert stage.told() == [Told("firing", "warning", "link_down", "link:provider-a")]
    assert stage.summary("link_down", "link:provider-a") == (
        "link Leitung A is down; other ways carry; Schule now has one way"
    )
    stage.down.add("provider-b")
    stage.dead.add("sw-schule")
    await stage.run(130)
    assert stage.told() == [Told("firing", "critical", "site_isolated", "site:schule")]


async def test_a_line_that_somebody_switched_off_is_no_failure_but_costs_redundancy() -> None:
    stage = await quiet(COUNTY)
    stage.switched_off.add("sw-rh/49")
    await stage.run(180)
    assert Told("firing", "warning", "redundancy_lost", "site:rathaus") in stage.told()
    assert ("link_down", "link:rh-fibre") not in stage.standing()


async def test_where_no_way_is_declared_a_silent_device_speaks_for_itself() -> None:
    device = {"site": "rathaus", "address": "127.0.0.1", "role": "switch"}
    stage = await quiet({"sites": {"rathaus": {}}, "devices": {"sw-1": device}})
    stage.dead.add("sw-1")
    await stage.run(120)
    assert stage.told() == [Told("firing", "critical", "device_unreachable", "device:sw-1")]
