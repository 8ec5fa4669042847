"""F22 counters, F23 uptime and reboots, F24 ports that keep their name while their number changes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from agent.contract import BadReply, CollectorSpec, Finding, Harvest, Job, JobKey, Reading, Subject, Target, WindowSpec
from agent.demo import ber
from agent.demo.ber import Request
from agent.engine.store import Store
from agent.engine.windows import WindowBook
from agent.families import AGENT_RESTARTS, DEVICE_REBOOTS, REBOOTS_DURING_POLL
from agent.layout import LayoutCache, Sample
from agent.neutral import RADIO_ERRORED_SECONDS
from agent.risk.catalogue.links import LINK_DOWN, LINK_END_MISSING
from collectors.snmp.life import ENGINE_BOOTS, HOST_UPTIME, WRAP_ZONE, Life, change
from collectors.snmp.params import SnmpParams
from collectors.snmp.spec import make_spec
from config.inventory import Inventory
from config.settings import Settings
from tests.agent.risk.scene import judge
from tests.collectors.snmp.lab import Bench, by_user, is_walk, values_of
from tests.harness.fakes import FakeWire
from tests.harness.snmp_agent import SYSTEM, Agent, counter64, encode, interfaces, snmp_agent
from tests.harness.snmpd import snmpd

UPTIME = "1.3.6.1.2.1.1.3.0"
IN_OCTETS, HC_IN_OCTETS = "1.3.6.1.2.1.2.2.1.10", "1.3.6.1.2.1.31.1.1.1.6"
CEILING = 1 << 32


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


# --- F24 -------------------------------------------------------------------------------------------------------------

DEVICE = Subject("device", "dut")
KEY, TARGET = JobKey(DEVICE, "snmp"), Target(DEVICE, "rathaus")
SECONDS = "1.3.6.1.4.1.99999.7.1"
PROFILE = f"""
profile:
  title: A radio whose rows are numbered as its interfaces
  kind: radio
  modules: [if_mib]
  walk: [{SECONDS}]
  match: {{probe: {SECONDS}}}
  neutral:
    - family: ringwacht_radio_errored_seconds_total
      oid: {SECONDS}
      register: current
      labels: {{port: {{column: 1.3.6.1.2.1.31.1.1.1.1}}}}
