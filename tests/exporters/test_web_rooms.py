"""The section on rooms and power: what a tile says of its climate and risk, and how bad it is."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from agent.contract import AlertState, House, Limits, Muted, RiskFigure, RoomState, Severity, Subject
from exporters.web.rooms import MAX_FEW, MAX_FULL, MAX_ROOMS, MAX_SENSORS
from tests.exporters.county import NOW, alert, html, page
from tests.exporters.housecounty import (
    LIMITS,
    ROOM,
    alarming,
    factor,
    figure,
    figures,
    healthy,
    house,
    house_inventory,
    room,
    section,
    seen,
    sensed,
    tile,
    unknown,
)

NBSP = "\u00a0"


# --- climate ---------------------------------------------------------------------------------------------------------


def test_a_tile_shows_the_hottest_inlet_with_its_limits_and_their_source() -> None:
    shown = figure(tile(healthy()), "room_temperature")
    assert (shown.text, shown.mark) == ("23,4 °C", None)
    assert shown.notes == (
        "an klima/Rack 1 oben",
        f"Warnung über 27,0{NBSP}°C, kritisch über 32,0{NBSP}°C (ASHRAE TC 9.9)",
    )


def test_a_sensor_where_the_limits_do_not_hold_is_shown_only_if_there_is_no_other() -> None:
    outlet = room(temperatures=(sensed("klima/Abluft", 36.2, "outlet", limited=False),))
    shown = figure(tile(house(rooms={"serverraum": outlet})), "room_temperature")
    assert (shown.text, shown.mark) == ("36,2 °C", None)
    assert shown.notes[0] == "klima/Abluft; für diese Stelle gelten die Grenzen nicht"


@pytest.mark.parametrize(("value", "tone"), [(27.0, None), (27.1, "warning"), (32.1, "critical")])
def test_a_temperature_above_its_limit_has_a_mark(value: float, tone: str | None) -> None:
    hot = room(temperatures=(sensed(value=value, confirmed=False),))
    view = tile(house(rooms={"serverraum": hot}))
    shown = figure(view, "room_temperature")
    assert (None if shown.mark is None else shown.mark.tone) == tone
    assert view.mark.tone == (tone or "ok")
    assert "Sprung, wird nachgemessen" in shown.notes
    assert view.sensors[0].position == "Zuluft, Sprung, wird nachgemessen"


@pytest.mark.parametrize(
    ("limits", "said"),
    [
        (Limits(), "keine Grenze vereinbart"),
        (Limits(warning=28.0), f"Grenze 28,0{NBSP}°C"),
        (Limits(critical=35.0, temperature_source="Datenblatt"), f"Grenze 35,0{NBSP}°C (Datenblatt)"),
    ],
)
def test_limits_that_are_not_all_there_are_told_as_they_are(limits: Limits, said: str) -> None:
    shown = figure(tile(house(rooms={"serverraum": replace(room(), limits=limits)})), "room_temperature")
    assert shown.notes[-1] == said


@pytest.mark.parametrize(("value", "outside"), [(0.2, False), (0.7, False), (0.19, True), (0.71, True)])
def test_humidity_is_told_with_its_band(value: float, outside: bool) -> None:
    damp = room(humidities=(sensed("klima/a", 0.5, "room"), sensed("klima/b", value, "room")))
    shown = figure(tile(house(rooms={"serverraum": damp})), "room_humidity")
    assert " bis " in shown.text
    assert shown.notes == (f"erlaubt 20{NBSP}% bis 70{NBSP}% (Inventar)",)
    assert (shown.mark is not None) == outside


def test_the_dew_point_names_the_source_where_humidity_has_no_limits() -> None:
    dry = replace(room(dew_points={"klima/a": 16.0}), limits=LIMITS._replace(humidity=None))
    shown = figure(tile(house(rooms={"serverraum": dry})), "room_dew_point")
    assert shown.notes == (f"erlaubt -9,0{NBSP}°C bis 15,0{NBSP}°C (Inventar)",)
    assert shown.mark is not None


# --- risk, alerts, bounds --------------------------------------------------------------------------------------------


def test_a_risk_is_never_shown_without_its_list() -> None:
    risk = tile(house(risks=figures(factor(), factor("power_single", 33.75)))).risk
    assert risk is not None
    assert (risk.points, risk.count) == ("45,8 von 100", "2 Gründe")
    assert [one.points for one in risk.factors] == ["33,8", "12"]
    assert (risk.factors[1].subject, risk.factors[1].classes) == (
        "Raum Serverraum Rathaus",
        "Eintritt 2 von 4, Wirkung 3 von 4",
    )
    assert (risk.factors[1].evidence, risk.factors[1].remedy) == ("niemand misst Wasser", "Melder setzen")
    assert tile(house(risks=())).risk is None


def test_a_tile_is_as_bad_as_what_stands_about_its_room_or_its_ups_muted_or_not() -> None:
    muted = alert("cooling_failed", ROOM, muted=Muted("maintenance", "Umbau", "2027-06-30"))
    assert tile(healthy(), alerts=[muted]).mark.tone == "critical"
    assert tile(healthy(), alerts=[muted]).alerts == ()
    told = alert("ups_overload", Subject("device", "usv-1"), Severity.WARNING)
    view = tile(healthy(), alerts=[told])
    assert (view.mark.tone, [one.anchor for one in view.alerts]) == ("warning", [f"alert-{told.id}"])
    pending = replace(told, state=AlertState.PENDING)
    assert tile(healthy(), alerts=[pending]).mark.tone == "ok"


def test_what_was_accepted_is_no_more_than_a_note_however_long_it_stands() -> None:
    accepted = alert("room_not_measured", ROOM, Severity.WARNING, muted=Muted("accepted", "bekannt", "2030-12-31"))
    shown = page(seen(healthy(), alerts=[accepted]), house_inventory())
    assert shown.rooms is not None
    assert (tile(healthy(), alerts=[accepted]).mark.tone, shown.rooms.mark.tone) == ("info", "info")
    assert "Räume und Strom" not in shown.overall.word


def test_a_room_that_was_not_judged_yet_is_as_bad_as_what_stands_about_it() -> None:
    critical = alert("temperature_high", ROOM, summary="34 Grad")
    view = tile(House(NOW - 1), alerts=[critical])
    assert (view.mark.tone, [one.summary for one in view.alerts]) == ("critical", ["34 Grad"])
    assert figure(view, "room_temperature").text == "noch nicht beurteilt"


def test_alerts_about_the_sensors_of_a_room_are_linked() -> None:
    told = alert("device_unreachable", Subject("device", "klima"))
    view = tile(healthy(), alerts=[told, alert("backup_old", Subject("device", "fach-1"))])
    assert (view.mark.tone, [one.anchor for one in view.alerts]) == ("critical", [f"alert-{told.id}"])


@pytest.mark.parametrize(("made", "tone"), [(healthy, "ok"), (alarming, "warning"), (unknown, "unknown")])
def test_the_section_is_as_bad_as_its_worst_tile(made: Any, tone: str) -> None:
    assert section(made()).mark.tone == tone


def test_a_room_that_was_not_judged_yet_is_unknown_and_a_store_without_sensors_is_left_out() -> None:
    (shown,) = section(House(NOW - 1)).rooms
    assert (shown.name, shown.mark.tone) == ("Serverraum Rathaus", "unknown")


def test_lists_are_bounded_and_say_what_is_left_out() -> None:
    rooms = {f"r-{number}": {"site": "rathaus"} for number in range(MAX_ROOMS + 3)}
    many = tuple(sensed(f"klima/{number}") for number in range(MAX_SENSORS + 2))
    inventory = house_inventory(rooms=rooms, devices={}, functions={})
    shown = section(house(rooms={"r-1": replace(room(temperatures=many), id="r-1")}, power={}), inventory)
    assert (len(shown.rooms), shown.count, shown.more_rooms) == (MAX_ROOMS, MAX_ROOMS + 3, "und 3 weitere")
    told = tile(house(rooms={"serverraum": room(temperatures=many)}))
    assert (len(told.sensors), told.more_sensors) == (MAX_SENSORS, "und 3 weitere")


def test_of_rooms_that_are_not_among_the_worst_the_first_sensors_and_factors_are_listed() -> None:
    names = [f"r-{number}" for number in range(MAX_FULL + 2)]
    factors = tuple(factor(f"f-{number}") for number in range(MAX_FEW + 1))
    many = tuple(sensed(f"klima/{number}", 20.0) for number in range(MAX_FEW + 4))
    cool: dict[str, RoomState] = {name: replace(room(temperatures=many, humidities=()), id=name) for name in names}
    hot = replace(cool["r-21"], temperatures=(sensed(value=35.0), *many))
    state = house(
        rooms={**cool, "r-21": hot},
        power={},
        risks=tuple(RiskFigure(Subject("room", name), 50.0, factors) for name in names),
    )
    inventory = house_inventory(rooms={name: {"site": "rathaus"} for name in names}, devices={}, functions={})
    shown = section(state, inventory).rooms
    assert (shown[0].anchor, len(shown[0].sensors), shown[0].more_sensors) == ("room-r-21", MAX_FEW + 5, "")
    last = shown[-1]
    assert (len(last.sensors), last.sensor_count, last.more_sensors) == (MAX_FEW, MAX_FEW + 4, "und 4 weitere")
    assert last.risk is not None
    assert (len(last.risk.factors), last.risk.count, last.risk.more) == (MAX_FEW, "6 Gründe", "und 1 weiterer")


@pytest.mark.parametrize("state", [None, House(NOW)])
def test_without_rooms_or_before_the_first_look_there_is_no_section(state: House | None) -> None:
    shown = page(seen(state))
    assert (shown.rooms, shown.functions) == (None, None)
    assert 'id="rooms"' not in html(shown)
