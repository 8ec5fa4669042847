"""Devices that must not be asked often: no two polls begin closer together than the kind of check allows."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from structlog.testing import capture_logs

from agent.contract import Job, Plan, Unreachable
from agent.engine import scheduler
from agent.engine.plan import make_plan
from agent.engine.runner import CLOSE_SECONDS, patience
from config.inventory import Inventory
from tests.agent.engine.fakes import Bench, FakeCollector, Step, harvest, job
from tests.agent.engine.plans import SITES, SPECS
from tests.agent.engine.plans import settings as settings_of
from tests.harness.clock import FakeClock

LEAST = 300.0
FAREWELL = 125.0
SILENCE = Unreachable("no answer")


@pytest.fixture
async def bench() -> AsyncIterator[Bench]:
    made = Bench()
    yield made
    await made.stop()


def spared(name: str = "a", interval: float = LEAST, **keys: Any) -> Job:
    made = job(name, interval=interval, **keys)
    return replace(made, least_interval_seconds=LEAST, longest_farewell_seconds=FAREWELL)


def distances(collector: FakeCollector) -> list[float]:
    return [round(later - earlier, 2) for earlier, later in pairwise(collector.started)]


async def test_without_anything_in_between_it_is_polled_at_its_interval(bench: Bench) -> None:
    a = bench.collectors["a"] = FakeCollector(bench.clock)
    await bench.start(spared(phase=30))
    await bench.clock.advance(1900)
    assert set(distances(a)) <= {300.0}
    assert len(a.started) >= 6


async def test_a_wish_waits_for_its_time_and_is_not_forgotten(bench: Bench) -> None:
    a = bench.collectors["a"] = FakeCollector(bench.clock)
    await bench.start(spared(interval=3600, phase=10))
    await bench.clock.advance(60)
    for _ in range(3):
        bench.engine.poll_now([job("a").key])
        await bench.clock.advance(10)
    assert len(a.started) == 1
    await bench.clock.advance(300)
    assert distances(a) == [300.0]
    await bench.clock.advance(400)
    bench.engine.poll_now([job("a").key])
    await bench.clock.advance(1)
    assert len(a.started) == 3


async def test_a_wish_during_a_poll_waits_as_well(bench: Bench) -> None:
    a = bench.collectors["a"] = FakeCollector(bench.clock, 50.0, harvest())
    await bench.start(spared(phase=0))
    await bench.clock.advance(10)
    bench.engine.poll_now([job("a").key])
    await bench.clock.advance(280)
    assert len(a.started) == 1
    await bench.clock.advance(20)
    assert distances(a) == [300.0]


async def test_a_failed_poll_is_confirmed_at_the_next_time_and_not_a_second_later(bench: Bench) -> None:
    a = bench.collectors["a"] = FakeCollector(bench.clock, harvest(), SILENCE)
    await bench.start(spared(phase=0))
    await bench.clock.advance(1300)
    assert min(distances(a)) >= LEAST


async def test_a_reload_keeps_the_distance_whether_the_job_is_kept_or_built_anew(bench: Bench) -> None:
    await bench.start(spared(phase=10))
    await bench.clock.advance(20)
    first = bench.collectors["a"]
    await bench.engine.apply(Plan((spared(phase=10),)))
    await bench.clock.advance(60)
    await bench.engine.apply(Plan((spared(phase=10, tag="changed"),)))
    await bench.clock.advance(220)
    assert len(first.started) == 1
    assert bench.collectors["a"] is not first
    assert bench.collectors["a"].started == []
    await bench.clock.advance(20)
    assert round(bench.collectors["a"].started[0] - first.started[0], 2) == LEAST


async def test_a_job_that_was_away_for_a_while_keeps_the_distance_too(bench: Bench) -> None:
    await bench.start(spared(phase=10))
    await bench.clock.advance(20)
    first = bench.collectors["a"]
    await bench.engine.apply(Plan(()))
    await bench.clock.advance(60)
    await bench.engine.apply(Plan((spared(phase=10),)))
    await bench.clock.advance(200)
    assert bench.collectors["a"].started == []
    await bench.clock.advance(40)
    assert round(bench.collectors["a"].started[0] - first.started[0], 2) == LEAST


@settings(max_examples=6, deadline=None)
@given(
    st.floats(300, 900),
    st.lists(st.tuples(st.floats(0, 400), st.sampled_from(["wish", "reload", "jump"])), max_size=12),
    st.lists(st.sampled_from(["well", "silent", "slow"]), min_size=1, max_size=6),
)
async def test_whatever_happens_no_two_polls_begin_closer_together(
    interval: float, events: list[tuple[float, str]], answers: list[str]
) -> None:
    made = Bench()
    started: list[float] = []
    steps: dict[str, Step] = {"well": harvest(), "silent": SILENCE, "slow": 120.0}

    class Noted(FakeCollector):
        async def collect(self) -> Any:
            started.append(self.clock.monotonic())
            return await super().collect()

    def build(clock: FakeClock) -> FakeCollector:
        return Noted(clock, *(steps[name] for name in answers))

    made.make = lambda _target: build(made.clock)
    await made.start(spared(interval=interval, phase=interval / 3))
    for number, (pause, event) in enumerate(events):
        await made.clock.advance(pause)
        if event == "wish":
            made.engine.poll_now([job("a").key])
        elif event == "reload":
            await made.engine.apply(Plan((spared(interval=interval, phase=interval / 3, tag=str(number)),)))
        else:
            made.clock.jump(pause)
    await made.clock.advance(1000)
    await made.stop()
    assert started
    assert all(later - earlier >= LEAST for earlier, later in pairwise(started))


def planned(device: dict[str, Any], **defaults: Any) -> tuple[Job, tuple[str, ...]]:
    slow = replace(
        SPECS["tcp"], least_interval_seconds=LEAST, longest_poll_seconds=120.0, longest_farewell_seconds=FAREWELL
    )
    raw = {"sites": SITES, "devices": {"a": {"site": "rathaus", "address": "192.0.2.1", "checks": ["tcp"], **device}}}
    made = make_plan(Inventory.model_validate(raw), settings_of(**defaults), {**SPECS, "tcp": slow})
    (found,) = (one for one in made.jobs if one.kind == "tcp")
    return found, made.warnings


def test_an_interval_that_is_too_short_is_raised_and_told() -> None:
    found, warnings = planned({"interval": "30s"})
    assert (found.interval_seconds, found.least_interval_seconds, found.stale_after_seconds) == (300, 300, 900)
    assert found.phase_seconds < 300
    assert warnings == ("device:a/tcp: interval 30 s is too short for tcp; it is polled every 300 s",)


def test_a_general_default_that_is_too_short_is_raised_without_a_word() -> None:
    assert planned({}, interval="30s")[0].interval_seconds == 300
    assert planned({}, interval="30s")[1] == ()
    assert planned({"interval": "1h"})[0].interval_seconds == 3600


def test_a_slow_kind_has_its_own_time_for_a_poll_and_others_have_the_usual() -> None:
    assert planned({"interval": "5m"})[0].target.budget_seconds == 120
    assert planned({"interval": "5m", "checks": ["tcp", "snmp"]})[0].target.timeout_seconds == 5


class Parting(FakeCollector):
    """Says farewell for so long."""

    def __init__(self, clock: FakeClock) -> None:
        super().__init__(clock)
        self.said = asyncio.Event()

    async def close(self) -> None:
        await self.said.wait()
        await super().close()


async def test_at_the_end_of_the_daemon_a_spared_device_gets_time_for_its_farewell(bench: Bench) -> None:
    a = bench.collectors["a"] = Parting(bench.clock)
    await bench.start(spared(phase=0))
    stopping = asyncio.create_task(bench.stop())
    await asyncio.wait([stopping], timeout=2 * CLOSE_SECONDS)
    assert not stopping.done()
    a.said.set()
    await stopping
    assert a.closed


async def test_a_farewell_that_a_reload_left_behind_is_waited_for_at_the_end_without_a_warning(bench: Bench) -> None:
    a = bench.collectors["a"] = Parting(bench.clock)
    await bench.start(spared(phase=0))
    with capture_logs() as logs:
        await bench.engine.apply(Plan(()))
        assert not a.closed
        stopping = asyncio.create_task(bench.stop())
        await asyncio.wait([stopping], timeout=2 * CLOSE_SECONDS)
        assert not stopping.done()
        a.said.set()
        await stopping
    assert a.closed
    assert [one for one in logs if one["log_level"] == "warning"] == []


async def test_a_farewell_without_end_does_not_keep_the_daemon(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scheduler, "LEAVE_SECONDS", 0.1)
    bench.collectors["a"] = Parting(bench.clock)
    await bench.start(spared(phase=0))
    await bench.clock.advance(1)
    with capture_logs() as logs:
        await bench.stop()
    assert [one["event"] for one in logs if one["log_level"] == "warning"] == ["left without farewell: no time"]


def test_closing_may_take_what_a_poll_and_the_farewell_of_its_kind_may_where_there_is_one() -> None:
    slow = replace(spared(), target=replace(spared().target, budget_seconds=120.0))
    assert patience(slow) == 120.0 + FAREWELL
    assert patience(job("a")) == patience(replace(slow, longest_farewell_seconds=0.0)) == CLOSE_SECONDS


def test_a_job_knows_the_farewell_of_its_kind() -> None:
    assert planned({"interval": "5m"})[0].longest_farewell_seconds == FAREWELL
