"""Values of walks by their positions, and columns that come in several walks as if they were one. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Protocol, TypeVar

from collectors.snmp.oid import Value

Pick = Callable[[list[Value]], Sequence[Value]]


class Values(Protocol):
    """The values of one walk."""

    @property
    def values(self) -> list[Value]:
        """All values in order."""
        ...


W = TypeVar("W", bound=Values)


def is_adjacent(positions: Sequence[int]) -> bool:
    """Whether these positions, of which there is at least one, follow one another."""
    return tuple(positions) == tuple(range(positions[0], positions[0] + len(positions)))


def picker(positions: Sequence[int]) -> Pick:
    """Return what takes the values at these positions: one slice where they are adjacent."""
    if not positions:
        return itemgetter(slice(0))
    if is_adjacent(positions):
        return itemgetter(slice(positions[0], positions[-1] + 1))
    return itemgetter(*positions)


@dataclass(frozen=True, slots=True)
class Bare:
    """Values without OIDs."""

    values: list[Value]


@dataclass(frozen=True, slots=True)
class Joined:
    """A column that comes in several walks: which, and what to take of each."""

    parts: tuple[tuple[int, Pick], ...]

    def of(self, walks: Sequence[Values]) -> Bare:
        """Return the column's values, walk by walk."""
        found: list[Value] = []
        for walk, pick in self.parts:
            found += pick(walks[walk].values)
        return Bare(found)


def with_joined(walks: Sequence[W], joins: Sequence[Joined]) -> Sequence[W | Bare]:
    """Return the walks and behind them the columns that several of them share."""
    return [*walks, *(join.of(walks) for join in joins)] if joins else walks
