"""What waits for its hour is decided anew until then; played through all that decides, and the choice of the outbox."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from agent.alerts.roster import Roster
from agent.contract import Finding, Severity, Silence, Subject
from config.inventory import Inventory
from config.settings import Match, Settings
from tests.agent.alerts import rotas
from tests.agent.alerts.pipeline import Acknowledged, Look, Pipeline, Silenced
from tests.agent.alerts.rotas import event
from tests.agent.alerts.routes import MONDAY, SATURDAY, TUESDAY, at, settings

SWITCH = Subject("device", "sw-1")
MILD, BAD = (Finding("device_unreachable", SWITCH, one, "silent") for one in (Severity.WARNING, Severity.CRITICAL))
OFFICE: dict[str, Any] = {"receivers": ["it-team"], "when": "office_hours"}
QUARTER = [{"after": "15m", "to": ["head-of-it"]}]


def course(config: Settings, start: float = SATURDAY) -> Pipeline:
    return Pipeline(Inventory(), config, start)


def looks(count: int, seconds: float, *findings: Finding) -> list[Look]:
    return [Look(seconds, findings)] * count


def sent(done: Pipeline, start: float = SATURDAY) -> list[tuple[float, str, str, str]]:
    """Return when, after the start, who was sent what."""
    return [
        (done.stored.sent_at[one.key] - start, one.receiver, one.alert.finding.severity.value, one.reason)
        for one in done.delivered
    ]


def muted(seconds: float) -> Silenced:
    return Silenced(Silence("s", Match(device="sw-1"), "it-team", "digging", 0, 0), seconds)


def test_what_gets_worse_does_not_wait_with_what_was_milder() -> None:
    always = {"match": {"severity": "critical"}, "receivers": ["it-team"]}
    done = course(settings(routes=[always, OFFICE])).run([*looks(3, 60, MILD), *looks(10, 60, BAD)])
    assert sent(done) == [(240.0, "it-team", "critical", "new")]
    assert [one.why for one in done.stored.withdrawn] == ["told anew"]


def test_an_escalation_goes_to_who_waits_for_a_milder_stage() -> None:
    rush = {
        "match": {"severity": "critical"},
        "receivers": ["on-call"],
        "escalate": [{"after": "15m", "to": ["it-team"]}],
    }
    done = course(settings(routes=[rush, OFFICE])).run([*looks(3, 60, MILD), *looks(20, 60, BAD)])
    assert sent(done) == [(240.0, "on-call", "critical", "new"), (1140.0, "it-team", "critical", "escalated")]


def test_an_escalation_goes_to_who_heard_of_a_milder_stage_and_counts_from_the_worse_one() -> None:
    rush = {
        "match": {"severity": "critical"},
        "receivers": ["on-call"],
        "escalate": [{"after": "15m", "to": ["it-team"]}],
    }
    done = course(settings(routes=[rush, {"receivers": ["it-team", "on-call"]}]))
    done.run([*looks(30, 60, MILD), *looks(20, 60, BAD)])
    assert sent(done)[2:] == [(1860.0, "on-call", "critical", "worse"), (2760.0, "it-team", "critical", "escalated")]


def test_what_got_worse_while_it_was_muted_is_told_as_such_when_that_ends() -> None:
    done = course(settings(routes=[{"receivers": ["on-call"], "escalate": QUARTER}]))
    done.run([*looks(3, 60, MILD), muted(3600), *looks(30, 60, BAD), *looks(80, 60, BAD)])
    told = [(180.0, "on-call", "warning", "new"), (3780.0, "on-call", "critical", "worse")]
    assert sent(done) == [*told, (4680.0, "head-of-it", "critical", "escalated")]


def test_an_escalation_counts_from_the_end_of_the_time_in_which_nobody_was_told() -> None:
    done = course(settings(routes=[{"receivers": ["on-call"], "escalate": QUARTER}]))
    done.run([*looks(3, 60, BAD), muted(3600), *looks(80, 60, BAD)])
    assert sent(done)[1:] == [(3780.0 + 900, "head-of-it", "critical", "escalated")]


def test_an_escalation_is_decided_when_the_route_is_open() -> None:
    friday = at("2026-11-27T16:50")
    done = course(settings(routes=[{**OFFICE, "escalate": QUARTER}]), friday)
    done.run([*looks(30, 60, MILD)])
    assert sent(done, friday) == [(180.0, "it-team", "warning", "new")]
    assert done.stored.waiting() == []
    done.run([Acknowledged(0), *looks(300, 900, MILD)])
    assert len(sent(done)) == 1


def test_who_does_not_answer_a_digest_is_escalated_without_another_one() -> None:
    done = course(settings(routes=[{"receivers": ["it-team"], "digest": "07:30", "escalate": QUARTER}]), TUESDAY)
    done.run(looks(1500, 60, MILD))
    digest = at("2026-11-25T07:30") - TUESDAY
    assert [one[0] for one in sent(done, TUESDAY)] == [digest, digest + 900]


def test_what_is_muted_before_its_hour_comes_is_not_told_then_and_comes_when_that_ends() -> None:
    done = course(settings(routes=[OFFICE]))
    done.run([*looks(3, 60, MILD), muted(46 * 3600), *looks(400, 600, MILD)])
    assert [one.why for one in done.stored.withdrawn] == ["muted: digging"]
    ((when, *told),) = sent(done)
    assert told == ["it-team", "warning", "new"]
    assert 46 * 3600 <= when < 46 * 3600 + 900
    early = course(settings(routes=[OFFICE])).run([*looks(3, 60, MILD), muted(3600), *looks(400, 600, MILD)])
    assert [one[0] for one in sent(early)] == [MONDAY - SATURDAY + 180]


def test_what_somebody_acknowledged_who_heard_of_it_is_told_to_nobody_at_opening() -> None:
    both = {"match": {"severity": "warning"}, "receivers": ["on-call"]}
    lost = replace(MILD, rule="redundancy_lost", subject=Subject("site", "s"), cause=SWITCH)
    done = course(settings(routes=[{**OFFICE, "match": {"rule": "device_unreachable"}}, both]))
    done.run([*looks(5, 60, MILD, lost), Acknowledged(0), *looks(300, 600, MILD, lost)])
    assert [one[1] for one in sent(done)] == ["on-call"]
    assert [one.why for one in done.stored.withdrawn] == ["acknowledged"]


def test_what_nobody_heard_is_told_at_opening_though_it_is_acknowledged() -> None:
    done = course(settings(routes=[OFFICE])).run([*looks(3, 60, MILD), Acknowledged(0), *looks(300, 600, MILD)])
    assert [one[1] for one in sent(done)] == ["it-team"]


def test_a_swap_of_duty_takes_what_waits_to_who_has_duty_then() -> None:
    done = course(rotas.settings(routes=[{"receivers": ["rota"], "when": "office_hours"}]), SATURDAY)

    def plan(*shifts: str) -> None:
        roster = Roster({"rota": rotas.plan(*shifts)})
        done.rules = replace(done.rules, rota=replace(done.rules.rota, roster=roster))

    anna = event("anna", "20261128T080000", "20261202T080000")
    plan(anna)
    done.run(looks(3, 60, MILD))
    plan(anna, event("Vertretung: ben", "20261128T120000", "20261202T080000"))
    done.run(looks(300, 600, MILD))
    assert [one[1] for one in sent(done)] == ["ben"]


def test_beginning_and_end_of_what_came_and_went_while_it_waited_are_told() -> None:
    done = course(settings(routes=[OFFICE])).run([*looks(3, 60, MILD), *looks(800, 240)])
    assert [one.alert.state.value for one in done.delivered] == ["firing", "resolved"]
