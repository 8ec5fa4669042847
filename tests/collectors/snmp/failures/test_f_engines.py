"""F16 to F18: answers that are too large, malformed, or misread: the other engine reads on, and nothing leaks."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from agent.contract import BadReply
from agent.demo import ber
from agent.demo.ber import Request
from collectors.snmp.params import SnmpParams
from tests.collectors.snmp.lab import Bench, conversation, is_walk, values_of
from tests.harness.snmp_agent import Agent, encode, interfaces, snmp_agent

UPTIME = "1.3.6.1.2.1.1.3.0"


def using(engine: str) -> SnmpParams:
    return SnmpParams.model_validate({"engine": engine})


@pytest.mark.parametrize("engine", ["gufo", "auto", "pysnmp"])
async def test_f16_answers_that_are_lost_when_large_are_asked_for_in_parts(bench: Bench, engine: str) -> None:
    """Whatever is larger than an Ethernet frame never arrives; after three polls nothing larger is asked for."""

    def misbehave(agent: Agent, request: Request) -> Sequence[bytes] | None:
        return () if len(agent.answer(request)) > 1472 else None

    async with snmp_agent(Agent(interfaces(60), misbehave)) as agent:
        collector = bench.of(agent, timeout_seconds=0.2, params=using(engine))
        for _ in range(3):
            harvest = await collector.collect()
            assert len(values_of(harvest, "ifHCInOctets", "ifName")) == 60
            assert not harvest.partial
        before = len(agent.requests)
        await collector.collect()
    assert all(len(agent.answer(request)) <= 1472 for request in agent.requests[before:])
    assert all(request.kind != ber.GET_NEXT for request in agent.requests[before:]), "that is not 'no GETBULK'"


@pytest.mark.parametrize("version", ["2c"])
async def test_f16_an_answer_larger_than_the_fast_engine_reads_is_read_by_the_other(version: str) -> None:
    texts = {f"1.3.6.1.4.1.99999.5.{row}": encode(f"{row:04}" * 500) for row in range(1, 31)}
    async with snmp_agent(Agent(texts)) as agent:
        session = conversation(agent, version=version, timeout_seconds=2)
        cursor = session.cursor("1.3.6.1.4.1.99999.5", 28)
        first = await session.bulk(cursor, "28 rows of 2 kB")
        second = await session.bulk(cursor, "the rest")
        assert [len(first), len(second)] == [28, 3]
        assert sum(len(agent.answer(request)) for request in agent.requests[:1]) > 55_000
        session.close()


PANICS = ["3081", "30023082", "1f81", "3003020101a2", "30800000", "3084ffffffff"]


@pytest.mark.parametrize("datagram", PANICS)
async def test_f18_malformed_datagrams_are_a_bad_reply(bench: Bench, datagram: str) -> None:
    """The decoder of the engine panics on some of these, with an exception that is no Exception."""

    def misbehave(agent: Agent, request: Request) -> Sequence[bytes] | None:
        return [bytes.fromhex(datagram)] if is_walk(request) else None

    async with snmp_agent(Agent(interfaces(1), misbehave)) as agent:
        collector = bench.of(agent, timeout_seconds=0.05)
        with pytest.raises(BadReply):
            await collector.collect()
        agent.misbehave = None
        assert len(values_of(await collector.collect(), "ifHCInOctets", "ifName")) == 1


def three_octet_address(agent: Agent, request: Request) -> Sequence[bytes] | None:
    """An answer that the fast engine refuses whole, for one value (F28)."""
    if request.kind != ber.GET_BULK:
        return None
    rows = agent.after(request.oids[0], request.second)
    return [agent.reply(request, [*rows[:1], (rows[0][0] + ".0", bytes.fromhex("4003010203")), *rows[1:]])]


async def test_f18_a_device_that_the_fast_engine_cannot_read_stays_with_the_other(bench: Bench) -> None:
    async with snmp_agent(Agent(interfaces(2), three_octet_address)) as agent:
        collector = bench.of(agent)
        engines: list[str] = []
        for _ in range(5):
            harvest = await collector.collect()
            assert len(values_of(harvest, "ifHCInOctets", "ifName")) == 2, "the values come in the same poll"
            engines.append(harvest.facts["snmp_engine"])
        before = len(agent.requests)
        await collector.collect()
        twice = [request.oids for request in agent.requests[before:]]
    assert engines == ["gufo", "gufo", "gufo", "pysnmp", "pysnmp"]
    assert len(twice) == len(set(twice)), "nothing is asked twice"
    assert bench.meters.counts["ringwacht_snmp_dropped_values_total", "invalid_value"] > 0


async def test_f18_one_bad_poll_does_not_change_the_engine(bench: Bench) -> None:
    agent = Agent(interfaces(2), three_octet_address)
    async with snmp_agent(agent):
        collector = bench.of(agent)
        engines: list[str] = []
        for bad in (True, True, False, True, True, False):
            agent.misbehave = three_octet_address if bad else None
            engines.append((await collector.collect()).facts["snmp_engine"])
    assert set(engines) == {"gufo"}


async def test_f18_without_fallback_the_fast_engine_says_what_it_cannot_read() -> None:
    async with snmp_agent(Agent({UPTIME: bytes.fromhex("4003010203")})) as agent:
        session = conversation(agent, using("gufo"))
        with pytest.raises(BadReply, match="cannot be decoded"):
            await session.get([UPTIME])
        session.close()
