"""From samples to a layout that stays: nothing is rebuilt that the last poll already built."""

from __future__ import annotations

import hashlib
import math
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from agent.contract import Column, Layout, MetricFamily, Reading, Rows, Series

MAX_LABEL_BYTES = 256


def clean_text(raw: str | bytes, limit: int = MAX_LABEL_BYTES) -> str:
    """Make text from a device safe for page, log and terminal: valid UTF-8, no control or bidi characters, bounded.

    What is longer than ``limit`` bytes is cut and gets ``~`` and 8 hex digits of its SHA-256, so that two long names
    stay two (facts F25, section 3.8).
    """
    data = raw if isinstance(raw, bytes) else _utf8(raw)
    text = data[: limit * 4].decode("utf-8", "replace")
    if not text.isprintable():
        text = "".join("\ufffd" if unicodedata.category(c) in {"Cc", "Cf", "Cs", "Zl", "Zp"} else c for c in text)
    if len(data) <= limit and len(text.encode()) <= limit:
        return text
    suffix = "~" + hashlib.sha256(data).hexdigest()[:8]
    return text.encode()[: limit - len(suffix)].decode("utf-8", "ignore") + suffix


def _utf8(text: str) -> bytes:
    """Return the bytes that were read as text; JSON may also bring half a character, which has none."""
    try:
        return text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return text.encode("utf-8", "replace")


def make_rows(names: tuple[str, ...], values: Iterable[Sequence[str | bytes]]) -> Rows:
    """Return rows whose label values are clean; the only way in which a device's text becomes a label."""
    return Rows(names, tuple(tuple(clean_text(value) for value in row) for row in values))


def samples_of(reading: Reading, column: Column) -> Iterator[Series]:
    """Yield the column's samples as judgement sees them; cells that hold no number (NaN) are left out."""
    if reading.harvest is None:
        return
    subject, site, names = reading.target.subject, reading.target.site, column.rows.names
    values = reading.harvest.values[column.start : column.stop]
    for row, value in zip(column.rows.values, values, strict=True):
        if not math.isnan(value):
            yield Series(subject, site, dict(zip(names, row, strict=True)), value, reading.at)


class Sample(NamedTuple):
    """One value with the values of its family's labels, in the family's order."""

    family: MetricFamily
    labels: tuple[str, ...]
    value: float


class LayoutCache:
    """Keeps one job's last layout and reuses it as long as the poll brings the same series in the same order."""

    def __init__(self) -> None:
        self._keys: list[tuple[str, tuple[str, ...]]] = []
        self._order: list[int] = []
        self._layout = Layout()

    def arrange(self, samples: Iterable[Sample]) -> tuple[Layout, list[float]]:
        """Return the layout and the values in its order. Of two samples with the same series the first is kept."""
        taken = list(samples)
        keys = [(sample.family.name, sample.labels) for sample in taken]
        if keys != self._keys:
            self._rebuild(taken, keys)
        return self._layout, [taken[index].value for index in self._order]

    def _rebuild(self, samples: list[Sample], keys: list[tuple[str, tuple[str, ...]]]) -> None:
        by_family: dict[str, dict[tuple[str, ...], int]] = {}
        for index, (name, labels) in enumerate(keys):
            by_family.setdefault(name, {}).setdefault(labels, index)
        tables: dict[tuple[tuple[str, ...], tuple[tuple[str, ...], ...]], Rows] = {}
        columns: list[Column] = []
        order: list[int] = []
        for series in by_family.values():
            family = samples[next(iter(series.values()))].family
            identity = (family.labels, tuple(series))
            rows = tables.setdefault(identity, make_rows(*identity))
            columns.append(Column(family, rows, len(order)))
            order.extend(series.values())
        self._keys, self._order = keys, order
        self._layout = Layout(tuple(columns), len(order))
