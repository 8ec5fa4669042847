"""Duty, escalation, digests and what a message says of itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

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
from config.settings import Settings
from tests.agent.alerts import rotas
from tests.agent.alerts.rotas import event
from tests.agent.alerts.routes import (
    MONDAY,
    ROUTES,
    SATURDAY,
    TUESDAY,
    alert,
    at,
    change,
    mark,
    settings,
    since,
    standing,
)

SHIFTS = (event("anna", "20261123T080000", "20261125T080000"), event("ben", "20261125T080000", "20261202T080000"))
WEDNESDAY = at("2026-11-25T08:00")


def on_duty(
    now: float, told: Mapping[tuple[str, str], float], one: Alert, config: Settings | None = None
) -> list[Notification]:
    return list(notifications([], rotas.rota(config or rotas.settings(), *SHIFTS), now, [one], since(told)))


def names(notes: list[Notification]) -> list[tuple[str, str]]:
    return [(note.receiver, note.reason) for note in notes]


def test_who_has_duty_at_the_moment_of_sending_is_told() -> None:
    assert names(on_duty(TUESDAY, {}, alert())) == [("anna", "new")]
    assert names(on_duty(WEDNESDAY, {}, alert())) == [("ben", "new")]
    closed = rotas.settings(routes=[{"receivers": ["rota"], "when": "office_hours"}])
    (note,) = on_duty(at("2026-11-24T18:00"), {}, alert(), closed)
    assert (note.receiver, note.not_before) == ("anna", at("2026-11-25T07:00"))


def test_who_comes_on_duty_is_told_of_what_still_fires() -> None:
    told = {("a1", "anna"): TUESDAY}
    assert on_duty(WEDNESDAY - 1, told, alert()) == []
    assert names(on_duty(WEDNESDAY, told, alert())) == [("ben", "new")]


def test_who_comes_on_duty_is_not_told_of_what_is_acknowledged_until_that_runs_out() -> None:
    told = {("a1", "anna"): TUESDAY}
    known = alert(by="anna", until=WEDNESDAY + 3600)
    assert on_duty(WEDNESDAY, told, known) == []
    assert names(on_duty(WEDNESDAY + 3600, told, known)) == [("ben", "new")]


def test_an_alert_that_is_acknowledged_and_of_which_nobody_was_told_is_told() -> None:
    assert names(on_duty(TUESDAY, {}, alert(by="anna"))) == [("anna", "new")]


def test_the_end_is_told_to_who_had_duty_then() -> None:
    ended = alert(state=AlertState.RESOLVED, changed_at=WEDNESDAY + 60)
    made = notifications(
        [change(ended)],
        rotas.rota(rotas.settings(), *SHIFTS),
        WEDNESDAY + 60,
        [ended],
        since({("a1", "anna"): TUESDAY}),
    )
    assert [(note.receiver, note.reason, note.not_before) for note in made] == [("anna", "resolved", WEDNESDAY + 60)]


def test_an_escalation_goes_to_who_has_duty_when_it_is_due_and_counts_from_the_first_shift() -> None:
    route: dict[str, Any] = {"receivers": ["desk"], "escalate": [{"after": "22h", "to": ["rota"]}]}
    config = rotas.settings(routes=[route])
    told = {("a1", "desk"): TUESDAY}
    assert on_duty(TUESDAY + 22 * 3600 - 1, told, alert(), config) == []
    assert names(on_duty(TUESDAY + 22 * 3600, told, alert(), config)) == [("ben", "escalated")]
    turned: dict[str, Any] = {"receivers": ["rota"], "escalate": [{"after": "22h", "to": ["desk"]}]}
    shifts = {("a1", "anna"): TUESDAY, ("a1", "ben"): WEDNESDAY}
    late = on_duty(TUESDAY + 22 * 3600, shifts, alert(), rotas.settings(routes=[turned]))
    assert names(late) == [("desk", "escalated")]


def test_an_escalation_comes_although_reminders_come_sooner() -> None:
    route = {**ROUTES[0], "repeat": "10m", "escalate": [{"after": "30m", "to": ["head-of-it"]}]}
    config = settings(routes=[route])
    reminded = {("a1", "on-call"): (Telling(Severity.CRITICAL, TUESDAY, TUESDAY + 1795),)}

    def told_at(now: float) -> list[str]:
        return [one.receiver for one in notifications([], Rota.of(config), now, [alert()], reminded)]

    assert told_at(TUESDAY + 1799) == []
    assert told_at(TUESDAY + 1800) == ["head-of-it"]


def test_an_acknowledgement_that_ran_out_begins_the_escalation_anew() -> None:
    until = TUESDAY + 7200
    known = alert(by="on-call", until=until)
    told = {("a1", "on-call"): TUESDAY, ("a1", "head-of-it"): TUESDAY + 900}
    assert standing(known, settings(), until - 1, told) == ()
    (again,) = standing(known, settings(), until, told)
    assert (again.receiver, again.reason) == ("on-call", "repeated")
    told["a1", "on-call"] = until
    assert standing(known, settings(), until + 899, told) == ()
    (late,) = standing(known, settings(), until + 900, told)
    assert (late.receiver, late.reason) == ("head-of-it", "escalated")
    told["a1", "head-of-it"] = until + 900
    assert standing(known, settings(), until + 960, told) == ()


def test_a_message_says_why_it_comes() -> None:
    worse = Transition(alert(), AlertState.FIRING, TUESDAY)
    (new,) = notifications([worse], Rota.of(settings()), TUESDAY, [alert()], since({("a1", "it-team"): TUESDAY - 60}))
    (known,) = notifications([worse], Rota.of(settings()), TUESDAY, [alert()], since({("a1", "on-call"): TUESDAY - 60}))
    assert (new.reason, known.reason) == ("new", "worse")
    (again,) = standing(
        alert(), settings(), TUESDAY + 3600, {("a1", "on-call"): TUESDAY, ("a1", "head-of-it"): TUESDAY + 1}
    )
    assert again.reason == "repeated"


def followers(count: int) -> list[Alert]:
    found = [
        Finding(
            "redundancy_lost",
            Subject("site", f"s{n:02}"),
            Severity.WARNING,
            f"s{n:02} one way",
            cause=alert().finding.subject,
        )
        for n in range(count)
    ]
    return [Alert(f"b{n}", one, AlertState.FIRING, TUESDAY, TUESDAY) for n, one in enumerate(found)]


def test_a_message_names_what_is_not_told_because_of_it() -> None:
    config = settings()
    marked = mark(config, TUESDAY, alert(), *followers(2))
    (note,) = notifications([], Rota.of(config), TUESDAY, marked, since({("a1", "it-team"): TUESDAY}))
    assert note.effects == ("s00 one way", "s01 one way")
    many = mark(config, TUESDAY, alert(), *followers(13))
    (note,) = notifications([], Rota.of(config), TUESDAY, many, since({("a1", "it-team"): TUESDAY}))
    assert (len(note.effects), note.effects[-1]) == (11, "und 3 weitere")


def test_what_a_digest_route_tells_is_marked_so_and_its_end_waits_for_the_next_one() -> None:
    (note,) = standing(alert(Severity.INFO), settings(), TUESDAY, {})
    assert (note.digest, note.not_before) == (True, at("2026-11-25T07:30"))
    over = alert(Severity.INFO, AlertState.RESOLVED, at("2026-11-25T12:00"))
    told = {("a1", "it-team"): at("2026-11-25T07:30")}
    (end,) = notifications([change(over)], Rota.of(settings()), over.changed_at, [over], since(told))
    assert (end.digest, end.not_before, end.reason) == (True, at("2026-11-26T07:30"), "resolved")


def test_the_end_waits_for_office_hours_as_the_beginning_did() -> None:
    over = alert(Severity.WARNING, AlertState.RESOLVED, SATURDAY)
    told = {("a1", "it-team"): at("2026-11-27T16:00")}
    (end,) = notifications([change(over)], Rota.of(settings()), SATURDAY, [over], since(told))
    assert end.not_before == MONDAY


def test_a_digest_that_is_for_office_hours_waits_for_a_working_day() -> None:
    config = settings(routes=[{"receivers": ["it-team"], "when": "office_hours", "digest": "07:30"}])
    (note,) = standing(alert(Severity.INFO), config, SATURDAY, {})
    assert note.not_before == MONDAY


def test_what_is_wrong_with_a_receiver_is_never_told_to_that_one_alone() -> None:
    broken = replace(
        alert(), finding=Finding("on_call_calendar", Subject("receiver", "on-call"), Severity.CRITICAL, "x")
    )
    made = standing(broken, settings(), TUESDAY, {})
    assert made[0].receiver == "on-call"
    assert {note.receiver for note in made} == {"on-call", "it-team", "head-of-it"}
    other = replace(
        alert(), finding=Finding("on_call_calendar", Subject("receiver", "it-team"), Severity.CRITICAL, "x")
    )
    assert [note.receiver for note in standing(other, settings(), TUESDAY, {})] == ["on-call"]


def test_a_worse_alert_is_told_although_it_is_acknowledged() -> None:
    known = replace(alert(), acknowledged=Acknowledgement("on-call", TUESDAY))
    worse = Transition(known, AlertState.FIRING, TUESDAY + 60)
    (note,) = notifications([worse], Rota.of(settings()), TUESDAY + 60, [known], since({("a1", "on-call"): TUESDAY}))
    assert note.reason == "worse"
