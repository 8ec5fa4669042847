"""What is asked, in how many packets, and what an operator can see of it; whose fault a failure is."""

from __future__ import annotations

import asyncio
import errno
from collections.abc import Callable, Sequence

import pytest

from agent.contract import CannotCheck, CollectError, Reason, Unreachable
from agent.demo import ber
from agent.demo.ber import Request
from collectors.snmp.transport import client
from collectors.snmp.walking.sizes import REPLY_BYTES
from tests.collectors.snmp.lab import Bench, by_community, by_user, values_of
from tests.harness.snmp_agent import Agent, counter64, encode, interfaces, snmp_agent, varbind


async def test_a_lost_packet_is_sent_again(bench: Bench) -> None:
    def every_fourth(count: list[int]) -> Callable[[Agent, Request], Sequence[bytes] | None]:
        def misbehave(_agent: Agent, _request: Request) -> Sequence[bytes] | None:
            count[0] += 1
            return () if count[0] % 4 == 0 else None

        return misbehave

    async with snmp_agent(Agent(interfaces(20), every_fourth([0]))) as agent:
        collector = bench.of(agent, timeout_seconds=0.1)
        for _ in range(3):
            assert len(values_of(await collector.collect(), "ifHCInOctets", "ifName")) == 20


async def test_a_known_table_is_read_in_as_few_packets_as_fit(bench: Bench) -> None:
    async with snmp_agent(Agent(interfaces(48))) as agent:
        collector = bench.of(agent)
        first = await collector.collect()
        before = len(agent.requests)
        second = await collector.collect()
    walks = [request for request in agent.requests[before:] if request.kind == ber.GET_BULK]
    sizes = [len(agent.answer(request)) for request in walks]
    assert second.layout is first.layout
    assert max(sizes) < REPLY_BYTES + 400
    assert sum(sizes) / REPLY_BYTES + 2 > len(walks), "no packet only to hear that the table ended"


async def test_refused_and_silent_are_told_apart(bench: Bench) -> None:
    agent = Agent({}, lambda _agent, _request: ())
    async with snmp_agent(agent):
        port = agent.port
        with pytest.raises(Unreachable, match="wrong community") as silent:
            await bench.collector(port, timeout_seconds=0.05).collect()
    await asyncio.sleep(0)  # the agent's socket is closed by now
    with pytest.raises(Unreachable) as refused:
        await bench.collector(port).collect()
    assert (silent.value.reason, refused.value.reason) == (Reason.TIMEOUT, Reason.REFUSED)


@pytest.mark.parametrize(
    ("text", "raised"),
    [("Too many open files (os error 24)", CannotCheck), ("Network is unreachable (os error 101)", Unreachable)],
)
@pytest.mark.parametrize("version", ["2c", "3"])
async def test_a_socket_that_cannot_be_opened_says_whose_fault_it_is(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, version: str, text: str, raised: type[CollectError]
) -> None:
    def fail(*_args: object) -> None:
        raise OSError(text)  # as gufo does: without a number

    monkeypatch.setattr(client, f"SnmpV{version}ClientSocket", fail)
    login = by_user() if version == "3" else by_community()
    with pytest.raises(raised, match=text.split(" (")[0]):
        await bench.collector(161, login).collect()


async def test_a_descriptor_short_for_the_second_handle_is_our_fault(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_fd: int) -> int:
        raise OSError(errno.EMFILE, "Too many open files")

    monkeypatch.setattr("collectors.snmp.transport.channel.os.dup", fail)
    with pytest.raises(CannotCheck):
        await bench.collector(161).collect()


async def test_revive_is_one_packet(bench: Bench) -> None:
    async with snmp_agent(Agent(interfaces(2))) as agent:
        await bench.of(agent).revive()
    assert [(request.kind, request.oids) for request in agent.requests] == [(ber.GET, ((1, 3, 6, 1, 2, 1, 1, 3, 0),))]


async def test_the_trace_tells_each_packet(bench: Bench) -> None:
    async with snmp_agent(Agent(interfaces(2))) as agent:
        collector = bench.of(agent)
        told: list[str] = []
        collector.trace = told.append
        await collector.collect()
    assert len(told) == len(agent.requests)
    assert any(line.startswith("1.3.6.1.2.1.2 x25: ") and line.endswith(" ms") for line in told)


async def test_counters_are_exact_and_counted(bench: Bench) -> None:
    table = interfaces(1) | {"1.3.6.1.2.1.31.1.1.1.6.1": counter64((1 << 64) - 1)}
    async with snmp_agent(Agent(table)) as agent:
        harvest = await bench.of(agent).collect()
    assert values_of(harvest, "ifHCInOctets", "ifName") == {("eth1",): (1 << 53) - 1}
    counts = bench.meters.counts
    assert counts["ringwacht_snmp_packets_total", ""] == len(agent.requests)
    assert counts["ringwacht_snmp_values_total", ""] >= len(harvest.values)


def test_varbind_is_a_sequence() -> None:
    assert varbind("1.3.6", encode(1)) == bytes.fromhex("300706022b06020101")
