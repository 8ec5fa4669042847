"""Who has duty when, by the events of a calendar. Pure; the calendar is read by ``agent.app.rosters``."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from functools import lru_cache
from itertools import groupby
from operator import itemgetter
from typing import Literal, NamedTuple

from config.ical import Event

ShiftKind = Literal["duty", "substitute", "absent"]

_KINDS_OF_DUTY: tuple[ShiftKind, ...] = ("substitute", "duty")

_TITLE = re.compile(
    r"(?:(?P<substitute>vertretung|substitute)|(?P<absent>abwesend|absent))\s*:\s*(?P<name>.+)", re.IGNORECASE
)


class Shift(NamedTuple):
    """A receiver has duty, substitutes, or is absent, from ``start`` to before ``end`` (seconds since the epoch)."""

    receiver: str
    start: float
    end: float
    kind: ShiftKind = "duty"


@dataclass(frozen=True, slots=True, eq=False)
class DutyPlan:
    """What a calendar says from ``begin`` to before ``end`` (seconds since the epoch).

    ``unknown``: local days of events whose title names no receiver; the title may be somebody's name and is not kept.
    """

    shifts: tuple[Shift, ...]
    unknown: tuple[date, ...]
    begin: float
    end: float


def plan_of(events: Iterable[Event], names: Collection[str], zone: tzinfo, begin: float, end: float) -> DutyPlan:
    """Return the shifts of the events; ``names``: those of the receivers that may have duty."""
    known = {name.casefold(): name for name in names}
    shifts: list[Shift] = []
    unknown: list[date] = []
    for event in events:
        kind, title = _read(event.title)
        name = known.get(title.casefold())
        if name is None:
            unknown.append(datetime.fromtimestamp(event.start, zone).date())
        else:
            shifts.append(Shift(name, event.start, event.end, kind))
    return DutyPlan(tuple(shifts), tuple(dict.fromkeys(unknown)), begin, end)


def on_duty(plan: DutyPlan, at: float, substitutes: Mapping[str, str]) -> tuple[Shift, ...]:
    """Return the shifts of whoever has duty at a moment, several where they overlap; empty where nobody has.

    A substitute outranks the duty. Who is absent hands it on to its own of ``substitutes`` (by receiver), and so on;
    the shift of who takes over ends with that of the absent one.
    """
    now = [one for one in plan.shifts if one.start <= at < one.end]
    absent = {one.receiver for one in now if one.kind == "absent"}
    for kind in _KINDS_OF_DUTY:
        handed = [
            one._replace(receiver=to)
            for one in now
            if one.kind == kind
            for to in _present(one.receiver, absent, substitutes)
        ]
        if handed:
            return tuple({one.receiver: one for one in reversed(handed)}.values())[::-1]
    return ()


def gaps(plan: DutyPlan, begin: float, end: float, substitutes: Mapping[str, str]) -> Iterator[tuple[float, float]]:
    """Yield the stretches between two moments in which nobody has duty, in order."""
    for since, until in _all_gaps(plan, tuple(sorted(substitutes.items()))):
        if since < end and until > begin:
            yield max(since, begin), min(until, end)


@lru_cache(maxsize=64)  # asked at each look; plans are few, and each is made anew once a day
def _all_gaps(plan: DutyPlan, substitutes: tuple[tuple[str, str], ...]) -> tuple[tuple[float, float], ...]:
    """Return the stretches of the whole plan, and of ever before and after it, by a sweep over the shifts."""
    lasting = [one for one in plan.shifts if one.start < one.end]
    edges: list[tuple[float, int, str, ShiftKind]] = [(one.start, 1, one.receiver, one.kind) for one in lasting]
    edges.extend((one.end, -1, one.receiver, one.kind) for one in lasting)
    found: list[tuple[float, float]] = []
    present: Counter[tuple[str, ShiftKind]] = Counter()
    since: float | None = -math.inf
    for at, changes in groupby(sorted(edges), key=itemgetter(0)):
        for _, step, receiver, kind in changes:
            present[receiver, kind] += step
        if not _anybody(+present, dict(substitutes)):
            since = at if since is None else since
        elif since is not None:
            found.append((since, at))
            since = None
    return (*found, (since, math.inf)) if since is not None else tuple(found)


def _anybody(present: Collection[tuple[str, ShiftKind]], substitutes: Mapping[str, str]) -> bool:
    absent = {receiver for receiver, kind in present if kind == "absent"}
    return any(kind in _KINDS_OF_DUTY and any(_present(receiver, absent, substitutes)) for receiver, kind in present)


def _read(title: str) -> tuple[ShiftKind, str]:
    found = _TITLE.fullmatch(title.strip())
    if found is None:
        return "duty", title.strip()
    return "substitute" if found["substitute"] else "absent", found["name"].strip()


def _present(receiver: str, absent: Collection[str], substitutes: Mapping[str, str]) -> Iterator[str]:
    """Yield who has the shift in the end; nobody where all who might are absent, or stand in for each other."""
    name: str | None = receiver
    seen: set[str] = set()
    while name is not None and name in absent and name not in seen:
        seen.add(name)
        name = substitutes.get(name)
    if name is not None and name not in seen:
        yield name
