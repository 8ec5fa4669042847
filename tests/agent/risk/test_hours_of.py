"""When something matters, by what is configured and by what it is."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from agent.alerts.muting import Excuses, muting
from agent.contract import Finding, Severity, Subject
from agent.risk.calendar import Calendar, Calendars
from agent.risk.hours import AT_ALL_TIMES, Hours, Timetable
from config.inventory import Inventory
from config.settings import Settings
from tests.agent.risk.scene import subject_of

OFFICE, SCHOOL = Hours("office_hours"), Hours("school_hours")
SITES = {"rathaus": {}, "schule": {"kind": "school"}}
ROOMS = {
    "r101": {"site": "schule", "kind": "classroom"},
    "vhs": {"site": "rathaus", "kind": "classroom"},
    "saal": {"site": "rathaus", "kind": "meeting_room"},
    "lehrer": {"site": "schule", "kind": "meeting_room"},
    "abends": {"site": "schule", "kind": "classroom", "when": "Mo-Fr 08:00-20:00"},
    "keller": {"site": "schule", "kind": "server_room", "when": "office_hours"},
}


def inventory(**sections: Any) -> Inventory:
    return Inventory.model_validate({"sites": SITES, "rooms": ROOMS, **sections})


def of_device(device: dict[str, Any], roles: dict[str, Any] | None = None) -> Hours:
    settings = Settings.model_validate({"defaults": {"roles": roles or {}}})
    known = inventory(devices={"d": {"site": "schule", "address": "127.0.0.1", **device}})
    return Timetable.of(known, settings).hours(Subject("device", "d"))


@pytest.mark.parametrize(
    ("device", "hours"),
    [
        ({"role": "printer"}, SCHOOL),
        ({"role": "printer", "site": "rathaus"}, OFFICE),
        ({"role": "terminal", "site": "rathaus"}, OFFICE),
        ({"role": "access_point"}, SCHOOL),
        ({"role": "access_point", "site": "rathaus"}, AT_ALL_TIMES),
        ({"role": "switch"}, AT_ALL_TIMES),
        ({}, AT_ALL_TIMES),
        ({"room": "r101", "role": "display"}, SCHOOL),
        ({"room": "r101"}, AT_ALL_TIMES),
        ({"room": "r101", "role": "switch"}, AT_ALL_TIMES),
        ({"room": "r101", "role": "endpoint", "when": "always"}, AT_ALL_TIMES),
        ({"room": "keller"}, AT_ALL_TIMES),
        ({"room": "abends", "role": "endpoint"}, Hours("Mo-Fr 08:00-20:00", in_term=True)),
        ({"role": "switch", "when": "Mo-Sa 06:00-22:00"}, Hours("Mo-Sa 06:00-22:00", in_term=True)),
        ({"site": "rathaus", "when": "Mo-Sa 06:00-22:00"}, Hours("Mo-Sa 06:00-22:00")),
    ],
)
def test_a_device_matters_when_it_is_used(device: dict[str, Any], hours: Hours) -> None:
    assert of_device(device) == hours


def test_a_role_may_say_so_for_its_devices() -> None:
    assert of_device({"role": "printer"}, {"printer": {"when": "always"}}) == AT_ALL_TIMES
    assert of_device({"role": "kiosk"}, {"kiosk": {"when": "office_hours"}}) == OFFICE
    assert of_device({"role": "kiosk", "when": "always"}, {"kiosk": {"when": "office_hours"}}) == AT_ALL_TIMES


@pytest.mark.parametrize(
    ("subject", "hours"),
    [
        ("room:r101", SCHOOL),
        ("room:vhs", SCHOOL),
        ("room:saal", OFFICE),
        ("room:lehrer", SCHOOL),
        ("room:keller", AT_ALL_TIMES),
        ("site:schule", SCHOOL),
        ("site:rathaus", OFFICE),
        ("ring:r", AT_ALL_TIMES),
    ],
)
def test_a_room_matters_by_its_kind_and_place(subject: str, hours: Hours) -> None:
    assert Timetable.of(inventory(), Settings()).hours(subject_of(subject)) == hours


@pytest.mark.parametrize(
    ("projector", "hours"),
    [
        ({}, SCHOOL),
        ({"site": "rathaus"}, OFFICE),
        ({"room": "abends"}, Hours("Mo-Fr 08:00-20:00", in_term=True)),
        ({"room": "r101", "when": "always"}, AT_ALL_TIMES),
    ],
)
def test_a_projector_matters_as_its_room_does(projector: dict[str, Any], hours: Hours) -> None:
    known = inventory(projectors={"p": {"site": "schule", "address": "127.0.0.1", **projector}})
    assert Timetable.of(known, Settings()).hours(Subject("projector", "p")) == hours


def test_what_carries_a_link_in_a_class_room_matters_always() -> None:
    devices = {"mini": {"site": "schule", "room": "r101", "address": "127.0.0.1", "role": "endpoint"}}
    links = {"l": {"kind": "fibre", "ends": ["mini/1", "rathaus"]}}
    known = inventory(devices=devices, links=links)
    assert Timetable.of(known, Settings()).hours(Subject("device", "mini")) == AT_ALL_TIMES


def test_all_that_has_hours_is_listed() -> None:
    known = inventory(services={"portal": {"tcp": "127.0.0.1:1", "when": "Mo-Fr 08:00-16:00"}})
    listed = dict(Timetable.of(known, Settings()).timed())
    assert listed[Subject("service", "portal")] == Hours("Mo-Fr 08:00-16:00")
    assert Subject("room", "keller") not in listed


def test_hours_of_a_school_end_with_its_holidays() -> None:
    settings = Settings.model_validate({"municipality": {"school_holidays": "DE-NW", "holidays": "DE-NW"}})
    summer = Calendar.of(settings).timestamp(_day("2027-08-04T10:00"))
    assert Hours("Mo-Fr 08:00-16:00").calendar(Calendars(settings)).opened_at(summer) == summer - 2 * 3600
    assert Hours("Mo-Fr 08:00-16:00", in_term=True).calendar(Calendars(settings)).opened_at(summer) is None


def _day(text: str) -> datetime:
    return datetime.fromisoformat(text)


def test_only_what_is_found_of_its_equipment_waits_for_the_hours_of_a_room() -> None:
    known = inventory(projectors={"p": {"site": "schule", "room": "r101", "address": "127.0.0.1"}})
    excuses = Excuses.of(known, Settings(), Calendar.of(Settings()))
    night = excuses.calendar.timestamp(_day("2026-11-24T23:00"))
    room, site = Subject("room", "r101"), Subject("site", "schule")
    muted = {
        rule: muting(Finding(rule, subject, Severity.WARNING, ""), excuses, night) is not None
        for rule, subject in [
            ("classroom_equipment", room),
            ("smoke", room),
            ("projector_service_due", site),
            ("site_isolated", site),
        ]
    }
    assert muted == {"classroom_equipment": True, "smoke": False, "projector_service_due": True, "site_isolated": False}
