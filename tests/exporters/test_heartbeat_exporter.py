"""The dead man's switch: called while nothing hangs, and not when something does."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest
from pydantic import SecretStr

from config.settings import DeadMansSwitch
from exporters.heartbeat import HeartbeatExporter, failure_url
from tests.exporters.fakes import make_snapshot
from tests.harness.clock import FakeClock
from tests.harness.fakes import FakeTelemetry
from tests.harness.sink import Sink, sink

WELL = make_snapshot()
HANGS = replace(WELL, stuck=("scheduler", "judgement"))


class Lab:
    def __init__(self, here: Sink, **options: object) -> None:
        self.sink = here
        self.clock = FakeClock()
        self.telemetry = FakeTelemetry()
        switch = DeadMansSwitch.model_validate({"url": f"{here.url}/ping/us?a=b", "every": 60.0, **options})
        self.exporter = HeartbeatExporter(switch, self.clock, self.telemetry)

    async def publishes(self, *, hangs: bool = False, seconds: float = 5.0, times: int = 1) -> list[str]:
        """Hand over so many snapshots; return what was called meanwhile."""
        before = len(self.sink.requests)
        for _ in range(times):
            await self.exporter.publish(HANGS if hangs else WELL)
            await self.clock.advance(seconds)
        return [f"{one.method} {one.path}" for one in self.sink.requests[before:]]


@asynccontextmanager
async def lab(**options: object) -> AsyncGenerator[Lab]:
    async with sink() as here:
        made = Lab(here, **options)
        try:
            yield made
        finally:
            await made.exporter.close()


async def test_it_calls_once_an_interval() -> None:
    async with lab() as made:
        assert await made.publishes(times=24) == ["GET /ping/us?a=b"] * 2
        assert made.telemetry.outcomes("heartbeat") == {"delivered": 2}


async def test_it_stays_silent_while_something_hangs() -> None:
    async with lab() as made:
        await made.publishes()
        assert await made.publishes(hangs=True, times=120) == []
        assert made.telemetry.outcomes("heartbeat") == {"delivered": 1, "withheld": 10}


async def test_it_calls_at_once_when_nothing_hangs_any_more() -> None:
    async with lab() as made:
        await made.publishes()
        await made.publishes(hangs=True)
        assert await made.publishes() == ["GET /ping/us?a=b"]


async def test_it_says_what_hangs_where_that_is_wanted() -> None:
    async with lab(fail=True) as made:
        await made.publishes()
        assert await made.publishes(hangs=True, times=13) == ["POST /ping/us/fail?a=b"] * 2
        assert made.sink.requests[-1].body == b"no progress: scheduler, judgement"


async def test_a_call_that_is_not_taken_is_made_again_after_twice_as_long() -> None:
    async with lab() as made:
        made.sink.status = 503
        assert len(await made.publishes(times=16)) == 5  # after 0, 5, 15, 35 and 75 s
        assert made.telemetry.outcomes("heartbeat") == {"failed": 5}


async def test_nobody_there_is_no_error() -> None:
    async with sink() as here:
        made = Lab(here)
    await made.publishes()
    assert made.telemetry.outcomes("heartbeat") == {"failed": 1}
    await made.exporter.close()


async def test_the_call_carries_the_token() -> None:
    async with lab(token=SecretStr("hunter22")) as made:
        await made.publishes()
        assert made.sink.requests[0].headers["Authorization"] == "Bearer hunter22"


async def test_a_redirect_is_not_followed() -> None:
    async with lab() as made:
        made.sink.status = 302
        assert len(await made.publishes()) == 1
        assert made.telemetry.outcomes("heartbeat") == {"failed": 1}


@pytest.mark.parametrize(
    ("url", "failure"),
    [
        ("https://hc.example/ping/1", "https://hc.example/ping/1/fail"),
        ("https://hc.example/ping/1/", "https://hc.example/ping/1/fail"),
        ("https://hc.example/ping/1?token=x", "https://hc.example/ping/1/fail?token=x"),
    ],
)
def test_failures_go_beside_the_query(url: str, failure: str) -> None:
    assert failure_url(url) == failure
