"""A small county for the status page: what it has, how its jobs stand, and the page about it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Literal

from agent.contract import (
    Alert,
    AlertState,
    Finding,
    JobKey,
    JobState,
    Muted,
    Network,
    Reason,
    Series,
    Severity,
    Snapshot,
    Subject,
    SubjectKind,
    Target,
)
from agent.families import LAST_JUDGEMENT
from config.inventory import Inventory
from config.settings import Settings
from exporters.web.page import Given, Look, Page, make_page
from exporters.web.render import Pages
from tests.harness.fakes import FakeView

NOW = 1_800_000_000.0  # 2027-01-15 08:00 UTC
SITES: Mapping[str, Any] = {"rathaus": {"name": "Rathaus"}, "schule": {"name": "Gesamtschule", "kind": "school"}}
DEVICES: Mapping[str, Any] = {
    "sw-1": {"site": "rathaus", "address": "192.0.2.1", "name": "Switch Keller"},
    "sw-2": {"site": "schule", "address": "192.0.2.2"},
}


def make_inventory(**sections: Any) -> Inventory:
    return Inventory.model_validate({"sites": SITES, "devices": DEVICES, **sections})


def make_settings(language: Literal["de", "en"] = "de", **sections: Any) -> Settings:
    return Settings.model_validate({"municipality": {"name": "Kreis Musterland", "language": language}, **sections})


def job(
    kind: SubjectKind,
    name: str,
    check: str = "snmp",
    *,
    up: bool | None = True,
    reason: Reason | None = None,
    detail: str = "",
    site: str | None = "rathaus",
) -> JobState:
    subject = Subject(kind, name)
    failed = up is False
    return JobState(
        JobKey(subject, check),
        Target(subject, site),
        up=up,
        reason=(reason or Reason.TIMEOUT) if failed else reason,
        detail=detail,
        failures=2 if failed else 0,
        since=NOW - 600,
        last_attempt=NOW - 5,
        last_success=NOW - 600 if failed else NOW - 5 if up else None,
    )


UP = (job("device", "sw-1"), job("device", "sw-2", site="schule"))


def alert(
    rule: str = "device_unreachable",
    subject: Subject = Subject("device", "sw-1"),  # noqa: B008  # immutable
    severity: Severity = Severity.CRITICAL,
    state: AlertState = AlertState.FIRING,
    *,
    age: float = 720.0,
    muted: Muted | None = None,
    **finding: Any,
) -> Alert:
    given: dict[str, Any] = {"summary": f"{subject.id} antwortet gar nicht", "site": "rathaus", **finding}
    found = Finding(rule, subject, severity, **given)
    return Alert(f"{rule}-{subject.id}-{age:g}", found, state, NOW - age, NOW - 60, muted=muted)


def snapshot(
    jobs: Iterable[JobState] = UP,
    alerts: Iterable[Alert] = (),
    series: Iterable[tuple[str, Series]] = (),
    judged: float | None = NOW - 1,
    network: Network | None = None,
) -> Snapshot:
    own = () if judged is None else ((LAST_JUDGEMENT, (((), judged),)),)
    return Snapshot(NOW, FakeView(jobs, series, NOW), (), tuple(alerts), own, network)


def page(
    state: Snapshot | None = None,
    inventory: Inventory | None = None,
    settings: Settings | None = None,
    look: Look = Look(),  # noqa: B008  # immutable
    **more: Any,
) -> Page:
    given = Given(state or snapshot(), inventory or make_inventory(), settings or make_settings(), **more)
    return make_page(given, look)


PAGES = Pages()


def html(shown: Page) -> str:
    return PAGES.render(shown, gzip=False).data.decode()
