"""The risk figure: named factors, nothing counted twice, nothing unknown counted as well."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.contract import (
    Coverage,
    Finding,
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
from agent.figures import RISK_FACTOR_POINTS, RISK_POINTS
from agent.risk.rules import RULES
from agent.risk.score import DOUBT_SECONDS, Score
from agent.risk.scoring.classes import CLASSES, GAPS, GRAVEST, LESSER, LESSER_TOGETHER, NO_RISK, POINTS, WATCHED
from agent.risk.texts import Words
from config.inventory import Inventory
from config.settings import Settings
from tests.agent.risk.scene import unpolled

SETTINGS = Settings.model_validate({"municipality": {"language": "en"}})
INVENTORY = Inventory.model_validate(
    {
        "sites": {"rathaus": {}},
        "rooms": {
            "serverraum": {"site": "rathaus", "name": "Serverraum Rathaus"},
            "keller": {"site": "rathaus", "kind": "other"},
        },
        "devices": {
            "usv": {"site": "rathaus", "address": "127.0.0.1"},
            "pdu": {"site": "rathaus", "address": "127.0.0.1", "powered_by": ["usv"]},
            "srv": {"site": "rathaus", "room": "serverraum", "address": "127.0.0.1", "powered_by": ["pdu"]},
            "sw": {"site": "rathaus", "address": "127.0.0.1"},
        },
    }
)
ROOM, CELLAR = Subject("room", "serverraum"), Subject("room", "keller")


def measured(*without: Quantity, expected: bool = True) -> RoomState:
    states = ((one, "missing" if one in without else "measured") for one in GAPS)
    return RoomState("serverraum", Limits(), coverage=tuple(Coverage(one, expected, how) for one, how in states))  # type: ignore[arg-type]


def found(rule: str, subject: Subject, severity: Severity = Severity.WARNING, cause: Subject | None = None) -> Finding:
    return Finding(rule, subject, severity, f"{rule} stands", cause=cause)


def scored(
    findings: Sequence[Finding] = (),
    unverified: Sequence[FindingKey] = (),
    serverraum: RoomState | None = None,
    accepted: Sequence[str] = (),
    unasked: Sequence[str] = (),
) -> tuple[RiskFigure, ...]:
    rooms = {"serverraum": serverraum or measured(), "keller": RoomState("keller", Limits())}
    waiting = {Subject("device", name): (unpolled(f"device:{name}"),) for name in unasked}
    score: Score = Score()
    risks: tuple[RiskFigure, ...] = ()
    for at in (0.0, DOUBT_SECONDS):
        judgement = Judgement(tuple(findings), frozenset(unverified), house=House(at, rooms))
        house = score.with_risks(
            judgement, INVENTORY, SETTINGS, lambda one: waiting.get(one, ()), lambda finding: finding.rule in accepted
        ).house
        assert house is not None
        risks = house.risks
    return risks


def names(figure: RiskFigure) -> list[str]:
    return [one.name for one in figure.factors]


def test_every_shipped_rule_has_classes_or_is_no_risk() -> None:
    assert CLASSES.keys() | NO_RISK >= RULES.keys()
    assert not CLASSES.keys() & NO_RISK


def test_every_factor_has_words_in_both_languages() -> None:
    gaps = [f"{state}_{quantity}" for state in ("missing", "silent") for quantity in GAPS]
    for name in [*CLASSES, *gaps, "room_unknown", "not_judged", "not_measured_yet"]:
        for words in (Words("de"), Words("en")):
            assert words.template(f"risk_{name}")
            assert words.template(f"remedy_{name}")


def test_the_points_of_any_two_classes_are_known_and_rise() -> None:
    assert {p * e for p in range(1, 5) for e in range(1, 5)} == POINTS.keys()
    assert list(POINTS.values()) == sorted(POINTS.values())


def test_a_house_in_which_all_is_well_and_measured_has_no_risk() -> None:
    house, serverraum, keller = scored()
    assert (house.points, serverraum.points, keller.points) == (0.0, 0.0, 0.0)
    assert (house.scope, serverraum.scope, keller.scope) == (None, ROOM, CELLAR)


def test_a_leak_and_the_humidity_that_it_brings_count_once() -> None:
    leak = found("leak", ROOM, Severity.CRITICAL)
    _, serverraum, _ = scored([leak, found("humidity_out_of_range", ROOM)])
    assert names(serverraum) == ["leak"]
    assert serverraum.points == 60.0


def test_the_same_finding_weighs_more_once_it_is_critical() -> None:
    points = [scored([found("temperature_high", ROOM, how)])[1].points for how in (Severity.WARNING, Severity.CRITICAL)]
    assert points == [39.0, 60.0]


def test_what_is_not_measured_is_a_factor_with_what_would_lower_it() -> None:
    _, serverraum, _ = scored(serverraum=measured("leak", "temperature"))
    assert names(serverraum) == ["missing_temperature", "missing_leak"]
    assert serverraum.points == 29.0
    assert serverraum.factors[0].title == "Not watched: temperature"
    assert serverraum.factors[0].evidence == "Nobody measures it."
    assert serverraum.factors[0].remedy == "Provide a sensor or device: temperature"


def test_a_room_without_sensors_is_not_counted_a_second_time_by_its_finding() -> None:
    _, serverraum, _ = scored([found("room_not_measured", ROOM)], serverraum=measured(*GAPS))
    assert "room_not_measured" not in names(serverraum)


def test_a_room_of_which_nothing_is_known_is_never_at_zero() -> None:
    judgement = Score().with_risks(Judgement((), house=House(0.0)), INVENTORY, SETTINGS)
    assert judgement.house is not None
    assert [names(one) for one in judgement.house.risks] == [["room_unknown"]] * 3
    assert [one.points for one in judgement.house.risks] == [21.0, 21.0, 8.0]  # a cellar holds little


def test_what_could_not_be_judged_counts_unless_a_gap_says_why() -> None:
    key = FindingKey("temperature_high", ROOM)
    _, blind, _ = scored(unverified=[key])
    assert names(blind) == ["not_judged"]
    assert blind.factors[0].evidence == "Not known whether it is so: Room too warm (Serverraum Rathaus)"
    _, silent, _ = scored(unverified=[key], serverraum=measured("temperature"))
    assert names(silent) == ["missing_temperature"]


def test_a_device_that_does_not_answer_is_one_factor_and_not_two() -> None:
    usv = Subject("device", "usv")
    house, serverraum, _ = scored([found("device_unreachable", usv)], [FindingKey("ups_on_battery", usv)])
    assert names(house) == names(serverraum) == ["device_unreachable"]


def test_a_supply_that_feeds_a_room_over_others_is_the_risk_of_that_room() -> None:
    house, serverraum, keller = scored([found("ups_on_battery", Subject("device", "usv"))])
    assert names(serverraum) == names(house) == ["ups_on_battery"]
    assert keller.points == 0.0


def test_two_faults_of_one_supply_both_count_if_they_are_about_different_things() -> None:
    usv = Subject("device", "usv")
    unlike = [found(rule, usv) for rule in ("ups_battery_replace", "ups_battery_old", "ups_on_battery")]
    assert names(scored(unlike)[1]) == ["ups_battery_replace", "ups_on_battery"]


def test_what_a_cut_brings_about_counts_as_the_gravest_of_it_once() -> None:
    link, ring, site = Subject("link", "rf-1"), Subject("ring", "sued"), Subject("site", "rathaus")
    cut = [
        found("link_down", link),
        found("ring_open", ring, cause=link),
        found("redundancy_lost", site, cause=ring),
        found("device_unreachable", Subject("device", "sw"), cause=link),
    ]
    assert scored(cut)[0].points == POINTS[9]
    battery = found("ups_battery_old", Subject("device", "usv"))
    assert scored([*cut, battery])[0].points == POINTS[9] + POINTS[6]


def test_the_same_thing_at_several_places_counts_once_in_the_house_and_names_them() -> None:
    down = [found("device_unreachable", Subject("device", name)) for name in ("sw", "d1", "d2", "d3", "d4", "d5")]
    house = scored(down)[0]
    assert house.points == POINTS[6]
    assert house.factors[0].evidence == "device_unreachable stands; also: d2, d3, d4 and 2 more"


def test_what_was_accepted_counts_all_the_same_and_says_so() -> None:
    house = scored([found("single_point_of_failure", Subject("link", "x"))], accepted=["single_point_of_failure"])[0]
    assert house.points == POINTS[6]
    assert house.factors[0].evidence == "single_point_of_failure stands (accepted, counts all the same)"


def test_deadlines_and_own_rules_count_for_nothing() -> None:
    informing = [found("deadline_near", Subject("deadline", "x")), found("druckerstau", Subject("device", "srv"))]
    assert scored(informing)[0].points == 0.0


def test_causes_in_a_circle_end() -> None:
    a, b = Subject("link", "a"), Subject("link", "b")
    assert scored([found("link_down", a, cause=b), found("link_down", b, cause=a)])[0].points > 0


def test_the_figures_are_exported_with_their_factors() -> None:
    judgement = Judgement((found("leak", ROOM, Severity.CRITICAL),), house=House(0.0, {"serverraum": measured()}))
    measures = Score().with_risks(judgement, INVENTORY, SETTINGS).measures
    points = {one.labels: one.value for one in measures if one.family is RISK_POINTS}
    assert points == {("house",): 68.0, ("room:serverraum",): 60.0, ("room:keller",): 8.0}
    factors = {one.labels: one.value for one in measures if one.family is RISK_FACTOR_POINTS}
    assert factors["room:serverraum", "leak", "room:serverraum"] == 60.0


def test_without_a_look_at_the_house_there_is_no_figure() -> None:
    judgement = Judgement((found("leak", ROOM),))
    assert Score().with_risks(judgement, INVENTORY, SETTINGS) is judgement


SUBJECTS = [ROOM, CELLAR, *(Subject("device", name) for name in INVENTORY.devices), Subject("site", "rathaus")]
FINDINGS = st.builds(
    Finding,
    rule=st.sampled_from([*CLASSES, *NO_RISK]),
    subject=st.sampled_from(SUBJECTS),
    severity=st.sampled_from(Severity),
    summary=st.just("x"),
    cause=st.none() | st.sampled_from(SUBJECTS),
)


@given(st.lists(FINDINGS, max_size=12, unique_by=lambda one: one.key))
def test_no_number_without_its_list_and_no_list_out_of_order(findings: list[Finding]) -> None:
    for figure in scored(findings, [FindingKey(rule, ROOM) for rule in WATCHED]):
        points = [one.points for one in figure.factors]
        assert figure.points == sum(points) <= 100.0
        lesser = [one.points for one in figure.factors if POINTS[one.probability * one.effect] <= LESSER]
        assert sum(lesser) <= LESSER_TOGETHER
        assert points == sorted(points, reverse=True)
        assert len(set(names(figure))) == len(points)
        for one in figure.factors:
            full = POINTS[one.probability * one.effect]
            assert one.points == full or (one.points < full and f"counts {one.points:g}, not {full:g}" in one.evidence)
            assert one.title
            assert one.evidence
            assert one.remedy


@given(st.lists(FINDINGS, max_size=8, unique_by=lambda one: one.key), FINDINGS)
def test_something_more_that_is_wrong_never_lowers_a_room_that_names_no_causes(
    findings: list[Finding], more: Finding
) -> None:
    plain = [dataclasses.replace(one, cause=None) for one in findings if one.key != more.key]
    before, after = scored(plain), scored([*plain, dataclasses.replace(more, cause=None)])
    assert all(one.points <= other.points for one, other in zip(before, after, strict=True))


@pytest.mark.parametrize("kind", GRAVEST)
def test_every_kind_of_room_has_its_gravest_effect(kind: str) -> None:
    raw: object = {"sites": {"r": {}}, "rooms": {"x": {"site": "r", "kind": kind}}}
    judgement = Score().with_risks(
        Judgement((found("leak", Subject("room", "x"), Severity.CRITICAL),), house=House(0.0, {"x": measured()})),
        Inventory.model_validate(raw),
        SETTINGS,
    )
    assert judgement.house is not None
    assert judgement.house.risks[1].factors[0].effect == GRAVEST[kind]


def test_the_document_has_the_classes_of_every_rule() -> None:
    text = (Path(__file__).parents[3] / "docs" / "risk.md").read_text(encoding="utf-8")
    for name, classes in CLASSES.items():
        weights = [one for one in (classes.usual, classes.critical) if one is not None]
        pairs = "; ".join(f"{one.probability} × {one.effect}" for one in weights)
        points = "; ".join(f"{one.points:g}" for one in weights)
        assert f"| {name} | {classes.about.replace('_', ' ')} | {pairs} | {points} |" in text
    assert all(f"`{name}`" in text for name in NO_RISK)
    for probability in range(1, 5):
        points = " | ".join(f"{POINTS[probability * effect]:g}" for effect in range(1, 5))
        assert f"| **{probability}** | {points} |" in text
