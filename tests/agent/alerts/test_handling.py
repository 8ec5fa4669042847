from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from agent.alerts.handling import Fallback, Handling, readdressed, redirected, stand_ins
from agent.alerts.rota import Rota
from agent.alerts.routing import message_key
from agent.contract import Alert, AlertState, Finding, Notification, Sent, Severity, Subject, Trouble
from agent.risk.delivery import judge_delivery
from config.settings import Settings
from tests.agent.alerts.handlings import make_handling

ALERT = Alert(
    "a1", Finding("link_down", Subject("link", "l1"), Severity.CRITICAL, "down"), AlertState.FIRING, 100.0, 130.0
)
NOTE = Notification(message_key(ALERT, "boss") + ":300", "boss", ALERT, 130.0, 900.0, 7, "repeated", ("an effect",))
SETTINGS = Settings.model_validate(
    {
        "alerting": {
            "receivers": {
                "boss": {"apprise": [{"env": "PATH"}], "fallback": "team", "fallback_after": "3m"},
                "team": {"apprise": [{"env": "PATH"}]},
            },
            "routes": [{"match": {"severity": "critical"}, "receivers": ["team"]}],
            "rate_limit": {"messages": 3, "per": "1m"},
            "group_wait": "2s",
        }
    }
)


def test_it_is_as_configured() -> None:
    handling = Handling.of(SETTINGS, lambda: Rota.of(SETTINGS))
    assert (handling.group_wait, handling.messages, handling.per) == (2.0, 3, 60.0)
    assert handling.fallbacks == {"boss": Fallback("team", 180.0)}
    assert handling.whom("team", 0.0) == ("team",)
    assert handling.redirect(NOTE, 0.0) == ("team",)
    mild = replace(NOTE, alert=replace(ALERT, finding=replace(ALERT.finding, severity=Severity.INFO)))
    assert handling.redirect(mild, 0.0) == ()


def test_readdressed_it_is_the_message_that_routing_would_have_made_and_due() -> None:
    made = readdressed(NOTE, "team", 500.0, "boss")
    assert made.key == message_key(ALERT, "team") + ":300"
    assert (made.receiver, made.not_before, made.attempts, made.instead_of) == ("team", 500.0, 0, "boss")
    assert (made.reason, made.effects) == ("repeated", ("an effect",))


def test_the_fallback_is_told_after_its_time_or_at_once_at_a_refusal() -> None:
    handling = Handling.of(SETTINGS, lambda: Rota.of(SETTINGS))
    entry = Sent(NOTE, None, 900.0)
    assert list(stand_ins(entry, None, handling, 1000.0)) == []
    assert list(stand_ins(entry, Trouble(900.0, "503"), handling, 1079.0)) == []
    assert [one.receiver for one in stand_ins(entry, Trouble(900.0, "503"), handling, 1080.0)] == ["team"]
    assert [one.receiver for one in stand_ins(entry, Trouble(900.0, "404", True), handling, 900.0)] == ["team"]


def test_who_is_gone_is_replaced_by_who_has_duty_or_by_the_routes() -> None:
    entry = Sent(NOTE, None, 900.0)
    duty = make_handling(whom=lambda _name, _now: ("anna", "bert"), redirect=lambda _note, _now: ("team",))
    assert [one.receiver for one in redirected(entry, duty, 900.0)] == ["anna", "bert"]
    routes = make_handling(redirect=lambda _note, _now: ("team", "team"))
    assert [one.receiver for one in redirected(entry, routes, 900.0)] == ["team"]


def test_a_receiver_that_fails_for_long_is_found_and_critical_where_nobody_is_told_instead() -> None:
    def found(**troubles: Trouble) -> dict[str, str]:
        judged = judge_delivery(troubles, (), SETTINGS, 1000.0)
        return {one.subject.id: one.severity.value for one in judged}

    assert found(boss=Trouble(701.0, "503")) == {}
    assert found(boss=Trouble(700.0, "503")) == {"boss": "warning"}
    assert found(boss=Trouble(999.0, "404", True)) == {"boss": "warning"}
    assert found(team=Trouble(700.0, "503")) == {"team": "critical"}
    assert found(boss=Trouble(1.0, ""), team=Trouble(1.0, "")) == {"boss": "critical", "team": "critical"}


def test_a_damaged_state_is_critical_and_names_the_file() -> None:
    (one,) = judge_delivery({}, (Path("/var/lib/ringwacht/state.sqlite.damaged-1"),), SETTINGS, 0.0)
    assert (one.rule, one.severity, str(one.subject)) == ("state_damaged", Severity.CRITICAL, "daemon:ringwacht")
    assert "state.sqlite.damaged-1" in one.summary
