"""Which series break a threshold: the shipped ones and those of ``rules:``."""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from typing import NamedTuple

from agent.contract import Finding, FindingKey, JobKey, LabelPairs, Severity, Subject, SubjectKind
from agent.layout import clean_text
from agent.risk.catalogue.daemon import RULE_TOO_BROAD
from agent.risk.changes import Track
from agent.risk.matching import shown_labels
from agent.risk.sight import Outcome, Sight
from agent.risk.texts import MAX_QUOTE_BYTES
from agent.risk.watch import Part, ThresholdBook, Watch
from config.placeholders import VALUE, fill

MAX_SUBJECTS = 200  # of one rule
MAX_EVIDENCE = 20
MAX_TEXT_BYTES = 4000

_UNSAID = "?"
_NAMED: tuple[SubjectKind, ...] = ("device", "service", "link")


class _Hit(NamedTuple):
    """One series that breaks a threshold; ``badness`` is greatest for the worst."""

    badness: float
    value: float
    key: JobKey
    part: Part
    place: int
    track: Track | None


def judge_thresholds(sight: Sight, book: ThresholdBook) -> Iterator[Outcome | None]:
    """Yield what breaks a threshold, and None wherever a pause may be made."""
    yield from book.take_in(sight.view)
    if not book.watches:
        return
    for watch in book.watches:
        if watch.threshold.comparison == "absent":
            yield from _judge_absent(sight, watch)
        else:
            yield from _judge_values(sight, watch)
        yield None


def _judge_values(sight: Sight, watch: Watch) -> Iterator[Outcome | None]:
    """Of too many subjects the same ones are told at each look: the first by name."""
    rule = watch.threshold.rule
    broken: dict[Subject, list[JobKey]] = {}
    for key in watch.broken:
        broken.setdefault(key.subject, []).append(key)
    told = sorted(broken)[:MAX_SUBJECTS]
    for subject in told:
        if subject not in watch.told:
            watch.told[subject] = _finding(sight, watch, subject, broken[subject])
            yield None
        yield watch.told[subject]
    untold = () if len(told) == len(broken) else broken.keys() - set(told)
    unseen = (key.subject for key in chain(watch.cut, watch.doubtful))
    for subject in chain(untold, unseen, _young(sight, watch), sight.dark):
        yield FindingKey(rule, subject)
    yield from _too_broad(sight, watch, len(broken))


def _young(sight: Sight, watch: Watch) -> Iterator[Subject]:
    """Yield whoever was not yet watched for as long as a rule looks back: it may have changed before."""
    if watch.threshold.comparison == "changed":
        for key in watch.parts:
            if sight.view.now - watch.histories[key].since < watch.threshold.bound:
                yield key.subject


def _too_broad(sight: Sight, watch: Watch, broken: int) -> Iterator[Outcome]:
    """Yield what is left out; while somebody is not read who may show more, a rule is not known to be narrow enough."""
    rule, words, says = watch.threshold.rule, sight.words, list[str]()
    if watch.cut:
        count = sum(watch.matched.values())
        says.append(words.say("too_many_series", rule=rule, count=count, limit=watch.looked_at))
    if broken > MAX_SUBJECTS:
        says.append(words.say("too_many_subjects", rule=rule, count=broken, limit=MAX_SUBJECTS))
    if says:
        selects = clean_text(watch.threshold.selector.text, MAX_QUOTE_BYTES)
        yield Finding(RULE_TOO_BROAD, Subject("rule", rule), Severity.WARNING, "; ".join(says), (selects,))
    elif _may_be_unseen(sight, watch):
        yield FindingKey(RULE_TOO_BROAD, Subject("rule", rule))


def _may_be_unseen(sight: Sight, watch: Watch) -> bool:
    """Whether somebody who is not read now may show what is selected."""
    return not sight.jobs or any(watch.may_select(sight.jobs[subject][0].target) for subject in sight.dark)


def _judge_absent(sight: Sight, watch: Watch) -> Iterator[Outcome]:
    """One outcome for each subject that the selector names; where it names none, one for the rule itself."""
    rule = watch.threshold.rule
    there = {key.subject for key in watch.broken}
    named = _subjects(sight, watch)
    for subject in named:
        if subject in sight.dark:
            yield FindingKey(rule, subject)
        elif subject not in there:
            yield _absent(sight, watch, subject)
    if named or there:
        return
    of_rule = Subject("rule", rule)
    yield FindingKey(rule, of_rule) if _may_be_unseen(sight, watch) else _absent(sight, watch, of_rule)


def _subjects(sight: Sight, watch: Watch) -> Sequence[Subject]:
    """Return those that an equality names and that are watched; a family's own `device` names a disk, not one of us."""
    selector = watch.threshold.selector
    names: Iterator[tuple[SubjectKind, set[str | None]]] = (
        (kind, {selector.named(kind), selector.named("instance")}) for kind in _NAMED
    )
    wanted = {Subject(kind, name) for kind, given in names for name in given if name is not None}
    return sorted(wanted & sight.jobs.keys())


