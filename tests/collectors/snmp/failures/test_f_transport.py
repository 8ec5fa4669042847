"""F12 to F15: what comes over the wire is foreign, late, doubled, mangled, or no answer at all."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import cast

import pytest

from agent.contract import BadReply, CollectError
from agent.demo import ber
from agent.demo.ber import Request
from collectors.snmp.engines import Peer, converse
from collectors.snmp.params import SnmpParams
from collectors.snmp.transport.security import Keys
from collectors.snmp.transport.sieve import Expected, Sieve
from config.address import Address
from tests.collectors.snmp.lab import Bench, by_community, conversation, values_of
from tests.harness.snmp_agent import Agent, dotted, encode, interfaces, snmp_agent

UPTIME = "1.3.6.1.2.1.1.3.0"
ENGINES = pytest.mark.parametrize("engine", ["gufo", "pysnmp"])


def using(engine: str, **more: object) -> SnmpParams:
    return SnmpParams.model_validate({"engine": engine, **more})


@asynccontextmanager
async def answering_from(other: str, agent: Agent) -> AsyncGenerator[Agent]:
    """The agent answers from the same port of another address."""
    loop = asyncio.get_running_loop()
    async with snmp_agent(agent):
        mouth, _ = await loop.create_datagram_endpoint(asyncio.DatagramProtocol, local_addr=(other, agent.port))
        ear = cast("asyncio.DatagramTransport", agent.transport)
        agent.transport = mouth
        try:
            yield agent
        finally:
            agent.transport = ear
            mouth.close()


@pytest.mark.parametrize("engine", ["auto", "pysnmp"])
async def test_f12_an_answer_from_elsewhere_is_not_believed_but_named(bench: Bench, engine: str) -> None:
    async with answering_from("127.0.0.2", Agent(interfaces(2))) as agent:
        collector = bench.of(agent, params=using(engine), timeout_seconds=0.1)
        details: list[str] = []
        for _ in range(2):
            with pytest.raises(CollectError) as caught:
                await collector.collect()
            details.append(caught.value.detail)
    assert details[-1] == "answered from 127.0.0.2: see accept_from"
    assert engine == "pysnmp" or details[0] == details[1], "auto says it the first time"


async def test_f12_an_answer_from_a_listed_address_is_believed(bench: Bench) -> None:
    async with answering_from("127.0.0.2", Agent(interfaces(2))) as agent:
        listed = bench.of(agent, params=SnmpParams(accept_from=("127.0.0.2",)))
        assert len(values_of(await listed.collect(), "ifHCInOctets", "ifName")) == 2
        another = bench.of(agent, params=SnmpParams(accept_from=("127.0.0.3",)), timeout_seconds=0.1)
        with pytest.raises(BadReply, match=r"answered from 127\.0\.0\.2"):
            await another.collect()


async def test_f13_doubled_answers_poison_nothing(bench: Bench) -> None:
    def misbehave(agent: Agent, request: Request) -> Sequence[bytes] | None:
        return [agent.answer(request)] * 3

    async with snmp_agent(Agent(interfaces(4), misbehave)) as agent:
        collector = bench.of(agent)
        for _ in range(20):
            assert len(values_of(await collector.collect(), "ifHCInOctets", "ifName")) == 4


@pytest.mark.parametrize(("engine", "requests"), [("gufo", 10_000), ("pysnmp", 2_000)])
async def test_f13_answers_that_come_one_to_five_times_are_never_mixed_up(engine: str, requests: int) -> None:
    def misbehave(agent: Agent, request: Request) -> Sequence[bytes] | None:
        return [agent.reply(request, [(dotted(oid), encode(oid[-1])) for oid in request.oids])] * (
            1 + request.oids[0][-1] % 5
        )

    async with snmp_agent(Agent({}, misbehave)) as agent:
        session = conversation(agent, using(engine), timeout_seconds=5)
        session.start(600)
        for number in range(1, requests + 1):
            oid = f"1.3.6.1.4.1.99999.{number}"
            assert await session.get([oid]) == {oid: number}
        session.close()


@ENGINES
async def test_f13_a_late_answer_of_the_last_poll_is_dropped(engine: str) -> None:
    """Poll N is given up; its answer comes in poll N+1, before that poll's own."""
    held: list[bytes] = []

    def misbehave(agent: Agent, request: Request) -> Sequence[bytes]:
        answer = agent.reply(request, [(UPTIME, encode(len(agent.requests)))])
        if not held:
            held.append(answer)
            return ()
        return [held[0], answer, held[0]]

    async with snmp_agent(Agent({}, misbehave)) as agent:
        session = conversation(agent, using(engine), timeout_seconds=0.2)
        with pytest.raises(CollectError):
            await session.get([UPTIME], retries=0)
        for number in range(2, 6):
            session.start(5)
            assert await session.get([UPTIME]) == {UPTIME: number}
        session.close()


