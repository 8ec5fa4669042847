"""Microwave radios of Ceragon and SIAE: what each says in neutral families, and what it must not.

The recordings are synthetic and hold the traps that the profiles name: sentinels, links where up is 0, values without a
signal, rows that belong to no radio.
"""

from __future__ import annotations

import pytest

from agent.demo import ber
from tests.collectors.snmp.lab import Bench, values_of
from tests.collectors.snmp.replay import agent_of, neutral, played, said
from tests.harness.snmp_agent import encode, snmp_agent

CERAGON = "1.3.6.1.4.1.2281.10"
SIAE = "1.3.6.1.4.1.3373.1103"


async def test_ceragon(bench: Bench) -> None:
    harvest, profile = await played(bench, "ceragon")
    assert profile == "ceragon"
    assert neutral(harvest) == {
        "radio_received_level_dbm 1": -41,
        "radio_transmit_level_dbm 1": 18,
        "radio_mse_db 1": -38.2,
        "radio_xpi_db 1": 23.5,
        "radio_defected_blocks_total 1": 3,
        "radio_defected_blocks_total 2": 90,
        "radio_link_up 1": 1,
        "radio_link_up 2": 0,
        "radio_capacity_bits_per_second 1 tx": 406_000_000,
        "radio_capacity_bits_per_second 2 tx": 0,
        "radio_capacity_bits_per_second 1 rx": 362_000_000,
        "radio_capacity_bits_per_second 2 rx": 0,
        "radio_modulation_order 1 tx": 1024,
        "radio_modulation_order 2 tx": 4,
        "radio_modulation_order 1 rx": 512,
        "radio_transmit_muted 1": 0,
        "radio_transmit_muted 2": 1,
        "radio_temperature_celsius 1": 52,
        "radio_temperature_celsius 2": 49,
        "radio_expected_level_dbm 1": -40,
        "radio_remote_received_level_dbm 1": -43,
        "radio_frequency_hertz 1 tx": 18_700_000_000,
        "radio_frequency_hertz 2 tx": 18_742_000_000,
        "radio_frequency_hertz 1 rx": 17_690_000_000,
        "radio_errored_seconds_total 1": 0,
        "radio_severely_errored_seconds_total 1": 0,
        "radio_unavailable_seconds_total 1": 0,
        "radio_background_block_errors_total 1": 0,
        "hardware_temperature_celsius IDU": 38,
        "hardware_voltage_volts input": 48,
    }
    facts = {name: harvest.facts[name] for name in ("vendor", "model", "serial", "firmware")}
    assert facts == {"vendor": "Ceragon", "model": "IP-20C", "serial": "S000000001", "firmware": "99.8.7.6.5.4"}
    active = values_of(harvest, "genEquipRadioGroupsProtectionStatusActiveIfIndex", "groupIfIndex")
    assert active == {("4900",): 4302}


async def test_ceragons_mute_counts_only_where_the_transmit_level_agrees(bench: Bench) -> None:
    async with snmp_agent(agent_of("ceragon")) as agent:
        collector = bench.of(agent, profile="ceragon")
        agent.table[f"{CERAGON}.5.1.1.25.4302"] = encode(1)
        sending = await said(collector)
        agent.table[f"{CERAGON}.5.1.1.3.4302"] = encode(-99)
        silent = await said(collector)
    assert "radio_transmit_muted 1" not in sending
    assert sending["radio_transmit_level_dbm 1"] == 18
    assert silent["radio_transmit_muted 1"] == 1
    assert "radio_transmit_level_dbm 1" not in silent


@pytest.mark.parametrize(("raw", "up"), [(1, 1), (0, 0), (2, None), ("", None), (None, 1)])
async def test_a_ceragon_goes_by_its_interface_only_without_a_state_of_its_own(
    bench: Bench, raw: int | str | None, up: float | None
) -> None:
    """The interface is up in all cases; None: the radio table has no such row."""
    agent = agent_of("ceragon")
    state = f"{CERAGON}.7.2.1.9.4302"
    assert agent.table["1.3.6.1.2.1.2.2.1.8.4302"] == encode(1)
    del agent.table[state]
    if raw is not None:
        agent.table[state] = encode(raw)
    async with snmp_agent(agent):
        assert (await said(bench.of(agent, profile="ceragon"))).get("radio_link_up 1") == up


async def test_what_a_far_end_said_last_is_not_its_level(bench: Bench) -> None:
    async with snmp_agent(agent_of("ceragon")) as agent:
        collector = bench.of(agent, profile="ceragon")
        assert (await said(collector))["radio_remote_received_level_dbm 1"] == -43
        agent.table[f"{CERAGON}.7.3.1.1.2.4302"] = encode(0)
        assert "radio_remote_received_level_dbm 1" not in await said(collector)


async def test_siae_sm_os(bench: Bench) -> None:
    harvest, profile = await played(bench, "siae_sm_os")
    assert profile == "siae-sm-os"
    assert neutral(harvest) == {
        "radio_received_level_dbm 1": -37,
        "radio_received_level_dbm 3": -44,
        "radio_transmit_level_dbm 1": 22,
        "radio_transmit_level_dbm 2": 22,
        "radio_transmit_muted 1": 0,
        "radio_transmit_muted 2": 0,
        "radio_transmit_muted 3": 1,
        "radio_snr_db 1": 43.6,
        "radio_mse_db 3": -31.2,
        "radio_xpi_db 1": 33.1,
        "radio_link_up 1": 1,
        "radio_link_up 2": 0,
        "radio_link_up 3": 0,  # its transmitter is muted, and the far end receives nothing
        "radio_frequency_hertz 1 tx": 11_075_000_000,
        "radio_capacity_bits_per_second 1 tx": 650_000_000,
        "radio_capacity_bits_per_second 2 tx": 0,
        "radio_capacity_bits_per_second 3 tx": 90_000_000,
        "radio_capacity_bits_per_second 1 rx": 655_000_000,
        "radio_capacity_bits_per_second 2 rx": 0,
        "radio_capacity_bits_per_second 3 rx": 85_000_000,
        "radio_modulation_order 1 tx": 1024,
        "radio_modulation_order 2 tx": 2,
        "radio_modulation_order 3 tx": 16,
        "radio_modulation_order 1 rx": 2048,
        "radio_modulation_order 3 rx": 4,
        "hardware_temperature_celsius ODU": 47,
    }
    facts = {name: harvest.facts[name] for name in ("vendor", "serial", "hardware", "firmware")}
    assert facts == {
        "vendor": "SIAE",
        "serial": "S000000002",
        "hardware": "GS0001",
        "firmware": "N00001  01.02.03",
    }


