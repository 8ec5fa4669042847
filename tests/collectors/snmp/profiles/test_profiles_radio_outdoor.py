"""Outdoor radios of Ubiquiti and MikroTik: what each says in neutral families, and what it must not.

The recordings are synthetic and hold the traps that the profiles name: sysObjectIDs that say nothing, wrapped numbers,
receivers that are not valid, values without a link, gauges by name and unit.
"""

from __future__ import annotations

import pytest

from tests.collectors.snmp.lab import Bench, series, values_of
from tests.collectors.snmp.replay import agent_of, neutral, played, said
from tests.harness.snmp_agent import encode, snmp_agent

UBIQUITI = "1.3.6.1.4.1.41112.1"
MIKROTIK = "1.3.6.1.4.1.14988.1.1"


async def test_ubiquiti_airfiber(bench: Bench) -> None:
    harvest, profile = await played(bench, "ubiquiti_airfiber")
    assert profile == "generic+ubiquiti-airfiber"
    assert neutral(harvest) == {
        "radio_link_up 1": 1,
        "radio_received_level_dbm 1": -53,
        "radio_remote_received_level_dbm 1": -54,
        "radio_transmit_muted 1": 0,
        "radio_capacity_bits_per_second 1 tx": 2_500_000_000,
        "radio_capacity_bits_per_second 1 rx": 768_000_000,
        "radio_modulation_order 1 tx": 64,
        "radio_modulation_order 1 rx": 256,
        "radio_frequency_hertz 1 tx": 24_100_000_000,
        "radio_frequency_hertz 1 rx": 24_200_000_000,
        "radio_distance_meters 1": 4_210,
        "radio_temperature_celsius 1": 41,
    }
    assert (harvest.facts["vendor"], harvest.facts["firmware"]) == ("Ubiquiti", "v3.2.1-synthetic")
    assert values_of(harvest, "rxPower0") == {(): -128}
    assert values_of(harvest, "txPower") == {(): 33}


async def test_an_airfiber_without_a_valid_receiver_has_no_level(bench: Bench) -> None:
    status = f"{UBIQUITI}.3.2.1"
    async with snmp_agent(agent_of("ubiquiti_airfiber")) as agent:
        collector = bench.of(agent, profile="ubiquiti-airfiber")
        await collector.collect()
        agent.table |= {f"{status}.15.1": encode(2), f"{status}.26.1": encode(0)}
        down = await said(collector)
        agent.table |= {f"{status}.11.1": encode(-49), f"{status}.12.1": encode(1)}
        first = await said(collector)
    assert "radio_received_level_dbm 1" not in down
    assert down["radio_link_up 1"] == 0
    assert first["radio_received_level_dbm 1"] == -49


async def test_ubiquiti_ltu(bench: Bench) -> None:
    harvest, profile = await played(bench, "ubiquiti_ltu")
    assert profile == "generic+ubiquiti-ltu"
    near, far = "02:00:5E:10:00:01", "02:00:5E:10:00:02"
    assert neutral(harvest) == {
        "radio_link_up 1": 1,
        f"radio_link_up {near}": 1,
        f"radio_link_up {far}": 1,
        f"radio_received_level_dbm {near}": -56,
        f"radio_received_level_dbm {far}": -63,
        f"radio_expected_level_dbm {near}": -52,
        f"radio_remote_received_level_dbm {near}": -57,
        f"radio_remote_received_level_dbm {far}": -66,
        f"radio_capacity_bits_per_second {near} tx": 301_000_000,
        f"radio_capacity_bits_per_second {far} tx": 96_000_000,
        f"radio_capacity_bits_per_second {near} rx": 212_000_000,
        f"radio_capacity_bits_per_second {far} rx": 88_000_000,
        "radio_frequency_hertz 1 tx": 5_790_000_000,
        "radio_frequency_hertz 1 rx": 5_790_000_000,
        f"radio_distance_meters {near}": 3_120,
    }
    facts = {name: harvest.facts[name] for name in ("vendor", "model", "firmware")}
    assert facts == {"vendor": "Ubiquiti", "model": "LTU-Synthetic", "firmware": "v2.3.4"}


