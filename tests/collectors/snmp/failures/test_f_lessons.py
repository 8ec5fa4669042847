"""F03, F04, F16: what a device taught is kept as long as it is true, and no loss by chance teaches anything."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

import pytest

from agent.contract import Unreachable
from agent.demo import ber
from agent.demo.ber import Request
from collectors.snmp.oid import Value
from collectors.snmp.params import SnmpParams
from collectors.snmp.transport.exchange import Engine
from collectors.snmp.walking.lessons import FEW, FIRST_REPETITIONS, POLLS_TO_BELIEVE, REGROW_POLLS, Lessons
from collectors.snmp.walking.walk import Limits, Walker
from tests.collectors.snmp.failures.v3lab import Device
from tests.collectors.snmp.lab import Bench, conversation, is_walk, values_of
from tests.harness.snmp_agent import Agent, Misbehave, encode, interfaces, snmp_agent
from tests.harness.snmpv3_agent import V3Agent, v3_agent

IF_ENTRY, IF_X = "1.3.6.1.2.1.2.2", "1.3.6.1.2.1.31.1.1"
EMPTY = "1.3.6.1.4.1.99999.7"
NAMES = {ber.GET: "get", ber.GET_NEXT: "next", ber.GET_BULK: "bulk"}


class Lossy:
    """Leaves so many GETBULKs unanswered that ask for at least so many rows."""

    def __init__(self, count: int = 0, rows: int = 0) -> None:
        self.count = count
        self.rows = rows

    def __call__(self, _agent: Agent, request: Request) -> Sequence[bytes] | None:
        if request.kind != ber.GET_BULK or request.second < self.rows or not self.count:
            return None
        self.count -= 1
        return ()


def larger_than(octets: int) -> Misbehave:
    """A way on which larger datagrams are lost."""

    def misbehave(agent: Agent, request: Request) -> Sequence[bytes] | None:
        return () if len(agent.answer(request)) > octets else None

    return misbehave


def described(count: int) -> dict[str, bytes]:
    """Interfaces of which 25 descriptions are too large for a datagram of 1472 bytes."""
    long = {f"{IF_ENTRY}.1.2.{index}": encode("X" * 60 + str(index)) for index in range(1, count + 1)}
    return interfaces(count) | long


async def polled(bench: Bench, agent: Agent, polls: int) -> list[Counter[str]]:
    """How many requests of each kind each poll took; every poll must be whole."""
    collector = bench.of(agent, timeout_seconds=0.1)
    taken: list[Counter[str]] = []
    for _ in range(polls):
        before = len(agent.requests)
        harvest = await collector.collect()
        assert harvest.partial == ()
        assert len(values_of(harvest, "ifHCInOctets", "ifName")) == 48
        taken.append(Counter(NAMES[request.kind] for request in agent.requests[before:]))
    return taken


async def test_f16_a_way_on_which_large_answers_are_lost_is_no_lack_of_getbulk(bench: Bench) -> None:
    async with snmp_agent(Agent(described(48), larger_than(1472))) as agent:
        polls = await polled(bench, agent, 4)
        last = agent.requests[-sum(polls[3].values()) :]
        assert not any(len(agent.answer(request)) > 1472 for request in last), "learnt, after a second try"
    assert all(poll["next"] < 10 for poll in polls), "to see whether empty tables still are"


async def test_f04_answers_lost_at_the_beginning_are_no_lack_of_getbulk(bench: Bench) -> None:
    async with snmp_agent(Agent(interfaces(48), Lossy(2))) as agent:
        polls = await polled(bench, agent, 3)
        assert max(request.second for request in agent.requests[-polls[2].total() :]) > FIRST_REPETITIONS
    assert all(poll["next"] < 10 for poll in polls)


async def test_f03_what_was_lost_by_chance_is_asked_for_again_with_the_next_poll(bench: Bench) -> None:
    lossy = Lossy()
    async with snmp_agent(Agent(interfaces(48), lossy)) as agent:
        collector = bench.of(agent, timeout_seconds=0.1)
        packets: list[int] = []
        for poll in range(9):
            lossy.count = 2 if poll in {2, 4, 6} else 0
            before = len(agent.requests)
            await collector.collect()
            packets.append(len(agent.requests) - before)
    assert packets[8] == packets[1], "three losses later it costs what it cost before"


async def test_f03_an_answer_lost_twice_teaches_and_is_asked_for_by_doubling() -> None:
    lossy = Lossy(10**9, 10)
    agent = Agent(interfaces(60), lossy)
    async with snmp_agent(agent):
        session = conversation(agent, SnmpParams(retries=0), timeout_seconds=0.05)
        walker = Walker(session, Limits(repetitions=40))
        asked: list[list[int]] = []
        while walker.polls < REGROW_POLLS + 6:
            walker.begin_poll()
            if walker.polls < 9 or walker.polls >= REGROW_POLLS - 1:
                before = len(agent.requests)
                await walker.walk(f"{IF_ENTRY}.1.2")
                rows = [request.second for request in agent.requests[before:]]
                asked.append(list(dict.fromkeys(rows)))
                session.start(3)
        session.close()
    assert asked[:2] == [[25, FEW], [25, FEW]], "once more with the next poll"
    assert asked[5:9] == [[FEW]] * 4, "and then no more"
    assert asked[8:] == [[4], [4], [8], [8], [16, 8], [8], [8], [8]], "doubled until it fails"


async def test_f04_no_getbulk_is_believed_after_some_polls(bench: Bench) -> None:
    lossy = Lossy(10**9)
    async with snmp_agent(Agent(interfaces(48), lossy)) as agent:
        polls = await polled(bench, agent, POLLS_TO_BELIEVE + 2)
    assert [poll["bulk"] > 0 for poll in polls] == [*[True] * POLLS_TO_BELIEVE, False, False]
    assert max(poll["bulk"] for poll in polls) == 6, "for many, few and one, each once again, not for each table"


async def test_f04_a_device_that_answers_getbulk_the_third_time_keeps_it(bench: Bench) -> None:
    lossy = Lossy(10**9)
    async with snmp_agent(Agent(interfaces(48), lossy)) as agent:
        collector = bench.of(agent, timeout_seconds=0.1)
        before = 0
        for poll in range(POLLS_TO_BELIEVE + 2):
            lossy.count = 10**9 if poll < POLLS_TO_BELIEVE - 1 else 0
            before = len(agent.requests)
            await collector.collect()
    assert sum(request.kind == ber.GET_NEXT for request in agent.requests[before:]) < 10


async def test_f11_a_table_that_is_never_answered_costs_one_question_a_poll() -> None:
    agent = Agent(interfaces(40), lambda _agent, request: () if is_walk(request, IF_X) else None)
    async with snmp_agent(agent):
        session = conversation(agent, SnmpParams(retries=0), timeout_seconds=0.05)
        walker = Walker(session, Limits())
        packets: list[int] = []
        for _ in range(4):
            walker.begin_poll()
            before = len(agent.requests)
            with pytest.raises(Unreachable):
                await walker.walk(IF_X)
            packets.append(len(agent.requests) - before)
        assert packets == [4, 1, 1, 1]
        agent.misbehave = None
        walker.begin_poll()
        before = len(agent.requests)
        assert len((await walker.walk(IF_X)).values) == 160
        assert [NAMES[request.kind] for request in agent.requests[before:]].count("next") == 1
        session.close()


async def test_f10_time_that_is_used_up_teaches_nothing() -> None:
    agent = Agent(interfaces(40))
    async with snmp_agent(agent):
        session = conversation(agent)
        walker = Walker(session, Limits())
        await walker.walk(IF_X)
        await walker.walk(IF_X)
        expected = agent.requests[-1].second
        session.shorten(0)
        with pytest.raises(Unreachable, match="time for this device is used up"):
            await walker.walk(IF_X)
        session.start(3)
        await walker.walk(IF_X)
        assert agent.requests[-1].second == expected
        session.close()


@pytest.mark.parametrize("engine", ["gufo", "pysnmp"])
async def test_f07_an_empty_table_costs_one_packet_under_v3_and_its_first_row_is_seen(engine: Engine) -> None:
    async with v3_agent(V3Agent(table=interfaces(3))) as agent:
        device = Device(agent, engine, timeout_seconds=1.0)
        await device.poll()
        walker = Walker(device.session, Limits())
        packets: list[int] = []
        for _ in range(3):
            before = len(agent.requests)
            assert (await walker.walk(EMPTY)).values == []
            packets.append(len(agent.requests) - before)
        assert packets[1:] == [1, 1]
        agent.contexts[b""].table |= {f"{EMPTY}.{row}": encode(row) for row in range(1, 9)}
        before = 0
        for _ in range(2):
            before = len(agent.requests)
            assert (await walker.walk(EMPTY)).values == list(range(1, 9))
        assert len(agent.requests) - before == 1, "by GETBULK again"
        device.session.close()


@dataclass
class Rows:
    """A walk of rows of one size, one packet."""

    count: int
    marks: tuple[int, ...] = field(init=False)
    values: list[Value] = field(init=False)

    def __post_init__(self) -> None:
        self.marks = (self.count,)
        self.values = [1] * self.count

    @property
    def oids(self) -> list[str]:
        return [f"1.2.{row}" for row in range(self.count)]


def test_f03_while_a_device_is_silent_nothing_else_is_tried() -> None:
    """One table's loss in a poll puts off what others would try, so that trials never cost a poll its time."""
    lessons = Lessons(lambda _root: 100, lambda _root: True)
    lessons.begin_poll(1)
    for root in ("a", "b"):
        lesson = lessons.of(root)
        if root == "a":
            assert lessons.failed(lesson, silent=True)
        assert lesson.size.repetitions == FEW
        lessons.learn(lesson, Rows(50))
    lessons.begin_poll(2)
    assert lessons.failed(lessons.of("a"), silent=True)
    assert lessons.of("b").size.repetitions == FEW, "put off"
    lessons.begin_poll(3)
    assert (lessons.of("a").size.repetitions, lessons.of("b").size.repetitions) == (FEW, FIRST_REPETITIONS)
