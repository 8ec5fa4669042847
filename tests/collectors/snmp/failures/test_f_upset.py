"""F15, F18: what hostile datagrams cost, when a revive counts, and what an engine is refused for, said in words."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable, Sequence

import pytest

from agent.contract import BadReply, ParamError
from agent.demo import ber
from agent.demo.ber import Request
from collectors.snmp.engines import Peer, converse
from collectors.snmp.oid import SYS_UPTIME
from collectors.snmp.params import SnmpParams
from collectors.snmp.transport import datagrams
from collectors.snmp.transport.exchange import Engine
from collectors.snmp.transport.failover import POLLS_TO_CHANGE, Conversation
from collectors.snmp.transport.reply import Header, Reply, read_reply, read_rows
from collectors.snmp.transport.security import Keys
from collectors.snmp.transport.sieve import Expected, Sieve
from config.address import Address
from tests.collectors.snmp.lab import Bench, Login, by_community, by_user, conversation
from tests.harness.snmp_agent import Agent, interfaces, snmp_agent
from tests.harness.snmpv3_agent import V3Agent, v3_agent

HUGE_ROWS = 6000
"""Some 50 kB."""
UNSOUND = ["3081", "30023082", "3084ffffffff", "30820fff020101", "3080", "30"]


def huge(request_id: int, community: bytes = b"public") -> bytes:
    asked = Request(ber.V2C, community, ber.GET, request_id, 0, 0, ())
    return ber.response(asked, [ber.tlv(ber.SEQUENCE, ber.oid((1, 3)) + b"\x05\x00")] * HUGE_ROWS)


def expected(request_id: int) -> Expected:
    return Expected(1, b"public", request_id, 161, frozenset({"192.0.2.7"}))


@pytest.fixture
def rows_read(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Octets of each message whose rows our decoder went through."""
    read: list[int] = []

    def of_header(header: Header) -> Reply:
        read.append(len(header.pdu))
        return read_rows(header)

    def of_datagram(datagram: bytes) -> Reply:
        read.append(len(datagram))
        return read_reply(datagram)

    monkeypatch.setattr("collectors.snmp.transport.sieve.read_rows", of_header)
    monkeypatch.setattr("collectors.snmp.transport.status.read_reply", of_datagram)
    return read


def test_f15_of_a_datagram_that_is_not_ours_no_row_is_read(rows_read: list[int]) -> None:
    sieve = Sieve(expected(77))
    assert sieve.take(huge(78), "192.0.2.7", 161) is None
    assert sieve.take(huge(77, b"private"), "192.0.2.7", 161) is None
    assert sieve.take(huge(77), "192.0.2.8", 161) is None
    assert not rows_read
    answer = sieve.take(huge(77), "192.0.2.7", 161)
    assert answer is not None
    assert (len(answer.rows), len(rows_read)) == (HUGE_ROWS, 1)


@pytest.mark.parametrize("engine", ["gufo", "pysnmp", "auto"])
async def test_f15_a_flood_of_huge_foreign_answers_is_not_decoded_row_by_row(engine: str, rows_read: list[int]) -> None:
    def flood(agent: Agent, request: Request) -> Sequence[bytes]:
        return [huge(request.request_id ^ 0x5A5A0000)] * 3 + [agent.answer(request)]

    async with snmp_agent(Agent(interfaces(1), flood)) as agent:
        session = conversation(agent, SnmpParams.model_validate({"engine": engine}), timeout_seconds=2)
        if engine == "gufo":  # its buffer is smaller than these, so that it cannot tell whose they are
            with pytest.raises(BadReply, match="incomplete"):
                await session.get([SYS_UPTIME])
        else:
            assert await session.get([SYS_UPTIME]) == {SYS_UPTIME: 123456}
        session.close()
    assert all(size < 1000 for size in rows_read)


def test_f15_only_a_handful_of_datagrams_is_read_in_one_turn() -> None:
    """Each may be of 64 kB, and each turn of a flood ends before the other devices' turn comes."""
    assert datagrams.AT_ONCE <= 8


