"""What a shipped rule is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar

from pydantic import Field

from config.rules import RuleOptions
from config.settings import Settings

Options = TypeVar("Options", bound=RuleOptions)


class BoundOptions(RuleOptions):
    """The bound of a shipped threshold."""

    above: float = Field(0.0, description="Found when the value is greater.")


@dataclass(frozen=True, slots=True)
class Rule:
    """One shipped rule. ``hold`` and ``clear`` (seconds) of None follow ``alerting.hold`` by severity and ``clear``.

    ``select``: the rule is a plain threshold on these series, judged as the own ones of ``rules:`` are; its options are
    ``BoundOptions``, its ``severity`` is one word, its summary stands in the texts under its name. ``leads``: it may
    speak for findings whose cause is its subject; a lasting flaw of a link explains nothing that happens to it today.
    """

    name: str
    severity: str
    meaning: str
    runbook: tuple[str, ...]
    hold: float | None = None
    clear: float | None = None
    options: type[RuleOptions] = RuleOptions
    norm: str | None = None
    select: str | None = None
    leads: bool = True


def options_of(settings: Settings, rule: str, model: type[Options]) -> Options:
    """Return the rule's options as configured, or the defaults."""
    given = settings.alerting.rules.get(rule)
    return given if isinstance(given, model) else model.model_validate({})
