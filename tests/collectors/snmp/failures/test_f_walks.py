"""F03 to F05: an agent may answer a walk as it likes; the walk ends, and says what was wrong."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from agent.demo import ber
from agent.demo.ber import Request
from collectors.snmp.params import SnmpParams
from collectors.snmp.walking.lessons import FORGET_AFTER_POLLS, POLLS_TO_BELIEVE, REGROW_POLLS
from collectors.snmp.walking.scalars import INSTANCES_PER_PACKET, Getter
from collectors.snmp.walking.walk import Limits, Walker
from tests.collectors.snmp.lab import Bench, conversation, is_walk, series, values_of
from tests.harness.snmp_agent import Agent, Misbehave, dotted, encode, interfaces, snmp_agent, varbind

IF_DESCR = "1.3.6.1.2.1.2.2.1.2"
IF_X = "1.3.6.1.2.1.31.1.1"


async def test_f05_one_bad_column_costs_only_itself(bench: Bench) -> None:
    """Answer genErr whenever ifMtu's neighbour ifSpeed would be in the answer."""
    table = interfaces(3) | {f"1.3.6.1.2.1.2.2.1.5.{index}": encode(10) for index in (1, 2, 3)}

    def misbehave(agent: Agent, request: Request) -> Sequence[bytes] | None:
        if request.kind == ber.GET:
            return None
        rows = agent.after(request.oids[0], request.second if request.kind == ber.GET_BULK else 1)
        if any(oid.startswith("1.3.6.1.2.1.2.2.1.5.") for oid, _ in rows):
            return [agent.error(request, 5)]
        return None

    async with snmp_agent(Agent(table, misbehave)) as agent:
        collector = bench.of(agent)
        harvest = await collector.collect()
        again = await collector.collect()
    assert values_of(harvest, "ifOperStatus", "ifName") == {("eth1",): 2, ("eth2",): 1, ("eth3",): 2}
    assert not values_of(harvest, "ifSpeed", "ifName")
    assert any("1.3.6.1.2.1.2.2.1.5" in missing for missing in harvest.partial)
    assert series(again).keys() == series(harvest).keys()


@pytest.mark.parametrize("limit", [484, 1400])
async def test_f03_too_big_makes_it_ask_for_less_and_remember(bench: Bench, limit: int) -> None:
    def misbehave(agent: Agent, request: Request) -> Sequence[bytes] | None:
        return [agent.error(request, 1)] if len(agent.answer(request)) > limit else None

    async with snmp_agent(Agent(interfaces(40), misbehave)) as agent:
        collector = bench.of(agent)
        harvest = await collector.collect()
        assert len(values_of(harvest, "ifHCInOctets", "ifName")) == 40
        assert not harvest.partial
        await collector.collect()
        before = len(agent.requests)
        again = await collector.collect()
        second = agent.requests[before:]
    assert not any(len(agent.answer(request)) > limit for request in second), "learnt"
    assert all(request.kind != ber.GET_NEXT for request in second), "tooBig is not 'no GETBULK'"
    assert again.layout is harvest.layout


async def test_f04_without_getbulk_it_walks_by_getnext(bench: Bench) -> None:
    def misbehave(agent: Agent, request: Request) -> Sequence[bytes] | None:
        return () if request.kind == ber.GET_BULK else None

    async with snmp_agent(Agent(interfaces(3), misbehave)) as agent:
        collector = bench.of(agent, timeout_seconds=0.1)
        for _ in range(POLLS_TO_BELIEVE):
            assert len(values_of(await collector.collect(), "ifHCInOctets", "ifName")) == 3
        before = len(agent.requests)
        assert len(values_of(await collector.collect(), "ifHCInOctets", "ifName")) == 3
    assert all(request.kind != ber.GET_BULK for request in agent.requests[before:])


