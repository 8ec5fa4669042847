"""What must be proved again and again: that a backup can be restored, that a standby takes over."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from agent.contract import Finding, Severity, Subject
from agent.risk.deadlines import Today, next_test, retest_limits
from agent.risk.rules import RULES
from agent.risk.sight import Sight


class Retest(NamedTuple):
    """What is to be tested each ``every`` seconds, and when it was: None for never.

    ``rule`` has ``RetestOptions``; the texts begin with ``words``.
    """

    rule: str
    words: str
    subject: Subject
    name: str
    site: str | None
    tested: date | None
    every: float


def judge_retest(sight: Sight, test: Retest) -> Iterator[Finding]:
    """Yield the rule's finding where the test is due soon, is over, or was never done."""
    words = sight.words
    if test.tested is None:
        yield _finding(sight, test, Severity.WARNING, words.say(f"{test.words}_never", name=test.name))
        return
    day, today = next_test(test.tested, test.every), Today.of(sight.view.now, sight.settings)
    if test.tested > today.day:
        said = words.say(f"{test.words}_future", name=test.name, day=words.day(test.tested))
        yield _finding(sight, test, Severity.WARNING, said)
        return
    stage = today.stage(day, retest_limits(sight.settings, test.rule))
    if stage != "later":
        left = today.until(day)
        key = f"{test.words}_{'over' if left < 0 else 'due'}"
        yield _finding(
            sight, test, Severity(stage), words.say(key, name=test.name, when=words.when(left), day=words.day(day))
        )


def _finding(sight: Sight, test: Retest, severity: Severity, summary: str) -> Finding:
    words = sight.words
    last = () if test.tested is None else (words.say("retest_last", day=words.day(test.tested)),)
    evidence = (*last, words.say("retest_every", every=words.duration(test.every)))
    return Finding(test.rule, test.subject, severity, summary, evidence, norm=RULES[test.rule].norm, site=test.site)
