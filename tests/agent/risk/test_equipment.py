"""Class rooms and meeting rooms: one finding for each, and none for what sleeps or is not wanted."""

from __future__ import annotations

from dataclasses import replace

import pytest
from pydantic import SecretStr

from agent.alerts.muting import muting
from agent.contract import Alert, AlertState, JobState, Reason, Series, Severity, Subject
from tests.agent.risk.lessons import (
    APPLE_TV,
    BEAMER,
    FAULTY,
    INVENTORY,
    LESSON,
    NIGHT,
    ROOM,
    RULE,
    SWITCH,
    Days,
    at,
    equipment,
    found,
    is_open,
    only,
    polled,
    says,
    silent,
)
from tests.agent.risk.scene import failed, job, subject_of, unpolled


def test_all_is_well() -> None:
    judgement = Days().look(LESSON, polled(BEAMER), polled(APPLE_TV), shown=says())
    assert (found(judgement), is_open(judgement)) == ([], False)
    assert equipment(judgement) == {BEAMER: "up", APPLE_TV: "up"}


def test_a_room_has_one_finding_for_silence_and_one_for_faults() -> None:
    jobs = polled(BEAMER), silent(APPLE_TV, LESSON - 3600)
    judgement = Days().look(LESSON, *jobs, shown=says(errors="020000"))
    finding = only(judgement)
    assert finding.subject == ROOM
    assert finding.severity is Severity.WARNING
    assert finding.site == "schule"
    assert finding.summary == "Raum r101: Apple TV antwortet nicht"
    assert "Apple TV antwortet nicht (seit 24.11.2026 09:00)" in finding.evidence[0]
    faulty = only(judgement, FAULTY)
    assert (faulty.subject, faulty.severity, faulty.site) == (ROOM, Severity.WARNING, "schule")
    assert faulty.summary == "Raum r101: Beamer meldet Lampe defekt"
    assert {one.rule for one in judgement.findings} == {RULE, FAULTY}


def test_the_same_in_english() -> None:
    jobs = polled(BEAMER), silent(APPLE_TV, LESSON - 3600)
    judgement = Days(language="en").look(LESSON, *jobs, shown=says(errors="020010"))
    assert only(judgement).summary == "Room r101: Apple TV does not answer"
    assert only(judgement, FAULTY).summary == "Room r101: projector reports lamp failed"


def test_silence_is_borne_for_a_while() -> None:
    days = Days()
    for minutes, told in ((29, False), (30, True)):
        judgement = days.look(LESSON, polled(BEAMER), silent(APPLE_TV, LESSON - 60 * minutes), shown=says())
        assert bool(found(judgement)) is told
        assert is_open(judgement) is not told
    impatient = Days(classroom_equipment={"silent_for": "1m"})
    assert found(impatient.look(LESSON, polled(BEAMER), silent(APPLE_TV, LESSON - 60), shown=says()))


@pytest.mark.parametrize(
    "now", [NIGHT, at("2026-11-28T10:00"), at("2027-08-04T10:00")], ids=["night", "weekend", "holidays"]
)
def test_silence_outside_the_hours_says_nothing(now: float) -> None:
    judgement = Days().look(now, polled(BEAMER), silent(APPLE_TV, now - 7200), shown=says())
    assert not found(judgement)
    assert is_open(judgement)
    assert equipment(judgement)[APPLE_TV] == "resting"


def test_what_is_switched_off_at_night_has_time_until_it_is_switched_on() -> None:
    days = Days()
    morning = at("2026-11-24T07:30")
    for minutes, told in ((1, False), (29, False), (30, True)):
        now = morning + 60 * minutes
        judgement = days.look(now, polled(BEAMER), silent(APPLE_TV, NIGHT - 86400 - 7200), shown=says())
        assert bool(found(judgement)) is told


def test_a_projector_asleep_is_not_broken() -> None:
    judgement = Days().look(LESSON, polled(BEAMER), polled(APPLE_TV), shown=says("standby", lamp_hours=0))
    assert not found(judgement)
    assert not is_open(judgement)
    assert equipment(judgement)[BEAMER] == "asleep"


