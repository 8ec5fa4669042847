from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from agent.alerts.hours import Calendar
from agent.alerts.muting import marked, matches
from agent.alerts.routing import Rota, Told, notifications
from agent.contract import Alert, AlertState, Finding, Notification, Severity, Subject, Transition
from config.settings import Match, Settings

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
    cause: Subject | None = None,
    rule: str = "link_down",
) -> Alert:
    found = Finding(rule, Subject("link", "hop"), severity, "summary", cause=cause, site="rathaus")
    return Alert("a1", found, state, changed_at - 30, changed_at, None, by)


def change(one: Alert) -> Transition:
    return Transition(one, AlertState.PENDING, one.changed_at)


def mark(config: Settings, now: float, *alerts: Alert) -> tuple[Alert, ...]:
    return tuple(marked({one.finding.key: one for one in alerts}, config, Calendar.of(config), now).values())


def told_of(one: Alert, config: Settings, now: float, told: Told | None = None) -> list[tuple[str, float]]:
    (one,) = mark(config, now, one)
    made = notifications([change(one)], Rota.of(config), now, [one], told)
    return [(note.receiver, note.not_before) for note in made]


def standing(one: Alert, config: Settings, now: float, told: Told) -> tuple[Notification, ...]:
    return notifications([], Rota.of(config), now, mark(config, now, one), told)


@pytest.mark.parametrize(
    ("match", "holds"),
    [
        ({}, True),
        ({"rule": "link_down"}, True),
        ({"rule": "leak"}, False),
        ({"severity": "critical"}, True),
        ({"severity": "warning"}, False),
        ({"subject": "hop"}, True),
        ({"subject": "link:hop"}, True),
        ({"subject": "device:hop"}, False),
        ({"link": "hop"}, True),
        ({"device": "hop"}, False),
        ({"site": "rathaus"}, True),
        ({"site": "kreishaus"}, False),
        ({"rule": "link_down", "site": "kreishaus"}, False),
    ],
)
def test_match(match: dict[str, str], holds: bool) -> None:
    assert matches(Match.model_validate(match), alert().finding) is holds


def test_a_finding_about_a_site_is_at_that_site() -> None:
    found = Finding("site_isolated", Subject("site", "rathaus"), Severity.CRITICAL, "summary")
    assert matches(Match.model_validate({"site": "rathaus"}), found)


def test_the_first_route_wins_and_the_key_is_stable() -> None:
    (note,) = notifications([change(alert())], Rota.of(settings()), TUESDAY)
    assert (note.receiver, note.not_before, note.created_at) == ("on-call", TUESDAY, TUESDAY)
    assert note.key == "a1:firing:critical:on-call"


def test_without_a_matching_route_nobody_is_told() -> None:
    assert notifications([change(alert())], Rota.of(settings(routes=[])), TUESDAY) == ()


def test_outside_office_hours_it_waits() -> None:
    assert told_of(alert(Severity.WARNING, changed_at=SATURDAY), settings(), SATURDAY) == [("it-team", MONDAY)]
    assert told_of(alert(Severity.WARNING), settings(), TUESDAY) == [("it-team", TUESDAY)]


def test_a_digest_waits_for_its_time() -> None:
    assert told_of(alert(Severity.INFO), settings(), TUESDAY) == [("it-team", at("2026-11-25T07:30"))]


def test_the_end_is_told_to_whoever_was_told_of_the_beginning() -> None:
    ended = alert(Severity.WARNING, AlertState.RESOLVED, TUESDAY)
    told = {("a1", "on-call"): TUESDAY - 60, ("other", "head-of-it"): TUESDAY}
    assert told_of(ended, settings(), TUESDAY, told) == [("on-call", TUESDAY)]
    assert told_of(ended, settings(), TUESDAY, {}) == []
    assert told_of(ended, settings(), TUESDAY) == [("it-team", TUESDAY)]


def test_the_end_does_not_overtake_a_beginning_that_waits() -> None:
    ended = alert(Severity.WARNING, AlertState.RESOLVED, SATURDAY)
    assert told_of(ended, settings(), SATURDAY, {("a1", "it-team"): MONDAY}) == [("it-team", MONDAY)]


def test_a_pending_alert_is_nobodys_business() -> None:
    assert standing(alert(state=AlertState.PENDING), settings(), TUESDAY, {}) == ()


def worsened(at_seconds: float, told: Told) -> tuple[Notification, ...]:
    change = Transition(alert(), AlertState.FIRING, at_seconds)
    return notifications([change], Rota.of(settings()), at_seconds, [change.alert], told)