async def test_f04_one_row_for_each_getbulk_is_enough(bench: Bench) -> None:
    def misbehave(agent: Agent, request: Request) -> Sequence[bytes] | None:
        return [agent.reply(request, agent.after(request.oids[0], 1)[:1])] if request.kind == ber.GET_BULK else None

    async with snmp_agent(Agent(interfaces(5), misbehave)) as agent:
        assert len(values_of(await bench.of(agent).collect(), "ifHCInOctets", "ifName")) == 5


SCALARS = [f"1.3.6.1.4.1.99999.2.{number}.0" for number in range(1, 61)]
MANY = interfaces(0) | {oid: encode(number) for number, oid in enumerate(SCALARS)}


def too_big_over(limit: int) -> Misbehave:
    def misbehave(agent: Agent, request: Request) -> Sequence[bytes] | None:
        return [agent.error(request, 1)] if len(agent.answer(request)) > limit else None

    return misbehave


@pytest.mark.parametrize("engine", ["gufo", "pysnmp"])
@pytest.mark.parametrize("version", ["1", "2c"])
async def test_f03_a_get_that_is_too_big_is_split_and_the_size_remembered(engine: str, version: str) -> None:
    async with snmp_agent(Agent(MANY, too_big_over(200))) as agent:
        session = conversation(agent, SnmpParams.model_validate({"engine": engine}), version)
        getter = Getter(session)
        assert await getter.get(SCALARS) == dict(zip(SCALARS, range(60), strict=True))
        before = len(agent.requests)
        assert len(await getter.get(SCALARS)) == 60
        assert not any(len(agent.answer(request)) > 200 for request in agent.requests[before:]), "learnt"
        for _ in range(10 * REGROW_POLLS):
            getter.begin_poll()
        before = len(agent.requests)
        assert len(await getter.get(SCALARS)) == 60
        assert max(len(request.oids) for request in agent.requests[before:]) == INSTANCES_PER_PACKET, "tried again"
        session.close()


@pytest.mark.parametrize("engine", ["gufo", "pysnmp"])
async def test_f03_a_single_instance_that_is_too_big_fails_alone(engine: str) -> None:
    big = "1.3.6.1.4.1.99999.3.0"
    async with snmp_agent(Agent(MANY | {big: encode("x" * 500)}, too_big_over(400))) as agent:
        session = conversation(agent, SnmpParams.model_validate({"engine": engine}))
        getter = Getter(session)
        assert len(await getter.get([*SCALARS[:5], big])) == 5
        assert getter.remarks([*SCALARS, big]) == [f"the device answers tooBig: {big}"]
        before = len(agent.requests)
        assert len(await getter.get([*SCALARS[:5], big])) == 5
        assert len(agent.requests) == before + 1, "not asked for in each poll"
        session.close()


async def test_f03_a_walk_asks_for_more_again_after_a_while() -> None:
    agent = Agent(interfaces(60), too_big_over(400))
    async with snmp_agent(agent):
        session = conversation(agent)
        walker = Walker(session, Limits())
        await walker.walk(IF_DESCR)
        await walker.walk(IF_DESCR)
        small = agent.requests[-1].second
        agent.misbehave = None
        for _ in range(8 * REGROW_POLLS):
            walker.begin_poll()
            if walker.polls % REGROW_POLLS == 1:
                await walker.walk(IF_DESCR)
        await walker.walk(IF_DESCR)
        assert small < 25 < agent.requests[-1].second
        session.close()


async def test_f04_a_subtree_whose_bulk_answers_lie_is_read_one_by_one() -> None:
    def misbehave(agent: Agent, request: Request) -> Sequence[bytes] | None:
        if request.kind == ber.GET_BULK and is_walk(request, IF_DESCR):
            return [agent.reply(request, [(oid, encode("wrong")) for oid, _ in agent.after(request.oids[0], 2)])]
        return None

    async with snmp_agent(Agent(interfaces(4), misbehave)) as agent:
        session = conversation(agent)
        walker = Walker(session, Limits(no_bulk=(IF_DESCR,)))
        walked = await walker.walk(IF_DESCR)
        assert walked.values == [f"eth{index}".encode() for index in range(1, 5)]
        await walker.walk(IF_X)
        assert agent.requests[-1].kind == ber.GET_BULK, "others are read in bulk"
        session.close()