async def test_an_ltu_that_is_a_station_has_one_port(bench: Bench) -> None:
    """Its state, level, capacity and frequency are those of one hop, whatever the far end's address is."""
    agent = agent_of("ubiquiti_ltu")
    far = ".2.0.94.16.0.2"
    agent.table = {oid: value for oid, value in agent.table.items() if not oid.endswith(far)}
    agent.table[f"{UBIQUITI}.10.1.2.1.0"] = encode(1)
    async with snmp_agent(agent):
        found = await said(bench.of(agent, profile="ubiquiti-ltu"))
    assert {name.split()[1] for name in found} == {"1"}
    assert (found["radio_link_up 1"], found["radio_received_level_dbm 1"]) == (1, -56)


async def test_a_far_end_of_an_ltu_whose_row_outlives_it_is_down(bench: Bench) -> None:
    async with snmp_agent(agent_of("ubiquiti_ltu")) as agent:
        agent.table[f"{UBIQUITI}.10.1.5.5.0"] = encode(0)
        found = await said(bench.of(agent, profile="ubiquiti-ltu"))
    assert [value for name, value in found.items() if "link_up" in name] == [0, 0, 0]


async def test_an_ltu_that_loses_its_far_end(bench: Bench) -> None:
    async with snmp_agent(agent_of("ubiquiti_ltu")) as agent:
        collector = bench.of(agent, profile="ubiquiti-ltu")
        await collector.collect()
        stations = f"{UBIQUITI}.10.1.4.1."
        agent.table = {oid: value for oid, value in agent.table.items() if not oid.startswith(stations)}
        agent.table[f"{UBIQUITI}.10.1.5.5.0"] = encode(0)
        found = await said(collector)
    assert found == {
        "radio_link_up 1": 0,
        "radio_frequency_hertz 1 tx": 5_790_000_000,
        "radio_frequency_hertz 1 rx": 5_790_000_000,
    }


async def test_ubiquiti_af60(bench: Bench) -> None:
    """Also a MAC address whose first octet could be the length of the others."""
    harvest, profile = await played(bench, "ubiquiti_af60")
    assert profile == "generic+ubiquiti-af60"
    main, backup = "06:00:5E:10:00:09", "02:00:5E:10:00:0A"
    assert neutral(harvest) == {
        f"radio_link_up {main}": 1,
        f"radio_link_up {backup}": 1,
        "radio_link_up 1": 1,
        "radio_received_level_dbm 1": -47,
        f"radio_received_level_dbm {main}": -47,
        f"radio_remote_received_level_dbm {main}": -49,
        f"radio_snr_db {main}": 20,
        f"radio_capacity_bits_per_second {main} tx": 1_201_000_000,
        f"radio_capacity_bits_per_second {backup} tx": 310_000_000,
        f"radio_capacity_bits_per_second {main} rx": 1_104_000_000,
        f"radio_capacity_bits_per_second {backup} rx": 290_000_000,
        "radio_frequency_hertz 1 tx": 61_560_000_000,
        "radio_frequency_hertz 1 rx": 61_560_000_000,
        f"radio_distance_meters {main}": 880,
    }
    links = {dict(labels)["af60StaActiveLink"] for name, labels in series(harvest) if name == "af60StaActiveLink"}
    assert links == {"main", "backup"}
    assert (harvest.facts["model"], harvest.facts["firmware"]) == ("AF60-Synthetic", "v9.9.9")


@pytest.mark.parametrize(
    ("word", "up"), [("main", 1), ("backup", 1), ("none", 0), ("", 0), ("mainly", 0), ("Main", 0), ("1", 0)]
)
async def test_a_far_end_of_an_af60_is_up_by_two_words_only(bench: Bench, word: str, up: float) -> None:
    async with snmp_agent(agent_of("ubiquiti_af60")) as agent:
        agent.table[f"{UBIQUITI}.11.1.3.1.2.6.0.94.16.0.9.1"] = encode(word)
        found = await said(bench.of(agent, profile="ubiquiti-af60"))
    assert found["radio_link_up 06:00:5E:10:00:09"] == up


async def test_an_af60_without_a_far_end_is_down_and_not_unknown(bench: Bench) -> None:
    """A far end that is lost has no row any more; port 1 is the radio itself."""
    async with snmp_agent(agent_of("ubiquiti_af60")) as agent:
        collector = bench.of(agent, profile="ubiquiti-af60")
        stations = {oid: value for oid, value in agent.table.items() if oid.startswith(f"{UBIQUITI}.11.1.3.1.")}
        assert (await said(collector))["radio_link_up 1"] == 1
        for oid in stations:
            del agent.table[oid]
        lost = await said(collector)
        agent.table.update(stations)
        back = await said(collector)
    assert {name: value for name, value in lost.items() if "link_up" in name or "level" in name} == {
        "radio_link_up 1": 0
    }
    assert back["radio_link_up 1"] == 1


