"""From a page to samples, bounded in every direction; what was left out is counted and named. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from agent.contract import MetricFamily, MetricType
from agent.layout import Sample
from collectors.scrape.lines import CHUNK, EOF, Abandoned, Asked, Declaration, PageError, SampleLine, read_values, scan
from collectors.scrape.names import NEUTRAL_NAMES, Selection, is_owned
from collectors.scrape.presets import Neutral
from collectors.scrape.series import MAX_LABELS, Labels, describe, is_created, read_labels

MakeFamily = Callable[[str, MetricType, str, tuple[str, ...]], MetricFamily]


@dataclass(frozen=True, slots=True)
class Rules:
    """What is made of a page: the families that are wanted, their standard names, the most series that are kept.

    ``family`` makes a family of name, type, help and labels, or has made the like before. In the families of ``ours``
    a label ``device`` would name a device of the inventory, so that no page may set it.
    """

    selection: Selection
    neutral: tuple[Neutral, ...] = ()
    max_series: int = 20_000
    family: MakeFamily = MetricFamily
    ours: frozenset[str] = NEUTRAL_NAMES


class Slot(NamedTuple):
    """A value to come: that of the page's sample of this number, less that of another one."""

    sample: int
    minus: int | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """A page that was read: its lines, what they are, and the series that are kept, each with its slot.

    ``values`` are those of all the page's samples, in the page's order. The first ``native`` of ``kept`` are the page's
    own series, the others standard ones made of them; their values are indexes of ``slots``.
    """

    openmetrics: bool
    lines: Sequence[str]
    samples: Sequence[SampleLine]
    other: Sequence[int]
    values: Sequence[float]
    kept: Sequence[Sample]
    native: int
    slots: Sequence[Slot]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Source:
    """A page's text in the text format or in OpenMetrics; ``abandoned`` tells when nobody waits for it any more."""

    text: str
    openmetrics: bool = False
    abandoned: Asked = lambda: False


def read_page(source: Source, rules: Rules, known: Mapping[str, Labels] | None = None) -> Page:
    """Read a page. Raises PageError, Abandoned.

    ``known`` are labels that an earlier page brought, by all that stands before the value.
    """
    lines = source.text.split("\n")
    if source.openmetrics and source.text.rstrip().rpartition("\n")[2] != EOF:
        raise PageError(f"the page ends without {EOF}")
    scanned = scan(lines, source.abandoned)
    if not scanned.samples:
        raise PageError("the page holds no samples")
    values = _values(lines, scanned.samples)
    gathering = _Gathering(rules, scanned.declared, scanned.samples, known or {})
    for index in range(len(scanned.samples)):
        if source.abandoned():
            raise Abandoned
        gathering.take(index)
    families = tuple(gathering.families())
    native = list(_native(families))
    kept, slots = _numbered([*native, *_neutral(families, rules.neutral)])
    notes = tuple(gathering.notes(len(scanned.samples)))
    return Page(
        openmetrics=source.openmetrics,
        lines=lines,
        samples=scanned.samples,
        other=scanned.other,
        values=values,
        kept=kept,
        native=len(native),
        slots=slots,
        notes=notes,
    )


def _values(lines: Sequence[str], samples: Sequence[SampleLine]) -> list[float]:
    values: list[float] = []
    for begin in range(0, len(samples), CHUNK):
        part = samples[begin : begin + CHUNK]
        tails = [lines[sample.line][len(sample.prefix) :] for sample in part]
        read = read_values(tails)
        if read is None:
            bad = next(sample.line for sample, tail in zip(part, tails, strict=True) if read_values([tail]) is None)
            raise PageError(f"line {bad + 1} has no number", lines[bad])
        values += read
    return values


@dataclass(slots=True)
class _Count:
    """How many series were left out for one reason, and the first of them."""

    count: int = 0
    first: SampleLine | None = None

    def add(self, sample: SampleLine) -> None:
        self.count += 1
        self.first = self.first or sample


class _Family(NamedTuple):
    """A family of the page; ``series`` holds the index of each series' sample."""

    family: MetricFamily
    series: Mapping[Labels, int]


