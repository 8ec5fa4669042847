"""What a threshold is, shipped or own: series, a comparison, and what is said of those that do not hold it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from agent.contract import Severity
from agent.risk.rule import BoundOptions, Rule, options_of
from agent.risk.rules import RULES
from agent.risk.texts import Words
from config.inventory import Inventory
from config.inventory import Rule as OwnRule
from config.selectors import Selector, parse_selector
from config.settings import Settings

Comparison = Literal["above", "below", "absent", "changed"]


@dataclass(frozen=True, slots=True)
class Threshold:
    """``bound`` is what values are compared with; for ``changed`` the span in seconds, for ``absent`` nothing.

    ``text``: summary with ``{label}`` and ``{value}`` in it; None says rule, value and bound.
    """

    rule: str
    selector: Selector
    comparison: Comparison
    bound: float
    severity: Severity
    text: str | None = None
    runbook: str | None = None
    norm: str | None = None


def thresholds_of(inventory: Inventory, settings: Settings) -> Iterator[Threshold]:
    """Yield the shipped thresholds, adjusted as configured, and the own ones of ``rules:``."""
    words = Words(settings.municipality.language)
    for rule in RULES.values():
        if rule.select is not None:
            yield _shipped(rule, rule.select, settings, words)
    for name, own in inventory.rules.items():
        yield _own(name, own)


def _shipped(rule: Rule, select: str, settings: Settings, words: Words) -> Threshold:
    """A severity that the settings give is put in where every finding's is."""
    options = options_of(settings, rule.name, rule.options)
    bound = options.above if isinstance(options, BoundOptions) else 0.0
    text = words.template(rule.name)
    return Threshold(rule.name, parse_selector(select), "above", bound, Severity(rule.severity), text, norm=rule.norm)


def _own(name: str, own: OwnRule) -> Threshold:
    comparison, bound = _compared(own)
    return Threshold(name, own.select, comparison, bound, Severity(own.severity), own.text, own.runbook)


def _compared(own: OwnRule) -> tuple[Comparison, float]:
    if own.above is not None:
        return "above", own.above
    if own.below is not None:
        return "below", own.below
    return ("absent", 0.0) if own.changed is None else ("changed", own.changed)
