"""Is what a backup wrote about as much as it always was? Its size says what an exit code of 0 does not."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import lru_cache

from agent.contract import Finding, FindingKey, Severity, Subject
from agent.families import HEARTBEAT_SIZES
from agent.risk.catalogue.heartbeats import BACKUP_SIZE_CHANGED, SizeOptions
from agent.risk.rule import options_of
from agent.risk.rules import RULES
from agent.risk.sight import Outcome, Sight
from agent.risk.sizes import SizeVerdict, Trend, size_verdict
from config.heartbeats import Heartbeat, SizeManner


def judge_size(sight: Sight, subject: Subject, terms: Heartbeat, *, known: bool) -> Iterator[Outcome]:
    """Yield ``backup_size_changed`` for a job; ``known``: whether anything is known of it at this look."""
    verdict = verdict_of(sight, subject, terms)
    if terms.sizes == "ignored":
        return
    if not known or (verdict is not None and verdict.untold and not verdict.always):
        yield FindingKey(BACKUP_SIZE_CHANGED, subject)  # not read, or the last success did not say its size
    elif verdict is not None:
        summary = _summary(sight, sight.name(subject), verdict)
        if summary is not None:
            yield _changed(sight, subject, summary, verdict)


def verdict_of(sight: Sight, subject: Subject, terms: Heartbeat) -> SizeVerdict | None:
    """Return what the sizes of a job say; None where it never told one, or they are not to be judged."""
    options = options_of(sight.settings, BACKUP_SIZE_CHANGED, SizeOptions)
    for job in sight.jobs.get(subject, ()):
        harvest = None if job.reading is None else job.reading.harvest
        if harvest is not None and HEARTBEAT_SIZES in harvest.facts:
            return _verdict(harvest.facts[HEARTBEAT_SIZES], options.below, options.above, terms.sizes)
    return None


def said_of(sight: Sight, trend: Trend, *, shortly: bool = False) -> str:
    """Say where sizes are going."""
    words = sight.words
    key = "backup_shrinks" if trend.last < trend.first else "backup_grows"
    said = {"span": words.duration(trend.seconds), "first": words.size(trend.first), "last": words.size(trend.last)}
    return words.say(f"{key}_shortly" if shortly else key, **said)


# Judged at each look, and told anew once a night.
@lru_cache(maxsize=1000)
def _verdict(told: str, below: float, above: float, manner: SizeManner) -> SizeVerdict | None:
    options = SizeOptions.model_construct(below=below, above=above)
    return size_verdict([(at, size) for at, size in json.loads(told)], options, manner)


def _summary(sight: Sight, name: str, verdict: SizeVerdict) -> str | None:
    """Say what is wrong with the size; None where nothing is."""
    words, usual, trend = sight.words, verdict.usual, verdict.trend
    size = words.size(verdict.last)
    if verdict.missing:
        return words.say("backup_missing", name=name, size=size)
    if verdict.says == "empty" and usual is None:
        return words.say("backup_empty", name=name, size=size)
    if verdict.says != "usual" and usual is not None:
        return words.say(f"backup_{verdict.says}_usual", name=name, size=size, usual=words.size(usual))
    least = options_of(sight.settings, BACKUP_SIZE_CHANGED, SizeOptions).below
    if trend is not None and trend.last < trend.first * least:
        return words.say("backup_shrunk", name=name, first=words.size(trend.first), last=words.size(trend.last))
    return None


def _changed(sight: Sight, subject: Subject, summary: str, verdict: SizeVerdict) -> Finding:
    evidence = () if verdict.trend is None else (said_of(sight, verdict.trend),)
    service = sight.inventory.services[subject.id]
    rule = RULES[BACKUP_SIZE_CHANGED]
    return Finding(rule.name, subject, Severity.WARNING, summary, evidence, norm=rule.norm, site=service.site)
