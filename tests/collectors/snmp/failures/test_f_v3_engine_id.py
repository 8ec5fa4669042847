"""F31, F32, F34: SNMPv3 devices that are swapped, cloned, or want an empty discovery first; by both engines."""

from __future__ import annotations

from collections import Counter

from collectors.snmp.params import SnmpParams
from collectors.snmp.transport.exchange import Engine
from collectors.snmp.transport.v3frame import REPORTABLE, Frame
from tests.collectors.snmp.failures.v3lab import OTHER_ENGINE, Device, both
from tests.collectors.snmp.lab import Bench, by_user
from tests.harness.snmp_agent import interfaces
from tests.harness.snmpv3_agent import ENGINE, V3Agent, v3_agent


@both
async def test_f31_another_engine_that_says_so_costs_no_poll(engine: Engine) -> None:
    async with v3_agent(V3Agent()) as agent:
        device = Device(agent, engine, timeout_seconds=30)
        await device.poll()
        assert device.session.engine_id == ENGINE.hex()
        agent.be(OTHER_ENGINE)
        assert await device.failures(1) == 0
        assert device.session.engine_id == OTHER_ENGINE.hex()
        assert device.session.take_resyncs() == Counter(unknown_engine=1, engine_id_changed=1)
        assert device.session.take_resyncs() == Counter()
        device.session.close()


@both
async def test_f31_another_engine_that_keeps_silent_costs_two_polls_at_most(engine: Engine) -> None:
    def silent_to_strangers(agent: V3Agent, frame: Frame) -> list[bytes] | None:
        return [] if frame.engine_id not in {b"", agent.engine_id} else None

    async with v3_agent(V3Agent(silent_to_strangers)) as agent:
        device = Device(agent, engine)
        await device.poll()
        agent.be(OTHER_ENGINE)
        assert await device.failures(4) <= 2
        assert await device.poll() == 123456
        assert device.session.take_resyncs() == Counter(engine_id_changed=1)
        device.session.close()


@both
async def test_f31_the_change_is_a_fact_and_is_counted(engine: Engine, bench: Bench) -> None:
    async with v3_agent(V3Agent(table=interfaces(2))) as agent:
        collector = bench.collector(agent.port, by_user(), params=SnmpParams(engine=engine))
        before = (await collector.collect()).facts
        agent.be(OTHER_ENGINE)
        after = (await collector.collect()).facts
    assert (before["snmp_engine_id"], after["snmp_engine_id"]) == (ENGINE.hex(), OTHER_ENGINE.hex())
    assert (before["snmp_engine"], before["snmp_profile"]) == (engine, "generic")
    assert bench.meters.counts["ringwacht_snmp_resyncs_total", "engine_id_changed"] == 1


@both
async def test_f32_two_devices_with_one_engine_id(engine: Engine) -> None:
    async with v3_agent(V3Agent(boots=3)) as one, v3_agent(V3Agent(boots=77)) as two:
        two.seconds = 5_000_000
        devices = Device(one, engine), Device(two, engine)
        for _ in range(8):
            assert [await device.failures(1) for device in devices] == [0, 0]
        two.boots, two.seconds = 78, 0
        for _ in range(8):
            assert [await device.failures(1) for device in devices] == [0, 0]
        assert devices[0].session.take_resyncs() == Counter()
        assert devices[1].session.take_resyncs() == Counter(time_window=1)
        assert one.discoveries == 1
        for device in devices:
            device.session.close()


@both
async def test_f34_discovery_comes_first_and_empty(engine: Engine) -> None:
    def only_discovery_of_strangers(_agent: V3Agent, frame: Frame) -> list[bytes] | None:
        stranger = not frame.engine_id and (frame.flags != REPORTABLE or frame.user)
        return [] if stranger else None

    async with v3_agent(V3Agent(only_discovery_of_strangers)) as agent:
        device = Device(agent, engine)
        assert await device.failures(3) == 0
        first = agent.requests[0]
        assert (first.flags, first.engine_id, first.user, first.encrypted) == (REPORTABLE, b"", b"", False)
        assert agent.discoveries == 1
        device.session.close()
