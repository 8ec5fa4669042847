from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from agent.contract import Course, Finding, FindingKey, Limits, Measure, RoomState, Severity, Subject
from agent.risk.catalogue.overheating import ROOM_OVERHEATING
from agent.risk.catalogue.rooms import TEMPERATURE_HIGH
from agent.risk.overheating import CourseBook, told_once
from agent.risk.sight import Outcome, Sight
from agent.risk.texts import Words
from config.inventory import Inventory
from config.settings import Settings
from tests.agent.risk.scene import NOW, Windows
from tests.courses.climate import LIMITS, USUAL, lost, ramp, seen, sensed
from tests.harness.fakes import FakeView

ROOM = Subject("room", "serverraum")
KEY = FindingKey(ROOM_OVERHEATING, ROOM)
STEADY = RoomState("serverraum", Limits(*LIMITS))
FAILURE = lost(0, ramp(1 / 3))


class House:
    """One room, looked at after each poll; times are counted from ``NOW``."""

    def __init__(self, language: str = "de", **room: Any) -> None:
        rooms = {"serverraum": {"site": "rathaus", "name": "Serverraum Rathaus", **room}}
        self.inventory = Inventory.model_validate({"sites": {"rathaus": {}}, "rooms": rooms})
        self.settings = Settings.model_validate({"municipality": {"language": language}})
        self.book = CourseBook()

    def look(self, state: RoomState, at: float) -> list[Outcome]:
        view = FakeView([], [], NOW + at)
        sight = Sight.of(self.inventory, self.settings, view, Windows({}))
        return [one for one in self.book.look(sight, {state.id: state}) if one is not None]

    def lives(self, state: RoomState = STEADY, span: tuple[float, float] = (-3600, 600)) -> Iterator[list[Outcome]]:
        """Lose the cooling at 0."""
        for at, value in seen(FAILURE, span, USUAL, 4):
            yield self.look(replace(state, temperatures=(sensed(NOW + at, value),)), at)

    def finding(self, state: RoomState = STEADY, until: float = 600) -> Finding:
        *_, last = self.lives(state, (-3600, until))
        return next(one for one in last if isinstance(one, Finding))


def course(outcomes: list[Outcome]) -> Course:
    return next(one for one in outcomes if isinstance(one, Course))


def figures(outcomes: list[Outcome]) -> dict[tuple[str, ...], float]:
    return {(one.family.name, *one.labels): one.value for one in outcomes if isinstance(one, Measure)}


def test_it_is_found_once_for_the_room_and_says_how_long_it_is_to_the_limit() -> None:
    found = [one for look in House().lives() for one in look if isinstance(one, Finding)]
    first = found[0]
    assert (first.key, first.severity, first.norm, first.site) == (KEY, Severity.WARNING, "BSI INF.2.A16", "rathaus")
    assert first.summary.startswith("Serverraum Rathaus: in ")
    assert " bei 32,0 °C, steigt 0,3" in first.summary
    assert len({one.key for one in found}) == 1
    shown = found[-1].evidence
    assert shown[0].startswith("klima/rack: 25,")
    assert "Warngrenze 27,0 °C in 5 min" in shown
    assert shown[2].startswith("üblich sind hier Anstiege bis 0,")


def test_in_english_and_until_the_very_end() -> None:
    house = House("en")
    assert "of up to" in house.finding(until=900).evidence[-1]
    assert "less than 1 min" in House("en").finding(until=1785).summary


@pytest.mark.parametrize(("shutdown", "at"), [("2m", 750), ("20m", 250)])
def test_it_is_critical_once_an_orderly_shutdown_hardly_fits(shutdown: str, at: float) -> None:
    severities = [
        (look_at, one.severity)
        for look_at, look in zip(
            range(-3600, 900, 10), House(shutdown_time=shutdown).lives(span=(-3600, 900)), strict=True
        )
        for one in look
        if isinstance(one, Finding)
    ]
    critical = [look_at for look_at, severity in severities if severity is Severity.CRITICAL]
    assert critical[0] == pytest.approx(at, abs=120)


