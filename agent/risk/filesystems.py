"""Is a file system full, or soon? Names and units are node_exporter's."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from agent.contract import Finding, FindingKey, Series, Severity, Subject
from agent.risk.catalogue.servers import FILESYSTEM_FILLING, FILESYSTEM_FULL, FillingOptions, FullOptions
from agent.risk.rule import options_of
from agent.risk.rules import RULES
from agent.risk.sight import Outcome, Sight

AVAILABLE = "node_filesystem_avail_bytes"
SIZE = "node_filesystem_size_bytes"
READONLY = "node_filesystem_readonly"

# Full by nature, or gone with the next boot.
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
    }
)


class _Volume(NamedTuple):
    """One file system of a device; sizes in bytes."""

    mount: str
    available: float
    size: float
    labels: Mapping[str, str]
    site: str | None

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
    site: str | None


def judge_filesystems(sight: Sight) -> Iterator[Outcome]:
    """Yield ``filesystem_full`` and ``filesystem_filling``, one for each device with all its file systems."""
    volumes = _volumes(sight)
    for subject, of_device in volumes.items():
        yield from _finding(sight, FILESYSTEM_FULL, subject, _full(sight, subject, of_device))
        yield from _judge_filling(sight, subject, of_device)
        if sight.blind(subject):  # the file system that is missing may be the full one
            yield FindingKey(FILESYSTEM_FULL, subject)
            yield FindingKey(FILESYSTEM_FILLING, subject)
    yield from sight.unseen(FILESYSTEM_FULL, "device", volumes)
    yield from sight.unseen(FILESYSTEM_FILLING, "device", volumes)


def _volumes(sight: Sight) -> dict[Subject, list[_Volume]]:
    sizes = {_identity(series): series.value for series in sight.view.series(SIZE)}
    readonly = {_identity(series) for series in sight.view.series(READONLY) if series.value == 1}
    found: dict[Subject, list[_Volume]] = {}
    for series in sight.view.series(AVAILABLE):
        identity = _identity(series)
        size = sizes.get(identity, 0.0)
        if size > 0 and identity not in readonly and series.labels.get("fstype") not in _IGNORED_TYPES:
            mount = series.labels.get("mountpoint", "?")
            found.setdefault(series.subject, []).append(_Volume(mount, series.value, size, series.labels, series.site))
    return found


def _identity(series: Series) -> tuple[Subject, str, str]:
    return series.subject, series.labels.get("mountpoint", "?"), series.labels.get("fstype", "")


def _full(sight: Sight, subject: Subject, volumes: Sequence[_Volume]) -> list[_Bad]:
    options = options_of(sight.settings, FILESYSTEM_FULL, FullOptions)
    words = sight.words
    bad: list[_Bad] = []
    for volume in volumes:
        if volume.used >= min(options.warning, options.critical):
            severity = Severity.CRITICAL if volume.used >= options.critical else Severity.WARNING
            used = words.percent(volume.used)
            summary = words.say("full", name=subject.id, mount=volume.mount, value=used)
            line = words.say("mount_full", mount=volume.mount, value=used, free=words.size(volume.available))
            bad.append(_Bad(-volume.used, severity, summary, line, volume.site))
    return bad


def _judge_filling(sight: Sight, subject: Subject, volumes: Sequence[_Volume]) -> Iterator[Outcome]:
    options = options_of(sight.settings, FILESYSTEM_FILLING, FillingOptions)
    low = [volume for volume in volumes if volume.available / volume.size < options.below]
    slopes = [(v, sight.windows.slope_per_second(AVAILABLE, subject, v.labels)) for v in low]
    words = sight.words
    bad: list[_Bad] = []
    for volume, slope in slopes:
        left = volume.available / -slope if slope is not None and slope < 0 else None
        if left is not None and left <= options.within:
            value = words.duration(left)
            summary = words.say("filling", name=subject.id, mount=volume.mount, value=value)
            line = words.say("mount_filling", mount=volume.mount, value=value, free=words.size(volume.available))
            bad.append(_Bad(left, Severity.WARNING, summary, line, volume.site))
    yield from _finding(sight, FILESYSTEM_FILLING, subject, bad)
    if not bad and any(slope is None for _, slope in slopes):
        yield FindingKey(FILESYSTEM_FILLING, subject)


def _finding(sight: Sight, rule: str, subject: Subject, bad: list[_Bad]) -> Iterator[Finding]:
    """One finding for all of a device's file systems: the identity is (rule, subject)."""
    if bad:
        worst, *others = ordered = sorted(bad)
        severity = Severity.CRITICAL if any(one.severity is Severity.CRITICAL for one in bad) else Severity.WARNING
        summary = sight.words.say("more", text=worst.summary, count=len(others)) if others else worst.summary
        evidence = tuple(one.evidence for one in ordered)
        yield Finding(rule, subject, severity, summary, evidence, norm=RULES[rule].norm, site=worst.site)
