"""The table of requirements as it is answered, printed and written in JSON."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from agent.risk.norms.case import Case, State, Verdict
from agent.risk.norms.roomcase import RoomCase
from agent.risk.norms.table import REQUIREMENTS, Level, Requirement


@dataclass(frozen=True, slots=True)
class NormRow:
    """One requirement, of a room (its id) or of the house (None), with what fulfils it and what is missing."""

    id: str
    level: Level
    successor: str
    title: str
    room: str | None
    state: State
    evidence: tuple[str, ...]
    gaps: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NormTable:
    """``live``: whether it was measured; else it is what the configuration promises. ``rooms``: names by id.

    ``at``: the moment in RFC 3339; ``local``: as the town writes it, by its clock.
    """

    live: bool
    at: str
    local: str
    language: str
    rooms: dict[str, str]
    rows: tuple[NormRow, ...]


def judge_norms(case: Case, at: str) -> NormTable:
    """Return the table; ``at``: the moment of the case in RFC 3339. Rooms first, in the order of the inventory."""
    rooms = {name: room.name or name for name, room in case.inventory.rooms.items()}
    town = case.settings.municipality
    local = case.words.moment(case.at, ZoneInfo(town.timezone))
    return NormTable(case.live, at, local, town.language, rooms, tuple(_rows(case)))


def _rows(case: Case) -> Iterator[NormRow]:
    for name, room in case.inventory.rooms.items():
        for one in REQUIREMENTS:
            if one.room_check is not None and room.kind in one.room_kinds:
                yield _row(case, one, name, Verdict.of(one.room_check(RoomCase(case, name, room))))
    for one in REQUIREMENTS:
        if one.check is not None:
            verdict = Verdict.of(one.check(case)) if one.applies(case) else Verdict("not_applicable")
            yield _row(case, one, None, verdict)


def _row(case: Case, one: Requirement, room: str | None, verdict: Verdict) -> NormRow:
    title = case.say(f"title_{one.key}")
    return NormRow(one.id, one.level, one.successor, title, room, verdict.state, verdict.evidence, verdict.gaps)
