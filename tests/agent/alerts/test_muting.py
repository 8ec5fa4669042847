from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from agent.alerts.lifecycle import Policy
from agent.alerts.muting import Excuses, marked, muting, skipped
from agent.contract import Alert, AlertState, Finding, Muted, Severity, Silence, SilenceMode, Subject
from agent.risk.calendar import Calendar
from config.inventory import Inventory
from config.settings import Match, Settings

TUESDAY = 1_795_510_800.0  # 2026-11-24 10:00 in Berlin
DAY = 86_400.0
LINK = Finding("link_down", Subject("link", "ev-vdsl"), Severity.CRITICAL, "gone", site="everswinkel")
ALERT = Alert("a1", LINK, AlertState.FIRING, TUESDAY, TUESDAY)


def settings(**alerting: Any) -> Settings:
    return Settings.model_validate({"alerting": alerting})


def excuses(config: Settings) -> Excuses:
    return Excuses(config, Calendar.of(config))


def accept(**match: str) -> Settings:
    return settings(accept=[{"match": match, "until": "2026-11-25", "reason": "fibre is ordered"}])


def why(config: Settings, now: float = TUESDAY, finding: Finding = LINK) -> Muted | None:
    return muting(finding, excuses(config), now)


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
    known = {one.finding.key: one for one in alerts}
    return tuple(marked(known, excuses(config), Policy.of(config, {}), now).values())


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


GONE = replace(ALERT, id="a3", finding=replace(BEHIND.finding, rule="site_isolated", severity=Severity.CRITICAL))


def at_work(mode: str) -> Settings:
    return settings(maintenance=[{**WORK, "mode": mode, "match": {"link": "ev-vdsl"}}])


def one_of(config: Settings, alert: Alert, *silences: Silence, now: float = TUESDAY) -> Alert:
    known = Excuses(config, Calendar.of(config), silences)
    (only,) = marked({alert.finding.key: alert}, known, Policy.of(config, {}), now).values()
    return only


def test_work_of_which_all_is_told_is_named_and_mutes_nothing() -> None:
    cut = one_of(at_work("run"), ALERT)
    assert (cut.muted, cut.work) == (None, "splicing")
    assert one_of(at_work("run"), ALERT, now=TUESDAY + 2 * 3600).work is None


@pytest.mark.parametrize("mode", ["mute", "skip", "run"])
def test_a_site_that_is_cut_off_is_always_told_and_names_the_work(mode: str) -> None:
    gone = one_of(at_work(mode), GONE)
    assert (gone.muted, gone.work) == (None, "splicing")
    assert skipped([GONE.finding], excuses(at_work(mode)), TUESDAY) == frozenset()


def test_only_work_that_is_skipped_lets_nothing_become_an_alert() -> None:
    found = [LINK, BEHIND.finding, replace(LINK, rule="leak", subject=Subject("room", "keller"))]
    assert skipped(found, excuses(at_work("skip")), TUESDAY) == {LINK.key, BEHIND.finding.key}
    assert skipped(found, excuses(at_work("skip")), TUESDAY + DAY) == frozenset()
    assert skipped(found, excuses(at_work("mute")), TUESDAY) == frozenset()


def silence(mode: SilenceMode = "mute", **match: str) -> Silence:
    return Silence("s1", Match.model_validate(match), "it-team", "digger", TUESDAY, TUESDAY + 3600, mode)


def test_a_silence_mutes_what_it_explains_while_it_lasts() -> None:
    digger = silence(link="ev-vdsl")
    expected = Muted("silence", "digger", "2026-11-24 11:00")
    assert one_of(Settings(), ALERT, digger).muted == expected
    assert one_of(Settings(), BEHIND, digger).muted == expected
    assert one_of(Settings(), GONE, digger).muted is None
    assert one_of(Settings(), GONE, digger).work == "digger"
    assert one_of(Settings(), ALERT, digger, now=TUESDAY - 1).muted is None
    assert one_of(Settings(), ALERT, digger, now=TUESDAY + 3600).muted is None
    assert one_of(Settings(), ALERT, silence(site="wadersloh")).muted is None


def test_a_silence_of_a_rule_or_severity_mutes_no_other_for_its_cause() -> None:
    cut = Match(link="ev-vdsl")
    for other in ({"rule": "link_down"}, {"severity": "critical"}):
        narrow = replace(silence(), match=cut.model_copy(update=other))
        assert one_of(Settings(), ALERT, narrow).muted is not None
        assert one_of(Settings(), BEHIND, narrow).muted is None
    own = {"rule": "redundancy_lost", "severity": "warning"}
    assert one_of(Settings(), BEHIND, replace(silence(), match=cut.model_copy(update=own))).muted is not None


