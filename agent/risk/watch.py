"""What thresholds look at, worked out once for each layout; at each look only what was read since is compared.

A job's reading is the same object until the next poll, and its layout until its series change. So a look costs one
comparison of identities for each job, and one of values for each series that was read anew and that a rule selects.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field

from agent.contract import Column, Finding, Harvest, JobKey, Reading, Subject, Target, View
from agent.families import SITE_SERIES
from agent.risk.changes import History, Track
from agent.risk.matching import select_rows
from agent.risk.threshold import Threshold

MAX_SERIES = 50_000  # of one rule; 1,000 switches have 48,000 ports
MAX_CHANGING_SERIES = 10_000  # of one rule that keeps their history
MAX_KNOWN_FAMILIES = 10_000

# A portion of a look, counted in rows that a selector is held against: some milliseconds.
PORTION = 10_000
_COLUMN = 50  # rows that a column costs by itself
_JOBS = 100  # are counted at once
_SURE = frozenset({"instance", "site"})  # labels of a target that no family has, too
_COMPARED = 10  # series that are compared in the time of one row


@dataclass(slots=True, eq=False)
class Part:
    """The series of one threshold in one column; ``hits`` are those that break it, as places in the values."""

    column: Column
    indexes: Sequence[int]
    hits: Sequence[int] = ()
    tracks: Sequence[Track] = ()


@dataclass(slots=True, eq=False)
class Watch:
    """One threshold, what it selects job by job, and where it is broken.

    ``matched`` counts what is selected; of the jobs in ``cut`` not all of it is looked at; those in ``doubtful`` show
    a series that has no value (NaN). ``told`` keeps findings until their subject is read anew.
    """

    threshold: Threshold
    parts: dict[JobKey, tuple[Part, ...]] = field(default_factory=dict[JobKey, tuple[Part, ...]])
    matched: dict[JobKey, int] = field(default_factory=dict[JobKey, int])
    readings: dict[JobKey, Reading] = field(default_factory=dict[JobKey, Reading])
    broken: dict[JobKey, None] = field(default_factory=dict[JobKey, None])
    cut: set[JobKey] = field(default_factory=set[JobKey])
    doubtful: set[JobKey] = field(default_factory=set[JobKey])
    told: dict[Subject, Finding] = field(default_factory=dict[Subject, Finding])
    histories: dict[JobKey, History] = field(default_factory=dict[JobKey, History])
    looked_at: int = 0

    @property
    def limit(self) -> int:
        """So many series are looked at."""
        return MAX_CHANGING_SERIES if self.threshold.comparison == "changed" else MAX_SERIES

    def may_select(self, target: Target) -> bool:
        """Whether a target of which nothing is known yet may show what is selected."""
        if target.subject.kind == "site" and not any(self.threshold.selector.wants(one.name) for one in SITE_SERIES):
            return False
        known = {name: value for name, value in target.labels if name in _SURE}
        return all(one.matches(known.get(one.name, "")) for one in self.threshold.selector.labels if one.name in _SURE)

    def put(self, key: JobKey, parts: Sequence[Part], reading: Reading) -> None:
        """Take in what is selected in a job's new layout."""
        self.drop(key)
        room = self.limit - self.looked_at
        self.matched[key] = sum(len(part.indexes) for part in parts)
        if self.matched[key] > room:
            self.cut.add(key)
            parts = tuple(_cut(parts, room))
        self.parts[key] = tuple(parts)
        self.looked_at += sum(len(part.indexes) for part in parts)
        if self.threshold.comparison == "changed":
            self._arrange(key, reading)

    def drop(self, key: JobKey) -> None:
        """Forget a job that shows nothing that is selected; its history stays."""
        self.looked_at -= sum(len(part.indexes) for part in self.parts.pop(key, ()))
        self.matched.pop(key, None)
        self.readings.pop(key, None)
        self.broken.pop(key, None)
        self.cut.discard(key)
        self.doubtful.discard(key)
        self.told.pop(key.subject, None)

    def compare(self, key: JobKey, reading: Reading, harvest: Harvest) -> None:
        """Take in a job's values."""
        self.readings[key] = reading
        self.told.pop(key.subject, None)
        if self.threshold.comparison == "changed":
            self._record(key, reading, harvest)
            return
        broken = doubtful = False
        for part in self.parts[key]:
            part.hits, unsure = _hits(self.threshold, harvest.values, part.indexes)
            broken, doubtful = broken or bool(part.hits), doubtful or unsure
        if broken:
            self.broken[key] = None
        else:
            self.broken.pop(key, None)
        (self.doubtful.add if doubtful else self.doubtful.discard)(key)

    def refresh(self, now: float) -> None:
        """Tell what changed within the span before now."""
        if self.threshold.comparison != "changed":
            return
        self.told.clear()
        self.broken.clear()
        begin = now - self.threshold.bound
        for key, parts in self.parts.items():
            if self.histories[key].latest >= begin:
                for part in parts:
                    pairs = zip(part.indexes, part.tracks, strict=True)
                    part.hits = [index for index, track in pairs if track.changed_at >= begin]
                if any(part.hits for part in parts):
                    self.broken[key] = None

    def _arrange(self, key: JobKey, reading: Reading) -> None:
        history = self.histories.setdefault(key, History(reading.at))
        for part in self.parts[key]:
            part.tracks = history.arrange(part.column, part.indexes, reading.at)
        present = (track for part in self.parts[key] for track in part.tracks)
        history.drop_gone(present, reading.at, self.threshold.bound)

    def _record(self, key: JobKey, reading: Reading, harvest: Harvest) -> None:
        history, values = self.histories[key], harvest.values
        for part in self.parts[key]:
            history.record(part.tracks, (values[index] for index in part.indexes), reading.at)
        history.complete = not harvest.partial


