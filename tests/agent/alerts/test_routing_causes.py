"""Who is told of a cause because of what it takes along."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from agent.alerts.rota import Rota
from agent.alerts.routing import notifications
from agent.contract import Alert, AlertState, Finding, Severity, Subject
from tests.agent.alerts.routes import (
    MONDAY,
    ROUTES,
    SATURDAY,
    TUESDAY,
    WORK,
    alert,
    change,
    mark,
    settings,
    since,
)

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


def with_followers(
    now: float, told: Mapping[tuple[str, str], float], *alerts: Alert, fresh: bool = False
) -> list[tuple[str, str, float]]:
    config = settings(routes=[LOST, *ROUTES])
    marked_alerts = mark(config, now, *alerts)
    changes = [change(one) for one in marked_alerts] if fresh else []
    made = notifications(changes, Rota.of(config), now, marked_alerts, since(told))
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
