"""Microwave radios of Ceragon, SIAE and Cambium: what each says in neutral families, and what it must not.

The recordings are synthetic and hold the traps that the profiles name: sentinels, links where up is 0, values without a
signal, rows that belong to no radio.
"""

from __future__ import annotations

import pytest

from agent.contract import Harvest
from agent.demo import ber
from collectors.snmp.collector import SnmpCollector
from tests.collectors.snmp.lab import Bench, values_of
from tests.collectors.snmp.replay import SYNTHETIC, neutral, replay
from tests.harness.fakes import FakeWire
from tests.harness.snmp_agent import Agent, encode, read_snmprec, snmp_agent

CERAGON = "1.3.6.1.4.1.2281.10"
SIAE = "1.3.6.1.4.1.3373.1103"
PTP650, PTP670 = "1.3.6.1.4.1.17713.7", "1.3.6.1.4.1.17713.11"
QUARTER = 900


class Clock(FakeWire):
    """A wire whose time can be set."""

    at = 1_800_000_000.0

    def now(self) -> float:
        return self.at


async def played(bench: Bench, name: str) -> tuple[Harvest, str | None]:
    return await replay(bench, SYNTHETIC / f"{name}_synthetic.snmprec")


def agent_of(name: str) -> Agent:
    return Agent(read_snmprec(SYNTHETIC / f"{name}_synthetic.snmprec"))


async def said(collector: SnmpCollector) -> dict[str, float]:
    return neutral(await collector.collect())


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
    assert facts == {"vendor": "Ceragon", "model": "IP-20C", "serial": "S000000001", "firmware": "11.3.0.0.0.101"}
    active = values_of(harvest, "genEquipRadioGroupsProtectionStatusActiveIfIndex", "groupIfIndex")
    assert active == {("268566528",): 268451969}


async def test_ceragons_quarters_add_up_once_each_and_only_where_the_radio_vouches_for_them(bench: Bench) -> None:
    clock = Clock(bench.meters)
    bench.wire = clock
    rows = [f"{CERAGON}.6.3.3.1.1.{column}.2.268451969.1" for column in (3, 4, 5, 6)]
    async with snmp_agent(agent_of("ceragon")) as agent:
        collector = bench.of(agent, profile="ceragon")
        found = [await said(collector)]
        for register in (7, 11):
            clock.at += QUARTER
            agent.table |= dict.fromkeys(rows, encode(register))
            found += [await said(collector), await said(collector)]
        agent.table[f"{CERAGON}.6.3.3.1.1.7.2.268451969.1"] = encode(1)
        clock.at += QUARTER
        doubtful = await said(collector)
        agent.table[f"{CERAGON}.6.3.3.1.1.7.2.268451969.1"] = encode(0)
        clock.at += QUARTER
        agent.table |= dict.fromkeys(rows, encode(2))
        found.append(await said(collector))
    for family in ("errored_seconds", "severely_errored_seconds", "unavailable_seconds", "background_block_errors"):
        assert [one[f"radio_{family}_total 1"] for one in found] == [0, 7, 7, 18, 18, 20]
        assert f"radio_{family}_total 1" not in doubtful


async def test_ceragons_mute_counts_only_where_the_transmit_level_agrees(bench: Bench) -> None:
    async with snmp_agent(agent_of("ceragon")) as agent:
        collector = bench.of(agent, profile="ceragon")
        agent.table[f"{CERAGON}.5.1.1.25.268451969"] = encode(1)
        sending = await said(collector)
        agent.table[f"{CERAGON}.5.1.1.3.268451969"] = encode(-99)
        silent = await said(collector)
    assert "radio_transmit_muted 1" not in sending
    assert sending["radio_transmit_level_dbm 1"] == 18
    assert silent["radio_transmit_muted 1"] == 1
    assert "radio_transmit_level_dbm 1" not in silent


async def test_what_a_far_end_said_last_is_not_its_level(bench: Bench) -> None:
    async with snmp_agent(agent_of("ceragon")) as agent:
        collector = bench.of(agent, profile="ceragon")
        assert (await said(collector))["radio_remote_received_level_dbm 1"] == -43
        agent.table[f"{CERAGON}.7.3.1.1.2.268451969"] = encode(0)
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
        "radio_link_up 3": 1,
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


async def test_siae_without_its_tables_of_links_goes_by_the_polarisation(bench: Bench) -> None:
    agent = agent_of("siae_sm_os")
    tables = (f"{SIAE}.80.6.", f"{SIAE}.80.7.")
    agent.table = {oid: value for oid, value in agent.table.items() if not oid.startswith(tables)}
    async with snmp_agent(agent):
        found = await said(bench.of(agent, profile="siae-sm-os"))
    capacities = {name: value for name, value in found.items() if name.endswith(" tx") and "capacity" in name}
    assert capacities == {
        "radio_capacity_bits_per_second 1 tx": 650_000_000,
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


@pytest.mark.parametrize("base", [PTP650, PTP670])
@pytest.mark.parametrize(("status", "up"), [(0, 1), (1, 0), (2, 0), (3, 0), (4, 0), (5, 0), (6, None)])
async def test_a_cambium_link_is_up_at_0(bench: Bench, base: str, status: int, up: float | None) -> None:
    name = "cambium_ptp650" if base == PTP650 else "cambium_ptp670"
    async with snmp_agent(agent_of(name)) as agent:
        agent.table |= dict.fromkeys((f"{base}.20.5.0", f"{base}.20.10.1.6.1"), encode(status))
        found = await said(bench.of(agent, profile=name.replace("_", "-")))
    assert found.get("radio_link_up 1") == up


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
