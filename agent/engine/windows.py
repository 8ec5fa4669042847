"""Bounded history of the declared families, for judgement that needs the past."""

from __future__ import annotations

import math
from array import array
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from itertools import chain
from typing import overload

from agent.contract import Column, JobKey, LabelPairs, Layout, Reading, Subject, WindowSpec
from agent.risk.ports import is_port, row_of_port

UNUSABLE = 1e150  # its square is no finite number

_SeriesKey = tuple[str, LabelPairs]


class Points(Sequence[tuple[float, float]]):
    """A copy of what a window holds, without an object for each point: (seconds since the epoch, value)."""

    __slots__ = ("_times", "_values")

    def __init__(self, times: array[float], values: array[float]) -> None:
        self._times = times
        self._values = values

    def __len__(self) -> int:
        """Return the number of points."""
        return len(self._times)

    def __iter__(self) -> Iterator[tuple[float, float]]:
        """Yield the points, oldest first."""
        return zip(self._times, self._values, strict=True)

    @overload
    def __getitem__(self, index: int) -> tuple[float, float]: ...
    @overload
    def __getitem__(self, index: slice) -> Points: ...
    def __getitem__(self, index: int | slice) -> tuple[float, float] | Points:
        """Return a point, or some of them."""
        if isinstance(index, slice):
            return Points(self._times[index], self._values[index])
        return self._times[index], self._values[index]


class Window:
    """Points of one series, at most one each ``step_seconds``, not older than ``span_seconds`` before the newest.

    A counter that falls was reset or wrapped: its rise goes on from where it stood, as in PromQL's ``increase``.
    """

    __slots__ = ("_counter", "_last", "_spec", "_times", "_total", "_values")

    def __init__(self, spec: WindowSpec, *, counter: bool) -> None:
        self._spec = spec
        self._counter = counter
        self._last: float | None = None
        self._total = 0.0
        self._times = array("d")
        self._values = array("d")

    def __len__(self) -> int:
        """Return the number of points."""
        return len(self._times)

    @property
    def newest(self) -> float:
        """When the newest point was taken; minus infinity before the first."""
        return self._times[-1] if self._times else -math.inf

    def add(self, at: float, value: float) -> None:
        """Take in a value; ``at`` in seconds since the epoch. NaN and the absurd are left out."""
        if not abs(value) < UNUSABLE:
            return
        value = self._unwrapped(value)
        if at < self.newest:  # the clock stepped back: the distances are lost
            del self._times[:], self._values[:]
        if at - self.newest < self._spec.step_seconds:
            return
        self._times.append(at)
        self._values.append(value)
        while self._times[0] < at - self._spec.span_seconds:
            del self._times[0], self._values[0]

    def points(self) -> Points:
        """Return all points; what comes later does not change them."""
        return Points(self._times[:], self._values[:])

    def slope_per_second(self) -> float | None:
        """Return the least-squares slope, or None when the points cover less than half of the span."""
        if len(self) < 2 or self._times[-1] - self._times[0] < self._spec.span_seconds / 2:
            return None
        mean_time = math.fsum(self._times) / len(self)
        mean_value = math.fsum(self._values) / len(self)
        pairs = zip(self._times, self._values, strict=True)
        covariance = math.fsum((at - mean_time) * (value - mean_value) for at, value in pairs)
        return covariance / math.fsum((at - mean_time) ** 2 for at in self._times)

    def _unwrapped(self, value: float) -> float:
        if not self._counter:
            return value
        if self._last is not None:
            self._total += value - self._last if value >= self._last else value
        self._last = value
        return self._total


@dataclass(slots=True, eq=False)
class _Track:
    """The windows of one job: all of them by series, and where in the values of the present layout each is fed from."""

    layout: Layout | None
    series: dict[_SeriesKey, Window]
    cells: list[tuple[int, Window]] = field(default_factory=list[tuple[int, Window]])


