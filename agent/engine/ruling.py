"""What of the configuration decides what is found and what becomes of it; built once for each configuration."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from agent.alerts.lifecycle import Policy, Step, step
from agent.alerts.muting import Excuses, accepted, marked, skipped
from agent.alerts.rota import Rota
from agent.contract import Alert, Finding, FindingKey, Judgement, Silence
from agent.risk.calendar import Calendars
from agent.risk.threshold import thresholds_of
from agent.risk.watch import ThresholdBook
from config.inventory import Inventory
from config.settings import Settings
from config.support.reading import shipped


@dataclass(frozen=True, slots=True)
class Ruling:
    """Policy, routes, excuses, thresholds and hours of one configuration."""

    policy: Policy
    rota: Rota
    excuses: Excuses
    inventory: Inventory
    book: ThresholdBook
    calendars: Calendars

    @classmethod
    def of(cls, inventory: Inventory, settings: Settings, before: Ruling | None) -> Ruling:
        """Return it; the thresholds go on from ``before``, that of the last configuration. Reads files."""
        book = ThresholdBook(thresholds_of(inventory, settings), None if before is None else before.book)
        rota = Rota.of(settings)
        excuses = Excuses.of(inventory, settings, rota.calendar)
        shipped()  # read here, once, and not at the first look
        return cls(Policy.of(settings, inventory.rules), rota, excuses, inventory, book, Calendars(settings).read())

    def lived_with(self, now: float) -> Callable[[Finding], bool]:
        """Return what says whether somebody accepted a finding, as of ``now`` (seconds since the epoch)."""
        return lambda finding: accepted(finding, self.rota.settings, self.rota.calendar, now) is not None

    def decide(
        self, alerts: Mapping[FindingKey, Alert], judgement: Judgement, now: float, silences: Sequence[Silence]
    ) -> Step:
        """Return what becomes of the alerts at ``now`` (seconds since the epoch), and why nobody is told of each."""
        excuses = replace(self.excuses, silences=silences)
        decided = step(alerts, judgement, self.policy, now, skipped(judgement.findings, excuses, now))
        marks = marked(decided.alerts, excuses, self.policy, now)
        changes = (replace(one, alert=marks[one.alert.finding.key]) for one in decided.transitions)
        return Step(marks, tuple(changes))
