"""Issue 4, result 3: when parts, neighbours and facts are read, and what a failure there costs: nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from agent.contract import Harvest, Neighbour, Part
from agent.demo import ber
from agent.demo.ber import Request
from collectors.snmp.identity import entity, inventory
from collectors.snmp.identity.inventory import HOUR, RETRY_SECONDS
from collectors.snmp.oid import is_under
from collectors.snmp.params import SnmpParams
from tests.collectors.snmp.failures.v3lab import OurClock
from tests.collectors.snmp.identity.registry import BRIDGE, PHONE_BRIDGE, cells, local, remote, together
from tests.collectors.snmp.lab import Bench, by_community, by_user, is_walk, values_of
from tests.collectors.snmp.replay import SNMPSIM_DATA, replay
from tests.harness.fakes import FakeWire
from tests.harness.snmp_agent import Agent, dotted, encode, interfaces, snmp_agent
from tests.harness.snmpd import snmpd

INFO = ("vendor", "model", "serial", "firmware")


class Clocked(FakeWire):
    """A wire whose time can be set."""

    moment = 1_800_000_000.0

    def now(self) -> float:
        return self.moment


def table() -> dict[str, bytes]:
    """A switch with a chassis, a fan, a bridge at port eth1 and a telephone at eth2."""
    rows = together(
        cells(entity.CLASS, 3, 7),
        cells(entity.NAME, b"chassis", b"fan 1"),
        cells(entity.SERIAL, b"S-77", b""),
        cells(entity.MODEL, b"SW\x1b[2J", b""),
        remote("5.1.1", BRIDGE),
        remote("6.2.1", PHONE_BRIDGE, name=b"telephone of a person"),
        local("1", 5, b"eth1"),
    )
    return interfaces(2) | {
        f"{column}.{index}": encode(value) for column, values in rows.items() for index, value in values.items()
    }


PARTS = (Part("chassis", "chassis", "SW\ufffd[2J", "S-77"), Part("fan", "fan 1"))
NEIGHBOURS = (Neighbour("eth1", "far", "24", "00:1B:21:AA:BB:CC", ("bridge",)),)


def is_ours(request: Request) -> bool:
    """Whether it asks for parts or neighbours."""
    return any(is_under(dotted(oid), root) for oid in request.oids for root in ("1.3.6.1.2.1.47", "1.0.8802.1.1.2"))


@pytest.mark.parametrize("version", ["1", "2c"])
@pytest.mark.parametrize("engine", ["gufo", "pysnmp"])
async def test_parts_neighbours_and_info_come_with_the_first_poll(bench: Bench, version: str, engine: str) -> None:
    params = SnmpParams.model_validate({"engine": engine})
    async with snmp_agent(Agent(table())) as agent:
        collector = bench.of(agent, login=by_community(version), params=params, timeout_seconds=1.0)
        first = await collector.collect()
        asked = len(agent.requests)
        second = await collector.collect()
        assert not any(map(is_ours, agent.requests[asked:]))
    assert (first.parts, first.neighbours) == (PARTS, NEIGHBOURS)
    assert values_of(first, "ringwacht_device_info", *INFO) == {("", "SW\ufffd[2J", "S-77", ""): 1}
    assert (first.facts["model"], first.facts["serial"]) == ("SW\ufffd[2J", "S-77")
    assert second.layout is first.layout
    assert second.facts is first.facts
    assert second.parts is first.parts
    assert second.neighbours is first.neighbours
    assert first.partial == second.partial == ()


@pytest.mark.parametrize("profile", ["none", "generic"])
async def test_a_device_without_profile_is_asked_for_its_modules_only(bench: Bench, profile: str) -> None:
    async with snmp_agent(Agent(table())) as agent:
        harvest = await bench.of(agent, profile=profile, modules=("if_mib",)).collect()
        assert any(map(is_ours, agent.requests)) is (profile == "generic")
    assert bool(harvest.parts) is (profile == "generic")
    assert bool(values_of(harvest, "ringwacht_device_uptime_seconds")) is (profile == "generic")


async def test_a_device_that_has_neither_is_asked_once_for_each(bench: Bench) -> None:
    async with snmp_agent(Agent(interfaces(2))) as agent:
        harvest = await bench.of(agent).collect()
        assert sum(map(is_ours, agent.requests)) == 2
    assert (harvest.parts, harvest.neighbours) == ((), ())


async def test_they_are_read_again_each_hour_or_so(bench: Bench) -> None:
    bench.wire = wire = Clocked()
    async with snmp_agent(Agent(table())) as agent:
        collector = bench.of(agent)
        await collector.collect()
        agent.table[f"{entity.SERIAL}.1"] = encode("S-78")
        wire.moment += 0.7 * HOUR
        assert (await collector.collect()).parts == PARTS
        wire.moment += 0.6 * HOUR
        later = await collector.collect()
        assert later.parts[0].serial == later.facts["serial"] == "S-78"
        assert set(values_of(later, "ringwacht_device_info", "serial")) == {("S-78",)}


async def test_a_clock_that_was_set_back_delays_nothing(bench: Bench) -> None:
    bench.wire = wire = Clocked()
    async with snmp_agent(Agent(table())) as agent:
        collector = bench.of(agent)
        await collector.collect()
        wire.moment -= 100 * HOUR
        agent.table[f"{entity.SERIAL}.1"] = encode("S-78")
        assert (await collector.collect()).parts[0].serial == "S-78"


async def test_they_are_read_again_after_a_reboot(bench: Bench) -> None:
    async with snmp_agent(Agent(table())) as agent:
        collector = bench.of(agent)
        await collector.collect()
        agent.table["1.3.6.1.2.1.1.3.0"] = ber.integer(100, ber.TIMETICKS)
        agent.table[f"{entity.SERIAL}.1"] = encode("S-78")
        assert (await collector.collect()).parts[0].serial == "S-78"


def silent(_agent: Agent, request: Request) -> Sequence[bytes] | None:
    return () if is_ours(request) else None


def failing(agent: Agent, request: Request) -> Sequence[bytes] | None:
    return [agent.error(request, 5)] if is_ours(request) else None


def looping(agent: Agent, request: Request) -> Sequence[bytes] | None:
    if not is_ours(request) or request.kind == ber.GET:
        return None
    return [agent.reply(request, [(dotted(request.oids[0]) + ".1", encode(3)), (f"{entity.CLASS}.1", encode(3))])]


@pytest.mark.parametrize("misbehave", [silent, failing, looping])
async def test_a_failure_there_is_no_failure_of_the_poll_and_is_retried(bench: Bench, misbehave: Any) -> None:
    bench.wire = wire = Clocked()

    async with snmp_agent(Agent(table(), misbehave)) as agent:
        collector = bench.of(agent, timeout_seconds=0.1)
        first = await collector.collect()
        asked = len(agent.requests)
        again = await collector.collect()
        assert not any(map(is_ours, agent.requests[asked:]))
        agent.misbehave = None
        wire.moment += RETRY_SECONDS
        later = await collector.collect()
    assert first.partial == again.partial == ()
    assert values_of(again, "ifOperStatus", "ifName") == {("eth1",): 2, ("eth2",): 1}
    assert first.facts["inventory_failure"]
    assert (first.parts, first.neighbours) == ((), ())
    assert (later.parts, later.neighbours) == (PARTS, NEIGHBOURS)
    assert "inventory_failure" not in later.facts


async def test_a_slow_device_is_read_over_several_polls(bench: Bench, our_clock: OurClock) -> None:
    """Each packet takes 0.9 s: the first poll is about five seconds late, the others one, until all is read."""

    def slow(_agent: Agent, request: Request) -> None:
        our_clock.moved += 0.9 * is_ours(request)

    async with snmp_agent(Agent(table(), slow)) as agent:
        collector = bench.of(agent, timeout_seconds=2.0, budget_seconds=60.0)
        harvests: list[Harvest] = []
        late: list[float] = []
        while not (harvests and harvests[-1].parts):
            before = our_clock.moved
            harvests.append(await collector.collect())
            late.append(our_clock.moved - before)
        *early, done = harvests
    assert len(early) > 2
    assert 4 < late[0] < inventory.FIRST_SECONDS + 0.9
    assert max(late[1:]) < inventory.SLICE_SECONDS + 0.9
    assert all((one.parts, one.neighbours, one.partial) == ((), (), ()) for one in early)
    assert (done.parts, done.neighbours, done.partial) == (PARTS, NEIGHBOURS, ())
    assert early[-1].layout is early[0].layout
    assert "inventory_failure" not in done.facts


async def test_a_device_that_keeps_silent_there_is_waited_for_no_longer(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The patience for one answer is cut as well; the poll is whole."""
    monkeypatch.setattr(inventory, "FIRST_SECONDS", 0.1)
    async with snmp_agent(Agent(table(), silent)) as agent:
        harvest = await bench.of(agent, timeout_seconds=2.0, budget_seconds=60.0).collect()
        assert sum(map(is_ours, agent.requests)) == 1
    assert harvest.facts["inventory_failure"] == "the time for this device is used up"
    assert harvest.partial == ()


