"""F33, F35: each report of SNMPv3 has its own diagnosis, and a forged one none; by both engines."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from agent.contract import AuthFailed, BadReply, Reason, Unreachable
from agent.demo import ber
from agent.demo.ber import Request
from collectors.snmp.transport.exchange import Engine
from collectors.snmp.transport.v3frame import AUTHENTICATED, Frame
from tests.collectors.snmp.failures.v3lab import KINDS, OTHER_ENGINE, Device, OurClock, both
from tests.harness.snmp_agent import SYSTEM, Agent
from tests.harness.snmpv3_agent import ENGINE, V3Agent, v3_agent

NAMED = {
    1: "security level",
    2: "time window",
    3: "user: the device does not know it",
    4: "engine: the device does not know",
    5: "authentication: wrong password",
    6: "privacy: the device cannot decrypt",
}


@pytest.mark.parametrize("user", [None, b""], ids=["user echoed", "user left out"])
@pytest.mark.parametrize("kind", KINDS)
@both
async def test_f33_each_report_has_its_own_diagnosis_at_once(engine: Engine, kind: int, user: bytes | None) -> None:
    """At once: the requests may take 30 s each, and none of them is waited for in vain."""

    def refuse(agent: V3Agent, frame: Frame) -> list[bytes] | None:
        return [agent.report(frame, kind, user=user)] if frame.engine_id else None

    async with v3_agent(V3Agent(refuse)) as agent:
        device = Device(agent, engine, timeout_seconds=30)
        for polls in (1, 2):
            with pytest.raises(AuthFailed, match=NAMED[kind]) as caught:
                await device.poll()
            assert [text for text in NAMED.values() if text in str(caught.value)] == [NAMED[kind]]
            assert len(agent.requests) <= 6 * polls  # two logins and a request each, at most
        assert not [text for text in device.told if "no answer" in text]
        agent.misbehave = None
        assert await device.failures(1) == 0
        device.session.close()


@both
async def test_f33_what_cannot_be_mended_is_asked_once_a_poll(engine: Engine) -> None:
    """An account is locked by who tries again and again."""

    def refuse(agent: V3Agent, frame: Frame) -> list[bytes] | None:
        return [agent.report(frame, 5)] if frame.user else None

    async with v3_agent(V3Agent(refuse)) as agent:
        device = Device(agent, engine)
        assert await device.failures(10) == 10
        assert agent.reported.count(5) == 10
        device.session.close()


@both
async def test_f33_an_error_of_access_control_is_told_from_silence(engine: Engine) -> None:
    """Net-SNMP answers authorizationError (16) to a user below the level that its views want."""

    class Strict(Agent):
        def answer(self, request: Request) -> bytes:
            return self.error(request, 16)

    async with v3_agent(V3Agent()) as agent:
        agent.contexts[b""] = Strict(SYSTEM)
        device = Device(agent, engine)
        with pytest.raises(AuthFailed, match="access: "):
            await device.poll()
        device.session.close()


def forge_only(agent: V3Agent, frame: Frame) -> list[bytes] | None:
    return list(forged(agent, frame)) if frame.engine_id else None


def forged(agent: V3Agent, frame: Frame) -> Iterator[bytes]:
    """Reports of every kind that do not fit the request: a wrong msgID, or another engine's."""
    for kind in KINDS:
        yield agent.report(frame, kind, misfit=1)
        yield agent.report(frame, kind, misfit=1, user=b"")
        own, agent.engine_id = agent.engine_id, OTHER_ENGINE
        yield agent.report(frame, kind, misfit=1)
        agent.engine_id = own


@both
async def test_f35_a_forged_report_costs_one_look_a_minute_and_no_poll(engine: Engine, our_clock: OurClock) -> None:
    raw: list[bytes] = []

    def forge_first(agent: V3Agent, frame: Frame) -> list[bytes] | None:
        return [*forged(agent, frame), agent.answer(frame, raw[-1])] if frame.engine_id else None

    async with v3_agent(V3Agent()) as agent:
        device = Device(agent, engine)
        await device.poll()
        received = agent.datagram_received

        def record(data: bytes, addr: tuple[str | int, ...]) -> None:
            raw.append(data)
            received(data, addr)

        agent.datagram_received = record  # type: ignore[method-assign]  # the forger needs the digest's datagram
        agent.misbehave = forge_first
        assert await device.failures(10) == 0
        assert agent.discoveries <= 2
        assert device.session.engine_id == ENGINE.hex()
        our_clock.moved = 61.0
        assert await device.failures(10) == 0
        assert agent.discoveries <= 3
        assert device.session.take_resyncs()["engine_id_changed"] == 0
        device.session.close()


@both
async def test_f35_forged_reports_alone_do_not_say_that_the_password_is_wrong(engine: Engine) -> None:
    async with v3_agent(V3Agent()) as agent:
        device = Device(agent, engine, timeout_seconds=0.1)
        await device.poll()
        agent.misbehave = forge_only
        for _ in range(3):
            with pytest.raises(Unreachable) as caught:
                await device.poll()
            assert caught.value.reason is Reason.TIMEOUT
        agent.misbehave = None
        assert await device.failures(3) == 0
        device.session.close()


@both
async def test_f35_an_answer_that_is_not_signed_is_not_believed(engine: Engine) -> None:
    """It fits in every other way: msgID, engine, user. (Its request-id cannot be known to who cannot decrypt.)"""

    def unsigned(agent: V3Agent, frame: Frame) -> list[bytes] | None:
        if not frame.flags & AUTHENTICATED:
            return None
        value = ber.tlv(ber.SEQUENCE, ber.oid((1, 3, 6, 1, 2, 1, 1, 3, 0)) + ber.integer(1, ber.TIMETICKS))
        body = ber.integer(1) + ber.integer(0) * 2 + ber.tlv(ber.SEQUENCE, value)
        return [agent.message(frame, ber.tlv(ber.RESPONSE, body), 0)]

    async with v3_agent(V3Agent()) as agent:
        device = Device(agent, engine, timeout_seconds=0.1)
        await device.poll()
        agent.misbehave = unsigned
        with pytest.raises((Unreachable, BadReply)):
            await device.poll()
        device.session.close()
