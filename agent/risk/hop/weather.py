"""All radio hops of one look together: which of them fade at the same time, and when it was dry."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from agent.risk.hop.history import DEEP_DB, FADE_DB, RECENT_SECONDS, Course, course, slot
from agent.risk.hop.neighbours import neighbours, places
from agent.risk.hop.state import Hop
from agent.risk.sight import Sight

# A front is over the town for so long.
FRONT_SECONDS = 3 * 3600.0


@dataclass(frozen=True, slots=True)
class Front:
    """Hops that fade at the same time: neighbours, their neighbours, and so on; and the one that faded first."""

    hops: tuple[str, ...]
    first: str


class _Steps(NamedTuple):
    """The steps of time at which a hop faded, and all those of which it tells."""

    wet: frozenset[int]
    told: frozenset[int]


class Weather:
    """Reads the history of a hop only when somebody asks, and once a look: most hops are well and nobody does."""

    def __init__(self, sight: Sight, hops: Mapping[str, Hop]) -> None:
        self._sight = sight
        self._hops = hops
        self._order = {name: place for place, name in enumerate(hops)}
        self._places = places(sight.inventory)
        self._courses: dict[str, tuple[Course, Course]] = {}
        self._known: dict[str, _Steps] = {}
        self._near: dict[str, tuple[str, ...]] = {}
        self._fades: dict[str, bool | None] = {}
        self._fronts: dict[str, Front] = {}

    def courses(self, name: str) -> tuple[Course, Course]:
        """Return what both ends of a hop lost in the last six hours."""
        if name not in self._courses:
            hop = self._hops[name]
            self._courses[name] = (course(self._sight, hop, 0), course(self._sight, hop, 1))
        return self._courses[name]

    def ask(self, name: str) -> None:
        """Read what fronts are told from, ahead of time."""
        self.near(name)
        self.fades(name)

    def near(self, name: str) -> tuple[str, ...]:
        """Return the hops in the same weather that are seen and up."""
        if name not in self._near:
            others = neighbours(self._places, name)
            self._near[name] = tuple(one for one in others if one in self._hops and self._hops[one].state != "down")
        return self._near[name]

    def fades(self, name: str) -> bool | None:
        """Whether a passing fade takes of a hop at every end that is known, or did within the last hour.

        None where no end's fade is known.
        """
        if name not in self._fades:
            known = [one.passing for one in self.courses(name) if one.passing is not None]
            deep = self._began(name, RECENT_SECONDS) is not None
            self._fades[name] = None if not known else deep or min(known) >= FADE_DB
        return self._fades[name]

    def front(self, name: str) -> Front:
        """Return the hops that fade at the same time as this one, itself included."""
        if name not in self._fronts:
            front = self._front(name)
            for one in front.hops if self.fades(name) else (name,):
                self._fronts[one] = front
        return self._fronts[name]

    def _front(self, name: str) -> Front:
        found = {name: None}
        waiting = [name]
        while waiting:
            fresh = [other for other in self.near(waiting.pop()) if other not in found and self.fades(other)]
            found.update(dict.fromkeys(fresh))
            waiting.extend(fresh)
        began = {one: self._began(one, FRONT_SECONDS) for one in found}
        times = [(at, self._order[one], one) for one, at in began.items() if at is not None]
        return Front(tuple(sorted(found, key=self._order.__getitem__)), min(times)[2] if times else name)

    def _began(self, name: str, within: float) -> float | None:
        """Return when both ends of a hop, as far as known, first faded deeply within so many seconds back from now."""
        since = self._sight.view.now - within
        times = [one.began(DEEP_DB, since) for one in self.courses(name) if one.now is not None]
        known = [at for at in times if at is not None]
        return max(known) if known and len(known) == len(times) else None

    def clear(self, name: str) -> tuple[str, ...]:
        """Return the neighbouring hops that do not fade."""
        return tuple(other for other in self.near(name) if self.fades(other) is False)

    def dry(self, name: str) -> tuple[frozenset[int], frozenset[int]]:
        """Return the steps of time that were dry, for each end of a hop: no neighbouring hop faded.

        Of a step at which no neighbour was seen nobody knows, but where the own level was steady all the time.
        """
        near = self.near(name)
        wet = frozenset[int]().union(*(self._steps(other).wet for other in near))
        first, second = (self._witnessed(course, near) - wet for course in self.courses(name))
        return first, second

    def _witnessed(self, course: Course, near: Sequence[str]) -> frozenset[int]:
        own = {slot(at) for at, _ in course.points}
        if course.steady:
            return frozenset(own)
        unseen = set(own)
        for other in near:
            unseen -= self._steps(other).told
            if not unseen:
                break
        return frozenset(own - unseen)

    def _steps(self, name: str) -> _Steps:
        if name not in self._known:
            first, second = self.courses(name)
            self._known[name] = _Steps(first.wet() | second.wet(), first.told() | second.told())
        return self._known[name]
