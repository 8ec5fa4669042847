"""A poll that says every port is down and every description empty is only believed the second time (F07). Pure.

Agents answer like that while they start, or while a line card is away; a switch that really lost all its links keeps
its descriptions.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from collectors.snmp.oid import Value, parts

OPER_STATUS = "1.3.6.1.2.1.2.2.1.8"
ALIAS = "1.3.6.1.2.1.31.1.1.1.18"
"""ifOperStatus and ifAlias (RFC 2863)."""
UP = 1


class Walk(Protocol):
    """Rows of one subtree; equal ``content`` means the same OIDs in the same order."""

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
        self._contents: tuple[int, ...] = ()
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
        contents = tuple(walk.content for walk in walks)
        if contents != self._contents:
            self._contents = contents
            self._places = (_place(walks, OPER_STATUS), _place(walks, ALIAS))
        status, alias = self._places
        if status is None or alias is None:
            return None
        return UP in status.of(walks), any(alias.of(walks))


def _place(walks: Sequence[Walk], column: str) -> _Place | None:
    first, last = parts(column), (*parts(column)[:-1], parts(column)[-1] + 1)
    for at, walk in enumerate(walks):
        ordered = [parts(oid) for oid in walk.oids]
        start, stop = bisect_left(ordered, first), bisect_left(ordered, last)
        if start < stop:
            return _Place(at, start, stop)
    return None
