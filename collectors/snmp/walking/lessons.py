"""What earlier polls taught about a device: how many rows fit into its answers, whether it knows GETBULK. Pure.

An answer that does not come may be too large for the way, or lost by chance: what it taught is tried once more with the
next poll, and only kept where it happens again; then all tables are asked for in answers that are no fragments (F03,
F16). That a device does not know GETBULK is believed when GETNEXT
is answered and GETBULK for a single row is not, in some polls in a row (F04).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from collectors.snmp.oid import Value
from collectors.snmp.walking.sizes import REPLY_BYTES, UNFRAGMENTED_BYTES, even_repetitions

FIRST_REPETITIONS = 25
FEW = 4
"""Rows asked for at first where the device just left a question for more unanswered."""
POLLS_TO_BELIEVE = 3
"""So many polls say that a device does not know GETBULK, before it is not asked any more."""
FORGET_AFTER_POLLS = 1000
"""What a device could not do is tried again after so many polls (F03, F04)."""
REGROW_POLLS = 100
"""A device that could not answer many rows is asked for twice as many after so many polls (F03)."""


class Walk(Protocol):
    """Rows of one subtree; equal ``marks`` mean the same packets with the same OIDs."""

    marks: tuple[int, ...]
    values: list[Value]

    @property
    def oids(self) -> list[str]:
        """All OIDs in order."""
        ...


class Size(NamedTuple):
    """Rows to ask for at most, and those asked for at once."""

    ceiling: int
    repetitions: int


@dataclass(slots=True)
class Lesson:
    """What is known of one subtree. ``most`` rows may be asked for at once, ``size`` is what it is asked for now.

    ``bulk``: it is walked by GETBULK this time. ``empty``: it had no rows the last time. ``content`` and ``marks`` are
    Walked's. ``better`` is a size to be tried, ``proven`` the one to go back to if what is tried fails; after the
    ``last_try`` that is final. ``blamed``: the last try failed in this walk; ``refused``: GETBULK for one row did.
    ``dead``: GETNEXT, too, was not answered the last time.
    """

    most: int
    size: Size
    bulk: bool = True
    empty: bool = False
    content: int = 0
    marks: tuple[int, ...] = ()
    better: Size | None = None
    proven: Size | None = None
    last_try: bool = False
    blamed: bool = False
    refused: bool = False
    dead: bool = False
    refusals: int = 0

    def venture(self) -> None:
        """Try a larger size, if there is one to try."""
        if self.better is not None and self.proven is None:
            self.size, self.proven, self.better = self.better, self.size, None
            self.last_try = True

    def rest(self) -> None:
        """Put a trial off."""
        if self.proven is not None:
            self.size, self.proven, self.better = self.proven, None, self.size

    def grow(self) -> None:
        """Ask for twice as many; how many really are of use is known after the next walk."""
        if self.bulk and self.proven is None and self.better is None and self.size.ceiling < self.most:
            self.proven = self.size
            self.size = Size(min(self.most, 2 * self.size.ceiling), self.size.repetitions)
            self.last_try, self.marks = True, ()

    def shrink(self, *, silent: bool) -> bool:
        """Ask for less; False where it is one row already. Silence costs more time than an answer that says tooBig."""
        failed, last_try = self.size, self.last_try
        trial, self.proven, self.last_try = self.proven, None, False
        if trial is not None and failed.repetitions > trial.repetitions:
            self.size = trial
        elif failed.repetitions > 1:
            less = max(1, failed.repetitions // (6 if silent else 2))
            self.size = Size(less, less)
        else:
            return False
        if silent and not last_try:
            self.better = self.better or failed
        return True

    def start_over(self) -> None:
        """Find out anew how many to ask for, from few on."""
        few = min(FEW, self.size.repetitions)
        self.size, self.better, self.proven, self.last_try, self.marks = Size(self.most, few), None, None, False, ()

    def keep(self, walk: Walk, aim: int) -> None:
        """Take in a walk that came to its end; nothing is to be done where it is that of the last poll."""
        asked = self.size.repetitions
        if walk.marks != self.marks:
            oids = walk.oids
            self.content, self.marks = hash(tuple(oids)), walk.marks
            if oids:
                self.size = self.size._replace(repetitions=even_repetitions(oids, walk.values, self.size.ceiling, aim))
        self.empty = not walk.values
        if self.proven is not None:
            self._judge(asked, self.proven)
        elif self.size.repetitions > asked:
            self.proven = Size(asked, asked)

    def _judge(self, asked: int, proven: Size) -> None:
        """End a trial that went well, and begin the next; end one, too, that turns out not to be needed."""
        passed = asked > proven.repetitions
        if not passed and self.size.repetitions > proven.repetitions:
            return
        again, self.proven, self.last_try = passed and self.last_try, None, False
        if again:
            self.grow()


class Lessons:
    """Of one device, by subtree. ``most`` says how many rows of a subtree may be asked for, ``bulk`` if by GETBULK."""

    def __init__(self, most: Callable[[str], int], bulk: Callable[[str], bool]) -> None:
        self._most = most
        self._may_bulk = bulk
        self._known: dict[str, Lesson] = {}
        self._works: bool | None = None
        self._refusals = 0
        self._aim = REPLY_BYTES
        self._silent = self._refused = False

    def begin_poll(self, polls: int) -> None:
        """Begin the poll of this number; now and then forget what the device could not do."""
        self._silent = self._refused = False
        if polls % FORGET_AFTER_POLLS == 0:
            self._known.clear()
            self._works, self._refusals, self._aim = None, 0, REPLY_BYTES
        elif polls % REGROW_POLLS == 0:
            for lesson in self._known.values():
                lesson.grow()

    def of(self, root: str) -> Lesson:
        """Return how to walk a subtree this time. One that has to be tried is put off while the device is silent."""
        lesson = self._known.get(root)
        if lesson is None:
            lesson = self._known[root] = self._first(self._most(root))
        bulk = self._works is not False and not self._refused and lesson.refusals < POLLS_TO_BELIEVE
        lesson.bulk = bulk and self._may_bulk(root)
        lesson.refused = lesson.blamed = False
        if self._silent:
            lesson.rest()
        else:
            lesson.venture()
        return lesson

    def _first(self, most: int) -> Lesson:
        size = Size(most, min(FIRST_REPETITIONS, most))
        few = Size(min(FEW, most), min(FEW, most))
        return Lesson(most, few, better=size) if self._silent and few < size else Lesson(most, size)

    def failed(self, lesson: Lesson, *, silent: bool) -> bool:
        """Ask for less, or by GETNEXT (F03, F04); False where nothing is left to try."""
        self._silent |= silent
        if lesson.dead:
            return False
        if not lesson.bulk:
            lesson.dead = silent
            lesson.refusals += lesson.refused and not silent  # answered, be it by an error
            return False
        lesson.blamed |= silent and lesson.last_try
        if not lesson.shrink(silent=silent):
            lesson.bulk, lesson.refused = False, True
        return True

    def learn(self, lesson: Lesson, walk: Walk) -> None:
        """Take in a walk that came to its end."""
        if lesson.refused:
            lesson.refusals += 1
            if self._works is None and not self._refused:
                self._refused = True
                self._refusals += 1
                self._works = False if self._refusals >= POLLS_TO_BELIEVE else None
        elif lesson.bulk and (walk.values or not lesson.empty):
            self._works, self._refusals, lesson.refusals = True, 0, 0
        lesson.keep(walk, self._aim)
        if lesson.blamed and lesson.bulk and self._aim > UNFRAGMENTED_BYTES:
            self._aim = UNFRAGMENTED_BYTES
            for one in self._known.values():
                one.start_over()
