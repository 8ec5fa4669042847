"""Duty calendars of the tests."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from agent.alerts.duty import DutyPlan, plan_of
from agent.alerts.roster import Roster
from agent.alerts.rota import Rota
from config.ical import events
from config.settings import Settings
from tests.agent.alerts.routes import BERLIN, MONDAY, SATURDAY, TUESDAY

BEGIN, END = TUESDAY - 86400, TUESDAY + 90 * 86400
NAMES = ("anna", "ben", "cara", "desk")
__all__ = ["BEGIN", "BERLIN", "END", "MONDAY", "NAMES", "SATURDAY", "TUESDAY", "calendar", "event", "plan", "rota"]


def event(title: str, start: str, end: str | None = None, *more: str) -> str:
    """An event; ``start`` and ``end`` as iCalendar writes them, days or local times."""
    kind = ";VALUE=DATE" if "T" not in start else ";TZID=Europe/Berlin"
    lines = ["BEGIN:VEVENT", f"UID:{title}-{start}", f"DTSTART{kind}:{start}", f"SUMMARY:{title}", *more, "END:VEVENT"]
    if end is not None:
        lines.insert(3, f"DTEND{kind}:{end}")
    return "\r\n".join(lines)


def calendar(*entries: str) -> bytes:
    return "\r\n".join(["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:test", *entries, "END:VCALENDAR", ""]).encode()


def plan(*entries: str, begin: float = BEGIN, end: float = END) -> DutyPlan:
    return plan_of(events(calendar(*entries), BERLIN, begin, end), NAMES, BERLIN, begin, end)


def settings(**alerting: Any) -> Settings:
    receivers: dict[str, Any] = {name: {"apprise": [{"env": "PATH"}]} for name in NAMES}
    receivers["anna"]["substitute"] = "ben"
    receivers["ben"]["substitute"] = "cara"
    receivers["rota"] = {"duty": {"file": __file__, "otherwise": ["desk"]}}
    routes = [{"receivers": ["rota"]}]
    return Settings.model_validate({"alerting": {"receivers": receivers, "routes": routes, **alerting}})


def rota(config: Settings, *entries: str) -> Rota:
    return replace(Rota.of(config), roster=Roster({"rota": plan(*entries)}))
