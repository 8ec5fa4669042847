"""Profiles against recordings. snmpsim-data's are of real devices; those in ``fixtures`` are synthetic, from MIBs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from agent.contract import CollectorSpec, ParamError, Subject, Target
from agent.demo import ber
from collectors.snmp.mapping.library import load_library
from collectors.snmp.params import SnmpParams
from collectors.snmp.spec import make_spec
from tests.collectors.snmp.lab import SPEC, Bench, Login, by_community, by_user, series, values_of
from tests.collectors.snmp.replay import SNMPSIM_DATA, SYNTHETIC, neutral, replay
from tests.harness.fakes import FakeWire
from tests.harness.snmp_agent import SYSTEM, Agent, encode, interfaces, read_snmprec, snmp_agent

RECORDED = SNMPSIM_DATA / "UPS"


async def test_ups_by_its_own_mib(bench: Bench) -> None:
    harvest, profile = await replay(bench, RECORDED / "eaton-93e-80.snmprec.bz2", profile="ups-mib")
    assert profile == "ups-mib"
    assert neutral(harvest) == {
        "ups_on_battery": 0,
        "ups_runtime_seconds": 1092 * 60,
        "ups_charge_ratio": 1,
        "ups_load_ratio": 0.21,
        "ups_battery_temperature_celsius": 25,
        "ups_battery_low": 0,
        "ups_battery_replace": 0,
        "ups_on_bypass": 0,
        "ups_self_test_passed": 1,
        "ups_self_test_running": 0,
        "ups_runtime_low_seconds": 180,
        "ups_input_voltage_volts 1": 227,
        "ups_input_voltage_volts 2": 227,
        "ups_input_voltage_volts 3": 233,
        "ups_output_power_watts": 11_400,
    }
    assert values_of(harvest, "upsEstimatedMinutesRemaining") == {(): 1092}
    assert values_of(harvest, "upsOutputPercentLoad", "upsOutputLineIndex") == {("1",): 21, ("2",): 16, ("3",): 12}
    assert harvest.facts["model"] == "EATON 93E 80"
    assert harvest.facts["location"] == "Computer Room"


async def test_a_ups_without_an_estimate_has_no_runtime(bench: Bench) -> None:
    """It says 0 minutes on mains with a full battery: an alarm for nothing, were it believed."""
    harvest, _ = await replay(bench, RECORDED / "phoenixtec-power.snmprec.bz2")
    assert "ups_runtime_seconds" not in neutral(harvest)
    assert values_of(harvest, "upsEstimatedMinutesRemaining") == {(): 0}


async def test_zero_minutes_on_battery_are_zero_minutes(bench: Bench) -> None:
    table = read_snmprec(RECORDED / "phoenixtec-power.snmprec.bz2")
    table["1.3.6.1.2.1.33.1.4.1.0"] = encode(5)
    async with snmp_agent(Agent(table)) as agent:
        collector = bench.of(agent, profile="ups-mib")
        found = neutral(await collector.collect())
        assert (found["ups_on_battery"], found["ups_runtime_seconds"]) == (1, 0)
        agent.table["1.3.6.1.2.1.33.1.4.1.0"] = encode(3)
        found = neutral(await collector.collect())
    assert found["ups_on_battery"] == 0
    assert "ups_runtime_seconds" not in found


async def test_ceragon(bench: Bench) -> None:
    harvest, profile = await replay(bench, SYNTHETIC / "ceragon_ip20c_synthetic.snmprec")
    assert profile == "ceragon"
    assert neutral(harvest) == {
        "radio_received_level_dbm 1": -38,
        "radio_transmit_level_dbm 1": 20,
        "radio_transmit_level_dbm 2": 20,
        "radio_mse_db 1": -35.67,
        "radio_defected_blocks_total 1": 12,
        "radio_defected_blocks_total 2": 0,
        "radio_link_up 1": 1,
        "radio_link_up 2": 0,
        "radio_capacity_bits_per_second 1 tx": 406_000_000,
        "radio_capacity_bits_per_second 2 tx": 0,
        "radio_capacity_bits_per_second 1 rx": 406_000_000,
        "radio_capacity_bits_per_second 2 rx": 0,
        "radio_modulation_order 1 tx": 1024,
        "radio_modulation_order 2 tx": 4,
        "radio_modulation_order 1 rx": 1024,
        "radio_modulation_order 2 rx": 4,
    }


async def test_a_radio_that_loses_its_signal_loses_the_series(bench: Bench) -> None:
    async with snmp_agent(Agent(read_snmprec(SYNTHETIC / "ceragon_ip20c_synthetic.snmprec"))) as agent:
        collector = bench.of(agent, profile="ceragon")
        await collector.collect()
        agent.table["1.3.6.1.4.1.2281.10.5.1.1.2.4302"] = encode(-99)
        gone = neutral(await collector.collect())
        agent.table["1.3.6.1.4.1.2281.10.5.1.1.2.4302"] = encode(-41)
        back = neutral(await collector.collect())
    assert "radio_received_level_dbm 1" not in gone
    assert back["radio_received_level_dbm 1"] == -41


async def test_rittal(bench: Bench) -> None:
    harvest, profile = await replay(bench, SYNTHETIC / "rittal_cmciii_synthetic.snmprec", room="serverraum")
    assert profile == "rittal-cmc-iii"
    assert neutral(harvest) == {
        "sensor_temperature_celsius serverraum CMCIII-PU Temperature": 23.15,
        "sensor_temperature_celsius serverraum CMCIII-HUM Temperature": -4.5,
        "sensor_humidity_ratio serverraum CMCIII-HUM Humidity": 0.48,
        "sensor_leak serverraum CMCIII-LEAK Leakage": 1,
        "sensor_smoke serverraum CMCIII-SMK Smoke": 0,
        "sensor_door_open serverraum CMCIII-PU Access": 0,
        "sensor_ok serverraum CMCIII-PU": 1,
        "sensor_ok serverraum CMCIII-HUM": 1,
        "sensor_ok serverraum CMCIII-LEAK": 1,
        "sensor_ok serverraum CMCIII-SMK": 1,
    }
    assert harvest.facts["model"] == "CMC III PU"
    assert values_of(harvest, "cmcIIIDevStatus", "cmcIIIDevName")[("CMCIII-PU",)] == 2


async def test_a_swapped_device_is_recognised_anew(bench: Bench) -> None:
    async with snmp_agent(Agent(interfaces(2))) as agent:
        collector = bench.of(agent, profile="auto")
        await collector.collect()
        assert collector.profile == "generic"
        agent.table |= read_snmprec(SYNTHETIC / "rittal_cmciii_synthetic.snmprec")
        agent.table["1.3.6.1.2.1.1.3.0"] = ber.integer(100, ber.TIMETICKS)
        harvest = await collector.collect()
    assert collector.profile == "rittal-cmc-iii"
    assert neutral(harvest)


async def test_profile_none_reads_only_its_modules(bench: Bench) -> None:
    async with snmp_agent(Agent(interfaces(2))) as agent:
        collector = bench.of(agent, profile="none", modules=("system",))
        harvest = await collector.collect()
    assert series(harvest) == {("sysUpTime", ()): 123456}
    assert {oid for request in agent.requests for oid in request.oids} == {(1, 3, 6, 1, 2, 1, 1, 3, 0)}
    assert set(harvest.facts) == {"snmp_engine", "snmp_profile"}


LATE = "1.3.6.1.4.1.99999.7"


@pytest.fixture
def late(tmp_path: Path) -> CollectorSpec:
    """A kind with a module that walks nothing."""
    file = tmp_path / "snmp.yml"
    metric = f"{{name: late, oid: {LATE}, type: gauge, help: Late.}}"
    file.write_text(f"late:\n  get: [{LATE}.0]\n  metrics: [{metric}]\n")
    return make_spec([file])


async def test_a_restart_is_noticed_though_nothing_is_walked(bench: Bench, late: CollectorSpec) -> None:
    """What a device lacked before it restarted is asked for again."""
    async with snmp_agent(Agent(dict(SYSTEM))) as agent:
        collector = bench.of(agent, spec=late, profile="none", modules=("late",))
        assert series(await collector.collect()) == {}
        agent.table[f"{LATE}.0"] = encode(7)
        assert series(await collector.collect()) == {}
        agent.table["1.3.6.1.2.1.1.3.0"] = ber.integer(300, ber.TIMETICKS)
        assert series(await collector.collect()) == {("late", ()): 7}


@pytest.mark.parametrize(
    ("target", "path", "hint"),
    [
        ({"profile": "ceragonn"}, "profile", "did you mean ceragon?"),
        ({"profile": "none", "modules": ("if_mip",)}, "modules", "did you mean if_mib?"),
        ({"profile": "auto", "modules": ("nothing-like-it",)}, "modules", "known:"),
        ({"credential": None}, "credential", "needs a credential"),
        ({"port": None}, "address", "needs a host and a port"),
        ({"host": None}, "address", "needs a host"),
    ],
)
def test_what_cannot_be_built_says_where_and_how(target: dict[str, Any], path: str, hint: str) -> None:
    keys: dict[str, Any] = {"host": "127.0.0.1", "port": 161, "credential": by_community(), **target}
    with pytest.raises(ParamError, match=hint) as caught:
        SPEC.build(Target(Subject("device", "dut"), **keys), SnmpParams(), FakeWire())
    assert caught.value.path == path


def test_a_context_that_the_fast_engine_lacks_is_refused_plainly() -> None:
    login: Login = by_user()
    object.__setattr__(login.snmp, "context", "vlan-7")
    target = Target(Subject("device", "dut"), host="127.0.0.1", port=161, credential=login)
    with pytest.raises(ParamError, match="context"):
        SPEC.build(target, SnmpParams(engine="gufo"), FakeWire())


def test_the_shipped_library_is_whole() -> None:
    library = load_library()
    assert set(library.profiles) >= {"generic", "ups-mib", "ceragon", "rittal-cmc-iii"}
    for profile in library.profiles.values():
        assert all(library.module(name) for name in profile.modules)
    families = [family.name for family in library.families()]
    assert len(families) == len(set(families))


def test_the_users_modules_are_read_in_both_shapes(tmp_path: Path) -> None:
    metric = "{name: sysServices, oid: 1.3.6.1.2.1.1.7, type: gauge, help: h}"
    body = f"{{walk: [1.3.6.1.2.1.1.7], version: 2, metrics: [{metric}]}}"
    newer, older = tmp_path / "newer.yml", tmp_path / "older.yml"
    newer.write_text(f"auths: {{public_v2: {{community: public}}}}\nmodules: {{new: {body}}}\n")
    older.write_text(f"old: {body}\n")
    library = load_library([newer, older])
    assert library.module("new") == library.module("old")
    assert "sysServices" in {family.name for family in make_spec([newer]).families}


@pytest.mark.parametrize("text", ["modules: {a: {walk: 7}}", "- 1", "a: [", "modules: {a: {metrics: [{name: x}]}}"])
def test_a_bad_module_file_is_named(tmp_path: Path, text: str) -> None:
    path = tmp_path / "snmp.yml"
    path.write_text(text)
    with pytest.raises(ParamError, match=r"snmp\.yml"):
        make_spec([path])


async def test_a_missing_system_group_is_no_failure(bench: Bench) -> None:
    """F27: absent is absent, and not asked for again."""
    table = {oid: value for oid, value in interfaces(1).items() if oid not in SYSTEM}
    for version in ("1", "2c"):
        async with snmp_agent(Agent(table)) as agent:
            collector = bench.of(agent, login=by_community(version))
            assert len(values_of(await collector.collect(), "ifOperStatus", "ifName")) == 1
            before = len(agent.requests)
            await collector.collect()
            gets = [request for request in agent.requests[before:] if request.kind == ber.GET]
        assert len(gets) <= 1
