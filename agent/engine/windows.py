"""Bounded history of the declared families, for judgement that needs the past."""

from __future__ import annotations

import math
from array import array
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import chain

from agent.contract import Column, JobKey, LabelPairs, Layout, Reading, Subject, WindowSpec

UNUSABLE = 1e150  # its square is no finite number

_SeriesKey = tuple[str, LabelPairs]


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
    """The windows of one job: all of them by series, and those of the present layout column by column."""

    layout: Layout
    series: dict[_SeriesKey, Window]
    columns: list[tuple[Column, list[Window]]] = field(default_factory=list[tuple[Column, list[Window]]])


class WindowBook:
    """Implements ``contract.Windows``. Work per reading goes with the values of declared families only."""

    def __init__(self, specs: Iterable[WindowSpec]) -> None:
        self._specs = {spec.family: spec for spec in specs}
        self._jobs: dict[Subject, dict[JobKey, _Track]] = {}

    def record(self, reading: Reading) -> None:
        """Take in a reading; a failed one leaves a gap."""
        if reading.harvest is None:
            return
        jobs = self._jobs.setdefault(reading.key.subject, {})
        track = jobs.get(reading.key)
        if track is None or track.layout is not reading.harvest.layout:
            known = track.series if track is not None else {}
            track = jobs[reading.key] = self._track(reading.harvest.layout, known, reading.at)
        values = reading.harvest.values
        for column, windows in track.columns:
            for window, value in zip(windows, values[column.start : column.stop], strict=True):
                window.add(reading.at, value)

    def forget(self, key: JobKey) -> None:
        """Drop the history of a job that is no longer planned."""
        jobs = self._jobs.get(key.subject, {})
        jobs.pop(key, None)
        if not jobs:
            self._jobs.pop(key.subject, None)

    def slope_per_second(self, family: str, subject: Subject, labels: Mapping[str, str]) -> float | None:
        """Least-squares slope over the declared span, or None when it covers less than half of it."""
        key = (family, tuple(sorted(labels.items())))
        for track in self._jobs.get(subject, {}).values():
            if key in track.series:
                return track.series[key].slope_per_second()
        return None

    def _track(self, layout: Layout, known: Mapping[_SeriesKey, Window], now: float) -> _Track:
        """Arrange the windows for a new layout; a series that is away for a while keeps what is not yet too old."""
        recent = {key: old for key, old in known.items() if old.newest >= now - self._specs[key[0]].span_seconds}
        track = _Track(layout, recent)
        for column in layout.columns:
            spec = self._specs.get(column.family.name)
            if spec is None:
                continue
            counter = column.family.type == "counter"
            windows: list[Window] = []
            for row in column.rows.values:
                key = (spec.family, tuple(sorted(zip(column.rows.names, row, strict=True))))
                windows.append(track.series.setdefault(key, Window(spec, counter=counter)))
            track.columns.append((column, windows))
        return track

    def __len__(self) -> int:
        """Return the number of series with a window."""
        return sum(len(track.series) for track in chain.from_iterable(job.values() for job in self._jobs.values()))
