"""Switches and routers: errors of ports, power over Ethernet, optical levels, and who made them."""

from __future__ import annotations

import pytest

from tests.collectors.snmp.lab import Bench, values_of
from tests.collectors.snmp.profiles.recorded import before_and_after, part, replay_part, synthetic
from tests.collectors.snmp.replay import SYNTHETIC, neutral, replay
from tests.harness.snmp_agent import Agent, encode, snmp_agent

IF_NAME = "1.3.6.1.2.1.31.1.1.1.1"
ENTITY_NAME = "1.3.6.1.2.1.47.1.1.1.1.7"
SENSOR = "1.3.6.1.4.1.9.9.91.1.1.1.1"
C3750, MX960 = "network/switch/cisco-c3750", "network/router/juniper-mx960-13-3r9-13"
COMWARE = "network/switch/h3c-comware-7-1-075"
RECEIVED, SENT = "optical_received_level_dbm", "optical_transmit_level_dbm"


async def test_errors_of_ethernet_ports(bench: Bench) -> None:
    harvest, profile = await replay_part(bench, C3750, "1.3.6.1.2.1.10.7.2", IF_NAME)
    assert profile == "cisco+etherlike"
    assert neutral(harvest) == {}
    errors = values_of(harvest, "dot3StatsFCSErrors", "ifIndex", "ifName")
    assert len(errors) == 12
    assert all(name.startswith(("Gi", "Fa")) for _, name in errors)
    duplex = values_of(harvest, "dot3StatsDuplexStatus", "ifName")
    assert len(duplex) == 12
    assert set(duplex.values()) <= {1, 2, 3}


async def test_power_over_ethernet(bench: Bench) -> None:
    harvest, profile = await replay(bench, SYNTHETIC / "poe_synthetic.snmprec")
    assert profile == "generic+poe"
    assert neutral(harvest) == {
        "poe_budget_watts 1": 370,
        "poe_consumption_watts 1": 62,
        "poe_fault 1.1": 0,
        "poe_fault 1.2": 0,
        "poe_fault 1.3": 0,
        "poe_fault 1.4": 1,
        "poe_fault 1.5": 1,
    }  # a test, a state of no MIB, and a slot without a supply say nothing
    _, after = await before_and_after(
        bench, synthetic("poe"), {"1.3.6.1.2.1.105.1.1.1.6.1.1": encode(4), "1.3.6.1.2.1.105.1.3.1.1.4.1": encode(301)}
    )
    assert (after["poe_fault 1.1"], after["poe_consumption_watts 1"]) == (1, 301)


async def test_optical_levels_of_cisco(bench: Bench) -> None:
    harvest, profile = await replay_part(bench, C3750, SENSOR, ENTITY_NAME)
    assert profile == "cisco+cisco-sensor"
    assert neutral(harvest) == {
        f"{RECEIVED} Gi1/0/1": -6.0,
        f"{RECEIVED} Gi1/0/6": -5.0,
        f"{SENT} Gi1/0/1": -6.0,
        f"{SENT} Gi1/0/6": -5.1,
        "hardware_temperature_celsius Gi1/0/1 Module Temperature Sensor": 41.9,
        "hardware_temperature_celsius Gi1/0/6 Module Temperature Sensor": 57.9,
    }
    assert harvest.facts["vendor"] == "Cisco"


async def test_a_cisco_sensor_that_is_unavailable_or_dark_has_no_level(bench: Bench) -> None:
    changes = {f"{SENSOR}.5.1023": encode(2), f"{SENSOR}.4.1029": encode(0)}
    _, after = await before_and_after(bench, part(C3750, SENSOR, ENTITY_NAME), changes)
    assert not any(name.startswith(RECEIVED) for name in after)
    assert after[f"{SENT} Gi1/0/1"] == -6.0


async def test_lanes_of_a_cisco_transceiver(bench: Bench) -> None:
    """NX-OS counts lanes; the only one of a plain transceiver is the port itself. Thousandths have another scale."""
    names = {1022: "Ethernet1/1 Lane 1 Transceiver Transmit Power Sensor"}
    names |= {1023: "Ethernet1/1 Lane 1 Transceiver Receive Power Sensor"}
    names |= {1029: "Ethernet1/2 Lane 2 Transceiver Receive Power Sensor"}
    changes = {f"{ENTITY_NAME}.{at}": encode(text) for at, text in names.items()}
    changes |= {f"{SENSOR}.2.1029": encode(8), f"{SENSOR}.3.1029": encode(0), f"{SENSOR}.4.1029": encode(-2533)}
    _, after = await before_and_after(bench, part(C3750, SENSOR, ENTITY_NAME), changes)
    levels = {name: value for name, value in after.items() if name.startswith("optical")}
    assert levels == {
        f"{SENT} Ethernet1/1": -6.0,
        f"{RECEIVED} Ethernet1/1": -6.0,
        f"{RECEIVED} Ethernet1/2 Lane 2": -2.533,
        f"{SENT} Gi1/0/6": -5.1,
    }


