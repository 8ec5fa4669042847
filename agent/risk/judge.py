"""One look at everything: a pure function of inventory, settings, the view and its windows."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from dataclasses import replace
from itertools import chain

from agent.contract import Finding, FindingKey, Judgement, Severity, Windows
from agent.risk.certificates import judge_certificates
from agent.risk.climate import judge_climate
from agent.risk.clock import judge_clocks
from agent.risk.filesystems import judge_filesystems
from agent.risk.incomplete import judge_incomplete
from agent.risk.links import judge_links
from agent.risk.plugins import judge_plugins
from agent.risk.power import judge_power
from agent.risk.probes import judge_probes
from agent.risk.raid import judge_raid
from agent.risk.reachability import judge_reachability
from agent.risk.reminders import judge_deadlines
from agent.risk.services import judge_services
from agent.risk.sight import Outcome, Sight
from agent.risk.thresholds import judge_thresholds
from agent.risk.uplink import Outlook, judge_uplink
from agent.risk.watch import ThresholdBook
from config.inventory import Inventory
from config.settings import Settings

RuleFamily = Callable[[Sight], Iterator[Outcome | None]]

RULE_FAMILIES: tuple[RuleFamily, ...] = (
    judge_reachability,
    judge_incomplete,
    judge_links,
    judge_power,
    judge_climate,
    judge_services,
    judge_probes,
    judge_plugins,
    judge_certificates,
    judge_filesystems,
    judge_raid,
    judge_clocks,
    judge_deadlines,
)


def judging(
    inventory: Inventory, settings: Settings, outlook: Outlook, windows: Windows, book: ThresholdBook
) -> Generator[None, None, Judgement]:
    """Return every finding that stands, and what could not be judged; pauses wherever the loop may turn.

    ``outlook``: what may be believed (``agent.risk.uplink``). ``book`` is that of this inventory and these settings,
    handed in again at each look.
    """
    sight = Sight.of(inventory, settings, outlook.view, windows)
    findings: list[Finding] = []
    unverified: set[FindingKey] = set()
    for outcome in chain(judge_uplink(outlook, sight.words), _by_rules(sight), judge_thresholds(sight, book)):
        if outcome is None:
            yield
        elif isinstance(outcome, Finding):
            findings.append(adjusted(outcome, settings))
        else:
            unverified.add(outcome)
    unknown = frozenset(unverified.difference(finding.key for finding in findings))
    return Judgement(tuple(findings), unknown, outlook.repoll)


def _by_rules(sight: Sight) -> Iterator[Outcome | None]:
    for judge_family in RULE_FAMILIES:
        yield from judge_family(sight)
        yield None


def adjusted(finding: Finding, settings: Settings) -> Finding:
    """Give the finding the severity that the configuration sets for its rule."""
    options = settings.alerting.rules.get(finding.rule)
    if options is None or options.severity is None:
        return finding
    return replace(finding, severity=Severity(options.severity))
