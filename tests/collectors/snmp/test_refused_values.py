"""Through a scripted agent: what a climate monitor says instead of a value is refused, and a person can see why."""

from __future__ import annotations

from typing import Any

import pytest

from agent.families import SNMP_DROPPED
from tests.collectors.snmp.lab import Bench
from tests.collectors.snmp.replay import agent_of, said
from tests.harness.snmp_agent import encode, snmp_agent

SENSORS = "1.3.6.1.4.1.28507.38.1.6.1.1"  # gudeads: temperature and humidity in tenths, -9999 where none is plugged in
TEMPERATURE = "sensor_temperature_celsius serverraum sensor 2"
HUMIDITY = "sensor_humidity_ratio serverraum sensor 2"


async def polled(bench: Bench, change: dict[str, Any]) -> tuple[dict[str, float], list[str]]:
    """Values of a poll after a change, and what the collector tells of values that it refused."""
    told: list[str] = []
    agent = agent_of("gude_epc8221")
    agent.table |= {f"{SENSORS}.{oid}": encode(value) for oid, value in change.items()}
    async with snmp_agent(agent) as served:
        collector = bench.of(served, profile="auto", room="serverraum")
        collector.trace = told.append
        values = await said(collector)
    return values, [line for line in told if line.startswith("refused")]


async def test_tenths_are_scaled_by_the_profile_and_nothing_is_refused(bench: Bench) -> None:
    values, refused = await polled(bench, {})
    assert (values[TEMPERATURE], values[HUMIDITY], refused) == (27.1, 0.38, [])


@pytest.mark.parametrize("value", [-9999, b"N/A"])
async def test_what_stands_for_no_sensor_is_absent_and_needs_no_reason(bench: Bench, value: Any) -> None:
    values, refused = await polled(bench, {"2.2": value, "3.2": value})
    assert TEMPERATURE not in values
    assert HUMIDITY not in values
    assert refused == []


async def test_what_cannot_be_is_absent_counted_and_told(bench: Bench) -> None:
    values, refused = await polled(bench, {"2.2": 2550, "3.2": 32767})
    assert TEMPERATURE not in values
    assert HUMIDITY not in values
    assert refused == [
        "refused: ringwacht_sensor_temperature_celsius serverraum sensor 2: 255 is no value of it",
        "refused: ringwacht_sensor_humidity_ratio serverraum sensor 2: 32.767 is no value of it",
    ]
    assert bench.meters.counts[SNMP_DROPPED.name, "implausible"] == 2
