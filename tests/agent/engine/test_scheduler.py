from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, MutableMapping
from typing import Any

import pytest

from agent.contract import AuthFailed, CannotCheck, Harvest, JobState, Reason, Unreachable
from agent.engine.scheduler import Scheduler
from agent.engine.store import Store
from agent.families import COLLECT_ERRORS, COLLECT_SKIPPED, JOBS, LOOP_LAG, SCHEDULE_SKEW
from tests.agent.engine.fakes import Bench, FakeCollector, RevivableCollector, harvest, job
from tests.harness.clock import FakeClock, settle

SILENCE = Unreachable("no answer")


@pytest.fixture
async def bench() -> AsyncIterator[Bench]:
    made = Bench()
    yield made
    await made.stop()


def starts(collector: FakeCollector, begin: float = 1000.0) -> list[float]:
    return [round(at - begin, 3) for at in collector.started]


def state(bench: Bench, name: str = "a") -> JobState:
    (found,) = bench.engine.view().jobs(job(name).key.subject)
    return found


async def test_polls_start_at_their_phase_and_keep_it(bench: Bench) -> None:
    a = bench.collectors["a"] = FakeCollector(bench.clock)
    b = bench.collectors["b"] = FakeCollector(bench.clock)
    await bench.start(job("a", interval=10, phase=3), job("b", interval=30, phase=12))
    await bench.clock.advance(75)
    assert starts(a) == [3, 13, 23, 33, 43, 53, 63, 73]
    assert starts(b) == [12, 42, 72]


async def test_a_job_with_a_long_interval_is_first_polled_within_a_minute(bench: Bench) -> None:
    a = bench.collectors["a"] = FakeCollector(bench.clock)
    await bench.start(job("a", interval=600, phase=500))
    await bench.clock.advance(1700)
    assert starts(a) == [50, 500, 1100, 1700]


async def test_a_poll_never_overlaps_itself_and_late_ones_are_skipped_and_counted(bench: Bench) -> None:
    a = bench.collectors["a"] = FakeCollector(bench.clock, 25.0, harvest())
    await bench.start(job("a", interval=10, phase=5))
    await bench.clock.advance(50)
    assert starts(a) == [5, 35, 45]
    assert a.most_at_once == 1
    (skipped,) = bench.meter(COLLECT_SKIPPED).items()
    assert skipped == ((*job("a").target.labels, ("check", "snmp")), 2.0)


async def test_a_job_that_waits_for_a_slot_waits_once(bench: Bench) -> None:
    kept, clock = Store(), bench.clock
    jobs = job("a", interval=60, phase=0), job("b", interval=10, phase=1)
    collectors = FakeCollector(clock, 25.0, harvest()), FakeCollector(clock)
    scheduler = Scheduler(clock, lambda reading: kept.record(reading, clock.monotonic()), bench.meters, main=1)
    for one, collector in zip(jobs, collectors, strict=True):
        kept.add(one)
        scheduler.add(one, collector)
    running = asyncio.create_task(scheduler.run())
    await clock.advance(32)
    assert starts(collectors[1]) == [25, 31]
    assert sum(bench.meter(COLLECT_SKIPPED).values()) == 2
    running.cancel()
    await scheduler.close()


async def test_after_a_suspension_nothing_is_caught_up(bench: Bench) -> None:
    a = bench.collectors["a"] = FakeCollector(bench.clock)
    await bench.start(job("a", interval=10, phase=5))
    await bench.clock.advance(6)
    bench.clock.jump(60)
    await bench.clock.advance(20)
    assert starts(a) == [5, 66, 75, 85]
    assert sum(bench.meter(COLLECT_SKIPPED).values()) == 5


async def test_a_failed_poll_is_repeated_once_a_second_later(bench: Bench) -> None:
    a = bench.collectors["a"] = FakeCollector(bench.clock, harvest(), SILENCE)
    await bench.start(job("a", interval=60, phase=10))
    await bench.clock.advance(70)
    assert (state(bench).up, state(bench).failures) == (False, 1)
    await bench.clock.advance(1)
    assert starts(a) == [10, 70, 71]
    assert (state(bench).up, state(bench).failures) == (False, 2)
    await bench.clock.advance(60)
    assert starts(a) == [10, 70, 71, 130]