async def test_f04_bulk_is_tried_again_some_day() -> None:
    def misbehave(_agent: Agent, request: Request) -> Sequence[bytes] | None:
        return () if request.kind == ber.GET_BULK else None

    async with snmp_agent(Agent(interfaces(2), misbehave)) as agent:
        session = conversation(agent, SnmpParams(retries=0), timeout_seconds=0.05)
        walker = Walker(session, Limits())
        await walker.walk(IF_DESCR)
        agent.misbehave = None
        for _ in range(FORGET_AFTER_POLLS):
            walker.begin_poll()
        await walker.walk(IF_DESCR)
        assert agent.requests[-1].kind == ber.GET_BULK
        session.close()


@pytest.mark.parametrize("engine", ["gufo", "pysnmp"])
async def test_f05_what_an_answer_leaves_out_is_asked_for_again(engine: str) -> None:
    def misbehave(agent: Agent, request: Request) -> Sequence[bytes] | None:
        rows = [varbind(dotted(oid), agent.table[dotted(oid)]) for oid in request.oids]
        return [ber.response(request, rows[:16])]

    async with snmp_agent(Agent(MANY, misbehave)) as agent:
        session = conversation(agent, SnmpParams.model_validate({"engine": engine}))
        getter = Getter(session)
        assert await getter.get(SCALARS) == dict(zip(SCALARS, range(60), strict=True))
        assert getter.remarks(SCALARS) == []
        session.close()


@pytest.mark.parametrize("engine", ["gufo", "pysnmp"])
async def test_f05_answers_without_any_variable_are_a_failure_with_a_reason(bench: Bench, engine: str) -> None:
    location = "1.3.6.1.2.1.1.6.0"

    def misbehave(_agent: Agent, request: Request) -> Sequence[bytes] | None:
        return (
            [ber.response(request, [])] if request.kind == ber.GET and location in map(dotted, request.oids) else None
        )

    async with snmp_agent(Agent(interfaces(1), misbehave)) as agent:
        collector = bench.of(agent, params=SnmpParams.model_validate({"engine": engine}))
        harvest = await collector.collect()
        asked = [request for request in agent.requests if location in map(dotted, request.oids)]
    assert len(asked) == 2, "once more, then it has failed"
    assert [text.partition(":")[0] for text in harvest.partial] == ["left out of the answer, or no valid value"]
    assert values_of(harvest, "ifHCInOctets", "ifName"), "the tables are read all the same"


@pytest.mark.parametrize(("version", "status"), [("2c", 5), ("1", 2), ("1", 5)])
@pytest.mark.parametrize("engine", ["gufo", "pysnmp"])
async def test_f05_an_error_at_one_variable_costs_only_that_one(engine: str, version: str, status: int) -> None:
    bad = SCALARS[10:13]

    def misbehave(_agent: Agent, request: Request) -> Sequence[bytes] | None:
        names = [dotted(oid) for oid in request.oids]
        index = next((at for at, name in enumerate(names, 1) if name in bad), 0)
        return [ber.response(request, [varbind(name, b"\x05\x00") for name in names], status, index)] if index else None

    async with snmp_agent(Agent(MANY, misbehave)) as agent:
        session = conversation(agent, SnmpParams.model_validate({"engine": engine}), version)
        getter = Getter(session)
        found = await getter.get(SCALARS)
        assert found.keys() == set(SCALARS) - set(bad)
        assert len(agent.requests) == 3 + len(bad)
        remarks = getter.remarks(SCALARS)
        assert remarks == ([] if status == 2 else [f"the device answers genErr: {', '.join(bad)}"])
        session.close()
