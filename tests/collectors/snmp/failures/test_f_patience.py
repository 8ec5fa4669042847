"""F10, F13, F15, F30: how long is waited and how often asked: enough for a slow device, for none beyond the poll."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Sequence
from functools import partial

import pytest

from agent.contract import AuthFailed, BadReply, CollectError, Unreachable
from agent.demo import ber
from agent.demo.ber import Request
from collectors.snmp.engines import Peer, converse
from collectors.snmp.oid import SYS_UPTIME
from collectors.snmp.params import SnmpParams
from collectors.snmp.transport.exchange import Engine
from collectors.snmp.transport.failover import Conversation
from collectors.snmp.transport.v3frame import Frame
from config.address import Address
from tests.collectors.snmp.failures.v3lab import KEYS, OTHER_ENGINE, Device, OurClock, both
from tests.collectors.snmp.lab import by_user, conversation
from tests.harness.snmp_agent import Agent, snmp_agent
from tests.harness.snmpv3_agent import V3Agent, v3_agent

every_engine = pytest.mark.parametrize("engine", ["gufo", "pysnmp", "auto"])
TABLE = {SYS_UPTIME: ber.integer(123456, ber.TIMETICKS)}
FOUND = {SYS_UPTIME: 123456}
GARBAGE = b"\x30\x03abc"
BUDGET_SECONDS, LONG_SECONDS = 0.4, 30.0


class Slow(V3Agent):
    """Answers after a while, each request after the same."""

    def __init__(self, delay_seconds: float) -> None:
        super().__init__()
        self.delay_seconds = delay_seconds

    def datagram_received(self, data: bytes, addr: tuple[str | int, ...]) -> None:
        answer = partial(super().datagram_received, data, addr)
        asyncio.get_running_loop().call_later(self.delay_seconds, answer)


class Remembering(V3Agent):
    """Has the last request's datagram, so that a hook may answer it rightly."""

    datagram = b""

    def datagram_received(self, data: bytes, addr: tuple[str | int, ...]) -> None:
        self.datagram = data
        super().datagram_received(data, addr)


def conversing(agent: V3Agent, engine: Engine, timeout_seconds: float = 0.2, retries: int = 1) -> Conversation:
    peer = Peer(Address(agent.host, agent.port), by_user().snmp, timeout_seconds)
    return converse(peer, KEYS, SnmpParams(engine=engine, retries=retries))


@every_engine
async def test_f13_a_v3_device_slower_than_the_timeout_is_read(engine: Engine) -> None:
    """Of the discovery, too, the answer to the first try comes while the second waits."""
    async with v3_agent(Slow(0.24)) as agent:
        session = conversing(agent, engine)
        for _ in range(3):
            session.begin_poll(10.0)
            assert await session.get([SYS_UPTIME]) == FOUND
        session.close()
        await asyncio.sleep(0.3)


@every_engine
async def test_f13_a_v3_device_that_becomes_slow_is_read_on(engine: Engine) -> None:
    agent = Slow(0.0)
    async with v3_agent(agent):
        session = conversing(agent, engine)
        for delay in (0.0, 0.24, 0.24, 0.24, 0.0, 0.0):
            agent.delay_seconds = delay
            session.begin_poll(10.0)
            assert await session.get([SYS_UPTIME]) == FOUND
        assert agent.discoveries == 1
        session.close()
        await asyncio.sleep(0.3)


@both
async def test_f13_a_v3_answer_to_an_earlier_poll_is_not_taken(engine: Engine) -> None:
    held: list[bytes] = []
    agent = Remembering(table=TABLE)

    def right(frame: Frame) -> bytes:
        return agent.answer(frame, agent.datagram)

    def hold(_agent: V3Agent, frame: Frame) -> Sequence[bytes]:
        held.append(right(frame))
        return ()

    def late_and_right(_agent: V3Agent, frame: Frame) -> Sequence[bytes]:
        return [*held, right(frame)]

    async with v3_agent(agent):
        device = Device(agent, engine)
        assert await device.poll() == 123456
        agent.misbehave = hold
        with pytest.raises(Unreachable):
            await device.poll()
        agent.contexts[b""].table[SYS_UPTIME] = ber.integer(777, ber.TIMETICKS)
        agent.misbehave = late_and_right
        assert await device.poll() == 777
        device.session.close()


def hinder(kind: str) -> Callable[[Agent, Request], Sequence[bytes]]:
    def misbehave(agent: Agent, request: Request) -> Sequence[bytes]:
        if kind == "late":  # what looks like an answer to an earlier try asks for more patience
            other = request._replace(request_id=request.request_id ^ 0x10000)
            asyncio.get_running_loop().call_later(0.1, agent.send, agent.answer(other))
        return ()

    return misbehave


@every_engine
@pytest.mark.parametrize("kind", ["silent", "late"])
async def test_f10_no_request_outlives_the_budget(engine: str, kind: str) -> None:
    """The timeout is much longer than what is left of the poll: not even its second half is waited for."""
    async with snmp_agent(Agent(TABLE, hinder(kind))) as agent:
        session = conversation(agent, SnmpParams.model_validate({"engine": engine}), timeout_seconds=LONG_SECONDS)
        session.start(BUDGET_SECONDS)
        with pytest.raises(CollectError):
            await asyncio.wait_for(session.get([SYS_UPTIME]), LONG_SECONDS / 2)
        session.close()


