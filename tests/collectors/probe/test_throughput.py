"""What a line delivers, measured on loopback with a clock of the test's own."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from aiohttp import web
from hypothesis import given
from hypothesis import strategies as st

from agent.contract import BadReply, CollectError, Collector, Subject, Target
from agent.wire.trust import TrustShare
from agent.wire.wire import LocalWire
from collectors.probe import throughput
from collectors.probe.families import LINE_FAMILIES
from collectors.probe.parse_throughput import LONGEST_SECONDS, LineRate, Meter
from config.network import Throughput
from tests.collectors.probe.servers import series, web_server

CHUNK = bytes(50_000)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Each look at the clock takes 0.01 s: a line of so many chunks a second."""
    now = [0.0]

    def tick() -> float:
        now[0] += 0.01
        return now[0]

    monkeypatch.setattr(throughput, "perf_counter", tick)
    return now


def build(wire: LocalWire, port: int, **params: Any) -> Collector:
    asked = Throughput(download=f"http://127.0.0.1:{port}/file", **params)
    return throughput.make_spec(TrustShare()).build(Target(Subject("link", "rh-lte")), asked, wire)


async def endless(request: web.Request) -> web.StreamResponse:
    if request.method == "POST":
        async for _ in request.content.iter_any():
            pass
        return web.Response(status=204)
    response = web.StreamResponse()
    await response.prepare(request)
    try:
        while True:
            await response.write(CHUNK)
    except ConnectionError:
        return response


@pytest.mark.usefixtures("clock")
async def test_both_ways_are_measured_for_ten_seconds_without_the_first(wire: LocalWire) -> None:
    async with web_server(endless) as port:
        harvest = await build(wire, port, upload=f"http://127.0.0.1:{port}/", most=4096).collect()
    got = series(harvest)
    assert {name for name, *_ in got} == {family.name for family in LINE_FAMILIES}
    for direction in ("down", "up"):
        assert got["ringwacht_line_rate_measured_seconds", direction] == pytest.approx(9, abs=0.1)
        assert got["ringwacht_line_rate_bits_per_second", direction] > 0
    assert got["ringwacht_line_rate_bits_per_second", "up"] == pytest.approx(65_536 * 8 / 0.01, rel=0.01)
    assert harvest.partial == ()


@pytest.mark.usefixtures("clock")
@pytest.mark.parametrize(
    ("status", "why"),
    [(429, "it was asked too often"), (403, "it refuses us"), (302, "it sends us elsewhere"), (500, "status 500")],
)
async def test_a_server_that_takes_no_part_is_named(wire: LocalWire, status: int, why: str) -> None:
    async def refuse(_request: web.Request) -> web.Response:
        return web.Response(status=status, text="canary", headers={"Location": "/canary"})

    async with web_server(refuse) as port:
        with pytest.raises(BadReply, match=why) as caught:
            await build(wire, port).collect()
    assert "canary" not in str(caught.value)


@pytest.mark.usefixtures("clock")
async def test_what_was_fetched_is_told_where_sending_fails(wire: LocalWire) -> None:
    async def one_way(request: web.Request) -> web.StreamResponse:
        return web.Response(status=405) if request.method == "POST" else await endless(request)

    async with web_server(one_way) as port:
        harvest = await build(wire, port, upload=f"http://127.0.0.1:{port}/").collect()
    assert ("ringwacht_line_rate_bits_per_second", "down") in series(harvest)
    (remark,) = harvest.partial
    assert remark.startswith("upload: ")


async def test_a_file_that_is_over_at_once_tells_nothing(wire: LocalWire) -> None:
    async def short(_request: web.Request) -> web.Response:
        return web.Response(body=CHUNK)

    async with web_server(short) as port:
        harvest = await build(wire, port).collect()
    assert series(harvest) == {}
    assert harvest.partial[0].endswith("are too few to measure: name a longer file")


@pytest.mark.usefixtures("clock")
async def test_a_file_is_fetched_again_until_the_time_is_over(wire: LocalWire) -> None:
    asked: list[str] = []

    async def file(request: web.Request) -> web.StreamResponse:
        asked.append(request.path)
        response = web.StreamResponse()
        response.content_length = 200 * len(CHUNK)
        await response.prepare(request)
        for _ in range(200):
            await response.write(CHUNK)
        return response

    async with web_server(file) as port:
        harvest = await build(wire, port, most=4096).collect()
    assert series(harvest)["ringwacht_line_rate_measured_seconds", "down"] == pytest.approx(9, abs=0.1)
    assert len(asked) > 1
    assert harvest.partial == ()


@pytest.mark.usefixtures("clock")
async def test_too_low_a_limit_is_named(wire: LocalWire) -> None:
    async with web_server(endless) as port:
        harvest = await build(wire, port, most=1).collect()
    assert harvest.partial[0].endswith("MB are too few to measure: raise `most`")


async def test_who_never_has_its_turn_is_told_as_missing(wire: LocalWire, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(throughput, "WAIT_SECONDS", 0.01)
    asked, target, busy = (
        Throughput(download="http://127.0.0.1:1/"),
        Target(Subject("link", "lte")),
        asyncio.Semaphore(0),
    )
    harvest = await throughput.ThroughputCollector(asked, target, wire, TrustShare(), busy).collect()
    assert harvest.partial == ("not measured: other lines took too long",)


@pytest.mark.usefixtures("clock")
async def test_lines_are_measured_one_after_the_other(wire: LocalWire) -> None:
    at_once: list[int] = []
    open_now = 0

    async def count(request: web.Request) -> web.StreamResponse:
        nonlocal open_now
        open_now += 1
        at_once.append(open_now)
        try:
            return await endless(request)
        finally:
            open_now -= 1

    async with web_server(count) as port:
        spec = throughput.make_spec(TrustShare())
        asked = Throughput(download=f"http://127.0.0.1:{port}/", most=1)
        lines = [spec.build(Target(Subject("link", str(number))), asked, wire) for number in range(3)]
        results = await asyncio.gather(*(line.collect() for line in lines), return_exceptions=True)
    assert all(not isinstance(result, BaseException) or isinstance(result, CollectError) for result in results)
    assert max(at_once) == 1


def test_the_daemon_measures_an_hour_apart_at_least() -> None:
    spec = throughput.make_spec(TrustShare())
    assert (spec.kind, spec.least_interval_seconds, spec.longest_poll_seconds) == ("throughput", 3600, 900)


@given(st.lists(st.tuples(st.floats(0.001, 0.5), st.integers(1, 10**7)), max_size=200))
def test_the_rate_is_that_of_what_passed_after_the_first_second(steps: list[tuple[float, int]]) -> None:
    meter, now = Meter(0.0, 10**9), 0.0
    for pause, size in steps:
        now += pause
        if not meter.add(size, now):
            break
    rate = meter.rate()
    assert meter.passed <= 10**9 + 10**7
    assert now <= LONGEST_SECONDS + 0.5
    if rate is not None:
        assert rate.bits_per_second * rate.seconds <= meter.passed * 8 * (1 + 1e-9)


def test_a_steady_line_is_measured_exactly() -> None:
    meter = Meter(0.0, 10**9)
    for number in range(1, 81):
        meter.add(125_000, number / 8)
    assert meter.rate() == LineRate(8_000_000.0, 9.0)