@ENGINES
async def test_f13_an_answer_later_than_the_timeout_still_counts_once(bench: Bench, engine: str) -> None:
    """Each answer takes 1.2 timeouts: the answer to the first try comes while the second waits."""

    def misbehave(agent: Agent, request: Request) -> Sequence[bytes] | None:
        asyncio.get_running_loop().call_later(0.24, agent.send, agent.answer(request))
        return ()

    async with snmp_agent(Agent(interfaces(1), misbehave)) as agent:
        session = conversation(agent, using(engine), timeout_seconds=0.2)
        assert await session.get([UPTIME]) == {UPTIME: 123456}
        session.close()


def with_half_the_id(agent: Agent, request: Request) -> Sequence[bytes]:
    return [agent.answer(request._replace(request_id=request.request_id & 0xFFFF))]


@pytest.mark.parametrize("engine", ["auto", "gufo", "pysnmp"])
async def test_f14_half_a_request_id_is_diagnosed(bench: Bench, engine: str) -> None:
    async with snmp_agent(Agent(interfaces(1), with_half_the_id)) as agent:
        collector = bench.of(agent, params=using(engine), timeout_seconds=0.1)
        with pytest.raises(BadReply, match="shortened request-id: see request_id_bits"):
            await collector.collect()


async def test_f14_with_the_quirk_half_a_request_id_is_enough(bench: Bench) -> None:
    async with snmp_agent(Agent(interfaces(3), with_half_the_id)) as agent:
        collector = bench.of(agent, params=SnmpParams(request_id_bits=16))
        for _ in range(2):
            assert len(values_of(await collector.collect(), "ifHCInOctets", "ifName")) == 3
        harvest = await collector.collect()
    assert harvest.facts["snmp_engine"] == "pysnmp"


@pytest.mark.parametrize("wrong", [{"accept_from": ["127.0.0.2"]}, {"request_id_bits": 16}])
def test_f12_f14_what_the_fast_engine_cannot_do_is_refused_with_it(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="need engine"):
        using("gufo", **wrong)


async def test_f15_garbage_before_the_true_answer_is_passed_over(bench: Bench) -> None:
    def misbehave(agent: Agent, request: Request) -> Sequence[bytes] | None:
        return [b"\x30\x03\x02\x01", agent.answer(request)]

    async with snmp_agent(Agent(interfaces(2), misbehave)) as agent:
        assert len(values_of(await bench.of(agent).collect(), "ifHCInOctets", "ifName")) == 2


@ENGINES
async def test_f15_another_community_in_the_answer_is_not_believed(engine: str) -> None:
    def misbehave(agent: Agent, request: Request) -> Sequence[bytes] | None:
        forged = agent.reply(request._replace(community=b"private"), [(UPTIME, encode(666))])
        return [forged, agent.answer(request)]

    async with snmp_agent(Agent(interfaces(1), misbehave)) as agent:
        session = conversation(agent, using(engine))
        assert await session.get([UPTIME]) == {UPTIME: 123456}
        session.close()


@pytest.mark.parametrize("engine", ["auto", "pysnmp"])
async def test_f15_a_flood_of_garbage_hides_the_answer_from_nobody(bench: Bench, engine: str) -> None:
    def misbehave(agent: Agent, request: Request) -> Sequence[bytes] | None:
        return [*([b"\x30\x82\xff\xff garbage"] * 100), agent.answer(request)]

    async with snmp_agent(Agent(interfaces(2), misbehave)) as agent:
        collector = bench.of(agent, params=using(engine), timeout_seconds=1)
        assert len(values_of(await collector.collect(), "ifHCInOctets", "ifName")) == 2


@pytest.mark.parametrize("engine", ["auto", "pysnmp"])
async def test_f15_garbage_between_polls_is_thrown_away(bench: Bench, engine: str) -> None:
    agent = Agent(interfaces(2))
    async with snmp_agent(agent):
        collector = bench.of(agent, params=using(engine), timeout_seconds=2)
        for _ in range(3):
            assert len(values_of(await collector.collect(), "ifHCInOctets", "ifName")) == 2
            for number in range(500):
                agent.send(bytes((0x30, number % 256)) * 8)
            await asyncio.sleep(0)


async def test_f12_any_address_is_believed_where_a_module_says_so() -> None:
    """Upstream's use_unconnected_udp_socket."""
    async with answering_from("127.0.0.2", Agent(interfaces(1))) as agent:
        peer = Peer(Address(agent.host, agent.port), by_community().snmp, 0.3)
        session = converse(peer, Keys(), SnmpParams(), any_source=True)
        session.start(3)
        assert await session.get([UPTIME]) == {UPTIME: 123456}
        session.close()


def test_f12_only_the_right_port_and_id_make_an_answer() -> None:
    expected = Expected(1, b"public", 77, 161, frozenset({"192.0.2.7"}))
    answer = ber.response(Request(ber.V2C, b"public", ber.GET, 77, 0, 0, ()), [])
    for host, port, foreign in [("192.0.2.8", 161, "192.0.2.8"), ("192.0.2.7", 1161, "192.0.2.7 port 1161")]:
        sieve = Sieve(expected)
        assert sieve.take(answer, host, port) is None
        assert sieve.foreign == foreign
    assert Sieve(expected).take(answer, "192.0.2.7", 161) is not None
    assert Sieve(replace(expected, request_id=78)).take(answer, "192.0.2.7", 161) is None
    assert Sieve(replace(expected, version=0)).take(answer, "192.0.2.7", 161) is None
