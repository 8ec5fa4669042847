"""UPS, PDU, sensors of devices: recordings of real ones (snmpsim-data), and synthetic ones with the makers' traps."""

from __future__ import annotations

from typing import Any

import pytest

from agent.demo import ber
from tests.collectors.snmp.lab import Bench
from tests.collectors.snmp.profiles.expected import ROOM, values
from tests.collectors.snmp.profiles.power_values import POWER, REAL
from tests.collectors.snmp.replay import SNMPSIM_DATA, SYNTHETIC, neutral, replay
from tests.harness.snmp_agent import Agent, encode, numbers, read_snmprec, snmp_agent

PROFILES = {
    "ups_mib": "generic+ups-mib",
    "apc_ups": "generic+apc-ups",
    "eaton_xups": "generic+eaton-xups",
    "entity_sensor": "generic+entity-sensor",
    "gude_esb7213": "gude",
    "gude_epc8221": "gude",
    "rittal_cmc_iii_pdu": "rittal-cmc-iii",
}
"""Where the profile is not named as the recording: a probe adds it to what else the device is."""

UPS, APC, XUPS = "1.3.6.1.2.1.33.1", "1.3.6.1.4.1.318.1.1.1", "1.3.6.1.4.1.534.1"
PDU, PDU2, GUDE, SENSOR = "1.3.6.1.4.1.318.1.1", "1.3.6.1.4.1.13742.6", "1.3.6.1.4.1.28507.38.1", "1.3.6.1.2.1.99.1.1.1"


@pytest.mark.parametrize("name", POWER)
async def test_all_neutral_values(bench: Bench, name: str) -> None:
    harvest, profile = await replay(bench, SYNTHETIC / f"{name}_synthetic.snmprec", room=ROOM)
    assert profile == PROFILES.get(name, name.replace("_", "-"))
    assert neutral(harvest) == values(POWER[name])


@pytest.mark.parametrize(
    ("path", "profile"),
    [
        ("UPS/eaton-93e-80.snmprec.bz2", "generic+eaton-xups"),
        ("UPS/eaton-9px-partial.snmprec.bz2", "generic+eaton-xups"),
        ("UPS/phoenixtec-power.snmprec.bz2", "generic+ups-mib"),
        ("UPS/ingrasys-power-switch.snmprec.bz2", "generic+ups-mib"),
        ("UPS/eastpower-istars-swv053.snmprec.bz2", "generic+ups-mib"),
    ],
)
async def test_a_real_ups(bench: Bench, path: str, profile: str) -> None:
    harvest, found = await replay(bench, SNMPSIM_DATA / path, room=ROOM)
    assert found == profile
    assert neutral(harvest) == values(REAL[path.split("/")[1].split(".")[0]])


async def test_a_ups_that_breaks_its_mib_is_believed_only_where_it_can_be(bench: Bench) -> None:
    """It gives tenths of volts for volts, -1 for what it does not know, and says that no test ever was."""
    harvest, _ = await replay(bench, SNMPSIM_DATA / "UPS" / "huawei-gse200m.snmprec.bz2", profile="ups-mib")
    found = neutral(harvest)
    unknown = {
        "ups_input_voltage_volts 1",
        "ups_runtime_seconds",
        "ups_charge_ratio",
        "ups_battery_temperature_celsius",
    }
    assert not found.keys() & {*unknown, "ups_self_test_passed"}
    assert (found["ups_load_ratio"], found["ups_output_power_watts"]) == (0.08, 34)


@pytest.mark.parametrize("name", ["apc-7902b", "apc-8641", "apc-8932"])
async def test_a_real_rack_pdu(bench: Bench, name: str) -> None:
    harvest, profile = await replay(bench, SNMPSIM_DATA / "UPS" / f"{name}.snmprec", room=ROOM)
    found = neutral(harvest)
    assert profile == "apc-pdu"
    assert {series: value for series, value in found.items() if "outlet" not in series} == values(REAL[name])
    assert harvest.facts["model"] == name.upper().replace("-", "").replace("APC", "AP")


