"""How many of the ports that desks are plugged into have a link, and how fast. Pure.

The inventory names them: by ifName, then ifDescr, then the number at the end of an Ethernet port's name.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from agent.layout import Sample
from agent.neutral import ACCESS_PORTS
from collectors.snmp.modules.texts import number, plain
from collectors.snmp.oid import Value, is_under
from collectors.snmp.tables.picking import Joined, Values, with_joined
from collectors.snmp.tables.table import Tables, find_columns

# IF-MIB (RFC 2863)
DESCR, TYPE, SPEED, STATUS = (f"1.3.6.1.2.1.2.2.1.{column}" for column in (2, 3, 5, 8))
NAME, HIGH_SPEED = "1.3.6.1.2.1.31.1.1.1.1", "1.3.6.1.2.1.31.1.1.1.15"
_NAMING, _TELLING = (NAME, DESCR, TYPE), (STATUS, HIGH_SPEED, SPEED)
_COLUMNS = frozenset((*_NAMING, *_TELLING))
_UP = 1
_ETHERNET = frozenset({6, 62, 69, 117})  # ethernetCsmacd, fastEther, fastEtherFX, gigabitEthernet (IANAifType)
_MEGA = 1_000_000
_MAX_GAUGE = (1 << 32) - 1
NO_LINK, UNKNOWN = "0", "unknown"
_NUMBERED = re.compile(r"(?P<prefix>.*?)(?P<number>[0-9]+)", re.DOTALL)


class Walk(Protocol):
    """Rows of one walk; equal ``content`` means the same OIDs in the same order."""

    content: int
    values: list[Value]

    @property
    def oids(self) -> list[str]:
        """All OIDs in order."""
        ...


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a column is, and each row's index: positions in the values of one walk."""

    walk: int
    at: Mapping[str, int]
    start: int
    stop: int

    def values(self, walks: Sequence[Values]) -> list[Value]:
        return walks[self.walk].values[self.start : self.stop]

    def value(self, walks: Sequence[Values], index: str) -> Value:
        at = self.at.get(index)
        return None if at is None else walks[self.walk].values[at]


@dataclass(slots=True)
class _Chosen:
    """The rows that are meant, as long as tables and names are the same."""

    contents: tuple[int, ...] = ()
    places: Mapping[str, _Place] = field(default_factory=dict[str, _Place])
    names: list[list[Value]] = field(default_factory=list[list[Value]])
    rows: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    states: list[list[Value]] = field(default_factory=list[list[Value]])
    samples: list[Sample] = field(default_factory=list[Sample])
    joins: tuple[Joined, ...] = ()

    def fits(self, walks: Sequence[Walk]) -> bool:
        """Whether the tables have the same rows under the same names."""
        if self.contents != tuple(walk.content for walk in walks):
            return False
        return self.names == _read(self.places, _NAMING, with_joined(walks, self.joins))


class AccessPorts:
    """Counts one device's access ports by speed; ``missing`` are those that it did not have at the last count.

    A speed that was seen once stays, with 0 where no port has it now.
    """

    def __init__(self, wanted: Sequence[str]) -> None:
        self.missing: tuple[str, ...] = ()
        self._wanted = tuple(wanted)
        self._chosen: _Chosen | None = None
        self._speeds: set[str] = {NO_LINK}

    def count(self, walks: Sequence[Walk], failed: Iterable[str]) -> list[Sample]:
        """Return the numbers of ports by speed; nothing while the ports cannot be read, or none is there."""
        self.missing = ()
        if not self._wanted or any(is_under(one, two) or is_under(two, one) for one in failed for two in _COLUMNS):
            return []
        if self._chosen is None or not self._chosen.fits(walks):
            self._chosen = _choose(self._wanted, walks)
        chosen = self._chosen
        self.missing = chosen.missing
        if not chosen.rows:
            return []
        every = with_joined(walks, chosen.joins)
        states = _read(chosen.places, _TELLING, every)
        if states != chosen.states:
            chosen.states, chosen.samples = states, self._tally(chosen, every)
        return chosen.samples

    def _tally(self, chosen: _Chosen, walks: Sequence[Values]) -> list[Sample]:
        counts = Counter(_speed(chosen.places, walks, row) for row in chosen.rows)
        self._speeds |= counts.keys()
        return [Sample(ACCESS_PORTS, (speed,), counts[speed]) for speed in sorted(self._speeds, key=_by_size)]


