"""What a tile says of door, water, smoke, cooling, and of who watches the room."""

from __future__ import annotations

from typing import Any

import pytest

from agent.contract import Coverage, House, Limits, RoomState
from tests.exporters.county import NOW, job
from tests.exporters.housecounty import (
    HERE,
    coverage,
    facts,
    healthy,
    house,
    house_inventory,
    room,
    section,
    supply,
    tile,
    unknown,
)


def told(**more: Any) -> dict[str, str]:
    return dict(facts(tile(house(rooms={"serverraum": room(**more)})).facts))


def test_door_water_smoke_and_cooling_say_what_their_contacts_say() -> None:
    assert facts(tile(healthy()).facts) == {
        "room_door": "geschlossen",
        "room_leak": "trocken",
        "room_smoke": "kein Rauch",
        "room_cooling": "keine Störung gemeldet; läuft: klima/Kälte 1, klima/Kälte 2",
    }


def test_what_nobody_measures_is_not_told_and_what_is_silent_is_unknown() -> None:
    dark = room(
        coverage=coverage(door="missing", leak="silent", smoke="silent"),
        cooling_running=(),
        cooling_state="unknown",
        door_open=None,
        leak=None,
        smoke=None,
    )
    view = tile(house(rooms={"serverraum": dark}))
    assert facts(view.facts) == {
        "room_leak": "? unbekannt",
        "room_smoke": "? unbekannt",
        "room_cooling": "? unbekannt",
    }
    assert view.mark.tone == "unknown"


@pytest.mark.parametrize("state", ["measured", "silent", "missing"])
def test_water_is_critical_whoever_shows_it(state: str) -> None:
    view = tile(house(rooms={"serverraum": room(coverage=coverage(leak=state), leak=True)}))
    assert facts(view.facts)["room_leak"] == "✕ Wasser erkannt"
    assert view.mark.tone == "critical"


def test_one_of_two_that_is_not_known_to_work_makes_dry_unknown() -> None:
    view = tile(house(rooms={"serverraum": room(leak=None)}))
    assert (facts(view.facts)["room_leak"], view.mark.tone) == ("? unbekannt", "unknown")


def test_a_door_tells_since_when_the_one_is_open_that_is_open_longest() -> None:
    ajar = {"door_open": True, "door_moved_at": NOW - 60, "door_open_since": NOW - 7200}
    assert told(**ajar)["room_door"] == "offen seit 2 h (15.01.2027 07:00)"
    assert told(door_open=True, door_moved_at=NOW - 60)["room_door"] == "offen"


@pytest.mark.parametrize(
    ("given", "said", "tone"),
    [
        ({"cooling_state": "ok", "cooling_running": ()}, "keine Störung gemeldet", "ok"),
        ({"cooling_state": "unknown", "cooling_running": ()}, "? unbekannt", "unknown"),
        ({"cooling_state": "degraded", "cooling_failed": ("a",)}, "▲ 1 von 2 gestört", "warning"),
        ({"cooling_state": "failed", "cooling_failed": ("a", "b")}, "✕ 2 von 2 gestört", "critical"),
        ({"cooling_state": "failed", "cooling_failed": ("a", "b", "c")}, "✕ 2 von 2 gestört", "critical"),
        ({"cooling_state": "failed", "cooling_failed": ("a",), "cooling_units": None}, "✕ 1 gestört", "critical"),
        ({"cooling_state": "failed", "cooling_failed": (), "cooling_running": ()}, "✕ kein Gerät läuft", "critical"),
        (
            {"cooling_state": "failed", "cooling_failed": ("a",), "cooling_running": ()},
            "✕ kein Gerät läuft",
            "critical",
        ),
        ({"cooling_state": None, "cooling_running": ()}, "2 Geräte, nicht überwacht", "ok"),
    ],
)
def test_the_cooling_says_how_many_have_failed(given: dict[str, Any], said: str, tone: str) -> None:
    view = tile(house(rooms={"serverraum": room(**given)}))
    assert (facts(view.facts)["room_cooling"], view.mark.tone) == (said, tone)