async def test_a_real_rack_pdu_by_outlet(bench: Bench) -> None:
    harvest, _ = await replay(bench, SNMPSIM_DATA / "UPS" / "apc-8641.snmprec")
    found = {series: value for series, value in neutral(harvest).items() if "outlet" in series}
    assert len(found) == 4 * 24  # switched; current, power, energy
    assert found["pdu_outlet_on 1 CP-CM-SAN-01"] == 1
    assert found["pdu_outlet_on 8 Outlet 8"] == 0
    assert found["pdu_current_amperes outlet 1 CP-CM-SAN-01"] == 0.9
    assert found["pdu_power_watts outlet 1 CP-CM-SAN-01"] == 163
    assert found["pdu_energy_joules_total outlet 1 CP-CM-SAN-01"] == 304.6 * 3.6e6


async def test_a_real_firewalls_fans_and_temperatures(bench: Bench) -> None:
    path = SNMPSIM_DATA / "network" / "firewall" / "paloalto-pa-5000.snmprec.bz2"
    harvest, profile = await replay(bench, path, profile="entity-sensor")
    found = neutral(harvest)
    assert profile == "entity-sensor"
    assert found["hardware_fan_speed_rpm Fan #1 RPM"] == 4618
    assert found["hardware_temperature_celsius Temperature @ Tiger [U173]"] == 26
    assert len(found) == 14


async def test_a_real_switchs_sensors_and_optics(bench: Bench) -> None:
    """Milliwatts become dBm; sensors that are described alike stay two; fans that do not answer are absent."""
    path = SNMPSIM_DATA / "cloud" / "arista-dcs-7150s-52-cl.snmprec.bz2"
    harvest, _ = await replay(bench, path, profile="entity-sensor")
    found = neutral(harvest)
    assert found["optical_received_level_dbm Ethernet5"] == -3.952341153
    assert found["optical_transmit_level_dbm Ethernet5"] == -2.207643683
    assert found["hardware_current_amperes Power Supply Sensor Container Input current sensor 100711102"] == 0.38
    assert found["hardware_current_amperes Power Supply Sensor Container Input current sensor 100721102"] == 0.25
    kinds = {
        kind: sum(series.startswith(kind) for series in found) for kind in ("hardware_temp", "optical_r", "optical_t")
    }
    assert kinds == {"hardware_temp": 17, "optical_r": 9, "optical_t": 9}
    assert not any(series.startswith(("hardware_fan", "hardware_power")) for series in found)


async def changed(bench: Bench, name: str, change: dict[str, Any]) -> tuple[dict[str, float], dict[str, float]]:
    """Values that went, and values that came or changed, when these objects changed; keys of one table are enough."""
    async with snmp_agent(Agent(read_snmprec(SYNTHETIC / f"{name}_synthetic.snmprec"))) as agent:
        collector = bench.of(agent, profile="auto", room=ROOM)
        before = neutral(await collector.collect())
        agent.table |= {oid: value if isinstance(value, bytes) else encode(value) for oid, value in change.items()}
        after = neutral(await collector.collect())
    gone = {series: value for series, value in before.items() if series not in after}
    return gone, {series: value for series, value in after.items() if before.get(series) != value}


async def test_a_card_that_lost_its_ups_has_no_values(bench: Bench) -> None:
    """It goes on giving the last ones: unknown must not look healthy."""
    gone, new = await changed(bench, "apc_ups", {f"{APC}.8.1.0": 2})
    assert gone == values(POWER["apc_ups"])
    assert new == {}


async def test_mains_fails_at_an_apc_ups(bench: Bench) -> None:
    change = {f"{APC}.4.1.1.0": 3, f"{APC}.2.2.3.0": ber.integer(0, ber.TIMETICKS), f"{APC}.2.1.1.0": 3}
    gone, new = await changed(bench, "apc_ups", change)
    assert (gone, new) == ({}, {"ups_on_battery": 1, "ups_runtime_seconds": 0, "ups_battery_low": 1})


