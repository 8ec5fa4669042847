"""F30, F36: SNMPv3 devices that restart, drift, stand still, or are away for an hour; by both engines."""

from __future__ import annotations

from collections import Counter
from itertools import count

import pytest

from agent.contract import AuthFailed
from collectors.snmp.transport import client
from collectors.snmp.transport.exchange import Engine
from collectors.snmp.transport.v3frame import Frame
from tests.collectors.snmp.failures.v3lab import Device, OurClock, both, silence
from tests.harness.snmpv3_agent import V3Agent, v3_agent


@pytest.mark.parametrize(
    ("clock", "ours", "resyncs"),
    [
        pytest.param((4, 0), 0, {"time_window": 1}, id="restart"),
        pytest.param((1, 0), 0, {"time_window": 1}, id="boots reset to 1"),
        pytest.param((2147483647, 0), 0, {"time_window": 1}, id="boots latched"),
        pytest.param((3, 1000), 90, {}, id="clock frozen"),
        pytest.param((3, 1000), 400, {"time_window": 1}, id="clock frozen for long"),
        pytest.param((3, 1200), 400, {"time_window": 1}, id="clock at half speed"),
        pytest.param((3, 100), 0, {"time_window": 1}, id="clock set back"),
        pytest.param((3, 1200), 0, {"time_window": 1}, id="pause that our clock did not see"),
        pytest.param((3, 1200), 200, {}, id="pause"),
    ],
)
@both
async def test_f30_clock_and_boots(
    engine: Engine, our_clock: OurClock, clock: tuple[int, int], ours: float, resyncs: dict[str, int]
) -> None:
    async with v3_agent(V3Agent()) as agent:
        device = Device(agent, engine)
        assert await device.failures(2) == 0
        device.session.take_resyncs()
        (agent.boots, agent.seconds), our_clock.moved = clock, ours
        assert await device.failures(3) == 0
        found = device.session.take_resyncs()
        assert found in (Counter(resyncs), Counter())  # gufo reads the clock anew by itself after a silence of 100 s
        assert found == Counter(resyncs) or (engine == "gufo" and ours > client.TIME_WINDOW_SECONDS)
        device.session.close()


@both
async def test_f30_an_agent_whose_clock_jumps_at_every_request_is_named_and_not_stormed(engine: Engine) -> None:
    jumps = count(5000, 1000)

    def jump(agent: V3Agent, frame: Frame) -> None:
        agent.seconds = next(jumps) if frame.engine_id else agent.seconds

    async with v3_agent(V3Agent(jump)) as agent:
        device = Device(agent, engine, timeout_seconds=30)
        for polls in (1, 2):
            with pytest.raises(AuthFailed, match="time window"):
                await device.poll()
            assert len(agent.requests) <= 6 * polls
        device.session.close()


@both
async def test_f36_down_for_an_hour_then_up(engine: Engine, our_clock: OurClock) -> None:
    async with v3_agent(V3Agent()) as agent:
        device = Device(agent, engine, timeout_seconds=0.05)
        await device.poll()
        agent.misbehave = silence
        for minute in range(1, 11):
            our_clock.moved, agent.seconds = 360.0 * minute, 1000 + 360 * minute
            assert await device.failures(1) == 1
        agent.misbehave = None
        agent.boots += 1
        assert await device.failures(3) == 0
        device.session.close()
