from __future__ import annotations

from dataclasses import replace
from typing import Any

from agent.alerts.hours import Calendar
from agent.alerts.muting import marked, muting
from agent.contract import Alert, AlertState, Finding, Muted, Severity, Subject
from config.settings import Settings

TUESDAY = 1_795_510_800.0  # 2026-11-24 10:00 in Berlin
DAY = 86_400.0
LINK = Finding("link_down", Subject("link", "ev-vdsl"), Severity.CRITICAL, "gone", site="everswinkel")
ALERT = Alert("a1", LINK, AlertState.FIRING, TUESDAY, TUESDAY)


def settings(**alerting: Any) -> Settings:
    return Settings.model_validate({"alerting": alerting})


def accept(**match: str) -> Settings:
    return settings(accept=[{"match": match, "until": "2026-11-25", "reason": "fibre is ordered"}])


def why(config: Settings, now: float = TUESDAY, finding: Finding = LINK) -> Muted | None:
    return muting(finding, config, Calendar.of(config), now)


def test_what_is_accepted_says_why_and_until_when() -> None:
    assert why(accept(subject="ev-vdsl")) == Muted("accepted", "fibre is ordered", "2026-11-25")
    assert why(accept(rule="link_down", site="everswinkel")) is not None
    assert why(accept(rule="leak")) is None
    assert why(Settings()) is None


def test_an_acceptance_ends_with_its_day() -> None:
    config = accept(subject="link:ev-vdsl")
    assert why(config, TUESDAY + DAY) is not None
    assert why(config, TUESDAY + 2 * DAY) is None


def test_announced_work_says_what_is_done() -> None:
    work = {
        "name": "splicing",
        "from": "2026-11-24T08:00",
        "until": "2026-11-24T12:00",
        "match": {"link": "ev-vdsl"},
    }
    config = settings(maintenance=[work])
    assert why(config) == Muted("maintenance", "splicing", "2026-11-24 12:00")
    assert why(config, TUESDAY + 2 * 3600) is None
    assert why(config, finding=replace(LINK, rule="site_isolated")) is None


def test_an_alert_is_marked_while_it_stands_and_freed_afterwards() -> None:
    config = accept(subject="ev-vdsl")
    calendar = Calendar.of(config)
    muted = marked(ALERT, config, calendar, TUESDAY)
    assert muted.muted is not None
    assert marked(muted, config, calendar, TUESDAY) is muted
    assert marked(muted, config, calendar, TUESDAY + 2 * DAY).muted is None
    assert marked(replace(muted, state=AlertState.RESOLVED), config, calendar, TUESDAY).muted is None
    assert marked(muted, Settings(), Calendar.of(Settings()), TUESDAY).muted is None
