"""F09: what a device sends is capped by its size, too, not by its number alone."""

from __future__ import annotations

import pytest

from agent.contract import BadReply
from agent.demo import ber
from agent.demo.ber import Request
from collectors.snmp.params import SnmpParams
from collectors.snmp.walking.scalars import Getter
from collectors.snmp.walking.sizes import LONGEST, MAX_OCTETS
from collectors.snmp.walking.walk import Limits, Walker
from tests.collectors.snmp.lab import Bench, conversation, is_walk, values_of
from tests.harness.snmp_agent import Agent, encode, interfaces, snmp_agent

COLUMN, OTHER = "1.3.6.1.4.1.99999.7.1", "1.3.6.1.4.1.99999.8.1"
IF_DESCR = "1.3.6.1.2.1.2.2.1.2"
HUGE = 60_000


def rows(column: str, count: int, octets: int) -> dict[str, bytes]:
    return {f"{column}.{row}": encode("x" * octets) for row in range(1, count + 1)}


def too_big(agent: Agent, request: Request) -> list[bytes] | None:
    return [agent.error(request, 1)] if len(request.oids) > 1 else None


@pytest.mark.parametrize("octets", [1000, 5000])
async def test_f09_a_walk_ends_where_its_values_are_too_large(octets: int) -> None:
    agent = Agent(rows(COLUMN, 40, octets) | rows(OTHER, 3, 100))
    async with snmp_agent(agent):
        session = conversation(agent, SnmpParams(engine="pysnmp"), timeout_seconds=1.0)
        walker = Walker(session, Limits(octets=10 * octets, repetitions=3))
        (walked,), failures = await walker.read(COLUMN, [COLUMN])
        assert 10 <= len(walked.values) <= 13
        assert failures == {COLUMN: f"{COLUMN}: truncated at {len(walked.values)} rows: too many octets"}
        assert {len(value) for value in walked.values if isinstance(value, bytes)} == {min(octets, LONGEST)}
        assert not (await walker.walk(OTHER)).remark
        session.close()


async def test_f09_long_oids_count_as_well() -> None:
    long = {f"{COLUMN}.{row}" + ".4000000000" * 60: encode(row) for row in range(1, 41)}
    async with snmp_agent(Agent(long)) as agent:
        session = conversation(agent, SnmpParams(engine="pysnmp"), timeout_seconds=1.0)
        walked = await Walker(session, Limits(octets=6_000, repetitions=3)).walk(COLUMN)
        assert 9 <= len(walked.values) <= 12
        session.close()


async def test_f09_all_tables_of_a_poll_together_are_capped() -> None:
    agent = Agent(rows(COLUMN, 10, 1000) | rows(OTHER, 10, 1000))
    async with snmp_agent(agent):
        session = conversation(agent, SnmpParams(engine="pysnmp"), timeout_seconds=1.0)
        walker = Walker(session, Limits(poll_octets=15_000, repetitions=3))
        for _ in range(2):
            session.begin_poll(5.0)
            walker.begin_poll()
            assert not (await walker.walk(COLUMN)).remark
            assert "too many octets" in (await walker.walk(OTHER)).remark
        session.close()


async def test_f09_a_column_that_is_cut_is_told_where_columns_are_read_singly() -> None:
    agent = Agent(rows(f"{COLUMN}.2", 20, 1000))

    def misbehave(agent: Agent, request: Request) -> list[bytes] | None:
        return [agent.error(request, 5)] if is_walk(request, f"{COLUMN}.1") or request.oids[0][-1] == 1 else None

    async with snmp_agent(agent):
        agent.misbehave = misbehave
        session = conversation(agent, SnmpParams(engine="pysnmp"), timeout_seconds=1.0)
        walker = Walker(session, Limits(rows=5))
        walks, failures = await walker.read(COLUMN, [f"{COLUMN}.1", f"{COLUMN}.2"])
        assert [len(walk.values) for walk in walks] == [5]
        assert failures[f"{COLUMN}.2"] == f"{COLUMN}.2: truncated at 5 rows"
        session.close()


async def test_f09_single_values_are_cut_and_too_many_of_them_are_refused() -> None:
    oids = [f"1.3.6.1.4.1.99999.2.{number}.0" for number in range(200)]
    agent = Agent({oid: encode("x" * HUGE) for oid in oids})
    async with snmp_agent(agent):
        agent.misbehave = too_big
        session = conversation(agent, SnmpParams(engine="pysnmp"), timeout_seconds=1.0)
        getter = Getter(session)
        assert (await getter.get(oids[:1]))[oids[0]] == b"x" * LONGEST
        session.start(30)
        with pytest.raises(BadReply, match="too many octets"):
            await getter.get(oids)
        assert len(agent.requests) < 2 * MAX_OCTETS / HUGE
        session.close()


async def test_f09_a_table_of_values_without_end_is_partial_and_the_others_are_read(bench: Bench) -> None:
    """One huge value an answer, always another one: the whole poll, with the caps as they are."""

    def misbehave(agent: Agent, request: Request) -> list[bytes] | None:
        if not is_walk(request, "1.3.6.1.2.1.2"):
            return None
        row = request.oids[0][-1] + 1 if is_walk(request, IF_DESCR) else 1
        return [agent.reply(request, [(f"{IF_DESCR}.{row}", ber.octets(b"x" * HUGE))])]

    async with snmp_agent(Agent(interfaces(2), misbehave)) as agent:
        harvest = await bench.of(agent, timeout_seconds=2.0, budget_seconds=60.0).collect()
    assert any("too many octets" in remark for remark in harvest.partial)
    assert len(agent.requests) < 3 * MAX_OCTETS / HUGE
    assert len(values_of(harvest, "ifHCInOctets", "ifIndex")) == 2
