"""Climate monitors by synthetic recordings with the makers' traps: sentinels, units, lost sensors, texts."""

from __future__ import annotations

from typing import Any

import pytest

from tests.collectors.snmp.lab import Bench
from tests.collectors.snmp.profiles.climate_values import CLIMATE
from tests.collectors.snmp.profiles.expected import ROOM, values
from tests.collectors.snmp.replay import SNMPSIM_DATA, SYNTHETIC, neutral, replay
from tests.harness.snmp_agent import Agent, encode, read_snmprec, snmp_agent

PROFILES = {
    "apc_climate": "generic+apc-climate",
    "apc_uio": "generic+apc-uio",
    "kentix": "generic+kentix",
    "akcp_sensorprobeplus": "generic+akcp",
    "akcp_sensorprobe": "generic+akcp-sensorprobe",
    "hwgroup_poseidon": "hwgroup",
    "hwgroup_ste": "hwgroup",
    "hwgroup_ste2": "hwgroup",
    "hwgroup_wld": "hwgroup",
    "geist_celsius": "geist",
    "geist_fahrenheit": "geist",
}
"""Where the profile is not named as the recording: a probe adds it to what else the device is."""


@pytest.mark.parametrize("name", CLIMATE)
async def test_all_neutral_values(bench: Bench, name: str) -> None:
    harvest, profile = await replay(bench, SYNTHETIC / f"{name}_synthetic.snmprec", room=ROOM)
    assert profile == PROFILES.get(name, name.replace("_", "-"))
    assert neutral(harvest) == values(CLIMATE[name])


async def test_a_real_geist(bench: Bench) -> None:
    """The recording varies its temperatures, which the scripted agent leaves out."""
    harvest, profile = await replay(bench, SNMPSIM_DATA / "iot" / "geist-temperature-sensor.snmprec", room=ROOM)
    assert profile == "geist"
    assert neutral(harvest) == values(
        """
        sensor_dew_point_celsius: Watchdog Rack 01 0.8
        sensor_ok: Watchdog Rack 01 1, Above Rack 02 1, Above Rack 03 1
        """
    )
    assert (harvest.facts["model"], harvest.facts["firmware"]) == ("Geist WD15", "3.4.0")


APC, UIO = "1.3.6.1.4.1.318.1.1.10", "1.3.6.1.4.1.318.1.1.25"
AKCP, OLD_AKCP, HWG = "1.3.6.1.4.1.3854.2.3", "1.3.6.1.4.1.3854.1.2.2.1", "1.3.6.1.4.1.21796"
KENTIX, NETBOTZ, VUTLAN = "1.3.6.1.4.1.37954.1.2", "1.3.6.1.4.1.5528.100.4", "1.3.6.1.4.1.39052.1.3.1"
DIDACTUM, GEIST, RITTAL = "1.3.6.1.4.1.46501.5", "1.3.6.1.4.1.21239.5.1", "1.3.6.1.4.1.2606.7.4"
DOOR = "8.110.98.65.95.68.79.79.82"
"""The index of NetBotz's sensor nbA_DOOR: its length and its letters."""
T, H, OK, LEAK, SMOKE = "temperature_celsius", "humidity_ratio", "ok", "leak", "smoke"


