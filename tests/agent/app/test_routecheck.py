"""What ``check`` says of routes, receivers and duty calendars."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from agent.app.calendarcheck import calendar_problems, calendar_remarks
from agent.app.loading import prepare
from agent.app.rosters import offline_roster
from agent.app.routecheck import route_problems, route_remarks
from agent.risk.rules import RULE_OPTIONS
from config.loader import load
from tests.agent.alerts.rotas import TUESDAY, calendar, event

Say = Callable[..., tuple[list[str], list[str]]]

SECRET = {"apprise": [{"env": "PATH"}]}
INVENTORY = "sites: {rathaus: {}}\nservices: {portal: {url: 'https://portal.example/', site: rathaus}}\n"


@pytest.fixture
def say(tmp_path: Path) -> Say:
    """Return errors and warnings: field, colon, message."""

    def say_of(
        routes: list[dict[str, Any]], receivers: dict[str, Any] | None = None, now: float = TUESDAY, **town: object
    ) -> tuple[list[str], list[str]]:
        alerting = {"receivers": receivers or {"a": SECRET, "b": SECRET}, "routes": routes}
        sections = {"municipality": town, "alerting": alerting}
        text = INVENTORY + "".join(f"{key}: {json.dumps(value)}\n" for key, value in sections.items())
        (tmp_path / "ringwacht.yml").write_text(text, encoding="utf-8")
        loaded = load(tmp_path, {}, RULE_OPTIONS)
        roster = offline_roster(loaded.settings, now)
        found = (
            (*route_problems(loaded, now), *calendar_problems(loaded, roster)),
            (*route_remarks(loaded, roster), *calendar_remarks(loaded, roster, now)),
        )
        errors, warnings = ([f"{one.field}: {one.message}" for one in kind] for kind in found)
        return errors, warnings

    return say_of


@pytest.mark.filterwarnings("ignore:.imghdr. is deprecated:DeprecationWarning")  # a plug-in of Apprise
def test_calendars_are_read_once_and_only_where_they_are_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    reads: list[str] = []

    def counted(path: Path) -> bytes:
        reads.append(path.name)
        return calendar(event("a", "20270101", "20270102"))

    for module in ("agent.app.rosters", "agent.app.calendarcheck", "config.workdays"):
        monkeypatch.setattr(f"{module}.read_file", counted)
    (tmp_path / "apprise").write_text("json://127.0.0.1:9")
    (tmp_path / "url").write_text("https://calendar.example/")
    receivers = (
        "a: {apprise: [{file: apprise}], via: [ring]}, rota: {duty: {file: duty.ics, otherwise: [a]}},"
        "far: {duty: {url: {file: url}, otherwise: [a]}}"
    )
    (tmp_path / "ringwacht.yml").write_text(
        "municipality: {school_calendar: school.ics}\n"
        "sites: {a: {}, b: {}}\nlinks: {ring: {kind: fibre, ends: [a, b]}}\n"
        f"alerting: {{receivers: {{{receivers}}}, routes: [{{receivers: [rota, far]}}]}}\n"
    )
    prepare(tmp_path)
    assert reads == []
    prepare(tmp_path, strict=True)
    assert (reads.count("duty.ics"), reads.count("school.ics")) == (1, 1)


ALL: dict[str, Any] = {"receivers": ["a", "b"]}


def route(**match: str) -> dict[str, Any]:
    return {"match": match, **ALL}


def test_good_routes_say_nothing(say: Say) -> None:
    assert say([route(severity="critical"), route(rule="site_isolated", site="rathaus"), ALL]) == ([], [])


@pytest.mark.parametrize(
    ("routes", "why"),
    [
        ([ALL, route(severity="info")], "route 1 above takes all that it matches"),
        ([route(site="rathaus"), route(site="rathaus", rule="leak")], "route 1 above takes all that it matches"),
        (
            [route(subject="service:portal"), route(service="portal", severity="info")],
            "route 1 above takes all that it matches",
        ),
        (
            [route(severity="critical"), route(severity="warning"), route(severity="info"), route(site="rathaus")],
            "route 1 and route 2 and route 3 above takes all that it matches",
        ),
        ([route(severity="critical"), route(rule="smoke")], "route 1 above takes all that it matches"),
        ([route(rule="leak", severity="info")], "leak is never info"),
    ],
)
def test_a_route_that_can_never_match_is_an_error(say: Say, routes: list[dict[str, Any]], why: str) -> None:
    errors, _ = say(routes)
    assert errors == [f"alerting.routes[{len(routes) - 1}]: can never match: {why}"]


def test_a_finding_is_about_one_subject(say: Say) -> None:
    routes = [{"match": {"service": "portal", "subject": "portal"}, **ALL}, ALL]
    assert say(routes)[0] == []


def test_an_escalation_to_those_who_know_is_an_error_and_so_are_steps_out_of_order(say: Say) -> None:
    steps = [{"after": "15m", "to": ["a"]}, {"after": "10m", "to": ["b"]}]
    errors, _ = say([{"receivers": ["a"], "escalate": steps}])
    assert errors == [
        "alerting.routes[0].escalate[0].to: tells nobody who is not told already",
        "alerting.routes[0].escalate[1].after: must be later than the step before",
    ]


def test_a_receiver_that_nothing_leads_to_and_critical_findings_that_nobody_takes_are_warned_of(say: Say) -> None:
    _, warnings = say([{"match": {"severity": "info"}, "receivers": ["a"]}])
    assert warnings == [
        "alerting.receivers.b: no route, escalation or calendar leads to it",
        "alerting.routes: no route takes critical findings: nobody is told of them",
    ]


def test_office_hours_that_never_open_are_an_error(say: Say) -> None:
    days = {1: 31, 2: 29, 3: 31, 4: 30, 5: 31, 6: 30, 7: 31, 8: 31, 9: 30, 10: 31, 11: 30, 12: 31}
    closed = [f"{month:02}-{day:02}" for month, last in days.items() for day in range(1, last + 1)]
    waits = [{"receivers": ["a", "b"], "when": "office_hours"}]
    assert say(waits, closed=closed)[0] == [
        "alerting.office_hours: never opens within two months: what waits for it would be sent at once"
    ]
    assert say([ALL], closed=closed)[0] == []


def duty(tmp_path: Path, content: bytes, **more: Any) -> dict[str, Any]:
    (tmp_path / "duty.ics").write_bytes(content)
    return {"a": SECRET, "b": SECRET, "rota": {"duty": {"file": "duty.ics", "otherwise": ["b"]}}, **more}


ROTA = [{"receivers": ["rota"]}]


def test_a_duty_calendar_that_is_none_or_names_nobody_is_an_error(say: Say, tmp_path: Path) -> None:
    place = "alerting.receivers.rota.duty.file"
    assert say(ROTA, duty(tmp_path, b"hello"))[0] == [f"{place}: it is no calendar (iCalendar, .ics)"]
    strangers = calendar(event("Erika Mustermann", "20261201"))
    assert say(ROTA, duty(tmp_path, strangers))[0] == [f"{place}: no event of the next 90 days names a receiver"]


def test_single_events_that_name_nobody_and_an_empty_calendar_are_warned_of(say: Say, tmp_path: Path) -> None:
    content = calendar(event("a", "20261201"), event("Erika Mustermann", "20261224"))
    place = "alerting.receivers.rota.duty.file"
    assert say(ROTA, duty(tmp_path, content)) == ([], [f"{place}: an event on 2026-12-24 names no receiver"])
    errors, warnings = say(ROTA, duty(tmp_path, calendar()))
    assert errors == []
    assert f"{place}: holds nothing for the next 90 days: `otherwise` is told" in warnings
    assert "alerting.receivers.a: no route, escalation or calendar leads to it" in warnings


def test_duty_is_not_handed_to_one_who_stands_for_others(say: Say, tmp_path: Path) -> None:
    night = {"duty": {"file": "duty.ics", "otherwise": ["rota"]}}
    lazy = {**SECRET, "substitute": "rota"}
    errors, _ = say(ROTA, duty(tmp_path, calendar(event("a", "20261201")), night=night, lazy=lazy))
    assert errors == [
        "alerting.receivers.lazy.substitute: duty is handed from one receiver with apprise to another",
        "alerting.receivers.night.duty.otherwise[0]: rota stands for others itself",
    ]


def test_school_holidays_that_are_not_known_or_run_out_are_warned_of(say: Say) -> None:
    assert say([ALL], school_holidays="DE-NW")[1] == []
    (unknown,) = say([ALL], school_holidays="AT-9")[1]
    assert unknown.startswith("municipality.school_holidays: no school holidays are known for AT-9, only for DE-BB, ")
    (late,) = say([ALL], now=1_910_000_000.0, school_holidays="DE-NW")[1]
    assert late == "municipality.school_holidays: the school holidays of DE-NW are known until 2030-08-06 only"


def test_an_own_calendar_of_school_holidays_that_cannot_be_read_is_an_error(say: Say, tmp_path: Path) -> None:
    (tmp_path / "school.ics").write_text("hello")
    errors, warnings = say([ALL], school_holidays="AT-9", school_calendar="school.ics")
    assert errors == ["municipality.school_calendar: it is no calendar (iCalendar, .ics)"]
    assert warnings == []


@pytest.mark.parametrize(("url", "fine"), [("webcal://a.example/x", True), ("ftp://a.example/x", False), ("x", False)])
def test_a_calendar_is_fetched_by_http_only(say: Say, monkeypatch: pytest.MonkeyPatch, url: str, *, fine: bool) -> None:
    monkeypatch.setenv("CALENDAR", url)
    receivers = {"a": SECRET, "b": SECRET, "rota": {"duty": {"url": {"env": "CALENDAR"}, "otherwise": ["b"]}}}
    place = "alerting.receivers.rota.duty.url"
    assert say(ROTA, receivers)[0] == ([] if fine else [f"{place}: is no address of https, http, webcal, webcals"])
