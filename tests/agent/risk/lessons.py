"""A school with a class room, what its things say, and looks at it one after the other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo

from agent.alerts.muting import Excuses
from agent.contract import Finding, FindingKey, JobState, Judgement, Reason, Series, Subject
from agent.risk.books import Books
from agent.risk.calendar import Calendar
from agent.risk.judge import judging
from agent.risk.rules import RULE_OPTIONS
from agent.risk.threshold import thresholds_of
from agent.risk.uplink import Guard
from agent.risk.watch import ThresholdBook
from config.inventory import Inventory
from config.kinds import Kinds
from config.settings import Settings
from tests.agent.risk.scene import Windows, drained, failed, job, subject_of
from tests.harness.fakes import FakeView

PARTS = ("fan", "lamp", "temperature", "cover", "filter", "other")
ROOM = Subject("room", "r101")
RULE, FAULTY, SILENT = "classroom_equipment", "projector_faulty", "classrooms_silent"
INVENTORY: Mapping[str, Any] = {
    "sites": {"schule": {"kind": "school", "name": "Gesamtschule"}, "rathaus": {"core": True}},
    "rooms": {
        "r101": {"site": "schule", "kind": "classroom"},
        "aula": {"site": "schule", "kind": "classroom", "name": "Aula"},
    },
    "devices": {
        "atv-101": {"site": "schule", "room": "r101", "address": "192.0.2.2", "role": "apple_tv"},
        "sw-schule": {"site": "schule", "address": "192.0.2.3", "role": "switch"},
    },
    "projectors": {"beamer-101": {"site": "schule", "room": "r101", "address": "192.0.2.1"}},
}
BEAMER, APPLE_TV, SWITCH = "projector:beamer-101", "device:atv-101", "device:sw-schule"


def at(text: str) -> float:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("Europe/Berlin")).timestamp()


LESSON = at("2026-11-24T10:00")  # a Tuesday
NIGHT = at("2026-11-24T23:00")


class Days:
    """Looks one after the other, as the daemon makes them: what is remembered stays."""

    def __init__(
        self,
        inventory: Mapping[str, Any] = INVENTORY,
        language: str = "de",
        alerting: Mapping[str, Any] = MappingProxyType({}),
        **rules: Any,
    ) -> None:
        self.inventory = Inventory.model_validate(inventory)
        raw = {
            "municipality": {"language": language, "school_holidays": "DE-NW", "holidays": "DE-NW"},
            "alerting": {"rules": rules, **alerting},
        }
        self.settings = Settings.model_validate(raw, context=Kinds.of({}, RULE_OPTIONS))
        self.books = Books(ThresholdBook(thresholds_of(self.inventory, self.settings)))
        self._guard = Guard()

    def excuses(self) -> Excuses:
        return Excuses.of(self.inventory, self.settings, Calendar.of(self.settings))

    def look(self, now: float, *jobs: JobState, shown: Mapping[str, list[Series]] | None = None) -> Judgement:
        series = [(family, one) for family, ones in (shown or {}).items() for one in ones]
        outlook = self._guard.look(FakeView(list(jobs), series, now), self.settings)
        return drained(judging(self.inventory, self.settings, outlook, Windows({}), self.books))[0]


def says(
    power: str = "on", errors: str = "000000", lamp_hours: float = 100, subject: str = BEAMER
) -> dict[str, list[Series]]:
    """What a projector says; "" for what it does not."""

    def one(value: float, **labels: str) -> Series:
        return Series(subject_of(subject), "schule", labels, value, LESSON)

    return {
        "ringwacht_projector_power_state": [
            one(float(state == power), state=state) for state in ("standby", "on", "cooling", "warming") if power
        ],
        "ringwacht_projector_error": [one(float(level), part=part) for part, level in zip(PARTS, errors, strict=False)],
        "ringwacht_projector_lamp_seconds_total": [one(lamp_hours * 3600, lamp="1")] if lamp_hours else [],
    }


def found(judgement: Judgement, rule: str = RULE) -> list[Finding]:
    return [one for one in judgement.findings if one.rule == rule]


def only(judgement: Judgement, rule: str = RULE) -> Finding:
    (finding,) = found(judgement, rule)
    return finding


def is_open(judgement: Judgement, subject: Subject = ROOM, rule: str = RULE) -> bool:
    return FindingKey(rule, subject) in judgement.unverified


def equipment(judgement: Judgement) -> dict[str, str]:
    assert judgement.estate is not None
    return {str(one.subject): one.state for room in judgement.estate.classrooms for one in room.equipment}


def polled(name: str, when: float = LESSON) -> JobState:
    done = job(name, "projector" if name.startswith("projector") else "icmp")
    assert done.reading is not None
    return replace(done, reading=replace(done.reading, at=when))


def silent(name: str, since: float, reason: Reason = Reason.TIMEOUT) -> JobState:
    return failed(name, "projector" if name.startswith("projector") else "icmp", reason, since=since)
