"""F01 to F10 and F18: an agent may do what it likes; the walk ends, and says what was wrong."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import pytest

from agent.contract import BadReply, Reason, Unreachable
from agent.demo import ber
from agent.demo.ber import Request
from tests.collectors.snmp.lab import Bench, is_walk, series, values_of
from tests.harness.snmp_agent import Agent, Misbehave, dotted, encode, interfaces, snmp_agent

IF_DESCR = "1.3.6.1.2.1.2.2.1.2"
IF_X = "1.3.6.1.2.1.31.1.1"


def always(rows: Sequence[str]) -> Misbehave:
    """Every walk below the ifTable is answered with these rows, whatever was asked."""

    def misbehave(agent: Agent, request: Request) -> Sequence[bytes] | None:
        if not is_walk(request):
            return None
        many = rows if request.kind == ber.GET_BULK else rows[:1]
        return [agent.reply(request, [(row, encode(1)) for row in many])]

    return misbehave


@pytest.mark.parametrize(
    "rows",
    [
        [f"{IF_DESCR}.7"] * 3,
        [f"{IF_DESCR}.{index}" for index in (1, 2, 3, 1, 2, 3)],
        [f"{IF_DESCR}.{index}" for index in (1, 2, 3)],
        [f"{IF_DESCR}.{index}" for index in (5, 4, 3)],
        [f"{IF_DESCR}.{index}" for index in (1, 10, 2)],
    ],
    ids=["same", "cycle in a packet", "cycle of packets", "decreasing", "sorted as text"],
)
async def test_a_walk_that_goes_round_ends_at_once_and_costs_only_its_column(bench: Bench, rows: list[str]) -> None:
    async with snmp_agent(Agent(interfaces(3), always(rows))) as agent:
        collector = bench.of(agent)
        harvest = await collector.collect()
    walks = Counter(dotted(request.oids[0]) for request in agent.requests if is_walk(request))
    assert max(walks.values()) <= 2, "one packet more than the first at most"
    assert [IF_DESCR in missing and "does not increase" in missing for missing in harvest.partial] == [True]
    assert len(values_of(harvest, "ifHCInOctets", "ifName")) == 3


async def test_with_the_quirk_a_disordered_table_is_read_once_round(bench: Bench) -> None:
    from collectors.snmp.client import Session
    from collectors.snmp.security import Keys
    from collectors.snmp.walk import Limits, Walker
    from tests.collectors.snmp.lab import by_community

    rows = [f"{IF_DESCR}.{index}" for index in (1, 10, 2)]
    async with snmp_agent(Agent(interfaces(3), always(rows))) as agent:
        session = Session(f"127.0.0.1:{agent.port}", by_community().snmp, Keys(), 0.3)
        session.start(3)
        walker = Walker(session, Limits(unordered=True))
        for _ in range(2):
            walked = await walker.walk(IF_DESCR)
            assert walked.oids == rows
        session.close()


async def test_one_bad_column_costs_only_itself(bench: Bench) -> None:
    """F05: genErr whenever ifMtu's neighbour ifSpeed would be in the answer."""
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
async def test_too_big_makes_it_ask_for_less_and_remember(bench: Bench, limit: int) -> None:
    """F03: tooBig is not an empty table."""

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


async def test_answers_that_are_lost_when_large_are_asked_for_in_parts(bench: Bench) -> None:
    """F16: whatever is larger than an Ethernet frame never arrives."""

    def misbehave(agent: Agent, request: Request) -> Sequence[bytes] | None:
        return () if len(agent.answer(request)) > 1472 else None

    async with snmp_agent(Agent(interfaces(60), misbehave)) as agent:
        collector = bench.of(agent, timeout_seconds=0.1)
        for _ in range(3):
            harvest = await collector.collect()
            assert len(values_of(harvest, "ifHCInOctets", "ifName")) == 60
        before = len(agent.requests)
        await collector.collect()
    assert all(len(agent.answer(request)) <= 1472 for request in agent.requests[before:])


async def test_without_getbulk_it_walks_by_getnext(bench: Bench) -> None:
    """F04: silent on every GETBULK."""

    def misbehave(agent: Agent, request: Request) -> Sequence[bytes] | None:
        return () if request.kind == ber.GET_BULK else None

    async with snmp_agent(Agent(interfaces(3), misbehave)) as agent:
        collector = bench.of(agent, timeout_seconds=0.1)
        assert len(values_of(await collector.collect(), "ifHCInOctets", "ifName")) == 3
        before = len(agent.requests)
        assert len(values_of(await collector.collect(), "ifHCInOctets", "ifName")) == 3
    assert all(request.kind != ber.GET_BULK for request in agent.requests[before:])


