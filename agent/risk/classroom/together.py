"""Rooms of a site that fell silent together: one thing happened, though nobody watches it. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from agent.contract import Finding, FindingKey, Severity, Subject
from agent.risk.catalogue.equipment import CLASSROOMS_SILENT
from agent.risk.classroom.culprits import SLACK_SECONDS, Culprits
from agent.risk.classroom.pieces import Piece
from agent.risk.classroom.units import Unit
from agent.risk.sight import Outcome, Sight

FEWEST = 3
MAX_EVIDENCE = 20


class Looked(NamedTuple):
    """A room at one look: how its things stand, and what took it along, None where that is not known."""

    unit: Unit
    pieces: tuple[Piece, ...]
    cause: Subject | None

    @classmethod
    def of(cls, unit: Unit, pieces: tuple[Piece, ...], culprits: Culprits, *, cut_off: bool) -> Looked:
        """Ask for the cause where all that is wrong is silence; a site that is cut off is the cause before any."""
        silences = [piece.silence for piece in pieces if piece.said and piece.silence is not None]
        only_silent = bool(silences) and len(silences) == sum(bool(piece.said) for piece in pieces)
        return cls(unit, pieces, culprits.of(unit, silences) if only_silent and not cut_off else None)

    @property
    def silent_within(self) -> tuple[float, float] | None:
        """From when to when its things fell silent, as it counts; None where there is none, or more is wrong."""
        known = [piece.silence.counts_from for piece in self.pieces if piece.silence is not None]
        other = any(piece.said and piece.silence is None for piece in self.pieces)
        return None if not known or other or self.cause is not None else (min(known), max(known))

    @property
    def is_in_doubt(self) -> bool:
        """Whether something there may be silent still."""
        return self.cause is None and any(piece.is_in_doubt for piece in self.pieces)


class Groups:
    """By site the rooms that fell silent together, until fewer than ``FEWEST`` of them are."""

    def __init__(self) -> None:
        self._standing: dict[str, frozenset[str]] = {}

    def look(self, site: str, rooms: Sequence[Looked]) -> frozenset[str]:
        """Return the rooms that the site speaks for."""
        before = self._standing.get(site, frozenset())
        group = {one.unit.subject.id for one in rooms if one.is_in_doubt} & before
        largest = _largest(rooms)
        if len(largest) >= FEWEST and 2 * len(largest) > len(rooms):
            group |= largest
        self._standing[site] = frozenset(group) if len(group) >= FEWEST else frozenset()
        return self._standing[site]


def _largest(rooms: Sequence[Looked]) -> set[str]:
    """Return the most rooms that fell silent within ``SLACK_SECONDS`` of each other."""
    spans = {one.unit.subject.id: span for one in rooms if (span := one.silent_within) is not None}
    begins = {first for first, _ in spans.values()}
    groups = (
        {room for room, (first, last) in spans.items() if begin <= first and last <= begin + SLACK_SECONDS}
        for begin in begins
    )
    return max(groups, key=len, default=set[str]())


def told_of_site(sight: Sight, site: str, rooms: Sequence[Looked], group: frozenset[str]) -> Iterator[Outcome]:
    """Yield one finding for the rooms of the group; its key while it is not known whether there are any."""
    subject, words = Subject("site", site), sight.words
    silent = [one for one in rooms if one.unit.subject.id in group and any(piece.said for piece in one.pieces)]
    if not silent:
        if any(one.is_in_doubt for one in rooms):
            yield FindingKey(CLASSROOMS_SILENT, subject)
        return
    name = sight.inventory.sites[site].name or site
    summary = words.say("classrooms_silent", site=name, count=len(silent), total=len(rooms))
    listed = [f"{one.unit.name}: {piece.evidence}" for one in silent for piece in one.pieces if piece.said]
    evidence = tuple(words.few(listed, MAX_EVIDENCE))
    about = tuple(piece.equipment.subject for one in silent for piece in one.pieces if piece.said)
    yield Finding(CLASSROOMS_SILENT, subject, Severity.WARNING, summary, evidence, site=site, about=about)
