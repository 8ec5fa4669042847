"""When did a series last change? What `changed:` asks; kept in memory, for the series that such a rule selects."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from agent.contract import Column

# family and labels, whatever the order of a page, without the empty ones that fill up a table
_Series = tuple[str, frozenset[tuple[str, str]]]


@dataclass(slots=True, eq=False)
class Track:
    """One series. ``before``: what it was; None where it is the series itself that is new. Times since the epoch."""

    value: float = math.nan
    before: float | None = None
    changed_at: float = -math.inf
    gone_at: float | None = None

    def see(self, value: float, at: float) -> bool:
        """Take in a value; NaN says nothing. Return whether it is another."""
        if value == self.value or math.isnan(value):
            return False
        known = not math.isnan(self.value)
        if known:
            self.before, self.changed_at = self.value, at
        self.value = value
        return known


@dataclass(slots=True, eq=False)
class History:
    """The series of one job that one rule selects, watched ``since`` (seconds since the epoch).

    A series that appears beside or in place of others is a change as well: a version or a state may be a label. It is
    none at the first reading, nor after a reading that was not complete. What vanished is remembered for the span, so
    that a series which is away for one poll is no new one.
    """

    since: float
    latest: float = -math.inf
    complete: bool = False
    _tracks: dict[_Series, Track] = field(default_factory=dict[_Series, Track])

    @property
    def size(self) -> int:
        """How many series are remembered."""
        return len(self._tracks)

    def arrange(self, column: Column, indexes: Sequence[int], at: float) -> list[Track]:
        """Return the tracks of a column's series, in the order of ``indexes``."""
        seasoned = self.complete and bool(self._tracks)
        family, names, rows = column.family.name, column.rows.names, column.rows.values
        arranged: list[Track] = []
        for index in indexes:
            row = rows[index - column.start]
            key = (family, frozenset(pair for pair in zip(names, row, strict=True) if pair[1]))
            track = self._tracks.get(key)
            if track is None:
                track = self._tracks[key] = Track(changed_at=at if seasoned else -math.inf)
                self.latest = max(self.latest, track.changed_at)
            track.gone_at = None
            arranged.append(track)
        return arranged

    def drop_gone(self, present: Iterable[Track], at: float, span_seconds: float) -> None:
        """Forget what has been away for longer than the span, or all that is away once it outnumbers the rest."""
        here = set(map(id, present))
        if len(here) == len(self._tracks):
            return
        away = {key: track for key, track in self._tracks.items() if id(track) not in here}
        crowded = len(away) > len(here)
        for key, track in away.items():
            track.gone_at = at if track.gone_at is None else track.gone_at
            if crowded or at - track.gone_at > span_seconds:
                del self._tracks[key]

    def record(self, tracks: Sequence[Track], values: Iterable[float], at: float) -> None:
        """Take in the values of the tracks of one column."""
        if at < self.latest:  # the clock stepped back
            self.latest = at
            for track in self._tracks.values():
                track.changed_at = min(track.changed_at, at)
        for track, value in zip(tracks, values, strict=True):
            if value != track.value and track.see(value, at):
                self.latest = at