@pytest.mark.parametrize("unsound", UNSOUND)
@pytest.mark.parametrize("login", [by_community(), by_user()], ids=["v2c", "v3"])
async def test_f18_what_is_cut_short_never_reaches_the_rust_core(
    login: Login, unsound: str, capfd: pytest.CaptureFixture[str]
) -> None:
    """It would panic, and say so on stderr for each datagram, without end."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as device:
        device.bind(("127.0.0.1", 0))
        device.setblocking(False)
        peer = Peer(Address("127.0.0.1", device.getsockname()[1]), login.snmp, 0.3)
        session = converse(peer, Keys(), SnmpParams(engine="gufo", retries=0))
        session.start(3)
        asking = asyncio.create_task(session.get([SYS_UPTIME]))
        _, asker = await asyncio.get_running_loop().sock_recvfrom(device, 65536)
        device.sendto(bytes.fromhex(unsound), asker)
        with pytest.raises(BadReply, match="cut short"):
            await asking
        session.close()
    assert "panicked" not in capfd.readouterr().err


@pytest.mark.parametrize("unsound", UNSOUND)
async def test_f15_f18_the_true_answer_after_something_unsound_is_taken(unsound: str) -> None:
    def before(agent: Agent, request: Request) -> Sequence[bytes]:
        return [bytes.fromhex(unsound), agent.answer(request)]

    async with snmp_agent(Agent(interfaces(1), before)) as agent:
        session = conversation(agent, SnmpParams(engine="gufo", retries=0), timeout_seconds=2)
        assert await session.get([SYS_UPTIME]) == {SYS_UPTIME: 123456}
        session.close()


def no_address(agent: Agent, request: Request) -> Sequence[bytes]:
    """An answer that the fast engine refuses."""
    return [agent.reply(request, [(SYS_UPTIME, bytes.fromhex("4003010203"))])]


async def read(session: Conversation) -> None:
    assert await session.get([SYS_UPTIME]) == {}


async def test_f18_a_revive_is_no_poll() -> None:
    """It neither breaks the row of polls that the fast engine could not read nor shortens the other one's rest."""
    async with snmp_agent(Agent({}, no_address)) as agent:
        session = conversation(agent)
        for _ in range(POLLS_TO_CHANGE):
            session.begin_poll(3)
            await read(session)
            assert session.engine == "gufo"
            session.start(3)
            session.start(3)
        session.begin_poll(3)
        assert session.engine == "pysnmp"
        session.close()


async def test_f18_the_collector_counts_polls_and_not_revives(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    begun: list[float] = []
    begin_poll = Conversation.begin_poll

    def count(session: Conversation, budget_seconds: float) -> None:
        begun.append(budget_seconds)
        begin_poll(session, budget_seconds)

    monkeypatch.setattr(Conversation, "begin_poll", count)
    async with snmp_agent(Agent(interfaces(1))) as agent:
        collector = bench.of(agent)
        for polls in (1, 2):
            await collector.collect()
            await collector.revive()
            assert len(begun) == polls


def in_context() -> Login:
    login = by_user()
    login.snmp = login.snmp.model_copy(update={"context": "vlan-10"})
    return login


def test_a_context_that_the_engine_cannot_ask_for_is_refused_when_it_is_built() -> None:
    """It would read the default context and say nothing."""
    peer = Peer(Address("127.0.0.1", 161), in_context().snmp, 0.3)
    with pytest.raises(ParamError, match="an SNMPv3 context needs engine: auto or pysnmp") as caught:
        converse(peer, Keys(), SnmpParams(engine="gufo"))
    assert caught.value.path == "engine"


@pytest.mark.parametrize("login", [by_community(), by_user()], ids=["v2c", "v3"])
async def test_codecs_are_loaded_once_where_the_wire_says(login: Login) -> None:
    """In one of the bounded pools, and not in a thread of the loop's own."""
    loaded: list[Callable[[], object]] = []

    async def offload(call: Callable[[], object]) -> object:
        loaded.append(call)
        return await asyncio.to_thread(call)

    async def read_all(port: int, engine: Engine) -> None:
        session = converse(
            Peer(Address("127.0.0.1", port), login.snmp, 1), Keys(), SnmpParams(engine=engine), offload=offload
        )
        for _ in range(3):
            session.start(5)
            assert await session.get([SYS_UPTIME]) == {SYS_UPTIME: 123456}
            session.close()

    if login.snmp.version == "3":
        async with v3_agent(V3Agent()) as device:
            await read_all(device.port, "pysnmp")
    else:
        async with snmp_agent(Agent(interfaces(1))) as agent:
            await read_all(agent.port, "pysnmp")
    assert len(loaded) == 1


async def test_the_collector_loads_codecs_in_a_pool_of_the_wire(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    pools: list[str] = []
    blocking = bench.wire.blocking

    async def watched(pool: str, call: Callable[[], object]) -> object:
        pools.append(pool)
        return await blocking(pool, call)

    monkeypatch.setattr(bench.wire, "blocking", watched)
    async with snmp_agent(Agent(interfaces(1))) as agent:
        await bench.of(agent, params=SnmpParams(engine="pysnmp")).collect()
    assert pools == ["default"]