"""


def ports(named: Mapping[int, tuple[str, bool, int]]) -> dict[str, bytes]:
    """A table of ports by ifIndex: name, whether it is up, and a counter."""
    table = dict(SYSTEM) | {"1.3.6.1.2.1.2.1.0": encode(len(named))}
    for index, (name, up, count) in named.items():
        columns = {
            "2.2.1.1": encode(index),
            "2.2.1.2": encode(f"port {name}"),
            "2.2.1.7": encode(1),
            "2.2.1.8": encode(1 if up else 2),
            "31.1.1.1.1": encode(name),
            "31.1.1.1.6": counter64(count),
            "31.1.1.1.18": encode(f"to {name}"),
        }
        table |= {f"1.3.6.1.2.1.{column}.{index}": value for column, value in columns.items()}
        table[f"{SECONDS}.{index}"] = ber.integer(count, ber.COUNTER32)
    return table


@pytest.fixture
def spec(tmp_path: Path) -> CollectorSpec:
    """The shipped profiles, and this one."""
    file = tmp_path / "numbered.yml"
    file.write_text(PROFILE)
    return make_spec([file])


class Watched:
    """A device from its agent to what is judged, with one link at each of its ports."""

    def __init__(self, bench: Bench, agent: Agent, spec: CollectorSpec) -> None:
        self._agent = agent
        self._collector = bench.of(agent, spec=spec, profile="numbered")
        self._windows = [WindowSpec(name, 120.0, 0.0) for name in (RADIO_ERRORED_SECONDS.name, "ifHCInOctets")]
        self.book = WindowBook(self._windows)
        self._store = Store()
        self._store.add(Job(KEY, "snmp", TARGET, SnmpParams(), 60.0, 0.0, 180.0))
        self._at = 0.0
        ends = {"a": "dut/eth0", "b": "dut/port eth1", "c": "dut/to eth1"}
        self._inventory = Inventory.model_validate(
            {
                "sites": {"rathaus": {}, "mast": {}},
                "devices": {"dut": {"site": "rathaus", "address": "192.0.2.7"}},
                "links": {name: {"kind": "radio", "ends": [end, "mast"]} for name, end in ends.items()},
            }
        )

    async def poll(self, named: Mapping[int, tuple[str, bool, int]]) -> Any:
        self._agent.table = ports(named)
        for number in range(int(self._at / 60)):  # it sorts anew when there is another number of objects
            self._agent.table[f"1.3.6.1.4.1.99999.99.{number}"] = encode(number)
        harvest = await self._collector.collect()
        reading = Reading(KEY, TARGET, self._at, 0.1, harvest)
        self._store.record(reading, self._at)
        self.book.record(reading)
        self._at += 60.0
        return harvest

    def found(self) -> set[tuple[str, str]]:
        """Findings about links: rule and link."""
        judgement = judge(self._inventory, Settings(), self._store.view(self._at), self.book)
        return {link(one) for one in judgement.findings if one.rule in {LINK_DOWN, LINK_END_MISSING}}


def link(found: Finding) -> tuple[str, str]:
    return found.rule, found.subject.id


@pytest.mark.parametrize("numbers", [(7, 9), (2, 1), (2, 3)], ids=["others", "swapped", "one reused"])
async def test_f24_series_and_alerts_follow_the_name_of_a_port(
    bench: Bench, spec: CollectorSpec, numbers: tuple[int, int]
) -> None:
    first, second = numbers
    async with snmp_agent(Agent({})) as agent:
        watched = Watched(bench, agent, spec)
        before = await watched.poll({1: ("eth0", True, 1000), 2: ("eth1", False, 5_000_000)})
        assert watched.found() == {(LINK_DOWN, "b"), (LINK_DOWN, "c")}
        await watched.poll({1: ("eth0", True, 1060), 2: ("eth1", False, 5_000_120)})
        after = await watched.poll({first: ("eth0", True, 1120), second: ("eth1", False, 5_000_240)})
        assert watched.found() == {(LINK_DOWN, "b"), (LINK_DOWN, "c")}
        swapped = await watched.poll({first: ("eth0", False, 1180), second: ("eth1", True, 5_000_360)})
        assert watched.found() == {(LINK_DOWN, "a")}
    family = RADIO_ERRORED_SECONDS.name
    assert values_of(before, family, "port") == {("eth0",): 0, ("eth1",): 0}
    assert values_of(after, family, "port") == {("eth0",): 120, ("eth1",): 240}
    assert values_of(swapped, family, "port") == {("eth0",): 180, ("eth1",): 360}
    assert watched.book.slope_per_second(family, DEVICE, {"port": "eth0"}) == pytest.approx(1.0)
    assert watched.book.slope_per_second(family, DEVICE, {"port": "eth1"}) == pytest.approx(2.0)


async def test_f24_a_raw_counter_under_a_new_index_is_a_new_series(bench: Bench, spec: CollectorSpec) -> None:
    """Their labels are the peer's, with ifIndex: what was counted under another number is not spliced to it."""
    async with snmp_agent(Agent({})) as agent:
        watched = Watched(bench, agent, spec)
        before = await watched.poll({1: ("eth0", True, 1000), 2: ("eth1", True, 5_000_000)})
        after = await watched.poll({2: ("eth0", True, 1060), 1: ("eth1", True, 5_000_060)})
    wanted = ("ifIndex", "ifName")
    assert values_of(before, "ifHCInOctets", *wanted) == {("1", "eth0"): 1000, ("2", "eth1"): 5_000_000}
    assert values_of(after, "ifHCInOctets", *wanted) == {("2", "eth0"): 1060, ("1", "eth1"): 5_000_060}
    for index, name in (("1", "eth0"), ("2", "eth1"), ("2", "eth0"), ("1", "eth1")):
        labels = {"ifIndex": index, "ifName": name, "ifDescr": f"port {name}", "ifAlias": f"to {name}"}
        assert watched.book.slope_per_second("ifHCInOctets", DEVICE, labels) is None


async def test_f24_a_port_that_is_gone_is_missed_and_its_number_means_nothing(
    bench: Bench, spec: CollectorSpec
) -> None:
    async with snmp_agent(Agent({})) as agent:
        watched = Watched(bench, agent, spec)
        await watched.poll({1: ("eth0", True, 1), 2: ("eth1", True, 1)})
        assert watched.found() == set()
        await watched.poll({1: ("eth9", False, 1), 2: ("eth1", True, 1)})
        assert watched.found() == {(LINK_END_MISSING, "a")}