class WindowBook:
    """Implements ``contract.Windows``. Work per reading goes with the values of declared families only.

    A family that is declared ``ends_only`` is kept of the ports that ``watch`` names, and of no others.
    """

    def __init__(self, specs: Iterable[WindowSpec]) -> None:
        self._specs = {spec.family: spec for spec in specs}
        self._jobs: dict[Subject, dict[JobKey, _Track]] = {}
        self._ends: Mapping[Subject, AbstractSet[str]] = {}

    def watch(self, ends: Mapping[Subject, AbstractSet[str]]) -> None:
        """Say at which ports of which devices the declared links end; what was kept of other ports is dropped."""
        if ends == self._ends:
            return
        self._ends = dict(ends)
        for subject, jobs in self._jobs.items():
            for track in jobs.values():
                track.layout = None  # arranged anew at the next reading
                track.series = {key: window for key, window in track.series.items() if self._wanted(subject, key)}

    def record(self, reading: Reading) -> None:
        """Take in a reading; a failed one leaves a gap."""
        if reading.harvest is None:
            return
        jobs = self._jobs.setdefault(reading.key.subject, {})
        track = jobs.get(reading.key)
        if track is None or track.layout is not reading.harvest.layout:
            known = track.series if track is not None else {}
            track = jobs[reading.key] = self._track(reading, reading.harvest.layout, known)
        values = reading.harvest.values
        for index, window in track.cells:
            window.add(reading.at, values[index])

    def forget(self, key: JobKey) -> None:
        """Drop the history of a job that is no longer planned."""
        jobs = self._jobs.get(key.subject, {})
        jobs.pop(key, None)
        if not jobs:
            self._jobs.pop(key.subject, None)

    def slope_per_second(self, family: str, subject: Subject, labels: Mapping[str, str]) -> float | None:
        """Least-squares slope over the declared span, or None when it covers less than half of it."""
        window = self._exactly(family, subject, labels)
        return None if window is None else window.slope_per_second()

    def points(self, family: str, subject: Subject, labels: Mapping[str, str]) -> Sequence[tuple[float, float]]:
        """Return what is kept of a series; ``labels`` are all of its own, or as many as tell it apart.

        Of several that have these labels, the one that was read last: a port that was renamed is two series.
        """
        window = self._exactly(family, subject, labels) or self._newest(family, subject, labels)
        return () if window is None else window.points()

    def _exactly(self, family: str, subject: Subject, labels: Mapping[str, str]) -> Window | None:
        key = (family, tuple(sorted(labels.items())))
        tracks = self._jobs.get(subject, {}).values()
        having = [track.series[key] for track in tracks if key in track.series]
        return max(having, key=lambda window: window.newest, default=None)

    def _newest(self, family: str, subject: Subject, labels: Mapping[str, str]) -> Window | None:
        tracks = self._jobs.get(subject, {}).values()
        kept = chain.from_iterable(track.series.items() for track in tracks)
        having = [window for (name, pairs), window in kept if name == family and labels.items() <= set(pairs)]
        return max(having, key=lambda window: window.newest, default=None)

    def _track(self, reading: Reading, layout: Layout, known: Mapping[_SeriesKey, Window]) -> _Track:
        """Arrange the windows for a new layout; a series that is away for a while keeps what is not yet too old."""
        now = reading.at
        recent = {key: old for key, old in known.items() if old.newest >= now - self._specs[key[0]].span_seconds}
        track = _Track(layout, recent)
        for column in layout.columns:
            spec = self._specs.get(column.family.name)
            if spec is None:
                continue
            for number in self._rows(spec, reading.key.subject, column):
                row = column.rows.values[number]
                key = (spec.family, tuple(sorted(zip(column.rows.names, row, strict=True))))
                window = track.series.setdefault(key, Window(spec, counter=column.family.type == "counter"))
                track.cells.append((column.start + number, window))
        return track

    def _rows(self, spec: WindowSpec, subject: Subject, column: Column) -> Collection[int]:
        """Return which rows of the column are kept."""
        rows = column.rows
        if not spec.ends_only:
            return range(len(rows))
        ports = sorted(self._ends.get(subject, ()))
        return {found for port in ports if (found := row_of_port(rows.names, rows.values, port)) is not None}

    def _wanted(self, subject: Subject, key: _SeriesKey) -> bool:
        """Whether a series that is kept may still be that of an end."""
        family, labels = key
        return not self._specs[family].ends_only or is_port(dict(labels), self._ends.get(subject, frozenset()))

    def __len__(self) -> int:
        """Return the number of series with a window."""
        return sum(len(track.series) for track in chain.from_iterable(job.values() for job in self._jobs.values()))
