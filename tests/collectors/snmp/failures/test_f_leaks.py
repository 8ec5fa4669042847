"""F17: polls and requests that are answered, not answered, or given up leave nothing behind."""

from __future__ import annotations

import asyncio
import gc
import os
import threading
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from random import Random

import pytest

from agent.contract import CollectError
from agent.demo.ber import Request
from collectors.snmp.collector import SnmpCollector
from collectors.snmp.params import SnmpParams
from collectors.snmp.transport.channel import Channel
from collectors.snmp.transport.client import Session
from collectors.snmp.transport.compat import CompatSession
from collectors.snmp.transport.plain import Plain
from collectors.snmp.walking.walk import Walker
from tests.collectors.snmp.lab import Bench, conversation
from tests.harness.snmp_agent import Agent, interfaces, snmp_agent

UPTIME = "1.3.6.1.2.1.1.3.0"
OURS = (Channel, CompatSession, Plain, Session, SnmpCollector, Walker)


def using(engine: str) -> SnmpParams:
    return SnmpParams.model_validate({"engine": engine})


def resources() -> tuple[int, int, int]:
    gc.collect()
    return len(os.listdir("/proc/self/fd")), len(asyncio.all_tasks()), threading.active_count()


@pytest.mark.parametrize("engine", ["auto", "pysnmp"])
async def test_f17_polls_cancelled_silent_or_answered_leave_nothing_behind(engine: str) -> None:
    """Some thousand requests over fresh sockets: a third is cancelled under way, a quarter never answered."""
    count = 0

    def misbehave(_agent: Agent, _request: Request) -> Sequence[bytes] | None:
        nonlocal count
        count += 1
        return () if count % 4 == 0 else None

    async def poll(agent: Agent) -> None:
        session = conversation(agent, using(engine), timeout_seconds=0.02)
        try:
            with suppress(CollectError):
                await session.get([UPTIME])
        finally:
            session.close()

    async def fifty(agent: Agent) -> None:
        tasks = [asyncio.create_task(poll(agent)) for _ in range(50)]
        await asyncio.sleep(0)
        for task in tasks[::3]:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async with snmp_agent(Agent(interfaces(1), misbehave)) as agent:
        await fifty(agent)  # what is loaded once, and the pool of threads
        before = resources()
        for _ in range(40):
            await fifty(agent)
        assert resources()[:2] == before[:2]
        assert resources()[2] <= before[2] + (os.cpu_count() or 1) + 4, "no more threads than the loop's pool has"


async def given_up(agent: Agent, engine: str, random: Random) -> None:
    """Up to three polls of one collector, most of them cancelled wherever they may be."""
    bench = Bench()
    collector = bench.of(agent, timeout_seconds=0.05, budget_seconds=1, params=using(engine))
    for _ in range(random.randint(1, 3)):
        polling = asyncio.create_task(collector.collect())
        for _ in range(random.randrange(80)):
            await asyncio.sleep(0)
        if random.random() < 0.7:
            polling.cancel()
        with suppress(CollectError, asyncio.CancelledError):
            await polling
    await bench.close()


def ours() -> int:
    """How many of our objects there still are; whoever asks has called ``resources``."""
    return sum(isinstance(one, OURS) for one in gc.get_objects())


def resident() -> int:
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * 4096


@pytest.mark.parametrize("engine", ["auto", "pysnmp"])
async def test_f17_whole_polls_given_up_anywhere_leave_nothing_behind(engine: str) -> None:
    """Some five hundred polls; memory is compared after the first third of them, when everything was used once."""
    random = Random(17)  # noqa: S311 - it is to be foreseen

    def misbehave(_agent: Agent, _request: Request) -> Sequence[bytes] | None:
        return () if random.random() < 0.02 else None

    async with snmp_agent(Agent(interfaces(3), misbehave)) as agent:
        before, known = resources(), ours()
        at: list[int] = []
        for _ in range(12):
            await asyncio.gather(*(given_up(agent, engine, random) for _ in range(20)))
            agent.requests.clear()
            gc.collect()
            at.append(resident())
        after = resources()
        assert after[:2] == before[:2]
        assert ours() <= known
    assert at[-1] - at[4] < 10_000_000
