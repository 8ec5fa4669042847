"""Columns of the interface tables that end before their interfaces do (F06). Pure.

Some agents end a walk where one port lacks a counter, so that the ports behind it lack it, too. Many a column lacks
rows by right (a loopback has no counters): it is a fault only where a column has the first rows and no other, and
among those that it lacks are interfaces of a type (ifType, RFC 2863) that it has.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from collectors.snmp.oid import Value

IF_ENTRY, IF_X_ENTRY = "1.3.6.1.2.1.2.2.1.", "1.3.6.1.2.1.31.1.1.1."
IF_TYPE = "1.3.6.1.2.1.2.2.1.3"


class Walk(Protocol):
    """Rows of one subtree; equal ``content`` means the same OIDs in the same order."""

    content: int
    values: list[Value]

    @property
    def oids(self) -> list[str]:
        """All OIDs in order."""
        ...


class Ragged:
    """Remembers what it found, for as long as the device shows the same rows."""

    def __init__(self) -> None:
        self._contents: tuple[int, ...] = ()
        self._remarks: tuple[str, ...] = ()

    def remarks(self, walks: Sequence[Walk]) -> tuple[str, ...]:
        """Return which columns end early, for people; those that are alike in one text."""
        contents = tuple(walk.content for walk in walks)
        if contents != self._contents:
            self._contents, self._remarks = contents, _remarks(_interface_columns(walks))
        return self._remarks


def _interface_columns(walks: Sequence[Walk]) -> dict[str, dict[str, Value]]:
    """Return values by column and by ifIndex."""
    columns: dict[str, dict[str, Value]] = {}
    for walk in walks:
        for oid, value in zip(walk.oids, walk.values, strict=True):
            if oid.startswith((IF_ENTRY, IF_X_ENTRY)):
                column, _, index = oid.rpartition(".")
                columns.setdefault(column, {})[index] = value
    return columns


def _remarks(columns: Mapping[str, Mapping[str, Value]]) -> tuple[str, ...]:
    types = columns.get(IF_TYPE, {})
    short: dict[int, list[str]] = {}
    for column, rows in columns.items():
        if _ends_early(types, rows):
            short.setdefault(len(rows), []).append(column)
    return tuple(_text(names, has, len(types)) for has, names in short.items())


def _ends_early(types: Mapping[str, Value], rows: Mapping[str, Value]) -> bool:
    indexes = list(types)
    lacking = indexes[len(rows) :]
    if not lacking or list(rows) != indexes[: len(rows)]:
        return False
    known = {types[index] for index in rows}
    return any(types[index] in known for index in lacking)


def _text(columns: Sequence[str], has: int, interfaces: int) -> str:
    more = f" and {len(columns) - 1} more columns" if len(columns) > 1 else ""
    return f"partial_table: {columns[0]}{more}: {has} of {interfaces} interfaces"