def test_the_course_tells_of_the_time_only_while_it_runs_away() -> None:
    looks = list(House().lives())
    calm, away = course(looks[200]), course(looks[-1])
    assert (calm.to_critical, calm.unknown) == (None, "")
    assert calm.slope == pytest.approx(0, abs=0.002)
    assert away.to_warning is not None
    assert away.to_critical is not None
    assert away.slope is not None
    assert away.slope * 60 == pytest.approx(1 / 3, rel=0.2)
    shown = figures(looks[-1])
    critical = ("serverraum", "critical")
    assert shown["ringwacht_room_time_to_limit_seconds", *critical] == away.to_critical.seconds
    assert shown["ringwacht_room_time_to_limit_bound_seconds", *critical, "lower"] == away.to_critical.least
    assert shown["ringwacht_room_time_to_limit_bound_seconds", *critical, "upper"] == away.to_critical.most
    assert list(figures(looks[200])) == [("ringwacht_room_temperature_slope_celsius_per_second", "serverraum")]


def test_too_few_measurements_are_said_to_be_too_few() -> None:
    looks = list(House().lives(span=(-3600, -3570)))
    assert KEY in looks[0]
    assert course(looks[1]).unknown == "klima/rack: zu wenige Messwerte (2) für einen Trend"


def test_a_rise_right_after_the_start_is_not_known_to_be_usual() -> None:
    looks = list(House().lives(span=(0, 300)))
    assert course(looks[-1]).unknown == "klima/rack steigt; was hier üblich ist, ist noch nicht bekannt"
    assert KEY in looks[-1]


def test_without_a_sensor_whose_limits_hold_nothing_can_be_told() -> None:
    outlet = sensed(NOW, 40.0)._replace(limited=False)
    assert House().look(STEADY, 0) == [KEY]
    assert House().look(replace(STEADY, temperatures=(outlet,)), 0) == [KEY]


def test_a_room_without_limits_has_a_course_and_no_finding() -> None:
    *_, last = House().lives(replace(STEADY, limits=Limits()))
    assert course(last).to_critical is None
    assert not [one for one in last if isinstance(one, Finding)]


def test_a_sensor_that_falls_silent_while_it_rises_ends_no_alert() -> None:
    house = House()
    list(house.lives())
    other = sensed(NOW + 600, 22.0, name="klima/other")
    assert KEY in house.look(replace(STEADY, temperatures=(other,)), 600)
    quiet = [
        house.look(replace(STEADY, temperatures=(sensed(NOW + 90_000 + at, 22.0, name="klima/other"),)), 90_000 + at)
        for at in range(0, 300, 10)
    ]
    assert KEY not in quiet[-1]


def test_beyond_the_critical_limit_nothing_is_ahead_and_nothing_ends() -> None:
    house = House()
    list(house.lives(span=(-3600, 1790)))
    hot = house.look(replace(STEADY, temperatures=(sensed(NOW + 1850, 32.4),)), 1850)
    assert KEY in hot
    assert not [one for one in hot if isinstance(one, Finding)]


def test_a_jump_that_waits_for_its_second_poll_is_no_point() -> None:
    house = House()
    *_, before = house.lives(span=(-3600, -10))
    waiting = sensed(NOW, 60.0)._replace(confirmed=False, value=22.0)
    assert course(house.look(replace(STEADY, temperatures=(waiting,)), 0)) == course(before)


def test_the_sensor_that_reaches_its_limit_first_makes_the_course() -> None:
    house = House()
    last: list[Outcome] = []
    for at, value in seen(FAILURE, (-3600, 400), USUAL, 4):
        cool = sensed(NOW + at, 25.0, name="klima/cool")
        last = house.look(replace(STEADY, temperatures=(cool, sensed(NOW + at, value))), at)
    assert course(last).sensor == "klima/rack"