@every_engine
async def test_f10_no_v3_request_outlives_the_budget(engine: Engine) -> None:
    """Not even to find out whether the silence means that the device cannot decrypt us."""

    def discovered_only(_agent: V3Agent, frame: Frame) -> Sequence[bytes] | None:
        return () if frame.engine_id else None

    async with v3_agent(V3Agent(discovered_only)) as agent:
        session = conversing(agent, engine, LONG_SECONDS)
        session.start(BUDGET_SECONDS)
        with pytest.raises(Unreachable):
            await asyncio.wait_for(session.get([SYS_UPTIME]), LONG_SECONDS / 2)
        session.close()


async def test_f31_silence_that_means_a_wrong_privacy_password_asks_for_the_engine_anew_in_each_poll() -> None:
    """Else a device that is swapped meanwhile would be called wrong for ever."""

    def drop_encrypted(agent: V3Agent, frame: Frame) -> Sequence[bytes] | None:
        return () if frame.encrypted else [agent.report(frame, 1)] if frame.engine_id else None

    async with v3_agent(V3Agent(drop_encrypted)) as agent:
        device = Device(agent, "pysnmp")
        for polls in (1, 2):
            with pytest.raises(AuthFailed, match="cannot decrypt"):
                await device.poll()
            assert agent.discoveries == polls
        device.session.close()


def nth(number: int, wrong: Sequence[bytes]) -> Callable[[object, object], Sequence[bytes] | None]:
    """Answer wrongly the request of that number."""
    asked = Counter[str]()

    def misbehave(_agent: object, request: object) -> Sequence[bytes] | None:
        if isinstance(request, Frame) and not request.engine_id:
            return None  # discovery is not counted
        asked["requests"] += 1
        return wrong if asked["requests"] == number else None

    return misbehave


@every_engine
async def test_f15_garbage_in_place_of_one_answer_is_asked_for_again(engine: str) -> None:
    async with snmp_agent(Agent(TABLE, nth(2, [GARBAGE]))) as agent:
        session = conversation(agent, SnmpParams.model_validate({"engine": engine}), timeout_seconds=0.2)
        for _ in range(3):
            assert await session.get([SYS_UPTIME]) == FOUND
        session.close()


@every_engine
async def test_f15_garbage_in_place_of_one_v3_answer_is_asked_for_again(engine: Engine) -> None:
    async with v3_agent(V3Agent(nth(3, [GARBAGE]))) as agent:
        session = conversing(agent, engine)
        session.start(10.0)
        for _ in range(3):
            assert await session.get([SYS_UPTIME]) == FOUND
        session.close()


def scripted(answers: Sequence[Sequence[bytes]]) -> Callable[[Agent, Request], Sequence[bytes]]:
    left = iter(answers)
    return lambda _agent, _request: next(left, ())


@both
async def test_f15_the_last_try_names_the_failure(engine: str) -> None:
    """Garbage, then silence: that is silence. Silence, then garbage: that is garbage."""
    cases: list[tuple[list[list[bytes]], type[CollectError]]] = [
        ([[GARBAGE], []], Unreachable),
        ([[], [GARBAGE]], BadReply),
    ]
    for answers, raised in cases:
        async with snmp_agent(Agent(TABLE, scripted(answers))) as agent:
            session = conversation(agent, SnmpParams.model_validate({"engine": engine}), timeout_seconds=0.2)
            with pytest.raises(raised):
                await session.get([SYS_UPTIME])
            assert len(agent.requests) == 2
            session.close()


async def test_f30_after_a_long_silence_one_packet_reads_the_clock(our_clock: OurClock) -> None:
    """Of the fast engine: the keys stay, there is no discovery; a check every ten minutes is two packets, not three."""
    async with v3_agent(V3Agent()) as agent:
        device = Device(agent, "gufo")
        await device.poll()
        for poll in range(1, 4):
            our_clock.moved, agent.seconds = 600.0 * poll, 1000 + 600 * poll
            before = len(agent.requests)
            assert await device.poll() == 123456
            assert len(agent.requests) - before == 2
        assert (agent.discoveries, device.session.take_resyncs()) == (1, Counter())
        device.session.close()


@pytest.mark.parametrize("swapped", [True, False], ids=["swapped", "restarted"])
async def test_f30_f31_what_changed_in_a_long_silence_costs_no_poll(our_clock: OurClock, swapped: bool) -> None:
    async with v3_agent(V3Agent()) as agent:
        device = Device(agent, "gufo", timeout_seconds=5)
        await device.poll()
        our_clock.moved = 600.0
        if swapped:
            agent.be(OTHER_ENGINE)
        else:
            agent.boots, agent.seconds = 4, 10
        assert await device.poll() == 123456
        expected = Counter(unknown_engine=1, engine_id_changed=1) if swapped else Counter[str]()
        assert device.session.take_resyncs() == expected
        device.session.close()
