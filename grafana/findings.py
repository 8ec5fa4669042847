"""Panels about findings that more than one board shows."""

from __future__ import annotations

from grafana_foundation_sdk.builders import stat
from grafana_foundation_sdk.builders.dashboard import DashboardLink

from agent.contract import Severity
from grafana import states
from grafana.panels import Column, Says, in_words, tiles
from grafana.parts import Ask
from grafana.query import findings, of_severity, or_zero

LABELS = (
    Column("severity", "Severity", in_words(states.severity_words())),
    Column("rule", "Rule"),
    Column("subject", "What"),
    Column("site", "Site"),
)


def counts(*, now: bool) -> tuple[Ask, ...]:
    """Ask how many findings of each severity stand."""
    return tuple(Ask(or_zero(f"count({findings(of_severity(one))})"), one.value, now=now) for one in Severity)


def open_findings(width: int) -> stat.Panel:
    """Return how many findings stand."""
    says = Says("Open findings", "What stands now, by severity, whether somebody was told of it or not.", width=width)
    return (
        tiles(says, *counts(now=True))
        .thresholds(states.steps(states.GREEN, (1, states.ORANGE)))
        .override_by_name(Severity.CRITICAL, states.colored_from(1, states.RED))
        .override_by_name(Severity.INFO, states.colored_from(1, states.BLUE))
    )


def of_this_site() -> DashboardLink:
    """Link a tile to its site's findings."""
    return DashboardLink("Findings of this site").url(
        "/d/ringwacht-alerts?var-site=${__field.labels.site}&${__url_time_range}"
    )
