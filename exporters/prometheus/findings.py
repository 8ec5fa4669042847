"""What stands, as series: each finding with who speaks for it, and whether that is told already. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from agent.alerts.causes import is_led, leaders
from agent.contract import Alert, AlertState, LabelPairs, OwnSeries
from agent.families import FINDING

# Whoever alerts on the series waits no less than the lifecycle does: "waits" is nobody's business yet.
Leads = Literal["true", "false", "waits"]


def standing_findings(alerts: Sequence[Alert]) -> OwnSeries:
    """Return a series of 1 for each alert that is not over."""
    heads = leaders(alerts)
    standing: dict[LabelPairs, float] = {}
    for alert in alerts:
        if alert.state is not AlertState.RESOLVED:
            standing[_labels(alert, heads.get(alert.finding.key, alert))] = 1.0
    return FINDING, tuple(standing.items())


def _labels(alert: Alert, head: Alert) -> LabelPairs:
    finding = alert.finding
    site = () if finding.site is None else (("site", finding.site),)
    return (
        ("rule", finding.rule),
        ("subject", str(finding.subject)),
        ("severity", finding.severity.value),
        *site,
        ("cause", str(head.finding.subject)),
        ("leads", _leads(alert, head)),
    )


def _leads(alert: Alert, head: Alert) -> Leads:
    """Whether the alert speaks for itself.

    It waits while its head does, while it is held back though its head is gone, and while judgement has set it a time
    of its own (a cut after a fade): a rule's `for` knows none of these.
    """
    if head is not alert:
        return "false" if head.state is AlertState.FIRING else "waits"
    patient = alert.state is AlertState.PENDING and alert.finding.hold_seconds is not None
    return "waits" if patient or is_led(alert) else "true"
