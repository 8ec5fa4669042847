from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest

from agent.contract import CollectorSpec, Harvest, ParamError, Plan, Target, Unreachable, Wire
from agent.engine.build import BuildErrors
from agent.engine.engine import Engine
from agent.families import COLLECT_ERRORS, SNMP_VALUES
from tests.agent.engine.fakes import SPEED, Bench, FakeCollector, FakeParams, harvest, job, names
from tests.harness.clock import settle


@pytest.fixture
async def bench() -> AsyncIterator[Bench]:
    made = Bench()
    yield made
    await made.stop()


async def test_a_reload_keeps_what_is_unchanged_with_state_and_phase(bench: Bench) -> None:
    bench.make = lambda _target: FakeCollector(bench.clock, harvest(1.0))
    await bench.start(job("same", interval=60, phase=30), job("changed", tag="old"), job("gone"))
    await bench.clock.advance(40)
    before = dict(bench.collectors)
    await bench.engine.apply(
        Plan((job("same", interval=60, phase=30), job("changed", tag="new", phase=5), job("added", phase=7)))
    )
    assert bench.collectors["same"] is before["same"]
    assert not before["same"].closed
    assert before["changed"].closed
    assert before["gone"].closed
    states = {state.key.subject.id: state.up for state in bench.engine.view().jobs()}
    assert states == {"same": True, "changed": None, "added": None}
    assert {labels[0][1] for _, labels in bench.published()} == {"same"}
    await bench.clock.advance(60)
    assert [at - 1000.0 for at in before["same"].started] == [30, 90]
    assert [at - 1000.0 for at in bench.collectors["changed"].started] == [45]
    assert len(before["gone"].started) == 1


async def test_a_plan_whose_parameters_are_refused_changes_nothing() -> None:
    bench = Bench()

    def build(who: Target, params: Any, _wire: Wire) -> FakeCollector:
        if params.tag == "bad":
            raise ParamError("profile", f"unknown at {who.subject.id}")
        return FakeCollector(bench.clock)

    spec = CollectorSpec("fake", FakeParams, (SPEED,), build)
    bench.engine = engine = Engine(bench.clock, {"fake": spec}, bench.wire, bench.meters, bench.windows)
    await engine.apply(Plan((job("a"),)))
    with pytest.raises(BuildErrors) as caught:
        await engine.apply(Plan((job("b", tag="bad"), job("c", tag="bad"), job("d"))))
    assert [(failed.key.subject.id, error.hint) for failed, error in caught.value.errors] == [
        ("b", "unknown at b"),
        ("c", "unknown at c"),
    ]
    assert [state.key.subject.id for state in engine.view().jobs()] == ["a"]
    await bench.stop()


async def test_the_meters_of_what_is_gone_are_forgotten_and_no_others(bench: Bench) -> None:
    bench.make = lambda _target: FakeCollector(bench.clock, Unreachable("no answer"))
    two_checks = job("a", check="icmp")
    await bench.start(job("a"), two_checks, job("b"))
    await bench.clock.advance(5)
    for name in ("a", "b"):
        bench.meters.count(SNMP_VALUES, job(name).target.labels, 10)
    await bench.engine.apply(Plan((two_checks,)))
    assert {dict(labels)["check"] for labels in bench.meter(COLLECT_ERRORS)} == {"icmp"}
    assert [dict(labels)["device"] for labels in bench.meter(SNMP_VALUES)] == ["a"]
    await bench.engine.apply(Plan(()))
    assert bench.meter(SNMP_VALUES) == {}
    assert bench.meter(COLLECT_ERRORS) == {}


async def test_a_reload_while_a_poll_runs_cancels_it(bench: Bench) -> None:
    old = bench.collectors["a"] = FakeCollector(bench.clock, 20.0)
    await bench.start(job("a", phase=0, interval=60))
    await bench.clock.advance(5)
    assert old.running == 1
    await bench.engine.apply(Plan((job("a", tag="new", phase=1),)))
    assert old.running == 0
    assert old.closed
    await bench.clock.advance(5)
    assert bench.collectors["a"].started == [1006.0]


async def test_series_vanish_after_stale_after_and_up_is_0_at_once(bench: Bench) -> None:
    bench.collectors["a"] = FakeCollector(bench.clock, harvest(1.0), Unreachable("no answer"))
    await bench.start(job("a", interval=10, phase=0))
    await bench.clock.advance(10)
    labels = job("a").target.labels
    assert bench.published()[("ringwacht_up", (*labels, ("check", "snmp")))] == 0.0
    assert SPEED.name in names(bench.published())
    await bench.clock.advance(20)
    assert SPEED.name not in names(bench.published())
    assert list(bench.engine.view().series(SPEED.name)) == []
    assert bench.published()[("ringwacht_stale", (*labels, ("check", "snmp")))] == 1.0


async def test_a_step_of_the_wall_clock_makes_nothing_stale_or_fresh(bench: Bench) -> None:
    bench.collectors["a"] = FakeCollector(bench.clock, harvest(1.0), Unreachable("no answer"))
    await bench.start(job("a", interval=10, phase=0))
    await bench.clock.advance(1)
    bench.clock.step_wall(1e6)
    assert SPEED.name in names(bench.published())
    bench.clock.step_wall(-2e6)
    await bench.clock.advance(30)
    assert SPEED.name not in names(bench.published())


async def test_stop_abandons_a_collector_that_will_not_end() -> None:
    bench = Bench()

    class Deaf(FakeCollector):
        async def collect(self) -> Harvest:
            release = asyncio.Event()
            asyncio.get_running_loop().call_later(30, release.set)
            while not release.is_set():
                try:
                    await release.wait()
                except asyncio.CancelledError:
                    asyncio.get_running_loop().call_later(0.5, release.set)
            return harvest()

    bench.collectors["a"] = Deaf(bench.clock)
    await bench.start(job("a"))
    await settle()
    await bench.stop()
    assert bench.collectors["a"].closed
    await asyncio.gather(*asyncio.all_tasks() - {asyncio.current_task()}, return_exceptions=True)


def test_fake_params_compare_by_value() -> None:
    assert job("a", tag="x") == job("a", tag="x")
    assert FakeParams(tag="x") != FakeParams(tag="y")


async def test_new_specs_are_used_and_another_revision_rebuilds_its_jobs(bench: Bench) -> None:
    await bench.start(job("a"))
    first = bench.collectors["a"]
    built: list[str] = []

    def build(who: Target, _params: Any, _wire: Wire) -> FakeCollector:
        built.append(who.subject.id)
        return FakeCollector(bench.clock)

    spec = CollectorSpec("fake", FakeParams, (SPEED,), build)
    await bench.engine.apply(Plan((job("a"), job("b"))), {"fake": spec})
    assert built == ["b"]
    assert not first.closed
    await bench.engine.apply(Plan((job("a"), job("b"))), {"fake": replace(spec, revision="other modules")})
    assert built == ["b", "a", "b"]
    assert first.closed
