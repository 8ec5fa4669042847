"""One look at everything: a pure function of inventory, settings, the view and its windows."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from dataclasses import replace
from itertools import chain

from agent.contract import Finding, FindingKey, Judgement, Severity, View, Windows
from agent.risk.certificates import judge_certificates
from agent.risk.climate import judge_climate
from agent.risk.clock import judge_clocks
from agent.risk.filesystems import judge_filesystems
from agent.risk.links import judge_links
from agent.risk.plugins import judge_plugins
from agent.risk.power import judge_power
from agent.risk.probes import judge_probes
from agent.risk.reachability import judge_reachability
from agent.risk.reminders import judge_deadlines
from agent.risk.services import judge_services
from agent.risk.sight import Outcome, Sight
from agent.risk.threshold import thresholds_of
from agent.risk.thresholds import judge_thresholds
from agent.risk.uplink import judge_uplink, look_out
from agent.risk.watch import ThresholdBook
from config.inventory import Inventory
from config.settings import Settings

_RULE_FAMILIES: tuple[Callable[[Sight], Iterator[Outcome]], ...] = (
    judge_reachability,
    judge_links,
    judge_power,
    judge_climate,
    judge_services,
    judge_probes,
    judge_plugins,
    judge_certificates,
    judge_filesystems,
    judge_clocks,
    judge_deadlines,
)


def judge(inventory: Inventory, settings: Settings, view: View, windows: Windows) -> Judgement:
    """Return every finding that stands, and the keys that could not be judged for want of data."""
    portions = judging(inventory, settings, view, windows, ThresholdBook(thresholds_of(inventory, settings)))
    while True:
        try:
            next(portions)
        except StopIteration as done:
            judgement: Judgement = done.value
            return judgement


def judging(
    inventory: Inventory, settings: Settings, view: View, windows: Windows, book: ThresholdBook
) -> Generator[None, None, Judgement]:
    """Judge in portions: what ``judge`` returns, with a pause wherever the loop may turn.

    ``book`` is that of this inventory and these settings, handed in again at each look.
    """
    outlook = look_out(view, settings)
    sight = Sight.of(inventory, settings, outlook.view, windows)
    findings: list[Finding] = []
    unverified: set[FindingKey] = set()
    families = (judge_family(sight) for judge_family in _RULE_FAMILIES)
    for outcome in chain(judge_uplink(outlook, sight.words), *families, judge_thresholds(sight, book)):
        if outcome is None:
            yield
        elif isinstance(outcome, Finding):
            findings.append(adjusted(outcome, settings))
        else:
            unverified.add(outcome)
    unknown = frozenset(unverified.difference(finding.key for finding in findings))
    return Judgement(tuple(findings), unknown, outlook.repoll)


def adjusted(finding: Finding, settings: Settings) -> Finding:
    """Give the finding the severity that the configuration sets for its rule."""
    options = settings.alerting.rules.get(finding.rule)
    if options is None or options.severity is None:
        return finding
    return replace(finding, severity=Severity(options.severity))
