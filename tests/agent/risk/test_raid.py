from __future__ import annotations

import math

import pytest

from agent.contract import Severity
from agent.risk.catalogue.servers import RAID_DEGRADED
from tests.agent.risk.scene import Scene, failed, job, the

SERVER = "device:srv"


def array(made: Scene, name: str, required: float, **disks: float) -> Scene:
    made.shows("node_md_disks_required", SERVER, required, device=name)
    for state, count in disks.items():
        made.shows("node_md_disks", SERVER, count, device=name, state=state)
    return made


def scene(language: str = "en", **options: object) -> Scene:
    return Scene(settings={"alerting": {"rules": {RAID_DEGRADED: options}}}, language=language).jobs(
        job(SERVER, "host")
    )


def test_a_disk_that_is_gone_is_not_among_the_failed() -> None:
    """``md0 : active raid1 sda1[0]`` and ``[2/1] [U_]`` in /proc/mdstat."""
    found = the(array(scene(), "md0", 2, active=1, failed=0, spare=0).finding(RAID_DEGRADED))
    assert (found.severity, found.site) == (Severity.CRITICAL, "rathaus")
    assert found.summary == "srv: RAID md0 lacks 1 of 2 disks"
    assert found.evidence == ("md0: 1 of 2 disks active",)


@pytest.mark.parametrize("disks", [{"active": 2}, {"active": 2, "failed": 0, "spare": 1}, {"active": 3}])
def test_an_array_with_all_its_disks_is_good(disks: dict[str, float]) -> None:
    made = array(scene(), "md0", 2, **disks)
    assert made.finding(RAID_DEGRADED) is None
    assert not made.unverified(RAID_DEGRADED, SERVER)


def test_all_arrays_of_a_server_are_one_finding_the_worst_first() -> None:
    made = array(array(array(scene("de"), "md1", 2, active=1), "md0", 6, active=4), "md2", 2, active=2)
    found = the(made.finding(RAID_DEGRADED))
    assert found.summary == "srv: RAID md0 fehlen 2 von 6 Platten (und 1 weitere)"
    assert found.evidence == ("md0: 4 von 6 Platten in Betrieb", "md1: 1 von 2 Platten in Betrieb")


@pytest.mark.parametrize("active", [{}, {"failed": 1.0}, {"active": math.inf}])
def test_an_array_that_does_not_say_is_unverified(active: dict[str, float]) -> None:
    made = array(array(scene(), "md0", 2, active=2), "md1", math.inf, **active)
    assert made.finding(RAID_DEGRADED) is None
    assert made.unverified(RAID_DEGRADED, SERVER)


def test_a_server_that_is_not_fully_read_is_unverified() -> None:
    made = array(Scene(), "md0", 2, active=2).jobs(job(SERVER, "host", partial=("md",)))
    assert made.unverified(RAID_DEGRADED, SERVER)
    assert Scene().jobs(failed(SERVER, "host")).unverified(RAID_DEGRADED, SERVER)
    assert not Scene().jobs(job(SERVER, "host")).unverified(RAID_DEGRADED, SERVER)


def test_the_severity_can_be_set() -> None:
    made = array(scene(severity="warning"), "md0", 2, active=1)
    assert the(made.finding(RAID_DEGRADED)).severity is Severity.WARNING