async def test_no_estimate_on_mains_is_no_runtime(bench: Bench) -> None:
    gone, new = await changed(bench, "apc_ups", {f"{APC}.2.2.3.0": ber.integer(0, ber.TIMETICKS)})
    assert (gone, new) == ({"ups_runtime_seconds": 2520}, {})


async def test_values_of_high_precision_are_not_needed(bench: Bench) -> None:
    table = read_snmprec(SYNTHETIC / "apc_ups_synthetic.snmprec")
    for oid in [oid for oid in table if oid.startswith((f"{APC}.2.3.", f"{APC}.4.3.", f"{APC}.3.3.", f"{APC}.9."))]:
        del table[oid]
    async with snmp_agent(Agent(table)) as agent:
        found = neutral(await bench.of(agent, profile="auto").collect())
    assert (found["ups_charge_ratio"], found["ups_load_ratio"], found["ups_battery_temperature_celsius"]) == (
        1,
        0.43,
        27,
    )
    assert found["ups_input_voltage_volts 1"] == 229


async def test_an_apc_ups_on_bypass_with_a_failed_test(bench: Bench) -> None:
    gone, new = await changed(bench, "apc_ups", {f"{APC}.4.1.1.0": 10, f"{APC}.7.2.3.0": 2, f"{APC}.2.2.4.0": 1})
    wanted = {"ups_on_bypass": 1, "ups_self_test_passed": 0, "ups_battery_replace": 0, "ups_self_test_running": 0}
    assert (gone, new) == ({}, wanted)


@pytest.mark.parametrize("model", [19, 23, 41, 58])
async def test_every_model_of_gude_is_read_below_its_number(bench: Bench, model: int) -> None:
    """A transfer switch (41) has sensors and lines; its outlets are not switched."""
    table = read_snmprec(SYNTHETIC / "gude_epc8221_synthetic.snmprec")
    moved = {oid.replace(GUDE, f"1.3.6.1.4.1.28507.{model}.1"): value for oid, value in table.items()}
    moved["1.3.6.1.2.1.1.2.0"] = ber.oid(numbers(f"1.3.6.1.4.1.28507.{model}"))
    async with snmp_agent(Agent(moved)) as agent:
        found = neutral(await bench.of(agent, profile="auto", room=ROOM).collect())
    wanted = values(POWER["gude_epc8221"])
    assert found == {name: value for name, value in wanted.items() if model != 41 or "outlet" not in name}


@pytest.mark.parametrize(("raw", "passed"), [(1, 1.0), (2, 0.0), (3, 0.0), (4, None), (5, None), (6, None)])
async def test_the_self_test_of_the_ups_mib(bench: Bench, raw: int, passed: float | None) -> None:
    _, new = await changed(bench, "ups_mib", {f"{UPS}.7.3.0": raw})
    assert new.get("ups_self_test_passed") == passed


async def test_a_test_that_never_was_did_not_pass(bench: Bench) -> None:
    never = ber.oid(numbers(f"{UPS}.7.7.1"))
    gone, new = await changed(bench, "ups_mib", {f"{UPS}.7.3.0": 1, f"{UPS}.7.1.0": never})
    assert (set(gone), new) == ({"ups_self_test_timestamp_seconds"}, {"ups_self_test_running": 0})


async def test_a_ups_without_alarms_wants_no_battery(bench: Bench) -> None:
    table = read_snmprec(SYNTHETIC / "ups_mib_synthetic.snmprec")
    del table[f"{UPS}.6.2.1.2.7"]
    async with snmp_agent(Agent(table)) as agent:
        collector = bench.of(agent, profile="auto")
        assert neutral(await collector.collect())["ups_battery_replace"] == 0
        del agent.table[f"{UPS}.6.2.1.2.1"]
        assert "ups_battery_replace" not in neutral(await collector.collect())  # two alarms are counted, none is shown
        agent.table[f"{UPS}.6.1.0"] = ber.integer(0, ber.GAUGE32)
        assert neutral(await collector.collect())["ups_battery_replace"] == 0


