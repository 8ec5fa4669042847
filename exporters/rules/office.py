"""What all rules of one configuration have in common. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from agent.alerts.lifecycle import Policy
from agent.contract import Finding, Severity, Subject
from agent.risk.texts import Language
from config.inventory import Inventory
from config.settings import Settings
from exporters.address import page_of
from exporters.rules.template import literal
from exporters.web.runbooks import path_of, web_address


@dataclass(frozen=True, slots=True)
class Office:
    """What all rules of one configuration need.

    ``page``: the address at which people reach it, without a slash; None where nothing says at which.
    """

    inventory: Inventory
    settings: Settings
    policy: Policy
    page: str | None

    @classmethod
    def of(cls, inventory: Inventory, settings: Settings) -> Office:
        """Gather it."""
        return cls(inventory, settings, Policy.of(settings, inventory.rules), page_of(settings.web))

    @property
    def language(self) -> Language:
        """The one that people are told in."""
        return self.settings.municipality.language

    def hold(self, rule: str, severity: Severity) -> float:
        """Return how long a finding of the rule stands before it fires, in seconds."""
        return self.policy.hold_of(Finding(rule, Subject("rule", rule), severity, ""))

    def labels(self, severity: str, **more: str) -> dict[str, str]:
        """Return the labels that every alert has, and more."""
        return {"severity": severity, "municipality": self.settings.municipality.id, **more}

    def runbook(self, rule: str, given: str | None = None) -> dict[str, str]:
        """Return the annotation: an own rule's page or words, else our page about the rule, where it has an address."""
        if given is not None:
            return {"runbook_url" if web_address(given) else "runbook": literal(given)}
        return {} if self.page is None else {"runbook_url": literal(f"{self.page}{path_of(rule)}")}
