"""The section on emergency redundancy: functions, their legs, what these share, and the next fail-over test."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any, Literal

import pytest

from agent.contract import FunctionState, House, Leg, Severity, SharedRisk, Subject
from exporters.web.functions import MAX_FUNCTIONS, FunctionRow, FunctionsView
from tests.exporters.county import alert, html, make_settings, page
from tests.exporters.housecounty import TODAY, alarming, function, healthy, house, house_inventory, seen, unknown

DOWN = Leg(Subject("device", "fach-1"), "down", "antwortet nicht")


def section(state: House, language: Literal["de", "en"] = "de") -> FunctionsView:
    shown = page(seen(state), house_inventory(), make_settings(language)).functions
    assert shown is not None
    return shown


def row(state: FunctionState, language: Literal["de", "en"] = "de") -> FunctionRow:
    shown = section(house(functions={"internet": replace(state, id="internet")}), language)
    return next(one for one in shown.rows if one.name == "Internetzugang")


@pytest.mark.parametrize(
    ("state", "tone", "word"),
    [
        (function(), "ok", "doppelt abgesichert"),
        (function(shared=(SharedRisk("room", "serverraum", ()),)), "info", "doppelt, mit gemeinsamem Risiko"),
        (function(primary=Leg(Subject("device", "fach-1"), "degraded")), "warning", "eingeschränkt"),
        (function(state="standby_lost"), "warning", "Ersatz fehlt"),
        (function(state="on_standby"), "warning", "läuft auf Ersatz"),
        (function(state="down"), "critical", "ausgefallen"),
        (function(state="unknown"), "unknown", "nicht geprüft"),
    ],
)
def test_a_function_says_how_it_stands(state: FunctionState, tone: str, word: str) -> None:
    shown = row(state)
    assert (shown.mark.tone, shown.mark.word) == (tone, word)


def test_legs_are_told_by_role_name_state_and_detail() -> None:
    assert [(leg.role, leg.name, leg.mark.word, leg.detail) for leg in row(function(primary=DOWN)).legs] == [
        ("Regelbetrieb", "Gerät fach-1", "ausgefallen", "antwortet nicht"),
        ("Ersatz", "Gerät fach-2", "in Betrieb", "Sicherung 7 h alt, 182,0 GiB"),
    ]
    assert row(function(standby=()), "en").alone == "no standby agreed"


def test_what_the_legs_share_is_named() -> None:
    kinds: tuple[tuple[Any, str], ...] = (
        ("room", "serverraum"),
        ("site", "rathaus"),
        ("power", "usv-2"),
        ("provider", "Stadtnetz"),
        ("group", "trasse-nord"),
    )
    shown = row(function(shared=tuple(SharedRisk(kind, name, ()) for kind, name in kinds)))
    assert shown.shared == (
        "Raum Serverraum Rathaus",
        "Standort Rathaus",
        "Stromversorgung usv-2",
        "Anbieter Stadtnetz",
        "gemeinsames Risiko trasse-nord",
    )


@pytest.mark.parametrize(
    ("days", "text", "mark"),
    [
        (120, "15.05.2027", None),
        (30, "14.02.2027", ("info", "in 30 Tagen")),
        (0, "15.01.2027", ("info", "heute")),
        (-1, "14.01.2027", ("warning", "überfällig seit gestern")),
    ],
)
def test_the_next_test_has_a_mark_when_it_is_near_or_over(days: int, text: str, mark: tuple[str, str] | None) -> None:
    shown = row(function(failover_due=(TODAY + timedelta(days=days)).isoformat()))
    assert shown.failover is not None
    assert shown.failover.text == text
    assert (None if shown.due is None else (shown.due.tone, shown.due.word)) == mark


@pytest.mark.parametrize("due", [None, "bald"])
def test_without_a_day_there_is_no_test_to_tell_of(due: str | None) -> None:
    shown = row(function(failover_due=due))
    assert (shown.failover, shown.due) == (None, None)


def test_functions_stand_the_worst_first_and_one_that_was_not_judged_is_unknown() -> None:
    rows = section(alarming()).rows
    assert [one.mark.tone for one in rows] == ["critical", "warning"]
    bare = section(house(functions={"fachverfahren": function()})).rows[0]
    assert (bare.name, bare.mark.word, bare.legs) == ("Internetzugang", "noch nicht beurteilt", ())


def test_a_function_is_no_better_than_its_overdue_test_and_what_stands_about_it() -> None:
    late = function(failover_due=(TODAY - timedelta(days=400)).isoformat())
    shown = section(house(functions={"fachverfahren": function(), "internet": replace(late, id="internet")}))
    assert (shown.mark.tone, shown.rows[0].name, shown.rows[0].tone) == ("warning", "Internetzugang", "warning")
    assert shown.rows[0].mark.word == "doppelt abgesichert"
    told = alert("function_shared_risk", Subject("function", "internet"), Severity.WARNING, summary="ein Keller")
    whole = page(seen(healthy(), alerts=[told]), house_inventory())
    assert whole.functions is not None
    assert (whole.functions.mark.tone, [one.summary for one in whole.functions.rows[0].alerts]) == (
        "warning",
        ["ein Keller"],
    )
    assert html(whole).count(f'href="#alert-{told.id}"') == 2  # at its site, too


def test_many_functions_are_bounded() -> None:
    functions = {f"f-{number}": {"primary": "sw-1"} for number in range(MAX_FUNCTIONS + 1)}
    shown = page(seen(House(0.0)), house_inventory(functions=functions)).functions
    assert shown is not None
    assert (len(shown.rows), shown.count, shown.more) == (MAX_FUNCTIONS, MAX_FUNCTIONS + 1, "und 1 weiterer")


@pytest.mark.parametrize(("made", "tone"), [(healthy, "ok"), (alarming, "critical"), (unknown, "unknown")])
def test_the_headline_is_no_better_than_the_functions(made: Any, tone: str) -> None:
    inventory = house_inventory(devices={}, rooms={}, sites={})
    state = replace(made(), power={}, rooms={})
    shown = page(seen(state, jobs=()), inventory)
    assert shown.functions is not None
    assert shown.functions.mark.tone == tone
    assert shown.overall.tone == (tone if tone == "critical" else "unknown")
    assert ("Notfallredundanz: kritisch" in shown.overall.word) == (tone == "critical")
    assert 'href="#functions"' in html(shown)