def test_the_contacts_of_a_failed_unit_stand_behind_the_count() -> None:
    failed = room(cooling_state="degraded", cooling_failed=("klima/Eingang 1",), cooling_running=("klima/Kälte 2",))
    fact = next(one for one in tile(house(rooms={"serverraum": failed})).facts if one.label == "room_cooling")
    assert fact.text == "klima/Eingang 1; läuft: klima/Kälte 2"


def test_a_room_without_contacts_and_units_says_nothing_of_its_cooling() -> None:
    assert "room_cooling" not in told(cooling_state=None, cooling_units=None)


# --- who watches -----------------------------------------------------------------------------------------------------


def words_of(state: RoomState, kind: str, **more: Any) -> list[str]:
    rooms = {"serverraum": {"site": "rathaus", "kind": kind, **more}}
    (view,) = section(House(NOW, rooms={"serverraum": state}), house_inventory(rooms=rooms, devices={})).rooms
    return [one.mark.word for one in view.coverage]


def test_coverage_is_six_words_with_a_sign_each() -> None:
    gaps = room(coverage=(*coverage(humidity="silent", smoke="missing")[:-1],))
    found = tile(house(rooms={"serverraum": gaps})).coverage
    assert [(one.name, one.mark.symbol, one.mark.word, one.quiet) for one in found] == [
        ("Temperatur", "✓", "gemessen", True),
        ("Luftfeuchte", "?", "stumm", False),
        ("Wasser", "✓", "gemessen", True),
        ("Rauch", "i", "fehlt", False),
        ("Tür", "✓", "gemessen", True),
        ("USV", "○", "nicht vorhanden", False),
    ]


def test_a_room_of_equipment_that_names_nothing_and_has_nothing_lacks_it() -> None:
    nothing = RoomState(
        "serverraum", Limits(), coverage=tuple(Coverage(one, expected=False, state="missing") for one in HERE)
    )
    assert words_of(nothing, "server_room") == ["fehlt"] * 6
    assert words_of(nothing, "distribution") == ["fehlt"] * 6
    assert words_of(nothing, "server_room", expected=[]) == ["nicht vorhanden"] * 6
    warm = RoomState(
        "serverraum",
        Limits(),
        coverage=(Coverage("temperature", expected=False, state="measured"), *nothing.coverage[1:]),
    )
    assert words_of(warm, "distribution") == ["gemessen", *["nicht vorhanden"] * 5]
    assert words_of(warm, "server_room") == ["gemessen", *["fehlt"] * 5]


def test_a_ups_alone_tells_nothing_of_the_climate() -> None:
    powered = RoomState(
        "serverraum", Limits(), coverage=(Coverage("ups", expected=False, state="measured", by=("usv-1",)),)
    )
    view = tile(house(rooms={"serverraum": powered}, courses={}, power={"usv-1": supply()}))
    assert view.mark.tone == "unknown"


def test_who_is_silent_is_named_with_when_it_was_last_heard() -> None:
    gone = [job("device", "klima", up=False), job("device", "klima", "icmp"), job("device", "usv-1", up=False)]
    said = [one.word for one in tile(unknown(), jobs=gone).silent]
    assert said == ["stumm: klima, zuletzt vor 10 min", "stumm: usv-1, zuletzt vor 10 min"]
    assert [one.word for one in tile(unknown(), jobs=()).silent] == ["stumm: klima", "stumm: usv-1"]


def test_a_sensor_that_is_silent_on_a_device_that_answers_is_named_itself() -> None:
    lost = room(coverage=coverage(leak="silent"), leak=None)
    view = tile(house(rooms={"serverraum": lost}), jobs=[job("device", "klima")])
    assert [one.word for one in view.silent] == ["stumm: klima/Wasser"]
    assert tile(healthy()).silent == ()


def test_many_silent_sensors_are_counted() -> None:
    names = tuple(f"klima/{number}" for number in range(7))
    lost = room(coverage=(Coverage("leak", expected=True, state="silent", by=names),), leak=None)
    view = tile(house(rooms={"serverraum": lost}), jobs=[job("device", "klima")])
    assert [one.word for one in view.silent][-2:] == ["stumm: klima/4", "stumm: 2 weitere"]
