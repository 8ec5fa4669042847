"""NOW is a Friday, 2027-01-15 09:00 in Berlin."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from agent.risk.network.failure import Demand
from agent.risk.sight import Sight
from agent.risk.topology import Topology
from agent.risk.usage.demand import demands, working_hours
from agent.risk.usage.ends import HISTORY_SECONDS, IN_OCTETS, OUT_OCTETS
from agent.risk.usage.rates import STEP_SECONDS, Grid
from tests.agent.risk.scene import NOW, Scene
from tests.agent.risk.usage.traffic import BERLIN, MEGABIT, Rate, flows, octets

DAY = 86400.0
LAB = {"address": "127.0.0.1"}
RING: dict[str, Any] = {
    "sites": {"core": {"core": True}, "west": {}, "east": {}},
    "rings": {"ring": {}},
    "devices": {
        **{name: {"site": "core", **LAB} for name in ("core-a", "core-b")},
        "west-sw": {"site": "west", **LAB},
        "east-sw": {"site": "east", **LAB},
    },
    "links": {
        "core-west": {"kind": "fibre", "ring": "ring", "ends": ["core-a/1", "west-sw/1"]},
        "west-east": {"kind": "fibre", "ring": "ring", "ends": ["west-sw/2", "east-sw/1"]},
        "east-core": {"kind": "fibre", "ring": "ring", "ends": ["east-sw/2", "core-b/1"]},
    },
}


def demand_of(scene: Scene) -> dict[str, Demand]:
    sight = Sight.of(scene.inventory, scene.settings, scene.view(), scene.windows())
    portions = demands(sight, Topology.of(scene.inventory, scene.settings))
    while True:
        try:
            next(portions)
        except StopIteration as done:
            return dict(done.value)


def megabits(demand: Demand) -> float:
    assert not demand.declared
    return demand.bits_per_second / MEGABIT


def changed(links: dict[str, Any] | None = None, **sites: dict[str, Any]) -> dict[str, Any]:
    return {**RING, "sites": {**RING["sites"], **sites}, "links": links or RING["links"]}


def busy(rate: float, hour: int = 10) -> Rate:
    """So many Mbit/s in one hour of the day, else nearly nothing."""
    return lambda at: MEGABIT * (rate if at.hour == hour else 1.0)


def test_what_is_declared_is_the_demand() -> None:
    found = demand_of(flows(Scene(changed(west={"demand": "60Mbit/s"})), "west-sw/1", 9e9, 9e9))
    assert found["west"] == Demand(60 * MEGABIT, declared=True)


def test_transit_is_not_counted() -> None:
    """East's 50 Mbit/s come through west, which itself takes 20 and gives 4."""
    scene = flows(Scene(RING), "west-sw/1", 70 * MEGABIT, 9 * MEGABIT)
    flows(scene, "west-sw/2", 5 * MEGABIT, 50 * MEGABIT)
    assert megabits(demand_of(scene)["west"]) == pytest.approx(20)


def test_a_site_with_one_link_takes_what_its_port_carries_in_the_busier_direction() -> None:
    links = {"core-west": RING["links"]["core-west"]}
    scene = flows(Scene(changed(links)), "west-sw/1", 3 * MEGABIT, 30 * MEGABIT)
    assert megabits(demand_of(scene)["west"]) == pytest.approx(30)


def test_where_only_the_far_end_is_measured_it_is_used_mirrored() -> None:
    links = {"core-west": {"kind": "leased", "ends": ["core-a/1", "west"]}}
    scene = flows(Scene(changed(links)), "core-a/1", 3 * MEGABIT, 30 * MEGABIT)
    assert megabits(demand_of(scene)["west"]) == pytest.approx(30)


def test_an_end_that_fell_silent_leaves_the_demand_to_the_other() -> None:
    links = {"core-west": RING["links"]["core-west"]}
    scene, silent = Scene(changed(links)), NOW - 26 * 3600
    for family, rate in ((IN_OCTETS, 50.0), (OUT_OCTETS, 5.0)):
        scene.remembers(family, "device:west-sw", octets(rate * MEGABIT, end=silent), ifName="1")
    flows(scene, "core-a/1", 9 * MEGABIT, 500 * MEGABIT, begin=silent)
    assert megabits(demand_of(scene)["west"]) == pytest.approx(500)


