"""Issue 4, result 3: hardware parts, LLDP neighbours and facts from tables; pure."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from agent.contract import Neighbour, Part
from agent.layout import clean_text
from collectors.snmp.identity import entity, lldp
from collectors.snmp.identity.asset import completed
from collectors.snmp.identity.lldp import Columns, neighbours
from tests.collectors.snmp.identity.registry import (
    BRIDGE,
    MAC,
    PHONE_BRIDGE,
    ROUTER_BRIDGE,
    SILENT,
    STATION,
    cells,
    local,
    remote,
    together,
)

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


VALUES = st.none() | st.integers(-1, 12) | st.floats() | st.text(max_size=9) | st.binary(max_size=20)
ROWS = st.sampled_from(["1.1.1", "2.1.1", "1.2.1", "1", "2", "0", "1.1.1.1", "99999999999.1.1"])


@given(st.dictionaries(st.sampled_from(lldp.COLUMNS), st.dictionaries(ROWS, VALUES)))
@example({lldp.CAPABILITIES: {"1.1.1": BRIDGE}, lldp.CHASSIS_SUBTYPE: {"1.1.1": 5}, lldp.CHASSIS_ID: {"1.1.1": b""}})
def test_no_table_of_neighbours_does_harm(columns: dict[str, dict[str, Any]]) -> None:
    for one in neighbours(columns):
        assert one.capabilities
        texts = (one.local_port, one.remote_system, one.remote_port, one.remote_chassis)
        assert all(clean_text(text) == text for text in texts)


@given(st.dictionaries(st.sampled_from(entity.COLUMNS), st.dictionaries(ROWS, VALUES)))
def test_no_table_of_parts_does_harm(columns: dict[str, dict[str, Any]]) -> None:
    for part in entity.hardware(columns):
        assert all(clean_text(text) == text for text in (part.name, part.model, part.serial, part.firmware))
    assert all(text and clean_text(text) == text for text in entity.chassis(columns).values())