@pytest.mark.parametrize("error", [AuthFailed("wrong digest"), CannotCheck("forbidden"), ZeroDivisionError()])
async def test_what_no_lost_packet_explains_is_not_repeated(bench: Bench, error: BaseException) -> None:
    a = bench.collectors["a"] = FakeCollector(bench.clock, error)
    await bench.start(job("a", interval=60, phase=10))
    await bench.clock.advance(80)
    assert starts(a) == [10, 70]


async def test_a_silent_job_moves_to_the_slow_lane_and_its_first_answer_brings_it_back(bench: Bench) -> None:
    a = bench.collectors["a"] = RevivableCollector(bench.clock, patience=0.5)
    await bench.start(job("a", interval=10, phase=0))
    await bench.clock.advance(200)
    assert starts(a) == [0, 1.5, 10]
    # then one packet only, at a pace that falls to one a minute
    assert [round(at - 1000.0, 3) for at in a.revived] == [20, 30, 50, 90, 150]
    assert bench.meter(JOBS)[(("lane", "slow"),)] == 1
    a.alive = True
    await bench.clock.advance(25)
    assert [round(at - 1000.0, 3) for at in a.revived][-1] == 210
    assert starts(a)[3:] == [210, 220]
    assert state(bench).up is True


async def test_a_slow_job_is_not_slower_than_its_interval_or_a_minute(bench: Bench) -> None:
    a = bench.collectors["a"] = FakeCollector(bench.clock, SILENCE)
    await bench.start(job("a", interval=300, phase=0))
    await bench.clock.advance(1500)
    assert starts(a) == [0, 1, 300, 600, 900, 1200, 1500]


async def test_a_silent_job_without_a_single_packet_check_is_polled_in_full(bench: Bench) -> None:
    a = bench.collectors["a"] = FakeCollector(bench.clock, SILENCE, SILENCE, SILENCE, SILENCE, harvest())
    await bench.start(job("a", interval=10, phase=0))
    await bench.clock.advance(60)
    assert starts(a) == [0, 1, 10, 20, 30, 40, 50, 60]
    assert state(bench).up is True


async def test_a_refused_credential_is_an_answer(bench: Bench) -> None:
    a = RevivableCollector(bench.clock, patience=0.0)
    bench.collectors["a"] = a
    await bench.start(job("a", interval=10, phase=0))
    await bench.clock.advance(15)

    async def refuse() -> Harvest:
        raise AuthFailed("wrong digest")

    a._answer = refuse  # type: ignore[method-assign,assignment]
    await bench.clock.advance(30)
    assert state(bench).reason is Reason.AUTH
    assert bench.meter(JOBS)[(("lane", "slow"),)] == 0


async def test_dead_devices_do_not_delay_living_ones(bench: Bench) -> None:
    dead = [f"dead-{number}" for number in range(300)]
    living = [f"living-{number}" for number in range(100)]
    for name in dead:
        bench.collectors[name] = RevivableCollector(bench.clock, patience=6.0)
    phases = {name: index * 0.1 for index, name in enumerate(living)}
    await bench.start(
        *(job(name, interval=60, phase=0) for name in dead),
        *(job(name, interval=60, phase=phases[name]) for name in living),
    )
    await bench.clock.advance(180)  # until here they take the slots of the main lane for six seconds each minute
    for name in living:
        bench.collectors[name].started.clear()
    await bench.clock.advance(119.99)
    for name in living:
        expected = [round(phases[name] + 60 * k, 3) for k in (3, 4, 5) if 180 < phases[name] + 60 * k < 299.99]
        assert starts(bench.collectors[name]) == expected
    assert bench.meter(JOBS) == {(("lane", "main"),): 100, (("lane", "slow"),): 300}


async def test_poll_now_comes_out_of_turn_and_after_a_running_poll(bench: Bench) -> None:
    a = bench.collectors["a"] = FakeCollector(bench.clock, harvest(), 4.0, harvest())
    await bench.start(job("a", interval=60, phase=10))
    await bench.clock.advance(20)
    bench.engine.poll_now([job("a").key, job("gone").key])
    await bench.clock.advance(2)
    bench.engine.poll_now([job("a").key])
    bench.engine.poll_now([job("a").key])
    await bench.clock.advance(58)
    assert starts(a) == [10, 20, 24, 70]
    assert a.most_at_once == 1


