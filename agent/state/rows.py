"""The statements of the state store and the rows that they write."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence
from typing import Any

from agent.contract import Alert, FindingKey, Notification, Transition
from agent.state.codec import dump_alert, load_alert

# Of one alert and receiver only the first open message may go: an end is never told before its beginning.
_FIRST = """
    outcome IS NULL AND NOT EXISTS (
        SELECT 1 FROM notifications AS e
        WHERE e.outcome IS NULL AND e.receiver = n.receiver AND e.alert_id = n.alert_id AND e.seq < n.seq
    )"""

DUE = f"""
    SELECT key, receiver, body, created_at, not_before, attempts, reason, effects, digest, instead_of
    FROM notifications AS n
    WHERE {_FIRST} AND next_try <= :now AND (:receiver IS NULL OR receiver = :receiver)
    ORDER BY seq LIMIT :limit"""  # noqa: S608  # put together from constants only

NEXT_DUE = f"SELECT MIN(next_try) FROM notifications AS n WHERE {_FIRST} AND receiver = :receiver"  # noqa: S608  # as above

# When each receiver was last to be told that an alert fires; only of alerts that are still listed.
TOLD = """
    SELECT alert_id, receiver, MAX(not_before) FROM notifications WHERE state = 'firing' GROUP BY alert_id, receiver"""

INSERT_TRANSITION = """
    INSERT INTO transitions (at, alert_id, rule, subject, previous, state, severity, body)
    SELECT :at, :alert_id, :rule, :subject, :previous, :state, :severity, :body WHERE NOT EXISTS (
        SELECT 1 FROM transitions
        WHERE at = :at AND alert_id = :alert_id AND state = :state AND severity = :severity
    )"""

# A message that waits is brought forward where it may go earlier after all; one that was tried keeps its turn.
_ADD_NOTIFICATION = """
    INSERT INTO notifications (
        key, receiver, alert_id, state, body, created_at, not_before, next_try, reason, effects, digest, instead_of
    ) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (key) DO UPDATE SET not_before = excluded.not_before, next_try = excluded.next_try
    WHERE outcome IS NULL AND attempts = 0 AND excluded.not_before < not_before"""

SENT = """
    SELECT key, receiver, body, created_at, not_before, attempts, reason, effects, digest, instead_of,
           outcome, next_try, finished_at, why
    FROM notifications ORDER BY outcome IS NOT NULL, CASE WHEN outcome IS NULL THEN seq ELSE -seq END LIMIT ?"""

_TOLD_OF = "SELECT MAX(not_before) FROM notifications WHERE state = 'firing' AND alert_id = ? AND receiver = ?"


def write_alerts(connection: sqlite3.Connection, changed: Iterable[Alert], gone: Iterable[FindingKey]) -> None:
    """Replace the changed alerts and drop those that are gone."""
    connection.executemany(
        "DELETE FROM alerts WHERE rule = ? AND subject = ?", [(key.rule, str(key.subject)) for key in gone]
    )
    connection.executemany(
        "INSERT OR REPLACE INTO alerts (rule, subject, body) VALUES (?, ?, ?)",
        [(alert.finding.rule, str(alert.finding.subject), dump_alert(alert)) for alert in changed],
    )


def add_notifications(connection: sqlite3.Connection, added: Iterable[Notification]) -> dict[tuple[str, str], float]:
    """Insert those whose key is not known yet, and bring forward what waits longer than it now would.

    Return, by (alert id, receiver) of these, when the receiver is last to be told that the alert fires, if ever.
    """
    told: dict[tuple[str, str], float] = {}
    for one in added:
        if connection.execute(_ADD_NOTIFICATION, _notification_row(one)).rowcount == 1:
            pair = (one.alert.id, one.receiver)
            last: float | None = connection.execute(_TOLD_OF, pair).fetchone()[0]
            if last is not None:
                told[pair] = last
    return told


def transition_row(one: Transition) -> dict[str, object]:
    """Return the values of ``INSERT_TRANSITION``."""
    alert = one.alert
    return {
        "at": one.at,
        "alert_id": alert.id,
        "rule": alert.finding.rule,
        "subject": str(alert.finding.subject),
        "previous": None if one.previous is None else one.previous.value,
        "state": alert.state.value,
        "severity": alert.finding.severity.value,
        "body": dump_alert(alert),
    }


def read_notification(row: Sequence[Any]) -> Notification:
    """Return the notification of the first ten columns of ``DUE``. Raises ValueError, KeyError, TypeError."""
    key, receiver, body, created_at, not_before, attempts, reason, effects, digest, instead_of = row
    return Notification(
        key,
        receiver,
        load_alert(body),
        created_at,
        not_before,
        attempts,
        reason,
        tuple(json.loads(effects)),
        bool(digest),
        instead_of,
    )


def _notification_row(one: Notification) -> tuple[object, ...]:
    alert = one.alert
    return (
        one.key,
        one.receiver,
        alert.id,
        alert.state.value,
        dump_alert(alert),
        one.created_at,
        one.not_before,
        one.not_before,
        one.reason,
        json.dumps(one.effects, ensure_ascii=False),
        one.digest,
        one.instead_of,
    )
