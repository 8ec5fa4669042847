from __future__ import annotations

import re

import pytest

from agent.alerts.roster import Roster, roster_findings
from agent.contract import Finding, Severity
from agent.risk.texts import Words
from config.calendarfaults import KEYS, TEXTS, Fault, FaultKey
from tests.agent.alerts.rotas import TUESDAY, event, plan, rota, settings
from tests.agent.alerts.routes import at

NOT_FOUND = Fault("status", (("status", 404),))
ALWAYS = event("anna", "20261101T000000", "20270601T000000")


def found(roster: Roster, language: str = "en") -> list[Finding]:
    config = settings()
    town = config.municipality.model_copy(update={"language": language})
    return list(roster_findings(roster, config.model_copy(update={"municipality": town}), TUESDAY))


def test_a_duty_receiver_is_whoever_has_duty() -> None:
    now = rota(settings(), ALWAYS)
    assert now.resolve("rota", TUESDAY) == ("anna",)
    assert now.resolve("desk", TUESDAY) == ("desk",)
    assert now.expand(("rota", "anna", "ben"), TUESDAY) == ("anna", "ben")


def test_while_the_calendar_names_nobody_or_is_not_known_it_is_told_otherwise() -> None:
    assert rota(settings()).resolve("rota", TUESDAY) == ("desk",)
    assert Roster().expand(("rota",), settings(), TUESDAY) == ("desk",)


def test_a_good_calendar_says_nothing() -> None:
    assert found(Roster({"rota": plan(ALWAYS)})) == []


def test_a_gap_now_is_a_warning_and_says_who_is_told_and_until_when() -> None:
    (gap,) = found(Roster({"rota": plan(event("anna", "20261125T080000", "20270601T080000"))}))
    assert (gap.rule, gap.severity, str(gap.subject)) == ("on_call_gap", Severity.WARNING, "receiver:rota")
    assert gap.summary == "Nobody has duty (rota, since 2026-11-24 10:00); messages go to desk"
    assert gap.evidence == ("until 2026-11-25 08:00",)


def test_a_gap_within_a_week_is_informational_and_a_later_one_is_none_yet() -> None:
    (gap,) = found(Roster({"rota": plan(event("anna", "20261101T000000", "20261130T080000"))}), "de")
    assert gap.severity is Severity.INFO
    assert gap.summary == "Ab 30.11.2026 08:00 hat niemand Dienst (rota); Meldungen gehen dann an desk"
    assert found(Roster({"rota": plan(event("anna", "20261101T000000", "20261203T080000"))})) == []


def test_events_that_name_no_receiver_are_counted_by_day_and_never_quoted() -> None:
    strangers = [event(f"Erika Mustermann {day}", f"202612{day:02}") for day in range(1, 15)]
    (one,) = found(Roster({"rota": plan(ALWAYS, *strangers)}))
    assert one.rule == "on_call_calendar"
    assert one.evidence[0] == "An event on 2026-12-01 names no receiver"
    assert one.evidence[-1] == "and 4 more"
    assert "Mustermann" not in repr(one)


def test_a_calendar_that_was_never_read_is_a_warning_and_an_old_copy_waits_an_hour() -> None:
    (never,) = found(Roster(troubles={"rota": NOT_FOUND}))
    assert (never.severity, never.hold_seconds) == (Severity.WARNING, None)
    assert "HTTP status 404" in never.summary
    (old,) = found(Roster({"rota": plan(ALWAYS)}, {"rota": Fault("none")}))
    assert (old.severity, old.hold_seconds) == (Severity.WARNING, 3600.0)


def test_what_is_wrong_with_a_calendar_is_said_in_german() -> None:
    (never,) = found(Roster(troubles={"rota": Fault("none")}), "de")
    assert never.summary == "Der Dienstkalender von rota ist nicht lesbar: es ist kein Kalender (iCalendar, .ics)"
    (never,) = found(Roster(troubles={"rota": NOT_FOUND}), "de")
    assert never.summary.endswith("HTTP-Status 404")


@pytest.mark.parametrize("key", KEYS)
def test_each_fault_has_a_text_in_both_languages_with_the_same_values(key: FaultKey) -> None:
    german, english = (set(re.findall(r"{(\w+)}", Words(one).template(f"calendar_{key}"))) for one in ("de", "en"))
    assert german == english
    assert TEXTS[key]


def test_a_roster_knows_all_who_may_have_duty() -> None:
    assert rota(settings(), ALWAYS).ever(("rota",)) == {"anna", "ben", "cara", "desk"}
    assert at("2026-11-24T10:00") == TUESDAY
