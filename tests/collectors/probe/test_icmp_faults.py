"""What the core, the kernel or the address can do to a ping."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from pathlib import Path

import pytest

from agent.contract import (
    CannotCheck,
    ParamError,
    Revivable,
    Target,
    Traceable,
)
from agent.wire.wire import LocalWire
from collectors.probe import icmp
from collectors.probe.params import IcmpParams
from collectors.probe.pinger import NOT_PERMITTED, PingerShare
from tests.collectors.probe.ping_socket import FakeSocket, share_of
from tests.collectors.probe.pings import DEVICE, build
from tests.collectors.probe.servers import series
from tests.harness.clock import settle


class PanicError(BaseException):
    """Stands for pyo3's PanicException, which is no Exception."""


@pytest.mark.parametrize("how", ["reads", "sends"])
async def test_a_panic_of_the_core_blames_nobody_and_replaces_the_socket(wire: LocalWire, how: str) -> None:
    broken, fresh = FakeSocket(), FakeSocket()
    share = share_of(broken, fresh)
    first, second = build(wire, share), build(wire, share, "192.0.2.2")
    waiting = asyncio.create_task(first.collect())
    await settle()
    if how == "reads":
        broken.panic = PanicError()
        broken.deliver(s1=0.1)
    else:
        broken.fails = PanicError()
        with pytest.raises(CannotCheck, match="PanicError"):
            await second.collect()
    with pytest.raises(CannotCheck, match="PanicError"):
        await waiting
    polls = [asyncio.create_task(collector.collect()) for collector in (first, second)]
    await settle()
    fresh.deliver(s1=0.1, s2=0.2)
    got = [series(await poll)["probe_icmp_duration_seconds", "rtt"] for poll in polls]
    assert got == pytest.approx([0.1, 0.2])
    for collector in (first, second):
        await collector.close()
    for sock in (broken, fresh):
        sock.close()


async def test_the_trace_tells_each_phase(wire: LocalWire, fake: FakeSocket) -> None:
    collector = build(wire, share_of(fake))
    assert isinstance(collector, Traceable)
    told: list[str] = []
    collector.trace = told.append
    poll = asyncio.create_task(collector.collect())
    await settle()
    fake.deliver(s1=0.0125)
    await poll
    assert [line.split()[:2] for line in told] == [["192.0.2.1", f"{phase}:"] for phase in ("resolve", "setup", "rtt")]
    assert told[-1] == "192.0.2.1 rtt: 12.5 ms"
    await collector.close()


async def test_a_target_of_another_ip_version_cannot_be_pinged_from_the_source(
    wire: LocalWire, fake: FakeSocket
) -> None:
    with pytest.raises(CannotCheck, match="cannot be reached from"):
        await build(wire, share_of(fake), "::1", source="127.0.0.1").collect()


async def test_a_silent_device_is_revived_by_one_packet(wire: LocalWire, fake: FakeSocket) -> None:
    collector = build(wire, share_of(fake), count=5)
    assert isinstance(collector, Revivable)
    poll = asyncio.create_task(collector.revive())
    await settle()
    fake.deliver(s1=0.1)
    await poll
    assert len(fake.sent) == 1
    await collector.close()


async def test_a_host_is_needed(wire: LocalWire) -> None:
    with pytest.raises(ParamError):
        icmp.make_spec(PingerShare()).build(Target(DEVICE), IcmpParams(), wire)


UNPRIVILEGED = """
import asyncio, os
from collectors.probe.pinger import PingerShare
from agent.contract import CannotCheck
os.setgroups([]); os.setgid(65534); os.setuid(65534)

async def main():
    try:
        PingerShare().borrow(4, None)
    except CannotCheck as error:
        print(error.detail)

asyncio.run(main())
"""


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can drop its privileges")
def test_where_the_kernel_forbids_icmp_the_target_is_not_blamed() -> None:
    lowest, highest = map(int, Path("/proc/sys/net/ipv4/ping_group_range").read_text().split())
    if lowest <= 65534 <= highest:
        pytest.skip("this machine lets everybody ping")
    done = subprocess.run([sys.executable, "-P", "-c", UNPRIVILEGED], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == NOT_PERMITTED
