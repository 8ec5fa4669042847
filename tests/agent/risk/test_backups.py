"""Is what a backup wrote about as much as it always was?"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pytest
from pydantic import SecretStr

from agent.contract import Finding, Severity
from agent.families import HEARTBEAT_AWAITED, HEARTBEAT_END, HEARTBEAT_GOOD, HEARTBEAT_SIZES, HEARTBEAT_SUCCESS
from agent.risk.catalogue.heartbeats import BACKUP_SIZE_CHANGED
from agent.risk.sizes import BECOMES_USUAL
from tests.agent.risk.scene import NOW, Scene, job, the

DAY, GIB = 86400.0, 2.0**30
SUBJECT = "service:backup"
INVENTORY: dict[str, Any] = {
    "devices": {"srv": {"site": "kreishaus", "address": "192.0.2.1"}},
    "services": {
        "backup": {"heartbeat": {"every": "24h", "token": SecretStr("0123456789abcdef")}, "site": "rathaus"},
    },
    "functions": {"f": {"primary": "srv", "standby": ["backup"]}},
}


def nightly(sizes: Sequence[float | None]) -> list[tuple[float, float | None]]:
    """One success a night, the last one an hour ago."""
    return [(NOW - 3600 - DAY * (len(sizes) - 1 - number), size) for number, size in enumerate(sizes)]


def backup(
    sizes: Sequence[float | None],
    *,
    language: str = "en",
    terms: Mapping[str, str] | None = None,
    **rule: Any,
) -> Scene:
    service = INVENTORY["services"]["backup"]
    heartbeat = {**service["heartbeat"], **(terms or {})}
    inventory = {**INVENTORY, "services": {"backup": {**service, "heartbeat": heartbeat}}}
    scene = Scene(inventory, {"alerting": {"rules": {BACKUP_SIZE_CHANGED: rule}}} if rule else None, language)
    success = NOW - 3600
    known = job(SUBJECT, "heartbeat", since=NOW - 30 * DAY)
    assert known.reading is not None
    assert known.reading.harvest is not None
    facts = {HEARTBEAT_SIZES: json.dumps(nightly(sizes))} if sizes else {}
    reading = replace(known.reading, harvest=replace(known.reading.harvest, facts=facts))
    scene.jobs(replace(known, reading=reading), job("device:srv"))
    scene.shows(HEARTBEAT_AWAITED.name, SUBJECT, NOW - 60 * DAY).shows(HEARTBEAT_SUCCESS.name, SUBJECT, success)
    return scene.shows(HEARTBEAT_END.name, SUBJECT, success).shows(HEARTBEAT_GOOD.name, SUBJECT, 1)


def legs(scene: Scene) -> list[tuple[str, str]]:
    """Return where the backup stands as a leg, and why."""
    house = scene.judge().house
    assert house is not None
    return [(one.state, one.detail) for one in house.functions["f"].standby]


def found(*sizes: float) -> Finding | None:
    return backup(sizes).finding(BACKUP_SIZE_CHANGED)


def test_less_than_half_of_the_usual_is_suspicious() -> None:
    finding = the(found(*[100 * GIB] * 7, 49 * GIB))
    assert (finding.severity, finding.site, finding.evidence) == (Severity.WARNING, "rathaus", ())
    assert finding.summary == "backup: the backup is suspiciously small: 49.0 GiB, usual are 100.0 GiB"
    assert found(*[100 * GIB] * 7, 51 * GIB) is None


def test_more_than_three_times_the_usual_is_suspicious() -> None:
    finding = the(backup([*[100 * GIB] * 7, 301 * GIB], language="de").finding(BACKUP_SIZE_CHANGED))
    assert finding.summary == "backup: die Sicherung ist auffällig groß: 301,0 GiB, üblich sind 100,0 GiB"
    assert found(*[100 * GIB] * 7, 299 * GIB) is None


def test_an_empty_one_says_so_and_needs_no_others() -> None:
    assert the(found(0)).summary == "backup: the backup is empty (0 B)"
    assert the(found(*[100 * GIB] * 7, GIB / 16)).summary == (
        "backup: the backup is as good as empty: 64.0 MiB, usual are 100.0 GiB"
    )


def test_an_empty_one_never_becomes_usual() -> None:
    assert found(*[100 * GIB] * 7, *[0] * 20) is not None


def test_with_fewer_than_five_others_nothing_is_usual() -> None:
    assert found(*[100 * GIB] * 4, GIB) is None
    assert found() is None


def test_the_next_good_one_clears_it() -> None:
    assert found(*[100 * GIB] * 7, 10 * GIB, 100 * GIB) is None


def test_a_new_size_is_the_rule_after_five_times() -> None:
    told = [found(*[100 * GIB] * 7, *[10 * GIB] * times) is not None for times in range(1, BECOMES_USUAL + 3)]
    assert told == [True] * (BECOMES_USUAL - 1) + [False] * 3


def test_a_weekly_full_backup_is_told_once_at_most() -> None:
    week = [5 * GIB] * 6
    assert found(*week, 100 * GIB) is not None
    assert found(*week, 100 * GIB, *week, 110 * GIB) is None


def test_that_it_was_too_small_once_does_not_excuse_the_second_time() -> None:
    assert found(*[100 * GIB] * 7, 10 * GIB, *[100 * GIB] * 7, 10 * GIB) is not None


def test_bounds_as_configured() -> None:
    sizes = [*[100 * GIB] * 7, 60 * GIB]
    assert backup(sizes, below="70%").finding(BACKUP_SIZE_CHANGED) is not None
    assert backup(sizes, below="50%").finding(BACKUP_SIZE_CHANGED) is None


def test_a_size_that_was_always_told_and_is_missing_is_told() -> None:
    finding = the(backup([*[100 * GIB] * 5, None], language="de").finding(BACKUP_SIZE_CHANGED))
    assert finding.summary == (
        "backup: Erfolg gemeldet ohne die Größe der Sicherung, die sonst immer dabei war (zuletzt 100,0 GiB)"
    )
    assert legs(backup([*[100 * GIB] * 5, None])) == [("degraded", "last success: 2027-01-15 08:00, without its size")]


def test_one_that_tells_its_size_now_and_then_is_not_judged_without() -> None:
    scene = backup([*[100 * GIB] * 3, None, *[100 * GIB] * 3, None])
    assert scene.finding(BACKUP_SIZE_CHANGED) is None
    assert scene.unverified(BACKUP_SIZE_CHANGED, SUBJECT)


def test_a_slow_shrink_stands_in_the_evidence_and_in_the_leg() -> None:
    sizes = [GIB * (100 - number) for number in range(20)]
    said = "over 19 days {} from about 100.4 GiB to 81.3 GiB"
    assert the(found(*sizes, 10 * GIB)).evidence == (
        "the usual size fell steadily, over 19 days from about 100.4 GiB to 81.3 GiB",
    )
    assert legs(backup(sizes)) == [("up", f"last success: 2027-01-15 08:00, 81.0 GiB; {said.format('shrunk')}")]


def test_what_shrinks_night_after_night_is_told_once_it_has_halved() -> None:
    def told(nights: int) -> Finding | None:
        return found(*(100 * GIB * 0.98**night for night in range(nights)))

    assert told(33) is None
    assert the(told(150)).summary == "backup: the backup has shrunk steadily, from about 98.0 GiB to 5.0 GiB"


def test_incremental_ones_may_vary_but_not_be_nothing() -> None:
    varying = {"sizes": "varying"}
    assert backup([*[100 * GIB] * 7, 100], terms=varying).finding(BACKUP_SIZE_CHANGED) is None
    assert backup([*[100 * GIB] * 7, 0], terms=varying).finding(BACKUP_SIZE_CHANGED) is not None
    assert backup([*[100 * GIB] * 7, None], terms=varying).finding(BACKUP_SIZE_CHANGED) is not None


def test_sizes_that_are_to_be_ignored_are() -> None:
    for sizes in ([*[100 * GIB] * 7, 0], [*[100 * GIB] * 7, None]):
        scene = backup(sizes, terms={"sizes": "ignored"})
        assert scene.finding(BACKUP_SIZE_CHANGED) is None
        assert not scene.unverified(BACKUP_SIZE_CHANGED, SUBJECT)
        assert legs(scene) == [("up", "last success: 2027-01-15 08:00")]


def test_a_backup_that_is_too_small_is_a_standby_with_restrictions() -> None:
    assert legs(backup([*[100 * GIB] * 7, 10 * GIB])) == [
        ("degraded", "last success: 2027-01-15 08:00, 10.0 GiB; usual are 100.0 GiB")
    ]


@pytest.mark.parametrize(("nights", "state"), [(1, "degraded"), (2, "degraded"), (3, "down"), (20, "down")])
def test_an_empty_backup_is_none_what_counts_is_the_age_of_the_last_one_that_was_not(nights: int, state: str) -> None:
    (leg,) = legs(backup([*[100 * GIB] * 7, *[0] * nights]))
    assert leg[0] == state
    day = f"2027-01-{15 - nights:02}" if nights < 15 else "2026-12-26"
    assert leg[1] == (
        f"last success: 2027-01-15 08:00, 0 B; usual are 100.0 GiB; the last one that was not empty: {day} 08:00"
    )


def test_an_empty_backup_without_another_before_it_is_down() -> None:
    assert legs(backup([0])) == [("down", "last success: 2027-01-15 08:00, 0 B; none before it that was not empty")]


def test_the_size_of_yesterday_is_not_told_of_a_run_that_said_none() -> None:
    (leg,) = legs(backup([*[100 * GIB] * 7, 0, None]))
    assert leg[0] == "degraded"
    assert leg[1].startswith("last success: 2027-01-15 08:00, without its size; ")
