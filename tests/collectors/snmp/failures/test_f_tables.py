"""F06 to F08, F10, F11, F23: what a poll makes of tables that are cut off, torn, slow, or empty."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest

from agent.contract import BadReply, Reason, Unreachable
from agent.demo import ber
from agent.demo.ber import Request
from collectors.snmp.params import SnmpParams
from tests.collectors.snmp.failures.v3lab import OurClock
from tests.collectors.snmp.lab import Bench, is_walk, series, values_of
from tests.harness.snmp_agent import Agent, dotted, encode, interfaces, snmp_agent

IF_X = "1.3.6.1.2.1.31.1.1"


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


IN_OCTETS, IF_TYPE = f"{IF_X}.1.6", "1.3.6.1.2.1.2.2.1.3"


async def test_f06_a_column_that_ends_early_is_joined_and_told(bench: Bench) -> None:
    """The agent of the catalogue stops where one port lacks a counter: 31 of 48."""
    agent = Agent(interfaces(48))
    for row in range(32, 49):
        del agent.table[f"{IN_OCTETS}.{row}"]
    async with snmp_agent(agent):
        collector = bench.of(agent)
        harvest, again = await collector.collect(), await collector.collect()
        for row in range(32, 49):
            agent.table[f"{IN_OCTETS}.{row}"] = encode(row)
        whole = await collector.collect()
    assert values_of(harvest, "ifHCInOctets", "ifName").keys() == {(f"eth{row}",) for row in range(1, 32)}
    assert len(values_of(harvest, "ifOperStatus", "ifName")) == 48
    assert harvest.partial == again.partial == (f"partial_table: {IN_OCTETS}: 31 of 48 interfaces",)
    assert (len(values_of(whole, "ifHCInOctets", "ifName")), whole.partial) == (48, ())


@pytest.mark.parametrize("lacking", ["a loopback", "one in the middle"])
async def test_f06_what_an_interface_lacks_by_right_is_not_told(bench: Bench, lacking: str) -> None:
    table = interfaces(4)
    if lacking == "a loopback":
        table[f"{IF_TYPE}.4"] = encode(24)
    del table[f"{IN_OCTETS}.{4 if lacking == 'a loopback' else 2}"]
    async with snmp_agent(Agent(table)) as agent:
        harvest = await bench.of(agent).collect()
    assert (len(values_of(harvest, "ifHCInOctets", "ifName")), harvest.partial) == (3, ())


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


@pytest.mark.parametrize("engine", ["gufo", "pysnmp"])
async def test_f10_packets_that_are_in_time_each_are_not_in_time_together(
    bench: Bench, our_clock: OurClock, engine: str
) -> None:
    """As in the catalogue: 1.5 s a packet, 2 s of patience, more than 40 packets to read; the device has 20 s."""

    def slow(_agent: Agent, _request: Request) -> None:
        our_clock.moved += 1.5

    ups = {f"1.3.6.1.2.1.33.1.6.2.1.{column}.{row}": encode(row) for column in (2, 3) for row in range(1, 201)}
    async with snmp_agent(Agent(interfaces(2) | ups, slow)) as agent:
        params = SnmpParams.model_validate({"engine": engine, "max_repetitions": 10})
        collector = bench.of(agent, modules=("ups_mib",), timeout_seconds=2, budget_seconds=20, params=params)
        for _ in range(2):
            before = len(agent.requests)
            harvest = await collector.collect()
            assert len(agent.requests) - before <= 20 / 1.5, "the budget of the device, not the patience for a packet"
            assert len(values_of(harvest, "ifHCInOctets", "ifName")) == 2, "what comes first is read whole"
            assert harvest.partial == ("ups_mib: the time for this device is used up",)


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
    assert len(walks) == 8, "GETBULK for many, few and one, and GETNEXT, each once again"
    assert len(set(walks)) == 1, "the other tables are left alone"