# --- what is said ----------------------------------------------------------------------------------------------------


def _absent(sight: Sight, watch: Watch, subject: Subject) -> Finding:
    threshold, words = watch.threshold, sight.words
    jobs = sight.jobs.get(subject, ())
    target: LabelPairs = jobs[0].target.labels if jobs else ()
    labels = {one.name: one.value for one in threshold.selector.labels if one.operator == "="} | dict(target)
    selects = clean_text(threshold.selector.text, MAX_QUOTE_BYTES)
    if threshold.text is None:
        summary = words.say("threshold_absent", rule=threshold.rule, select=selects)
    else:
        summary = _filled(threshold.text, labels, _UNSAID)
    site = jobs[0].target.site if jobs else None
    return _made(watch, subject, summary, (selects,), site)


def _finding(sight: Sight, watch: Watch, subject: Subject, keys: Sequence[JobKey]) -> Finding:
    """One finding for all of a subject's series, the worst first."""
    count = sum(len(part.hits) for key in keys for part in watch.parts[key])
    worst = heapq.nlargest(MAX_EVIDENCE, _worst(watch, keys), key=lambda hit: hit.badness)
    reading, words = watch.readings[worst[0].key], sight.words
    labels = shown_labels(worst[0].part.column, worst[0].place, reading.target.labels)
    summary = _summary(sight, watch, labels, worst[0].value)
    evidence = [_line(sight, hit) for hit in worst]
    if count > 1:
        summary += f" ({words.say('further', count=count - 1)})"
    if count > MAX_EVIDENCE:
        evidence.append(words.say("further", count=count - MAX_EVIDENCE))
    return _made(watch, subject, summary, tuple(evidence), reading.target.site)


def _made(watch: Watch, subject: Subject, summary: str, evidence: tuple[str, ...], site: str | None) -> Finding:
    threshold = watch.threshold
    return Finding(
        threshold.rule,
        subject,
        threshold.severity,
        summary,
        evidence,
        norm=threshold.norm,
        site=site,
        runbook=threshold.runbook,
    )


def _worst(watch: Watch, keys: Sequence[JobKey]) -> Iterator[_Hit]:
    """Yield the worst of each column, in an order that does not depend on what was read first."""
    sign = -1.0 if watch.threshold.comparison == "below" else 1.0
    for key in sorted(keys):
        harvest = watch.readings[key].harvest
        values = () if harvest is None else harvest.values
        for part in watch.parts[key]:
            tracks = dict(zip(part.indexes, part.tracks, strict=True)) if part.tracks else {}

            def badness(place: int, tracks: Mapping[int, Track] = tracks, values: Sequence[float] = values) -> float:
                return tracks[place].changed_at if tracks else sign * values[place]

            for place in heapq.nlargest(MAX_EVIDENCE, part.hits, key=badness):
                yield _Hit(badness(place), values[place], key, part, place, tracks.get(place))


def _summary(sight: Sight, watch: Watch, labels: Mapping[str, str], value: float) -> str:
    threshold, words = watch.threshold, sight.words
    if threshold.text is not None:
        return _filled(threshold.text, labels, words.figure(value))
    span = threshold.comparison == "changed"
    bound = words.duration(threshold.bound) if span else words.figure(threshold.bound)
    kind = f"threshold_{threshold.comparison}"
    return words.say(kind, rule=threshold.rule, value=words.figure(value), bound=bound)


def _filled(text: str, labels: Mapping[str, str], value: str) -> str:
    """Fill in labels; what a device says is cleaned and bounded, and never read as a template."""

    def value_of(name: str) -> str:
        return value if name == VALUE else clean_text(labels.get(name) or _UNSAID, MAX_QUOTE_BYTES)

    return clean_text(fill(text, value_of), MAX_TEXT_BYTES)


def _line(sight: Sight, hit: _Hit) -> str:
    """Return the series with its own labels and value, and what it was before."""
    column, words = hit.part.column, sight.words
    row = column.rows.values[hit.place - column.start]
    pairs = (f'{name}="{text}"' for name, text in zip(column.rows.names, row, strict=True) if text)
    labels = ", ".join(pairs)
    series = clean_text(f"{column.family.name}{{{labels}}}" if labels else column.family.name, 2 * MAX_QUOTE_BYTES)
    value = words.figure(hit.value)
    if hit.track is None:
        return f"{series}: {value}"
    ago = words.duration(max(0.0, sight.view.now - hit.track.changed_at))
    if hit.track.before is None:
        return f"{series}: {words.say('series_new', ago=ago)}"
    return f"{series}: {words.say('series_changed', before=words.figure(hit.track.before), value=value, ago=ago)}"