async def test_siae_loses_its_signal(bench: Bench) -> None:
    async with snmp_agent(agent_of("siae_sm_os")) as agent:
        collector = bench.of(agent, profile="siae-sm-os")
        before = await said(collector)
        agent.table |= {f"{SIAE}.80.12.1.3.1": encode(-99), f"{SIAE}.80.12.1.13.1": encode(6)}
        after = await said(collector)
    assert (before["radio_received_level_dbm 1"], before["radio_link_up 1"]) == (-37, 1)
    assert "radio_received_level_dbm 1" not in after
    assert after["radio_link_up 1"] == 0


@pytest.mark.parametrize("alarm", [8, 13, 16, 20])
@pytest.mark.parametrize(("raw", "up"), [(1, 1), (2, 0), (6, 0), (7, None)])
async def test_a_siae_link_is_up_only_without_any_of_its_alarms(
    bench: Bench, alarm: int, raw: int, up: float | None
) -> None:
    async with snmp_agent(agent_of("siae_sm_os")) as agent:
        agent.table[f"{SIAE}.80.12.1.{alarm}.1"] = encode(raw)
        assert (await said(bench.of(agent, profile="siae-sm-os"))).get("radio_link_up 1") == up


@pytest.mark.parametrize(("far", "up"), [(1, 1), (6, 0), (None, None)])
async def test_a_siae_that_is_muted_has_a_hop_only_where_the_far_end_receives(
    bench: Bench, far: int | None, up: float | None
) -> None:
    agent = agent_of("siae_sm_os")
    agent.table[f"{SIAE}.80.13.1.1.1"] = encode(1)
    del agent.table[f"{SIAE}.80.12.1.16.1"]
    if far is not None:
        agent.table[f"{SIAE}.80.12.1.16.1"] = encode(far)
    async with snmp_agent(agent):
        assert (await said(bench.of(agent, profile="siae-sm-os"))).get("radio_link_up 1") == up


async def test_an_older_siae_without_the_newer_alarms(bench: Bench) -> None:
    agent = agent_of("siae_sm_os")
    newer = tuple(f"{SIAE}.80.12.1.{alarm}." for alarm in (8, 16, 20))
    agent.table = {oid: value for oid, value in agent.table.items() if not oid.startswith(newer)}
    async with snmp_agent(agent):
        found = await said(bench.of(agent, profile="siae-sm-os"))
    assert {name: value for name, value in found.items() if "link_up" in name} == {
        "radio_link_up 1": 1,
        "radio_link_up 2": 0,
    }  # the muted one: nobody says whether it is received


async def test_siae_without_its_tables_of_links_goes_by_the_polarisation(bench: Bench) -> None:
    agent = agent_of("siae_sm_os")
    tables = (f"{SIAE}.80.6.", f"{SIAE}.80.7.")
    agent.table = {oid: value for oid, value in agent.table.items() if not oid.startswith(tables)}
    async with snmp_agent(agent):
        found = await said(bench.of(agent, profile="siae-sm-os"))
    capacities = {name: value for name, value in found.items() if name.endswith(" tx") and "capacity" in name}
    assert capacities == {
        "radio_capacity_bits_per_second 1 tx": 650_000_000,
        "radio_capacity_bits_per_second 1 (2.1) tx": 90_000_000,  # which transceiver the second link has, nobody says
        "radio_capacity_bits_per_second 2 tx": 0,
    }


async def test_siae_alfoplus80hd_takes_the_place_of_sm_os(bench: Bench) -> None:
    harvest, profile = await played(bench, "siae_alfoplus80hd")
    assert profile == "siae-alfoplus80hd"
    assert neutral(harvest) == {
        "radio_received_level_dbm 1": -34,
        "radio_transmit_level_dbm 1": 11,
        "radio_snr_db 1": 29.1,
        "radio_frequency_hertz 1 tx": 73_125_000_000,
        "radio_capacity_bits_per_second 1 tx": 2_045_000_000,
        "radio_capacity_bits_per_second 1 rx": 1_530_000_000,
    }
    assert (harvest.facts["vendor"], harvest.facts["serial"]) == ("SIAE", "S000000003")


async def test_radios_of_one_maker_are_told_apart_after_a_swap(bench: Bench) -> None:
    """The newer ALFOplus80 in the place of the older one: the same sysObjectID, another table."""
    async with snmp_agent(agent_of("siae_alfoplus80hd")) as agent:
        collector = bench.of(agent, profile="auto")
        await collector.collect()
        assert collector.profile == "siae-alfoplus80hd"
        agent.table = agent_of("siae_sm_os").table | {"1.3.6.1.2.1.1.3.0": ber.integer(100, ber.TIMETICKS)}
        found = await said(collector)
    assert collector.profile == "siae-sm-os"
    assert found["radio_received_level_dbm 1"] == -37
