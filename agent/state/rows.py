"""The statements of the state store and the rows that they write."""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import structlog
from structlog.typing import FilteringBoundLogger

from agent.contract import Alert, FindingKey, Notification, Sent, Severity, Telling, Transition
from agent.state.codec import check_moments, dump_alert, load_alert
from agent.state.tellings import Tellings

_COLUMNS = (
    "key, receiver, body, created_at, not_before, attempts, reason, effects, digest, instead_of, "
    "CASE state WHEN 'withdrawn' THEN state ELSE outcome END, next_try, finished_at, why, parcel, taken, taken_at"
)
_NOTIFICATION_COLUMNS = 10  # the first of them
_SEVERITIES = frozenset(one.value for one in Severity)

_WAITING = f"SELECT {_COLUMNS} FROM notifications WHERE outcome IS NULL ORDER BY seq"  # noqa: S608  # constants only

FINISHED = f"SELECT {_COLUMNS} FROM notifications WHERE outcome IS NOT NULL ORDER BY seq DESC LIMIT ?"  # noqa: S608  # as above

# Counted back from the last one: whoever opens the file asks no clock.
HANDED = """
    SELECT receiver, parcel, taken_at, body FROM notifications
    WHERE taken_at > ? + (SELECT MAX(taken_at) FROM notifications WHERE taken_at IS NOT NULL)
    ORDER BY taken_at, seq"""

LAST_SUCCESS = "SELECT receiver, MAX(taken_at) FROM notifications WHERE taken_at IS NOT NULL GROUP BY receiver"

# What each receiver was told, or is to be, while the alert fires; what cannot be read says as little as may be.
_TOLD = """
    SELECT receiver,
        CASE WHEN json_valid(body) THEN json_extract(body, '$.severity') END AS severity,
        outcome IS NULL AND parcel IS NULL AND not_before > created_at AS waits,
        MIN(not_before), MAX(not_before)
    FROM notifications WHERE state = 'firing' AND alert_id = ? GROUP BY receiver, severity, waits"""

# Who has taken a message that the alert fires.
_HEARD = """
    SELECT DISTINCT receiver FROM notifications
    WHERE state = 'firing' AND alert_id = ? AND (taken_at IS NOT NULL OR outcome = 'delivered')"""

_OVER = "SELECT key FROM notifications WHERE outcome IS NOT NULL AND alert_id = ?"

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
    WHERE outcome IS NULL AND parcel IS NULL AND excluded.not_before < not_before"""

_MARK = """
    UPDATE notifications
    SET attempts = ?, next_try = ?, parcel = ?, outcome = ?, finished_at = ?, why = ?, taken = ?, taken_at = ?
    WHERE key = ?"""

# What receivers were told of an alert that stands is kept.
PRUNE = """
    DELETE FROM notifications WHERE finished_at < ? AND alert_id NOT IN (
        SELECT json_extract(body, '$.id') FROM alerts WHERE json_valid(body)
    )"""

# It was never told: what counts as told is of the state ``firing``.
_WITHDRAW = "UPDATE notifications SET state = 'withdrawn' WHERE key = ?"

_SPOILT = "UPDATE notifications SET outcome = 'failed', finished_at = created_at, why = 'cannot be read' WHERE key = ?"

_log: FilteringBoundLogger = structlog.get_logger("state")


def write_alerts(connection: sqlite3.Connection, changed: Iterable[Alert], gone: Iterable[FindingKey]) -> None:
    """Replace the changed alerts and drop those that are gone."""
    connection.executemany(
        "DELETE FROM alerts WHERE rule = ? AND subject = ?", [(key.rule, str(key.subject)) for key in gone]
    )
    connection.executemany(
        "INSERT OR REPLACE INTO alerts (rule, subject, body) VALUES (?, ?, ?)",
        [(alert.finding.rule, str(alert.finding.subject), dump_alert(alert)) for alert in changed],
    )


def add_notifications(connection: sqlite3.Connection, added: Iterable[Notification]) -> tuple[Notification, ...]:
    """Insert those whose key is not known yet, and bring forward what waits longer than it now would; return these."""
    return tuple(one for one in added if connection.execute(_ADD_NOTIFICATION, _notification_row(one)).rowcount == 1)


def told_of(connection: sqlite3.Connection, alert_ids: Iterable[str]) -> Tellings:
    """Return, by (alert id, receiver), what the receiver was told, or is to be, while the alert fires."""
    found: defaultdict[tuple[str, str], list[Telling]] = defaultdict(list)
    for name in alert_ids:
        for receiver, severity, waits, first, last in connection.execute(_TOLD, (name,)):
            known = Severity(severity) if severity in _SEVERITIES else Severity.INFO
            found[name, receiver].append(Telling(known, first, last, bool(waits)))
    return {pair: tuple(said) for pair, said in found.items()}


def heard_of(connection: sqlite3.Connection, alert_ids: Iterable[str]) -> frozenset[tuple[str, str]]:
    """Return (alert id, receiver) of each message that the alert fires and that one way at least took."""
    found = ((name, connection.execute(_HEARD, (name,))) for name in alert_ids)
    return frozenset((name, receiver) for name, heard in found for (receiver,) in heard)


def over_of(connection: sqlite3.Connection, alert_ids: Iterable[str]) -> frozenset[str]:
    """Return the keys of what came to its end, of these alerts."""
    return frozenset(key for name in alert_ids for (key,) in connection.execute(_OVER, (name,)))


def mark(connection: sqlite3.Connection, entries: Iterable[Sent]) -> tuple[Notification, ...]:
    """Write how far each of these has come, and return them; those that are not in the file are passed over."""
    entries = tuple(entries)
    rows = (
        (
            one.notification.attempts,
            one.next_try,
            one.parcel,
            "failed" if one.outcome == "withdrawn" else one.outcome,
            one.finished_at,
            one.why,
            json.dumps(one.taken),
            one.taken_at,
            one.notification.key,
        )
        for one in entries
    )
    connection.executemany(_MARK, rows)
    connection.executemany(_WITHDRAW, [(one.notification.key,) for one in entries if one.outcome == "withdrawn"])
    return tuple(one.notification for one in entries)


def waiting(connection: sqlite3.Connection) -> dict[str, Sent]:
    """Return what has not come to its end, by key, in the order in which it was decided.

    A row that cannot be read is recorded as failed: it must not hold up what comes after it.
    """
    found: dict[str, Sent] = {}
    for row in connection.execute(_WAITING).fetchall():
        try:
            found[row[0]] = read_entry(row)
        except (ValueError, KeyError, TypeError) as error:
            _log.error("notification cannot be read", key=row[0], receiver=row[1], error=type(error).__name__)
            connection.execute(_SPOILT, (row[0],))
    return found


def transition_row(one: Transition) -> Mapping[str, object]:
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


def read_entry(row: Sequence[Any]) -> Sent:
    """Return what a row of ``FINISHED`` holds. Raises ValueError, KeyError, TypeError."""
    key, receiver, body, created_at, not_before, attempts, reason, effects, digest, instead_of = row[
        :_NOTIFICATION_COLUMNS
    ]
    check_moments(created_at, not_before, row[_NOTIFICATION_COLUMNS + 1])
    notification = Notification(
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
    outcome, next_try, finished_at, why, parcel, taken, taken_at = row[_NOTIFICATION_COLUMNS:]
    return Sent(notification, outcome, next_try, finished_at, why, parcel, tuple(json.loads(taken)), taken_at)


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
