"""Columns whose values become labels (texts, enumerations, bits), and numbers that are taken out of texts. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from agent.contract import Rows
from agent.layout import clean_text
from collectors.snmp.modules.module import COMBINED, Metric, RegexExtract, before
from collectors.snmp.modules.numbers import extract, number, scaled
from collectors.snmp.modules.texts import named, plain, show, subtype
from collectors.snmp.oid import Value
from collectors.snmp.tables.pieces import Piece
from collectors.snmp.tables.table import Cells, Tables

State = tuple[str | bytes, float]


def labelled_pieces(metric: Metric, rows: Rows, cells: Cells, tables: Tables) -> tuple[list[Piece], int]:
    """Return the piece of a column whose values become labels of series that are 1 (a state set: 0 or 1).

    Besides, how many values are of no use: a text where a number belongs, a number where bits belong, a NULL.
    """
    values = tables.walks[cells.walk].values
    told = tables.column(before(metric.oid)) if metric.type in COMBINED else {}
    family, is_label = metric.family, metric.name in rows.names
    labels: list[tuple[str, ...]] = []
    fixed: list[float] = []
    absent = 0
    for row, at, place in zip(rows.values, cells.positions, cells.index, strict=True):
        states = _states(metric, values[at], told.get(place))
        absent += states is None
        for text, state in states or ():
            labels.append(row if is_label else (*row, clean_text(text)))
            fixed.append(state)
    return [Piece(family, Rows(family.labels, tuple(labels)), fixed=tuple(fixed))] if labels else [], absent


def extracted_pieces(metric: Metric, rows: Rows, cells: Cells, tables: Tables) -> list[Piece]:
    """Return a piece for each suffix of ``regex_extracts`` and type of text; a text that none matches is none."""
    told = tables.column(before(metric.oid)) if metric.type in COMBINED else {}
    by_kind: dict[str, list[int]] = {}
    for at, place in enumerate(cells.index):
        by_kind.setdefault(subtype(metric.type, told.get(place)), []).append(at)
    pieces: list[Piece] = []
    for kind, chosen in by_kind.items():
        here = rows if len(by_kind) == 1 else Rows(rows.names, tuple(rows.values[at] for at in chosen))
        positions = tuple(cells.positions[at] for at in chosen)
        for family, patterns in metric.extracts:
            read = partial(_extracted, metric, patterns, kind)
            pieces.append(Piece(family, here, cells.walk, positions, read, optional=True))
    return pieces


def _extracted(metric: Metric, patterns: tuple[RegexExtract, ...], kind: str, value: Value) -> float | None:
    return extract(patterns, plain(show(value, kind, metric.hint)))


def _states(metric: Metric, value: Value, told: Value) -> Sequence[State] | None:
    """Return the states that a value means, None where it means nothing."""
    if metric.is_text:
        return None if value is None else [(show(value, subtype(metric.type, told), metric.hint), scaled(metric, 1.0))]
    if metric.type == "Bits":
        bits = value if isinstance(value, bytes) else None
        return None if bits is None else [(name, float(_bit(bits, at))) for at, name in metric.enum_values.items()]
    raw = number(value)
    return None if raw is None else _enumerated(metric, int(raw))


def _enumerated(metric: Metric, value: int) -> Sequence[State]:
    """Return the state that holds; of a state set all, in the order of the file, with an unknown one behind them.

    A name that two numbers have counts once. Whichever state holds, the series are the same.
    """
    holds = named(value, metric.enum_values)
    others = metric.enum_values.values() if metric.type == "EnumAsStateSet" else ()
    return [(name, float(name == holds)) for name in dict.fromkeys((*others, holds))]


def _bit(octets: bytes, place: int) -> bool:
    """Whether a bit is set, counted from the most significant one of the first octet (RFC 2578 section 7.1.4)."""
    return 0 <= place // 8 < len(octets) and bool(octets[place // 8] & (0x80 >> place % 8))
