"""Issue 4, result 3: hardware parts, LLDP neighbours, facts and ``ringwacht_device_info``."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from agent.contract import Neighbour, Part
from agent.demo import ber
from agent.demo.ber import Request
from collectors.snmp import entity, lldp
from collectors.snmp.asset import completed
from collectors.snmp.inventory import HOUR, RETRY_SECONDS
from collectors.snmp.lldp import Columns, neighbours
from collectors.snmp.oid import is_under
from collectors.snmp.params import SnmpParams
from tests.collectors.snmp.lab import Bench, by_community, by_user, values_of
from tests.collectors.snmp.replay import SNMPSIM_DATA, replay
from tests.harness.fakes import FakeWire
from tests.harness.snmp_agent import Agent, dotted, encode, interfaces, snmp_agent
from tests.harness.snmpd import snmpd

INFO = ("vendor", "model", "serial", "firmware")
BRIDGE, ROUTER_BRIDGE, PHONE_BRIDGE, STATION, SILENT = b"\x20\x00", b"\x28\x00", b"\x24\x00", b"\x01\x00", b"\x00\x00"
MAC = bytes.fromhex("001b21aabbcc")


class Clocked(FakeWire):
    """A wire whose time can be set."""

    moment = 1_800_000_000.0

    def now(self) -> float:
        return self.moment


def remote(row: str, capabilities: bytes, **cells: bytes | int) -> dict[str, dict[str, Any]]:
    """One row of lldpRemTable: a bridge ``far`` at its port 24, unless said otherwise."""
    values = {"subtype": 4, "chassis": MAC, "port_subtype": 5, "port": b"24", "descr": b"", "name": b"far", **cells}
    columns = (
        lldp.CHASSIS_SUBTYPE,
        lldp.CHASSIS_ID,
        lldp.PORT_SUBTYPE,
        lldp.PORT_ID,
        lldp.PORT_DESCR,
        lldp.SYSTEM_NAME,
    )
    return {lldp.CAPABILITIES: {row: capabilities}} | {
        column: {row: value} for column, value in zip(columns, values.values(), strict=True)
    }


def local(number: str, subtype: int, name: bytes, description: bytes = b"") -> dict[str, dict[str, Any]]:
    return {
        lldp.LOCAL_SUBTYPE: {number: subtype},
        lldp.LOCAL_ID: {number: name},
        lldp.LOCAL_DESCR: {number: description},
    }


def together(*some: Columns) -> dict[str, dict[str, Any]]:
    merged: dict[str, dict[str, Any]] = {}
    for one in some:
        for column, cells in one.items():
            merged[column] = merged.get(column, {}) | dict(cells)
    return merged


PORTS: Columns = {
    lldp.IF_DESCR: {"10": b"GigabitEthernet0/1", "11": b"GigabitEthernet0/2"},
    lldp.IF_NAME: {"10": b"Gi0/1", "11": b"Gi0/2"},
    lldp.IF_ALIAS: {"11": b"to the mast"},
}


def test_a_neighbour_by_its_subtypes() -> None:
    found = neighbours(together(remote("123.1.7", ROUTER_BRIDGE), local("1", 5, b"Gi0/1"), PORTS))
    assert found == (Neighbour("Gi0/1", "far", "24", "00:1B:21:AA:BB:CC", ("bridge", "router")),)


@pytest.mark.parametrize(
    ("subtype", "name", "description", "port"),
    [
        (5, b"Gi0/2", b"", "Gi0/2"),  # interfaceName
        (5, b"GigabitEthernet0/2", b"", "Gi0/2"),
        (7, b"2", b"GigabitEthernet0/2", "Gi0/2"),  # local, but described
        (7, b"11", b"", "Gi0/2"),  # local: the ifIndex
        (7, b"2", b"to the mast", "Gi0/2"),  # described by its ifAlias
        (3, MAC, b"Gi0/2", "Gi0/2"),  # macAddress
        (3, MAC, b"", "00:1B:21:AA:BB:CC"),
        (7, b"2", b"Port 2", "Port 2"),  # nobody knows it by that
    ],
)
def test_the_local_port_is_the_interfaces_name(subtype: int, name: bytes, description: bytes, port: str) -> None:
    columns = together(remote("0.2.1", BRIDGE), local("2", subtype, name, description), PORTS)
    assert [one.local_port for one in neighbours(columns)] == [port]


def test_a_local_port_that_lldp_does_not_describe_is_the_interface_of_its_number() -> None:
    assert [one.local_port for one in neighbours(together(remote("0.10.1", BRIDGE), PORTS))] == ["Gi0/1"]
    assert [one.local_port for one in neighbours(together(remote("0.99.1", BRIDGE), PORTS))] == ["99"]


@pytest.mark.parametrize("capabilities", [PHONE_BRIDGE, STATION, SILENT, b"\x21", b"\x04", b"\x80", b"", 32, None])
def test_telephones_stations_and_who_does_not_say_are_dropped(capabilities: Any) -> None:
    columns = together(remote("0.1.1", BRIDGE), remote("0.2.1", BRIDGE) | {lldp.CAPABILITIES: {"0.2.1": capabilities}})
    assert [one.local_port for one in neighbours(columns)] == ["1"]


@pytest.mark.parametrize(
    ("capabilities", "names"),
    [
        (b"\x40", ("repeater",)),
        (b"\x10", ("wlanAccessPoint",)),
        (b"\x08\x00", ("router",)),
        (b"\x02", ("docsisCableDevice",)),
        (b"\x30", ("bridge", "wlanAccessPoint")),
    ],
)
def test_capabilities_are_bits_from_the_left(capabilities: bytes, names: tuple[str, ...]) -> None:
    assert [one.capabilities for one in neighbours(remote("0.1.1", capabilities))] == [names]


@pytest.mark.parametrize(
    ("cells", "chassis"),
    [
        ({"subtype": 5, "chassis": b"\x01\xc0\x00\x02\x07"}, "192.0.2.7"),  # networkAddress, IPv4
        ({"subtype": 5, "chassis": b"\x02" + bytes.fromhex("20010db8" + "0" * 23 + "1")}, "2001:db8::1"),
        ({"subtype": 5, "chassis": b"\x01\xc0\x00\x02"}, "0x01C00002"),  # an octet short
        ({"subtype": 4, "chassis": b"\x00\x1b\x21"}, "0x001B21"),
        ({"subtype": 7, "chassis": b"rack 3\0"}, "rack 3"),
        ({"subtype": 7, "chassis": b"\xca\xbd\xff"}, "0xCABDFF"),
        ({"subtype": 7, "chassis": b"a\x1b[2J"}, "0x611B5B324A"),
        ({"subtype": 4, "chassis": b""}, ""),
    ],
)
def test_the_chassis_id_by_its_subtype(cells: dict[str, Any], chassis: str) -> None:
    assert [one.remote_chassis for one in neighbours(remote("0.1.1", BRIDGE, **cells))] == [chassis]


def test_a_neighbour_without_name_or_port_id_is_known_by_what_there_is() -> None:
    (found,) = neighbours(remote("0.1.1", BRIDGE, name=b"", port=b"", descr=b"uplink"))
    assert (found.remote_system, found.remote_port) == ("00:1B:21:AA:BB:CC", "uplink")
    (found,) = neighbours(remote("0.1.1", BRIDGE, port_subtype=3, port=MAC))
    assert found.remote_port == "00:1B:21:AA:BB:CC"


def test_the_time_mark_is_dropped_and_the_newest_row_counts() -> None:
    columns = together(remote("900.1.1", BRIDGE, name=b"new"), remote("50.1.1", BRIDGE, name=b"old"))
    assert [one.remote_system for one in neighbours(columns)] == ["new"]
    columns = together(remote("50.1.1", BRIDGE, name=b"old"), remote("900.1.1", BRIDGE, name=b"new"))
    assert [one.remote_system for one in neighbours(columns)] == ["new"]


def test_rows_of_another_shape_are_no_neighbours() -> None:
    assert neighbours(together(remote("1.1", BRIDGE), remote("1.1.1.1", BRIDGE), remote("", BRIDGE))) == ()
    assert neighbours({}) == ()


def cells(column: str, *values: Any) -> dict[str, dict[str, Any]]:
    return {column: {str(index): value for index, value in enumerate(values, start=1)}}


def test_parts_are_chassis_modules_power_supplies_fans_and_stacks() -> None:
    columns = together(
        cells(entity.CLASS, 3, 5, 6, 7, 8, 9, 10, 11, 1, "x"),
        cells(entity.NAME, *[f"part {index}".encode() for index in range(1, 11)]),
        cells(entity.MODEL, b"SW-48\0"),
        cells(entity.SERIAL, b"  S1 "),
        cells(entity.SOFTWARE, b"7.1"),
        cells(entity.FIRMWARE, b"boot 2", b"", b"psu 3"),
    )
    assert entity.hardware(columns) == (
        Part("chassis", "part 1", "SW-48", "S1", "7.1"),
        Part("powerSupply", "part 3", firmware="psu 3"),
        Part("fan", "part 4"),
        Part("module", "part 6"),
        Part("stack", "part 8"),
    )


def test_a_part_without_name_has_its_description_and_an_empty_one_is_none() -> None:
    columns = together(cells(entity.CLASS, 3, 9), cells(entity.DESCR, b"Chassis \xff\x1b[2J", b""))
    assert entity.hardware(columns) == (Part("chassis", "Chassis \ufffd\ufffd[2J"),)


def test_parts_have_a_cap() -> None:
    many = entity.MAX_PARTS + 5
    columns = together(cells(entity.CLASS, *[9] * many), cells(entity.NAME, *[b"module"] * many))
    assert len(entity.hardware(columns)) == entity.MAX_PARTS


def test_the_first_chassis_that_names_itself_is_the_device() -> None:
    columns = together(
        cells(entity.CLASS, 11, 3, 3, 3),
        cells(entity.MODEL, b"stack", b"", b"SW-48", b"SW-24"),
        cells(entity.MAKER, b"", b"x", b"Maker"),
        cells(entity.HARDWARE, b"", b"", b"B"),
    )
    assert entity.chassis(columns) == {"vendor": "Maker", "model": "SW-48", "hardware": "B"}


@pytest.mark.parametrize(
    ("facts", "chassis", "wanted"),
    [
        ({"vendor": "P", "model": "M"}, {"vendor": "C", "serial": "S"}, {"vendor": "P", "model": "M", "serial": "S"}),
        ({"sys_object_id": "1.3.6.1.4.1.9.1.1"}, {"vendor": "Cisco Systems"}, {"vendor": "Cisco Systems"}),
        ({"sys_object_id": "1.3.6.1.4.1.9.1.1"}, {}, {"vendor": "Cisco"}),
        ({"sys_object_id": "1.3.6.1.4.1.99999.1"}, {}, {}),
        ({"sys_object_id": "1.3.6.1.4.1." + "9" * 5000}, {}, {}),
        ({"sys_object_id": "1.3.6.1.4.1"}, {}, {}),
        ({"sys_descr": "C3560 Software (C3560-I-M), Version 12.2(55)SE3, RELEASE"}, {}, {"firmware": "12.2(55)SE3"}),
        ({"sys_descr": "HP 2620-24 Switch, revision RA.15.06.0009, ROM 1"}, {}, {"firmware": "RA.15.06.0009"}),
        ({"sys_descr": "internet router, kernel JUNOS 12.3R6.6, Build"}, {}, {"firmware": "12.3R6.6"}),
        ({"sys_descr": "Access point, Firmware: v2.10."}, {}, {"firmware": "2.10"}),
        ({"sys_descr": "Linux gate 5.10.0-8-amd64 #1 SMP"}, {}, {}),
        ({"sys_descr": "versions differ"}, {}, {}),
    ],
)
def test_facts_are_filled_up_in_order(facts: dict[str, str], chassis: dict[str, str], wanted: dict[str, str]) -> None:
    filled = completed(facts, chassis)
    assert {name: filled[name] for name in filled.keys() - facts.keys() | wanted.keys()} == wanted
    assert facts.items() <= filled.items()


# --- over the wire ---------------------------------------------------------------------------------------------------


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
