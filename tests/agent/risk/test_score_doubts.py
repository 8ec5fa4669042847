"""What is silent, not polled yet or not judged counts once, and small things never hide a grave one."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.contract import (
    Coverage,
    FindingKey,
    House,
    Judgement,
    Limits,
    Quantity,
    RiskFigure,
    RoomState,
    Severity,
    Subject,
)
from agent.risk.score import DOUBT_SECONDS, Score
from agent.risk.scoring import figures
from agent.risk.scoring.classes import CLASSES, GAPS, LESSER, LESSER_TOGETHER, POINTS
from tests.agent.risk.test_score import INVENTORY, ROOM, SETTINGS, found, measured, names, scored

BOX, USV = Subject("device", "srv"), Subject("device", "usv")
LESSER_RULES = [name for name, one in CLASSES.items() if (one.critical or one.usual).points <= LESSER]


def silent(by: str = "srv/1", *but: Quantity) -> RoomState:
    coverage = tuple(Coverage(one, True, "measured" if one in but else "silent", (by,)) for one in GAPS)
    return RoomState("serverraum", Limits(), coverage=coverage)


def test_a_box_that_is_silent_is_one_factor_with_all_that_it_should_measure() -> None:
    dark = [
        found("device_unreachable", BOX, Severity.CRITICAL),
        found("room_not_measured", ROOM, cause=BOX),
    ]
    _, room, _ = scored(dark, serverraum=silent("srv/1", "ups"))
    assert (names(room), room.points) == (["device_unreachable"], 21.0)
    assert names(scored(serverraum=silent("srv/1", "ups"))[1]) == ["silent_temperature"]  # before that is confirmed


def test_two_silent_boxes_are_two_causes() -> None:
    state = silent()
    both = tuple(one._replace(by=("usv",)) if one.quantity == "ups" else one for one in state.coverage)
    assert names(scored(serverraum=replace(state, coverage=both))[1]) == ["silent_temperature", "silent_ups"]


def test_what_was_not_polled_since_the_start_is_one_factor_and_nobody_is_blamed() -> None:
    house, room, _ = scored(serverraum=silent(), unverified=[FindingKey("ups_on_battery", USV)], unasked=["srv", "usv"])
    assert names(house) == names(room) == ["not_measured_yet"]
    assert room.points == 21.0
    assert room.factors[0].evidence == "Not polled since the start: srv"


def test_a_single_lost_packet_is_no_doubt_and_what_lasts_is_named_rightly() -> None:
    score, keys = Score(), frozenset({FindingKey("temperature_high", ROOM), FindingKey("function_down", USV)})
    house = House(0.0, {"serverraum": measured(), "keller": RoomState("keller", Limits())})

    def doubts(at: float, unverified: frozenset[FindingKey] = keys) -> list[str]:
        judgement = Judgement((), unverified, house=replace(house, at=at))
        judged = score.with_risks(judgement, INVENTORY, SETTINGS).house
        assert judged is not None
        return [one.evidence for one in judged.risks[0].factors]

    assert doubts(0.0) == doubts(60.0) == []
    assert doubts(90.0, frozenset()) == doubts(DOUBT_SECONDS + 1.0) == []
    assert doubts(2 * DOUBT_SECONDS + 1.0) == [
        "Not known whether it is so: Function down (usv); "
        "Not known whether it is so: Room too warm (Serverraum Rathaus)"
    ]
    assert doubts(0.0) == []  # the clock was set back


@given(st.sets(st.sampled_from(LESSER_RULES)), st.sampled_from([Severity.WARNING, Severity.CRITICAL]))
def test_one_grave_thing_outweighs_any_number_of_small_ones(rules: set[str], severity: Severity) -> None:
    small = [found(rule, Subject("link", f"l{number}"), severity) for number, rule in enumerate(sorted(rules))]
    without, fire = (scored([*small, *more])[0].points for more in ([], [found("smoke", ROOM, Severity.CRITICAL)]))
    assert without <= LESSER_TOGETHER < POINTS[12]
    assert fire == POINTS[16] + without


def test_what_lesser_things_no_longer_add_is_said() -> None:
    small = [found(rule, Subject("link", rule)) for rule in ("ups_runtime_short", "below_required", "legs_share_risk")]
    house = scored(small)[0]
    assert [(one.name, one.points) for one in house.factors] == [
        ("ups_runtime_short", 21.0),
        ("below_required", 14.0),
        ("legs_share_risk", 1.0),
    ]
    assert house.factors[2].evidence.endswith("(counts 1, not 14: lesser things count 36 together at most)")


def test_more_than_a_hundred_is_said_to_be_cut() -> None:
    house = scored([found("smoke", ROOM, Severity.CRITICAL), found("leak", ROOM, Severity.CRITICAL)])[0]
    assert [one.points for one in house.factors] == [60.0, 40.0]
    assert house.factors[1].evidence.endswith("(counts 40, not 60: 100 is all)")


def test_while_nothing_changes_nothing_is_added_up_again(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[figures.Figures] = []
    kept = figures.Figures.all

    def counted(one: figures.Figures) -> tuple[RiskFigure, ...]:
        made.append(one)
        return kept(one)

    monkeypatch.setattr(figures.Figures, "all", counted)
    score = Score()
    for at, rule in ((0.0, "leak"), (1.0, "leak"), (2.0, "smoke")):
        state = replace(measured(), heat_watts=at)
        judgement = Judgement((found(rule, ROOM),), house=House(at, {"serverraum": state}))
        score.with_risks(judgement, INVENTORY, SETTINGS)
    assert len(made) == 2
