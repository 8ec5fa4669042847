"""The states of one subject over two years, and how long it stood how. Pure.

Times are doubles in seconds since the epoch. From 2004 to 2038 they are all multiples of 2^-22 s, and so are their
differences and sums, which therefore are exact: no rounding, however many are added.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections import deque
from collections.abc import Iterable, Iterator
from typing import NamedTuple, get_args

from agent.estate import Standing, StateChange
from agent.risk.contracts.hours import Opening
from agent.subject import Subject

STANDINGS: tuple[Standing, ...] = get_args(Standing)
_BLIND = STANDINGS.index("blind")
TOLD_IN_FULL = 200  # last changes that are kept with why and cause; of those before time and state only


class Sums(NamedTuple):
    """Seconds by state, in the order of ``STANDINGS``."""

    up: float = 0.0
    down: float = 0.0
    planned: float = 0.0
    upstream: float = 0.0
    blind: float = 0.0

    @property
    def service(self) -> float:
        """All of them."""
        return sum(self)

    def plus(self, other: Sums) -> Sums:
        """Return both together."""
        return Sums(*(one + two for one, two in zip(self, other, strict=True)))


class Track:
    """What is known of one subject; before the first change nothing is."""

    def __init__(self, changes: Iterable[StateChange] = ()) -> None:
        """Begin with these, in any order; of two of one moment the later one in line counts."""
        self._times = array("d")
        self._states = bytearray()
        self._told: deque[StateChange] = deque(maxlen=TOLD_IN_FULL)
        for one in sorted(changes, key=lambda change: change.at):
            self.put(one)

    @property
    def last(self) -> StateChange | None:
        """How it stands; None: nothing is known."""
        return self._told[-1] if self._told else None

    def put(self, change: StateChange) -> None:
        """Go on with it; what is known of that moment or a later one was not so, or was of a clock that was ahead."""
        place = bisect_left(self._times, change.at)
        del self._times[place:], self._states[place:]
        while self._told and self._told[-1].at >= change.at:
            self._told.pop()
        self._times.append(change.at)
        self._states.append(STANDINGS.index(change.state))
        self._told.append(change)

    def forget(self, before: float) -> None:
        """Forget what came before, but for the state at that moment."""
        place = bisect_right(self._times, before) - 1
        if place > 0:
            del self._times[:place], self._states[:place]

    def sums(self, openings: Iterable[Opening]) -> Sums:
        """Return how long it stood how within these hours."""
        found = [0.0] * len(STANDINGS)
        for begin, end in openings:
            place = bisect_right(self._times, begin)
            while begin < end:
                until = min(end, self._times[place]) if place < len(self._times) else end
                found[self._states[place - 1] if place else _BLIND] += until - begin
                begin, place = until, place + 1
        return Sums(*found)

    def between(self, subject: Subject, begin: float, end: float, most: int) -> tuple[int, tuple[StateChange, ...]]:
        """Return how many changes a time had, and the one before with these; of more than ``most`` the first and last.

        Why and cause are there as far as they are still told.
        """
        first, last = bisect_right(self._times, begin), bisect_left(self._times, end)
        places = range(max(first - 1, 0), last)
        told = places if len(places) <= most else (*places[: most // 2], *places[-(most // 2) :])
        return max(last - first, 0), tuple(self._at(subject, place) for place in told)

    def changes(self, subject: Subject) -> Iterator[StateChange]:
        """Yield all that is known, by time."""
        return (self._at(subject, place) for place in range(len(self._times)))

    def _at(self, subject: Subject, place: int) -> StateChange:
        untold = len(self._times) - len(self._told)
        if place >= untold:
            return self._told[place - untold]
        return StateChange(self._times[place], subject, STANDINGS[self._states[place]])

    def newest(self, most: int) -> tuple[StateChange, ...]:
        """Return the last changes, newest first."""
        return tuple(self._told)[: -most - 1 : -1]
