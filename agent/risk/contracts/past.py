"""What was kept of states when this daemon began: taken up in portions, and joined with what was seen since. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from agent.contract import Subject
from agent.estate import StateChange
from agent.risk.contracts.following import AFTER
from agent.risk.contracts.track import Track

PORTION = 10_000  # changes between two pauses: ten milliseconds


def marker(contract: str, thing: Subject) -> Subject:
    """Return the subject under which it is kept since when something is owed under a contract."""
    return Subject("contract", f"{contract}/{thing}")


class Past:
    """By subject what is known of it; ``until``: when a daemon last ran, seconds since the epoch."""

    def __init__(self) -> None:
        self.tracks: dict[Subject, Track] = {}
        self.until = 0.0
        self._owed: dict[Subject, float] = {}
        self._waiting: list[tuple[Iterable[StateChange], float | None]] = []

    def keep(self, changes: Iterable[StateChange], alive_at: float | None) -> None:
        """Take these up at the next look; by time."""
        self._waiting.append((changes, alive_at))

    @property
    def waits(self) -> bool:
        """Whether something is still to be taken up."""
        return bool(self._waiting)

    def owed_since(self, mark: Subject) -> float | None:
        """Return since when something is owed under a contract, as far as is known."""
        return self._owed.get(mark)

    def owe(self, mark: StateChange) -> StateChange:
        """Note since when something is owed under a contract."""
        self._owed[mark.subject] = mark.at
        return mark

    def take_up(self, noted: list[StateChange]) -> Iterator[None]:
        """Go on from what was kept, and note what follows from it; pauses wherever the loop may turn.

        What happened from when this daemon last ran to its start is not known. What was seen since is noted once more:
        in the file it is to come after that.
        """
        while self._waiting:
            changes, alive_at = self._waiting[0]
            known: dict[Subject, Track] = {}
            for number, one in enumerate(changes, start=1):
                known.setdefault(one.subject, Track()).put(one)
                if number % PORTION == 0:
                    yield None
            del self._waiting[0]
            self._join(known, alive_at, noted)

    def _join(self, known: Mapping[Subject, Track], alive_at: float | None, noted: list[StateChange]) -> None:
        newest = max((track.last.at for track in known.values() if track.last is not None), default=0.0)
        until = self.until = max(self.until, newest if alive_at is None else alive_at)
        noted[:] = [one for one in noted if one.subject not in known]
        for subject, track in known.items():
            if subject.kind == "contract":
                self._owed[subject] = min(self._owed.get(subject, float("inf")), next(track.changes(subject)).at)
            else:
                seen = tuple(self.tracks.get(subject, Track()).changes(subject))
                noted.extend(_joined(subject, track, until, seen))
                self.tracks[subject] = track


def _joined(subject: Subject, track: Track, until: float, seen: Iterable[StateChange]) -> Iterator[StateChange]:
    last = track.last
    gap = None if last is None else StateChange(max(until, last.at + AFTER), subject, "blind")
    if last is not None and gap is not None and last.state != "blind":
        track.put(gap)
        yield gap
    for one in seen:
        if gap is None or one.at >= gap.at:
            track.put(one)
            yield one
