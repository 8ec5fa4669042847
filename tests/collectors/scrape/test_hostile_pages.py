"""A page that means harm costs no more than its caps, poses as nobody, and is named."""

from __future__ import annotations

import asyncio
import gzip
import itertools
import tracemalloc
from collections.abc import Iterator
from typing import Any

import pytest
from aiohttp import web

from agent.contract import BadReply, Reason, Target, Traceable
from agent.wire.attempt import Failure, attempt
from collectors.registry import make_specs
from collectors.scrape.lines import Abandoned
from collectors.scrape.names import Selection
from collectors.scrape.parse import Rules, Source, read_page
from tests.collectors.probe.servers import local_wire, raw_server, web_server
from tests.collectors.scrape.lab import EVERYTHING, SPEC, SUBJECT, families, key, only, poll, read, series, serving_text

MIB = 2**20


def samples() -> Iterator[str]:
    """Sample lines without an end."""
    return (f'flood_total{{series="{number}"}} {number}\n' for number in itertools.count())


def batches() -> Iterator[bytes]:
    endless = samples()
    while True:
        yield "".join(itertools.islice(endless, 2000)).encode()


@pytest.mark.parametrize("declared", [True, False])
async def test_a_page_of_200_mb_stops_at_the_cap(declared: bool) -> None:
    sent = [0]

    async def flood(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        if declared:
            response.content_length = 200 * MIB
        await response.prepare(request)
        for batch in batches():
            if sent[0] + len(batch) > 200 * MIB:
                break
            await response.write(batch)
            sent[0] += len(batch)
        return response

    async with web_server(flood) as port:
        tracemalloc.start()
        with pytest.raises(BadReply) as caught:
            await poll(port)
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert caught.value.detail == f"127.0.0.1:{port}: the page is larger than max_bytes ({16 * MIB})"
    assert sent[0] < 40 * MIB  # with what lies in the sockets' buffers
    assert peak < 64 * MIB


async def test_a_page_that_never_ends_is_given_up() -> None:
    hung_up = asyncio.Event()

    async def drip(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\na 1\n")
        await writer.drain()
        await reader.read()
        hung_up.set()

    async with raw_server(drip) as port, local_wire() as wire:
        target = Target(SUBJECT, host="127.0.0.1", port=port, budget_seconds=0.2)
        collector = SPEC.build(target, SPEC.params(), wire)
        with pytest.raises(BadReply) as caught:
            await collector.collect()
        await collector.close()
        await hung_up.wait()
    assert caught.value.detail == f"127.0.0.1:{port}: the page did not end within 0.18 s (4 bytes came)"


async def test_a_compressed_page_is_not_unpacked() -> None:
    async def bomb(_request: web.Request) -> web.Response:
        return web.Response(body=gzip.compress(b"\n" * 10 * MIB), headers={"Content-Encoding": "gzip"})

    async with web_server(bomb) as port:
        with pytest.raises(BadReply, match="answers compressed, which was not asked for"):
            await poll(port)


async def test_max_series_counts_what_is_kept() -> None:
    text = "".join(itertools.islice(samples(), 3000)) + "".join(f'node_load{n}{{x="1"}} 2\n' for n in range(30))
    async with serving_text(text) as port:
        harvest = await poll(port, max_series=20, allow=["node_*"])
        assert harvest.layout.size == 20
        assert harvest.partial == ("max_series 20 reached: 10 series left out",)
        assert (await poll(port, max_series=30, allow=["node_*"])).partial == ()


@pytest.mark.parametrize(
    "name",
    ["up", "ALERTS", "ALERTS_FOR_STATE", "scrape_duration_seconds", "ringwacht_up", "ringwacht_finding", "ringwacht_x"],
)
def test_names_that_others_own_are_refused(name: str) -> None:
    harvest = read(f'a 1\n{name}{{check="icmp"}} 1\n')
    assert series(harvest) == {key("a"): 1}
    assert harvest.partial == (
        f"1 series left out under names that only Ringwacht or Prometheus may write (first {name} in line 2)",
    )


HOT = 'a 1\nringwacht_sensor_temperature_celsius{room="serverraum",device="r1"} 99\n'


@pytest.mark.parametrize("name", ["ringwacht_sensor_temperature_celsius", "ringwacht_sensor_*"])
def test_neutral_families_are_for_whoever_is_asked_for_them(name: str) -> None:
    expected = key("ringwacht_sensor_temperature_celsius", room="serverraum", exported_device="r1")
    assert series(read(HOT, only(name))) == {expected: 99}


@pytest.mark.parametrize("rules", [EVERYTHING, only("*"), only("a", "r*")])
def test_no_page_raises_the_alarm_of_a_room_unasked(rules: Rules) -> None:
    harvest = read(HOT, rules)
    assert series(harvest) == {key("a"): 1}
    assert harvest.partial == (
        "1 series left out of Ringwacht's families that `allow` does not name "
        "(first ringwacht_sensor_temperature_celsius in line 2)",
    )


async def test_a_family_that_another_check_collects_has_no_device_of_the_pages_own() -> None:
    spec = next(one for one in await asyncio.to_thread(make_specs) if one.kind == "scrape")
    names = ("ifOperStatus", "probe_success", "node_load1", "sysUpTime")
    others = ("node_disk_io_now", "node_filesystem_avail_bytes", "node_hwmon_x", "anything")
    text = "".join(f'{name}{{device="r1"}} 1\n' for name in (*names, *others))
    async with serving_text(text) as port, local_wire() as wire:
        collector = spec.build(Target(SUBJECT, host="127.0.0.1", port=port), spec.params(), wire)
        first, second = await collector.collect(), await collector.collect()
        await collector.close()
    expected = {key(name, exported_device="r1") for name in names} | {key(name, device="r1") for name in others}
    assert series(first).keys() == series(second).keys() == expected


async def _never(pool: str, call: object) -> Any:
    del pool, call
    await asyncio.Event().wait()


async def test_a_page_that_cannot_be_read_in_time_is_called_so() -> None:
    text = "".join(itertools.islice(samples(), 1000))
    async with serving_text(text) as port, local_wire() as wire:
        wire.blocking = _never  # type: ignore[method-assign]  # stands for a thread that has too much to do
        target = Target(SUBJECT, host="127.0.0.1", port=port, budget_seconds=0.5)
        collector = SPEC.build(target, SPEC.params(), wire)
        outcome = await attempt(collector.collect, target.budget_seconds, "page")
        await collector.close()
    assert outcome == Failure(Reason.BAD_REPLY, f"a page of {len(text)} bytes could not be read in time")


def test_nobody_poses_as_another_device() -> None:
    harvest = read('a{instance="kh-core",site="x",job="j",service="s",link="l",device="sda",exported_site="y"} 1\n')
    renamed = {f"exported_{name}": value for name, value in {"instance": "kh-core", "job": "j"}.items()}
    renamed |= {"exported_service": "s", "exported_link": "l"}
    expected = key("a", device="sda", exported_site="y", exported_exported_site="x", **renamed)
    assert series(harvest) == {expected: 1}
    assert harvest.partial == ()


@pytest.mark.parametrize(
    "labels",
    [
        *(
            'a="1",a="2"',
            '__name__="up"',
            '__address__="x"',
            '"utf8.name"="1"',
            'a-b="1"',
            'ä="1"',
            "a",
            '="1"',
            'a="1" b="2"',
        ),
        f'{"x" * 201}="1"',
        ",".join(f'l{number}="1"' for number in range(65)),
    ],
)
def test_labels_that_cannot_be_exported(labels: str) -> None:
    harvest = read(f"good 1\nbad{{{labels}}} 2\n")
    assert series(harvest) == {key("good"): 1}
    assert harvest.partial == ("1 series left out whose names or labels cannot be exported (first bad in line 2)",)


def test_names_that_are_too_long() -> None:
    harvest = read(f"good 1\n{'x' * 201} 2\n")
    assert series(harvest) == {key("good"): 1}
    assert harvest.partial[0].endswith(f"(first {'x' * 64} in line 2)")


def test_a_family_has_64_label_names_at_most() -> None:
    harvest = read("".join(f'a{{l{number}="1"}} {number}\n' for number in range(100)))
    assert len(families(harvest)["a"].labels) == 64
    assert harvest.layout.size == 64
    assert harvest.partial[0].startswith("36 series left out")


def test_duplicates_keep_the_first() -> None:
    harvest = read('a{x="1",y="2"} 1\na{y="2",x="1"} 2\na{x="1",y="2",z=""} 3\na{x="1"} 4\n')
    assert series(harvest) == {key("a", x="1", y="2"): 1, key("a", x="1"): 4}
    assert harvest.partial == ("2 series left out that are there twice (first a in line 2)",)


def test_values_of_labels_are_clean_and_bounded() -> None:
    harvest = read('a{x="\x1b[2J\u202e"} 1\na{x="' + "y" * 5000 + '"} 2\n')
    texts = [row[0] for row in harvest.layout.columns[0].rows.values]
    assert all(text.isprintable() and len(text.encode()) <= 256 for text in texts)


@pytest.mark.parametrize("kind", ["summary", "histogram", "info", "stateset", "gaugehistogram", "bomb\x1b[2J", ""])
def test_a_type_stays_among_those_that_any_page_may_have(kind: str) -> None:
    text = (
        f'# TYPE a {kind}\n# HELP a \x1b[2J{"h" * 9000}\na{{le="x",quantile="y"}} 1\na_bucket 2\na_sum 3\na_count 4\n'
    )
    for family in families(read(text)).values():
        assert family.type in {"counter", "gauge", "unknown"}
        assert family.help.isprintable()
        assert len(family.help.encode()) <= 512


def test_backslashes_and_quotes_without_end_are_read_over() -> None:
    text = "".join(f'a{{x="{number}' + '\\"' * 4000 + '"} 1\n' for number in range(3))
    assert read(text).layout.size == 3


def test_who_waits_no_more_stops_the_reading() -> None:
    lines = [0]

    def abandoned() -> bool:
        lines[0] += 1
        return lines[0] > 10

    with pytest.raises(Abandoned):
        read_page(Source("a 1\n" * 100, abandoned=abandoned), EVERYTHING)
    assert lines == [11]
    lines[0] = -150  # while the samples are gathered
    with pytest.raises(Abandoned):
        read_page(Source("a 1\n" * 100, abandoned=abandoned), EVERYTHING)


async def test_a_poll_that_is_cut_short_frees_its_thread() -> None:
    text = "".join(itertools.islice(samples(), 20_000))
    async with serving_text(text) as port, local_wire() as wire:
        target = Target(SUBJECT, host="127.0.0.1", port=port, budget_seconds=30)
        collector = SPEC.build(target, SPEC.params(), wire)
        read_began = asyncio.Event()
        assert isinstance(collector, Traceable)
        collector.trace = lambda _told: read_began.set()
        polling = asyncio.create_task(collector.collect())
        await read_began.wait()
        await asyncio.sleep(0)
        polling.cancel()
        with pytest.raises(asyncio.CancelledError):
            await polling
        assert (await collector.collect()).layout.size == 20_000
        await collector.close()


def test_an_allow_list_does_not_open_what_is_owned() -> None:
    harvest = read("up 1\nringwacht_up 1\na 1\n", only("*"))
    assert series(harvest) == {key("a"): 1}


def test_many_names_are_bounded_like_many_series() -> None:
    harvest = read("".join(f"n{number} 1\n" for number in range(500)), Rules(Selection(), max_series=100))
    assert len(families(harvest)) == 100
