from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from agent.contract import Column, Harvest, JobKey, Layout, Reading, Rows, Severity, Subject, Target
from agent.risk.catalogue.rooms import ROOM_NOT_MEASURED, SENSOR_DISAGREES, TEMPERATURE_HIGH
from agent.risk.room.places import Place, Places
from agent.risk.sight import Sight
from tests.agent.risk.room.watch import TEMPERATURE, Watched
from tests.agent.risk.scene import Scene, the
from tests.harness.fakes import FakeView

DEVICE = {"site": "rathaus", "address": "127.0.0.1"}
INVENTORY: dict[str, Any] = {
    "rooms": {
        "a": {
            "site": "rathaus",
            "sensors": {
                "box/rear": {"position": "outlet"},
                "box/pump": {"contact": "cooling_fault"},
                "far": {"position": "ceiling"},
                "box/old": {"ignored": True},
            },
        },
        "b": {"site": "rathaus", "sensors": {"box/visitor": {}}},
    },
    "devices": {
        "box": {**DEVICE, "room": "a", "role": "sensor", "powered_by": ["rail"]},
        "far": {**DEVICE, "role": "sensor"},
        "rail": {**DEVICE, "role": "pdu", "powered_by": ["usv"]},
        "usv": {**DEVICE, "role": "ups"},
        "srv": {**DEVICE, "role": "server", "room": "b"},
    },
}


@pytest.mark.parametrize(
    ("device", "sensor", "label", "place"),
    [
        ("box", "t", "", Place("a")),
        ("box", "rear", "", Place("a", "outlet")),
        ("box", "pump", "", Place("a", "room", "cooling_fault")),
        ("box", "old", "", None),
        ("box", "visitor", "a", Place("b")),
        ("box", "t", "b", Place("b")),
        ("box", "t", "nowhere", Place("a")),
        ("box", "Intake 2", "", Place("a", "inlet")),
        ("box", "Zuluft", "", Place("a", "inlet")),
        ("box", "exhaust", "", Place("a", "outlet")),
        ("far", "t", "", Place("a", "ceiling")),
        ("usv", "", "", None),
        ("gone", "t", "", None),
    ],
)
def test_the_place_of_a_sensor(device: str, sensor: str, label: str, place: Place | None) -> None:  # a table of cases
    assert Places(Scene(INVENTORY).inventory).of(device, sensor, label) == place


def test_who_carries_sensors_and_who_feeds_a_room() -> None:
    places = Places(Scene(INVENTORY).inventory)
    assert places.bearers == {"a": ("box", "far"), "b": ("box",)}
    assert places.supplies == {"a": ("usv",), "b": ()}


def test_limits_hold_for_the_air_that_devices_take_in() -> None:
    sensors = {"klima/o": {"position": "outlet"}, "klima/c": {"position": "ceiling"}}
    made = Watched({"sensors": sensors})
    made.says({(TEMPERATURE, "o"): 40.0, (TEMPERATURE, "c"): 35.0, (TEMPERATURE, "i"): 22.0})
    assert made.finding(TEMPERATURE_HIGH) is None
    assert {one.name: one.limited for one in made.state.temperatures} == {
        "klima/c": False,
        "klima/i": True,
        "klima/o": False,
    }


def test_under_the_ceiling_they_hold_where_nothing_else_measures_and_it_is_said() -> None:
    made = Watched({"sensors": {"klima": {"position": "ceiling"}}}).reads(35.0)
    found = the(made.finding(TEMPERATURE_HIGH))
    assert found.severity is Severity.CRITICAL
    assert "Measured under the ceiling only, where it is warmer than in front of the devices" in found.evidence


def test_an_outlet_alone_leaves_the_room_unknown() -> None:
    made = Watched({"sensors": {"klima": {"position": "outlet"}}}).reads(35.0)
    assert made.finding(TEMPERATURE_HIGH) is None
    assert made.unknown(TEMPERATURE_HIGH)


def test_what_is_ignored_is_neither_judged_nor_missed() -> None:
    made = Watched({"sensors": {"klima/t": {"ignored": True}}}).reads(48.0)
    assert made.finding(TEMPERATURE_HIGH) is None
    assert made.state.temperatures == ()
    assert made.state.coverage[0].state == "missing"


def test_a_device_that_renames_its_sensors_at_each_poll_fills_no_memory() -> None:
    made = Watched()
    for number in range(400):
        made.after(10).says({(TEMPERATURE, f"t{number}"): 22.0})
    assert len(made.state.coverage[0].by) == 1
    assert made.unknown(SENSOR_DISAGREES)
    named = the(made.finding(ROOM_NOT_MEASURED)).evidence
    assert (len(named), named[-1]) == (7, "249 more")
    silent = [one for one in made.sensors() if not one.fresh]
    assert len(silent) == 255


def test_a_device_that_is_no_longer_configured_is_forgotten() -> None:
    made = Watched(devices={"alt": {**DEVICE, "role": "sensor", "room": "raum"}})
    made.says({(TEMPERATURE, "t"): 30.0}, "alt").says({(TEMPERATURE, "t"): 22.0})
    before, made.scene = made.scene, Watched().scene
    made.says({}, "alt")
    made.scene = before
    made.look()  # it is back, and shows nothing yet
    assert {one.device for one in made.sensors()} == {"klima"}
    assert made.finding(TEMPERATURE_HIGH) is None
    assert not made.unknown(TEMPERATURE_HIGH)


def test_two_jobs_that_share_a_layout_share_no_sensor() -> None:
    made = Watched()
    rows = Rows(("room", "sensor"), (("", "t"),))
    column = Column(TEMPERATURE, rows, 0)

    class Both(FakeView):
        def columns(self, family: str, subject: Subject | None = None) -> Iterator[tuple[Reading, Column]]:
            for check in ("a", "b") if family == TEMPERATURE.name else ():
                target = Target(Subject("device", "klima"), "rathaus")
                harvest = Harvest(Layout((column,), 1), (22.0,))
                yield Reading(JobKey(target.subject, check), target, self.now, 0.0, harvest), column

    for now in (made.now, made.now + 60):
        view = Both((), (), now)
        sight = Sight.of(made.scene.inventory, made.scene.settings, view, made.scene.windows())
        assert list(made.book.look(sight))
    assert [(one.job.check, one.fresh) for one in made.sensors()] == [("a", True), ("b", True)]


def test_hostile_names_are_clean_and_bounded() -> None:
    name = made_name("\x1b[2J\u202e" + "x" * 500)
    assert name.isprintable()
    assert len(name.encode()) <= 80


def made_name(sensor: str) -> str:
    return Watched().reads(22.0, sensor).state.temperatures[0].name
