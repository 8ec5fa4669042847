"""Who is silent: one cause is one alert, and only days that are known to be days of school count."""

from __future__ import annotations

from typing import Any

import pytest

from agent.contract import Finding, FindingKey, Judgement, Subject
from config.units import DAY
from tests.agent.risk.fleet.managing import (
    FRIDAY,
    SATURDAY,
    SITES,
    SOURCES,
    TABLETS,
    local,
    says,
    school,
    tablets,
)
from tests.agent.risk.scene import Scene, judge

FLEET = Subject("fleet", "tablets")
LATE = FRIDAY - 60 * DAY


def at(scene: Scene, now: float = FRIDAY) -> Judgement:
    return judge(scene.inventory, scene.settings, scene.view(now), scene.windows())


def found(judgement: Judgement) -> dict[str, Finding]:
    return {one.rule: one for one in judgement.findings if one.rule.startswith("fleet_")}


def silent_schools(silent: int, **settings: Any) -> Scene:
    """Return ten schools of one management; of so many all tablets are silent."""
    sites = {f"s{number}": {"kind": "school", "name": f"Schule {number}"} for number in range(10)}
    fleets = {f"t{number}": {**TABLETS, "site": f"s{number}"} for number in range(10)}
    moments = [LATE if number < silent else FRIDAY - 60 for number in range(10)]
    devices = [one for number, seen in enumerate(moments) for one in tablets(9, site=f"s{number}", checked_in_at=seen)]
    return school(fleets, settings=settings or None, sites={**SITES, **sites}).jobs(says(devices))


def test_one_cause_is_one_alert() -> None:
    source = Subject("source", "jamf")
    judgement = at(silent_schools(9))
    (one,) = (finding for finding in judgement.findings if finding.rule == "fleet_silent")
    assert (one.subject, one.site) == (source, "afg")
    assert one.summary == "jamf: In 9 von 10 Gerätegruppen haben sich viele Geräte lange nicht gemeldet"
    assert FindingKey("fleet_silent", Subject("fleet", "t0")) in judgement.unverified
    some = [finding.subject.id for finding in at(silent_schools(3)).findings if finding.rule == "fleet_silent"]
    assert some == ["t0", "t1", "t2"]
    assert FindingKey("fleet_silent", source) in at(silent_schools(9), SATURDAY).unverified


@pytest.mark.parametrize(
    ("town", "now"),
    [({}, "2027-08-20T09:00"), ({"school_holidays": "DE-NW"}, "2031-08-14T09:00")],
    ids=["no holidays", "past the table"],
)
def test_where_days_of_school_are_not_known_nobody_is_late(town: dict[str, str], now: str) -> None:
    inventory = {"sites": SITES, "sources": SOURCES, "fleets": {"tablets": TABLETS}}
    scene = Scene(inventory, {"municipality": {"language": "de", **town}})
    judgement = at(scene.jobs(says(tablets(50, checked_in_at=local(now) - 35 * DAY))), local(now))
    assert found(judgement) == {}
    assert FindingKey("fleet_silent", FLEET) in judgement.unverified
    assert judgement.estate is not None
    assert judgement.estate.fleets["tablets"].late is None


def test_an_office_counts_working_days_without_school_holidays() -> None:
    office = {**TABLETS, "site": "rathaus"}
    scene = Scene(
        {"sites": SITES, "sources": SOURCES, "fleets": {"tablets": office}}, {"municipality": {"language": "de"}}
    )
    one = found(at(scene.jobs(says(tablets(9, site="rathaus", checked_in_at=LATE)))))["fleet_silent"]
    assert one.summary == "tablets: 9 von 9 Geräten haben sich seit mehr als 14 Arbeitstagen nicht gemeldet (100 %)"
