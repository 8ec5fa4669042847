"""A recording played by a scripted agent, and the neutral values that a poll of it gives."""

from __future__ import annotations

import sysconfig
from pathlib import Path
from typing import Any

from agent.contract import Harvest
from collectors.snmp.collector import SnmpCollector
from tests.collectors.snmp.lab import Bench, series
from tests.harness.snmp_agent import Agent, read_snmprec, snmp_agent

SNMPSIM_DATA = Path(sysconfig.get_path("purelib")) / "snmpsim_data" / "data"
"""Recordings of real devices."""
SYNTHETIC = Path(__file__).parent / "fixtures"
"""Written from MIBs, with invented values."""


async def replay(bench: Bench, path: Path, **target: Any) -> tuple[Harvest, str | None]:
    """The second of two polls, whose layout must be the first one's, and the profile that was recognised."""
    async with snmp_agent(Agent(read_snmprec(path))) as agent:
        collector = bench.of(agent, **{"profile": "auto", **target})
        harvest = await collector.collect()
        assert (await collector.collect()).layout is harvest.layout
    return harvest, collector.profile


def neutral(harvest: Harvest) -> dict[str, float]:
    """Neutral series as name and label values; not what the device says of itself as a whole."""
    return {
        " ".join([name.removeprefix("ringwacht_"), *(value for _, value in labels)]): value
        for (name, labels), value in series(harvest).items()
        if name.startswith("ringwacht_") and not name.startswith("ringwacht_device_")
    }


async def played(bench: Bench, name: str) -> tuple[Harvest, str | None]:
    """``replay`` of the synthetic recording of that name."""
    return await replay(bench, SYNTHETIC / f"{name}_synthetic.snmprec")


def agent_of(name: str) -> Agent:
    """An agent with the synthetic recording of that name."""
    return Agent(read_snmprec(SYNTHETIC / f"{name}_synthetic.snmprec"))


async def said(collector: SnmpCollector) -> dict[str, float]:
    """The neutral values of one more poll."""
    return neutral(await collector.collect())
