"""F06 to F11, F23: what a poll makes of tables that are cut off, torn, huge, slow, or empty."""

from __future__ import annotations

import asyncio
import tracemalloc
from collections.abc import Sequence

import pytest

from agent.contract import BadReply, Reason, Unreachable
from agent.demo import ber
from agent.demo.ber import Request
from collectors.snmp.params import SnmpParams
from collectors.snmp.walk import MAX_REPETITIONS, Limits, Walker
from tests.collectors.snmp.lab import Bench, conversation, is_walk, series, values_of
from tests.harness.snmp_agent import Agent, dotted, encode, interfaces, snmp_agent

IF_X = "1.3.6.1.2.1.31.1.1"
FDB = "1.3.6.1.2.1.17.4.3.1.2"


class Endless:
    """A forwarding table of a hundred thousand rows, made as they are asked for."""

    SIZE = 100_000

    def __init__(self) -> None:
        self.told = 0

    def __call__(self, agent: Agent, request: Request) -> Sequence[bytes] | None:
        if not is_walk(request, FDB):
            return None
        first = request.oids[0][-1] + 1 if len(request.oids[0]) > len(FDB.split(".")) else 1
        rows = range(first, min(first + request.second, self.SIZE + 1))
        self.told += len(rows)
        return [
            agent.reply(request, [(f"{FDB}.{row}", encode(row % 48)) for row in rows] or [(FDB, ber.END_OF_MIB_VIEW)])
        ]


async def test_f07_an_empty_table_is_no_failure(bench: Bench) -> None:
    """F07: endOfMibView at once is a true answer."""
    table = {oid: value for oid, value in interfaces(1).items() if oid.startswith("1.3.6.1.2.1.1.")}
    async with snmp_agent(Agent(table)) as agent:
        harvest = await bench.of(agent).collect()
    assert not harvest.partial
    assert [name for name, _ in series(harvest)] == ["sysUpTime", "ringwacht_device_uptime_seconds"]


async def test_f07_a_walk_that_dies_is_no_empty_table(bench: Bench) -> None:
    def misbehave(agent: Agent, request: Request) -> Sequence[bytes] | None:
        return () if is_walk(request, "1.3.6.1.2.1.2.2.1.8") else None

    async with snmp_agent(Agent(interfaces(30), misbehave)) as agent:
        collector = bench.of(agent, timeout_seconds=0.1, budget_seconds=2)
        with pytest.raises(Unreachable) as caught:
            await collector.collect()
    assert caught.value.reason is Reason.TIMEOUT


async def test_f07_what_was_complete_is_kept_when_a_later_module_fails(bench: Bench) -> None:
    def misbehave(agent: Agent, request: Request) -> Sequence[bytes] | None:
        return () if is_walk(request, "1.3.6.1.2.1.33") else None

    async with snmp_agent(Agent(interfaces(2), misbehave)) as agent:
        harvest = await bench.of(agent, modules=("ups_mib",), timeout_seconds=0.1, budget_seconds=2).collect()
    assert len(values_of(harvest, "ifHCInOctets", "ifName")) == 2
    assert [missing.partition(":")[0] for missing in harvest.partial] == ["ups_mib"]


async def test_f06_columns_of_different_length_are_joined_by_index(bench: Bench) -> None:
    """F06: what a row lacks is absent, not 0."""
    table = interfaces(4)
    del table["1.3.6.1.2.1.31.1.1.1.6.2"], table["1.3.6.1.2.1.31.1.1.1.6.3"]
    async with snmp_agent(Agent(table)) as agent:
        harvest = await bench.of(agent).collect()
    assert values_of(harvest, "ifHCInOctets", "ifName").keys() == {("eth1",), ("eth4",)}
    assert values_of(harvest, "ifOperStatus", "ifName").keys() == {(f"eth{index}",) for index in range(1, 5)}


@pytest.mark.parametrize("cap", [30, 100, 300])
async def test_f09_a_walk_stops_at_the_cap_and_says_so(bench: Bench, cap: int) -> None:
    async with snmp_agent(Agent(interfaces(60))) as agent:
        collector = bench.of(agent, params=SnmpParams(max_rows=cap))
        first, second = await collector.collect(), await collector.collect()
    assert any(f"truncated at {cap} rows" in missing for missing in first.partial)
    assert series(first), "what was read is given out"
    assert second.layout is first.layout
    assert second.partial == first.partial


