"""Routes and alerts of the routing tests."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from agent.alerts.hearing import Told
from agent.alerts.lifecycle import Policy
from agent.alerts.muting import Excuses, marked
from agent.alerts.rota import Rota
from agent.alerts.routing import notifications
from agent.contract import (
    Acknowledgement,
    Alert,
    AlertState,
    Finding,
    Notification,
    Severity,
    Subject,
    Telling,
    Transition,
)
from agent.risk.calendar import Calendar
from config.settings import Settings

BERLIN = ZoneInfo("Europe/Berlin")


def at(text: str) -> float:
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN).timestamp()


TUESDAY = at("2026-11-24T10:00")
SATURDAY = at("2026-11-28T10:00")
MONDAY = at("2026-11-30T07:00")

ROUTES: list[dict[str, Any]] = [
    {
        "match": {"severity": "critical"},
        "receivers": ["on-call"],
        "escalate": [{"after": "15m", "to": ["head-of-it"]}],
        "repeat": "1h",
    },
    {"match": {"severity": "warning"}, "receivers": ["it-team"], "when": "office_hours", "repeat": "8h"},
    {"match": {"severity": "info"}, "receivers": ["it-team"], "digest": "07:30"},
]
WORK: dict[str, Any] = {
    "name": "work",
    "from": "2026-11-24T08:00",
    "until": "2026-11-24T12:00",
    "match": {"link": "hop"},
}


def settings(**alerting: Any) -> Settings:
    names = {"on-call", "it-team", "head-of-it"}
    receivers = {name: {"apprise": [{"env": "PATH"}]} for name in names}
    return Settings.model_validate({"alerting": {"receivers": receivers, "routes": ROUTES, **alerting}})


def alert(
    severity: Severity = Severity.CRITICAL,
    state: AlertState = AlertState.FIRING,
    changed_at: float = TUESDAY,
    *,
    by: str | None = None,
    until: float | None = None,
    cause: Subject | None = None,
    rule: str = "link_down",
) -> Alert:
    found = Finding(rule, Subject("link", "hop"), severity, "summary", cause=cause, site="rathaus")
    known = None if by is None else Acknowledgement(by, changed_at, until)
    return Alert("a1", found, state, changed_at - 30, changed_at, acknowledged=known)


def change(one: Alert) -> Transition:
    return Transition(one, AlertState.PENDING, one.changed_at)


def since(when: Mapping[tuple[str, str], float], severity: Severity = Severity.CRITICAL) -> Told:
    """Return what was told, where each receiver was told once, at that moment and with that severity."""
    return {pair: (Telling(severity, at, at, waits=True),) for pair, at in when.items()}


def mark(config: Settings, now: float, *alerts: Alert) -> tuple[Alert, ...]:
    excuses = Excuses(config, Calendar.of(config))
    return tuple(marked({one.finding.key: one for one in alerts}, excuses, Policy.of(config, {}), now).values())


def told_of(
    one: Alert, config: Settings, now: float, told: Mapping[tuple[str, str], float] | None = None
) -> list[tuple[str, float]]:
    (one,) = mark(config, now, one)
    made = notifications([change(one)], Rota.of(config), now, [one], None if told is None else since(told))
    return [(note.receiver, note.not_before) for note in made]


def standing(
    one: Alert, config: Settings, now: float, told: Mapping[tuple[str, str], float]
) -> tuple[Notification, ...]:
    return notifications([], Rota.of(config), now, mark(config, now, one), since(told))
