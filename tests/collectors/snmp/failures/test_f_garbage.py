"""F15, F18: a device that sends nothing but garbage costs its own time, and says so; all others are read as ever."""

from __future__ import annotations

import asyncio
import socket
from collections import Counter
from collections.abc import Sequence

import pytest

from agent.contract import BadReply, CollectError, Reason
from agent.demo.ber import Request
from collectors.snmp.engines import Peer, converse
from collectors.snmp.oid import SYS_NAME
from collectors.snmp.params import SnmpParams
from collectors.snmp.transport import datagrams
from collectors.snmp.transport.security import Keys
from collectors.snmp.transport.v3frame import Frame
from config.address import Address
from tests.collectors.snmp.lab import Bench, Login, by_community, by_user, values_of
from tests.fuzz.mutator import SEEDS
from tests.harness.snmp_agent import Agent, interfaces, snmp_agent
from tests.harness.snmpv3_agent import V3Agent, v3_agent

HUNG_SECONDS = 20.0
SENT = [seed for seed in SEEDS if seed]
"""Asyncio sends no datagram that is empty."""
GARBAGE = b"\x30\x82\xff\xff garbage"
engines = pytest.mark.parametrize("engine", ["auto", "gufo", "pysnmp"])


def using(engine: str) -> SnmpParams:
    return SnmpParams.model_validate({"engine": engine})


async def fed_with(garbage: bytes, engine: str, port: int, login: Login) -> Reason:
    """Why a request fails whose only answers are these."""
    session = converse(Peer(Address("127.0.0.1", port), login.snmp, 0.05), Keys(), using(engine))
    session.start(5)
    try:
        with pytest.raises(CollectError) as caught:
            await asyncio.wait_for(session.get([SYS_NAME]), HUNG_SECONDS)
    finally:
        session.close()
    return caught.value.reason


@pytest.mark.parametrize("version", ["1", "2c"])
@engines
async def test_f18_each_seed_alone_is_a_bad_reply_in_time(engine: str, version: str) -> None:
    """T10's datagrams, and never a true answer after them: corruption is told from loss."""

    async def one(seed: bytes) -> tuple[str, Reason, int]:
        async with snmp_agent(Agent({}, lambda _agent, _request: [seed])) as agent:
            reason = await fed_with(seed, engine, agent.port, by_community(version))
            return seed.hex(), reason, len(agent.requests)

    for seed, reason, requests in await asyncio.gather(*map(one, SENT)):
        assert reason is Reason.BAD_REPLY, seed
        assert requests <= 2, "no more than silence would cost"


@engines
async def test_f18_each_seed_alone_ends_in_time_under_v3(engine: str) -> None:
    async def one(seed: bytes, *, discovered: bool) -> tuple[str, Reason]:
        def spoilt(_agent: V3Agent, frame: Frame) -> Sequence[bytes] | None:
            return None if discovered and not frame.engine_id else [seed]

        async with v3_agent(V3Agent(spoilt)) as agent:
            return seed.hex(), await fed_with(seed, engine, agent.port, by_user())

    for discovered in (False, True):
        ends = await asyncio.gather(*(one(seed, discovered=discovered) for seed in SENT))
        assert {reason for _, reason in ends} <= {Reason.BAD_REPLY, Reason.TIMEOUT}, ends


@engines
async def test_f15_a_flood_of_nothing_but_garbage_degrades_one_device_alone(bench: Bench, engine: str) -> None:
    def flood(_agent: Agent, _request: Request) -> Sequence[bytes]:
        return [GARBAGE] * 200

    async def flooded(port: int) -> None:
        with pytest.raises(BadReply, match=r"decode|decoder"):
            await bench.collector(port, params=using(engine), timeout_seconds=0.3).collect()

    async with snmp_agent(Agent({}, flood)) as bad, snmp_agent(Agent(interfaces(2))) as good:
        living = bench.of(good, timeout_seconds=HUNG_SECONDS, budget_seconds=60, params=SnmpParams(retries=0))
        assert len(values_of(await living.collect(), "ifHCInOctets", "ifName")) == 2
        degraded, polls = asyncio.create_task(flooded(bad.port)), 0
        while not degraded.done():
            assert len(values_of(await living.collect(), "ifHCInOctets", "ifName")) == 2
            polls += 1
        await degraded
    assert polls > 5, "the loop goes round between the datagrams"
    assert len(bad.requests) <= 4


async def test_f15_a_flood_leaves_the_loop_to_others_after_so_many_datagrams() -> None:
    """Of the compatible engine, which reads several at once; the fast one reads one in each turn."""
    turn, taken = 0, Counter[int]()

    async def turning() -> None:
        nonlocal turn
        while True:
            turn += 1
            await asyncio.sleep(0)

    def take(_datagram: bytes) -> None:
        taken[turn] += 1

    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as flooder:
        flooder.bind(("127.0.0.1", 0))
        opened = datagrams.connected(*flooder.getsockname())
        clock = asyncio.create_task(turning())
        for _ in range(datagrams.AT_ONCE + 50):
            flooder.sendto(GARBAGE, opened.getsockname())
        with opened, pytest.raises(TimeoutError):
            await datagrams.exchange(opened, b"request", take, 0.2)
        clock.cancel()
    assert sum(taken.values()) > datagrams.AT_ONCE, "more came than one turn may take"
    assert max(taken.values()) <= datagrams.AT_ONCE
