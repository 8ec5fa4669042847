"""What differs on uvloop, which the daemon runs on: libuv stops watching a socket that once reported an error."""

from __future__ import annotations

import asyncio

import pytest
import uvloop

from agent.contract import Reason, Unreachable
from collectors.snmp.params import SnmpParams
from tests.collectors.snmp.lab import Bench
from tests.harness.snmp_agent import Agent, interfaces, snmp_agent


@pytest.mark.parametrize("engine", ["auto", "pysnmp"])
def test_a_device_that_was_refused_is_heard_again(engine: str) -> None:
    async def refused_twice_then_back() -> None:
        bench, agent = Bench(), Agent(interfaces(2))
        async with snmp_agent(agent):
            collector = bench.of(agent, timeout_seconds=2.0, params=SnmpParams.model_validate({"engine": engine}))
            layout = (await collector.collect()).layout
        await asyncio.sleep(0)  # the agent's socket closes
        for _ in range(3):
            with pytest.raises(Unreachable) as refused:
                await collector.collect()
            assert refused.value.reason is Reason.REFUSED
        async with snmp_agent(agent):  # on the same port
            assert (await collector.collect()).layout.size == layout.size
        await bench.close()

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(refused_twice_then_back())
