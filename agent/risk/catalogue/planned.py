"""Rules that may be configured already and that no code judges yet."""

from __future__ import annotations

from agent.risk.rule import Rule

TABLE: tuple[Rule, ...] = (
    Rule(
        "redundancy_lost",
        severity="warning",
        meaning="A site has fewer ways left than it requires.",
        runbook=("Repair the first failure before a second one cuts the site off.",),
        norm="BSI NET.1.1.A28",
        planned=True,
    ),
    Rule(
        "single_point_of_failure",
        severity="info",
        meaning="One failure would cut a site off although all is well now.",
        runbook=("Plan a second way, or accept the risk under `alerting.accept` with a date and a reason.",),
        norm="BSI NET.1.1.A28",
        planned=True,
    ),
)
