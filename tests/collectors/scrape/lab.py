"""Pages and the servers that give them, and one poll of them."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from aiohttp import web

from agent.contract import Collector, Harvest, MetricFamily, Subject, Target, Wire
from collectors.scrape.names import Names, Selection
from collectors.scrape.parse import Rules, Source
from collectors.scrape.recall import read_anew
from collectors.scrape.spec import make_spec
from tests.collectors.probe.servers import local_wire, web_server
from tests.harness.fakes import FakeWire

SPEC = make_spec()
SUBJECT = Subject("device", "srv-1")
PAGES = Path(__file__).with_name("pages")
OPENMETRICS = "application/openmetrics-text; version=1.0.0; charset=utf-8"
EVERYTHING = Rules(Selection())

Values = Mapping[tuple[str, frozenset[tuple[str, str]]], float]


def page(name: str) -> str:
    return (PAGES / f"{name}.txt").read_text(encoding="utf-8")


def only(*names: str) -> Rules:
    return Rules(Selection([(Names(names), Names(()))]))


def read(text: str, rules: Rules = EVERYTHING, *, openmetrics: bool = False) -> Harvest:
    _, harvest = read_anew(Source(text, openmetrics), rules)
    return harvest


def series(harvest: Harvest) -> Values:
    """Values by name and labels; a label that is empty is none."""
    found = {
        (column.family.name, frozenset(pair for pair in zip(column.rows.names, row, strict=True) if pair[1])): value
        for column in harvest.layout.columns
        for row, value in zip(column.rows.values, harvest.values[column.start : column.stop], strict=True)
    }
    assert len(found) == harvest.layout.size == len(harvest.values)
    return found


def key(name: str, **labels: str) -> tuple[str, frozenset[tuple[str, str]]]:
    return name, frozenset(labels.items())


def families(harvest: Harvest) -> dict[str, MetricFamily]:
    return {column.family.name: column.family for column in harvest.layout.columns}


def build(wire: Wire, port: int | None, *, host: str = "127.0.0.1", credential: Any = None, **params: Any) -> Collector:
    target = Target(SUBJECT, "rathaus", host, port, timeout_seconds=5, budget_seconds=30, credential=credential)
    return SPEC.build(target, SPEC.params.model_validate(params), wire)


def offline(**params: Any) -> Collector:
    return build(FakeWire(), 9100, **params)


async def poll(port: int, **params: Any) -> Harvest:
    async with local_wire() as wire:
        collector = build(wire, port, **params)
        try:
            return await collector.collect()
        finally:
            await collector.close()


@asynccontextmanager
async def serving_text(text: str | bytes, content_type: str = "text/plain; version=0.0.4") -> AsyncGenerator[int]:
    body = text.encode() if isinstance(text, str) else text

    async def answer(_request: web.Request) -> web.Response:
        return web.Response(body=body, headers={"Content-Type": content_type})

    async with web_server(answer) as port:
        yield port
