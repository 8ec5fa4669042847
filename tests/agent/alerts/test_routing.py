from __future__ import annotations

from collections.abc import Mapping

import pytest

from agent.alerts.rota import Rota
from agent.alerts.routing import notifications
from agent.contract import AlertState, Finding, Notification, Severity, Subject, Transition
from agent.risk.work import matches
from config.settings import Match
from tests.agent.alerts.routes import (
    MONDAY,
    SATURDAY,
    TUESDAY,
    WORK,
    alert,
    at,
    change,
    settings,
    since,
    standing,
    told_of,
)


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


def worsened(at_seconds: float, told: Mapping[tuple[str, str], float]) -> tuple[Notification, ...]:
    change = Transition(alert(), AlertState.FIRING, at_seconds)
    known = since(told, Severity.WARNING)
    return notifications([change], Rota.of(settings()), at_seconds, [change.alert], known)


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
    assert again.key == f"a1:firing:critical:on-call:again:{TUESDAY:.0f}"
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


def test_a_reminder_of_what_got_worse_is_another_message() -> None:
    (worse,) = worsened(TUESDAY, {("a1", "it-team"): TUESDAY - 60})
    told = {("a1", "on-call"): TUESDAY, ("a1", "head-of-it"): TUESDAY + 900}
    (again,) = standing(alert(), settings(), TUESDAY + 3600, told)
    assert worse.key != again.key
