"""F17 and what else comes over the wire under SNMPv3: contexts, hostile discovery, IPv6, what gufo cannot read."""

from __future__ import annotations

import asyncio
import gc
from contextlib import suppress
from pathlib import Path

import pytest

from agent.demo import ber
from collectors.snmp.oid import SYS_NAME
from collectors.snmp.params import SnmpParams
from collectors.snmp.transport.exchange import Engine
from collectors.snmp.transport.v3frame import Frame
from tests.collectors.snmp.failures.v3lab import Device, both, silence
from tests.collectors.snmp.lab import Bench, by_user
from tests.harness.snmp_agent import SYSTEM, Agent
from tests.harness.snmpv3_agent import V3Agent, v3_agent


async def test_a_context_is_read_by_the_compatible_engine(bench: Bench) -> None:
    login = by_user()
    login.snmp = login.snmp.model_copy(update={"context": "vlan-10"})
    async with v3_agent(V3Agent()) as agent:
        agent.contexts[b"vlan-10"] = Agent(SYSTEM | {SYS_NAME: ber.octets("the tenth")})
        device = Device(agent, "auto", login=login)
        device.session.start(5.0)
        assert await device.session.get([SYS_NAME]) == {SYS_NAME: b"the tenth"}
        assert device.session.engine == "pysnmp"
        device.session.close()
        own = Device(agent, "auto")
        own.session.start(5.0)
        assert (await own.session.get([SYS_NAME]), own.session.engine) == ({SYS_NAME: b"scripted"}, "gufo")
        own.session.close()
    with pytest.raises(Exception, match="context needs engine: auto or pysnmp"):
        bench.collector(agent.port, login, params=SnmpParams(engine="gufo"))


@both
async def test_a_hostile_discovery_costs_this_device_alone(engine: Engine) -> None:
    """A clock of 2^31 s, an engine id of 300 octets: a failed poll with a reason, and the next one works."""

    def monstrous(agent: V3Agent, frame: Frame) -> list[bytes]:
        own, agent.engine_id, agent.seconds = agent.engine_id, bytes(300), 1 << 31
        made = agent.report(frame, 4)
        agent.engine_id, agent.seconds = own, 1000
        return [made]

    async with v3_agent(V3Agent(monstrous)) as agent:
        device = Device(agent, engine)
        assert await device.failures(2) == 2
        agent.misbehave = None
        assert await device.failures(2) == 0
        device.session.close()


def open_files() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


@both
async def test_f17_what_is_given_up_in_the_middle_leaves_nothing_behind(engine: Engine) -> None:
    async with v3_agent(V3Agent()) as agent:
        warm = Device(agent, engine)
        await warm.poll()
        warm.session.close()
        gc.collect()
        before = open_files()
        for attempt in range(40):
            agent.misbehave = silence if attempt % 2 else None
            device = Device(agent, engine, timeout_seconds=30)
            polling = asyncio.create_task(device.poll())
            for _ in range(attempt % 4):
                await asyncio.sleep(0)
            polling.cancel()
            with suppress(asyncio.CancelledError):
                await polling
            device.session.close()
            del device, polling
        for _ in range(20):  # the loop itself holds the last task, with its traceback, for a turn or two
            await asyncio.sleep(0)
            gc.collect()
            if open_files() <= before:
                break
        assert open_files() <= before
        assert len(asyncio.all_tasks()) == 1


@both
async def test_over_ipv6(engine: Engine) -> None:
    agent = V3Agent()
    agent.host = "::1"
    async with v3_agent(agent):
        device = Device(agent, engine)
        assert await device.failures(2) == 0
        device.session.close()


async def test_what_gufo_cannot_read_encrypted_comes_by_the_other_engine() -> None:
    """An answer of more than 4 kB, and one with a value that is none of its type: both under encryption."""
    odd = ber.tlv(ber.COUNTER32, b"\xff\xff\xff\xff")
    table = SYSTEM | {"1.3.6.1.2.1.1.4.0": ber.octets("x" * 5000), "1.3.6.1.2.1.1.8.0": odd}
    table["1.3.6.1.2.1.1.9.0"] = ber.tlv(ber.IP_ADDRESS, b"\x7f\0\0")
    async with v3_agent(V3Agent(table=table)) as agent:
        device = Device(agent, "auto", timeout_seconds=1)
        device.session.start(20.0)
        assert await device.session.get(["1.3.6.1.2.1.1.4.0"]) == {"1.3.6.1.2.1.1.4.0": b"x" * 5000}
        found = await device.session.get(["1.3.6.1.2.1.1.8.0", "1.3.6.1.2.1.1.9.0", SYS_NAME])
        assert found == {"1.3.6.1.2.1.1.8.0": 4294967295, SYS_NAME: b"scripted"}
        assert device.session.take_invalid() == 1
        device.session.close()