def test_what_cooling_door_and_load_say_is_evidence() -> None:
    state = replace(
        STEADY,
        cooling_units=2,
        cooling_running=("k1", "k2"),
        door_open=True,
        heat_watts=100_000.0,
    )
    shown = House(volume=50).finding(state, until=900).evidence
    assert shown[-3:] == (
        "alle Kühlgeräte melden, dass sie laufen: k1, k2",
        "eine Tür steht offen",
        "Last 100,0 kW (USV); allein die Luft (50 m³) würde sie um 99,50 K/min erwärmen",
    )
    failed = House().finding(replace(STEADY, cooling_failed=("k1",), cooling_running=("k2",))).evidence
    assert failed[-2:] == ("Kühlung gestört: k1", "Kühlgeräte in Betrieb: k2")


@pytest.mark.parametrize(
    ("watts", "said"),
    [
        (150.0, "schneller, als die Last die Luft erwärmen kann: heiße Luft von außen, ein Brand oder der Fühler"),
        (5.0, "die USV gibt fast keine Leistung ab: die Wärme kommt woanders her"),
    ],
)
def test_a_rise_that_the_load_cannot_explain_says_so_and_stays_an_alarm(watts: float, said: str) -> None:
    assert House().finding(replace(STEADY, heat_watts=watts)).evidence[-1] == said


def test_a_sensor_may_be_called_anything() -> None:
    house = House()
    last: list[Outcome] = []
    for at, value in seen(FAILURE, (-3600, 400), USUAL, 4):
        hostile = sensed(NOW + at, value, name="x/\x1b[2J{minutes}")
        last = house.look(replace(STEADY, temperatures=(hostile,)), at)
    found = next(one for one in last if isinstance(one, Finding))
    assert "\x1b" not in "".join((found.summary, *found.evidence))


def test_rooms_that_left_the_inventory_are_forgotten() -> None:
    house = House()
    list(house.lives(span=(-600, -500)))
    house.inventory = Inventory.model_validate({"sites": {"rathaus": {}}})
    assert house.look(STEADY, 0) == []
    assert house.book.sensors == 0


def test_of_a_room_that_overheats_the_warning_limit_is_told_once_and_the_critical_one_again() -> None:
    heating = Finding(ROOM_OVERHEATING, ROOM, Severity.CRITICAL, "")
    high = Finding(TEMPERATURE_HIGH, ROOM, Severity.WARNING, "")
    critical = replace(high, severity=Severity.CRITICAL)
    elsewhere = replace(high, subject=Subject("room", "keller"))
    words = Words("en")
    assert list(told_once([high, heating], {}, words)) == [high.key, heating]
    assert list(told_once([critical, heating, elsewhere], {}, words)) == [critical, heating, elsewhere]
    assert list(told_once([high], {}, words)) == [high]


def test_what_is_above_a_limit_says_how_fast_it_rises() -> None:
    high = Finding(TEMPERATURE_HIGH, ROOM, Severity.CRITICAL, "", ("klima/rack: 33 °C",))
    rising = Course("serverraum", "klima/rack", 33.0, 0.4 / 60, 0.02 / 60)
    [told] = told_once([high], {"serverraum": rising}, Words("de"))
    assert isinstance(told, Finding)
    assert told.evidence == ("klima/rack: 33 °C", "klima/rack steigt 0,40 K/min")
    for unsure in (replace(rising, slope_error=0.2 / 60), replace(rising, slope=-0.01), replace(rising, slope=None)):
        assert list(told_once([high], {"serverraum": unsure}, Words("de"))) == [high]


def test_a_room_that_never_gets_there_says_so_in_its_figures() -> None:
    looks = list(House().lives())
    bounds = [value for look in looks for name, value in figures(look).items() if name[-1] == "upper"]
    assert any(math.isinf(one) for one in bounds)  # three minutes say nothing of how a rise ends
    assert not math.isinf(bounds[-1])
