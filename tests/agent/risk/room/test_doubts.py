from __future__ import annotations

from collections.abc import Callable
from math import pi, sin

import pytest

from agent.contract import Severity
from agent.risk.catalogue.rooms import SENSOR_DISAGREES, SENSOR_FROZEN
from tests.agent.risk.room.watch import TEMPERATURE, Says, Watched
from tests.agent.risk.scene import the

HOUR = 3600.0
MINUTE = 60.0
START = Watched().now


def lived(made: Watched, seconds: float, says: Callable[[float], Says], step: float = 5 * MINUTE) -> Watched:
    """Poll for so long; what is said follows from the time."""
    begun = made.now
    while made.now < begun + seconds:
        made.after(step).says(says(made.now - begun))
    return made


def says_from(made: Watched, says: Callable[[float], Says]) -> Callable[[float], Says]:
    """The same course, told from here."""
    begun = made.now - START
    return lambda seconds: says(begun + seconds)


def both(first: float, second: float) -> Callable[[float], Says]:
    return lambda _: {(TEMPERATURE, "a"): first, (TEMPERATURE, "b"): second}


def waves(seconds: float, step: float, swing: float = 1.0) -> float:
    """A compressor's saw-tooth as a sensor with this step shows it."""
    return round((22 + swing * sin(2 * pi * seconds / 1500)) / step) * step


def test_two_sensors_of_one_position_that_differ_for_half_an_hour() -> None:
    made = lived(Watched(), 25 * MINUTE, both(22.1, 26.3))
    assert made.finding(SENSOR_DISAGREES) is None
    assert made.unknown(SENSOR_DISAGREES)
    found = the(lived(made, 10 * MINUTE, both(22.1, 26.3)).finding(SENSOR_DISAGREES))
    assert found.severity is Severity.INFO
    assert found.evidence == ("klima/a: 22.1 °C on average", "klima/b: 26.3 °C on average")


def test_what_sits_elsewhere_may_differ() -> None:
    made = Watched({"sensors": {"klima/b": {"position": "outlet"}}})
    assert lived(made, HOUR, both(22.1, 35.0)).finding(SENSOR_DISAGREES) is None
    named = lived(Watched(), HOUR, lambda _: {(TEMPERATURE, "Intake"): 22.0, (TEMPERATURE, "Exhaust"): 35.0})
    assert named.finding(SENSOR_DISAGREES) is None


def test_what_servers_take_in_depends_on_their_place_in_the_rack() -> None:
    devices = {
        f"srv-{number}": {"site": "rathaus", "address": "127.0.0.1", "role": "server", "room": "raum"}
        for number in range(3)
    }
    made = Watched(devices=devices)
    for _ in range(12):
        made.after(5 * MINUTE).says({(TEMPERATURE, "t"): 22.1})
        for number, name in enumerate(devices):
            made.says({(TEMPERATURE, "Intake"): 18.1 + 6 * number}, name)
    assert made.finding(SENSOR_DISAGREES) is None
    assert not made.unknown(SENSOR_DISAGREES)


def test_of_many_that_disagree_the_ends_are_named() -> None:
    made = lived(Watched(), HOUR, lambda _: {(TEMPERATURE, f"t{number:02}"): 20.1 + number for number in range(12)})
    found = the(made.finding(SENSOR_DISAGREES))
    assert [line.partition(":")[0] for line in found.evidence] == [
        f"klima/t{number:02}" for number in (0, 1, 2, 9, 10, 11)
    ]


def test_a_difference_that_the_resolutions_explain_is_none() -> None:
    strict = Watched(settings={"alerting": {"rules": {SENSOR_DISAGREES: {"above": 1}}}})
    assert lived(strict, HOUR, both(22.0, 24.0)).finding(SENSOR_DISAGREES) is None
    assert lived(strict, HOUR, both(22.0, 24.5)).finding(SENSOR_DISAGREES)


def test_a_difference_that_the_option_allows_is_none_and_near_it_nobody_knows() -> None:
    assert not lived(Watched(), HOUR, both(22.1, 25.0)).unknown(SENSOR_DISAGREES)
    near = lived(Watched(), HOUR, both(22.1, 25.9))
    assert near.finding(SENSOR_DISAGREES) is None
    assert near.unknown(SENSOR_DISAGREES)
    strict = Watched(settings={"alerting": {"rules": {SENSOR_DISAGREES: {"above": 2}}}})
    assert lived(strict, HOUR, both(22.1, 25.0)).finding(SENSOR_DISAGREES)


