"""A scripted SNMPv3 device and a conversation with it, poll by poll."""

from __future__ import annotations

from time import perf_counter

import pytest

from agent.contract import CollectError
from collectors.snmp.engines import Peer, converse
from collectors.snmp.oid import SYS_UPTIME
from collectors.snmp.params import SnmpParams
from collectors.snmp.transport.exchange import Engine
from collectors.snmp.transport.failover import Conversation
from collectors.snmp.transport.security import Keys
from collectors.snmp.transport.v3frame import Frame
from config.address import Address
from tests.collectors.snmp.lab import Login, by_user
from tests.harness.snmpv3_agent import V3Agent

KEYS = Keys()
OTHER_ENGINE = bytes.fromhex("80001f8804616e6f74686572")
KINDS = (1, 2, 3, 4, 5, 6)
"""Of usmStats' reports."""
both = pytest.mark.parametrize("engine", ["gufo", "pysnmp"])


class OurClock:
    """The clock of both engines, which can be moved."""

    def __init__(self) -> None:
        self.moved = 0.0

    def __call__(self) -> float:
        return perf_counter() + self.moved


class Device:
    """A conversation with an agent, poll by poll."""

    def __init__(
        self, agent: V3Agent, engine: Engine, timeout_seconds: float = 0.15, login: Login | None = None
    ) -> None:
        peer = Peer(Address(agent.host, agent.port), (login or by_user()).snmp, timeout_seconds)
        self.session: Conversation = converse(peer, KEYS, SnmpParams(engine=engine, retries=0))
        self.told: list[str] = []
        self.session.trace = self.told.append

    async def poll(self) -> object:
        self.session.start(20.0)
        return (await self.session.get([SYS_UPTIME]))[SYS_UPTIME]

    async def failures(self, polls: int) -> int:
        """How many of so many polls fail."""
        failed = 0
        for _ in range(polls):
            try:
                assert await self.poll() == 123456
            except CollectError:
                failed += 1
        return failed


def silence(_agent: V3Agent, _frame: Frame) -> list[bytes]:
    return []