def _by_size(speed: str) -> tuple[bool, int]:
    return (False, int(speed)) if speed.isdecimal() else (True, 0)


def _speed(places: Mapping[str, _Place], walks: Sequence[Values], row: str) -> str:
    """Return a port's speed in bits per second as a label."""

    def read(column: str) -> float:
        place = places.get(column)
        return (number(place.value(walks, row)) or 0) if place is not None else 0

    if read(STATUS) != _UP:
        return NO_LINK
    mega, bits = read(HIGH_SPEED), read(SPEED)
    if mega > 0:
        return str(int(mega) * _MEGA)
    return str(int(bits)) if 0 < bits < _MAX_GAUGE else UNKNOWN


def _read(places: Mapping[str, _Place], columns: Iterable[str], walks: Sequence[Values]) -> list[list[Value]]:
    return [places[column].values(walks) for column in columns if column in places]


def _choose(wanted: Sequence[str], walks: Sequence[Walk]) -> _Chosen:
    tables = find_columns(walks, _COLUMNS)
    places = {
        oid: _Place(
            cells.walk,
            dict(zip(cells.index, cells.positions, strict=True)),
            min(cells.positions),
            max(cells.positions) + 1,
        )
        for oid, cells in tables.cells.items()
    }
    contents, names = tuple(walk.content for walk in walks), _read(places, _NAMING, tables.walks)
    if STATUS not in places:
        return _Chosen(contents, places, names, joins=tables.joins)
    named = _by_name(tables)
    found = {name: named[name.casefold()] for name in wanted if name.casefold() in named}
    if rest := [name for name in wanted if name not in found and name.isdecimal()]:
        found |= _by_number(tables, rest)
    rows = tuple(dict.fromkeys(row for name in wanted for row in found.get(name, ())))
    missing = tuple(name for name in wanted if name not in found)
    return _Chosen(contents, places, names, rows, missing, joins=tables.joins)


def _by_name(tables: Tables) -> dict[str, tuple[str, ...]]:
    """Return the rows that have a state by their names; ifName goes before ifDescr, of two alike the first counts."""
    known = tables.column(STATUS)
    found: dict[str, tuple[str, ...]] = {}
    for column in (NAME, DESCR):
        for row, value in tables.column(column).items():
            if row in known and (name := plain(value).strip().casefold()):
                found.setdefault(name, (row,))
    return found


def _by_number(tables: Tables, wanted: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Return rows by the number at the end of their names: of those Ethernet ports that are the most of one kind.

    A switch of 48 ports ``Gi1/0/1`` and four uplinks ``Te1/1/1`` means the former; the members of a stack all count.
    """
    kinds: dict[str, dict[int, str]] = {}
    types, known, names = tables.column(TYPE), tables.column(STATUS), tables.column(NAME)
    for row, description in (tables.column(DESCR) | names).items():
        match = _NUMBERED.fullmatch(plain(description).strip())
        if match and row in known and (not types or types.get(row) in _ETHERNET) and len(match["number"]) < 10:
            kinds.setdefault(match["prefix"], {})[int(match["number"])] = row
    most = max(map(len, kinds.values()), default=0)
    largest = [rows for rows in kinds.values() if len(rows) == most]
    found = {name: tuple(rows[int(name)] for rows in largest if int(name) in rows) for name in wanted}
    return {name: rows for name, rows in found.items() if rows}