def _cut(parts: Iterable[Part], room: int) -> Iterator[Part]:
    for part in parts:
        yield Part(part.column, part.indexes[: max(0, room)])
        room -= len(part.indexes)


def _hits(threshold: Threshold, values: Sequence[float], indexes: Sequence[int]) -> tuple[Sequence[int], bool]:
    """Return where the threshold is broken, and whether there is NaN, which is neither; or where one is there."""
    bound = threshold.bound
    if threshold.comparison == "absent":
        there = next((index for index in indexes if values[index] == values[index]), None)
        return (() if there is None else (there,)), False
    if threshold.comparison == "above":
        odd = [index for index in indexes if not values[index] <= bound]
    else:
        odd = [index for index in indexes if not values[index] >= bound]
    hits = [index for index in odd if values[index] == values[index]]
    return hits, len(hits) < len(odd)


class ThresholdBook:
    """The watches of one configuration. ``before``: that of the last one, whose histories go on."""

    def __init__(self, thresholds: Iterable[Threshold], before: ThresholdBook | None = None) -> None:
        self.watches = tuple(Watch(threshold) for threshold in thresholds)
        self._readings: dict[JobKey, Reading] = {}
        self._watching: dict[JobKey, tuple[Watch, ...]] = {}
        self._wanted: dict[str, tuple[Watch, ...]] = {}
        self._work = 0
        self._inherited: _Histories = _histories(before)
        for watch in self.watches:
            watch.histories.update(self._inherited.get(_identity(watch.threshold), {}))

    def take_in(self, view: View) -> Iterator[None]:
        """Compare what was read since the last look; pauses between portions."""
        if not self.watches:
            return
        self._make_room()
        fresh = 0
        for number, job in enumerate(view.jobs(), start=1):
            reading = job.reading
            if reading is not None and reading.harvest is not None:
                fresh += 1
                if self._readings.get(job.key) is not reading:
                    yield from self._read(job.key, reading, reading.harvest)
            if number % _JOBS == 0 and self._pause(_JOBS):
                yield
        if fresh != len(self._readings):
            self._drop_others({job.key for job in view.jobs() if job.reading is not None})
        if self._inherited:
            self._forget_histories({job.key for job in view.jobs()})
        for watch in self.watches:
            watch.refresh(view.now)

    def _read(self, key: JobKey, reading: Reading, harvest: Harvest) -> Iterator[None]:
        before = self._readings.get(key)
        known = before.harvest.layout if before is not None and before.harvest is not None else None
        if known is not harvest.layout or before is None or before.target is not reading.target:
            yield from self._arrange(key, reading, harvest)
        for watch in self._watching[key]:
            watch.compare(key, reading, harvest)
            if self._pause(watch.matched[key] // _COMPARED):
                yield
        self._readings[key] = reading

    def _arrange(self, key: JobKey, reading: Reading, harvest: Harvest) -> Iterator[None]:
        """Work out which rows of a new layout each rule means."""
        found: dict[Watch, list[Part]] = {}
        labels = reading.target.labels
        for column in harvest.layout.columns:
            for watch in self._wanting(column.family.name):
                indexes = yield from select_rows(watch.threshold.selector, column, labels)
                if indexes:
                    found.setdefault(watch, []).append(Part(column, indexes))
                if self._pause(_COLUMN + len(column.rows)):
                    yield
        for watch in self._watching.get(key, ()):
            watch.drop(key)
        for watch, parts in found.items():
            watch.put(key, parts, reading)
        self._watching[key] = tuple(found)

    def _pause(self, work: int) -> bool:
        """Count work in; whether it is time for a pause."""
        self._work += work
        if self._work < PORTION:
            return False
        self._work = 0
        return True

    def _wanting(self, family: str) -> tuple[Watch, ...]:
        known = self._wanted.get(family)
        if known is None:
            if len(self._wanted) >= MAX_KNOWN_FAMILIES:
                self._wanted.clear()
            known = tuple(watch for watch in self.watches if watch.threshold.selector.wants(family))
            self._wanted[family] = known
        return known

    def _drop_others(self, fresh: AbstractSet[JobKey]) -> None:
        for key in self._readings.keys() - fresh:
            del self._readings[key]
            for watch in self._watching.pop(key):
                watch.drop(key)

    def _forget_histories(self, planned: set[JobKey]) -> None:
        """The plan changes with the configuration only: what is not in it now does not come back."""
        self._inherited = {}
        for watch in self.watches:
            for key in watch.histories.keys() - planned:
                del watch.histories[key]

    def _make_room(self) -> None:
        """Where a rule has room again, what was cut is read anew."""
        for watch in self.watches:
            if watch.cut and watch.looked_at < watch.limit:
                self._drop_others(self._readings.keys() - watch.cut)


_Histories = Mapping[tuple[str, str, float], Mapping[JobKey, History]]


def _identity(threshold: Threshold) -> tuple[str, str, float]:
    return threshold.rule, threshold.selector.text, threshold.bound


def _histories(book: ThresholdBook | None) -> _Histories:
    watches = () if book is None else book.watches
    return {_identity(watch.threshold): watch.histories for watch in watches if watch.histories}
