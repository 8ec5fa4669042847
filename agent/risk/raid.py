"""Does a Linux software RAID (md) have all its disks? Names are node_exporter's."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from agent.contract import Finding, FindingKey, Severity, Subject
from agent.risk.catalogue.servers import RAID_DEGRADED
from agent.risk.rules import RULES
from agent.risk.sight import Outcome, Sight

DISKS = "node_md_disks"
REQUIRED = "node_md_disks_required"


class _Array(NamedTuple):
    """An array with its disks; NaN where it does not say."""

    name: str
    required: float
    active: float

    @property
    def lacking(self) -> float:
        """So many disks are gone. Those that count as failed do not tell: ``[2/1] [U_]`` has none of them."""
        return self.required - self.active


def judge_raid(sight: Sight) -> Iterator[Outcome]:
    """Yield ``raid_degraded``, one for each device with all its arrays."""
    for subject, site in {target.subject: target.site for target, _ in sight.values(REQUIRED)}.items():
        arrays = _arrays(sight, subject)
        degraded = sorted((one for one in arrays if one.lacking > 0), key=lambda one: (-one.lacking, one.name))
        if degraded:
            yield _degraded(sight, subject, degraded, site)
        if any(math.isnan(one.lacking) for one in arrays):
            yield FindingKey(RAID_DEGRADED, subject)
    for subject in sight.dark:  # the array that is missing may be the degraded one
        yield FindingKey(RAID_DEGRADED, subject)


def _arrays(sight: Sight, subject: Subject) -> Sequence[_Array]:
    disks = sight.view.series(DISKS, subject)
    active = {one.labels.get("device", "?"): one.value for one in disks if one.labels.get("state") == "active"}
    required = {one.labels.get("device", "?"): one.value for one in sight.view.series(REQUIRED, subject)}
    return [_Array(name, count, active.get(name, math.nan)) for name, count in required.items()]


def _degraded(sight: Sight, subject: Subject, degraded: Sequence[_Array], site: str | None) -> Finding:
    words = sight.words
    worst, *others = degraded
    count, of = words.figure(worst.lacking), words.figure(worst.required)
    summary = words.say("raid_degraded", name=subject.id, array=worst.name, missing=count, required=of)
    if others:
        summary = words.say("more", text=summary, count=len(others))
    evidence = tuple(
        words.say("raid_array", array=one.name, active=words.figure(one.active), required=words.figure(one.required))
        for one in degraded
    )
    norm = RULES[RAID_DEGRADED].norm
    return Finding(RAID_DEGRADED, subject, Severity.CRITICAL, summary, evidence, norm=norm, site=site)
