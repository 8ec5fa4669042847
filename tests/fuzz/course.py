"""Mutants thrown at the engines over loopback: nothing dies, every request ends, and sound answers are still read."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from functools import partial
from itertools import repeat
from typing import Any

from agent.contract import CollectError
from agent.demo.ber import Request
from collectors.snmp.engines import Peer, converse
from collectors.snmp.oid import SYS_NAME, SYS_UPTIME
from collectors.snmp.params import SnmpParams
from collectors.snmp.transport.exchange import Engine
from collectors.snmp.transport.failover import Conversation
from collectors.snmp.transport.security import Keys
from collectors.snmp.transport.v3frame import Frame
from collectors.snmp.walking.walk import Limits, Walker
from config.address import Address
from tests.collectors.snmp.lab import Login, by_community, by_user
from tests.fuzz.mutator import Mutator
from tests.harness.snmp_agent import Agent, interfaces, snmp_agent
from tests.harness.snmpv3_agent import V3Agent, v3_agent

TABLE = interfaces(3)
ROOT = "1.3.6.1.2.1.2.2.1"
PATIENCE_SECONDS = 0.1
HUNG_SECONDS = 20.0
"""No request takes a tenth of this, budget and retries included."""
FRESH_EVERY = 20
"""Requests after which a conversation is begun anew: no engine is left aside for long."""


ENGINES: tuple[Engine, ...] = ("auto", "gufo", "pysnmp")


@dataclass(frozen=True, slots=True)
class Lane:
    """One way of talking, and which share of the mutants it gets."""

    name: str
    login: Login
    engine: Engine
    share: float
    alone: bool = False
    """Whether no sound answer follows a mutant: each request then ends by its timeout."""


LANES = (
    Lane("v2c gufo", by_community(), "gufo", 0.38),
    Lane("v2c auto", by_community(), "auto", 0.20),
    Lane("v2c pysnmp", by_community(), "pysnmp", 0.15),
    Lane("v1 auto", by_community("1"), "auto", 0.10),
    Lane("v3 gufo", by_user(), "gufo", 0.08),
    Lane("v3 auto", by_user(), "auto", 0.05),
    Lane("v3 pysnmp", by_user(), "pysnmp", 0.02),
    *(Lane(f"alone {number}", by_community(), ENGINES[number % 3], 0.002, alone=True) for number in range(10)),
)
"""Those that wait for answers that never come wait side by side."""


@dataclass(slots=True)
class Outcome:
    """What became of the mutants: counts by lane, and whatever ought never to happen."""

    thrown: Counter[str] = field(default_factory=Counter[str])
    ends: Counter[str] = field(default_factory=Counter[str])
    panics: int = 0
    faults: list[str] = field(default_factory=list[str])

    @property
    def mutants(self) -> int:
        """How many were thrown."""
        return sum(self.thrown.values())

    def tell(self, text: str) -> None:
        """Take a line of a conversation's trace."""
        self.panics += "in the decoder" in text


async def run(count: int, seed: int) -> Outcome:
    """Throw so many mutants, the same ones for the same seed."""
    outcome = Outcome()
    with _watched(outcome):
        mutators = [Mutator(seed * len(LANES) + number) for number in range(len(LANES))]
        shares = [round(count * lane.share) for lane in LANES]
        await asyncio.gather(*map(_drive, LANES, mutators, shares, repeat(outcome)))
    return outcome


async def _drive(lane: Lane, mutator: Mutator, count: int, outcome: Outcome) -> None:
    keys = Keys()
    async with _agent(lane, mutator, outcome) as (port, change_mind):
        peer = Peer(Address("127.0.0.1", port), lane.login.snmp, PATIENCE_SECONDS)
        while outcome.thrown[lane.name] < count:
            session = converse(peer, keys, SnmpParams(engine=lane.engine))
            session.trace = outcome.tell
            for _ in range(FRESH_EVERY):
                await _once(lane, session, mutator, outcome)
            change_mind()
            await _still_reads(lane, session, outcome)
            change_mind()
            session.close()


async def _once(lane: Lane, session: Conversation, mutator: Mutator, outcome: Outcome) -> None:
    session.start(2.0)
    walker = Walker(session, Limits(rows=100, packets=10))
    request: Callable[[], Any] = mutator.random.choice(
        (
            partial(session.get, [SYS_UPTIME, SYS_NAME]),
            partial(walker.walk, ROOT),
            partial(session.bulk if session.knows_bulk else session.next, session.cursor(ROOT, 10), "some rows"),
            partial(session.next, session.cursor(ROOT, 1), "one row"),
        )
    )
    try:
        await asyncio.wait_for(request(), HUNG_SECONDS)
        outcome.ends[f"{lane.name}: answered"] += 1
    except CollectError as error:
        outcome.ends[f"{lane.name}: {error.reason}"] += 1
    except Exception as error:  # noqa: BLE001 - whatever it is, it is the find
        outcome.faults.append(f"{lane.name}: {error!r}")


async def _still_reads(lane: Lane, session: Conversation, outcome: Outcome) -> None:
    """After all that a sound answer is read, at once on an idle machine; a busy one may need more polls."""
    found: Mapping[str, object] = {}
    for _ in range(10):
        session.start(5.0)
        try:
            found = await session.get([SYS_NAME], retries=3)
        except CollectError as error:
            found = {"": error.detail}
        if found == {SYS_NAME: b"scripted"}:
            return
    outcome.faults.append(f"{lane.name}: a sound answer is not read any more: {found}")


@asynccontextmanager
async def _agent(lane: Lane, mutator: Mutator, outcome: Outcome) -> AsyncGenerator[tuple[int, Callable[[], None]]]:
    """An agent that sends a mutant and then the truth; the callable makes it honest, or a liar again."""
    honest = False

    def change() -> None:
        nonlocal honest
        honest = not honest

    def mutants(sound: bytes) -> Sequence[bytes]:
        if honest:
            return [sound]
        outcome.thrown[lane.name] += 1
        return [mutator.mutate(sound)] if lane.alone else [mutator.mutate(sound), sound]

    def plain(agent: Agent, request: Request) -> Sequence[bytes]:
        return mutants(agent.answer(request))

    if lane.login.snmp.version == "3":
        async with v3_agent(_Lying(mutants)) as liar:
            yield liar.port, change
    else:
        async with snmp_agent(Agent(TABLE, plain)) as agent:
            yield agent.port, change


class _Lying(V3Agent):
    """A v3 agent whose answers are mutated first."""

    def __init__(self, mutants: Callable[[bytes], Sequence[bytes]]) -> None:
        super().__init__(self._lie, table=TABLE)
        self._mutants = mutants
        self._datagram = b""

    def datagram_received(self, data: bytes, addr: tuple[str | int, ...]) -> None:
        self._datagram = data
        super().datagram_received(data, addr)

    @staticmethod
    def _lie(agent: V3Agent, frame: Frame) -> Sequence[bytes]:
        if not isinstance(agent, _Lying):
            raise TypeError("another agent")
        return agent._mutants(agent.answer(frame, agent._datagram))


@contextmanager
def _watched(outcome: Outcome) -> Any:
    """Take what no task caught as a fault."""
    loop = asyncio.get_running_loop()
    before = loop.get_exception_handler()
    loop.set_exception_handler(lambda _loop, context: outcome.faults.append(f"unhandled: {context}"))
    try:
        yield
    finally:
        loop.set_exception_handler(before)
