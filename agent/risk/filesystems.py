"""Is a file system full, or soon? Names and units are node_exporter's."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from itertools import repeat
from operator import itemgetter
from typing import NamedTuple

from agent.contract import Finding, FindingKey, Rows, Severity, Subject, Target, View
from agent.risk.catalogue.servers import FILESYSTEM_FILLING, FILESYSTEM_FULL, FillingOptions, FullOptions
from agent.risk.rule import options_of
from agent.risk.rules import RULES
from agent.risk.sight import AT_ONCE, Outcome, Sight
from agent.risk.texts import Words

AVAILABLE = "node_filesystem_avail_bytes"
SIZE = "node_filesystem_size_bytes"
READONLY = "node_filesystem_readonly"
ERROR = "node_filesystem_device_error"

# What was found full stays so until a hundredth more is free: logs come and go.
FULL_HYSTERESIS = 0.01

# Full by nature, gone with the next boot, or closed to all but the user that they belong to.
_IGNORED_TYPES = frozenset(
    {
        "squashfs",
        "iso9660",
        "udf",
        "erofs",
        "cramfs",
        "tmpfs",
        "devtmpfs",
        "ramfs",
        "overlay",
        "autofs",
        "proc",
        "sysfs",
        "fuse.portal",
        "fuse.gvfsd-fuse",
    }
)

_Place = tuple[str, str]  # mount point, type


class _Volume(NamedTuple):
    """One file system of a device; sizes in bytes."""

    place: _Place
    available: float
    size: float

    @property
    def mount(self) -> str:
        """Where it is mounted."""
        return self.place[0]

    @property
    def used(self) -> float:
        """Used share, as ``df`` counts it for users other than root."""
        return 1 - self.available / self.size


class _Bad(NamedTuple):
    """A volume with what is wrong; ``rank`` sorts the worst first."""

    rank: float
    severity: Severity
    summary: str
    evidence: str


def judge_filesystems(sight: Sight) -> Iterator[Outcome | None]:
    """Yield ``filesystem_full`` and ``filesystem_filling``, one for each device with all its file systems."""
    full = options_of(sight.settings, FILESYSTEM_FULL, FullOptions)
    filling = options_of(sight.settings, FILESYSTEM_FILLING, FillingOptions)
    readings = (reading for family in (AVAILABLE, ERROR) for reading, _ in sight.view.columns(family))
    shown = {reading.target.subject: reading.target for reading in readings}
    for number, target in enumerate(shown.values(), start=1):
        volumes, unreadable = _volumes(sight.view, target.subject)
        yield from _judge_full(sight, target, volumes, full)
        yield from _judge_filling(sight, target, volumes, filling)
        if unreadable:
            yield from _unverified(target.subject)
        if number % AT_ONCE == 0:
            yield None
    for subject in sight.dark:  # the file system that is missing may be the full one
        if subject.kind == "device" or subject in shown:
            yield from _unverified(subject)


def _unverified(subject: Subject) -> Iterator[FindingKey]:
    yield FindingKey(FILESYSTEM_FULL, subject)
    yield FindingKey(FILESYSTEM_FILLING, subject)


def _volumes(view: View, subject: Subject) -> tuple[Sequence[_Volume], bool]:
    """Return a device's file systems, and whether there are others, of which it says only that it cannot read them."""
    available, sizes = _values(view, AVAILABLE, subject), _values(view, SIZE, subject)
    left_out = _marked(view, READONLY, subject)
    volumes = [
        _Volume(place, free, sizes[place])
        for place, free in available.items()
        if sizes.get(place, 0.0) > 0 and place not in left_out and place[1] not in _IGNORED_TYPES
    ]
    others = _marked(view, ERROR, subject) - left_out - (available.keys() & sizes.keys())
    return volumes, any(fstype not in _IGNORED_TYPES for _, fstype in others)


def _values(view: View, family: str, subject: Subject) -> Mapping[_Place, float]:
    """Return what a device says of each file system."""
    columns = _columns(view, family, subject)
    cells = (cell for rows, values in columns for cell in zip(_places(rows), values, strict=False))
    return {place: value for place, value in cells if not math.isnan(value)}


