from __future__ import annotations

import pytest

from agent.contract import Severity
from agent.risk.catalogue.servers import CLOCK_OFFSET, CLOCK_UNSYNCHRONISED
from tests.agent.risk.scene import Scene, failed, job, the

INVENTORY = {
    "services": {"zeit": {"name": "Zeitserver", "ntp": "192.0.2.5", "site": "rathaus"}},
    "devices": {name: {"site": "rathaus", "address": "192.0.2.1"} for name in ("dc-1", "dc-2", "srv")},
}
OFFSET, RTT = "probe_ntp_offset_seconds", "probe_ntp_rtt_seconds"
TIMEX, SYNC, MAXERROR = "node_timex_offset_seconds", "node_timex_sync_status", "node_timex_maxerror_seconds"


def scene(language: str = "en", **options: str) -> Scene:
    return Scene(INVENTORY, {"alerting": {"rules": {CLOCK_OFFSET: options}}}, language)


def probed(made: Scene, offset: float, rtt: float = 0.0, subject: str = "device:dc-1") -> Scene:
    return made.shows(OFFSET, subject, offset).shows(RTT, subject, rtt).jobs(job(subject, "ntp"))


@pytest.mark.parametrize("sign", [1, -1])
@pytest.mark.parametrize(
    ("offset", "rtt", "severity"),
    [
        (0.49, 0.0, None),
        (0.5, 0.0, Severity.WARNING),
        (59.9, 0.0, Severity.WARNING),
        (60.0, 0.0, Severity.CRITICAL),
        (0.8, 0.7, None),  # 0.45 s for certain
        (60.2, 1.0, Severity.WARNING),
        (0.2, 5.0, None),
    ],
)
def test_limits_after_the_doubt_is_taken_off(sign: int, offset: float, rtt: float, severity: Severity | None) -> None:
    found = probed(scene(), sign * offset, rtt).finding(CLOCK_OFFSET)
    assert (None if found is None else found.severity) == severity


def test_limits_can_be_set() -> None:
    made = probed(scene(warning="10ms", critical="20ms"), 0.015)
    assert the(made.finding(CLOCK_OFFSET)).severity is Severity.WARNING


@pytest.mark.parametrize(
    ("offset", "english", "german"),
    [
        (0.6123, "dc-1 is 612 ms ahead of Ringwacht's", "dc-1 geht gegenüber der von Ringwacht 612 ms vor"),
        (-2.5, "dc-1 is 2.5 s behind Ringwacht's", "dc-1 geht gegenüber der von Ringwacht 2,5 s nach"),
        (-3600, "dc-1 is 60 min behind Ringwacht's", "dc-1 geht gegenüber der von Ringwacht 60 min nach"),
    ],
)
def test_it_says_which_way(offset: float, english: str, german: str) -> None:
    found = the(probed(scene(), offset, 0.008).finding(CLOCK_OFFSET))
    assert found.summary == f"clock of {english}"
    assert found.evidence == (f"offset {offset:+.3f} s, give or take 0.004 s",)
    assert (found.site, found.norm) == ("rathaus", "BSI NET.1.2.A8")
    assert the(probed(scene("de"), offset).finding(CLOCK_OFFSET)).summary == f"Uhr von {german}"


def test_a_service_is_called_by_its_name() -> None:
    found = the(probed(scene(), 5.0, subject="service:zeit").finding(CLOCK_OFFSET))
    assert found.summary == "clock of Zeitserver is 5.0 s ahead of Ringwacht's"


def test_a_system_that_says_so_itself() -> None:
    made = scene().shows(TIMEX, "device:srv", -0.5).shows(SYNC, "device:srv", 1)
    assert the(made.finding(CLOCK_OFFSET)).summary == "clock of srv is 500 ms off its source of time"


def test_without_a_source_there_is_no_offset_from_it() -> None:
    made = scene().shows(TIMEX, "device:srv", -0.5).shows(SYNC, "device:srv", 0)
    assert made.finding(CLOCK_OFFSET) is None


def test_of_two_measurements_the_worse_counts() -> None:
    made = probed(scene(), 70.0).shows(TIMEX, "device:dc-1", 0.5)
    assert the(made.finding(CLOCK_OFFSET)).severity is Severity.CRITICAL


@pytest.mark.parametrize(("second", "suspect"), [(6.0, True), (-6.0, False), (0.1, False)])
def test_all_off_in_one_direction_points_to_our_own_clock(second: float, suspect: bool) -> None:
    made = probed(probed(scene(), 5.0), second, subject="device:dc-2")
    found = [one for one in made.judge().findings if one.rule == CLOCK_OFFSET and one.subject.id == "dc-1"]
    assert ("all 2 clocks that were asked are off in the same direction" in found[0].evidence[-1]) is suspect


def test_a_clock_that_cannot_be_asked_is_unverified() -> None:
    made = scene().jobs(failed("device:dc-1", "ntp"), failed("service:zeit", "ntp"))
    assert made.unverified(CLOCK_OFFSET, "device:dc-1")
    assert made.unverified(CLOCK_OFFSET, "service:zeit")
    assert made.unverified(CLOCK_UNSYNCHRONISED, "device:dc-1")
    assert not probed(scene(), 0.0).unverified(CLOCK_OFFSET, "device:dc-1")


@pytest.mark.parametrize(
    ("sync", "error", "found"), [(0, 16.0, True), (0, 15.9, False), (1, 16.0, False), (0, None, False)]
)
def test_a_clock_that_nobody_keeps(sync: float, error: float | None, found: bool) -> None:
    made = scene().shows(SYNC, "device:srv", sync)
    if error is not None:
        made.shows(MAXERROR, "device:srv", error)
    assert (made.finding(CLOCK_UNSYNCHRONISED) is not None) is found
    if found:
        assert the(made.finding(CLOCK_UNSYNCHRONISED)).summary == "clock of srv is not kept by any source of time"