async def test_parts_are_known_although_the_neighbours_are_not_answered(bench: Bench) -> None:
    def misbehave(_agent: Agent, request: Request) -> Sequence[bytes] | None:
        return () if is_under(dotted(request.oids[0]), "1.0.8802.1.1.2") else None

    async with snmp_agent(Agent(table(), misbehave)) as agent:
        harvest = await bench.of(agent, timeout_seconds=0.05).collect()
    assert (harvest.parts, harvest.neighbours) == (PARTS, ())
    assert harvest.facts["inventory_failure"]


async def test_a_poll_without_time_for_it_is_whole_and_says_so(bench: Bench, our_clock: OurClock) -> None:
    """The tables used all of the poll's time but what the last look at its uptime needs."""

    def slow(_agent: Agent, request: Request) -> None:
        our_clock.moved += 4.6 * is_walk(request, "1.3.6.1.2.1.31.1.1")

    async with snmp_agent(Agent(table(), slow)) as agent:
        harvest = await bench.of(agent, timeout_seconds=1.0, budget_seconds=5.0).collect()
    assert len(values_of(harvest, "ifHCInOctets", "ifName")) == 2
    assert harvest.partial == ()


async def test_what_was_read_last_is_kept_through_a_failure(bench: Bench) -> None:
    bench.wire = wire = Clocked()
    async with snmp_agent(Agent(table())) as agent:
        collector = bench.of(agent, timeout_seconds=0.1)
        first = await collector.collect()
        agent.misbehave = silent
        wire.moment += 1.3 * HOUR
        later = await collector.collect()
    assert later.parts is first.parts
    assert later.neighbours is first.neighbours
    assert later.layout is first.layout
    assert later.facts["inventory_failure"]
    assert later.facts["serial"] == "S-77"


