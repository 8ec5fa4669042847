"""Are the parts of devices well: power supplies, fans, drives, feeds?

A part that a device does not list, or that is switched off, is no failure: whoever maps a device leaves those out.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain

from agent import neutral
from agent.contract import Alert, Finding, FindingKey, Series, Severity, Subject
from agent.risk.catalogue.hardware import (
    DRIVE_WEARING,
    HARDWARE_FAILED,
    HARDWARE_REDUNDANCY_LOST,
    PDU_FEED_LOST,
    WearOptions,
)
from agent.risk.dead_feeds import Fault, FeedBook, feeder_of, missed
from agent.risk.rule import options_of
from agent.risk.rules import RULES
from agent.risk.sight import Outcome, Sight

RULES_HERE = (PDU_FEED_LOST, HARDWARE_FAILED, HARDWARE_REDUNDANCY_LOST, DRIVE_WEARING)

_Faults = dict[Subject, list[Fault]]
_ByDevice = Mapping[Subject, list[Series]]


class HardwareBook:
    """Judges the parts of devices; what it remembers is which feeds had voltage."""

    def __init__(self) -> None:
        self._feeds = FeedBook()

    def recall(self, alerts: Iterable[Alert]) -> None:
        """Take up what the alerts know that the last run left."""
        self._feeds.recall(alerts)

    def look(self, sight: Sight) -> Iterator[Outcome | None]:
        """Yield what is found of each device's parts, one finding for each rule; the evidence lists the parts.

        What is not fully read is not known to be well: the part that is missing may be the one that failed.
        """
        parts = sight.by_subject(neutral.HARDWARE_OK.name)
        feeds = _gathered(chain(self._feeds.dead(sight), missed(sight)))
        failed, groups = _failed(sight, parts, feeds), _alone(sight)
        for subject, faults in feeds.items():
            yield _fed(sight, _finding(sight, PDU_FEED_LOST, subject, faults, groups.get(subject, ())), feeds)
        for subject, faults in failed.items():
            more = () if subject in feeds else groups.get(subject, ())
            yield _finding(sight, HARDWARE_FAILED, subject, faults, more)
        for subject, faults in groups.items():
            explained = subject in feeds or subject in failed
            alone = _finding(sight, HARDWARE_REDUNDANCY_LOST, subject, faults)
            yield alone.key if explained else alone  # told before, it is not over because the part is known now
        for subject, faults in _worn(sight, parts).items():
            yield _finding(sight, DRIVE_WEARING, subject, faults)
        yield None
        for subject in sight.dark:
            if subject.kind == "device":
                yield from (FindingKey(rule, subject) for rule in RULES_HERE)


def _fed(sight: Sight, found: Finding, dead: Collection[Subject]) -> Finding:
    """Return a lost feed under what feeds the device, where that is known to be without a feed or silent itself."""
    cause = feeder_of(sight, found.subject, dead)
    if cause is None:
        return found
    why = sight.words.say("hardware_fed_by", name=sight.name(cause))
    return replace(found, summary=sight.words.say("because", text=found.summary, why=why), cause=cause)


def _finding(
    sight: Sight, rule: str, subject: Subject, faults: Sequence[Fault], following: Sequence[Fault] = ()
) -> Finding:
    """Return the finding; ``following`` is what follows from it, for the evidence."""
    words = sight.words
    first, *others = faults
    summary = words.say(rule, name=subject.id, part=first.part, value=first.value)
    if others:
        summary = words.say("more", text=summary, count=len(others))
    device = sight.inventory.devices.get(subject.id)
    site = device.site if device is not None else None
    severity = Severity(RULES[rule].severity)
    evidence = tuple(fault.line for fault in (*faults, *following))
    return Finding(rule, subject, severity, summary, evidence, norm=RULES[rule].norm, site=site)


def _gathered(found: Iterable[tuple[Subject, Fault]]) -> _Faults:
    """Group by device, in the order of the parts' names; a part counts once."""
    grouped: dict[Subject, dict[str, Fault]] = {}
    for subject, fault in found:
        if subject.kind == "device":
            grouped.setdefault(subject, {}).setdefault(fault.part, fault)
    return {subject: [faults[part] for part in sorted(faults)] for subject, faults in grouped.items()}


def _failed(sight: Sight, parts: _ByDevice, feeds: _Faults) -> _Faults:
    dark = {
        (subject, fault.part.removesuffix(neutral.INPUT_OF_PART))
        for subject, faults in feeds.items()
        for fault in faults
    }

    def found() -> Iterator[tuple[Subject, Fault]]:
        for subject, series in parts.items():
            for one in series:
                part = one.labels.get("part", "?")
                if one.value == 0 and (subject, part) not in dark:
                    yield subject, Fault(part, sight.words.say("hardware_part", part=part))

    return _gathered(found())


def _alone(sight: Sight) -> _Faults:
    groups = (one for one in sight.view.series(neutral.REDUNDANCY_OK.name) if one.value == 0)
    named = ((one.subject, one.labels.get("group", "?")) for one in groups)
    return _gathered((subject, Fault(group, sight.words.say("hardware_group", part=group))) for subject, group in named)


def _worn(sight: Sight, parts: _ByDevice) -> _Faults:
    below = options_of(sight.settings, DRIVE_WEARING, WearOptions).below
    broken = {(one.subject, one.labels.get("part")) for series in parts.values() for one in series if one.value == 0}

    def found() -> Iterator[tuple[Subject, Fault]]:
        for one in sight.view.series(neutral.HARDWARE_LIFE.name):
            part = one.labels.get("part", "?")
            if one.value < below and (one.subject, part) not in broken:
                left = sight.words.percent(one.value)
                yield one.subject, Fault(part, sight.words.say("hardware_life", part=part, value=left), left)

    return _gathered(found())
