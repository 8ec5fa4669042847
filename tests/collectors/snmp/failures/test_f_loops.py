"""F01, F02: a walk that goes round ends, and an answer to another question is no answer."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from random import Random

import pytest

from agent.demo import ber
from agent.demo.ber import Request
from collectors.snmp.params import SnmpParams
from collectors.snmp.walking.walk import Limits, Walker
from tests.collectors.snmp.lab import Bench, by_community, conversation, is_walk, values_of
from tests.harness.snmp_agent import Agent, Misbehave, dotted, encode, interfaces, numbers, snmp_agent

IF_DESCR = "1.3.6.1.2.1.2.2.1.2"


def always(rows: Sequence[str]) -> Misbehave:
    """Every walk below the ifTable is answered with these rows, whatever was asked."""

    def misbehave(agent: Agent, request: Request) -> Sequence[bytes] | None:
        if not is_walk(request):
            return None
        many = rows if request.kind == ber.GET_BULK else rows[:1]
        return [agent.reply(request, [(row, encode(1)) for row in many])]

    return misbehave


LOOPS = {
    "same": [f"{IF_DESCR}.7"] * 3,
    "cycle in a packet": [f"{IF_DESCR}.{index}" for index in (1, 2, 3, 1, 2, 3)],
    "cycle of packets": [f"{IF_DESCR}.{index}" for index in (1, 2, 3)],
    "decreasing": [f"{IF_DESCR}.{index}" for index in (5, 4, 3)],
    "sorted as text": [f"{IF_DESCR}.{index}" for index in (1, 10, 2)],
}
NAMED = re.compile(rf"{IF_DESCR}: oid_not_increasing: .*: ({IF_DESCR}\.\d+) after ({IF_DESCR}\.\d+)")
loops = pytest.mark.parametrize("rows", LOOPS.values(), ids=LOOPS)
engines = pytest.mark.parametrize("engine", ["gufo", "pysnmp"])


@loops
@engines
@pytest.mark.parametrize("bulk", [True, False], ids=["GETBULK", "GETNEXT"])
async def test_f01_a_walk_that_goes_round_ends_at_once_and_costs_only_its_column(
    bench: Bench, rows: list[str], engine: str, bulk: bool
) -> None:
    login = by_community("2c" if bulk else "1")
    async with snmp_agent(Agent(interfaces(3), always(rows))) as agent:
        collector = bench.of(agent, login=login, params=SnmpParams.model_validate({"engine": engine}))
        harvest = await collector.collect()
    walks = Counter(dotted(request.oids[0]) for request in agent.requests if is_walk(request))
    assert max(walks.values()) <= 2, "one packet more than the first at most"
    [(after, before)] = [match.groups() for missing in harvest.partial if (match := NAMED.search(missing))]
    assert numbers(after) <= numbers(before), "both are named, and why they are a fault is to be seen"
    assert len(harvest.partial) == 1
    assert len(values_of(harvest, "ifHCInOctets", "ifName")) == 3


@loops
@engines
async def test_f01_with_the_quirk_a_disordered_table_is_read_once_round(rows: list[str], engine: str) -> None:
    """Each row once, whatever the shape; and the second poll as the first."""
    async with snmp_agent(Agent(interfaces(3), always(rows))) as agent:
        session = conversation(agent, SnmpParams.model_validate({"engine": engine}))
        walker = Walker(session, Limits(unordered=True))
        for _ in range(2):
            before = len(agent.requests)
            assert (await walker.walk(IF_DESCR)).oids == list(dict.fromkeys(rows))
            assert len(agent.requests) - before <= 2
        session.close()


@engines
async def test_f01_with_the_quirk_a_walk_without_end_stops_at_the_cap(engine: str) -> None:
    """Always other rows, in no order: no row comes again, so only the cap ends it."""
    shuffled = Random(1).sample(range(1, 100_000), 5_000)  # noqa: S311 - it is to be foreseen

    def misbehave(agent: Agent, request: Request) -> Sequence[bytes]:
        row = request.oids[0][-1] if len(request.oids[0]) == len(numbers(IF_DESCR)) + 1 else 0
        at = shuffled.index(row) + 1 if row else 0
        return [agent.reply(request, [(f"{IF_DESCR}.{other}", encode(1)) for other in shuffled[at : at + 20]])]

    async with snmp_agent(Agent({}, misbehave)) as agent:
        session = conversation(agent, SnmpParams.model_validate({"engine": engine}), timeout_seconds=5)
        [walked], unread = await Walker(session, Limits(rows=1000, unordered=True)).read(IF_DESCR, [IF_DESCR])
        session.close()
    assert (len(walked.oids), len(set(walked.oids))) == (1000, 1000)
    assert unread == {IF_DESCR: f"{IF_DESCR}: truncated at 1000 rows"}
    assert len(agent.requests) <= 1000 // 20 + 2


@engines
async def test_f02_a_get_answered_with_another_oid_is_not_believed(bench: Bench, engine: str) -> None:
    location, squid = "1.3.6.1.2.1.1.6.0", ("1.3.6.1.2.1.1.1.99", encode("squid"))

    def misbehave(agent: Agent, request: Request) -> Sequence[bytes] | None:
        names = [dotted(oid) for oid in request.oids]
        if request.kind != ber.GET or location not in names:
            return None
        right = [(name, agent.table.get(name, ber.NO_SUCH_INSTANCE)) for name in names]
        return [agent.reply(request, [squid if name == location else (name, value) for name, value in right])]

    async with snmp_agent(Agent(interfaces(1), misbehave)) as agent:
        collector = bench.of(agent, params=SnmpParams.model_validate({"engine": engine}))
        harvest = await collector.collect()
    assert "location" not in harvest.facts
    assert harvest.facts["sys_name"] == "scripted"
    assert bench.meters.counts["ringwacht_snmp_dropped_values_total", "unexpected_oid"] == 1
    assert harvest.partial == ("answered with another object: 1.3.6.1.2.1.1.6.0",)
