"""F19 to F21, F27 to F29: odd values over the wire; each costs itself alone, none becomes a number that it is not."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from agent.contract import Harvest
from agent.demo import ber
from agent.demo.ber import Request
from collectors.snmp.modules.numbers import MANTISSA
from collectors.snmp.params import SnmpParams
from collectors.snmp.walking.scalars import Getter
from tests.collectors.snmp.lab import Bench, conversation, values_of
from tests.collectors.snmp.mapping.mapping import entry
from tests.collectors.snmp.transport.test_reply import ENCODINGS, INVALID
from tests.harness.snmp_agent import Agent, encode, interfaces, snmp_agent

IN_OCTETS = "1.3.6.1.2.1.31.1.1.1.6"
LOCATION = "1.3.6.1.2.1.1.6.0"
ENGINES = pytest.mark.parametrize("engine", ["auto", "pysnmp"])


def using(engine: str) -> SnmpParams:
    return SnmpParams.model_validate({"engine": engine})


async def polled(bench: Bench, engine: str, table: dict[str, bytes]) -> Harvest:
    """Three interfaces, of which something in the table is odd."""
    async with snmp_agent(Agent(interfaces(3) | table)) as agent:
        return await bench.of(agent, params=using(engine)).collect()


@ENGINES
@pytest.mark.parametrize(("encoding", "value"), [pair for pair in ENCODINGS if pair[0] != "02 01 ff"])
async def test_f19_counters_without_a_leading_zero_are_unsigned(
    bench: Bench, engine: str, encoding: str, value: int
) -> None:
    harvest = await polled(bench, engine, {f"{IN_OCTETS}.2": bytes.fromhex(encoding)})
    octets = values_of(harvest, "ifHCInOctets", "ifName")
    assert octets == {
        ("eth1",): ((1 << 60) + 1) % MANTISSA,
        ("eth2",): value % MANTISSA,
        ("eth3",): ((1 << 60) + 3) % MANTISSA,
    }
    assert harvest.facts["snmp_engine"] == ("gufo" if engine == "auto" else engine)


@ENGINES
@pytest.mark.parametrize("encoding", INVALID)
async def test_f20_f28_an_invalid_value_costs_only_itself_and_is_counted(
    bench: Bench, engine: str, encoding: str
) -> None:
    harvest = await polled(bench, engine, {f"{IN_OCTETS}.2": bytes.fromhex(encoding)})
    assert values_of(harvest, "ifHCInOctets", "ifName").keys() == {("eth1",), ("eth3",)}
    assert len(values_of(harvest, "ifOperStatus", "ifName")) == 3
    assert bench.meters.counts["ringwacht_snmp_dropped_values_total", "invalid_value"] == 1
    assert not harvest.partial


@ENGINES
async def test_f20_f28_an_invalid_instance_costs_only_itself_and_is_said(bench: Bench, engine: str) -> None:
    harvest = await polled(bench, engine, {LOCATION: bytes.fromhex("4003010203")})
    assert "location" not in harvest.facts
    assert harvest.facts["sys_name"] == "scripted"
    assert harvest.partial == (f"left out of the answer, or no valid value: {LOCATION}",)
    assert len(values_of(harvest, "ifHCInOctets", "ifName")) == 3


@ENGINES
async def test_f21_opaque_floats_arrive_as_they_were_sent(engine: str) -> None:
    """Texts with numbers and NaN: test_neutral.py."""
    single, short = "1.3.6.1.4.1.99999.1.1.0", "1.3.6.1.4.1.99999.1.2.0"
    table = {single: bytes.fromhex("44079f780441b80000"), short: bytes.fromhex("44049f780441")}
    async with snmp_agent(Agent(table)) as agent:
        session = conversation(agent, using(engine))
        found = await session.get([single, short])
        session.close()
    read = [entry("").of({"1.0": found[oid]}).get("hardware_temperature_celsius ") for oid in (single, short)]
    assert read == [23.0, None]


@ENGINES
@pytest.mark.parametrize("absent", [ber.NO_SUCH_OBJECT, ber.NO_SUCH_INSTANCE, ber.END_OF_MIB_VIEW, b"\x05\x00"])
async def test_f27_what_a_device_has_not_is_absent_and_not_asked_for_again(engine: str, absent: bytes) -> None:
    has_not, has = "1.3.6.1.4.1.99999.1.1.0", "1.3.6.1.4.1.99999.1.2.0"
    async with snmp_agent(Agent({has: encode(5), has_not: absent})) as agent:
        session = conversation(agent, using(engine))
        getter = Getter(session)
        assert [await getter.get([has_not, has]) for _ in range(3)] == [{has: 5}] * 3
        assert getter.remarks([has_not, has]) == [], "no failure of the device"
        assert [len(request.oids) for request in agent.requests] == [2, 1, 1]
        getter.forget()
        await getter.get([has_not, has])
        assert len(agent.requests[-1].oids) == 2, "asked again after a restart"
        session.close()


@ENGINES
async def test_f27_no_such_name_under_v1_is_absent_and_not_asked_for_again(engine: str) -> None:
    has, has_not = "1.3.6.1.4.1.99999.1.1.0", "1.3.6.1.4.1.99999.1.2.0"
    async with snmp_agent(Agent({has: encode(5)}, names_the_second)) as agent:
        session = conversation(agent, using(engine), "1")
        getter = Getter(session)
        assert [await getter.get([has, has_not]) for _ in range(3)] == [{has: 5}] * 3
        assert [len(request.oids) for request in agent.requests] == [2, 1, 1, 1]
        session.close()


def names_the_second(_agent: Agent, request: Request) -> Sequence[bytes] | None:
    return [ber.response(request, [], 2, 2)] if len(request.oids) == 2 else None


def test_f29_minus_one_and_unknown_enumerations_are_absent() -> None:
    states = entry("absent: [-1, 2147483647]")
    mapped = entry("map: {1: 10, 2: 20}")
    key = "hardware_temperature_celsius "
    assert [states.of({"1.0": raw}).get(key) for raw in (-1, 2147483647, 21)] == [None, None, 21]
    assert [mapped.of({"1.0": raw}).get(key) for raw in (1, 2, 3, -1)] == [10, 20, None, None]
