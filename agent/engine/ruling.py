"""What of the configuration decides what is found and what becomes of it; built once for each configuration."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from agent.alerts.lifecycle import Policy, Step
from agent.alerts.muting import Excuses, marked
from agent.alerts.routing import Rota
from agent.contract import Silence
from agent.risk.threshold import thresholds_of
from agent.risk.watch import ThresholdBook
from config.inventory import Inventory
from config.settings import Settings


@dataclass(frozen=True, slots=True)
class Ruling:
    """Policy, routes and thresholds of one configuration."""

    policy: Policy
    rota: Rota
    inventory: Inventory
    book: ThresholdBook

    @classmethod
    def of(cls, inventory: Inventory, settings: Settings, before: Ruling | None) -> Ruling:
        """Return it; the thresholds go on from ``before``, that of the last configuration."""
        book = ThresholdBook(thresholds_of(inventory, settings), None if before is None else before.book)
        return cls(Policy.of(settings, inventory.rules), Rota.of(settings), inventory, book)

    def mark(self, decided: Step, now: float, silences: Sequence[Silence]) -> Step:
        """Say of each alert why nobody is told of it."""
        alerts = marked(decided.alerts, Excuses(self.rota.settings, self.rota.calendar, silences), self.policy, now)
        changes = (replace(one, alert=alerts[one.alert.finding.key]) for one in decided.transitions)
        return Step(alerts, tuple(changes))
