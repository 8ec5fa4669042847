from __future__ import annotations

from dataclasses import replace
from typing import Any

from agent.alerts.hours import Calendar
from agent.alerts.lifecycle import Policy
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


def mark(config: Settings, now: float, *alerts: Alert) -> tuple[Alert, ...]:
    return tuple(
        marked(
            {one.finding.key: one for one in alerts}, config, Calendar.of(config), Policy.of(config, {}), now
        ).values()
    )


def test_an_alert_is_marked_while_it_stands_and_freed_afterwards() -> None:
    config = accept(subject="ev-vdsl")
    (muted,) = mark(config, TUESDAY, ALERT)
    assert muted.muted is not None
    assert mark(config, TUESDAY, muted)[0] is muted
    assert mark(config, TUESDAY + 2 * DAY, muted)[0].muted is None
    assert mark(config, TUESDAY, replace(muted, state=AlertState.RESOLVED))[0].muted is None
    assert mark(Settings(), TUESDAY, muted)[0].muted is None


BEHIND = replace(
    ALERT,
    id="a2",
    finding=Finding("redundancy_lost", Subject("site", "everswinkel"), Severity.WARNING, "one way", cause=LINK.subject),
)
BECAUSE = Muted("cause", "gone", "")
WORK = {"name": "splicing", "from": "2026-11-24T08:00", "until": "2026-11-24T12:00"}


def reasons(config: Settings, now: float, *alerts: Alert) -> list[Muted | None]:
    return [one.muted for one in mark(config, now, *alerts)]


def test_what_has_a_cause_names_the_alert_that_is_told_instead() -> None:
    assert reasons(Settings(), TUESDAY, ALERT, BEHIND) == [None, BECAUSE]
    assert reasons(Settings(), TUESDAY, replace(ALERT, state=AlertState.PENDING), BEHIND) == [None, BECAUSE]
    assert reasons(Settings(), TUESDAY, BEHIND) == [None]


def test_acceptance_and_work_outrank_a_cause() -> None:
    accepted = settings(accept=[{"match": {"rule": "redundancy_lost"}, "until": "2026-11-25", "reason": "known"}])
    assert reasons(accepted, TUESDAY, ALERT, BEHIND) == [None, Muted("accepted", "known", "2026-11-25")]
    work = settings(maintenance=[{**WORK, "match": {"link": "ev-vdsl"}}])
    both = Muted("maintenance", "splicing", "2026-11-24 12:00")
    assert reasons(work, TUESDAY, ALERT, BEHIND) == [both, both]


def test_what_follows_from_something_muted_is_muted_too_but_for_a_site_that_is_gone() -> None:
    config = accept(rule="link_down")
    gone = replace(BEHIND, finding=replace(BEHIND.finding, rule="site_isolated"))
    accepted = Muted("accepted", "fibre is ordered", "2026-11-25")
    assert reasons(config, TUESDAY, ALERT, BEHIND) == [accepted, BECAUSE]
    assert reasons(config, TUESDAY, ALERT, gone) == [accepted, None]
    assert reasons(Settings(), TUESDAY, ALERT, gone) == [None, BECAUSE]


def test_who_has_lost_its_leader_is_held_back_for_the_hold_of_its_rule() -> None:
    config = settings(rules={BEHIND.finding.rule: {"hold": "60s"}})
    _, led = mark(config, TUESDAY, ALERT, BEHIND)
    (held,) = mark(config, TUESDAY + 10, led)
    assert (held.muted, held.unled_since) == (BECAUSE, TUESDAY + 10)
    (held,) = mark(config, TUESDAY + 69, held)
    assert (held.muted, held.unled_since) == (BECAUSE, TUESDAY + 10)
    (free,) = mark(config, TUESDAY + 70, held)
    assert (free.muted, free.unled_since) == (None, None)
    assert mark(config, TUESDAY + 71, free)[0] is free


def test_a_cause_that_vanished_for_one_look_frees_nobody() -> None:
    _, led = mark(Settings(), TUESDAY, ALERT, BEHIND)
    (held,) = mark(Settings(), TUESDAY + 1, led)
    _, again = mark(Settings(), TUESDAY + 2, ALERT, held)
    assert (again.muted, again.unled_since) == (BECAUSE, None)
    causeless = replace(again, finding=replace(again.finding, cause=None))
    assert mark(Settings(), TUESDAY + 3, ALERT, causeless)[1].muted == BECAUSE


def test_a_cause_that_comes_and_goes_and_never_fires_holds_nobody_back_for_ever() -> None:
    config = settings(hold={"warning": "60s"})
    pending = replace(ALERT, state=AlertState.PENDING)
    _, led = mark(config, TUESDAY, pending, BEHIND)
    (held,) = mark(config, TUESDAY + 10, led)
    _, led = mark(config, TUESDAY + 20, pending, held)
    assert led.muted == BECAUSE
    assert mark(config, TUESDAY + 70, led)[0].muted is None


def test_a_clock_that_stepped_back_makes_nobody_wait_longer() -> None:
    config = settings(hold={"warning": "60s"})
    _, led = mark(config, TUESDAY, ALERT, BEHIND)
    (held,) = mark(config, TUESDAY, led)
    (held,) = mark(config, TUESDAY - DAY, held)
    assert mark(config, TUESDAY - DAY + 60, held)[0].muted is None


def test_what_becomes_worse_than_its_cause_is_told_at_once() -> None:
    mild = replace(ALERT, finding=replace(LINK, severity=Severity.WARNING))
    _, led = mark(Settings(), TUESDAY, mild, BEHIND)
    worse = replace(led, finding=replace(led.finding, severity=Severity.CRITICAL))
    assert mark(Settings(), TUESDAY, mild, worse)[1].muted is None


def test_what_is_resolved_waits_for_no_leader() -> None:
    _, led = mark(Settings(), TUESDAY, ALERT, BEHIND)
    (held,) = mark(Settings(), TUESDAY, led)
    (over,) = mark(Settings(), TUESDAY + 1, replace(held, state=AlertState.RESOLVED))
    assert (over.muted, over.unled_since) == (None, None)
