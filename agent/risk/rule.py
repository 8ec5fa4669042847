"""What a shipped rule is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple, TypeVar

from pydantic import Field

from agent.contract import Severity
from config.rules import RuleOptions
from config.settings import Settings

WORST_FIRST = (Severity.CRITICAL, Severity.WARNING, Severity.INFO)

Options = TypeVar("Options", bound=RuleOptions)


class BoundOptions(RuleOptions):
    """The bound of a shipped threshold."""

    above: float = Field(0.0, description="Found when the value is greater.")


class Steps(NamedTuple):
    """What a rule means and what to do, in another language: as many lines as ``Rule.runbook``, in the same order."""

    meaning: str
    runbook: tuple[str, ...]


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

    def severities(self, given: RuleOptions | None) -> tuple[Severity, ...]:
        """Return those that a finding may have, the worst first: the one that is set, else those that it is said to."""
        if given is not None and given.severity is not None:
            return (Severity(given.severity),)
        return tuple(one for one in WORST_FIRST if one.value in self.severity) or WORST_FIRST


def options_of(settings: Settings, rule: str, model: type[Options]) -> Options:
    """Return the rule's options as configured, or the defaults."""
    given = settings.alerting.rules.get(rule)
    return given if isinstance(given, model) else model.model_validate({})