async def test_an_eaton_on_battery_at_its_end(bench: Bench) -> None:
    gone, new = await changed(bench, "eaton_xups", {f"{XUPS}.4.5.0": 5, f"{XUPS}.8.2.0": 4, f"{XUPS}.6.7.0": 0})
    assert gone.keys() == {
        "ups_self_test_passed",
        f"sensor_temperature_celsius {ROOM} EMP",
        f"sensor_humidity_ratio {ROOM} EMP",
    }
    wanted = {"ups_on_battery": 1, "ups_on_bypass": 0, "ups_runtime_seconds": 0, "ups_self_test_running": 1}
    assert new == wanted


async def test_an_eaton_that_does_not_say_its_model_is_one_still(bench: Bench) -> None:
    table = read_snmprec(SYNTHETIC / "eaton_xups_synthetic.snmprec")
    table = {oid: value for oid, value in table.items() if not oid.startswith((f"{XUPS}.1.", f"{UPS}."))}
    async with snmp_agent(Agent(table)) as agent:
        collector = bench.of(agent, profile="auto")
        found = neutral(await collector.collect())
        assert collector.profile == "generic+eaton-xups"
        assert (found["ups_on_bypass"], "ups_battery_low" in found) == (1, False)
        agent.table |= {"1.3.6.1.2.1.1.2.0": ber.oid(numbers(XUPS)), "1.3.6.1.2.1.1.3.0": ber.integer(9, ber.TIMETICKS)}
        assert neutral(await collector.collect()) == found
    assert collector.profile == "eaton-xups"


async def test_an_outlet_is_switched_and_energy_grows(bench: Bench) -> None:
    change = {f"{PDU}.26.9.2.3.1.5.1": 1, f"{PDU}.26.4.3.1.9.1": 10002, f"{PDU}.26.10.2.2.1.6.1": 3}
    gone, new = await changed(bench, "apc_pdu", change)
    assert gone.keys() == {f"sensor_temperature_celsius {ROOM} Fach 1", f"sensor_humidity_ratio {ROOM} Fach 1"}
    assert new == {
        "pdu_outlet_on 1 Last A": 0,
        "pdu_energy_joules_total inlet": 10002 * 360_000,
        f"sensor_ok {ROOM} Fach 1": 0,
    }


async def test_raritan_sensors_come_and_go_and_change_their_digits(bench: Bench) -> None:
    change = {
        f"{PDU2}.5.2.3.1.2.1.1.1": 2,
        f"{PDU2}.5.5.3.1.2.1.3": 2,
        f"{PDU2}.3.6.3.1.17.1.1": ber.integer(2, ber.GAUGE32),
        f"{PDU2}.5.5.3.1.4.1.1": 2155,
        f"{PDU2}.5.5.3.1.3.1.5": 1,
    }
    gone, new = await changed(bench, "raritan_pdu2", change)
    assert gone.keys() == {"pdu_current_amperes inlet 1", f"sensor_leak {ROOM} Doppelboden"}
    assert new == {
        f"sensor_temperature_celsius {ROOM} Rack oben": 21.55,
        f"sensor_door_open {ROOM} Rack-Tuer": 0,
        f"sensor_ok {ROOM} Doppelboden": 0,
    }


async def test_a_meter_that_is_not_valid_has_no_values(bench: Bench) -> None:
    gone, new = await changed(bench, "gude_epc8221", {f"{GUDE}.5.1.2.1.2.1": 0, f"{GUDE}.6.1.1.2.2": -9999})
    assert gone.keys() == {
        "pdu_current_amperes line 1",
        "pdu_voltage_volts line 1",
        "pdu_power_watts line 1",
        f"sensor_temperature_celsius {ROOM} sensor 2",
    }
    assert new == {}


async def test_an_entitys_sensor_fails_and_another_is_rescaled(bench: Bench) -> None:
    change = {f"{SENSOR}.5.11": 3, f"{SENSOR}.3.13": 1, f"{SENSOR}.4.23": 2500}
    gone, new = await changed(bench, "entity_sensor", change)
    assert gone == {"hardware_temperature_celsius CPU": 42.3}
    assert new == {
        "hardware_voltage_volts Power Supply 1 Output voltage 13": 1.198,
        "optical_received_level_dbm Ethernet5": -6.020599913,
    }
