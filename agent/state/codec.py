"""Alerts as JSON text, by explicit functions: what is stored is what is written here."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Any, cast

from agent.contract import (
    Acknowledgement,
    Alert,
    AlertState,
    Finding,
    Flaps,
    Heartbeat,
    Muted,
    Severity,
    Silence,
    Subject,
    SubjectKind,
)
from config.settings import Match

_YEAR_9999 = 253370764800.0


def dump_alert(alert: Alert) -> str:
    """Return the alert as one line of JSON."""
    finding = alert.finding
    body = {
        "id": alert.id,
        "state": alert.state.value,
        "since": alert.since,
        "changed_at": alert.changed_at,
        "clear_since": alert.clear_since,
        "acknowledged": None if alert.acknowledged is None else asdict(alert.acknowledged),
        "unled_since": alert.unled_since,
        "milder_since": alert.milder_since,
        "flaps": None if alert.flaps is None else asdict(alert.flaps),
        "work": alert.work,
        "unmuted_at": alert.unmuted_at,
        "dark_since": alert.dark_since,
        "rule": finding.rule,
        "subject": str(finding.subject),
        "severity": finding.severity.value,
        "summary": finding.summary,
        "evidence": list(finding.evidence),
        "cause": None if finding.cause is None else str(finding.cause),
        "norm": finding.norm,
        "site": finding.site,
        "runbook": finding.runbook,
        "hold_seconds": finding.hold_seconds,
        "about": [str(one) for one in finding.about],
        "because_of": alert.muted.reason if alert.muted is not None and alert.muted.by == "cause" else None,
    }
    return json.dumps(body, ensure_ascii=False, separators=(",", ":"))


def load_alert(text: str) -> Alert:
    """Return the alert that ``dump_alert`` wrote. Raises ValueError, KeyError or TypeError on anything else."""
    body = cast("dict[str, Any]", json.loads(text))
    cause = body["cause"]
    # what is asked for with `get` is not there in what the first releases wrote
    because_of, flaps = body.get("because_of"), body.get("flaps")
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
        hold_seconds=body.get("hold_seconds"),
        about=tuple(parse_subject(one) for one in body.get("about", ())),
    )
    return Alert(
        id=body["id"],
        finding=finding,
        state=AlertState(body["state"]),
        since=body["since"],
        changed_at=body["changed_at"],
        clear_since=body["clear_since"],
        acknowledged=_acknowledgement(body),
        muted=None if because_of is None else Muted("cause", because_of, ""),
        unled_since=body.get("unled_since"),
        milder_since=body.get("milder_since"),
        flaps=None if flaps is None else Flaps(**flaps),
        work=body.get("work"),
        unmuted_at=body.get("unmuted_at"),
        dark_since=body.get("dark_since"),
    )


def _acknowledgement(body: Mapping[str, Any]) -> Acknowledgement | None:
    """The first releases wrote down by whom, not when."""
    if (by := body.get("acknowledged_by")) is not None:
        return Acknowledgement(by, body["changed_at"])
    written = body.get("acknowledged")
    return None if written is None else Acknowledgement(**written)


def dump_silence(silence: Silence) -> str:
    """Return the silence as one line of JSON."""
    body = {
        "by": silence.by,
        "match": dict(silence.match.named),
        "mode": silence.mode,
        "reason": silence.reason,
        "start": silence.start,
    }
    return json.dumps(body, ensure_ascii=False, separators=(",", ":"))


def load_silence(name: str, until: float, text: str) -> Silence:
    """Return the silence that ``dump_silence`` wrote. Raises ValueError, KeyError or TypeError on anything else."""
    check_moments(until)
    body = cast("dict[str, Any]", json.loads(text))
    match = Match.model_validate(body["match"])
    return Silence(name, match, body["by"], body["reason"], body["start"], until, body["mode"])


def dump_heartbeat(heartbeat: Heartbeat) -> str:
    """Return the heartbeat as one line of JSON."""
    return json.dumps(asdict(heartbeat), ensure_ascii=False, separators=(",", ":"))


def load_heartbeat(text: str) -> Heartbeat:
    """Return what ``dump_heartbeat`` wrote. Raises ValueError or TypeError on anything else."""
    known = Heartbeat(**json.loads(text))
    sizes = tuple((float(at), None if size is None else float(size)) for at, size in known.sizes)
    check_moments(*(at for at, _ in sizes))
    if not all(size is None or 0.0 <= size < math.inf for _, size in sizes):
        raise ValueError("no size")
    return replace(known, sizes=sizes)


def check_moments(*moments: float) -> None:
    """Raise ValueError or TypeError where one is no time that can be written down: the page and messages say it."""
    if not all(0.0 <= one < _YEAR_9999 for one in moments):
        raise ValueError("no time")


def parse_subject(text: str) -> Subject:
    """Return the subject written ``kind:id``."""
    kind, _, name = text.partition(":")
    return Subject(cast("SubjectKind", kind), name)