@pytest.mark.parametrize(("step", "hours"), [(0.1, 6), (0.5, 24), (1.0, 72)])
def test_a_sensor_that_stands_still_while_another_moves_is_found_by_its_step(step: float, hours: float) -> None:
    other = 0.1 if step < 1 else 0.5
    swing = 2 * step + 0.5

    def says(seconds: float) -> Says:
        return {(TEMPERATURE, "dead"): 22 + step, (TEMPERATURE, "alive"): waves(seconds, other, swing)}

    made = lived(Watched(), HOUR, lambda at: {**says(at), (TEMPERATURE, "dead"): waves(at, step, swing)})
    lived(made, hours * HOUR - 10 * MINUTE, says, 10 * MINUTE)
    assert made.finding(SENSOR_FROZEN) is None
    found = the(lived(made, HOUR, says, 10 * MINUTE).finding(SENSOR_FROZEN))
    assert found.severity is Severity.WARNING
    assert len(found.evidence) == 1
    assert found.evidence[0].startswith("klima/dead: ")
    assert made.state.temperatures  # it is told, and still judged


def test_what_moves_elsewhere_says_nothing_of_a_sensor_that_stands_still() -> None:
    made = Watched({"sensors": {"klima/b": {"position": "outlet"}}})

    def says(seconds: float) -> Says:
        return {
            (TEMPERATURE, "a"): 22.1 if seconds > HOUR else waves(seconds, 0.1),
            (TEMPERATURE, "b"): waves(seconds, 0.1),
        }

    assert lived(made, 12 * HOUR, says).finding(SENSOR_FROZEN) is None


def test_a_calm_place_beside_a_lively_one_is_learned() -> None:
    """Whole nights at 0.1 K beside a rack whose air follows its load."""

    def says(seconds: float) -> Says:
        day = sin(2 * pi * seconds / (24 * HOUR))
        return {(TEMPERATURE, "cellar"): round(16.32 + 0.3 * day, 1), (TEMPERATURE, "rack"): round(21.3 + 0.8 * day, 1)}

    made = Watched()
    for _ in range(96):
        assert lived(made, HOUR, says_from(made, says)).finding(SENSOR_FROZEN) is None


def test_a_neighbour_that_is_silent_now_and_then_hides_no_dead_sensor() -> None:
    made = lived(
        Watched(), 2 * HOUR, lambda at: {(TEMPERATURE, "a"): waves(at, 0.1), (TEMPERATURE, "b"): waves(at, 0.1)}
    )
    for _ in range(8):
        lived(made, 55 * MINUTE, lambda at: {(TEMPERATURE, "a"): 22.3, (TEMPERATURE, "b"): waves(at, 0.1)})
        made.after(5 * MINUTE).says({(TEMPERATURE, "a"): 22.3})
    assert the(made.finding(SENSOR_FROZEN)).evidence[0].startswith("klima/a: 22.3 °C unchanged for 7 h")


def test_a_sensor_that_was_dead_from_the_start_is_found_where_the_others_move_far() -> None:
    made = lived(Watched(), 7 * HOUR, lambda at: {(TEMPERATURE, "a"): 22.3, (TEMPERATURE, "b"): waves(at, 0.1, 2.1)})
    assert made.finding(SENSOR_FROZEN)


def test_a_sensor_alone_is_found_by_what_it_did_before() -> None:
    made = lived(Watched(), 30 * HOUR, lambda at: {(TEMPERATURE, "t"): waves(at, 0.1)})
    assert made.finding(SENSOR_FROZEN) is None
    lived(made, 5 * HOUR, lambda _: {(TEMPERATURE, "t"): 22.3})
    assert made.finding(SENSOR_FROZEN) is None
    assert lived(made, 1.5 * HOUR, lambda _: {(TEMPERATURE, "t"): 22.3}).finding(SENSOR_FROZEN)
    assert made.after(MINUTE).says({(TEMPERATURE, "t"): 22.4}).finding(SENSOR_FROZEN) is None


def test_a_calm_room_in_whole_degrees_is_natural() -> None:
    calm = lived(Watched(), 120 * HOUR, lambda _: {(TEMPERATURE, "t"): 22.0}, 30 * MINUTE)
    assert calm.finding(SENSOR_FROZEN) is None
    beside = lived(
        Watched(),
        100 * HOUR,
        lambda at: {(TEMPERATURE, "t"): 22.0, (TEMPERATURE, "fine"): waves(at, 0.1, 0.4)},
        30 * MINUTE,
    )
    assert beside.finding(SENSOR_FROZEN) is None


def test_a_gap_is_not_stillness() -> None:
    made = lived(Watched(), 30 * HOUR, lambda at: {(TEMPERATURE, "t"): waves(at, 0.1)})
    made.after(MINUTE).says({(TEMPERATURE, "t"): 22.3})
    assert made.after(20 * HOUR).says({(TEMPERATURE, "t"): 22.3}).finding(SENSOR_FROZEN) is None
