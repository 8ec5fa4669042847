"""Rooms that fall silent together, and who is told of them when."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from agent.alerts.muting import muting
from agent.contract import JobState, Subject
from tests.agent.risk.lessons import (
    APPLE_TV,
    BEAMER,
    FAULTY,
    INVENTORY,
    LESSON,
    RULE,
    SILENT,
    Days,
    at,
    found,
    is_open,
    only,
    polled,
    says,
    silent,
)

SCHOOL = Subject("site", "schule")
ROOMS = 6
MANY: Mapping[str, Any] = {
    "sites": INVENTORY["sites"],
    "rooms": {f"r{number}": {"site": "schule", "kind": "classroom"} for number in range(ROOMS)},
    "devices": {
        f"atv-{number}": {"site": "schule", "room": f"r{number}", "address": f"192.0.2.{number}", "role": "apple_tv"}
        for number in range(ROOMS)
    },
}


def rooms(since: Mapping[int, float]) -> Iterator[JobState]:
    """What the Apple TV of each room says; ``since``: when those that are silent fell so."""
    for number in range(ROOMS):
        name = f"device:atv-{number}"
        yield silent(name, since[number]) if number in since else polled(name)


@pytest.mark.parametrize(
    ("since", "told"),
    [
        pytest.param([LESSON - 3600 + 30 * number for number in range(6)], True, id="one power cut"),
        pytest.param([at("2026-11-20T12:00") + 7200 * number for number in range(6)], True, id="before the hours"),
        pytest.param([LESSON - 3600] * 4, True, id="most of them"),
        pytest.param([LESSON - 3600] * 3, False, id="half of them"),
        pytest.param([LESSON - 2000 - 900 * number for number in range(6)], False, id="one after the other"),
    ],
)
def test_rooms_that_fall_silent_together_are_one_finding(since: list[float], *, told: bool) -> None:
    judgement = Days(MANY).look(LESSON, *rooms(dict(enumerate(since))))
    assert len(found(judgement)) == len(since)
    assert {one.cause for one in found(judgement)} == {SCHOOL if told else None}
    assert bool(found(judgement, SILENT)) is told
    if told:
        summary = f"Gesamtschule: In {len(since)} von 6 Räumen antwortet die Ausstattung nicht"
        assert (only(judgement, SILENT).subject, only(judgement, SILENT).summary) == (SCHOOL, summary)


def test_the_first_room_waits_for_those_that_fell_silent_with_it() -> None:
    """Else it would be told alone, since it was found silent some minutes before the others."""
    since = {number: LESSON - 1800 + 60 * number for number in range(ROOMS)}
    assert [one.cause for one in found(Days(MANY).look(LESSON, *rooms(since)))] == [SCHOOL]


def test_while_rooms_come_back_the_site_speaks_for_the_rest_until_two_are_left() -> None:
    days = Days(MANY)
    for count, cause in ((6, SCHOOL), (3, SCHOOL), (2, None)):
        judgement = days.look(LESSON, *rooms(dict.fromkeys(range(count), LESSON - 3600)))
        assert {one.cause for one in found(judgement)} == {cause}
        assert bool(found(judgement, SILENT)) is (cause is not None)


def test_at_night_it_is_not_known_whether_the_rooms_are_well() -> None:
    days = Days(MANY)
    silences = dict.fromkeys(range(6), LESSON - 3600)
    assert found(days.look(LESSON, *rooms(silences)), SILENT)
    night = days.look(at("2026-11-24T23:00"), *rooms(silences))
    assert not found(night, SILENT)
    assert is_open(night, SCHOOL, SILENT)
    assert not is_open(days.look(LESSON + 86400, *rooms({})), SCHOOL, SILENT)


def test_a_room_with_breaks_has_its_patience_once_a_day() -> None:
    room = {**INVENTORY["rooms"]["r101"], "when": "Mo-Fr 08:00-08:20, Mo-Fr 08:20-08:45, Mo-Fr 10:00-12:00"}
    days = Days({**INVENTORY, "rooms": {"r101": room}})
    for clock, told in (("08:29", False), ("08:31", True), ("10:01", True)):
        now = at(f"2026-11-24T{clock}")
        judgement = days.look(now, silent(APPLE_TV, at("2026-11-23T18:00")), polled(BEAMER, now), shown=says())
        assert bool(found(judgement)) is told


@pytest.mark.parametrize(
    ("name", "when", "now", "muted"),
    [
        pytest.param("atv-101", "Mo-Fr 07:00-22:00", "2026-11-24T19:00", False, id="longer than the room"),
        pytest.param("beamer-101", "Mo 10:00-12:00", "2026-11-24T10:00", True, id="shorter"),
        pytest.param("beamer-101", "Mo 10:00-12:00", "2026-11-23T10:00", False, id="within"),
    ],
)
def test_own_hours_win_over_those_of_the_room(name: str, when: str, now: str, *, muted: bool) -> None:
    section = "devices" if name in INVENTORY["devices"] else "projectors"
    things = {**INVENTORY[section], name: {**INVENTORY[section][name], "when": when}}
    days, moment = Days({**INVENTORY, section: things}), at(now)
    if section == "devices":
        finding = only(days.look(moment, silent(APPLE_TV, moment - 7200), polled(BEAMER), shown=says()), RULE)
    else:
        finding = only(days.look(moment, polled(APPLE_TV), polled(BEAMER), shown=says(errors="020000")), FAULTY)
    assert (muting(finding, days.excuses(), moment) is not None) is muted


WORK = {"match": {"device": "atv-101"}, "name": "swap", "start": "2026-11-24T08:00", "until": "2026-11-24T18:00"}
ACCEPTED = {"match": {"device": "atv-101"}, "reason": "ordered", "until": "2026-12-24"}


@pytest.mark.parametrize("alerting", [{"maintenance": [WORK]}, {"accept": [ACCEPTED]}], ids=["work", "accepted"])
def test_what_is_said_of_one_thing_holds_for_its_room_while_nothing_else_is_wrong(alerting: dict[str, Any]) -> None:
    printer = {"site": "schule", "room": "r101", "address": "192.0.2.7", "role": "printer"}
    days = Days({**INVENTORY, "devices": {**INVENTORY["devices"], "printer": printer}}, alerting=alerting)
    jobs = silent(APPLE_TV, LESSON - 3600), polled(BEAMER)
    for job, muted in ((polled("device:printer"), True), (silent("device:printer", LESSON - 3600), False)):
        finding = only(days.look(LESSON, *jobs, job, shown=says()))
        assert (muting(finding, days.excuses(), LESSON) is not None) is muted


@pytest.mark.parametrize(("clock", "muted"), [("07:29", True), ("07:31", True), ("07:59", True), ("08:00", False)])
def test_a_device_in_no_room_has_the_same_patience_when_the_hours_begin(clock: str, *, muted: bool) -> None:
    point = {"site": "schule", "address": "192.0.2.7", "role": "access_point"}
    days, now = Days({**INVENTORY, "devices": {"ap": point}}), at(f"2026-11-24T{clock}")
    finding = only(days.look(now, silent("device:ap", at("2026-11-23T18:00"))), "device_unreachable")
    assert (muting(finding, days.excuses(), now) is not None) is muted