async def test_sensors_of_a_cisco_chassis(bench: Bench) -> None:
    """Voltages and currents of the transceivers themselves are nobody's concern."""
    harvest, _ = await replay_part(bench, "network/appliance/cisco-unknown-01", SENSOR, ENTITY_NAME)
    found = neutral(harvest)
    assert {name: value for name, value in found.items() if not name.startswith(("optical", "hardware_temp"))} == {
        "hardware_voltage_volts power-supply 1 power-input Sensor": 220,
        "hardware_voltage_volts power-supply 2 power-input Sensor": 220,
    }
    assert found[f"{RECEIVED} Te3/6"] == -15.5
    assert len(found) == 22 + 48 + 2


async def test_fans_power_and_current_of_a_cisco_chassis(bench: Bench) -> None:
    sensors = {1020: (10, "Fan 1 Sensor"), 1021: (6, "PSU 1 Power Sensor"), 1026: (5, "PSU 1 Current Sensor")}
    changes = {f"{ENTITY_NAME}.{at}": encode(name) for at, (_, name) in sensors.items()}
    changes |= {f"{SENSOR}.1.{at}": encode(kind) for at, (kind, _) in sensors.items()}
    changes |= {f"{SENSOR}.{column}.1020": encode(value) for column, value in ((2, 9), (3, 0), (4, 4200))}
    _, after = await before_and_after(bench, part(C3750, SENSOR, ENTITY_NAME), changes)
    assert (
        after.items()
        >= {
            "hardware_fan_speed_rpm Fan 1 Sensor": 4200,
            "hardware_power_watts PSU 1 Power Sensor": 0.0195,  # thousandths, one digit
            "hardware_current_amperes PSU 1 Current Sensor": 3.25,
        }.items()
    )


async def test_a_cisco_with_both_tables_has_its_sensors_once(bench: Bench) -> None:
    """The standard's table names them otherwise: that of Cisco counts."""
    standard = {f"1.3.6.1.2.1.99.1.1.1.{column}.7": encode(value) for column, value in enumerate((8, 9, 0, 41, 1), 1)}
    async with snmp_agent(Agent(part(C3750, SENSOR, ENTITY_NAME) | standard)) as agent:
        collector = bench.of(agent, profile="auto")
        temperatures = values_of(await collector.collect(), "ringwacht_hardware_temperature_celsius", "part")
    assert collector.profile == "cisco+cisco-sensor"
    assert {part for (part,) in temperatures} == {f"Gi1/0/{port} Module Temperature Sensor" for port in (1, 6)}


async def test_optical_levels_of_juniper(bench: Bench) -> None:
    harvest, profile = await replay_part(bench, MX960, "1.3.6.1.4.1.2636.3.60", "1.3.6.1.4.1.2636.3.1", IF_NAME)
    assert profile == "juniper"
    assert neutral(harvest) == {
        f"{RECEIVED} xe-1/2/0": -8.09,
        f"{RECEIVED} xe-0/2/0": -2.63,
        f"{RECEIVED} xe-1/3/1": -2.36,
        f"{RECEIVED} xe-0/3/1": -2.58,
        f"{SENT} xe-1/2/0": -2.06,
        f"{SENT} xe-1/2/1": -2.05,
        f"{SENT} xe-0/2/0": -2.72,
        f"{SENT} xe-0/2/1": -2.08,
        f"{SENT} xe-1/3/1": -2.17,
        f"{SENT} xe-0/3/1": -3.34,
    }
    assert (harvest.facts["model"], harvest.facts["serial"]) == (
        "Juniper MX960 Internet Backbone Router",
        "JN12002C1AFA",
    )


async def test_a_juniper_port_that_goes_dark(bench: Bench) -> None:
    root = "1.3.6.1.4.1.2636.3.60"
    _, after = await before_and_after(bench, part(MX960, root, IF_NAME), {f"{root}.1.1.1.1.5.628": encode(0)})
    assert f"{RECEIVED} xe-1/2/0" not in after
    assert after[f"{SENT} xe-1/2/0"] == -2.06


