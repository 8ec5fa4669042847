"""Rooms, functions and risk for programs."""

from __future__ import annotations

import math
from typing import Any

from agent.contract import Course, Remaining, SharedRisk, Subject
from exporters.web.house import functions_row, risk_row, rooms_row
from tests.exporters.county import NOW
from tests.exporters.fakes import FakeCommands
from tests.exporters.housecounty import (
    alarming,
    factor,
    figures,
    function,
    house,
    house_inventory,
    room,
    seen,
    supply,
)
from tests.exporters.webserver import serve


def rooms(**more: Any) -> dict[str, Any]:
    found: dict[str, Any] = rooms_row(seen(house(**more)), house_inventory())
    return found


def test_a_room_is_told_with_climate_coverage_power_and_risk() -> None:
    found = rooms(rooms={"serverraum": room(leak=True, smoke=None, door_open_since=NOW - 60)})
    assert found["at"] == "2027-01-15T07:59:59Z"
    (told, store) = found["rooms"]
    assert (told["id"], told["name"], told["site"], told["judged"]) == (
        "serverraum",
        "Serverraum Rathaus",
        "rathaus",
        True,
    )
    assert told["limits"]["warning_celsius"] == 27.0
    assert told["limits"]["temperature_source"] == "ASHRAE TC 9.9"
    assert told["temperatures"][0] == {
        "sensor": "klima/Rack 1 oben",
        "position": "inlet",
        "celsius": 23.4,
        "at": "2027-01-15T07:59:52Z",
        "resolution_kelvin": 0.1,
        "confirmed": True,
        "limited": True,
    }
    assert (told["leak"], told["smoke"], told["door_open"]) == (True, None, False)
    assert (told["door_open_since"], told["cooling"]["state"]) == ("2027-01-15T07:59:00Z", "ok")
    assert told["coverage"][2] == {
        "quantity": "leak",
        "expected": True,
        "state": "measured",
        "by": ("klima/Wasser",),
    }
    assert told["cooling"]["units_installed"] == 2
    assert told["power"][0]["runtime_required_seconds"] == 1740.0
    assert told["risk"]["points"] == 6.0
    assert (store["judged"], store["temperatures"], store["leak"], store["risk"]) == (False, [], None, None)


def test_a_remaining_time_without_an_upper_bound_is_null_there() -> None:
    course = Course("serverraum", "klima/a", 24.0, 0.004, 0.0002, None, Remaining(2000.0, 1500.0, math.inf))
    told = rooms(courses={"serverraum": course})["rooms"][0]["course"]
    assert told["to_critical"] == {"seconds": 2000.0, "least_seconds": 1500.0, "most_seconds": None}
    assert (told["to_warning"], told["unknown"], told["slope_kelvin_per_second"]) == (None, None, 0.004)


def test_a_ups_without_a_room_is_told_beside_the_rooms() -> None:
    found = rooms(power={"usv-2": supply(device="usv-2", room=None, shutdown_at=NOW + 60)})
    assert [one["device"] for one in found["power_without_room"]] == ["usv-2"]
    assert found["power_without_room"][0]["shutdown_due_at"] == "2027-01-15T08:01:00Z"
    assert found["rooms"][0]["power"] == []
    odd = rooms(power={"usv-1": supply(battery_installed_at=1e12, too_short=True, counted_on=True)})["rooms"][0][
        "power"
    ][0]
    assert (odd["battery_installed_at"], odd["runtime_too_short"], odd["counted_on"]) == (None, True, True)


def test_a_function_is_told_with_its_legs_and_what_they_share() -> None:
    legs = (Subject("device", "fach-1"), Subject("device", "fach-2"))
    state = function(shared=(SharedRisk("room", "serverraum", legs),))
    found: dict[str, Any] = functions_row(seen(house(functions={"fachverfahren": state})), house_inventory())
    told, bare = found["functions"]
    assert told["primary"] == {"subject": "device:fach-1", "state": "up", "detail": ""}
    assert told["shared"] == [
        {"kind": "room", "id": "serverraum", "legs": ["device:fach-1", "device:fach-2"]},
    ]
    assert (told["failover_due"], told["failover_tested"]) == ("2027-05-15", None)
    assert (bare["state"], bare["primary"], bare["standby"]) == (None, None, [])


def test_a_risk_is_told_with_every_factor() -> None:
    found: dict[str, Any] = risk_row(seen(house(risks=figures(factor(), factor("other", 5.0)))), house_inventory())
    assert found["house"]["points"] == 17.0
    assert found["rooms"][0]["room"] == "serverraum"
    assert found["rooms"][0]["factors"][0] == {
        "name": "leak_missing",
        "subject": "room:serverraum",
        "points": 12.0,
        "probability_class": 2,
        "effect_class": 3,
        "title": "Kein Wassermelder",
        "evidence": "niemand misst Wasser",
        "remedy": "Melder setzen",
    }


def test_before_the_first_look_nothing_is_known() -> None:
    state, inventory = seen(None), house_inventory()
    assert risk_row(state, inventory) == {"at": None, "house": None, "rooms": []}
    assert functions_row(state, inventory)["at"] is None
    found: dict[str, Any] = rooms_row(state, inventory)
    assert (found["at"], found["rooms"][0]["judged"], found["rooms"][0]["power"]) == (None, False, [])


async def test_the_three_pages_are_served() -> None:
    async with serve(FakeCommands(seen(alarming()), house_inventory())) as client:
        assert (await client.json("/api/v1/rooms"))["rooms"][0]["course"]["to_critical"]["seconds"] == 1190.0
        assert (await client.json("/api/v1/functions"))["functions"][1]["state"] == "down"
        assert (await client.json("/api/v1/risk"))["house"]["points"] == 100.0
