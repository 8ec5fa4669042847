"""What a shipped rule is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar

from config.rules import RuleOptions
from config.settings import Settings

Options = TypeVar("Options", bound=RuleOptions)


@dataclass(frozen=True, slots=True)
class Rule:
    """One shipped rule. ``hold`` and ``clear`` (seconds) of None follow ``alerting.hold`` by severity and ``clear``."""

    name: str
    severity: str
    meaning: str
    runbook: tuple[str, ...]
    hold: float | None = None
    clear: float | None = None
    options: type[RuleOptions] = RuleOptions
    norm: str | None = None
    planned: bool = False


def options_of(settings: Settings, rule: str, model: type[Options]) -> Options:
    """Return the rule's options as configured, or the defaults."""
    given = settings.alerting.rules.get(rule)
    return given if isinstance(given, model) else model.model_validate({})