def test_work_explains_what_follows_from_its_place_over_several_causes() -> None:
    far = Finding("service_failing", Subject("service", "portal"), Severity.CRITICAL, "", cause=BEHIND.finding.subject)
    config, alerts = at_work("mute"), (ALERT, BEHIND, replace(ALERT, id="a4", finding=far))
    assert [one.muted is not None and one.muted.by for one in mark(config, TUESDAY, *alerts)] == ["maintenance"] * 3
    assert far.key in skipped([LINK, BEHIND.finding, far], excuses(at_work("skip")), TUESDAY)


def test_the_end_of_what_muted_it_is_noted() -> None:
    (held,) = mark(at_work("mute"), TUESDAY, ALERT)
    (free,) = mark(at_work("mute"), TUESDAY + DAY, held)
    assert (held.unmuted_at, free.unmuted_at) == (None, TUESDAY + DAY)


def test_a_silence_may_skip_or_only_name_the_work() -> None:
    named = one_of(Settings(), ALERT, silence("run", rule="link_down"))
    assert (named.muted, named.work) == (None, "digger")
    known = replace(excuses(Settings()), silences=(silence("skip", rule="link_down"),))
    assert skipped([LINK], known, TUESDAY) == {LINK.key}


LUNCH = replace(ALERT, finding=Finding("service_failing", Subject("service", "lunch"), Severity.WARNING, "fails"))
AT_SCHOOL = Inventory.model_validate({"services": {"lunch": {"tcp": "127.0.0.1:80", "when": "school_hours"}}})


def of_lunch(now: float, language: str = "en") -> Muted | None:
    config = Settings.model_validate({"municipality": {"language": language}})
    known = Excuses.of(AT_SCHOOL, config, Calendar.of(config))
    return muting(LUNCH.finding, known, now)


def test_a_service_matters_at_its_hours_only() -> None:
    assert of_lunch(TUESDAY) is None
    evening = TUESDAY + 10 * 3600
    assert of_lunch(evening) == Muted("hours", "does not matter outside school hours", "2026-11-25 07:30")
    german = of_lunch(evening, "de")
    assert german is not None
    assert german.reason == "außerhalb der Unterrichtszeit ohne Belang"
    assert muting(LINK, Excuses.of(AT_SCHOOL, Settings(), Calendar.of(Settings())), evening) is None


def test_hours_may_be_written_out() -> None:
    inventory = Inventory.model_validate({"services": {"lunch": {"tcp": "127.0.0.1:80", "when": "Mo-Fr 11:00-14:00"}}})
    known = Excuses.of(inventory, Settings(), Calendar.of(Settings()))
    said = "außerhalb seiner Zeiten (Mo-Fr 11:00-14:00) ohne Belang"
    assert muting(LUNCH.finding, known, TUESDAY + 10 * 3600) == Muted("hours", said, "2026-11-25 11:00")
    assert muting(LUNCH.finding, known, TUESDAY + 2 * 3600) is None


@pytest.mark.parametrize(
    ("function", "muted"),
    [
        ({"primary": "lunch"}, True),
        ({"primary": "lunch", "when": "always"}, False),
        ({"primary": "portal"}, False),
        ({"primary": "portal", "when": "office_hours"}, True),
        ({"primary": "portal", "standby": ["lunch"]}, False),
    ],
)
def test_a_function_matters_when_its_primary_does_or_as_it_says(function: dict[str, Any], muted: bool) -> None:
    services = {"lunch": {"tcp": "127.0.0.1:80", "when": "school_hours"}, "portal": {"tcp": "127.0.0.1:81"}}
    inventory = Inventory.model_validate({"services": services, "functions": {"meals": function}})
    down = Finding("function_down", Subject("function", "meals"), Severity.CRITICAL, "")
    known = Excuses.of(inventory, Settings(), Calendar.of(Settings()))
    assert (muting(down, known, TUESDAY + 10 * 3600) is not None) == muted
    assert muting(down, known, TUESDAY) is None


def test_what_follows_from_a_service_that_does_not_matter_now_is_told() -> None:
    portal = Finding("service_failing", Subject("service", "portal"), Severity.WARNING, "", cause=LUNCH.finding.subject)
    known = Excuses.of(AT_SCHOOL, Settings(), Calendar.of(Settings()))
    alerts = {one.finding.key: one for one in (LUNCH, replace(ALERT, id="a4", finding=portal))}
    evening = marked(alerts, known, Policy.of(Settings(), {}), TUESDAY + 10 * 3600)
    assert evening[portal.key].muted is None
    assert marked(alerts, known, Policy.of(Settings(), {}), TUESDAY)[portal.key].muted == Muted("cause", "fails", "")


def test_what_is_resolved_waits_for_no_leader() -> None:
    _, led = mark(Settings(), TUESDAY, ALERT, BEHIND)
    (held,) = mark(Settings(), TUESDAY, led)
    (over,) = mark(Settings(), TUESDAY + 1, replace(held, state=AlertState.RESOLVED))
    assert (over.muted, over.unled_since) == (None, None)
