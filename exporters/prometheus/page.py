"""The page at /metrics: family by family, in small chunks, from templates that stay between scrapes."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from agent.contract import LabelPairs, Layout, MetricFamily, OwnSeries, Snapshot
from exporters.prometheus.findings import standing_findings
from exporters.prometheus.template import NAME, Block, build_blocks
from exporters.prometheus.text import braced, declaration, label_text, spell, spell_one

# Some 75 kB of text: it stays in the processor's cache and in the allocator's heap while it is joined and encoded.
_CHUNK_SERIES = 512
_BREATH_SECONDS = 0.002

_TableKey = tuple[LabelPairs, Layout, tuple[Layout, ...]]


@dataclass(slots=True)
class _Group:
    """All series of one family name: columns of tables with their values, and lines of our own.

    ``family`` is the first declaration of the name.
    """

    family: MetricFamily
    columns: list[tuple[Block, Sequence[float]]] = field(default_factory=list[tuple[Block, Sequence[float]]])
    lines: list[str] = field(default_factory=list[str])


class PrometheusPage:
    """Renders snapshots as Prometheus text 0.0.4 or OpenMetrics 1.0.0.

    Keeps the templates of the tables of the last page, keyed by the identity of their layouts; those of vanished jobs
    are dropped. The page itself is not kept.
    """

    def __init__(self) -> None:
        self._blocks: dict[_TableKey, tuple[Block, ...]] = {}
        self._own_texts: dict[LabelPairs, str] = {}

    async def render(self, snapshot: Snapshot, openmetrics: bool) -> bytes:
        """Return the whole page."""
        return b"".join([chunk async for chunk in self.stream(snapshot, openmetrics)])

    async def stream(self, snapshot: Snapshot, openmetrics: bool) -> AsyncIterator[bytes]:
        """Yield the page in chunks of less than 100 kB or so; other tasks run between them."""
        groups: dict[str, _Group] = {}
        await self._add_tables(groups, snapshot)
        self._add_own(groups, (*snapshot.own, standing_findings(snapshot.alerts)))
        chunk: list[str] = []
        size = 0
        for name in sorted(groups):
            chunk.append(declaration(groups[name].family, groups, openmetrics))
            for text, count in _batches(name, groups[name]):
                chunk.append(text)
                size += count
                if size >= _CHUNK_SERIES:
                    yield "".join(chunk).encode("utf-8", "replace")
                    await asyncio.sleep(0)
                    chunk, size = [], 0
        chunk.append("# EOF\n" if openmetrics else "")
        yield "".join(chunk).encode("utf-8", "replace")

    async def _add_tables(self, groups: dict[str, _Group], snapshot: Snapshot) -> None:
        kept: dict[_TableKey, tuple[Block, ...]] = {}
        of_target: dict[LabelPairs, tuple[Layout, ...]] = {}
        since = time.perf_counter()
        for table in snapshot.tables:
            before = of_target.get(table.labels, ())
            of_target[table.labels] = (*before, table.layout)
            key = (table.labels, table.layout, before)
            blocks = self._blocks.get(key)
            if blocks is None:
                blocks = build_blocks(*key)
            kept[key] = blocks
            if len(table.values) == table.layout.size:
                for block in blocks:
                    group = groups.get(block.name) or groups.setdefault(block.name, _Group(block.family))
                    group.columns.append((block, table.values))
            if time.perf_counter() - since > _BREATH_SECONDS:
                await asyncio.sleep(0)
                since = time.perf_counter()
        self._blocks = kept

    def _add_own(self, groups: dict[str, _Group], own: Iterable[OwnSeries]) -> None:
        texts: dict[LabelPairs, str] = {}
        for family, series in own:
            for labels, value in series:
                text = self._own_texts.get(labels)
                if text is None:
                    text = braced(label_text(dict(labels).items()))
                texts[labels] = text
                group = groups.setdefault(family.name, _Group(family))
                group.lines.append(f"{family.name}{text} {spell_one(value)}\n")
        self._own_texts = texts


def _batches(name: str, group: _Group) -> Iterator[tuple[str, int]]:
    """Yield the lines of one family with their number, a chunk's worth at a time."""
    templates: list[str] = []
    batch: list[float] = []
    for block, values in group.columns:
        templates.append(block.template)
        batch += values[block.start : block.stop]
        if len(batch) >= _CHUNK_SERIES:
            yield _fill(templates, batch, name), len(batch)
            templates, batch = [], []
    yield _fill(templates, batch, name) + "".join(group.lines), len(batch) + len(group.lines)


def _fill(templates: list[str], values: list[float], name: str) -> str:
    return ("".join(templates) % spell(values)).replace(NAME, name) if values else ""