async def test_mikrotik(bench: Bench) -> None:
    harvest, profile = await played(bench, "mikrotik")
    assert profile == "mikrotik"
    assert neutral(harvest) == {
        "radio_link_up wlan60-1": 1,
        "radio_link_up wlan60-2": 0,
        "radio_link_up wlan60-station-1": 1,
        "radio_received_level_dbm wlan60-1": -53,
        "radio_received_level_dbm wlan60-station-1": -55,
        "radio_capacity_bits_per_second wlan60-1 tx": 2_310_000_000,
        "radio_capacity_bits_per_second wlan60-station-1 tx": 1_925_000_000,
        "radio_frequency_hertz wlan60-1 tx": 58_320_000_000,
        "radio_frequency_hertz wlan60-1 rx": 58_320_000_000,
        "radio_distance_meters wlan60-station-1": 182.5,
        "optical_received_level_dbm sfp-sfpplus1": -6.578,
        "optical_transmit_level_dbm sfp-sfpplus1": -2.14,
        "optical_transmit_level_dbm sfp-sfpplus2": -2.305,
        "poe_fault ether1": 0,
        "poe_fault ether2": 1,
        "hardware_temperature_celsius temperature": 35,
        "hardware_temperature_celsius cpu-temperature": 52,
        "hardware_fan_speed_rpm fan1-speed": 4_230,
        "hardware_fan_speed_rpm fan2-speed": 3_990,
        "hardware_voltage_volts voltage": 24.1,
        "hardware_current_amperes current": 0.7,
        "hardware_power_watts power-consumption": 16.9,
        "hardware_ok psu1-state": 1,
        "hardware_ok psu2-state": 0,
        "mobile_rssi_dbm lte1": -67,
        "mobile_rsrq_db lte1": -9,
        "mobile_rsrp_dbm lte1": -98,
        "mobile_sinr_db lte1": 0,
    }
    facts = {name: harvest.facts[name] for name in ("vendor", "model", "serial", "firmware")}
    assert facts == {
        "vendor": "MikroTik",
        "model": "RBSynthetic-60ad",
        "serial": "SYN000000001",
        "firmware": "7.16.2",
    }


async def test_older_routeros_has_objects_instead_of_gauges(bench: Bench) -> None:
    agent = agent_of("mikrotik")
    gauges = f"{MIKROTIK}.3.100."
    agent.table = {oid: value for oid, value in agent.table.items() if not oid.startswith(gauges)}
    async with snmp_agent(agent):
        found = await said(bench.of(agent, profile="mikrotik"))
    assert {name: value for name, value in found.items() if name.startswith("hardware_")} == {
        "hardware_temperature_celsius temperature": 33,
        "hardware_temperature_celsius cpu-temperature": 54.5,
        "hardware_voltage_volts voltage": 24.3,
        "hardware_power_watts power-consumption": 17.2,
        "hardware_fan_speed_rpm fan1-speed": 4_100,
        "hardware_fan_speed_rpm fan2-speed": 3_990,
        "hardware_ok psu1-state": 1,
        "hardware_ok psu2-state": 0,
    }


async def test_a_w60g_that_loses_its_link_says_so_and_has_no_level(bench: Bench) -> None:
    async with snmp_agent(agent_of("mikrotik")) as agent:
        collector = bench.of(agent, profile="mikrotik")
        await collector.collect()
        agent.table[f"{MIKROTIK}.1.8.1.4.3"] = encode(0)
        down = await said(collector)
        agent.table[f"{MIKROTIK}.1.8.1.4.3"] = encode(1)
        up = await said(collector)
    assert down["radio_link_up wlan60-1"] == 0
    assert "radio_received_level_dbm wlan60-1" not in down
    assert "radio_capacity_bits_per_second wlan60-1 tx" not in down
    assert up["radio_received_level_dbm wlan60-1"] == -53


async def test_an_sfp_that_loses_its_light_has_no_level(bench: Bench) -> None:
    async with snmp_agent(agent_of("mikrotik")) as agent:
        collector = bench.of(agent, profile="mikrotik")
        await collector.collect()
        agent.table[f"{MIKROTIK}.19.1.1.3.1"] = encode(1)
        found = await said(collector)
    assert "optical_received_level_dbm sfp-sfpplus1" not in found
    assert found["optical_transmit_level_dbm sfp-sfpplus1"] == -2.14
