"""F07: every port down and every description empty at once is believed the second time."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from agent.contract import BadReply
from collectors.snmp.oid import Value
from collectors.snmp.walking.doubt import ALIAS, OPER_STATUS, Doubt
from tests.collectors.snmp.lab import Bench, values_of
from tests.harness.snmp_agent import Agent, encode, interfaces, snmp_agent


@dataclass
class Rows:
    """A walk of two columns of some ports."""

    oids: list[str]
    values: list[Value]
    root: str = ""
    content: int = field(init=False)

    def __post_init__(self) -> None:
        self.content = hash(tuple(self.oids))


def ports(statuses: list[int], aliases: list[bytes]) -> list[Rows]:
    return [
        Rows([f"{OPER_STATUS}.{row}" for row in range(len(statuses))], list(statuses)),
        Rows([f"{ALIAS}.{row}" for row in range(len(aliases))], list(aliases)),
    ]


GOOD, DEAD = ports([1, 2, 1], [b"uplink", b"", b""]), ports([2, 2, 2], [b"", b"", b""])
DOWN, NAMELESS = ports([2, 2, 2], [b"uplink", b"", b""]), ports([1, 2, 1], [b"", b"", b""])
NO_ALIASES, NOTHING = ports([2, 2, 2], []), ports([], [])


@pytest.mark.parametrize(
    ("polls", "doubted"),
    [
        ([GOOD, DEAD, DEAD, DEAD], [False, True, False, False]),
        ([GOOD, DEAD, GOOD, DEAD, DEAD], [False, True, False, True, False]),
        ([DEAD, DEAD, GOOD], [False, False, False]),
        ([GOOD, DOWN, DOWN], [False, False, False]),
        ([GOOD, NAMELESS, DEAD], [False, False, False]),
        ([GOOD, NO_ALIASES, NOTHING], [False, False, False]),
        ([GOOD, NOTHING, DEAD, DEAD], [False, False, True, False]),
        ([], []),
    ],
    ids=["dead", "twice", "always", "only down", "in two steps", "columns missing", "after a gap", "never"],
)
def test_f07_doubt_arises_once_from_lively_to_dead(polls: list[list[Rows]], doubted: list[bool]) -> None:
    doubt = Doubt()
    assert [doubt.arises(poll) for poll in polls] == doubted


class Unread(Rows):
    """A table that must not be looked at."""

    def __post_init__(self) -> None:
        self.content = id(self)
        self.root = "1.3.6.1.2.1.17.4.3"

    def __getattribute__(self, name: str) -> object:
        assert name not in {"oids", "values"}
        return super().__getattribute__(name)


def test_f07_other_tables_are_not_looked_at_however_they_change() -> None:
    doubt = Doubt()
    assert not doubt.arises([Unread([], []), *GOOD])
    assert doubt.arises([Unread([], []), *DEAD])


async def test_f07_the_first_such_poll_is_refused_the_second_believed(bench: Bench) -> None:
    agent = Agent(interfaces(4))
    async with snmp_agent(agent):
        collector = bench.of(agent)
        await collector.collect()
        for index in range(1, 5):
            agent.table[f"{OPER_STATUS}.{index}"] = encode(2)
            agent.table[f"{ALIAS}.{index}"] = encode("")
        with pytest.raises(BadReply, match="every port down"):
            await collector.collect()
        harvest = await collector.collect()
    assert set(values_of(harvest, "ifOperStatus", "ifName").values()) == {2}
