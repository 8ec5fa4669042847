"""What messages are composed of in tests: a small county, notifications, parcels."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal
from zoneinfo import ZoneInfo

from agent.contract import Alert, AlertState, Finding, Notification, NotificationReason, Parcel, Severity, Subject
from agent.risk.network.naming import Names
from agent.risk.texts import Language, Words
from agent.wire.seal import Seal
from config.inventory import Inventory
from exporters.messages.briefing import Briefing

# Saturday, 5 December 2026, 14:03 in Germany
SINCE = 1_796_475_780.0
NOW = SINCE + 35

COUNTY: Mapping[str, Any] = {
    "sites": {
        "kreishaus": {"name": "Kreishaus", "core": True},
        "wadersloh": {"name": "Wadersloh"},
        "everswinkel": {"name": "Jobcenter Everswinkel", "hotline": "0800 000000"},
    },
    "contracts": {
        "carrier": {
            "provider": "Netzbetreiber",
            "hotline": "0800 3301000",
            "reaction": "4h",
            "hours": "Mo-Fr 07:00-18:00",
        },
        "citeq": {"provider": "citeq"},
    },
    "links": {
        "ev-vdsl": {
            "name": "VDSL Everswinkel",
            "kind": "leased",
            "ends": ["everswinkel", "kreishaus"],
            "contract": "carrier",
            "circuit": "VDSL-4711",
        },
        "rf-kh-wad": {"kind": "radio", "ends": ["kreishaus", "wadersloh"]},
    },
    "rooms": {"keller": {"site": "kreishaus", "name": "Serverraum"}},
    "functions": {"fach": {"name": "Fachverfahren", "primary": "portal"}},
    "services": {"portal": {"name": "Serviceportal", "tcp": "127.0.0.1:443", "contract": "citeq"}},
}


def briefing(language: Language = "de", *, address: str | None = "https://ringwacht.example") -> Briefing:
    names = Names.of(Inventory.model_validate(COUNTY), Words(language))
    return Briefing(names, ZoneInfo("Europe/Berlin"), address, Seal(b"k" * 32))


def make_alert(
    summary: str = "Strecke VDSL Everswinkel ist ausgefallen",
    *,
    rule: str = "link_down",
    subject: Subject = Subject("link", "ev-vdsl"),  # noqa: B008 - a frozen value
    severity: Severity = Severity.CRITICAL,
    state: AlertState = AlertState.FIRING,
    site: str | None = "everswinkel",
    evidence: tuple[str, ...] = (),
    number: int = 1,
    **more: Any,
) -> Alert:
    finding = Finding(rule, subject, severity, summary, evidence, site=site, **more)
    return Alert(f"{number:012x}", finding, state, SINCE, SINCE + 30)


def told(
    alert: Alert, *, receiver: str = "on-call", reason: NotificationReason = "new", at: float = NOW, **more: Any
) -> Notification:
    return Notification(f"{alert.id}/{receiver}/{reason}", receiver, alert, at, at, reason=reason, **more)


def parcel(
    *notifications: Notification, kind: Literal["alerts", "digest", "summary", "test"] = "alerts", key: str = "key-1"
) -> Parcel:
    return Parcel(key, notifications[0].receiver, notifications, kind)
