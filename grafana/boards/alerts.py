"""What stands open, since when, who was told, and what Ringwacht could not see? For the person on call."""

from __future__ import annotations

from grafana_foundation_sdk.builders import statetimeline, table, timeseries
from grafana_foundation_sdk.builders.dashboard import Dashboard, Row

from agent import families
from grafana import states
from grafana.findings import LABELS, open_findings
from grafana.panels import Column, Says, graph, grid, in_unit, in_words, stacked, timeline
from grafana.parts import Ask, board
from grafana.query import SITE, findings, increase, judging, lasting, of, of_severity

_SUBJECT = "(subject, rule, site)"


def make() -> Dashboard:
    """Return the board."""
    return (
        board("ringwacht-alerts", "Findings now and over time, the notifications sent for them, and failed polls.")
        .with_row(Row("Findings"))
        .with_panel(_standing())
        .with_panel(open_findings(6))
        .with_panel(_history())
        .with_row(Row("Notifications"))
        .with_panel(_sent())
        .with_panel(_failed())
        .with_panel(_waiting())
        .with_row(Row("What Ringwacht could not see"))
        .with_panel(_errors())
        .with_panel(_silent())
        .with_panel(_stale())
    )


def _standing() -> table.Panel:
    says = Says(
        "Findings that stand",
        "Each with how long it stood within the chosen span of time. What to do: docs/alerts.md, by the rule's name.",
        width=18,
    )
    columns = (*LABELS, Column("Value", "Stood for", (in_unit("s"),)))
    stood = f"count_over_time({lasting()}[$__range:$__interval]) * $__interval_ms / 1000 and {lasting()}"
    return grid(says, columns, Ask(stood))


def _history() -> statetimeline.Panel:
    says = Says(
        "History",
        "A bar for as long as a finding stood. Nothing is drawn where Ringwacht did not judge.",
        width=24,
        height=12,
    )
    level = " or ".join(
        f"{number} * max by {_SUBJECT} ({findings(of_severity(severity))})"
        for number, severity in ((3, "critical"), (2, "warning"), (1, "info"))
    )
    ask = Ask(f"({level}) and on () {judging()}", "{{subject}} {{rule}}")
    return timeline(says, states.level_words(), ask)


def _sent() -> timeseries.Panel:
    says = Says("Notifications", "Deliveries tried, by receiver and outcome.")
    ask = Ask(f"sum by (receiver, outcome) ({increase(families.NOTIFICATIONS)})", "{{receiver}} {{outcome}}")
    return stacked(says, ask).min(0).decimals(0)


def _failed() -> table.Panel:
    says = Says(
        "Receivers",
        "Deliveries tried in the chosen span of time. Whatever is not delivered is tried again, or refused for good.",
    )
    columns = (
        Column("receiver", "Receiver"),
        Column("outcome", "Outcome"),
        Column("Value", "Times", (in_unit("short"),)),
    )
    tried = increase(families.NOTIFICATIONS, over="$__range")
    return grid(says, columns, Ask(f"round(sum by (receiver, outcome) ({tried}))"))


def _waiting() -> timeseries.Panel:
    says = Says("Outbox", "Notifications that wait for delivery. It stays above zero: a receiver does not take them.")
    return graph(says, Ask(f"sum({of(families.OUTBOX)})", "waiting")).min(0).decimals(0)


def _errors() -> timeseries.Panel:
    says = Says(
        "Failed polls by reason",
        "timeout: no answer. refused: port closed. unreachable: no way. auth: our credentials are refused. "
        "bad_reply: unusable. config: cannot be checked from here. internal: a fault of Ringwacht's own.",
    )
    ask = Ask(f"sum by (reason) ({increase(families.COLLECT_ERRORS, SITE)})", "{{reason}}")
    return stacked(says, ask).min(0).decimals(0)


def _silent() -> table.Panel:
    says = Says(
        "Checks that fail", "Each with how long ago it last succeeded; nothing there: not since Ringwacht started."
    )
    failing = f"{of(families.UP, SITE)} == 0"
    by = "max by (instance, check, site)"
    age = f"{by} (time() - {of(families.LAST_SUCCESS, SITE)}) and on (instance, check) ({failing})"
    columns = (
        Column("instance", "Subject"),
        Column("check", "Check"),
        Column("site", "Site"),
        Column("Value #A", "State", in_words(states.up_words())),
        Column("Value #B", "Last success", (in_unit("s"),)),
    )
    return grid(says, columns, Ask(f"{by} ({failing})"), Ask(age))


def _stale() -> table.Panel:
    says = Says(
        "Withheld as stale", "Checks whose last values are too old to be shown: their series are gone on purpose."
    )
    columns = (Column("instance", "Subject"), Column("check", "Check"), Column("site", "Site"))
    return grid(says, columns, Ask(f"max by (instance, check, site) ({of(families.STALE, SITE)}) == 1"))
