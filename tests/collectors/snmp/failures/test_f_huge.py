"""F09: tables without end are read up to the cap, cost no more than that, and hold up nobody."""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path

import pytest

from collectors.snmp.params import SnmpParams
from collectors.snmp.walking.walk import MAX_REPETITIONS, MAX_ROWS
from tests.collectors.snmp.failures.forwarding import FDB, SIZE, Endless, read
from tests.collectors.snmp.lab import Bench, series, values_of
from tests.harness.snmp_agent import Agent, interfaces, snmp_agent

ROOT = Path(__file__).parents[4]
TOLD = [f"{FDB}: truncated at {MAX_ROWS} rows", "10,000 of 20,000 series kept (max_series)"]


@pytest.mark.parametrize("cap", [30, 100, 300])
async def test_f09_a_walk_stops_at_the_cap_and_says_so(bench: Bench, cap: int) -> None:
    async with snmp_agent(Agent(interfaces(60))) as agent:
        collector = bench.of(agent, params=SnmpParams(max_rows=cap))
        first, second = await collector.collect(), await collector.collect()
    assert any(f"truncated at {cap} rows" in missing for missing in first.partial)
    assert series(first), "what was read is given out"
    assert second.layout is first.layout
    assert second.partial == first.partial


async def test_f09_a_hundred_thousand_rows_cost_less_than_fifty_megabytes(tmp_path: Path) -> None:
    """With the default caps, in a process of its own: three polls, of which the first two lay things out."""
    table = Endless()
    async with snmp_agent(Agent(interfaces(1), table)) as agent:
        command = (sys.executable, "-m", "tests.collectors.snmp.failures.forwarding", str(agent.port), str(tmp_path))
        process = await asyncio.create_subprocess_exec(*command, cwd=ROOT, stdout=asyncio.subprocess.PIPE)
        said, _ = await process.communicate()
    cost = json.loads(said)
    assert (cost["series"], cost["partial"]) == (10_000, TOLD)
    assert cost["grown"] < 50_000_000
    assert table.told <= 3 * (MAX_ROWS + MAX_REPETITIONS) < 3 * SIZE, "it is not read to its end"


async def test_f09_other_devices_are_read_meanwhile(bench: Bench, tmp_path: Path) -> None:
    """Counted in packets: between two polls of the living device a fraction of the table goes over the wire."""
    table = Endless()
    async with snmp_agent(Agent(interfaces(1), table)) as huge, snmp_agent(Agent(interfaces(2))) as small:
        living = bench.of(small, timeout_seconds=20, budget_seconds=60, params=SnmpParams(retries=0))
        reading = asyncio.create_task(read(bench, huge.port, tmp_path, 1))
        between: list[int] = []
        while not reading.done():
            before = table.told
            assert len(values_of(await living.collect(), "ifHCInOctets", "ifName")) == 2
            between.append(table.told - before)
        assert list((await reading).partial) == TOLD
    assert len(between) > 10
    assert max(between) < MAX_ROWS / 5
