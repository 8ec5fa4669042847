"""Alerts as JSON text, by explicit functions: what is stored is what is written here."""

from __future__ import annotations

import json
from typing import Any, cast

from agent.contract import Alert, AlertState, Finding, Muted, Severity, Subject, SubjectKind


def dump_alert(alert: Alert) -> str:
    """Return the alert as one line of JSON."""
    finding = alert.finding
    body = {
        "id": alert.id,
        "state": alert.state.value,
        "since": alert.since,
        "changed_at": alert.changed_at,
        "clear_since": alert.clear_since,
        "acknowledged_by": alert.acknowledged_by,
        "rule": finding.rule,
        "subject": str(finding.subject),
        "severity": finding.severity.value,
        "summary": finding.summary,
        "evidence": list(finding.evidence),
        "cause": None if finding.cause is None else str(finding.cause),
        "norm": finding.norm,
        "site": finding.site,
        "runbook": finding.runbook,
        "because_of": alert.muted.reason if alert.muted is not None and alert.muted.by == "cause" else None,
    }
    return json.dumps(body, ensure_ascii=False, separators=(",", ":"))


def load_alert(text: str) -> Alert:
    """Return the alert that ``dump_alert`` wrote. Raises ValueError, KeyError or TypeError on anything else."""
    body = cast("dict[str, Any]", json.loads(text))
    cause = body["cause"]
    because_of = body.get("because_of")  # this and the runbook are not there in what the first releases wrote
    finding = Finding(
        rule=body["rule"],
        subject=parse_subject(body["subject"]),
        severity=Severity(body["severity"]),
        summary=body["summary"],
        evidence=tuple(body["evidence"]),
        cause=None if cause is None else parse_subject(cause),
        norm=body["norm"],
        site=body["site"],
        runbook=body.get("runbook"),
    )
    return Alert(
        id=body["id"],
        finding=finding,
        state=AlertState(body["state"]),
        since=body["since"],
        changed_at=body["changed_at"],
        clear_since=body["clear_since"],
        acknowledged_by=body["acknowledged_by"],
        muted=None if because_of is None else Muted("cause", because_of, ""),
    )


def parse_subject(text: str) -> Subject:
    """Return the subject written ``kind:id``."""
    kind, _, name = text.partition(":")
    return Subject(cast("SubjectKind", kind), name)
