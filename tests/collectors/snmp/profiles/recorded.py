"""Parts of snmpsim-data's recordings of real devices: whole ones are up to two million objects long."""

from __future__ import annotations

import bz2
from collections.abc import Mapping
from typing import Any

from agent.contract import Harvest
from tests.collectors.snmp.lab import Bench
from tests.collectors.snmp.replay import SNMPSIM_DATA, SYNTHETIC, neutral
from tests.harness.snmp_agent import Agent, read_snmprec, recorded, snmp_agent

SYSTEM_GROUP = "1.3.6.1.2.1.1"


def part(name: str, *roots: str) -> dict[str, bytes]:
    """The system group of a recording, named below ``data``, and what lies below these objects."""
    path = next((SNMPSIM_DATA / name).parent.glob(f"{(SNMPSIM_DATA / name).name}.snmprec*"))
    text = bz2.decompress(path.read_bytes()) if path.suffix == ".bz2" else path.read_bytes()
    below = tuple(f"{root}.".encode() for root in (SYSTEM_GROUP, *roots))
    return recorded(line.decode("latin-1") for line in text.splitlines() if line.startswith(below))


def synthetic(name: str) -> dict[str, bytes]:
    """The objects of a synthetic recording."""
    return read_snmprec(SYNTHETIC / f"{name}_synthetic.snmprec")


async def replay_part(bench: Bench, name: str, *roots: str, **target: Any) -> tuple[Harvest, str | None]:
    """The second of two polls of that part, whose layout must be the first one's, and the profile recognised."""
    async with snmp_agent(Agent(part(name, *roots))) as agent:
        collector = bench.of(agent, **{"profile": "auto", **target})
        harvest = await collector.collect()
        assert (await collector.collect()).layout is harvest.layout
    return harvest, collector.profile


async def before_and_after(
    bench: Bench, table: Mapping[str, bytes], changes: Mapping[str, bytes | None], **target: Any
) -> tuple[dict[str, float], dict[str, float]]:
    """The neutral values of a device before and after some of its objects changed, or went (None)."""
    async with snmp_agent(Agent(dict(table))) as agent:
        collector = bench.of(agent, **{"profile": "auto", **target})
        before = neutral(await collector.collect())
        agent.table |= {oid: value for oid, value in changes.items() if value is not None}
        for oid in changes:
            if changes[oid] is None:
                del agent.table[oid]
        return before, neutral(await collector.collect())


def one_of(series: str, states: str, holds: str) -> dict[str, float]:
    """A state set as the values of its series; ``states`` are words."""
    assert holds in states.split()
    return {f"{series} {state}": float(state == holds) for state in states.split()}