def _marked(view: View, family: str, subject: Subject) -> AbstractSet[_Place]:
    """Return the file systems with a 1; mostly there is none, which a look at the values alone tells."""
    columns = ((rows, values) for rows, values in _columns(view, family, subject) if 1 in values)
    cells = (cell for rows, values in columns for cell in zip(_places(rows), values, strict=False))
    return {place for place, value in cells if value == 1}


def _columns(view: View, family: str, subject: Subject) -> Iterator[tuple[Rows, Sequence[float]]]:
    for reading, column in view.columns(family, subject):
        if reading.harvest is not None:
            yield column.rows, reading.harvest.values[column.start : column.stop]


def _places(rows: Rows) -> Iterator[_Place]:
    return zip(_labels(rows, "mountpoint", "?"), _labels(rows, "fstype", ""), strict=False)


def _labels(rows: Rows, name: str, missing: str) -> Iterable[str]:
    return map(itemgetter(rows.names.index(name)), rows.values) if name in rows.names else repeat(missing)


def _judge_full(sight: Sight, target: Target, volumes: Sequence[_Volume], options: FullOptions) -> Iterator[Outcome]:
    bad = tuple(_full(sight.words, target, volumes, options))
    yield from _finding(sight, FILESYSTEM_FULL, target, bad)
    limit = min(options.warning, options.critical) - FULL_HYSTERESIS
    if not bad and any(volume.used >= limit for volume in volumes):
        yield FindingKey(FILESYSTEM_FULL, target.subject)


def _full(words: Words, target: Target, volumes: Sequence[_Volume], options: FullOptions) -> Iterator[_Bad]:
    for volume in volumes:
        if volume.used >= min(options.warning, options.critical):
            severity = Severity.CRITICAL if volume.used >= options.critical else Severity.WARNING
            used = words.percent(volume.used)
            summary = words.say("full", name=target.subject.id, mount=volume.mount, value=used)
            line = words.say("mount_full", mount=volume.mount, value=used, free=words.size(volume.available))
            yield _Bad(-volume.used, severity, summary, line)


def _judge_filling(
    sight: Sight, target: Target, volumes: Sequence[_Volume], options: FillingOptions
) -> Iterator[Outcome]:
    low = [volume for volume in volumes if volume.available / volume.size < options.below]
    slopes: Mapping[_Place, float | None] = (
        _slopes(sight, target.subject, {volume.place for volume in low}) if low else {}
    )
    words = sight.words
    bad: list[_Bad] = []
    for volume in low:
        slope = slopes.get(volume.place)
        left = volume.available / -slope if slope is not None and slope < 0 else None
        if left is not None and left <= options.within:
            value = words.duration(left)
            summary = words.say("filling", name=target.subject.id, mount=volume.mount, value=value)
            line = words.say("mount_filling", mount=volume.mount, value=value, free=words.size(volume.available))
            bad.append(_Bad(left, Severity.WARNING, summary, line))
    yield from _finding(sight, FILESYSTEM_FILLING, target, bad)
    if not bad and any(slopes.get(volume.place) is None for volume in low):
        yield FindingKey(FILESYSTEM_FILLING, target.subject)


def _slopes(sight: Sight, subject: Subject, places: AbstractSet[_Place]) -> Mapping[_Place, float | None]:
    """Return by how many bytes a second there is more or less room."""
    labels = [one.labels for one in sight.view.series(AVAILABLE, subject)]
    found = {(one.get("mountpoint", "?"), one.get("fstype", "")): one for one in labels}
    known = ((place, found[place]) for place in places if place in found)
    return {place: sight.windows.slope_per_second(AVAILABLE, subject, one) for place, one in known}


def _finding(sight: Sight, rule: str, target: Target, found: Iterable[_Bad]) -> Iterator[Finding]:
    """One finding for all of a device's file systems: the identity is (rule, subject)."""
    bad = sorted(found, key=lambda one: (one.rank, one.summary))
    if bad:
        worst, *others = bad
        severity = Severity.CRITICAL if any(one.severity is Severity.CRITICAL for one in bad) else Severity.WARNING
        summary = sight.words.say("more", text=worst.summary, count=len(others)) if others else worst.summary
        evidence = tuple(one.evidence for one in bad)
        yield Finding(rule, target.subject, severity, summary, evidence, norm=RULES[rule].norm, site=target.site)
