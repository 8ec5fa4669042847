"""Which rows a module's filters let through, alone, together, and beside what others read whole."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
import yaml

from collectors.snmp.spec import make_spec
from tests.collectors.snmp.lab import Bench, values_of
from tests.harness.snmp_agent import Agent, encode, interfaces, snmp_agent

TABLE = "1.3.6.1.4.1.99999.5"
VALUE, NAME, KIND = f"{TABLE}.1", f"{TABLE}.7", f"{TABLE}.8"
ROWS = {
    f"{column}.{row}": encode(value)
    for row in (1, 2, 3)
    for column, value in ((VALUE, 10 + row), (NAME, f"n{row}"), (KIND, row // 2))
}
HC_IN = "1.3.6.1.2.1.31.1.1.1.6"
STATIC: dict[str, Any] = {"targets": [VALUE], "indices": ["3"]}


def reading(column: str = VALUE, name: str = "x", **more: Any) -> dict[str, Any]:
    index = [{"labelname": "i", "type": "gauge"}]
    metric = {"name": name, "oid": column, "type": "gauge", "help": "h", "indexes": index}
    return {"walk": [column], "metrics": [metric], **more}


def by(column: str, *values: str, target: str = VALUE) -> dict[str, Any]:
    return {"oid": column, "targets": [target], "values": list(values)}


async def rows_read(bench: Bench, folder: Path, modules: dict[str, dict[str, Any]]) -> set[str]:
    file = folder / "snmp.yml"
    await asyncio.to_thread(file.write_text, yaml.safe_dump(modules))
    spec = await asyncio.to_thread(make_spec, (file,))
    async with snmp_agent(Agent(interfaces(1) | ROWS)) as agent:
        harvest = await bench.of(agent, spec=spec, profile="none", modules=tuple(modules)).collect()
    assert harvest.partial == ()
    return {row for (row,) in values_of(harvest, "x", "i")}


@pytest.mark.parametrize(
    ("filters", "rows"),
    [
        ([by(NAME, "n1", "n3")], {"1", "3"}),
        ([by(NAME, "n[23]"), by(KIND, "^0$")], set[str]()),
        ([by(NAME, "n[23]"), by(KIND, "^1$")], {"2", "3"}),
        ([by(NAME, "n[12]"), by(KIND, "^1$")], {"2"}),
        ([STATIC], {"3"}),
        ([STATIC, by(NAME, "n1")], {"1"}),
    ],
    ids=["one", "none fits both", "two", "two that overlap", "static", "static and dynamic"],
)
async def test_filters_of_one_object(
    bench: Bench, tmp_path: Path, filters: list[dict[str, Any]], rows: set[str]
) -> None:
    """snmp_exporter 0.31 (#1625): what all of them let through; a dynamic one puts a static one aside."""
    assert await rows_read(bench, tmp_path, {"m": reading(filters=filters)}) == rows


@pytest.mark.parametrize("other", [reading(), {"walk": [TABLE], "metrics": reading()["metrics"]}])
async def test_a_filter_of_one_module_takes_nothing_from_another(
    bench: Bench, tmp_path: Path, other: dict[str, Any]
) -> None:
    filtered = reading(filters=[by(NAME, "n1")])
    assert await rows_read(bench, tmp_path, {"a": filtered, "b": other}) == {"1", "2", "3"}


async def test_two_modules_filter_one_object(bench: Bench, tmp_path: Path) -> None:
    modules = {name: reading(filters=[by(NAME, name)]) for name in ("n1", "n3")}
    assert await rows_read(bench, tmp_path, modules) == {"1", "3"}


@pytest.mark.parametrize(
    "module",
    [
        reading() | {"walk": [f"{VALUE}.1", f"{VALUE}.3"]},
        reading() | {"walk": [f"{VALUE}.1"], "get": [f"{VALUE}.3"]},
        reading(filters=[by(NAME, "n1")], get=[f"{VALUE}.3"]) | {"walk": [VALUE, f"{VALUE}.3"]},
    ],
    ids=["two instances walked", "one walked and one got", "a filter beside an instance"],
)
async def test_parts_of_a_column(bench: Bench, tmp_path: Path, module: dict[str, Any]) -> None:
    assert await rows_read(bench, tmp_path, {"m": module}) == {"1", "3"}


async def test_a_filter_takes_no_row_from_the_profile(bench: Bench, tmp_path: Path) -> None:
    file = tmp_path / "snmp.yml"
    filtered = reading(HC_IN, filters=[by("1.3.6.1.2.1.2.2.1.8", "1", target=HC_IN)])
    await asyncio.to_thread(file.write_text, yaml.safe_dump({"mine": filtered}))
    spec = await asyncio.to_thread(make_spec, (file,))
    async with snmp_agent(Agent(interfaces(4))) as agent:
        harvest = await bench.of(agent, spec=spec, modules=("mine",)).collect()
    assert len(values_of(harvest, "ifHCInOctets", "ifIndex")) == 4