def test_a_silent_projector_that_never_answered_in_standby_may_be_off() -> None:
    days = Days()
    days.look(LESSON - 7200, polled(BEAMER), polled(APPLE_TV), shown=says("on"))
    judgement = days.look(LESSON, silent(BEAMER, LESSON - 3600), polled(APPLE_TV))
    assert not found(judgement)
    assert is_open(judgement)
    assert equipment(judgement)[BEAMER] == "asleep"


def after_night(when: float) -> Days:
    """A projector that answered in standby at that moment."""
    days = Days()
    days.look(when, polled(BEAMER, when), polled(APPLE_TV), shown=says("standby"))
    return days


def test_a_silent_projector_that_answers_in_standby_at_night_is_missed() -> None:
    days = after_night(at("2026-11-24T03:00"))
    judgement = days.look(LESSON, silent(BEAMER, LESSON - 3600), polled(APPLE_TV))
    assert only(judgement).summary == "Raum r101: Beamer antwortet nicht"
    later = days.look(LESSON + 14 * 86400, silent(BEAMER, LESSON - 3600), polled(APPLE_TV))
    assert found(later), "it is still missed when that is long ago"


@pytest.mark.parametrize("standby", ["2026-11-24T07:28", "2026-11-23T16:20", "2026-11-23T15:00", "2026-11-16T03:00"])
def test_standby_by_day_or_of_long_ago_proves_nothing(standby: str) -> None:
    """Who is switched on at the wall passes through standby, and so does who is switched off there afterwards."""
    days = after_night(at(standby))
    assert not found(days.look(LESSON, silent(BEAMER, LESSON - 3600), polled(APPLE_TV)))


@pytest.mark.parametrize(("since", "told"), [("2026-11-24T05:30", True), ("2026-11-26T16:30", False)])
def test_who_falls_silent_in_the_evening_must_have_answered_the_night_before(since: str, *, told: bool) -> None:
    days = after_night(at("2026-11-24T03:00"))
    now = at("2026-11-27T10:00")
    assert bool(found(days.look(now, silent(BEAMER, at(since)), polled(APPLE_TV)))) is told


def test_a_clock_that_was_a_year_ahead_proves_nothing() -> None:
    days = after_night(at("2027-11-24T03:00"))
    assert not found(days.look(LESSON, silent(BEAMER, LESSON - 3600), polled(APPLE_TV)))


def test_who_was_missed_before_a_restart_still_is() -> None:
    finding = only(after_night(at("2026-11-24T03:00")).look(LESSON, silent(BEAMER, LESSON - 3600), polled(APPLE_TV)))
    days = Days()
    days.books.equipment.recall([Alert("a1", finding, AlertState.FIRING, LESSON, LESSON)])
    assert only(days.look(LESSON + 60, silent(BEAMER, LESSON - 3600), polled(APPLE_TV))).about == (subject_of(BEAMER),)


def test_a_projector_that_refuses_the_password_needs_no_standby() -> None:
    judgement = Days().look(LESSON, silent(BEAMER, LESSON - 3600, Reason.AUTH), polled(APPLE_TV))
    assert only(judgement).summary == "Raum r101: Beamer verlangt ein Kennwort, es ist keines hinterlegt"
    days, wrong = Days(), {"password": SecretStr("wrong")}
    beamers = {"beamer-101": days.inventory.projectors["beamer-101"].model_copy(update=wrong)}
    days.inventory = days.inventory.model_copy(update={"projectors": beamers})
    refused = days.look(LESSON, silent(BEAMER, LESSON - 3600, Reason.AUTH), polled(APPLE_TV))
    assert only(refused).summary == "Raum r101: Beamer lehnt das Kennwort ab"
    garbled = Days().look(LESSON, silent(BEAMER, LESSON - 3600, Reason.BAD_REPLY), polled(APPLE_TV))
    assert only(garbled).summary == "Raum r101: Beamer antwortet unverständlich"


def test_a_fault_that_is_not_told_in_standby_is_not_known_to_be_gone() -> None:
    days = Days()
    assert found(days.look(LESSON, polled(BEAMER), polled(APPLE_TV), shown=says(errors="020000")), FAULTY)
    asleep = days.look(LESSON + 60, polled(BEAMER), polled(APPLE_TV), shown=says("standby", errors=""))
    assert not found(asleep, FAULTY)
    assert is_open(asleep, rule=FAULTY)
    assert not is_open(asleep)


