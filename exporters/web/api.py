"""What the API answers: pure functions from a snapshot and the inventory to rows for JSON."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import asdict

from agent.alerts.routing import route_of
from agent.contract import Acknowledgement, Alert, AlertState, JobState, Snapshot, Subject
from agent.families import SNMP_ENGINE, SNMP_PROFILE
from agent.risk.reachability import device_state, remarks
from config.inventory import Inventory
from config.settings import Settings
from exporters.times import rfc3339

Row = dict[str, object]
# When a receiver was told, by alert id and receiver.
Told = Mapping[tuple[str, str], float]


def alert_rows(snapshot: Snapshot, told: Told, settings: Settings, *, resolved: bool) -> list[Row]:
    """Return the alerts that stand, pending or firing, and those lately resolved if asked for; newest first."""
    alerts = [alert for alert in snapshot.alerts if resolved or alert.state is not AlertState.RESOLVED]
    by_alert: defaultdict[str, dict[tuple[str, str], float]] = defaultdict(dict)
    for (name, receiver), at in told.items():
        by_alert[name][name, receiver] = at
    newest = sorted(alerts, key=lambda alert: alert.since, reverse=True)
    return [alert_row(alert, by_alert[alert.id], settings, snapshot.at) for alert in newest]


def alert_row(alert: Alert, told: Told, settings: Settings, now: float) -> Row:
    """Return one alert. ``untold``: why a firing alert is told to nobody; ``milder_since``: it is less bad by now.

    ``good_since``: the fault is gone at the moment, though the alert still fires. ``acknowledged``: while it holds.
    """
    finding = alert.finding
    heard = [{"receiver": to, "at": rfc3339(at)} for (name, to), at in sorted(told.items()) if name == alert.id]
    return {
        "id": alert.id,
        "rule": finding.rule,
        "subject": str(finding.subject),
        "severity": finding.severity.value,
        "state": alert.state.value,
        "summary": finding.summary,
        "cause": None if finding.cause is None else str(finding.cause),
        "since": rfc3339(alert.since),
        "acknowledged": _acknowledged(alert.acknowledged, now),
        "site": finding.site,
        "evidence": list(finding.evidence),
        "norm": finding.norm,
        "runbook": finding.runbook,
        "muted": None if alert.muted is None else asdict(alert.muted),
        "work": alert.work,
        "flaps": None if alert.flaps is None else {"count": alert.flaps.count, "damped": alert.flaps.damped},
        "milder_since": moment(alert.milder_since),
        "good_since": moment(alert.clear_since if alert.state is AlertState.FIRING else None),
        "told": heard,
        "untold": _untold(alert, bool(heard), settings),
    }


def _acknowledged(mark: Acknowledgement | None, now: float) -> Row | None:
    if mark is None or not mark.holds(now):
        return None
    return {"by": mark.by, "at": rfc3339(mark.at), "until": moment(mark.until)}


def moment(at: float | None) -> str | None:
    """Return a time (seconds since the epoch) for programs, or None."""
    return None if at is None else rfc3339(at)


def _untold(alert: Alert, heard: bool, settings: Settings) -> str | None:
    if alert.state is not AlertState.FIRING or heard:
        return None
    if alert.muted is not None:
        return f"{alert.muted.by}: {alert.muted.reason}"
    return "no route matches" if route_of(alert.finding, settings) is None else None


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
