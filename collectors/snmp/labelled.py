"""Columns whose values become labels (texts, enumerations, bits), and numbers that are taken out of texts. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from agent.contract import Rows
from agent.layout import clean_text
from collectors.snmp.module import COMBINED, Metric, RegexExtract, before
from collectors.snmp.numbers import extract, number, scaled
from collectors.snmp.oid import Value
from collectors.snmp.pieces import Piece
from collectors.snmp.table import Cells, Tables
from collectors.snmp.texts import plain, show, subtype

State = tuple[str | bytes, float]


def labelled_pieces(metric: Metric, rows: Rows, cells: Cells, tables: Tables) -> list[Piece]:
    """Return the piece of a column whose values become labels of series that are 1 (a state set: 0 or 1)."""
    values = tables.walks[cells.walk].values
    told = tables.column(before(metric.oid)) if metric.type in COMBINED else {}
    family, named = metric.family, metric.name in rows.names
    labels: list[tuple[str, ...]] = []
    fixed: list[float] = []
    for row, at, place in zip(rows.values, cells.positions, cells.index, strict=True):
        for text, state in _states(metric, values[at], told.get(place)):
            labels.append(row if named else (*row, clean_text(text)))
            fixed.append(state)
    return [Piece(family, Rows(family.labels, tuple(labels)), fixed=tuple(fixed))] if labels else []


def extracted_pieces(metric: Metric, rows: Rows, walk: int, positions: tuple[int, ...]) -> list[Piece]:
    """Return a piece for each suffix of ``regex_extracts``."""
    return [
        Piece(family, rows, walk, positions, partial(_extracted, metric, patterns))
        for family, patterns in metric.extracts
    ]


def _extracted(metric: Metric, patterns: tuple[RegexExtract, ...], value: Value) -> float | None:
    return extract(patterns, plain_text(metric, value))


def plain_text(metric: Metric, value: Value) -> str:
    """Return the text that expressions are matched against."""
    shown = show(value, "OctetString" if metric.type in COMBINED else metric.type, metric.spec)
    return shown if isinstance(shown, str) else plain(shown)


def _states(metric: Metric, value: Value, told: Value) -> Iterator[State]:
    if metric.is_text:
        if value is not None:
            yield show(value, subtype(metric.type, told), metric.spec), scaled(metric, 1.0)
    elif metric.type == "Bits":
        if isinstance(value, bytes):
            yield from ((name, float(_bit(value, place))) for place, name in metric.enum_values.items())
    elif (raw := number(value)) is not None:
        yield from _enumerated(metric, int(raw))


def _enumerated(metric: Metric, value: int) -> Iterator[State]:
    """Yield the state that holds, and for a state set all others; a name that two numbers have counts once."""
    holds = metric.enum_values.get(value, str(value))
    yield holds, 1.0
    if metric.type == "EnumAsStateSet":
        yield from ((name, 0.0) for name in dict.fromkeys(metric.enum_values.values()) if name != holds)


def _bit(octets: bytes, place: int) -> bool:
    """Whether a bit is set, counted from the most significant one of the first octet (RFC 2578 section 7.1.4)."""
    return 0 <= place // 8 < len(octets) and bool(octets[place // 8] & (0x80 >> place % 8))