@pytest.mark.parametrize("beamer", [None, unpolled(BEAMER, "projector"), failed(BEAMER, "projector", failures=1)])
def test_what_is_not_known_is_not_good(beamer: JobState | None) -> None:
    judgement = Days().look(LESSON, polled(APPLE_TV), *(() if beamer is None else (beamer,)))
    assert not found(judgement)
    assert is_open(judgement)
    assert equipment(judgement)[BEAMER] == "unknown"


def test_a_switch_that_takes_rooms_along_speaks_for_them() -> None:
    jobs = silent(SWITCH, LESSON - 3600), silent(APPLE_TV, LESSON - 3500), polled(BEAMER)
    finding = only(Days().look(LESSON, *jobs, shown=says()))
    assert finding.cause == Subject("device", "sw-schule")
    assert finding.summary == "Raum r101: Apple TV antwortet nicht (wegen: sw-schule ist gestört)"


@pytest.mark.parametrize(
    ("fell", "silent_since"),
    [
        pytest.param(LESSON - 1800, LESSON - 3500, id="much later"),
        pytest.param(LESSON - 3 * 86400, LESSON - 3500, id="days before, and the room went on answering"),
    ],
)
def test_what_the_switch_does_not_explain_is_told(fell: float, silent_since: float) -> None:
    jobs = silent(SWITCH, fell), silent(APPLE_TV, silent_since), polled(BEAMER)
    assert only(Days().look(LESSON, *jobs, shown=says())).cause is None


def test_a_switch_that_falls_at_night_explains_what_was_off_by_then() -> None:
    jobs = silent(SWITCH, at("2026-11-23T22:00")), silent(APPLE_TV, at("2026-11-23T18:00")), polled(BEAMER)
    assert only(Days().look(LESSON, *jobs, shown=says())).cause == Subject("device", "sw-schule")


def test_when_the_switch_is_back_everything_behind_it_is_asked_again_and_given_time() -> None:
    days = Days()
    gone = silent(APPLE_TV, LESSON - 3500)
    assert found(days.look(LESSON, silent(SWITCH, LESSON - 3600), gone, polled(BEAMER), shown=says()))
    for minutes, told in ((1, False), (30, False), (31, True)):
        now = LESSON + 60 * minutes
        judgement = days.look(now, polled(SWITCH), replace(gone, last_attempt=LESSON), polled(BEAMER), shown=says())
        assert bool(found(judgement)) is told
        assert is_open(judgement) is not told
        assert gone.key in judgement.repoll


def test_a_site_that_is_cut_off_is_the_cause_of_all() -> None:
    devices = {**INVENTORY["devices"], "sw-rathaus": {"site": "rathaus", "address": "192.0.2.8", "role": "switch"}}
    links = {"glas": {"kind": "fibre", "ends": ["sw-rathaus/1", "sw-schule/1"]}}
    port = {"ifName": "1", "ifDescr": "1", "ifAlias": "", "ifIndex": "1"}
    down = {
        "ifOperStatus": [Series(Subject("device", "sw-rathaus"), "rathaus", port, 2.0, LESSON)],
        "ifAdminStatus": [Series(Subject("device", "sw-rathaus"), "rathaus", port, 1.0, LESSON)],
    }
    jobs = silent(SWITCH, LESSON - 3600), silent(APPLE_TV, LESSON - 3600), polled("device:sw-rathaus")
    days = Days({**INVENTORY, "devices": devices, "links": links})
    judgement = [days.look(LESSON + second, *jobs, shown=down) for second in range(0, 60, 10)][-1]
    assert found(judgement, "site_isolated")
    finding = only(judgement)
    assert finding.cause == Subject("site", "schule")
    assert finding.summary.count("(wegen") == 1