async def test_errors_are_counted_by_reason_and_logged_on_change_only(
    bench: Bench, logs: list[MutableMapping[str, Any]]
) -> None:
    bench.collectors["a"] = FakeCollector(bench.clock, SILENCE, SILENCE, SILENCE, harvest())
    await bench.start(job("a", interval=10, phase=0))
    await bench.clock.advance(30)
    labels = (*job("a").target.labels, ("check", "snmp"), ("reason", "timeout"))
    assert bench.meter(COLLECT_ERRORS) == {labels: 3.0}
    assert [(entry["log_level"], entry["event"]) for entry in logs] == [
        ("warning", "poll failed"),
        ("info", "poll works again"),
    ]


async def test_a_bug_while_recording_costs_one_poll_only(
    bench: Bench, logs: list[MutableMapping[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    a = bench.collectors["a"] = FakeCollector(bench.clock)
    await bench.start(job("a", interval=10, phase=0))
    broken = [True]
    real = bench.windows.record

    def record(reading: Any) -> None:
        if broken.pop() if broken else False:
            raise ValueError
        real(reading)

    monkeypatch.setattr(bench.windows, "record", record)
    await bench.clock.advance(20)
    assert starts(a) == [0, 10, 20]
    assert [entry["event"] for entry in logs] == ["reading not recorded"]


async def test_lateness_of_starts_and_of_the_loop_is_published(bench: Bench) -> None:
    await bench.start(job("a", interval=10, phase=0.2))
    await bench.clock.advance(0.1)
    bench.clock.jump(2.1)
    await bench.clock.advance(10)
    # due at 0.2, the machine slept until 2.2
    assert bench.meter(SCHEDULE_SKEW)[(("quantile", "1"),)] == pytest.approx(2.0)
    assert bench.meter(LOOP_LAG)[(("quantile", "1"),)] == pytest.approx(1.95)
    assert bench.meter(LOOP_LAG)[(("quantile", "0.5"),)] == pytest.approx(0.0)


async def test_changed_is_set_by_each_reading(bench: Bench) -> None:
    await bench.start(job("a", interval=10, phase=5))
    bench.engine.changed.clear()
    await bench.clock.advance(4)
    assert not bench.engine.changed.is_set()
    await bench.clock.advance(1)
    assert bench.engine.changed.is_set()


async def test_a_thousand_jobs_are_polled_as_planned(bench: Bench) -> None:
    jobs = [job(f"d{number}", interval=60, phase=number * 0.06) for number in range(1000)]
    await bench.start(*jobs)
    await bench.clock.advance(179.97)
    polls = [len(bench.collectors[f"d{number}"].started) for number in range(1000)]
    assert set(polls) == {3}
    assert bench.meter(COLLECT_SKIPPED) == {}
    assert bench.meter(SCHEDULE_SKEW)[(("quantile", "1"),)] == pytest.approx(0.0, abs=1e-6)
    assert len(bench.engine.tables()) == 1000  # no series but how each job stands


async def test_stop_ends_polls_that_hang_and_closes_collectors() -> None:
    bench = Bench()
    hung = bench.collectors["a"] = FakeCollector(bench.clock, 1e9)
    await bench.start(job("a"), job("b"))
    await settle()
    await bench.stop()
    assert hung.closed
    assert hung.running == 0
    assert bench.collectors["b"].closed


async def test_a_fake_clock_wakes_sleepers_in_their_order() -> None:
    clock = FakeClock(now=50.0, monotonic=0.0)
    woken: list[float] = []

    async def sleeper(seconds: float) -> None:
        await clock.sleep(seconds)
        woken.append(clock.monotonic())

    tasks = [asyncio.create_task(sleeper(seconds)) for seconds in (3.0, 1.0, 2.0)]
    await clock.advance(2.5)
    assert (woken, clock.now()) == ([1.0, 2.0], 52.5)
    await clock.advance(0.5)
    await asyncio.gather(*tasks)