def test_getting_worse_is_told_each_time() -> None:
    (first,) = worsened(TUESDAY + 60, {("a1", "it-team"): TUESDAY})
    (second,) = worsened(TUESDAY + 600, {("a1", "it-team"): TUESDAY, ("a1", "on-call"): TUESDAY + 60})
    assert (first.key, second.key) == (
        f"a1:firing:critical:on-call:{TUESDAY + 60:.0f}",
        f"a1:firing:critical:on-call:{TUESDAY + 600:.0f}",
    )


def test_repeat() -> None:
    told = {("a1", "on-call"): TUESDAY, ("a1", "head-of-it"): TUESDAY + 900}
    assert standing(alert(), settings(), TUESDAY + 3599, told) == ()
    (again,) = standing(alert(), settings(), TUESDAY + 3600, told)
    assert again.key == f"a1:firing:critical:on-call:{TUESDAY:.0f}"
    assert standing(alert(by="me"), settings(), TUESDAY + 3600, told) == ()


def test_no_repeat_while_the_route_is_closed() -> None:
    one = alert(Severity.WARNING, changed_at=at("2026-11-27T16:00"))
    told = {("a1", "it-team"): at("2026-11-27T16:00")}
    assert standing(one, settings(), SATURDAY, told) == ()
    assert len(standing(one, settings(), MONDAY, told)) == 1


def test_nobody_acknowledges() -> None:
    told = {("a1", "on-call"): TUESDAY}
    assert standing(alert(), settings(), TUESDAY + 899, told) == ()
    assert [n.receiver for n in standing(alert(), settings(), TUESDAY + 900, told)] == ["head-of-it"]
    assert standing(alert(by="me"), settings(), TUESDAY + 900, told) == ()
    both = {**told, ("a1", "head-of-it"): TUESDAY + 900}
    assert standing(alert(), settings(), TUESDAY + 960, both) == ()


def test_accepted_is_not_told_until_the_day_is_over() -> None:
    config = settings(accept=[{"match": {"subject": "hop"}, "until": "2026-11-24", "reason": "ordered"}])
    assert told_of(alert(), config, TUESDAY, {}) == []
    assert standing(alert(), config, at("2026-11-24T23:59"), {}) == ()
    assert [n.receiver for n in standing(alert(), config, at("2026-11-25T00:00"), {})] == ["on-call"]


def test_maintenance_mutes_and_what_still_stands_at_its_end_is_told() -> None:
    config = settings(maintenance=[WORK])
    assert told_of(alert(), config, TUESDAY, {}) == []
    assert standing(alert(), config, at("2026-11-24T11:59:59"), {}) == ()
    assert [n.receiver for n in standing(alert(), config, at("2026-11-24T12:00"), {})] == ["on-call"]
    ended = alert(state=AlertState.RESOLVED)
    assert told_of(ended, config, TUESDAY, {}) == []


def test_maintenance_mutes_what_it_causes_but_never_an_isolated_site() -> None:
    config = settings(maintenance=[{**WORK, "match": {"link": "other"}}])
    other = Subject("link", "other")
    assert told_of(alert(cause=other), config, TUESDAY, {}) == []
    assert len(told_of(alert(), config, TUESDAY, {})) == 1
    assert len(told_of(alert(cause=other, rule="site_isolated"), config, TUESDAY, {})) == 1


def test_a_message_made_by_a_change_is_not_made_twice() -> None:
    assert len(told_of(alert(), settings(), TUESDAY, {})) == 1


HOP = Subject("link", "hop")
# who is told of what follows from the cut, and is not told of the cut
LOST: dict[str, Any] = {
    "match": {"rule": "redundancy_lost"},
    "receivers": ["on-call", "it-team"],
    "escalate": [{"after": "15m", "to": ["head-of-it"]}],
    "repeat": "2h",
}
CUT = alert(Severity.WARNING, changed_at=SATURDAY)


def behind(name: str = "b1", rule: str = "redundancy_lost", state: AlertState = AlertState.FIRING) -> Alert:
    found = Finding(rule, Subject("site", name), Severity.WARNING, "one way", cause=HOP)
    return Alert(name, found, state, SATURDAY - 30, SATURDAY)


def with_followers(now: float, told: Told, *alerts: Alert, fresh: bool = False) -> list[tuple[str, str, float]]:
    config = settings(routes=[LOST, *ROUTES])
    marked_alerts = mark(config, now, *alerts)
    changes = [change(one) for one in marked_alerts] if fresh else []
    made = notifications(changes, Rota.of(config), now, marked_alerts, told)
    return [(note.alert.id, note.receiver, note.not_before) for note in made]