def test_a_device_is_told_with_its_room_only() -> None:
    days = Days()
    jobs = silent(APPLE_TV, LESSON - 60), silent(SWITCH, LESSON - 60), polled(BEAMER)
    judgement = days.look(LESSON, *jobs, shown=says())
    assert [one.subject.id for one in found(judgement, "device_unreachable")] == ["sw-schule"]


def test_what_a_projector_leaves_out_tells_nobody() -> None:
    beamer = job(BEAMER, "projector", partial=("LAMP: not now (ERR3)",))
    assert not Days().look(LESSON, beamer, polled(APPLE_TV), shown=says()).findings


def test_a_projector_that_matters_always_stands_for_itself() -> None:
    beamer = {"beamer-101": {**INVENTORY["projectors"]["beamer-101"], "when": "always"}}
    days = Days({**INVENTORY, "projectors": beamer})
    judgement = days.look(NIGHT, polled(BEAMER), silent(APPLE_TV, NIGHT - 7200), shown=says(errors="200000"))
    assert only(judgement, FAULTY).subject == subject_of(BEAMER)
    assert muting(only(judgement, FAULTY), days.excuses(), NIGHT) is None


def test_a_projector_that_hangs_in_no_room_stands_for_itself() -> None:
    loose = {**INVENTORY, "projectors": {"mobil": {"site": "schule", "address": "192.0.2.9", "name": "Beamerwagen"}}}
    name = "projector:mobil"
    judgement = Days(loose).look(LESSON, polled(name), polled(APPLE_TV), shown=says(errors="200000", subject=name))
    finding = only(judgement, FAULTY)
    assert finding.subject == Subject("projector", "mobil")
    assert finding.summary == "Beamerwagen meldet Lüfter defekt"


def test_lamps_and_filters_are_one_finding_for_a_site() -> None:
    days = Days()
    judgement = days.look(LESSON, polled(BEAMER), polled(APPLE_TV), shown=says(errors="000010", lamp_hours=3120))
    finding = only(judgement, "projector_service_due")
    assert finding.subject == Subject("site", "schule")
    assert finding.severity is Severity.INFO
    assert finding.summary == "Gesamtschule: Beamer zu warten: Raum r101, Beamer (Lampe 3120 h, Filter reinigen)"
    assert not found(judgement, FAULTY)
    asleep = days.look(NIGHT, silent(BEAMER, LESSON + 7200), polled(APPLE_TV))
    assert only(asleep, "projector_service_due").summary == finding.summary


def test_of_two_lamps_the_number_is_told() -> None:
    lamps, name = says(lamp_hours=3120), "ringwacht_projector_lamp_seconds_total"
    lamps[name].append(lamps[name][0]._replace(labels={"lamp": "2"}))
    judgement = Days().look(LESSON, polled(BEAMER), polled(APPLE_TV), shown=lamps)
    assert "Lampe 1: 3120 h, Lampe 2: 3120 h" in only(judgement, "projector_service_due").summary


def test_a_laser_lasts_longer() -> None:
    laser = {**INVENTORY["projectors"]["beamer-101"], "lamp_life": "20000h"}
    days = Days({**INVENTORY, "projectors": {"beamer-101": laser}})
    assert not found(days.look(LESSON, polled(BEAMER), shown=says(lamp_hours=19_000)), "projector_service_due")


def test_service_is_not_known_before_a_projector_has_spoken() -> None:
    unheard = Days().look(LESSON, silent(BEAMER, LESSON - 3600))
    assert is_open(unheard, Subject("site", "schule"), "projector_service_due")


def test_an_empty_room_is_listed_and_says_nothing() -> None:
    judgement = Days().look(LESSON, polled(BEAMER), polled(APPLE_TV), shown=says())
    assert judgement.estate is not None
    (aula,) = (room for room in judgement.estate.classrooms if room.room == "aula")
    assert (aula.name, aula.equipment, aula.wanted) == ("Aula", (), True)


def test_things_are_counted_by_site_and_state() -> None:
    judgement = Days().look(LESSON, polled(BEAMER), silent(APPLE_TV, LESSON - 3600), shown=says())
    counts = {one.labels[1]: one.value for one in judgement.measures if one.family.name.endswith("_equipment_things")}
    assert (counts["up"], counts["down"], counts["asleep"]) == (1, 1, 0)
