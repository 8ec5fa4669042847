"""SNMPv3 that goes wrong, F30 to F36 of the catalogue, by both engines against a scripted agent."""

from __future__ import annotations

import asyncio
import gc
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from itertools import count
from pathlib import Path
from time import perf_counter

import pytest

from agent.contract import AuthFailed, BadReply, CollectError, Reason, Unreachable
from agent.demo import ber
from agent.demo.ber import Request
from collectors.snmp import client, secure
from collectors.snmp.engines import Peer, converse
from collectors.snmp.exchange import Engine
from collectors.snmp.failover import Conversation
from collectors.snmp.oid import SYS_NAME, SYS_UPTIME
from collectors.snmp.params import SnmpParams
from collectors.snmp.security import Keys
from collectors.snmp.usm import AUTHENTICATED, REPORTABLE, Frame
from config.address import Address
from tests.collectors.snmp.lab import Bench, Login, by_user
from tests.harness.snmp_agent import SYSTEM, Agent, interfaces
from tests.harness.snmpv3_agent import ENGINE, V3Agent, v3_agent

KEYS = Keys()
OTHER_ENGINE = bytes.fromhex("80001f8804616e6f74686572")
KINDS = (1, 2, 3, 4, 5, 6)
NAMED = {
    1: "security level",
    2: "time window",
    3: "user: the device does not know it",
    4: "engine: the device does not know",
    5: "authentication: wrong password",
    6: "privacy: the device cannot decrypt",
}
both = pytest.mark.parametrize("engine", ["gufo", "pysnmp"])


class OurClock:
    """The clock of both engines, which can be moved."""

    def __init__(self) -> None:
        self.moved = 0.0

    def __call__(self) -> float:
        return perf_counter() + self.moved


@pytest.fixture
def our_clock(monkeypatch: pytest.MonkeyPatch) -> OurClock:
    clock = OurClock()
    monkeypatch.setattr(client, "perf_counter", clock)
    monkeypatch.setattr(secure, "perf_counter", clock)
    return clock


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


def silence(_agent: V3Agent, _frame: Frame) -> list[bytes]:
    return []


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
        gc.collect()
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