def test_two_links_to_one_neighbour_are_one_port() -> None:
    links = {
        "a": {"kind": "fibre", "ends": ["core-a/1", "west-sw/1"]},
        "b": {"kind": "fibre", "ends": ["core-b/1", "west-sw/2"]},
    }
    scene = flows(Scene(changed(links)), "west-sw/1", 50 * MEGABIT, 0.0)
    flows(scene, "west-sw/2", 50 * MEGABIT, 40 * MEGABIT)
    assert megabits(demand_of(scene)["west"]) == pytest.approx(100)


def test_with_three_neighbours_it_is_the_difference_of_all() -> None:
    links = {**RING["links"], "west-x": {"kind": "fibre", "ends": ["west-sw/3", "x"]}}
    scene = flows(Scene(changed(links, x={"demand": "1Mbit/s"})), "west-sw/1", 100 * MEGABIT, 10 * MEGABIT)
    flows(flows(scene, "west-sw/2", 5 * MEGABIT, 50 * MEGABIT), "west-sw/3", 5 * MEGABIT, 20 * MEGABIT)
    assert megabits(demand_of(scene)["west"]) == pytest.approx(30)


def test_it_is_the_percentile_of_the_busy_hour_not_of_the_day() -> None:
    links = {"core-west": RING["links"]["core-west"]}
    scene = flows(Scene(changed(links)), "west-sw/1", busy(80), 0.0)
    assert megabits(demand_of(scene)["west"]) == pytest.approx(80, rel=0.05)


def test_week_ends_do_not_count() -> None:
    links = {"core-west": RING["links"]["core-west"]}
    scene = Scene(changed(links))
    flows(scene, "west-sw/1", lambda at: MEGABIT * (900 if at.weekday() >= 5 else 10), 0.0)
    assert megabits(demand_of(scene)["west"]) == pytest.approx(10)


def test_nor_do_holidays_and_closed_days() -> None:
    links = {"core-west": RING["links"]["core-west"]}
    town = {"timezone": "Europe/Berlin", "holidays": "DE-NW", "closed": ["2027-01-13"]}
    scene = Scene(changed(links), {"municipality": town})
    flows(scene, "west-sw/1", lambda at: MEGABIT * (900 if at.day == 13 else 10), 0.0)
    assert megabits(demand_of(scene)["west"]) == pytest.approx(10)


def test_a_demand_that_is_not_known_is_absent() -> None:
    assert demand_of(Scene(RING)) == {}


def test_less_than_a_working_day_of_history_is_no_demand() -> None:
    links = {"core-west": RING["links"]["core-west"]}
    young, old = Scene(changed(links)), Scene(changed(links))
    flows(young, "west-sw/1", MEGABIT, MEGABIT, begin=NOW - 0.8 * DAY)
    flows(old, "west-sw/1", MEGABIT, MEGABIT, begin=NOW - 1.1 * DAY)
    assert "west" not in demand_of(young)
    assert "west" in demand_of(old)


def test_a_link_in_use_that_nothing_measures_leaves_the_demand_unknown() -> None:
    links: dict[str, Any] = {
        "core-west": RING["links"]["core-west"],
        "dsl": {"kind": "leased", "ends": ["core", "west"]},
    }
    assert "west" not in demand_of(flows(Scene(changed(links)), "west-sw/1", MEGABIT, MEGABIT))
    links["dsl"] = {"kind": "mobile", "ends": ["core", "west"], "standby": True}
    assert "west" in demand_of(flows(Scene(changed(links)), "west-sw/1", MEGABIT, MEGABIT))


def test_the_core_site_has_no_demand_of_its_own() -> None:
    scene = flows(Scene(RING), "core-a/1", MEGABIT, MEGABIT)
    assert "core" not in demand_of(flows(scene, "core-b/1", MEGABIT, MEGABIT))


def test_seven_working_days_are_looked_at_and_the_clocks_may_change_among_them() -> None:
    change = datetime(2027, 3, 29, 12, tzinfo=BERLIN).timestamp()  # the Monday after the clocks went forward
    settings = Scene(settings={"municipality": {"timezone": "Europe/Berlin"}}).settings
    for now in (NOW, change):
        grid = Grid.of(now, HISTORY_SECONDS)
        hours = working_hours(settings, grid)
        assert len(hours) == 7 * 24
        slots = [slot for hour in hours for slot in hour.slots]
        assert len(slots) == len(set(slots))
        for hour in hours:
            begin = {datetime.fromtimestamp((grid.first + slot) * STEP_SECONDS, BERLIN).hour for slot in hour.slots}
            assert begin <= {hour.of_day}
