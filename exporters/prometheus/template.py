r"""One text template a table: what stays from scrape to scrape is built once; ``template % values`` is the rest.

A template's line is ``\0{labels} %s``; the family's name takes the place of ``\0`` last, so that all columns of a
table, in both formats, share one template.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from agent.contract import LabelPairs, Layout, MetricFamily, Rows
from exporters.prometheus.text import are_label_names, braced, is_metric_name, label_text

NAME = "\0"
_OMIT = "%.0s"  # takes a value and prints nothing


class Block(NamedTuple):
    """One column of one table: its lines are ``template % values[start:stop]``."""

    name: str
    family: MetricFamily
    template: str
    start: int
    stop: int


def build_blocks(labels: LabelPairs, layout: Layout, before: Sequence[Layout]) -> tuple[Block, ...]:
    """Build the blocks of one table, its target's ``labels`` on every line.

    ``before`` are the layouts of the same target that stand earlier on the page: a series that they hold already is
    left out here, since a page must not show it twice. A column whose names no format accepts is left out as well.
    """
    texts = _Texts(labels)
    seen = _seen(texts, layout, before)
    shared: dict[Rows, str] = {}
    blocks: list[Block] = []
    for column in layout.columns:
        family, rows = column.family, column.rows
        if not rows.values or not is_metric_name(family.name) or not are_label_names(rows.names):
            continue
        lines, known = texts.of(rows), seen[family.name]
        if known.isdisjoint(lines):
            template = shared.get(rows) or shared.setdefault(rows, _template(lines, ()))
        else:
            template = _template(lines, known)
        known.update(lines)
        blocks.append(Block(family.name, family, template, column.start, column.stop))
    return tuple(blocks)


class _Texts:
    """Label texts of each ``Rows`` with one target's labels."""

    def __init__(self, labels: LabelPairs) -> None:
        self._labels = labels
        self._texts: dict[Rows, tuple[str, ...]] = {}

    def of(self, rows: Rows) -> tuple[str, ...]:
        known = self._texts.get(rows)
        if known is None:
            # A row's own label outranks the target's of the same name (node_disk_*'s `device`).
            target = label_text(pair for pair in self._labels if pair[0] not in rows.names)
            comma = "," if target and rows.names else ""
            known = tuple([target + comma + label_text(zip(rows.names, row, strict=True)) for row in rows.values])
            self._texts[rows] = known
        return known


def _seen(texts: _Texts, layout: Layout, before: Iterable[Layout]) -> dict[str, set[str]]:
    seen: dict[str, set[str]] = {column.family.name: set() for column in layout.columns}
    for earlier in before:
        for column in earlier.columns:
            known = seen.get(column.family.name)
            if known is not None:
                known.update(texts.of(column.rows))
    return seen


def _template(lines: Sequence[str], known: Iterable[str]) -> str:
    taken = set(known)
    parts: list[str] = []
    for line in lines:
        parts.append(_OMIT if line in taken else f"{NAME}{braced(line.replace('%', '%%'))} %s\n")
        taken.add(line)
    return "".join(parts)