@pytest.mark.parametrize(
    ("name", "change", "gone", "new"),
    [
        ("apc_climate", {f"{APC}.2.3.2.1.3.1": 1}, [f"{T} Schrank 1", f"{H} Schrank 1"], {}),
        ("apc_climate", {f"{APC}.3.12.11.0": 1, f"{APC}.3.13.1.1.3.1": 21}, [], {f"{T} Probe 1": 21}),
        ("apc_climate", {f"{APC}.4.2.1.0": 2, f"{APC}.4.2.3.1.9.0.1": 770}, [], {f"{T} MM:1": 25}),
        ("apc_climate", {f"{APC}.4.7.14.1.5.1": 2, f"{APC}.4.7.2.1.5.1": 3}, [f"{SMOKE} Rauch"], {f"{LEAK} Seil": 1}),
        ("apc_uio", {f"{UIO}.1.2.1.5.1.2": -1}, [f"{T} Aussenschrank"], {}),
        (
            "apc_uio",
            {f"{UIO}.1.2.1.10.1.1": 3, f"{UIO}.2.2.1.6.1.1": 2},
            [f"{T} Rack oben", f"{H} Rack oben"],
            {f"{OK} Rack oben": 0, "contact_alarm Tuer": 1},
        ),
        (
            "kentix",
            {f"{KENTIX}.1.10.0": 1},
            [f"{kind} Raum A" for kind in (T, H, LEAK, "dew_point_celsius", "contact_alarm")],
            {f"{OK} Raum A": 0},
        ),
        ("kentix", {f"{KENTIX}.1.7.0": 1}, [], {f"{LEAK} Raum A": 1}),
        ("akcp_sensorprobeplus", {f"{AKCP}.2.1.6.0": 7}, [f"{T} Rack oben"], {f"{OK} Rack oben": 0}),
        ("akcp_sensorprobeplus", {f"{AKCP}.9.1.6.0": 7}, [f"{LEAK} Boden"], {f"{OK} Boden": 0}),
        (
            "akcp_sensorprobeplus",
            {f"{AKCP}.21.1.6.0": 4, f"{AKCP}.14.1.6.0": 6},
            [],
            {f"{LEAK} Seil": 1, f"{SMOKE} Rauch": 1},
        ),
        (
            "akcp_sensorprobeplus",
            {f"{AKCP}.13.1.6.0": 6, f"{AKCP}.13.1.6.1": 7},
            ["voltage_present Netz Mast"],
            {"voltage_present Netz Schrank": 0, f"{OK} Netz Mast": 0},
        ),
        ("akcp_sensorprobe", {f"{OLD_AKCP}.16.1.5.0": 2}, [f"{T} Port 1", f"{OK} Port 1"], {}),
        (
            "akcp_sensorprobe",
            {f"{OLD_AKCP}.18.1.3.0": 2, f"{OLD_AKCP}.18.1.3.3": 4},
            [],
            {f"{LEAK} Wasser": 0, "motion Bewegung": 1},
        ),
        ("hwgroup_poseidon", {f"{HWG}.3.3.3.1.4.2": 0}, [f"{T} Raum"], {f"{OK} Raum": 0}),
        ("hwgroup_poseidon", {f"{HWG}.3.3.3.1.9.2": 1, f"{HWG}.3.3.3.1.6.2": 680}, [], {f"{T} Raum": 20}),
        (
            "hwgroup_ste2",
            {f"{HWG}.4.9.3.1.3.1": 0, f"{HWG}.4.9.1.1.4.1": 1},
            [f"{T} Raum"],
            {f"{OK} Raum": 0, "contact_alarm Tuer": 1},
        ),
        (
            "hwgroup_wld",
            {f"{HWG}.4.5.4.1.6.1": 1, f"{HWG}.4.5.4.1.6.2": 2},
            [f"{LEAK} Klima"],
            {f"{LEAK} Doppelboden": 1, f"{OK} Klima": 0},
        ),
        ("netbotz", {f"{NETBOTZ}.2.2.1.2.{DOOR}": 1}, [], {"door_open Vorn": 0}),
        ("netbotz", {f"{NETBOTZ}.2.2.1.2.{DOOR}": -1}, ["door_open Vorn"], {}),
        (
            "vutlan",
            {f"{VUTLAN}.9.201001": "31,5 C", f"{VUTLAN}.9.106001": "1"},
            [],
            {f"{T} Onboard": 31.5, f"{SMOKE} Rauch": 1},
        ),
        ("vutlan", {f"{VUTLAN}.8.107001": "not connected"}, [f"{LEAK} Boden"], {}),
        (
            "didactum",
            {f"{DIDACTUM}.1.1.6.101003": "alarm", f"{DIDACTUM}.2.1.7.201001": "-4.5"},
            [],
            {f"{SMOKE} Rauch": 1, f"{T} Onboard Temperature": -4.5},
        ),
        ("didactum", {f"{DIDACTUM}.2.1.6.201001": "not connected"}, [f"{T} Onboard Temperature"], {}),
        ("geist_celsius", {f"{GEIST}.4.1.4.1": 0}, [f"{T} Rack oben"], {f"{OK} Rack oben": 0}),
        ("rittal_cmc_iii_pdu", {f"{RITTAL}.2.2.1.14.3.31": 1}, [f"{T} Sensor Ost Temperature"], {}),
        (
            "rittal_cmc_iii_pdu",
            {f"{RITTAL}.1.2.1.6.2": 2, f"{RITTAL}.1.2.1.6.4": 2},
            [],
            {
                f"{OK} Sensor West": 1,
                f"{OK} Zentrale": 1,
                f"{T} Sensor West Temperature": 20.1,
                "door_open Zentrale Access": 1,
            },
        ),
    ],
)
async def test_a_sensor_changes_or_is_lost(
    bench: Bench, name: str, change: dict[str, Any], gone: list[str], new: dict[str, float]
) -> None:
    """Of the room's sensors these series go, and these come or change; all others stay as they were."""
    async with snmp_agent(Agent(read_snmprec(SYNTHETIC / f"{name}_synthetic.snmprec"))) as agent:
        collector = bench.of(agent, profile="auto", room=ROOM)
        before = neutral(await collector.collect())
        agent.table |= {oid: encode(value) for oid, value in change.items()}
        after = neutral(await collector.collect())
    named = {f"sensor_{key.replace(' ', f' {ROOM} ', 1)}": value for key, value in new.items()}
    lost = {f"sensor_{key.replace(' ', f' {ROOM} ', 1)}" for key in gone}
    assert before.keys() - after.keys() == lost
    assert {series: value for series, value in after.items() if before.get(series) != value} == pytest.approx(named)


async def test_a_sensor_that_two_trees_of_a_card_show_is_one(bench: Bench) -> None:
    """The integrated monitor and the universal port show the same probe, in whole degrees each."""
    table = {**read_snmprec(SYNTHETIC / "apc_climate_synthetic.snmprec")}
    table |= read_snmprec(SYNTHETIC / "apc_uio_synthetic.snmprec")
    table |= {f"{UIO}.1.2.1.3.1.1": encode("Schrank 1"), f"{UIO}.1.2.1.6.1.1": encode(23)}
    async with snmp_agent(Agent(table)) as agent:
        collector = bench.of(agent, profile="auto", room=ROOM)
        found = neutral(await collector.collect())
        assert collector.profile == "generic+apc-climate+apc-uio"
    warm = {name: value for name, value in found.items() if "temperature" in name and "Schrank 1" in name}
    assert warm == {f"sensor_temperature_celsius {ROOM} Schrank 1": 23}
    assert found[f"sensor_ok {ROOM} Schrank 1"] == 1  # that only the universal port tells
    assert found[f"sensor_temperature_celsius {ROOM} Probe 1"] == 22.222222222
