"""What snmp_exporter of Debian does not know yet, against pages written by hand from its documentation."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from agent.contract import Harvest
from collectors.snmp.modules.modfile import load_modules
from collectors.snmp.spec import make_spec
from exporters.prometheus.text import braced, label_text, spell
from tests.collectors.snmp.lab import Bench
from tests.harness.snmp_agent import Agent, read_snmprec, snmp_agent

GOLDEN = Path(__file__).parents[1] / "fixtures" / "golden"


def page(harvest: Harvest) -> str:
    """The harvest in the text format, without help; families and series in alphabetical order."""
    families: dict[str, list[str]] = {}
    for column in harvest.layout.columns:
        lines = families.setdefault(f"# TYPE {column.family.name} {column.family.type}", [])
        values = spell(harvest.values[column.start : column.stop])
        for row, value in zip(column.rows.values, values, strict=True):
            labels = label_text(zip(column.rows.names, row, strict=True))
            lines.append(f"{column.family.name}{braced(labels)} {value}")
    return "".join(f"{line}\n" for head in sorted(families) for line in (head, *sorted(families[head])))


@pytest.mark.parametrize("name", sorted(path.stem for path in GOLDEN.glob("*.yml")))
async def test_golden(bench: Bench, name: str) -> None:
    """Issue 4, result 1: two polls give the same page."""
    file = GOLDEN / f"{name}.yml"
    spec = await asyncio.to_thread(make_spec, (file,))
    modules = tuple(await asyncio.to_thread(load_modules, file))
    async with snmp_agent(Agent(read_snmprec(GOLDEN / f"{name}.snmprec"))) as agent:
        collector = bench.of(agent, spec=spec, profile="none", modules=modules)
        first, second = await collector.collect(), await collector.collect()
    assert page(first) == (GOLDEN / f"{name}.prom").read_text()
    assert second.layout is first.layout
    assert (first.partial, second.values) == ((), first.values)
