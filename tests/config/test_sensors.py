from __future__ import annotations

from collections.abc import Callable

import pytest

from config.loader import Loaded

Problems = Callable[..., list[str]]

BASE = """
sites: {berg: {}}
devices: {klima: {site: berg}, klima-2: {site: berg}}
"""


@pytest.mark.parametrize(
    ("rooms", "problem"),
    [
        (
            "{a: {site: berg, sensors: {klime/t1: {position: inlet}}}}",
            "rooms.a.sensors.klime/t1: there is no device 'klime' (did you mean klima?)",
        ),
        (
            "{a: {site: berg, sensors: {klima/: {}}}}",
            "rooms.a.sensors.klima/: 'klima/' names no sensor (klima/SENSOR for one sensor, klima for all of the "
            "device)",
        ),
        (
            "{a: {site: berg, sensors: {klima: {contact: cooling_fault}}}}",
            "rooms.a.sensors.klima: a contact is one of 'klima', not all of it (klima/SENSOR, as the device calls it)",
        ),
        (
            "{a: {site: berg, sensors: {klima/t1: {}}}, b: {site: berg, sensors: {klima/t1: {}}}}",
            "rooms.b.sensors.klima/t1: 'klima/t1' is a sensor of room 'a' as well (a sensor sits in one room: delete "
            "it from the other)",
        ),
        (
            "{a: {site: berg, sensors: {klima: {}}}, b: {site: berg, sensors: {klima: {}}}}",
            "rooms.b.sensors.klima: 'klima' is a sensor of room 'a' as well (a sensor sits in one room: delete it "
            "from the other)",
        ),
    ],
)
def test_a_sensor_that_cannot_be_meant_is_refused_with_its_place(problems: Problems, rooms: str, problem: str) -> None:
    assert [line.partition(": ")[2] for line in problems(f"{BASE}rooms: {rooms}")] == [problem]


def test_file_and_line_are_named(problems: Problems) -> None:
    text = f"{BASE}rooms:\n  a:\n    site: berg\n    sensors:\n      klima/t1: {{}}\n      nix: {{}}\n"
    (line,) = problems(text)
    assert line.startswith("ringwacht.yml:9:7: rooms.a.sensors.nix: ")


def test_one_sensor_of_a_device_may_sit_in_another_room(loaded: Callable[..., Loaded]) -> None:
    rooms = "{a: {site: berg, sensors: {klima: {}}}, b: {site: berg, sensors: {klima/t1: {position: inlet}}}}"
    assert set(loaded(f"{BASE}rooms: {rooms}").inventory.rooms) == {"a", "b"}
