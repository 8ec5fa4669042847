from __future__ import annotations

import asyncio
import os

import pytest

from agent.contract import (
    CannotCheck,
    Collector,
    Reason,
    Unreachable,
)
from agent.wire.wire import LocalWire
from collectors.probe.families import PING_FAMILIES
from collectors.probe.icmp import CONFIRMING_REQUESTS
from collectors.probe.pinger import PingerShare
from tests.collectors.probe.ping_socket import FakeSocket, share_of
from tests.collectors.probe.pings import SITE, build, real
from tests.collectors.probe.servers import series
from tests.harness.clock import settle


@real
@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.1.12", "www.example"])
async def test_loopback_answers(wire: LocalWire, host: str) -> None:
    collector = build(wire, PingerShare(), host)
    got = series(await collector.collect())
    await collector.close()
    assert got["probe_success",] == 1
    assert 0 < got["probe_icmp_duration_seconds", "rtt"] <= got["probe_duration_seconds",]
    assert {name for name, *_ in got} == {family.name for family in PING_FAMILIES} - {"ringwacht_probe_loss_ratio"}


@real
async def test_many_targets_share_one_socket(wire: LocalWire) -> None:
    share = PingerShare()
    before = len(os.listdir("/proc/self/fd"))
    collectors = [build(wire, share, f"127.0.2.{number}") for number in range(1, 100)]
    harvests = await asyncio.gather(*(collector.collect() for collector in collectors))
    assert len(os.listdir("/proc/self/fd")) == before + 2  # the socket, and again for hop limits
    assert all(series(harvest)["probe_success",] == 1 for harvest in harvests)
    for collector in collectors:
        await collector.close()
    assert len(os.listdir("/proc/self/fd")) == before


@real
async def test_an_address_that_is_not_ours_is_no_source(wire: LocalWire) -> None:
    with pytest.raises(CannotCheck, match=r"from 192\.0\.2\.77"):
        await build(wire, PingerShare(), "127.0.0.1", source="192.0.2.77").collect()


@real
async def test_a_source_is_used(wire: LocalWire) -> None:
    collector = build(wire, PingerShare(), "127.0.0.1", source="127.0.0.9")
    assert series(await collector.collect())["probe_success",] == 1
    await collector.close()


async def test_silence_is_a_timeout(wire: LocalWire, fake: FakeSocket) -> None:
    collector = build(wire, share_of(fake), seconds=0.01, size=100)
    with pytest.raises(Unreachable) as caught:
        await collector.collect()
    assert caught.value.reason is Reason.TIMEOUT
    assert fake.sent == [("192.0.2.1", 100)]
    await collector.close()


async def silent(collector: Collector) -> None:
    with pytest.raises(Unreachable):
        await collector.collect()


async def test_one_lost_request_is_not_confirmed_by_another_one(wire: LocalWire, fake: FakeSocket) -> None:
    collector = build(wire, share_of(fake), seconds=0.2)
    await silent(collector)
    confirmation = asyncio.create_task(collector.collect())
    await settle()
    assert len(fake.sent) == 1 + CONFIRMING_REQUESTS
    fake.deliver(s4=0.010)
    got = series(await confirmation)
    assert got["probe_icmp_duration_seconds", "rtt"] == pytest.approx(0.010)
    assert ("ringwacht_probe_loss_ratio",) not in got
    again = asyncio.create_task(collector.collect())
    await settle()
    assert len(fake.sent) == 2 + CONFIRMING_REQUESTS, "it answered: one request is enough"
    fake.deliver(**{f"s{len(fake.sent)}": 0.010})
    await again
    await collector.close()


async def test_silence_is_confirmed_by_silence(wire: LocalWire, fake: FakeSocket) -> None:
    collector = build(wire, share_of(fake), seconds=0.01)
    await silent(collector)
    await silent(collector)
    assert len(fake.sent) == 1 + CONFIRMING_REQUESTS
    await collector.close()


async def test_loss_is_measured_over_several_requests(wire: LocalWire, fake: FakeSocket) -> None:
    collector = build(wire, share_of(fake), seconds=0.2, count=4)
    poll = asyncio.create_task(collector.collect())
    await settle()
    fake.deliver(s1=0.010, s3=0.020, s4=0.030)
    got = series(await poll)
    assert got["ringwacht_probe_loss_ratio",] == 0.25
    assert got["probe_icmp_duration_seconds", "rtt"] == pytest.approx(0.020)
    await collector.close()


