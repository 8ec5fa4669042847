"""Radios of Cambium: what each says in neutral families, and what it must not; the recordings hold the traps."""

from __future__ import annotations

import pytest

from tests.collectors.snmp.lab import Bench
from tests.collectors.snmp.replay import agent_of, neutral, played, said
from tests.harness.snmp_agent import encode, snmp_agent

PTP650, PTP670 = "1.3.6.1.4.1.17713.7", "1.3.6.1.4.1.17713.11"


async def test_cambium_ptp650(bench: Bench) -> None:
    harvest, profile = await played(bench, "cambium_ptp650")
    assert profile == "cambium-ptp650"
    assert neutral(harvest) == {
        "radio_link_up 1": 1,
        "radio_received_level_dbm 1": -57.1,
        "radio_transmit_level_dbm 1": 18.5,
        "radio_transmit_muted 1": 0,
        "radio_mse_db 1": -28.4,
        "radio_capacity_bits_per_second 1 tx": 88_160_000,
        "radio_capacity_bits_per_second 1 rx": 92_480_000,
        "radio_modulation_order 1 rx": 64,
        "radio_frequency_hertz 1 tx": 5_812_000_000,
        "radio_frequency_hertz 1 rx": 5_742_500_000,
        "radio_distance_meters 1": 12_400,
    }
    facts = {name: harvest.facts[name] for name in ("vendor", "model", "serial", "firmware", "hardware")}
    assert facts == {
        "vendor": "Cambium",
        "model": "PTP 650 synthetic",
        "serial": "50650SYN0001",
        "firmware": "50650-01-50",
        "hardware": "D00-R01-C",
    }


async def test_cambium_ptp670(bench: Bench) -> None:
    harvest, profile = await played(bench, "cambium_ptp670")
    assert profile == "cambium-ptp670"
    assert neutral(harvest) == {
        "radio_link_up 1": 1,
        "radio_link_up 2": 0,
        "radio_received_level_dbm 1": -53.2,
        "radio_received_level_dbm 2": -61.1,
        "radio_transmit_level_dbm 1": 22.5,
        "radio_transmit_level_dbm 2": 19,
        "radio_transmit_muted 1": 0,
        "radio_mse_db 1": -30.1,
        "radio_mse_db 2": -19.8,
        "radio_capacity_bits_per_second 1 tx": 148_440_000,
        "radio_capacity_bits_per_second 2 tx": 19_800_000,
        "radio_capacity_bits_per_second 1 rx": 150_120_000,
        "radio_capacity_bits_per_second 2 rx": 21_000_000,
        "radio_modulation_order 1 tx": 256,
        "radio_modulation_order 2 tx": 16,
        "radio_modulation_order 1 rx": 256,
        "radio_frequency_hertz 1 tx": 5_500_000_000,
        "radio_frequency_hertz 1 rx": 5_480_000_000,
        "radio_distance_meters 1": 8_700,
        "radio_distance_meters 2": 1_500,
        "radio_temperature_celsius 1": 41,
        "radio_errored_seconds_total 1": 12,
        "radio_errored_seconds_total 2": 40,
        "radio_severely_errored_seconds_total 1": 3,
        "radio_severely_errored_seconds_total 2": 11,
        "radio_unavailable_seconds_total 1": 0,
        "radio_unavailable_seconds_total 2": 86_400,
    }
    assert (harvest.facts["serial"], harvest.facts["firmware"]) == ("M670SYN00001", "50670-03-10")


async def test_a_ptp670_without_instanced_tables_speaks_of_its_one_link(bench: Bench) -> None:
    agent = agent_of("cambium_ptp670")
    tables = (f"{PTP670}.12.19.", f"{PTP670}.20.10.")
    agent.table = {oid: value for oid, value in agent.table.items() if not oid.startswith(tables)}
    async with snmp_agent(agent):
        found = await said(bench.of(agent, profile="cambium-ptp670"))
    assert {name for name in found if not name.endswith((" 1", " 1 tx", " 1 rx"))} == set()
    assert (found["radio_link_up 1"], found["radio_received_level_dbm 1"]) == (1, -53.2)
    assert "radio_errored_seconds_total 1" not in found


async def test_a_ptp670_master_whose_first_link_went_says_nothing_of_it(bench: Bench) -> None:
    """What the unit says of "its one link" is not that of the second one."""
    agent = agent_of("cambium_ptp670")
    tables = (f"{PTP670}.12.19.", f"{PTP670}.20.10.")
    gone = [oid for oid in agent.table if oid.startswith(tables) and oid.endswith(".1")]
    agent.table = {oid: value for oid, value in agent.table.items() if oid not in gone}
    async with snmp_agent(agent):
        found = await said(bench.of(agent, profile="cambium-ptp670"))
    assert found["radio_link_up 2"] == 0
    assert not {"radio_link_up 1", "radio_received_level_dbm 1", "radio_capacity_bits_per_second 1 tx"} & found.keys()


@pytest.mark.parametrize("base", [PTP650, PTP670])
@pytest.mark.parametrize(("status", "up"), [(0, 1), (1, 0), (2, 0), (3, 0), (4, 0), (5, 0), (6, None)])
async def test_a_cambium_link_is_up_at_0(bench: Bench, base: str, status: int, up: float | None) -> None:
    name = "cambium_ptp650" if base == PTP650 else "cambium_ptp670"
    async with snmp_agent(agent_of(name)) as agent:
        agent.table |= dict.fromkeys((f"{base}.20.5.0", f"{base}.20.10.1.6.1"), encode(status))
        found = await said(bench.of(agent, profile=name.replace("_", "-")))
    assert found.get("radio_link_up 1") == up
