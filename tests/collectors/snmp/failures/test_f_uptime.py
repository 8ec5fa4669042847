"""F22: counters are passed on as they are. F23: uptime, reboots, restarts of the agent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from agent.contract import BadReply, Harvest, JobKey, Reading, Subject, Target, WindowSpec
from agent.demo import ber
from agent.demo.ber import Request
from agent.engine.windows import WindowBook
from agent.families import AGENT_RESTARTS, DEVICE_REBOOTS, REBOOTS_DURING_POLL
from agent.layout import LayoutCache, Sample
from agent.neutral import RADIO_ERRORED_SECONDS
from collectors.snmp.identity.life import ENGINE_BOOTS, HOST_UPTIME, WRAP_ZONE, Life, change
from collectors.snmp.params import SnmpParams
from tests.collectors.snmp.lab import Bench, by_user, is_walk, values_of
from tests.harness.fakes import FakeWire
from tests.harness.snmp_agent import Agent, counter64, encode, interfaces, snmp_agent
from tests.harness.snmpd import snmpd

UPTIME = "1.3.6.1.2.1.1.3.0"
IN_OCTETS, HC_IN_OCTETS = "1.3.6.1.2.1.2.2.1.10", "1.3.6.1.2.1.31.1.1.1.6"
CEILING = 1 << 32
DEVICE = Subject("device", "dut")
KEY, TARGET = JobKey(DEVICE, "snmp"), Target(DEVICE, "rathaus")


class Clocked(FakeWire):
    """A wire whose time passes a minute with each poll."""

    moment = 1_800_000_000.0

    def now(self) -> float:
        return self.moment


def ticks(value: int) -> bytes:
    return ber.integer(value, ber.TIMETICKS)


def lives(*uptimes: int, boots: Sequence[int] = (), host: Sequence[int] = ()) -> list[dict[str, bytes]]:
    """What an agent says of its age, poll by poll."""
    found = [{UPTIME: ticks(uptime)} for uptime in uptimes]
    for one, times in zip(found, boots, strict=bool(boots)):
        one[ENGINE_BOOTS] = encode(times)
    for one, uptime in zip(found, host, strict=bool(host)):
        one[HOST_UPTIME] = ticks(uptime)
    return found


async def counted(bench: Bench, polls: Sequence[Mapping[str, bytes]]) -> tuple[int, int]:
    """Reboots of the device, and of its agent alone, that so many polls a minute apart counted."""
    bench.wire = wire = Clocked(bench.meters)
    async with snmp_agent(Agent(interfaces(1))) as agent:
        collector = bench.of(agent)
        for said in polls:
            agent.table.update(said)
            await collector.collect()
            wire.moment += 60
    return bench.meters.counts[DEVICE_REBOOTS.name, ""], bench.meters.counts[AGENT_RESTARTS.name, ""]


@pytest.mark.parametrize(
    ("polls", "reboots", "restarts"),
    [
        pytest.param(lives(1000, 7000, 13000), 0, 0, id="it runs on"),
        pytest.param(lives(4_294_960_000, 4000, 10_000), 0, 0, id="wrap after 497 days"),
        pytest.param(lives(4_294_960_000, 4000, 10_000, boots=(7, 8, 8)), 1, 0, id="reboot where a wrap was due"),
        pytest.param(lives(4_294_960_000, 4000, 10_000, boots=(7, 7, 7)), 0, 0, id="wrap, boots unchanged"),
        pytest.param(lives(1_000_000, 4000, 10_000), 1, 0, id="reboot"),
        pytest.param(lives(1_000_000, 4000, 2000), 2, 0, id="two reboots"),
        pytest.param(lives(1_000_000, 4000, 10_000, boots=(7, 7, 7)), 1, 0, id="boots not remembered"),
        pytest.param(lives(1_000_000, 4000, host=(5_000_000, 5_006_000)), 0, 1, id="agent alone"),
        pytest.param(lives(1_000_000, 4000, boots=(7, 8), host=(5_000_000, 5_006_000)), 0, 1, id="agent alone, boots"),
        pytest.param(lives(1_000_000, 4000, host=(5_000_000, 4500)), 1, 0, id="host and agent"),
        pytest.param(lives(1000, 7000, boots=(7, 8)), 0, 0, id="boots alone: a changed SNMP configuration"),
        pytest.param(lives(4_294_960_000, 4000, host=(4_294_966_000, 5000)), 0, 0, id="both wrap"),
    ],
)
async def test_f23_reboots_are_told_from_wraps_and_restarts_of_the_agent(
    bench: Bench, polls: list[dict[str, bytes]], reboots: int, restarts: int
) -> None:
    assert await counted(bench, polls) == (reboots, restarts)


async def test_f23_a_reboot_is_counted_once_although_the_poll_that_saw_it_failed(bench: Bench) -> None:
    def dies(_agent: Agent, request: Request) -> Sequence[bytes] | None:
        return () if is_walk(request) else None

    async with snmp_agent(Agent(interfaces(1) | {UPTIME: ticks(1_000_000)})) as agent:
        collector = bench.of(agent, timeout_seconds=0.05)
        await collector.collect()
        agent.table[UPTIME], agent.misbehave = ticks(4000), dies
        for _ in range(2):
            with pytest.raises(Exception, match="timeout"):
                await collector.collect()
        agent.misbehave = None
        await collector.collect()
    assert bench.meters.counts[DEVICE_REBOOTS.name, ""] == 1


async def test_f23_a_reboot_within_a_poll_is_counted_once(bench: Bench) -> None:
    def reboots(agent: Agent, request: Request) -> Sequence[bytes] | None:
        if is_walk(request):
            agent.table[UPTIME] = ticks(50)
        return None

    async with snmp_agent(Agent(interfaces(1))) as agent:
        collector = bench.of(agent)
        await collector.collect()
        agent.misbehave = reboots
        with pytest.raises(BadReply, match="rebooted"):
            await collector.collect()
        agent.misbehave = None
        await collector.collect()
        await collector.collect()
    assert bench.meters.counts[DEVICE_REBOOTS.name, ""] == 1
    assert bench.meters.counts[REBOOTS_DURING_POLL.name, ""] == 1


async def test_f23_uptime_is_that_of_the_host_where_it_is_known(bench: Bench) -> None:
    async with snmp_agent(Agent(interfaces(1) | {UPTIME: ticks(1250)})) as agent:
        collector = bench.of(agent)
        assert values_of(await collector.collect(), "ringwacht_device_uptime_seconds") == {(): 12.5}
        agent.table[HOST_UPTIME] = ticks(50_000)
        bare = bench.of(agent)
        harvest = await bare.collect()
        assert values_of(harvest, "ringwacht_device_uptime_seconds") == {(): 500}
        assert values_of(harvest, "sysUpTime") == {(): 1250}
        agent.table[HOST_UPTIME] = ticks(56_000)
        later = await bare.collect()
        assert values_of(later, "ringwacht_device_uptime_seconds") == {(): 560}
        assert later.layout is harvest.layout


async def test_f23_counters_begin_at_zero(bench: Bench) -> None:
    async with snmp_agent(Agent(interfaces(1))) as agent:
        await bench.of(agent).collect()
    assert {name for name, _ in bench.meters.counts} >= {DEVICE_REBOOTS.name, AGENT_RESTARTS.name}
    assert bench.meters.counts[DEVICE_REBOOTS.name, ""] == 0


@pytest.mark.integration
@pytest.mark.parametrize("engine", ["gufo", "pysnmp"])
async def test_f23_a_real_agent_that_restarts_is_no_reboot(bench: Bench, tmp_path: Path, engine: str) -> None:
    """Debian's snmpd over SNMPv3: hrSystemUptime is the machine's."""
    params = SnmpParams.model_validate({"engine": engine})
    async with snmpd(tmp_path, "exactEngineID 0x80001f880472696e67\n") as agent:
        collector = bench.collector(agent.port, by_user(), timeout_seconds=2.0, params=params)
        first = await collector.collect()
        uptime = values_of(first, "sysUpTime")[()]
        while values_of(await collector.collect(), "sysUpTime")[()] < uptime + 100:
            pass
        await agent.process.stop()
        await agent.start()
        await collector.collect()
    assert bench.meters.counts[AGENT_RESTARTS.name, ""] == 1
    assert bench.meters.counts[DEVICE_REBOOTS.name, ""] == 0


def test_f23_a_wrap_while_the_device_could_not_be_asked() -> None:
    """Two hours before the ceiling it fell silent; three hours later it is an hour past it."""
    before = Life(0.0, CEILING - 720_000)
    assert change(before, Life(10_800.0, 360_000)) == "none"
    assert change(before, Life(60.0, 360_000)) == "rebooted"
    assert change(Life(0.0, CEILING - WRAP_ZONE - 1), Life(0.0, 5)) == "rebooted"
    assert change(Life(0.0, CEILING - WRAP_ZONE), Life(0.0, 5)) == "none"


def test_f23_what_is_not_said_is_no_reboot() -> None:
    assert change(None, Life(0.0, 5)) == "none"
    assert change(Life(0.0, 1000), Life(60.0, None)) == "none"
    assert change(Life(0.0, None), Life(60.0, 5)) == "none"
    assert change(Life(0.0, None, boots=1), Life(60.0, None, boots=2)) == "rebooted"


# --- F22 -------------------------------------------------------------------------------------------------------------


def only(harvest: Any, family: str) -> float:
    ((_, value),) = values_of(harvest, family, "ifName").items()
    return float(value)


async def test_f22_counters_are_exported_as_they_are(bench: Bench) -> None:
    """A wrap, a reset, a glitch to 0: whoever takes the rate sees a decrease, never an invented rise."""
    sequence = (4_294_967_290, 5, 0, 4_294_967_290)
    async with snmp_agent(Agent(interfaces(1))) as agent:
        collector = bench.of(agent)
        for value in sequence:
            agent.table[f"{IN_OCTETS}.1"] = ber.integer(value, ber.COUNTER32)
            assert only(await collector.collect(), "ifInOctets") == value


async def test_f22_a_counter64_wraps_where_floats_lose_their_precision(bench: Bench) -> None:
    """At 2^53, as snmp_exporter does; documented in docs/collectors/snmp.md."""
    sequence = {
        (1 << 53) - 1: (1 << 53) - 1,
        1 << 53: 0,
        (1 << 53) + 1: 1,
        (1 << 63) + 1: 1,
        (1 << 64) - 1: (1 << 53) - 1,
    }
    async with snmp_agent(Agent(interfaces(1))) as agent:
        collector = bench.of(agent)
        for value, shown in sequence.items():
            agent.table[f"{HC_IN_OCTETS}.1"] = counter64(value)
            assert only(await collector.collect(), "ifHCInOctets") == shown


@pytest.mark.parametrize(
    ("values", "rise"),
    [
        ((1000, 1060, 1120), 1.0),
        ((4_294_967_236, 4_294_967_296 - 1, 60), 0.99),  # a wrap: what was counted before it is lost, no more
        ((1000, 1060, 0), 0.5),  # a reset
    ],
)
def test_f22_history_never_sees_a_negative_or_giant_rate(values: Sequence[int], rise: float) -> None:
    book = WindowBook([WindowSpec(RADIO_ERRORED_SECONDS.name, 120.0, 0.0)])
    mapping = Layouts()
    for at, value in enumerate(values):
        book.record(mapping.reading(at * 60.0, value))
    slope = book.slope_per_second(RADIO_ERRORED_SECONDS.name, DEVICE, {"port": "a"})
    assert slope == pytest.approx(rise, abs=0.02)


class Layouts:
    """Readings of one counter."""

    def __init__(self) -> None:
        self._cache = LayoutCache()

    def reading(self, at: float, value: float) -> Reading:
        layout, values = self._cache.arrange([Sample(RADIO_ERRORED_SECONDS, ("a",), value)])
        return Reading(KEY, TARGET, at, 0.1, Harvest(layout, values))