async def test_optical_levels_of_comware(bench: Bench) -> None:
    harvest, profile = await replay_part(bench, COMWARE, "1.3.6.1.4.1.25506.2.70", IF_NAME)
    assert profile == "h3c"
    found = neutral(harvest)
    assert len(found) == 40, "20 transceivers measure; the one that does not says 2147483647"
    assert found[f"{RECEIVED} Ten-GigabitEthernet1/0/0/4"] == -8.81
    assert found[f"{SENT} GigabitEthernet1/2/0/1"] == -5.1
    assert all(-9 < value < -1 for value in found.values())


async def test_optical_levels_of_procurve(bench: Bench) -> None:
    harvest, profile = await replay(bench, SYNTHETIC / "hpe_procurve_synthetic.snmprec")
    assert profile == "hpe-procurve"
    assert neutral(harvest) == {
        f"{SENT} 25": -5.31,
        f"{SENT} 26": -2.47,
        f"{RECEIVED} 25": -7.125,
        f"{RECEIVED} port 28": -3.0,  # a port that IF-MIB does not name
    }  # -99999999 and 0: no light is measured
    _, after = await before_and_after(
        bench, synthetic("hpe_procurve"), {"1.3.6.1.4.1.11.2.14.11.5.1.82.1.1.1.1.15.25": encode(-99999999)}
    )
    assert f"{RECEIVED} 25" not in after


async def test_optical_levels_of_huawei(bench: Bench) -> None:
    """Values above zero are microwatts of older firmware, or milliwatts of a strong laser: nobody can tell."""
    harvest, profile = await replay(bench, SYNTHETIC / "huawei_synthetic.snmprec")
    assert profile == "huawei"
    assert neutral(harvest) == {f"{RECEIVED} GigabitEthernet0/0/25": -7.23, f"{SENT} GigabitEthernet0/0/25": -2.65}


async def test_a_real_huawei_without_transceivers(bench: Bench) -> None:
    harvest, profile = await replay_part(
        bench, "network/router/huawei-s5720", "1.3.6.1.4.1.2011.5.25.31.1.1.3", "1.3.6.1.4.1.2011.5.25.256", ENTITY_NAME
    )
    assert profile == "huawei", "it answers HUAWEI-ERPS-MIB, but has no ring"
    assert neutral(harvest) == {}


async def test_optical_levels_of_brocade(bench: Bench) -> None:
    harvest, profile = await replay(bench, SYNTHETIC / "brocade_ironware_synthetic.snmprec")
    assert profile == "brocade-ironware"
    assert neutral(harvest) == {f"{SENT} 10GigabitEthernet1/3/1": -2.569, f"{RECEIVED} 10GigabitEthernet1/3/1": -14.023}


async def test_parts_of_a_lancom_switch(bench: Bench) -> None:
    harvest, profile = await replay(bench, SYNTHETIC / "lancom_sx_synthetic.snmprec")
    assert profile == "generic+lancom-sx"
    assert neutral(harvest) == {
        "hardware_temperature_celsius MAC": 48,
        "hardware_temperature_celsius MAC unit 2": 71,
        "hardware_ok Fan 1": 1,
        "hardware_ok Fan 2": 0,
        "hardware_fan_speed_rpm Fan 1": 4200,
        "hardware_fan_speed_rpm Fan 2": 0,
        "hardware_ok PSU 1": 1,
        "hardware_ok PSU 2": 0,
    }  # what is not present has no series


@pytest.mark.parametrize(
    ("name", "root", "profile", "facts"),
    [
        ("network/switch/cisco-c3560", IF_NAME, "cisco", {"vendor": "Cisco"}),
        ("network/switch/dlink-des3200", IF_NAME, "dlink", {"vendor": "D-Link"}),
        ("cloud/arista-dcs-7150s-52-cl", IF_NAME, "arista", {"vendor": "Arista"}),
        (
            "network/switch/hpe-procurve-516733-b21",
            "1.3.6.1.4.1.11.2.36.1.1.2",
            "hpe-procurve",
            {"vendor": "Hewlett Packard", "model": "516733-B21", "firmware": "Z.14.31", "serial": "3C421900TX"},
        ),
        (
            "network/switch/brocade-icx6430-24",
            "1.3.6.1.4.1.1991.1.1",
            "brocade-ironware",
            {"vendor": "Brocade", "serial": "BZN3215N09A", "firmware": "08.0.30tT311"},
        ),
    ],
)
async def test_who_made_a_switch(bench: Bench, name: str, root: str, profile: str, facts: dict[str, str]) -> None:
    harvest, found = await replay_part(bench, name, root)
    assert found == profile
    assert harvest.facts.items() >= facts.items()