def test_of_a_cut_those_are_told_who_would_be_told_of_what_it_takes_along() -> None:
    assert with_followers(SATURDAY, {}, CUT, fresh=True) == [("a1", "it-team", MONDAY)]
    both = [("a1", "it-team", SATURDAY), ("a1", "on-call", SATURDAY)]
    assert with_followers(SATURDAY, {}, CUT, behind(), fresh=True) == both
    assert with_followers(SATURDAY, {}, CUT, behind(), behind("b2"), fresh=True) == both


def test_who_was_told_of_the_cut_is_not_told_again_when_more_follows_from_it() -> None:
    told = {("a1", "it-team"): SATURDAY}
    assert with_followers(SATURDAY + 60, told, CUT, behind()) == [("a1", "on-call", SATURDAY + 60)]
    told[("a1", "on-call")] = SATURDAY + 60
    assert with_followers(SATURDAY + 120, told, CUT, behind(), behind("b2")) == []


def test_a_message_that_waits_is_brought_forward_by_what_may_be_told_at_once() -> None:
    told = {("a1", "it-team"): MONDAY, ("a1", "on-call"): SATURDAY}
    assert with_followers(SATURDAY + 60, told, CUT, behind()) == [("a1", "it-team", SATURDAY + 60)]
    told["a1", "it-team"] = SATURDAY + 60
    assert with_followers(SATURDAY + 120, told, CUT, behind()) == []


def test_what_is_pending_brings_nobody_along_and_a_pending_cut_is_told_to_nobody() -> None:
    told = {("a1", "it-team"): SATURDAY}
    assert with_followers(SATURDAY, told, CUT, behind(state=AlertState.PENDING)) == []
    pending = alert(Severity.WARNING, AlertState.PENDING, SATURDAY)
    assert with_followers(SATURDAY, {}, pending, behind()) == []


def test_a_cut_without_a_route_of_its_own_is_told_by_that_of_what_follows_from_it() -> None:
    config = settings(routes=[LOST])
    made = notifications([], Rota.of(config), SATURDAY, mark(config, SATURDAY, CUT, behind()), {})
    assert [(note.alert.id, note.receiver) for note in made] == [("a1", "on-call"), ("a1", "it-team")]


def test_of_a_cut_that_announced_work_explains_nobody_is_told_for_what_follows_either() -> None:
    config = settings(routes=[LOST], maintenance=[WORK])
    marked_alerts = mark(config, TUESDAY, CUT, behind())
    assert notifications([], Rota.of(config), TUESDAY, marked_alerts, {}) == ()


def test_who_was_brought_along_is_reminded_and_escalated_by_the_route_that_brought_them() -> None:
    told = {("a1", "it-team"): SATURDAY, ("a1", "on-call"): SATURDAY}
    late = SATURDAY + 900
    assert with_followers(late, told, CUT, behind()) == [("a1", "head-of-it", late)]
    told["a1", "head-of-it"] = late
    # the team is of the cut's own route, which is closed on a Saturday and repeats only each eight hours
    assert with_followers(SATURDAY + 7200, told, CUT, behind()) == [("a1", "on-call", SATURDAY + 7200)]


def test_acknowledging_the_cut_covers_what_follows_from_it() -> None:
    known = alert(Severity.WARNING, changed_at=SATURDAY, by="me")
    told = {("a1", "it-team"): SATURDAY, ("a1", "on-call"): SATURDAY}
    assert with_followers(SATURDAY + 7200, told, known, behind()) == []


def test_the_end_of_a_cut_is_told_to_those_who_were_brought_along() -> None:
    told = {("a1", "it-team"): SATURDAY, ("a1", "on-call"): SATURDAY}
    over = alert(Severity.WARNING, AlertState.RESOLVED, SATURDAY + 60)
    ended = with_followers(SATURDAY + 60, told, over, fresh=True)
    assert ended == [("a1", "it-team", SATURDAY + 60), ("a1", "on-call", SATURDAY + 60)]


def test_what_still_stands_after_its_cause_has_ended_is_told() -> None:
    config = settings(routes=[LOST, *ROUTES])
    _, led = mark(config, SATURDAY, CUT, behind())
    over = alert(Severity.WARNING, AlertState.RESOLVED, SATURDAY + 60)
    _, held = mark(config, SATURDAY + 60, over, led)
    assert notifications([], Rota.of(config), SATURDAY + 60, [over, held], {}) == ()
    after = SATURDAY + 60 + config.alerting.hold.warning
    (_, free) = mark(config, after, over, held)
    made = notifications([], Rota.of(config), after, [over, free], {})
    assert [(note.alert.id, note.receiver) for note in made] == [("b1", "on-call"), ("b1", "it-team")]