async def test_one_bad_table_costs_only_itself(bench: Bench) -> None:
    def misbehave(agent: Agent, request: Request) -> Sequence[bytes] | None:
        return [agent.error(request, 5)] if is_under(dotted(request.oids[0]), "1.0.8802.1.1.2") else None

    async with snmp_agent(Agent(table(), misbehave)) as agent:
        harvest = await bench.of(agent).collect()
    assert (harvest.parts, harvest.neighbours) == (PARTS, ())
    assert harvest.facts["inventory_failure"]


@pytest.mark.integration
@pytest.mark.parametrize("engine", ["gufo", "pysnmp"])
async def test_a_secure_device_without_either(bench: Bench, tmp_path: Path, engine: str) -> None:
    """Debian's snmpd over SNMPv3."""
    params = SnmpParams.model_validate({"engine": engine})
    async with snmpd(tmp_path) as agent:
        harvest = await bench.collector(agent.port, by_user(), timeout_seconds=2.0, params=params).collect()
    assert "inventory_failure" not in harvest.facts
    assert (harvest.parts, harvest.neighbours, harvest.partial) == ((), (), ())
    assert len(values_of(harvest, "ringwacht_device_uptime_seconds")) == 1


# --- recordings of real devices --------------------------------------------------------------------------------------


async def test_a_real_nexus(bench: Bench) -> None:
    path = SNMPSIM_DATA / "network" / "switch" / "cisco-n5000.snmprec.bz2"
    harvest, _ = await replay(bench, path, timeout_seconds=2.0, budget_seconds=60.0)
    assert set(values_of(harvest, "ringwacht_device_info", *INFO)) == {
        ("Cisco", "N5K-C5548UP", "SSI183706KP", "6.0(2)N2(3)")
    }
    assert len(harvest.neighbours) == 9
    assert Neighbour("Ethernet1/21", "NWPU-CA-5548-02", "Eth1/21", "8C:60:4F:19:1B:DC", ("bridge",)) in (
        harvest.neighbours
    )
    names = {labels[0] for labels in values_of(harvest, "ifOperStatus", "ifName")}
    assert {one.local_port for one in harvest.neighbours} <= names
    assert Part("powerSupply", "PowerSupply-1", "N55-PAC-750W", "ART18381116") in harvest.parts
    assert not {part.kind for part in harvest.parts} - {"chassis", "module", "powerSupply", "fan", "stack"}


async def test_a_real_procurve(bench: Bench) -> None:
    path = SNMPSIM_DATA / "network" / "switch" / "hpe-procurve-516733-b21.snmprec.bz2"
    harvest, _ = await replay(bench, path, timeout_seconds=2.0, budget_seconds=60.0)
    assert harvest.neighbours[0] == Neighbour("17", "NWPU-CA-5548-01", "Eth1/19", "8C:60:4F:19:16:3A", ("bridge",))
    assert harvest.parts[0] == Part("chassis", "Chassis", "516733-B21", "3C421900TX", "Z.14.31")
    assert harvest.facts["firmware"] == "Z.14.31"
