"""What follows from a report, and that it is kept before it is answered."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from agent.app.reports import AHEAD_SECONDS, EXPECT_EVERY_SECONDS, Reports, listened_for, mended, reported
from agent.contract import SIZES_KEPT, Heartbeat, HeartbeatSignal, JobKey, Refused, Subject
from agent.state.database import Database, StateError
from agent.state.store import StateStore
from config.heartbeats import Heartbeat as Terms
from config.inventory import Inventory, Service
from tests.harness.clock import FakeClock, settle
from tests.harness.fakes import FakeWire, in_thread

TOKEN = "hunter22-hunter22"
NEVER = Heartbeat("backup", 100.0)
SIGNALS = st.sampled_from(("success", "start", "fail"))
CODES = st.one_of(st.none(), st.integers(0, 255))
STEPS = st.lists(st.tuples(SIGNALS, CODES, st.floats(-7200, 86400)), max_size=12)


def test_an_end_after_a_start_has_a_duration() -> None:
    ended = reported(reported(NEVER, "start", None, 200.0), "success", None, 260.0)
    assert ended == Heartbeat("backup", 100.0, None, 260.0, 260.0, 0, 60.0)


def test_an_end_without_a_start_has_none() -> None:
    assert reported(NEVER, "success", 0, 260.0) == Heartbeat("backup", 100.0, None, 260.0, 260.0, 0, None)


def test_of_two_starts_the_later_one_counts() -> None:
    begun = reported(reported(NEVER, "start", None, 200.0), "start", None, 300.0)
    assert reported(begun, "success", None, 360.0).duration_seconds == 60.0


def test_a_failure_keeps_the_last_success_and_its_own_exit_code() -> None:
    failed = reported(reported(NEVER, "success", None, 200.0), "fail", 3, 300.0)
    assert (failed.succeeded_at, failed.ended_at, failed.exit_code) == (200.0, 300.0, 3)


def test_a_failure_without_a_code_has_none() -> None:
    assert reported(NEVER, "fail", None, 300.0).exit_code is None


def test_a_success_with_another_exit_code_than_0_is_none() -> None:
    assert reported(NEVER, "success", 2, 300.0).succeeded_at is None


def test_a_clock_that_stepped_back_gives_no_negative_duration() -> None:
    assert reported(reported(NEVER, "start", None, 4000.0), "success", None, 400.0).duration_seconds is None


@given(STEPS)
def test_whatever_is_reported_the_last_end_is_a_success_exactly_if_it_said_so(
    steps: list[tuple[HeartbeatSignal, int | None, float]],
) -> None:
    state, now = NEVER, 1000.0
    for signal, code, passed in steps:
        now += passed
        state = reported(state, signal, code, now)
        if signal == "start":
            assert state.started_at == now
            continue
        assert (state.started_at, state.ended_at) == (None, now)
        assert (state.succeeded_at == now) >= (signal == "success" and code in {None, 0})
        assert (state.exit_code == 0) == (signal == "success" and code in {None, 0}) or signal == "fail"
        assert state.duration_seconds is None or state.duration_seconds >= 0


@given(STEPS, st.floats(0, 1e9))
def test_nothing_mended_lies_in_the_future(steps: list[tuple[HeartbeatSignal, int | None, float]], now: float) -> None:
    state, at = NEVER, 1000.0
    for signal, code, passed in steps:
        at += passed
        state = reported(state, signal, code, at)
    found = mended(state, now)
    times = (found.awaited_since, found.started_at, found.ended_at, found.succeeded_at)
    assert all(one is None or one <= now + AHEAD_SECONDS for one in times)
    assert mended(found, now) == found


def test_a_start_counts_once_for_each_success() -> None:
    every = 86400.0
    first = listened_for(NEVER, every, 200.0)
    late = listened_for(first, every, 200.0 + every)
    assert (first.listening_since, late.listening_since) == (200.0, 200.0 + every)
    assert listened_for(late, every, 300.0 + every) == late
    succeeded = reported(late, "success", None, 400.0 + every)
    assert listened_for(succeeded, every, 500.0 + every).listening_since == 500.0 + every


def test_a_success_of_a_year_to_come_counts_from_now() -> None:
    assert mended(reported(NEVER, "success", None, 4e9), 1000.0).succeeded_at == 1000.0


def test_of_successes_the_last_sizes_are_kept_and_of_failures_none() -> None:
    state = NEVER
    for number in range(SIZES_KEPT + 5):
        state = reported(state, "success", None, 200.0 + number, number)
        state = reported(state, "fail", 3, 200.5 + number, 10**12)
        state = reported(state, "start", None, 200.7 + number, 7)
    assert state.sizes == tuple((200.0 + number, float(number)) for number in range(5, SIZES_KEPT + 5))


def test_a_success_without_its_size_is_kept_once_the_job_told_one() -> None:
    state = reported(NEVER, "success", None, 100.0)
    assert state.sizes == ()
    state = reported(reported(state, "success", None, 200.0, 7), "success", None, 300.0)
    assert state.sizes == ((200.0, 7.0), (300.0, None))


def test_reports_of_one_night_count_once_the_last_one_that_told_a_size() -> None:
    state = NEVER
    for at, size in ((0.0, 7), (100.0, 8), (3599.0, None), (3600.0, 9), (3700.0, None), (3800.0, 5)):
        state = reported(state, "success", None, at, size, apart=3600.0)
    assert state.sizes == ((0.0, 8.0), (3600.0, 5.0))


def test_a_job_that_reports_more_often_than_it_must_is_heard_each_time_it_is_night() -> None:
    state = NEVER
    for hour in range(49):
        state = reported(state, "success", None, hour * 3600.0, hour, apart=12 * 3600.0)
    assert [at / 3600 for at, _ in state.sizes] == [0, 12, 24, 36, 48]


def test_a_size_of_a_year_to_come_counts_from_now() -> None:
    assert mended(reported(NEVER, "success", None, 4e9, 5), 1000.0).sizes == ((1000.0, 5.0),)


class Office:
    """Reports over a real state store; ``polled`` holds what is to be looked at."""

    def __init__(self, directory: Path) -> None:
        terms = Terms(every=86400.0, token=SecretStr(TOKEN))
        services = {"backup": Service(heartbeat=terms), "page": Service(url="http://127.0.0.1/")}
        self.inventory = Inventory(services=services)
        self.clock = FakeClock()
        self.database = Database.open(directory)
        self.store = StateStore(self.database, FakeWire(at_once=True))
        self.polled: list[JobKey] = []
        self.reports = Reports(self.store, self.clock, lambda: self.inventory, self.polled.extend)


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    made = Office(tmp_path)
    yield made
    made.database.close()


async def test_a_report_is_in_the_file_when_it_returns(office: Office, tmp_path: Path) -> None:
    made = await office.reports.report("backup", TOKEN, "success", None, 123456789)
    assert made.succeeded_at == office.clock.now()
    assert made.sizes == ((office.clock.now(), 123456789.0),)
    office.database.close()
    again = in_thread(lambda: Database.open(tmp_path))
    assert again.memory.heartbeats == {"backup": made}
    again.close()


async def test_a_report_is_looked_at_at_once(office: Office) -> None:
    await office.reports.report("backup", TOKEN, "fail", 3)
    assert office.polled == [JobKey(Subject("service", "backup"), "heartbeat")]


@pytest.mark.parametrize(
    ("service", "token"),
    [("backup", "wrong"), ("backup", ""), ("nobody", TOKEN), ("page", TOKEN), ("backup", "\udcff")],
)
async def test_whoever_guesses_learns_nothing(office: Office, service: str, token: str) -> None:
    with pytest.raises(Refused) as refused:
        await office.reports.report(service, token, "success")
    assert (refused.value.kind, str(refused.value)) == ("forbidden", "service or token is not known")
    assert office.store.heartbeats() == {}


async def test_reports_at_the_same_time_are_all_counted(office: Office) -> None:
    await asyncio.gather(
        office.reports.report("backup", TOKEN, "start"),
        office.reports.report("backup", TOKEN, "fail", 1),
        office.reports.report("backup", TOKEN, "start"),
    )
    known = office.store.heartbeats()["backup"]
    assert known.started_at is not None
    assert known.exit_code == 1


async def test_what_cannot_be_kept_is_to_be_reported_again(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    async def full(_heartbeat: Heartbeat) -> None:
        raise StateError("disk full")

    monkeypatch.setattr(office.store, "record_heartbeat", full)
    await office.reports.expect()  # says so, raises nothing
    with pytest.raises(Refused) as refused:
        await office.reports.report("backup", TOKEN, "success")
    assert refused.value.kind == "unavailable"
    assert office.polled == []


async def test_since_when_reports_are_awaited_survives_a_restart(office: Office) -> None:
    watching = asyncio.create_task(office.reports.run())
    await settle()
    began = office.clock.now()
    assert office.store.heartbeats() == {"backup": Heartbeat("backup", began, listening_since=began)}
    await office.clock.advance(2 * EXPECT_EVERY_SECONDS)
    again = Reports(office.store, office.clock, lambda: office.inventory, office.polled.extend)
    await again.expect()
    assert office.store.heartbeats() == {"backup": Heartbeat("backup", began, listening_since=office.clock.now())}
    watching.cancel()


@pytest.mark.parametrize("noted", [True, False])
async def test_a_service_that_was_taken_out_and_put_back_is_awaited_anew(office: Office, noted: bool) -> None:
    before = office.inventory
    await office.reports.report("backup", TOKEN, "success")
    office.inventory = Inventory(services={"page": before.services["page"]})
    await office.reports.expect()
    await office.clock.advance(1e6)
    await office.reports.expect()
    office.inventory = before
    if noted:
        await office.reports.expect()
        assert office.store.heartbeats()["backup"] == Heartbeat("backup", office.clock.now())
    else:  # it reports before the daemon has noted that it is back
        made = await office.reports.report("backup", TOKEN, "success")
        await office.reports.expect()
        assert office.store.heartbeats()["backup"] == made
        assert (made.awaited_since, made.left_at) == (office.clock.now(), None)


async def test_what_lies_years_ahead_is_mended_in_the_file(office: Office) -> None:
    made = await office.reports.report("backup", TOKEN, "success")
    office.clock.step(-10 * 365 * 86400.0)
    await office.reports.expect()
    assert office.store.heartbeats()["backup"] == replace(
        made,
        awaited_since=office.clock.now(),
        succeeded_at=office.clock.now(),
        ended_at=office.clock.now(),
        listening_since=office.clock.now(),
    )
