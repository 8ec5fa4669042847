"""What the shipped profiles read of the simulated county is what its world says."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from functools import partial
from pathlib import Path

import pytest
from pydantic import SecretStr

from agent.contract import Harvest, Neighbour, Subject, Target
from agent.demo.cast import CLIMATE, HOPS, OSTFELD, SWITCHES, UPS, Hop, Switch
from agent.demo.county import County
from agent.demo.scenario import Scenario
from agent.engine.clock import SystemClock
from agent.wire.pools import Pools
from agent.wire.telemetry import MeterBook
from agent.wire.wire import LocalWire
from collectors.snmp.spec import make_spec
from config.settings import Credential, SnmpCredential

Values = Mapping[tuple[str, ...], float]

SPEC = make_spec()


@pytest.fixture
async def county(tmp_path: Path) -> AsyncIterator[County]:
    prepare = partial(County.prepare, tmp_path, now=1_800_000_000.0, scenario=Scenario.NONE)
    county = await asyncio.to_thread(prepare)
    await county.start()
    try:
        yield county
    finally:
        await county.stop()


async def poll(county: County, device: str, profile: str = "auto") -> Harvest:
    """One poll that misses nothing."""
    host, port = county.prepared.devices[device].split(":")
    credential = Credential(snmp=SnmpCredential(version="2c", community=SecretStr("public")))
    target = Target(
        Subject("device", device), host=host, port=int(port), profile=profile, room="serverraum", credential=credential
    )
    pools = Pools()
    wire = LocalWire(SystemClock(), MeterBook(), pools)
    collector = SPEC.build(target, SPEC.params(), wire)
    try:
        harvest = await collector.collect()
    finally:
        await collector.close()
        await wire.close()
        pools.close()
    assert not harvest.partial
    return harvest


async def read(county: County, device: str, profile: str = "auto") -> Values:
    """One poll: values by family and label values."""
    harvest = await poll(county, device, profile)
    return {
        (column.family.name, *row): harvest.values[column.start + index]
        for column in harvest.layout.columns
        for index, row in enumerate(column.rows.values)
    }


@pytest.mark.parametrize("hop", HOPS, ids=lambda hop: hop.id)
async def test_both_radios_of_a_hop_are_recognised_and_read(county: County, hop: Hop) -> None:
    for radio in hop.radios:
        values = await read(county, radio)
        assert values["ringwacht_radio_link_up", "1"] == 1
        assert abs(values["ringwacht_radio_received_level_dbm", "1"] - hop.level_dbm) < 3
        assert -44 < values["ringwacht_radio_mse_db", "1"] < -40
        for direction in ("tx", "rx"):
            assert values["ringwacht_radio_modulation_order", "1", direction] == 2048
            assert values["ringwacht_radio_capacity_bits_per_second", "1", direction] == 445e6


async def test_the_room_is_measured_as_the_configuration_expects(county: County) -> None:
    values = {
        name.removeprefix("ringwacht_sensor_"): value for (name, *_), value in (await read(county, CLIMATE)).items()
    }
    assert 22 < values["temperature_celsius"] < 24
    assert 0.4 < values["humidity_ratio"] < 0.44
    assert [values[contact] for contact in ("leak", "smoke", "door_open")] == [0, 0, 0]


async def test_the_ups_is_read(county: County) -> None:
    values = await read(county, UPS, "ups-mib")
    assert values["ringwacht_ups_on_battery",] == 0
    assert values["ringwacht_ups_charge_ratio",] == 1
    assert values["ringwacht_ups_runtime_seconds",] == 42 * 60


@pytest.mark.parametrize("switch", SWITCHES, ids=lambda switch: switch.id)
async def test_every_port_of_a_switch_is_read(county: County, switch: Switch) -> None:
    values = await read(county, switch.id)
    assert sum(name == "ifHCInOctets" for name, *_ in values) == switch.ports


@pytest.mark.parametrize("hop", HOPS, ids=lambda hop: hop.id)
async def test_both_radios_of_a_hop_see_each_other_where_the_link_is_declared(county: County, hop: Hop) -> None:
    for radio, other in (hop.radios, hop.radios[::-1]):
        neighbours = (await poll(county, radio)).neighbours
        assert Neighbour("1", other, "1", other, ("bridge",)) in neighbours


@pytest.mark.parametrize("switch", SWITCHES, ids=lambda switch: switch.id)
async def test_a_switch_and_its_radios_see_each_other(county: County, switch: Switch) -> None:
    seen = {one.local_port: one for one in (await poll(county, switch.id)).neighbours}
    assert {port: one.remote_system for port, one in seen.items()} == {str(n): who for n, who in switch.radio_ports}
    for number, radio in switch.radio_ports:
        back = [one for one in (await poll(county, radio)).neighbours if one.remote_system == switch.id]
        assert [(one.local_port, one.remote_port) for one in back] == [(seen[str(number)].remote_port, str(number))]


@pytest.mark.parametrize("switch", SWITCHES, ids=lambda switch: switch.id)
async def test_the_ring_is_idle_and_blocks_one_port_of_all(county: County, switch: Switch) -> None:
    values = await read(county, switch.id)
    said = {key[1]: key[2] for key, value in values.items() if key[0] == "ringwacht_ring_protocol_state" and value == 1}
    a, b = (str(number) for number, _ in switch.radio_ports)
    assert said == {
        "ring 1": "idle",
        f"ring 1 port {a}": "forwarding",
        f"ring 1 port {b}": "blocking" if switch.site is OSTFELD else "forwarding",
    }