async def test_a_series_to_a_site_tells_latency_jitter_and_loss(wire: LocalWire, fake: FakeSocket) -> None:
    collector = build(wire, share_of(fake), seconds=0.2, subject=SITE, count=5)
    poll = asyncio.create_task(collector.collect())
    await settle()
    fake.deliver(s1=0.010, s2=0.014, s4=0.012, s5=0.020)
    assert series(await poll) == pytest.approx(
        {
            ("ringwacht_site_latency_seconds",): 0.014,
            ("ringwacht_site_latency_max_seconds",): 0.020,
            ("ringwacht_site_jitter_seconds",): (0.004 + 0.002 + 0.008) / 3,
            ("ringwacht_site_loss_ratio",): 0.2,
        }
    )
    await collector.close()


async def test_a_series_that_nobody_answers_is_a_timeout(wire: LocalWire, fake: FakeSocket) -> None:
    collector = build(wire, share_of(fake), seconds=0.01, subject=SITE, count=10, spread=0.01)
    with pytest.raises(Unreachable) as caught:
        await collector.collect()
    assert caught.value.reason is Reason.TIMEOUT
    assert len(fake.sent) == 10
    await collector.close()


async def test_a_series_that_is_spread_lets_others_pass(wire: LocalWire, fake: FakeSocket) -> None:
    share = share_of(fake)
    site, other = build(wire, share, subject=SITE, count=10, spread=10), build(wire, share, "192.0.2.2")
    polls = [asyncio.create_task(site.collect()), asyncio.create_task(other.collect())]
    await settle()
    assert fake.sent == [("192.0.2.1", 64), ("192.0.2.2", 64)]
    fake.deliver(s2=0.1)
    assert series(await polls[1])["probe_success",] == 1
    polls[0].cancel()
    with pytest.raises(asyncio.CancelledError):
        await polls[0]
    await site.close()
    await other.close()


async def test_where_one_request_cannot_be_sent_none_is_sent_after_it(wire: LocalWire) -> None:
    fake = FakeSocket(OSError("No route to host (os error 113)"))
    collector = build(wire, share_of(fake), subject=SITE, count=10, spread=10)
    with pytest.raises(Unreachable) as caught:
        await collector.collect()
    assert caught.value.reason is Reason.UNREACHABLE
    assert asyncio.all_tasks() == {asyncio.current_task()}
    await collector.close()
    fake.close()


@real
async def test_a_series_to_this_machine_loses_nothing(wire: LocalWire) -> None:
    collector = build(wire, PingerShare(), "127.0.0.1", subject=SITE, count=10, spread=0.05)
    got = series(await collector.collect())
    assert got["ringwacht_site_loss_ratio",] == 0
    assert 0 < got["ringwacht_site_latency_seconds",] <= got["ringwacht_site_latency_max_seconds",]
    await collector.close()


async def test_a_cancelled_ping_harms_no_other(wire: LocalWire, fake: FakeSocket) -> None:
    share = share_of(fake)
    first, second = build(wire, share), build(wire, share, "192.0.2.2")
    polls = [asyncio.create_task(first.collect()), asyncio.create_task(second.collect())]
    await settle()
    polls[0].cancel()
    await settle()
    fake.deliver(s1=0.1, s2=0.2, s99=0.3)
    assert series(await polls[1])["probe_icmp_duration_seconds", "rtt"] == pytest.approx(0.2)
    await first.close()
    await second.close()


async def test_a_late_answer_is_ignored(wire: LocalWire, fake: FakeSocket) -> None:
    share = share_of(fake)
    late, other = build(wire, share, seconds=0.01), build(wire, share)
    with pytest.raises(Unreachable):
        await late.collect()
    poll = asyncio.create_task(other.collect())
    await settle()
    fake.deliver(s1=5, s2=0.1)
    assert series(await poll)["probe_icmp_duration_seconds", "rtt"] == pytest.approx(0.1)
    await late.close()
    await other.close()


@pytest.mark.parametrize(
    ("error", "raised", "reason"),
    [
        (OSError("Network is unreachable (os error 101)"), Unreachable, Reason.UNREACHABLE),
        (OSError("No route to host (os error 113)"), Unreachable, Reason.UNREACHABLE),
        (OSError("Operation not permitted (os error 1)"), CannotCheck, Reason.CONFIG),
        (OSError("Permission denied (os error 13)"), CannotCheck, Reason.CONFIG),
        (OSError("No buffer space available (os error 105)"), CannotCheck, Reason.CONFIG),
        (PermissionError("permission denied"), CannotCheck, Reason.CONFIG),
        (ValueError("invalid address"), CannotCheck, Reason.CONFIG),
    ],
)
async def test_what_cannot_be_sent_says_why(
    wire: LocalWire, error: Exception, raised: type[CannotCheck | Unreachable], reason: Reason
) -> None:
    fake = FakeSocket(error)
    collector = build(wire, share_of(fake))
    with pytest.raises(raised) as caught:
        await collector.collect()
    assert caught.value.reason is reason
    await collector.close()
    fake.close()
