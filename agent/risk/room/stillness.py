"""How long a sensor has not moved, and whether a living one would have. A few numbers for each sensor."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from agent.risk.room.figures import GAP_SECONDS

# A past that says how long a sensor may well stand still: so many changes, over so long.
_ENOUGH_CHANGES = 10
_ENOUGH_PAST_SECONDS = 86_400.0
# After so many changes it is known how far the others move meanwhile; before, this is far.
_FEW_CHANGES = 3
_FAR_KELVIN = 2.0


@dataclass(slots=True)
class Stillness:
    """How long a sensor has not moved, how long it ever was still before, and how far others moved meanwhile.

    ``moved``: by how many kelvin it moved since this was last collected. ``lowest``, ``highest``: of how far its
    neighbours moved in the mean, since it is still; ``beside``: the most that they did so while it was still and lived.
    """

    since: float | None = None
    seen_at: float = 0.0
    longest: float = 0.0
    changes: int = 0
    began: float = 0.0
    moved: float = 0.0
    lowest: float | None = None
    highest: float = 0.0
    beside: float = 0.0

    def take(self, before: float | None, value: float, at: float) -> None:
        """Take in a reading; a clock that was set is a gap."""
        if self.since is None or before is None or not 0 <= at - self.seen_at <= GAP_SECONDS:
            self._begin(at)
            self.began = at if self.changes == 0 else min(self.began, at)
        elif value != before:
            self.longest = max(self.longest, at - self.since)
            self.beside = max(self.beside, self.others_moved())
            self.changes += 1
            self.moved += value - before
            self._begin(at)
        self.seen_at = at

    def _begin(self, at: float) -> None:
        self.since, self.lowest = at, None

    def note(self, drift: float) -> None:
        """Note how far the neighbours have moved in all."""
        if self.lowest is None:
            self.lowest = self.highest = drift
        self.lowest, self.highest = min(self.lowest, drift), max(self.highest, drift)

    def seconds(self) -> float:
        """Return for how long its readings have been the same."""
        return 0.0 if self.since is None else self.seen_at - self.since

    def others_moved(self) -> float:
        """Return by how many kelvin its neighbours moved meanwhile."""
        return 0.0 if self.lowest is None else self.highest - self.lowest

    def is_left_behind(self, kelvin: float, times: float) -> bool:
        """Whether its neighbours moved by so much, and so many times further than ever while it was still and lived."""
        usual = times * (self.beside if self.changes >= _FEW_CHANGES else max(kelvin, _FAR_KELVIN))
        return self.others_moved() >= max(kelvin, usual)

    def is_unusual(self, times: float) -> bool:
        """Whether it is still for so many times longer than it ever was, of which enough is known."""
        known = self.changes >= _ENOUGH_CHANGES and self.since is not None
        past = 0.0 if self.since is None else self.since - self.began
        return known and past >= _ENOUGH_PAST_SECONDS and self.seconds() > times * self.longest


def drifted(neighbours: Sequence[Stillness], drift: float) -> float:
    """Return how far sensors of one position have moved in all, in their mean, and have each note it.

    One that stands still counts by what the others did; which of them are there may change from look to look.
    """
    moved = sum(one.moved for one in neighbours)
    if moved and len(neighbours) > 1:
        drift += moved / (len(neighbours) - 1)
    for one in neighbours:
        one.moved = 0.0
        one.note(drift)
    return drift
