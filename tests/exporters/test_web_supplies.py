"""The UPS on the status page: fed from where, how long it lasts, and when the shutdown must begin."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from agent.contract import PowerState, Subject
from exporters.web.rooms import RoomView
from tests.exporters.county import NOW, alert
from tests.exporters.housecounty import facts, healthy, house, house_inventory, section, supply, tile


@pytest.mark.parametrize(
    ("power", "tone", "word"),
    [
        (supply(), "ok", "am Netz"),
        (supply(on_battery=None), "unknown", "unbekannt"),
        (supply(on_battery=True, testing=True), "info", "Selbsttest"),
        (supply(on_battery=True, shutdown_at=NOW + 60), "warning", "auf Batterie"),
        (supply(on_battery=True, shutdown_at=NOW - 60), "critical", "auf Batterie"),
    ],
)
def test_a_ups_says_what_feeds_its_load(power: PowerState, tone: str, word: str) -> None:
    view = tile(house(power={"usv-1": power}))
    (shown,) = view.supplies
    assert (shown.mark.tone, shown.mark.word, view.mark.tone) == (tone, word, tone)


def figures_of(**more: Any) -> list[tuple[str, str, tuple[str, ...], str | None]]:
    (shown,) = tile(house(power={"usv-1": supply(**more)})).supplies
    return [(one.label, one.text, one.notes, None if one.mark is None else one.mark.word) for one in shown.figures]


def test_on_battery_the_moment_is_told_when_the_shutdown_must_begin() -> None:
    outage = {"on_battery": True, "runtime": 1260.0}
    assert figures_of(**outage, shutdown_at=NOW + 540) == [
        ("ups_shutdown", "in 9 min", ("spätestens um 09:09",), None),
        ("ups_runtime", "21 min", (), None),  # less than required, but the wait runs: all goes to plan
    ]
    assert figures_of(**outage, shutdown_at=NOW - 300, too_short=True) == [
        ("ups_shutdown", "jetzt", ("seit 5 min fällig (um 08:55)",), "Abschaltung jetzt beginnen"),
        ("ups_runtime", "21 min", (), "zu kurz"),
    ]


def test_a_shutdown_of_another_day_is_told_with_its_date() -> None:
    due = figures_of(on_battery=True, runtime=3 * 86400.0, shutdown_at=NOW + 20 * 3600)
    assert due[0][2] == ("spätestens am 16.01.2027 um 05:00",)
    assert due[1][1] == "3 Tage"


def test_a_moment_that_no_calendar_holds_is_not_known() -> None:
    assert [one[0] for one in figures_of(on_battery=True, shutdown_at=1e12)] == ["ups_runtime"]
    (shown,) = tile(house(power={"usv-1": supply(battery_installed_at=1e12, tested_at=-1.0)})).supplies
    assert (shown.installed, shown.tested) == (None, None)


def test_a_countdown_that_is_guessed_says_so() -> None:
    assert figures_of(on_battery=True, runtime=1260.0, shutdown_at=NOW + 540, counted_on=True) == [
        ("ups_shutdown", "etwa in 9 min", ("spätestens um 09:09",), None),
        ("ups_runtime", "etwa 21 min", ("antwortet nicht, weitergezählt",), None),
    ]
    (shown,) = tile(house(power={"usv-1": supply(on_battery=True, counted_on=True)})).supplies
    assert (shown.mark.tone, shown.mark.word) == ("warning", "zuletzt auf Batterie")


def test_a_self_test_tells_no_moment_of_shutdown() -> None:
    power = supply(on_battery=True, testing=True, shutdown_at=NOW + 540)
    (shown,) = tile(house(power={"usv-1": power})).supplies
    assert [one.label for one in shown.figures] == ["ups_runtime"]


def test_too_little_runtime_on_mains_is_a_note_and_what_is_not_known_says_so() -> None:
    (shown,) = tile(house(power={"usv-1": supply(runtime=600.0, too_short=True)})).supplies
    assert shown.figures[0].mark is not None
    assert (shown.figures[0].mark.tone, shown.mark.tone) == ("info", "ok")
    (bare,) = tile(house(power={"usv-1": PowerState("usv-1", "serverraum", on_battery=False)})).supplies
    assert (bare.figures[0].text, bare.figures[0].notes, bare.facts) == ("unbekannt", (), ())
    assert (bare.installed, bare.tested) == (None, None)


def test_a_ups_tells_load_charge_clients_battery_and_self_test() -> None:
    (shown,) = tile(healthy()).supplies
    assert shown.name == "USV Serverraum Rathaus"
    assert facts(shown.facts) == {
        "ups_charge": "100 %",
        "ups_load": "43 %, 4200 W",
        "ups_clients": "6 zur Abschaltung angemeldet",
    }
    assert shown.installed is not None
    assert (shown.installed.text, shown.installed.iso) == ("06.11.2024", "2024-11-06")
    assert shown.tested is not None
    assert shown.tested.text == "vor 12 Tagen"


@pytest.mark.parametrize(("on_battery", "sign"), [(False, "i"), (True, "▲")])
def test_that_no_computer_would_be_shut_down_has_a_mark(on_battery: bool, sign: str) -> None:
    power = {"usv-1": supply(clients=0, on_battery=on_battery)}
    (shown,) = tile(house(power=power)).supplies
    assert facts(shown.facts)["ups_clients"] == f"{sign} keiner zur Abschaltung angemeldet"
    base = house_inventory()
    ups = base.devices["usv-1"].model_copy(update={"params": {"nut": SimpleNamespace(clients=0)}})
    meant = base.model_copy(update={"devices": {**base.devices, "usv-1": ups}})
    (alone,) = section(house(power=power), meant).rooms[0].supplies
    assert "ups_clients" not in facts(alone.facts)


def loose(**more: Any) -> RoomView:
    power = {"usv-2": supply(device="usv-2", room=None)}
    return next(one for one in section(house(power=power), **more).rooms if one.anchor == "supply-usv-2")


def test_a_ups_that_stands_in_no_room_has_a_tile_of_its_own() -> None:
    shown = loose()
    assert (shown.name, shown.site, shown.mark.tone) == ("USV usv-2", "Gesamtschule", "ok")
    assert [(one.name, one.mark.word) for one in shown.supplies] == [("", "am Netz")]


def test_a_ups_that_stands_in_no_room_is_as_bad_as_what_stands_about_it() -> None:
    worn = alert("ups_battery_replace", Subject("device", "usv-2"))
    shown = loose(alerts=[worn])
    assert (shown.mark.tone, [one.anchor for one in shown.alerts]) == ("critical", [f"alert-{worn.id}"])
    assert section(house(power={"usv-2": supply(device="usv-2", room=None)}), alerts=[worn]).rooms[0].name == shown.name
