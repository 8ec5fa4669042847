"""The last reading and the state of each job. A reading replaces the last one whole, so what vanished vanishes.

Work per reading goes with the number of columns when the layout changed, and is constant when it did not.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from agent.contract import (
    Column,
    Job,
    JobKey,
    JobState,
    LabelPairs,
    Layout,
    MetricFamily,
    Reading,
    Reason,
    Rows,
    Series,
    Subject,
    Table,
)
from agent.families import COLLECT_DURATION, LAST_SUCCESS, PARTIAL, STALE, UP
from agent.layout import samples_of

_Columns = tuple[Column, ...]
_Index = dict[str, dict[JobKey, _Columns]]
_NOTHING: Mapping[JobKey, _Columns] = {}


@dataclass(slots=True, eq=False)
class _Slot:
    """One job's place in the store."""

    job: Job
    labels: LabelPairs
    rows: Rows
    own_layouts: dict[tuple[str, ...], Layout] = field(default_factory=dict[tuple[str, ...], Layout])
    layout: Layout = field(default_factory=Layout)
    table: Table | None = None
    own_table: Table | None = None
    stale_at: float = math.inf


class Store:
    """Holds the states; belongs to the event loop. ``monotonic`` decides what is stale, so that no clock step does."""

    def __init__(self) -> None:
        self._slots: dict[JobKey, _Slot] = {}
        self._states: dict[JobKey, JobState] = {}
        self._subjects: dict[Subject, tuple[JobKey, ...]] = {}
        self._index: _Index = {}
        self._unshared: set[str] = set()  # families whose index no view has seen since it was copied

    def add(self, job: Job) -> None:
        """Begin with a job; a known key begins anew."""
        self.remove(job.key)
        rows = Rows(("check",), ((job.key.check,),))
        self._slots[job.key] = _Slot(job, job.target.labels, rows)
        self._states[job.key] = JobState(job.key, job.target)
        self._subjects[job.key.subject] = (*self._subjects.get(job.key.subject, ()), job.key)

    def remove(self, key: JobKey) -> None:
        """Forget a job and all its series."""
        slot = self._slots.pop(key, None)
        if slot is None:
            return
        del self._states[key]
        self._reindex(key, slot.layout, Layout())
        left = tuple(other for other in self._subjects[key.subject] if other != key)
        if left:
            self._subjects[key.subject] = left
        else:
            del self._subjects[key.subject]

    def state(self, key: JobKey) -> JobState:
        """Return where a job stands. Raises KeyError."""
        return self._states[key]

    def record(self, reading: Reading, monotonic: float) -> JobState:
        """Take in a reading and return the job's new state. Raises KeyError for a job that is not planned."""
        slot, before = self._slots[reading.key], self._states[reading.key]
        if reading.harvest is not None:
            layout = reading.harvest.layout
            if layout is not slot.layout:
                self._reindex(reading.key, slot.layout, layout)
                slot.layout = layout
            slot.table = Table(slot.labels, layout, reading.harvest.values) if layout.columns else None
            slot.stale_at = monotonic + slot.job.stale_after_seconds
        state = advance(before, reading)
        self._put(slot, state)
        return state

    def expire(self, monotonic: float) -> None:
        """Withhold the series of each job that has been without success for longer than its ``stale_after``."""
        for key, slot in self._slots.items():
            if slot.stale_at <= monotonic:
                slot.stale_at = math.inf
                slot.table = None
                self._put(slot, replace(self._states[key], reading=None))

    def tables(self) -> tuple[Table, ...]:
        """Return what is to be published: for each job its fresh series, and how it stands."""
        slots = self._slots.values()
        return tuple(table for slot in slots for table in (slot.table, slot.own_table) if table is not None)

    def view(self, now: float) -> StoreView:
        """Return a look at what is there now; what is recorded later does not change it."""
        self._unshared = set()
        return StoreView(now, dict(self._states), dict(self._subjects), dict(self._index))

    def _put(self, slot: _Slot, state: JobState) -> None:
        self._states[state.key] = state
        values = own_values(state)
        names = tuple(family.name for family, _ in values)
        layout = slot.own_layouts.get(names)
        if layout is None:
            columns = tuple(Column(family, slot.rows, start) for start, (family, _) in enumerate(values))
            layout = slot.own_layouts[names] = Layout(columns, len(columns))
        slot.own_table = Table(slot.labels, layout, tuple(value for _, value in values))

    def _reindex(self, key: JobKey, before: Layout, after: Layout) -> None:
        by_family: dict[str, _Columns] = {}
        for column in after.columns:
            by_family[column.family.name] = (*by_family.get(column.family.name, ()), column)
        for name in {column.family.name for column in before.columns} - by_family.keys():
            jobs = self._writable(name)
            del jobs[key]
            if not jobs:
                del self._index[name]
        for name, columns in by_family.items():
            self._writable(name)[key] = columns

    def _writable(self, family: str) -> dict[JobKey, _Columns]:
        """Return the family's index to write into: a copy, if a view holds the present one."""
        if family not in self._unshared:
            self._index[family] = dict(self._index.get(family, {}))
            self._unshared.add(family)
        return self._index.setdefault(family, {})


