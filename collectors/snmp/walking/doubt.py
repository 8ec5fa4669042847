"""A poll that says every port is down and every description empty is only believed the second time (F07). Pure.

Agents answer like that while they start, or while a line card is away; a switch that really lost all its links keeps
its descriptions.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from collectors.snmp.oid import Value, is_under

OPER_STATUS = "1.3.6.1.2.1.2.2.1.8"
ALIAS = "1.3.6.1.2.1.31.1.1.1.18"
"""ifOperStatus and ifAlias (RFC 2863)."""
UP = 1


class Walk(Protocol):
    """Rows below ``root``, or single instances where it is empty; equal ``content`` means the same OIDs in order."""

    root: str
    content: int
    values: list[Value]

    @property
    def oids(self) -> list[str]:
        """All OIDs in order."""
        ...


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a column is: in which walk, from which row to which."""

    walk: int
    start: int
    stop: int

    def of(self, walks: Sequence[Walk]) -> list[Value]:
        return walks[self.walk].values[self.start : self.stop]


class Doubt:
    """Remembers whether a device had ports that were up and descriptions, and whether its last poll was doubted."""

    def __init__(self) -> None:
        self._lively = False
        self._doubted = False
        self._key: tuple[tuple[int, int], ...] = ()
        self._places: tuple[_Place | None, _Place | None] = (None, None)

    def arises(self, walks: Sequence[Walk]) -> bool:
        """Whether this poll is not to be believed; call it once a poll. Tables that are not there say nothing."""
        lively = self._look(walks)
        if lively is None:
            return False
        self._doubted = self._lively and not lively[0] and not lively[1] and not self._doubted
        if not self._doubted:
            self._lively = all(lively)
        return self._doubted

    def _look(self, walks: Sequence[Walk]) -> tuple[bool, bool] | None:
        """Return whether any port is up and any has a description; None where one of the columns is missing."""
        key = tuple((at, walk.content) for at, walk in enumerate(walks) if _may_hold(walk.root))
        if key != self._key:
            self._key = key
            self._places = (_place(walks, OPER_STATUS), _place(walks, ALIAS))
        status, alias = self._places
        if status is None or alias is None:
            return None
        return UP in status.of(walks), any(alias.of(walks))


def _may_hold(root: str) -> bool:
    """Whether rows of one of the columns may be among these; all others are never looked at, however many they are."""
    return not root or any(is_under(column, root) or is_under(root, column) for column in (OPER_STATUS, ALIAS))


def _place(walks: Sequence[Walk], column: str) -> _Place | None:
    prefix = column + "."
    for at, walk in enumerate(walks):
        rows = [row for row, oid in enumerate(walk.oids) if oid.startswith(prefix)] if _may_hold(walk.root) else []
        if rows and rows[-1] - rows[0] == len(rows) - 1:
            return _Place(at, rows[0], rows[-1] + 1)
    return None
