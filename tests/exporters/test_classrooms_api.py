"""Class rooms and meeting rooms for programs."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from agent.contract import Subject
from agent.estate import ClassroomState, Equipment, Estate
from config.inventory import Inventory
from exporters.web.classrooms import classrooms_row
from tests.exporters.county import NOW
from tests.exporters.fakes import FakeCommands, make_snapshot
from tests.exporters.webserver import serve

INVENTORY = Inventory.model_validate(
    {
        "sites": {"schule": {"kind": "school"}},
        "rooms": {"r101": {"site": "schule", "kind": "classroom", "name": "Raum 101"}},
        "projectors": {
            "beamer": {"site": "schule", "room": "r101", "address": "192.0.2.1", "name": "Beamer 101"},
            "mobil": {"site": "schule", "address": "192.0.2.2", "when": "Mo-Fr 08:00-20:00"},
        },
    }
)
BEAMER = Equipment(Subject("projector", "beamer"), "down", "Lampe defekt", "school_hours")
MOBILE = Equipment(Subject("projector", "mobil"), "asleep", "schläft", "Mo-Fr 08:00-20:00")
GONE = Equipment(Subject("device", "gone"), "unknown")


def row(*rooms: ClassroomState) -> dict[str, Any]:
    snapshot = replace(make_snapshot(), estate=Estate(NOW, classrooms=rooms))
    found: dict[str, Any] = classrooms_row(snapshot, INVENTORY)
    return found


def test_a_room_is_told_with_its_equipment_and_hours() -> None:
    found = row(ClassroomState("r101", "Raum 101", "schule", (BEAMER,), wanted=True, hours="school_hours"))
    assert found == {
        "at": "2027-01-15T08:00:00Z",
        "classrooms": [
            {
                "room": "r101",
                "name": "Raum 101",
                "site": "schule",
                "kind": "classroom",
                "hours": "school_hours",
                "wanted": True,
                "equipment": [
                    {
                        "subject": "projector:beamer",
                        "name": "Beamer 101",
                        "state": "down",
                        "detail": "Lampe defekt",
                        "hours": "school_hours",
                    }
                ],
            }
        ],
    }


def test_a_projector_without_a_room_and_what_a_reload_took_are_told_as_far_as_known() -> None:
    loose, gone = row(
        ClassroomState(None, "mobil", "schule", (MOBILE,), wanted=False, hours="Mo-Fr 08:00-20:00"),
        ClassroomState("old", "Alt", "schule", (GONE,), wanted=False),
    )["classrooms"]
    assert (loose["room"], loose["kind"], loose["hours"]) == (None, None, "Mo-Fr 08:00-20:00")
    assert loose["equipment"][0]["hours"] == "Mo-Fr 08:00-20:00"
    assert (gone["kind"], gone["equipment"][0]["name"], gone["equipment"][0]["hours"]) == (None, "gone", None)


def test_before_the_first_look_nothing_is_known() -> None:
    assert classrooms_row(make_snapshot(), INVENTORY) == {"at": None, "classrooms": []}


async def test_it_is_served() -> None:
    async with serve(FakeCommands(make_snapshot())) as client:
        assert await client.json("/api/v1/classrooms") == {"at": None, "classrooms": []}
