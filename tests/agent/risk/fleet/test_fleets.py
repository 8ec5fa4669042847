"""Fleets as they are judged: stock, silence, need, and nothing of it out of hours."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from agent.contract import Finding, FindingKey, Judgement, Subject
from agent.estate import FleetState, Managed, Need
from agent.risk.fleet import gathering
from agent.risk.fleet.managed import Tally
from agent.risk.fleet.stock import Batch
from agent.risk.fleets import FleetBook
from config.assets import Asset
from config.units import DAY
from tests.agent.risk.fleet.managing import (
    FRIDAY,
    SATURDAY,
    TABLETS,
    local,
    register,
    says,
    school,
    sight_of,
    tablets,
)
from tests.agent.risk.scene import Scene, judge

FLEET = Subject("fleet", "tablets")
LATE = FRIDAY - 60 * DAY


def at(scene: Scene, now: float = FRIDAY) -> Judgement:
    return judge(scene.inventory, scene.settings, scene.view(now), scene.windows())


def found(judgement: Judgement) -> dict[str, Finding]:
    rules = ("fleet_", "replacement_", "support_")
    return {one.rule: one for one in judgement.findings if one.rule.startswith(rules)}


def figures(judgement: Judgement, name: str) -> dict[tuple[str, ...], float]:
    return {one.labels: one.value for one in judgement.measures if one.family.name == name}


def state(judgement: Judgement) -> FleetState:
    assert judgement.estate is not None
    return judgement.estate.fleets["tablets"]


def test_the_stock_of_a_fleet_by_register_management_and_plan() -> None:
    scene = school({"tablets": {**TABLETS, "plan": {2026: 20}}}, assets=(register(18, date(2023, 8, 1)),))
    judgement = at(scene.jobs(says(tablets(20))))
    assert figures(judgement, "ringwacht_fleet_stock_devices") == {
        ("afg", "tablets", "tablet", "registered"): 18,
        ("afg", "tablets", "tablet", "managed"): 20,
        ("afg", "tablets", "tablet", "planned"): 20,
    }
    assert figures(judgement, "ringwacht_fleet_age_devices") == {("afg", "tablets", "tablet", "3"): 18}
    assert figures(judgement, "ringwacht_fleet_replacement_cost") == {("afg", "tablets", "tablet", "2028"): 8640}
    needs = (Need(2028, 18, 8640.0),)
    assert state(judgement) == FleetState("tablets", 18, 20, 20, {2023: 18}, needs, 0, {3: 18}, below_plan=False)
    assert found(judgement) == {}


def test_retired_devices_and_those_of_other_places_are_no_stock() -> None:
    files = (register(3), register(4, status="retired"), register(5, site="rathaus"), register(6, kind="pc"))
    assert state(at(school(assets=files))).registered == 3


def test_of_two_fleets_of_one_kind_at_one_site_none_is_told_apart() -> None:
    scene = school({"tablets": TABLETS, "loaned": TABLETS}, assets=(register(9),)).jobs(says(tablets(9)))
    assert (state(at(scene)).registered, state(at(scene)).managed) == (None, None)


def test_of_two_fleets_that_nothing_tells_apart_nothing_is_known_to_be_well() -> None:
    both = {**TABLETS, "plan": {2026: 20}}
    judgement = at(school({"tablets": both, "loaned": both}).jobs(says(tablets(9, checked_in_at=LATE))))
    rules = ("fleet_silent", "fleet_noncompliant", "fleet_storage_low", "fleet_below_plan")
    assert judgement.unverified >= {FindingKey(rule, FLEET) for rule in rules}
    assert found(judgement).keys() <= {"replacement_due"}


def test_counts_of_a_management_by_what_it_says() -> None:
    devices = [*tablets(20), *tablets(6, os_version="17.7"), *tablets(2, os_version="16.0"), *tablets(9, model="B")]
    judgement = at(school().jobs(says(devices)))
    assert figures(judgement, "ringwacht_fleet_devices") == {("afg", "tablets", "tablet"): 37}
    assert figures(judgement, "ringwacht_fleet_devices_by_os") == {
        ("afg", "tablets", "tablet", "iPadOS", "18.1"): 29,
        ("afg", "tablets", "tablet", "iPadOS", "other"): 8,
    }
    assert figures(judgement, "ringwacht_fleet_devices_by_model") == {
        ("afg", "tablets", "tablet", "A"): 28,
        ("afg", "tablets", "tablet", "B"): 9,
    }


def test_a_fleet_that_has_been_silent_over_many_days_of_school() -> None:
    scene = school().jobs(says([*tablets(15), *tablets(7, checked_in_at=LATE)]))
    one = found(at(scene))["fleet_silent"]
    assert one.summary == "tablets: 7 von 22 Geräten haben sich seit mehr als 14 Schultagen nicht gemeldet (32 %)"
    assert (one.subject, one.severity, one.site) == (FLEET, "warning", "afg")
    assert state(at(scene)).late == 7


def test_fewer_than_the_smallest_group_are_never_told() -> None:
    scene = school().jobs(says([*tablets(4), *tablets(4, checked_in_at=LATE)]))
    assert found(at(scene)) == {}
    assert state(at(scene)).late is None
    assert figures(at(scene), "ringwacht_fleet_late_devices") == {}


def test_holidays_make_no_device_late() -> None:
    """Seen last on 22 December 2026: since then six days of school, the Christmas holidays left out."""
    devices = says(tablets(20, checked_in_at=local("2026-12-22T10:00")))
    wide, narrow = ({"alerting": {"rules": {"fleet_silent": {"days": days}}}} for days in (6, 5))
    assert found(at(school().jobs(devices))) == {}
    assert found(at(school(settings=wide).jobs(devices))) == {}
    assert "fleet_silent" in found(at(school(settings=narrow).jobs(devices)))


def test_nothing_is_told_on_a_day_without_school_and_nothing_is_over() -> None:
    scene = school().jobs(says(tablets(22, checked_in_at=LATE)))
    for now in (SATURDAY, local("2027-01-15T22:00"), local("2026-12-28T10:00")):
        judgement = at(scene, now)
        assert found(judgement) == {}
        assert FindingKey("fleet_silent", FLEET) in judgement.unverified
    assert "fleet_silent" in found(at(scene))


def test_a_management_that_says_nothing_is_not_known_to_be_well() -> None:
    scene = school({"tablets": {**TABLETS, "plan": {2026: 20}}}, assets=(register(2),))
    judgement = at(scene)
    assert found(judgement) == {}
    rules = ("fleet_silent", "fleet_noncompliant", "fleet_storage_low", "fleet_below_plan")
    assert judgement.unverified >= {FindingKey(rule, FLEET) for rule in rules}
    assert state(judgement).managed is None


def test_where_most_never_say_when_they_checked_in_nothing_is_judged() -> None:
    judgement = at(school().jobs(says([*tablets(15, checked_in_at=None), *tablets(6, checked_in_at=LATE)])))
    assert found(judgement) == {}
    assert FindingKey("fleet_silent", FLEET) in judgement.unverified


@pytest.mark.parametrize(
    ("rule", "said", "summary"),
    [
        (
            "fleet_noncompliant",
            {"compliance": "noncompliant"},
            "halten eine Vorgabe der Geräteverwaltung nicht ein (38 %)",
        ),
        ("fleet_storage_low", {"storage_free_ratio": 0.05}, "haben kaum noch Speicher frei (38 %)"),
    ],
)
def test_a_share_of_those_that_say(rule: str, said: dict[str, Any], summary: str) -> None:
    well = {"compliance": "compliant", "storage_free_ratio": 0.5}
    one = found(at(school().jobs(says([*tablets(10, **well), *tablets(6, **{**said}), *tablets(30)]))))[rule]
    assert one.summary == f"tablets: 6 von 16 Geräten {summary}"
    assert one.severity == "info"


def test_a_fleet_below_its_plan() -> None:
    scene = school({"tablets": {**TABLETS, "plan": {2024: 40}}}, assets=(register(35),)).jobs(says(tablets(20)))
    one = found(at(scene))["fleet_below_plan"]
    assert one.summary == "tablets: nur 35 von 40 geplanten Geräten vorhanden"
    assert one.evidence == ("im Bestand eingetragen: 35", "in der Geräteverwaltung: 20")
    assert state(at(scene)).below_plan is True
    enough = school({"tablets": {**TABLETS, "plan": {2024: 40}}}, assets=(register(35),)).jobs(says(tablets(36)))
    assert found(at(enough)) == {}
    assert state(at(enough)).below_plan is False


def test_what_a_site_has_to_replace_this_year() -> None:
    one = found(at(school(assets=(register(3, date(2019, 5, 1)), register(2, date(2022, 1, 2))))))["replacement_due"]
    assert one.summary == "Anne-Frank-Gesamtschule: Ersatzbedarf 2027, Geräte: 5"
    assert one.evidence == ("tablets: 5, Kosten 2.400",)
    assert (one.subject, one.site) == (Subject("group", "replacement/afg/2027"), "afg")


def test_the_need_of_a_year_is_over_with_it() -> None:
    judgement = at(school(assets=(register(5, date(2019, 5, 1)),)), local("2028-01-01T10:00"))
    assert found(judgement) == {}
    old, new = (Subject("group", f"replacement/afg/{year}") for year in (2027, 2028))
    assert FindingKey("replacement_due", old) not in judgement.unverified
    assert FindingKey("replacement_due", new) in judgement.unverified


def test_a_plan_is_that_of_the_end_of_a_year() -> None:
    growing, shrinking = ({**TABLETS, "plan": {2026: one, 2027: other}} for one, other in ((45, 60), (60, 45)))
    for fleet in (growing, shrinking):
        assert found(at(school({"tablets": fleet}).jobs(says(tablets(45))))) == {}
        assert "fleet_below_plan" in found(at(school({"tablets": fleet}).jobs(says(tablets(30)))))
    first = {**TABLETS, "plan": {2027: 60}}
    assert found(at(school({"tablets": first}).jobs(says(tablets(1))))) == {}


def test_what_came_in_part_is_not_judged() -> None:
    late = says(tablets(200, checked_in_at=LATE, compliance="noncompliant", storage_free_ratio=0.01))
    assert late.reading is not None
    assert late.reading.harvest is not None
    part = replace(late, reading=replace(late.reading, harvest=replace(late.reading.harvest, partial=("page 3 of 5",))))
    scene = school({"tablets": {**TABLETS, "plan": {2026: 450}}})
    assert set(found(at(scene.jobs(late)))) == {
        *("fleet_silent", "fleet_noncompliant", "fleet_storage_low", "fleet_below_plan"),
    }
    judgement = at(scene.jobs(part))
    assert found(judgement) == {}
    rules = ("fleet_silent", "fleet_noncompliant", "fleet_storage_low", "fleet_below_plan")
    assert judgement.unverified >= {FindingKey(rule, FLEET) for rule in rules}
    assert (state(judgement).managed, state(judgement).below_plan) == (None, None)


def test_devices_that_were_removed_are_neither_stock_nor_late() -> None:
    gone = tablets(40, enrolment="removed", checked_in_at=LATE, compliance="noncompliant")
    judgement = at(school({"tablets": {**TABLETS, "plan": {2026: 100}}}).jobs(says([*tablets(60), *gone])))
    assert set(found(judgement)) == {"fleet_below_plan"}
    assert (state(judgement).managed, state(judgement).late) == (60, 0)


def test_a_check_in_of_the_future_says_nothing() -> None:
    judgement = at(school().jobs(says(tablets(20, checked_in_at=FRIDAY + 90 * DAY))))
    assert FindingKey("fleet_silent", FLEET) in judgement.unverified


def test_what_did_not_change_is_not_counted_again(monkeypatch: pytest.MonkeyPatch) -> None:
    counts = Counter[str]()
    take, batch = Tally.take, gathering._batch  # pyright: ignore[reportPrivateUsage]

    def taken(self: Tally, device: Managed, site: str, read_at: float) -> None:
        counts["devices"] += 1
        take(self, device, site, read_at)

    def counted(asset: Asset, *, priced: bool) -> Batch:
        counts["rows"] += 1
        return batch(asset, priced=priced)

    monkeypatch.setattr(Tally, "take", taken)
    monkeypatch.setattr(gathering, "_batch", counted)
    scene, book = school(assets=(register(30, date(2025, 1, 1)),)).jobs(says(tablets(20))), FleetBook()
    first, second = ([one for one in book.look(sight_of(scene, FRIDAY + later)) if one] for later in (0.0, 60.0))
    assert first == second
    assert counts == {"devices": 20, "rows": 30}
    list(book.look(sight_of(scene.jobs(says(tablets(21))), FRIDAY)))
    assert (counts["devices"] > 20, counts["rows"]) == (True, 30)


def test_without_fleets_nothing_is_judged() -> None:
    judgement = at(Scene())
    assert found(judgement) == {}
    assert judgement.estate is not None
    assert judgement.estate.fleets == {}