def advance(before: JobState, reading: Reading) -> JobState:
    """Return the state after one more reading. Pure.

    A check that this daemon cannot perform leaves ``up`` unknown and counts as no failure of the target.
    """
    up = True if reading.ok else None if reading.reason is Reason.CONFIG else False
    return replace(
        before,
        up=up,
        reason=reading.reason,
        detail=reading.detail,
        failures=before.failures + 1 if up is False else 0,
        since=before.since if up == before.up and before.since is not None else reading.at,
        last_attempt=reading.at,
        last_success=reading.at if reading.ok else before.last_success,
        duration_seconds=reading.duration_seconds,
        reading=reading if reading.ok else before.reading,
    )


def own_values(state: JobState) -> tuple[tuple[MetricFamily, float], ...]:
    """Return the series that say how a job stands; what is unknown is left out. Pure."""
    stale = state.last_success is not None and state.reading is None
    harvest = None if state.reading is None else state.reading.harvest
    values = (
        (UP, None if state.up is None else int(state.up)),
        (COLLECT_DURATION, state.duration_seconds),
        (LAST_SUCCESS, state.last_success),
        (STALE, int(stale)),
        (PARTIAL, None if harvest is None else len(harvest.partial)),
    )
    return tuple((family, value) for family, value in values if value is not None)


class StoreView:
    """Implements ``contract.View``: what was fresh at one moment. Cells that hold no number (NaN) are left out."""

    __slots__ = ("_index", "_states", "_subjects", "now")

    def __init__(
        self,
        now: float,
        states: Mapping[JobKey, JobState],
        subjects: Mapping[Subject, tuple[JobKey, ...]],
        index: Mapping[str, Mapping[JobKey, _Columns]],
    ) -> None:
        self.now = now
        self._states = states
        self._subjects = subjects
        self._index = index

    def jobs(self, subject: Subject | None = None) -> Iterable[JobState]:
        """Return every job's state, or those of one subject."""
        if subject is None:
            return self._states.values()
        return [self._states[key] for key in self._subjects.get(subject, ())]

    def series(self, family: str, subject: Subject | None = None) -> Iterator[Series]:
        """Yield the fresh series of a family, of one subject or of all; only what holds the family is touched."""
        for reading, column in self.columns(family, subject):
            yield from samples_of(reading, column)

    def families(self) -> Iterable[str]:
        """Return the name of every family that a fresh reading holds."""
        return self._index.keys()

    def columns(self, family: str, subject: Subject | None = None) -> Iterator[tuple[Reading, Column]]:
        """Yield each fresh reading, of one subject or of all, that holds the family, with the column."""
        jobs = self._index.get(family, _NOTHING)
        for key in jobs if subject is None else self._subjects.get(subject, ()):
            reading = self._states[key].reading
            if reading is not None:
                for column in jobs.get(key, ()):
                    yield reading, column