@dataclass(slots=True)
class _Gathering:
    """Takes the samples of one page, one by one, and sorts out what cannot be kept."""

    _rules: Rules
    _declared: Mapping[str, Declaration]
    _samples: Sequence[SampleLine]
    _known: Mapping[str, Labels]
    _found: dict[str, dict[Labels, int]] = field(default_factory=dict[str, dict[Labels, int]])
    _names: dict[str, dict[str, None]] = field(default_factory=dict[str, dict[str, None]])
    _wanted: dict[str, bool] = field(default_factory=dict[str, bool])
    _kept: int = 0
    _beyond: _Count = field(default_factory=_Count)
    _owned: _Count = field(default_factory=_Count)
    _unasked: _Count = field(default_factory=_Count)
    _broken: _Count = field(default_factory=_Count)
    _double: _Count = field(default_factory=_Count)

    def take(self, index: int) -> None:
        sample = self._samples[index]
        if not self._wants(sample.name):
            return
        if is_owned(sample.name):
            self._owned.add(sample)
        elif sample.name in NEUTRAL_NAMES and not self._rules.selection.speaks_of(sample.name):
            self._unasked.add(sample)
        elif self._kept >= self._rules.max_series:
            self._beyond.add(sample)
        else:
            self._keep(index, sample)

    def _wants(self, name: str) -> bool:
        known = self._wanted.get(name)
        if known is None:
            known = self._rules.selection.wants(name) and not is_created(name, self._declared)
            self._wanted[name] = known
        return known

    def _keep(self, index: int, sample: SampleLine) -> None:
        labels = self._known.get(sample.prefix)
        if labels is None:
            labels = read_labels(sample.name, sample.prefix, ours=sample.name in self._rules.ours)
        if labels is None or not self._widen(sample.name, labels):
            self._broken.add(sample)
            return
        series = self._found.setdefault(sample.name, {})
        if labels in series:
            self._double.add(sample)
            return
        series[labels] = index
        self._kept += 1

    def _widen(self, name: str, labels: Labels) -> bool:
        """Add the labels' names to the family's; a family has one set of them, and it is bounded."""
        known = self._names.setdefault(name, {})
        fresh = [label for label, _ in labels if label not in known]
        if len(known) + len(fresh) > MAX_LABELS:
            return False
        known.update(dict.fromkeys(fresh))
        return True

    def families(self) -> Iterator[_Family]:
        for name, series in self._found.items():
            type_, text = describe(name, self._declared)
            yield _Family(self._rules.family(name, type_, text, tuple(self._names[name])), series)

    def notes(self, samples: int) -> Iterator[str]:
        """Yield what the reading lacks."""
        if self._beyond.count:
            yield f"max_series {self._rules.max_series} reached: {self._beyond.count} series left out"
        for left_out, why in (
            (self._owned, "under names that only Ringwacht or Prometheus may write"),
            (self._unasked, "of Ringwacht's families that `allow` does not name"),
            (self._broken, "whose names or labels cannot be exported"),
            (self._double, "that are there twice"),
        ):
            if left_out.first is not None:
                place = f"first {left_out.first.name[:64]} in line {left_out.first.line + 1}"
                yield f"{left_out.count} series left out {why} ({place})"
        if not self._found and not any(self._wanted.values()):
            yield f"none of the page's {samples} series is asked for"


def _native(families: Sequence[_Family]) -> Iterator[tuple[MetricFamily, tuple[str, ...], Slot]]:
    for family, series in families:
        for labels, index in series.items():
            pairs = dict(labels)
            yield family, tuple([pairs.get(name, "") for name in family.labels]), Slot(index)


def _neutral(
    families: Sequence[_Family], rules: Sequence[Neutral]
) -> Iterator[tuple[MetricFamily, tuple[str, ...], Slot]]:
    there = {one.family.name: one.series for one in families}
    filled = set(there)
    for rule in rules:
        source = there.get(rule.source)
        if source is None or rule.family in filled or (rule.minus and rule.minus not in there):
            continue
        filled.add(rule.family)
        for labels, index in source.items():
            pairs = dict(labels)
            row = [rule.labels[name].read(pairs) for name in rule.metric_family.labels]
            less = there[rule.minus].get(labels) if rule.minus else None
            if None not in row and (less is not None or not rule.minus):
                yield rule.metric_family, tuple(text or "" for text in row), Slot(index, less)


def _numbered(
    found: Sequence[tuple[MetricFamily, tuple[str, ...], Slot]],
) -> tuple[list[Sample], list[Slot]]:
    samples = [Sample(family, labels, index) for index, (family, labels, _) in enumerate(found)]
    return samples, [slot for _, _, slot in found]
