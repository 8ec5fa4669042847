"""What the API answers: pure functions from a snapshot and the inventory to rows for JSON."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import asdict

from agent.contract import Alert, AlertState, JobState, Snapshot, Subject
from agent.families import SNMP_ENGINE, SNMP_PROFILE
from agent.risk.reachability import device_state, remarks
from config.inventory import Inventory
from exporters.times import rfc3339

Row = dict[str, object]


def alert_rows(snapshot: Snapshot, resolved: bool) -> list[Row]:
    """Return the alerts that stand, pending or firing, and those lately resolved if asked for; newest first."""
    alerts = [alert for alert in snapshot.alerts if resolved or alert.state is not AlertState.RESOLVED]
    return [_alert_row(alert) for alert in sorted(alerts, key=lambda alert: alert.since, reverse=True)]


def _alert_row(alert: Alert) -> Row:
    finding = alert.finding
    return {
        "id": alert.id,
        "rule": finding.rule,
        "subject": str(finding.subject),
        "severity": finding.severity.value,
        "state": alert.state.value,
        "summary": finding.summary,
        "cause": None if finding.cause is None else str(finding.cause),
        "since": rfc3339(alert.since),
        "acknowledged_by": None if alert.acknowledged is None else alert.acknowledged.by,
        "site": finding.site,
        "evidence": list(finding.evidence),
        "norm": finding.norm,
        "runbook": finding.runbook,
        "muted": None if alert.muted is None else asdict(alert.muted),
    }


def device_rows(snapshot: Snapshot, inventory: Inventory) -> list[Row]:
    """Return every device of the inventory with its state: up, degraded, down or unknown.

    ``engine`` and ``profile`` say how it is read over SNMP; null where it is not, or not now.
    """
    jobs: defaultdict[Subject, list[JobState]] = defaultdict(list)
    for job in snapshot.view.jobs():
        jobs[job.key.subject].append(job)
    rows: list[Row] = []
    for name, device in inventory.devices.items():
        own = jobs[Subject("device", name)]
        state = device_state(own)
        rows.append(
            {
                "name": name,
                "site": device.site,
                "state": state.state,
                "reason": None if state.reason is None else state.reason.value,
                "last_success": None if state.last_success is None else rfc3339(state.last_success),
                "partial": list(remarks(own)),
                "engine": _fact(own, SNMP_ENGINE),
                "profile": _fact(own, SNMP_PROFILE),
            }
        )
    return rows


def _fact(jobs: Iterable[JobState], name: str) -> str | None:
    harvests = (job.reading.harvest for job in jobs if job.reading is not None)
    return next((harvest.facts[name] for harvest in harvests if harvest is not None and name in harvest.facts), None)
