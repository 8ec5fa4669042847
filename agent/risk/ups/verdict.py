"""What the rules about a UPS yield."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from agent.contract import Finding, FindingKey, MetricFamily, Severity
from agent.risk.rules import RULES
from agent.risk.ups.standing import Standing


class Bounds(NamedTuple):
    """From where on a figure is bad; one that was so stays it until it is back by ``play``."""

    warning: float
    critical: float
    play: float


def found(standing: Standing, rule: str, severity: Severity, summary: str, evidence: tuple[str, ...] = ()) -> Finding:
    """Return a finding on a UPS, with the norm of its rule."""
    ups = standing.ups
    return Finding(rule, ups.subject, severity, summary, evidence, norm=RULES[rule].norm, site=ups.site)


def unless_known(standing: Standing, rule: str, family: MetricFamily) -> Iterator[FindingKey]:
    """Yield the rule's key where what it asks for is missing: what was bad may be so still."""
    if standing.ups.value(family) is None:
        yield FindingKey(rule, standing.ups.subject)


def graded(standing: Standing, rule: str, value: float, bounds: Bounds) -> Severity | None:
    """Return how bad a figure is, and remember it."""
    levels = standing.memory.levels
    before = levels.pop(rule, None)
    play = bounds.play if before is Severity.CRITICAL else 0.0
    severity = Severity.CRITICAL if value > bounds.critical - play else None
    play = bounds.play if before is not None else 0.0
    if severity is None and value > bounds.warning - play:
        severity = Severity.WARNING
    if severity is not None:
        levels[rule] = severity
    return severity