async def test_f09_a_hundred_thousand_rows_cost_no_more_than_the_cap(bench: Bench) -> None:
    ends = Endless()
    async with snmp_agent(Agent(interfaces(1), ends)) as agent:
        session = conversation(agent, timeout_seconds=2)
        session.start(60)
        walker = Walker(session, Limits(rows=5_000))
        tracemalloc.start()
        try:
            walked = await walker.walk(FDB)
            grown = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
        session.close()
    assert (len(walked.values), walked.remark) == (5_000, f"{FDB}: truncated at 5000 rows")
    assert ends.told <= 5_000 + MAX_REPETITIONS, "it is not read to its end"
    assert grown < 5_000_000, "so the default cap costs less than 50 MB"


async def test_f10_the_budget_ends_a_poll_of_a_slow_device(bench: Bench) -> None:
    """F10: the whole device has a budget, however often each packet is answered in time."""

    def endless(agent: Agent, request: Request) -> Sequence[bytes] | None:
        if not is_walk(request):
            return None
        last = request.oids[0] if len(request.oids[0]) > 10 else (1, 3, 6, 1, 2, 1, 2, 2, 1, 2, 0)
        return [agent.reply(request, [(dotted((*last[:10], last[10] + 1)), encode(1))])]

    async with snmp_agent(Agent(interfaces(1), endless)) as agent:
        with pytest.raises(Unreachable, match="time for this device is used up"):
            await bench.of(agent, budget_seconds=0.05).collect()


async def test_f08_a_reboot_within_the_poll_discards_it(bench: Bench) -> None:
    """F08."""

    def misbehave(agent: Agent, request: Request) -> Sequence[bytes] | None:
        if is_walk(request, IF_X):
            agent.table["1.3.6.1.2.1.1.3.0"] = ber.integer(300, ber.TIMETICKS)
        return None

    async with snmp_agent(Agent(interfaces(2), misbehave)) as agent:
        collector = bench.of(agent)
        with pytest.raises(BadReply, match="rebooted during the poll"):
            await collector.collect()
        assert len(values_of(await collector.collect(), "ifHCInOctets", "ifName")) == 2


async def test_f23_the_wrap_of_sys_up_time_is_no_reboot(bench: Bench) -> None:
    """F23: 497 days."""

    def misbehave(agent: Agent, request: Request) -> Sequence[bytes] | None:
        if is_walk(request, IF_X):
            agent.table["1.3.6.1.2.1.1.3.0"] = ber.integer(40, ber.TIMETICKS)
        return None

    table = interfaces(2) | {"1.3.6.1.2.1.1.3.0": ber.integer(4294960000, ber.TIMETICKS)}
    async with snmp_agent(Agent(table, misbehave)) as agent:
        await bench.of(agent).collect()


async def test_f10_when_the_time_is_used_up_what_was_read_before_is_kept(bench: Bench) -> None:
    """What matters most comes first: scalars, then the modules in their order."""

    def misbehave(agent: Agent, request: Request) -> Sequence[bytes] | None:
        if not is_walk(request, "1.3.6.1.2.1.33"):
            return None
        last = request.oids[0] if len(request.oids[0]) > 10 else (1, 3, 6, 1, 2, 1, 33, 1, 2, 1, 0)
        row = agent.reply(request, [(dotted((*last[:10], last[10] + 1)), encode(1))])
        asyncio.get_running_loop().call_later(0.05, agent.send, row)
        return ()

    async with snmp_agent(Agent(interfaces(2), misbehave)) as agent:
        collector = bench.of(agent, modules=("ups_mib",), budget_seconds=1, timeout_seconds=5)
        harvest = await collector.collect()
    assert len(values_of(harvest, "ifHCInOctets", "ifName")) == 2
    assert harvest.partial == ("ups_mib: the time for this device is used up",)


async def test_f11_a_silent_device_is_not_asked_for_each_object(bench: Bench) -> None:
    async with snmp_agent(Agent(interfaces(2), lambda _agent, _request: ())) as agent:
        collector = bench.of(agent, timeout_seconds=0.05, params=SnmpParams(retries=2))
        with pytest.raises(Unreachable):
            await collector.collect()
    assert len(agent.requests) == 3, "once, and twice again"


async def test_f11_a_device_that_falls_silent_is_asked_nothing_more(bench: Bench) -> None:
    def misbehave(_agent: Agent, request: Request) -> Sequence[bytes] | None:
        return () if request.kind != ber.GET else None

    async with snmp_agent(Agent(interfaces(2), misbehave)) as agent:
        with pytest.raises(Unreachable):
            await bench.of(agent, modules=("ups_mib",), timeout_seconds=0.05).collect()
    walks = [dotted(request.oids[0]) for request in agent.requests if request.kind != ber.GET]
    assert len(walks) == 4, "GETBULK and GETNEXT, each once again"
    assert len(set(walks)) == 1, "the other tables are left alone"