async def test_one_row_for_each_getbulk_is_enough(bench: Bench) -> None:
    def misbehave(agent: Agent, request: Request) -> Sequence[bytes] | None:
        return [agent.reply(request, agent.after(request.oids[0], 1)[:1])] if request.kind == ber.GET_BULK else None

    async with snmp_agent(Agent(interfaces(5), misbehave)) as agent:
        assert len(values_of(await bench.of(agent).collect(), "ifHCInOctets", "ifName")) == 5


async def test_an_empty_table_is_no_failure(bench: Bench) -> None:
    """F07: endOfMibView at once is a true answer."""
    table = {oid: value for oid, value in interfaces(1).items() if oid.startswith("1.3.6.1.2.1.1.")}
    async with snmp_agent(Agent(table)) as agent:
        harvest = await bench.of(agent).collect()
    assert not harvest.partial
    assert [name for name, _ in series(harvest)] == ["sysUpTime"]


async def test_a_walk_that_dies_is_no_empty_table(bench: Bench) -> None:
    def misbehave(agent: Agent, request: Request) -> Sequence[bytes] | None:
        return () if is_walk(request, "1.3.6.1.2.1.2.2.1.8") else None

    async with snmp_agent(Agent(interfaces(30), misbehave)) as agent:
        collector = bench.of(agent, timeout_seconds=0.1, budget_seconds=2)
        with pytest.raises(Unreachable) as caught:
            await collector.collect()
    assert caught.value.reason is Reason.TIMEOUT


async def test_what_was_complete_is_kept_when_a_later_module_fails(bench: Bench) -> None:
    def misbehave(agent: Agent, request: Request) -> Sequence[bytes] | None:
        return () if is_walk(request, "1.3.6.1.2.1.33") else None

    async with snmp_agent(Agent(interfaces(2), misbehave)) as agent:
        harvest = await bench.of(agent, modules=("ups_mib",), timeout_seconds=0.1, budget_seconds=2).collect()
    assert len(values_of(harvest, "ifHCInOctets", "ifName")) == 2
    assert [missing.partition(":")[0] for missing in harvest.partial] == ["ups_mib"]


async def test_columns_of_different_length_are_joined_by_index(bench: Bench) -> None:
    """F06: what a row lacks is absent, not 0."""
    table = interfaces(4)
    del table["1.3.6.1.2.1.31.1.1.1.6.2"], table["1.3.6.1.2.1.31.1.1.1.6.3"]
    async with snmp_agent(Agent(table)) as agent:
        harvest = await bench.of(agent).collect()
    assert values_of(harvest, "ifHCInOctets", "ifName").keys() == {("eth1",), ("eth4",)}
    assert values_of(harvest, "ifOperStatus", "ifName").keys() == {(f"eth{index}",) for index in range(1, 5)}


async def test_the_number_of_rows_is_capped(bench: Bench) -> None:
    from collectors.snmp.params import SnmpParams

    async with snmp_agent(Agent(interfaces(60))) as agent:
        with pytest.raises(BadReply, match="stopped at"):
            await bench.of(agent, params=SnmpParams(max_rows=100)).collect()


async def test_the_budget_ends_a_poll_of_a_slow_device(bench: Bench) -> None:
    """F10: the whole device has a budget, however often each packet is answered in time."""

    def endless(agent: Agent, request: Request) -> Sequence[bytes] | None:
        if not is_walk(request):
            return None
        last = request.oids[0] if len(request.oids[0]) > 10 else (1, 3, 6, 1, 2, 1, 2, 2, 1, 2, 0)
        return [agent.reply(request, [(dotted((*last[:10], last[10] + 1)), encode(1))])]

    async with snmp_agent(Agent(interfaces(1), endless)) as agent:
        with pytest.raises(Unreachable, match="time for this device is used up"):
            await bench.of(agent, budget_seconds=0.05).collect()


async def test_a_reboot_within_the_poll_discards_it(bench: Bench) -> None:
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


async def test_the_wrap_of_sys_up_time_is_no_reboot(bench: Bench) -> None:
    """F23: 497 days."""

    def misbehave(agent: Agent, request: Request) -> Sequence[bytes] | None:
        if is_walk(request, IF_X):
            agent.table["1.3.6.1.2.1.1.3.0"] = ber.integer(40, ber.TIMETICKS)
        return None

    table = interfaces(2) | {"1.3.6.1.2.1.1.3.0": ber.integer(4294960000, ber.TIMETICKS)}
    async with snmp_agent(Agent(table, misbehave)) as agent:
        await bench.of(agent).collect()
