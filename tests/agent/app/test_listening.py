"""Which device a notification comes from, and when it is polled for it."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncGenerator, Callable, Iterable
from contextlib import asynccontextmanager
from typing import Any, cast

import pytest

from agent.app.listening import MAX_HEARD, QUIET_SECONDS, REPEAT_SECONDS, Listener
from agent.contract import Event, JobKey, JobState, Subject, Target
from agent.engine.engine import Engine
from agent.wire.telemetry import MeterBook
from agent.wire.wire import LocalWire
from config.inventory import Inventory
from tests.harness.clock import FakeClock
from tests.harness.fakes import FakeView, FakeWire


class Polls:
    """An engine that notes which devices it is asked to poll, and when."""

    def __init__(self, clock: FakeClock) -> None:
        self.asked: list[tuple[float, str]] = []
        self._clock = clock
        self._began = clock.monotonic()

    def view(self) -> FakeView:
        subjects = [Subject("device", name) for name in ("sw-1", "usv-1", "rr-1")]
        return FakeView([JobState(JobKey(subject, "snmp"), Target(subject)) for subject in subjects])

    def poll_now(self, keys: Iterable[JobKey]) -> None:
        self.asked += [(self._clock.monotonic() - self._began, key.subject.id) for key in keys]


class Voice:
    """A source that says what a test lets it say."""

    def __init__(self, clock: FakeClock) -> None:
        self._clock = clock
        self._emit: Callable[[Event], None] | None = None
        self.begun = 0

    async def run(self, emit: Callable[[Event], None]) -> None:
        self.begun += 1
        self._emit = emit
        await asyncio.Event().wait()

    async def say(self, source: str, name: str = "linkDown", *, urgent: bool = True) -> None:
        assert self._emit is not None
        self._emit(Event(self._clock.now(), source, f"1.3.{len(name)}", name, urgent))
        await self._clock.advance(0)


def inventory() -> Inventory:
    devices: dict[str, Any] = {
        "sw-1": {"site": "rathaus", "address": "192.0.2.1"},
        "usv-1": {"site": "rathaus", "address": "192.0.2.2:1161"},
        "rr-1": {"site": "rathaus", "address": "192.0.2.2:1162"},  # behind one address: the first of the two counts
    }
    return Inventory.model_validate({"sites": {"rathaus": {}}, "devices": devices})


@asynccontextmanager
async def heard(clock: FakeClock) -> AsyncGenerator[tuple[Voice, Listener, Polls]]:
    polls, voice = Polls(clock), Voice(clock)
    listener = Listener(cast("Engine", polls), cast("LocalWire", FakeWire()), clock, MeterBook())
    listener.replace(voice, inventory())
    task = asyncio.create_task(listener.run())
    await clock.advance(0)
    yield voice, listener, polls
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def test_a_device_is_polled_at_once_and_once_more(clock: FakeClock) -> None:
    async with heard(clock) as (voice, _, polls):
        await voice.say("192.0.2.1")
        assert polls.asked == [(0, "sw-1")]
        await clock.advance(60)
    assert polls.asked == [(0, "sw-1"), (REPEAT_SECONDS, "sw-1")]


async def test_a_storm_polls_a_device_once_a_second(clock: FakeClock) -> None:
    async with heard(clock) as (voice, _, polls):
        for _ in range(100):
            await voice.say("192.0.2.1")
            await clock.advance(0.1)
        await clock.advance(60)
    moments = [at for at, _ in polls.asked]
    assert all(after - before >= QUIET_SECONDS - 1e-6 for before, after in itertools.pairwise(moments))
    assert len(moments) in range(10, 13)
    assert moments[-1] > 10, "polled once more after it became quiet"


async def test_others_are_not_held_up(clock: FakeClock) -> None:
    async with heard(clock) as (voice, _, polls):
        await voice.say("192.0.2.1")
        await clock.advance(0.5)
        await voice.say("192.0.2.2", "upsOnBattery")
    assert polls.asked == [(0, "sw-1"), (0.5, "usv-1")]


@pytest.mark.parametrize(("source", "urgent"), [("192.0.2.99", True), ("192.0.2.1", False)])
async def test_strangers_and_what_calls_for_nothing_are_only_counted(
    source: str, urgent: bool, clock: FakeClock
) -> None:
    async with heard(clock) as (voice, listener, polls):
        await voice.say(source, "x", urgent=urgent)
        await voice.say(source, "x", urgent=urgent)
        await clock.advance(60)
        (row,) = listener.heard()
    assert polls.asked == []
    assert (row.device, row.count) == ("sw-1" if source == "192.0.2.1" else None, 2)


async def test_the_list_is_bounded_and_begins_with_the_newest(clock: FakeClock) -> None:
    async with heard(clock) as (voice, listener, _):
        for number in range(MAX_HEARD + 5):
            await voice.say(f"198.51.100.{number}", urgent=False)
        rows = listener.heard()
    assert len(rows) == MAX_HEARD
    assert rows[0].last.source == f"198.51.100.{MAX_HEARD + 4}"


async def test_a_reload_brings_another_source(clock: FakeClock) -> None:
    async with heard(clock) as (_, listener, polls):
        second = Voice(clock)
        listener.replace(second, inventory())
        await clock.advance(0)
        await second.say("192.0.2.1")
        assert polls.asked == [(0, "sw-1")]
        listener.replace(None, inventory())
        await clock.advance(60)


class NamesThatHang(FakeWire):
    """A resolver whose name server never answers."""

    async def resolve(self, host: str, prefer: int | None = None) -> str:
        """Wait for ever."""
        await asyncio.Event().wait()
        return host


async def test_a_dead_name_server_holds_up_no_device_with_an_address(clock: FakeClock) -> None:
    """Spelt as the inventory may spell it, told as the socket spells it."""
    devices = {
        "by-name": {"site": "rathaus", "address": "sw.example"},
        "sw-1": {"site": "rathaus", "address": "2001:DB8::0:1"},
    }
    polls, voice = Polls(clock), Voice(clock)
    listener = Listener(cast("Engine", polls), cast("LocalWire", NamesThatHang()), clock, MeterBook())
    listener.replace(voice, Inventory.model_validate({"sites": {"rathaus": {}}, "devices": devices}))
    task = asyncio.create_task(listener.run())
    await clock.advance(0)
    await voice.say("2001:db8::1")
    assert polls.asked == [(0, "sw-1")]
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def test_a_reload_that_changes_no_source_leaves_it_listening(clock: FakeClock) -> None:
    async with heard(clock) as (voice, listener, _):
        moved = {"sw-9": {"site": "rathaus", "address": "192.0.2.1"}}
        listener.replace(voice, Inventory.model_validate({"sites": {"rathaus": {}}, "devices": moved}))
        await clock.advance(0)
        await voice.say("192.0.2.1")
    assert voice.begun == 1
    assert listener.heard()[0].device == "sw-9"
